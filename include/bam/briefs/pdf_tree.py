"""The structure tree of a PDF as plain objects: what a screen reader walks along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf


@dataclass(slots=True, eq=False)
class Element:
    """One element: `kind` is its type without the slash, `content` the (page object, number) of the pieces that it owns.

    `scope`, `headers`, `identifier` and the spans are those of table cells.
    """

    kind: str
    place: str
    parent: Element | None = None
    alternative: str = ""
    language: str = ""
    scope: str = ""
    identifier: str = ""
    headers: tuple[str, ...] = ()
    column_span: int = 1
    row_span: int = 1
    content: list[tuple[int, int]] = field(default_factory=list)
    kids: list[Element] = field(default_factory=list)

    def below(self, *kinds: str) -> Iterator[Element]:
        """Elements of these kinds under this one, not looking inside of nested tables."""
        for kid in self.kids:
            if kid.kind in kinds:
                yield kid
            elif kid.kind != "Table":
                yield from kid.below(*kinds)


def read_tree(pdf: pikepdf.Pdf) -> Iterator[Element]:
    """All elements in reading order, parents before their kids; nothing for a document without a tree."""
    root = pdf.Root.get("/StructTreeRoot")
    if root is None:
        return
    pages = {page.obj.objgen[0]: index for index, page in enumerate(pdf.pages, 1)}
    for kid in kids_of(root):
        if isinstance(kid, pikepdf.Dictionary):
            yield from _walk(_read(kid, None, pages))


def kids_of(item: Any) -> list[Any]:
    """The `/K` of an element as a list."""
    kids = item.get("/K")
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _walk(element: Element) -> Iterator[Element]:
    waiting = [element]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(current.kids))


def _read(item: Any, parent: Element | None, pages: dict[int, int]) -> Element:
    page = item.get("/Pg")
    number = page.objgen[0] if page is not None else 0
    kind = str(item.get("/S", "")).lstrip("/")
    attributes = item.get("/A") or {}
    element = Element(
        kind=kind,
        place=f"page {pages.get(number, '?')}, {kind}",
        parent=parent,
        alternative=str(item.get("/Alt", "")),
        language=str(item.get("/Lang", "")),
        scope=str(attributes.get("/Scope", "")).lstrip("/"),
        identifier=str(item.get("/ID", "")),
        headers=tuple(str(header) for header in attributes.get("/Headers", [])),
        column_span=int(attributes.get("/ColSpan", 1)),
        row_span=int(attributes.get("/RowSpan", 1)),
    )
    for kid in kids_of(item):
        if isinstance(kid, pikepdf.Dictionary):
            if kid.get("/Type") == "/OBJR":
                continue
            if kid.get("/Type") == "/MCR":
                element.content.append((kid.get("/Pg", page).objgen[0], int(kid["/MCID"])))
            else:
                element.kids.append(_read(kid, element, pages))
        else:
            element.content.append((number, int(kid)))
    return element
