"""Finding the article of a page: furniture is taken out by what it is, what it is called and what it announces itself as;
then the smallest element that holds nearly all of the remaining prose is the article.

Structure decides, not a list of sites: tags and roles first, then names of classes, then headings ("Read also") and the share
of link text. What is large compared with the page's whole prose is never taken out for its name alone.
"""

from __future__ import annotations

import re

from bam.documents.html_tree import (
    BLOCKS,
    HEADINGS,
    Element,
    drop,
    link_length,
    name_parts,
    tag,
    text_length,
    text_of,
    unread_elements,
)
from bam.documents.page_words import page_words

_ROLES = "navigation banner contentinfo search dialog alertdialog menu menubar toolbar tablist complementary note"
_FURNITURE_ROLES = frozenset(_ROLES.split())
_NAMED_INLINE = frozenset({"span", "a", "b", "strong"})
_LEAVES = frozenset({"p", "ul", "ol", "dl", "blockquote", "pre", "table"})
_LAID_OUT = frozenset({"p", "h1", "h2", "h3", "table", "ul", "ol", "div"})
_SENTENCE = re.compile(r"[^.!?]{15,}[.!?]")
_MOST_OF_PROSE = 0.9
_MAIN_COLUMN = 0.7
"""A table cell with this share of the page's prose is a page's column and not a cell of data."""
_TOO_MUCH_TO_DROP = 0.35
"""An element with more than this share of the page's prose is no furniture, whatever its class says."""


def isolate_article(root: Element) -> Element:
    """Take the furniture out of the tree (it is changed) and return the element that holds the article with its title."""
    body = root.find("body")
    if body is None:
        body = root
    for element in unread_elements(body):
        drop(element)
    total = max(1, _prose(body))
    _drop_furniture(body, total)
    _drop_announced_boxes(body, total)
    _drop_link_lists(body)
    _drop_side_columns(body)
    article = _smallest_holder(body)
    return _with_title(article, body)


def _drop_furniture(body: Element, total: int) -> None:
    for element in list(body.iterdescendants()):
        if element.getparent() is None or not tag(element) or not _is_below(element, body):
            continue
        if _is_furniture(element) and _prose(element) <= _TOO_MUCH_TO_DROP * total:
            drop(element)


def _is_below(element: Element, body: Element) -> bool:
    return any(ancestor is body for ancestor in element.iterancestors())


def _is_furniture(element: Element) -> bool:
    name = tag(element)
    inside = _inside_article(element)
    if element.get("role") in _FURNITURE_ROLES:
        return True
    if name == "footer":
        return not any(tag(up) == "blockquote" for up in element.iterancestors())
    if name == "header":
        return not inside and element.find(".//h1") is None
    if name == "form" or (name == "aside" and not inside):
        return True
    if (name in BLOCKS or name in _NAMED_INLINE) and element.find(".//h1") is None and _is_named_furniture(element):
        return True
    return name == "aside" and not _reads_as_prose(element)


def _is_named_furniture(element: Element) -> bool:
    """Whether class or id say so; of names that content has too, only where the element is short or leads elsewhere."""
    parts = name_parts(element)
    if parts & page_words().clutter:
        return True
    return bool(parts & page_words().likely_clutter) and not _reads_as_prose(element)


def _inside_article(element: Element) -> bool:
    return any(tag(up) in ("article", "main") or up.get("role") == "main" for up in element.iterancestors())


def _reads_as_prose(element: Element) -> bool:
    """Whether a box has sentences of its own (a fact box) rather than lines that lead elsewhere."""
    length = text_length(element)
    return length > 0 and link_length(element) < 0.3 * length and len(_SENTENCE.findall(text_of(element))) >= 2


def _drop_announced_boxes(body: Element, total: int) -> None:
    """Drop boxes whose first line is a heading like "Read also", and what follows such a heading among its siblings.

    The only heading of the first rank is the title of what is read, even where it says "Newsletter".
    """
    titles = list(body.iter("h1"))
    for element in list(body.iter(*HEADINGS, "p", "div", "strong", "b", "span", "dt", "caption", "li")):
        if titles == [element] or not _is_below(element, body) or any(tag(child) in BLOCKS for child in element):
            continue
        heading = text_of(element)
        if len(heading) > 60 or not page_words().heads_a_box(heading):
            continue
        if tag(element) not in HEADINGS and not _stands_as_heading(element):
            continue
        box = _box_of(element)
        if box is not body and box is not element and _prose(box) <= _TOO_MUCH_TO_DROP * total:
            drop(box)
        else:
            _drop_section(element)


def _stands_as_heading(element: Element) -> bool:
    """A line that is no heading by its tag heads a box if it comes first in it and links or lists follow."""
    following = element.getnext()
    while following is not None and tag(following) == "br" and not (following.tail or "").strip():
        following = following.getnext()
    return following is not None and tag(following) in ("ul", "ol", "div", "a", "p") and _is_teaser_like(following)


def _is_teaser_like(element: Element) -> bool:
    length = text_length(element)
    return length == 0 or link_length(element) >= 0.5 * length or not _SENTENCE.search(text_of(element))


def _box_of(heading: Element) -> Element:
    """The widest element that has the heading as its first text."""
    box = heading
    for parent in heading.iterancestors():
        if tag(parent) in ("body", "html", "article", "main") or (parent.text or "").strip():
            break
        first = next((child for child in parent if tag(child) and text_length(child)), None)
        if first is not box:
            break
        box = parent
    return box


def _drop_section(heading: Element) -> None:
    level = HEADINGS.get(tag(heading), 7)
    for following in list(heading.itersiblings()):
        if HEADINGS.get(tag(following), 9) <= level or not _is_teaser_like(following):
            break
        drop(following)
    drop(heading)


def _drop_link_lists(body: Element) -> None:
    """Lists and tables in which nearly all text is links are ways to other pages."""
    for element in list(body.iter("ul", "ol", "table", "div", "p", "dl")):
        if not _is_below(element, body):
            continue
        links = sum(1 for _ in element.iter("a"))
        length = text_length(element)
        if length and _is_mostly_links(element, links, length) and not _SENTENCE.search(_text_outside_links(element)):
            drop(element)


def _is_mostly_links(element: Element, links: int, length: int) -> bool:
    """Whether an element leads elsewhere: a list of links, or a line that is one link and no sentence (a teaser in the text)."""
    linked = link_length(element)
    if tag(element) in ("ul", "ol"):
        return links >= 1 and linked > 0.75 * length
    if links == 1:
        has_heading = any(tag(below) in HEADINGS for below in element.iterdescendants())
        return linked > 0.95 * length and not has_heading and not text_of(element).endswith((".", "!", "?", ":"))
    return links >= 2 and linked > 0.75 * length


def _drop_side_columns(body: Element) -> None:
    """In a page laid out by a table, the cells beside the article that have no sentences of their own."""
    for row in list(body.iter("tr")):
        cells = [cell for cell in row if tag(cell) in ("td", "th")]
        main = max(cells, key=_prose, default=None)
        if main is None or not any(tag(below) in _LAID_OUT for below in main.iterdescendants()):
            continue
        if _prose(main) >= _MAIN_COLUMN * max(1, _prose(body)):
            for cell in cells:
                if cell is not main and not _reads_as_prose(cell):
                    drop(cell)


def _text_outside_links(element: Element) -> str:
    pieces = [element.text or ""]
    for child in element.iterdescendants():
        inside = tag(child) == "a" or any(tag(up) == "a" for up in child.iterancestors())
        if not inside:
            pieces.append(child.text or "")
        if not any(tag(up) == "a" for up in child.iterancestors()):
            pieces.append(child.tail or "")
    return " ".join(pieces)


def _prose(element: Element) -> int:
    """Length of the text that is not in links: what an article has and furniture hasn't."""
    return max(0, text_length(element) - link_length(element))


def _smallest_holder(body: Element) -> Element:
    """The deepest element that still holds nearly all prose."""
    whole = max(1, _prose(body))
    holder = body
    while True:
        best = max((child for child in holder if tag(child) in BLOCKS), key=_prose, default=None)
        if best is None or (tag(best) in _LEAVES and not _is_layout(best)):
            return holder
        if _prose(best) < _MOST_OF_PROSE * whole:
            return holder
        holder = best


def _is_layout(element: Element) -> bool:
    return tag(element) == "table" and any(tag(below) in _LAID_OUT for below in element.iterdescendants())


def _with_title(article: Element, body: Element) -> Element:
    """The article, widened to the element that also holds the page's title heading."""
    if any(tag(below) in ("h1", "h2") for below in article.iter()) and article.find(".//h1") is not None:
        return article
    titles = list(body.iter("h1")) or list(body.iter("h2", "h3"))[:1]
    for title in titles:
        for ancestor in article.iterancestors():
            if any(up is ancestor for up in title.iterancestors()):
                return ancestor
    return article
