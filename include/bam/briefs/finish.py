"""The last touches on a PDF before it is written: what PDF/UA-1 asks for and WeasyPrint leaves out.

Header cells say what they head, quotes say their language, links say where they lead, what stands in the margins of pages is
marked as no part of the text, and the attached data are declared as such. All of it changes objects in memory; the document
that is written stays one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pydyf

from bam.briefs.language import language_of
from bam.briefs.model import BriefContext

_REFERENCE = re.compile(rb"(\d+) 0 R")


class Finisher:
    """Called by WeasyPrint with the laid out document and the PDF in memory."""

    def __init__(self, context: BriefContext) -> None:
        self._language = language_of(context.heading.language)

    def __call__(self, document: Any, pdf: Any) -> None:
        """Change the PDF in place. The document gives up its pages: nothing can be drawn from it afterwards."""
        elements: list[Any] = [one for one in pdf.objects if isinstance(one, dict) and one.get("Type") == "/StructElem"]
        by_number = {element.number: element for element in elements}
        _scope_headers(elements, by_number)
        _tell_languages(document, elements)
        self._tell_destinations(pdf)
        _set_margins_apart(pdf, elements, by_number)
        _declare_attachments(pdf)
        # All is drawn and tagged: writing takes memory again, and the boxes of hundreds of pages have plenty.
        document.pages = []

    def _tell_destinations(self, pdf: Any) -> None:
        """Links inside the document say in words where they lead."""
        for annotation in pdf.objects:
            if isinstance(annotation, dict) and annotation.get("Subtype") == "/Link" and "Dest" in annotation:
                annotation["Contents"] = pydyf.String(self._destination(annotation["Dest"].string))

    def _destination(self, anchor: str) -> str:
        kind, _, rest = anchor.partition("-")
        if kind == "q":
            return self._language.say("Source {number}").format(number=rest)
        if kind == "m":
            return self._language.say("Back to the mark {number} in the text").format(number=rest)
        return self._language.say("Section {name}").format(name=anchor)


def _scope_headers(elements: list[Any], by_number: dict[int, Any]) -> None:
    for element in elements:
        if element["S"] == "/TH":
            row = by_number.get(_number(element["P"]))
            group = by_number.get(_number(row["P"])) if row else None
            is_head = group is not None and group["S"] == "/THead"
            element.setdefault("A", pydyf.Dictionary({"O": "/Table"}))["Scope"] = "/Column" if is_head else "/Row"


def _tell_languages(document: Any, elements: list[Any]) -> None:
    """Quotes stand in the language of their source: boxes of `blockquote` elements and their tags come in the same order."""
    quotes = [element for element in elements if element["S"] == "/BlockQuote"]
    boxes = [box for page in document.pages for box in _quotes_of(page._page_box)]
    for element, box in zip(quotes, boxes, strict=True):
        if language := box.element.get("lang"):
            element["Lang"] = pydyf.String(language)


def _quotes_of(box: Any) -> Iterator[Any]:
    """Boxes that WeasyPrint makes a tag for; lines and texts inside them share their element and get none."""
    from weasyprint.formatting_structure.boxes import LineBox, TextBox

    box = getattr(box, "_box", box)
    if box.element is not None and box.element_tag == "blockquote" and not isinstance(box, (LineBox, TextBox)):
        yield box
    for child in getattr(box, "children", ()):
        yield from _quotes_of(child)


def _set_margins_apart(pdf: Any, elements: list[Any], by_number: dict[int, Any]) -> None:
    """Running heads and page numbers hang on no branch of the tree: they become artifacts."""
    root = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
    reached: set[int] = set()
    waiting = [_number(reference) for reference in _references(root["K"])]
    while waiting:
        number = waiting.pop()
        element = by_number.get(number)
        if element is not None and number not in reached:
            reached.add(number)
            waiting.extend(_number(reference) for reference in _references(element["K"]))
    parents = pdf.objects[_number(root["ParentTree"])]["Nums"]
    for position, page in enumerate(_pages(pdf)):
        owners = parents[2 * position + 1]
        lost = {mcid for mcid, owner in enumerate(owners) if _number(owner) not in reached}
        if lost:
            _mark_artifacts(pdf.objects[_number(page["Contents"])], lost)
            for mcid in lost:
                owners[mcid] = "null"


def _mark_artifacts(stream: Any, lost: set[int]) -> None:
    """A mark is three items of the stream: the tag, its properties with the number, and the operator."""
    for index, item in enumerate(stream.stream):
        if isinstance(item, dict) and item.get("MCID") in lost:
            stream.stream[index - 1] = b"/Artifact"
            stream.stream[index] = pydyf.Dictionary({"Type": "/Pagination"})


def _pages(pdf: Any) -> list[Any]:
    return [pdf.objects[number] for number in pdf.pages["Kids"][::3]]


def _declare_attachments(pdf: Any) -> None:
    """The attached files belong to the document as its data (PDF 2.0, 14.13; readers of PDF 1.7 ignore it)."""
    files: list[Any] = [element for element in pdf.objects if isinstance(element, dict) and element.get("Type") == "/Filespec"]
    for file in files:
        file["AFRelationship"] = "/Data"
    if files:
        pdf.catalog["AF"] = pydyf.Array([file.reference for file in files])


def _references(kids: Any) -> list[bytes]:
    return [kid for kid in kids if isinstance(kid, bytes)]


def _number(reference: Any) -> int:
    match = _REFERENCE.fullmatch(reference if isinstance(reference, bytes) else b"")
    return int(match[1]) if match else -1
