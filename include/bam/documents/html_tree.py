"""Reading a page into a tree, and the small questions that are asked of its elements."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import cast

from lxml import etree, html

from bam.documents.text_builder import clean
from bam.model.errors import ConversionError

Element = etree._Element

_BLOCK_NAMES = """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul
"""
BLOCKS = frozenset(_BLOCK_NAMES.split())
HEADINGS = {f"h{level}": level for level in range(1, 7)}
_UNREAD_NAMES = """
    applet audio button canvas datalist dialog embed head iframe input link map marquee math menu meta nav noscript object option
    output progress script select style svg template textarea title video
"""
_UNREAD = frozenset(_UNREAD_NAMES.split())
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_NAME_PART = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_STRING = etree.XPath("string()")
_MAYBE_HIDDEN = etree.XPath(".//*[@hidden or @aria-hidden or @style]")
_NO_PARTS: frozenset[str] = frozenset()
MAX_DEPTH = 200


def parse_page(text: str, name: str = "") -> Element:
    """The tree of a page. Raises ConversionError where there is no element in it."""
    source = _XML_DECLARATION.sub("", text.replace("\x00", ""))
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = html.document_fromstring(source.encode("utf-8", errors="replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ConversionError("the page has no content", where=name, remedy="Check that the file is complete.") from error
    return root


def tag(element: Element | None) -> str:
    """The element's name; empty for comments and the like, and for no element."""
    return element.tag if element is not None and isinstance(element.tag, str) else ""


def unread_elements(body: Element) -> list[Element]:
    """The elements below whose text no reader sees as part of the page's content: scripts, controls, what is hidden."""
    found = list(body.iter(*_UNREAD))
    for element in cast(list[Element], _MAYBE_HIDDEN(body)):
        style = (element.get("style") or "").replace(" ", "").lower()
        is_styled_away = "display:none" in style or "visibility:hidden" in style
        if is_styled_away or "hidden" in element.attrib or element.get("aria-hidden") == "true":
            found.append(element)
    return found


def name_parts(element: Element) -> frozenset[str]:
    """Parts of the class and id names, in lower case, alone and joined: `entry-meta` gives entry, meta, entrymeta."""
    attributes = element.attrib
    if not attributes:
        return _NO_PARTS
    return _parts_of(attributes.get("class", ""), attributes.get("id", ""), attributes.get("itemprop", ""))


@lru_cache(maxsize=4096)
def _parts_of(classes: str, identifier: str, itemprop: str) -> frozenset[str]:
    parts: set[str] = set()
    for value in (*classes.split(), identifier, itemprop):
        words = [word.lower() for word in _NAME_PART.findall(value)]
        parts.update(words)
        parts.add("".join(words))
    return frozenset(parts - {""})


def text_of(element: Element) -> str:
    """All text below an element in one line."""
    return clean(str(_STRING(element)))


def text_length(element: Element) -> int:
    """Number of characters of the text below, spaces counted once."""
    return len(" ".join(str(_STRING(element)).split()))


def link_length(element: Element) -> int:
    """Number of characters of the text that is inside links."""
    return sum(text_length(link) for link in element.iter("a"))


def has_blocks(element: Element) -> bool:
    """Whether an element below makes a line or a block of its own."""
    return any(tag(child) in BLOCKS for child in element.iterdescendants())


def drop(element: Element) -> None:
    """Take an element out of the tree; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + " " + element.tail
        else:
            parent.text = (parent.text or "") + " " + element.tail
    parent.remove(element)
