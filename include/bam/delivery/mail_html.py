"""HTML that is safe to mail: nothing loads from afar, nothing runs, and every mail program shows it.

Mail programs drop scripts, outside images, SVG and most style sheets, and some warn about them. So only a short list of
elements, attributes and style properties passes; charts are replaced by the sentence that describes them.
"""

from __future__ import annotations

import html as html_entities
import re
from collections.abc import Sequence

import lxml.html
from lxml import etree

_ELEMENTS = re.compile(
    r"a|abbr|b|blockquote|br|caption|center|cite|code|col|colgroup|dd|div|dl|dt|em|font|h[1-6]|hr|i|li|ol|p|pre|q|s|small|span|"
    r"strong|sub|sup|table|tbody|td|tfoot|th|thead|tr|u|ul"
)
_DROPPED_WITH_CONTENT = re.compile(
    r"applet|audio|base|button|canvas|embed|form|frame|frameset|head|iframe|input|link|map|math|meta|noscript|object|script|select|"
    r"source|style|template|textarea|title|track|video"
)
_DESCRIBED = frozenset({"img", "picture", "svg"})
_ATTRIBUTES = re.compile(
    r"align|alt|bgcolor|border|cellpadding|cellspacing|colspan|dir|height|lang|role|rowspan|scope|title|valign|width"
)
_STYLES = re.compile(
    r"(?:background-color|border(?:-(?:top|right|bottom|left|collapse|spacing|color|width|style|radius))?|color|display|"
    r"font(?:-(?:family|size|style|weight))?|height|letter-spacing|line-height|list-style-type|margin(?:-(?:top|right|bottom|left))?|"
    r"max-width|min-width|padding(?:-(?:top|right|bottom|left))?|text-align|text-decoration|text-transform|vertical-align|"
    r"white-space|width|word-break|overflow-wrap)"
)
_STYLE_VALUE = re.compile(r"[\w\s.,%#'\"+-]*(?:rgba?\([\d\s.,%]*\)[\w\s.,%#'\"+-]*)?")
"""No backslash, no other function: `url(...)` and its disguises can't be written with these."""

_LINK = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f]+", re.IGNORECASE)

_PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">\
<title>{title}</title></head>
<body style="margin:0;padding:16px;background-color:#ffffff;color:#1a1a1a;font-family:Arial,Helvetica,sans-serif;\
font-size:15px;line-height:1.45">
<div style="max-width:640px">
{body}
<hr style="border:0;border-top:1px solid #c8c8c8;margin:24px 0 12px 0">
{footer}
</div></body></html>
"""


def mail_html(page: str, footer: Sequence[str], title: str, language: str) -> str:
    """A whole HTML page for the mail's body: the safe part of `page`, then the footer lines (plain text; addresses become links).

    What is left out is left out silently: the plain-text part and the PDF carry the content in full.
    """
    return _PAGE.format(
        language=html_entities.escape(language, quote=True),
        title=html_entities.escape(title),
        body=safe_fragment(page),
        footer="\n".join(f'<p style="margin:0 0 6px 0;font-size:12px;color:#555555">{_with_links(line)}</p>' for line in footer),
    )


def safe_fragment(page: str) -> str:
    """What may be mailed of an HTML page or fragment, without html, head and body elements."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = lxml.html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # nothing in it but white space and broken tags
        return ""
    body = root.find("body")
    if body is None:
        return ""
    for element in list(body.iterdescendants()):
        if element.getparent() is not None:
            _clean(element)
    return _inner_html(body)


def _clean(element: lxml.html.HtmlElement) -> None:
    tag = element.tag.lower() if isinstance(element.tag, str) else ""
    if tag in _DESCRIBED:
        _describe(element)
    elif not tag or _DROPPED_WITH_CONTENT.fullmatch(tag):
        element.drop_tree()
    elif not _ELEMENTS.fullmatch(tag):
        element.drop_tag()
    else:
        _clean_attributes(element)


def _clean_attributes(element: lxml.html.HtmlElement) -> None:
    for name, value in list(element.attrib.items()):
        if name == "style":
            style = _safe_style(value)
            if style:
                element.set("style", style)
                continue
        elif _ATTRIBUTES.fullmatch(name) or (name == "href" and element.tag == "a" and _LINK.fullmatch(value.strip())):
            continue
        del element.attrib[name]


def _safe_style(style: str) -> str:
    kept = []
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        if colon and _STYLES.fullmatch(name.strip().lower()) and _STYLE_VALUE.fullmatch(value.strip()):
            kept.append(f"{name.strip().lower()}:{value.strip()}")
    return ";".join(kept)


def _describe(element: lxml.html.HtmlElement) -> None:
    """Put the words that describe a picture in its place."""
    words = element.get("alt") or element.get("aria-label") or ""
    if not words:
        texts = element.xpath(".//*[name()='img']/@alt | .//*[name()='title' or name()='desc']//text()")
        words = " ".join(" ".join(texts).split())
    if words:
        note = etree.Element("em")
        note.text = words
        note.tail = element.tail
        parent = element.getparent()
        assert parent is not None
        parent.replace(element, note)
    else:
        element.drop_tree()


def _inner_html(body: lxml.html.HtmlElement) -> str:
    parts = [html_entities.escape(body.text, quote=False)] if body.text else []
    parts += [etree.tostring(child, encoding="unicode", method="html") for child in body]
    return "".join(parts).strip()


def _with_links(line: str) -> str:
    """The line escaped, with its web addresses as links."""
    pieces = []
    at = 0
    for match in re.finditer(r"https?://\S+[^\s.,;:!?)]", line):
        address = html_entities.escape(match.group(), quote=True)
        pieces.append(html_entities.escape(line[at : match.start()], quote=False))
        pieces.append(f'<a href="{address}" style="color:#0b5394">{address}</a>')
        at = match.end()
    pieces.append(html_entities.escape(line[at:], quote=False))
    return "".join(pieces)
