"""Whether a PDF can be read by everybody: the rules of PDF/UA-1 (ISO 14289-1) that can be seen in its structure, one by one.

The numbers are those of the Matterhorn Protocol 1.1, which lists the failure conditions of the standard. What only a person can
judge (whether an alternative text is a good one) is left to people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf

from bam.briefs.pdf_tables import table_faults
from bam.briefs.pdf_tree import Element, read_tree
from bam.model.errors import BamError

_PAINTING = frozenset(
    ["Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Do", "sh", "BI", "INLINE IMAGE", "EI"]
)
_UA_PART = "{http://www.aiim.org/pdfua/ns/id/}part"
_TITLE = "dc:title"


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure condition: its number in the Matterhorn Protocol, where it shows, and what is wrong."""

    rule: str
    where: str
    what: str

    @property
    def sentence(self) -> str:
        """The fault in one line."""
        return f"{self.rule} {self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class PdfCheck:
    """What was looked at (elements of the structure tree by type), and what is wrong."""

    pages: int
    elements: dict[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def check_pdf(path: Path) -> PdfCheck:
    """Check a file.

    Raises:
        BamError: it can't be opened, or is no PDF.
    """
    try:
        pdf = pikepdf.open(path)
    except FileNotFoundError as error:
        raise BamError("the file is missing", where=str(path), remedy="Correct the name.") from error
    except (pikepdf.PdfError, OSError) as error:
        raise BamError(
            f"the file is no PDF that can be read ({error})", where=str(path), remedy="Choose another file."
        ) from error
    with pdf:
        elements = list(read_tree(pdf))
        counts: dict[str, int] = {}
        for element in elements:
            counts[element.kind] = counts.get(element.kind, 0) + 1
        faults = [*_document(pdf), *_structure(elements), *_content(pdf, elements), *_annotations(pdf), *_fonts(pdf)]
        return PdfCheck(len(pdf.pages), counts, tuple(faults))


def _document(pdf: Any) -> Iterator[Fault]:
    root = pdf.Root
    with pdf.open_metadata(update_docinfo=False, set_pikepdf_as_editor=False) as metadata:
        if str(metadata.get(_UA_PART)) != "1":
            yield Fault("06-002", "metadata", "the document doesn't say that it is PDF/UA-1")
        if not metadata.get(_TITLE):
            yield Fault("06-003", "metadata", "there is no title")
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield Fault("07-001", "catalog", "readers are not told to show the title")
    if not root.get("/MarkInfo", {}).get("/Marked", False):
        yield Fault("06-004", "catalog", "the document is not marked as tagged")
    if not str(root.get("/Lang", "")):
        yield Fault("11-006", "catalog", "the language of the document is not told")
    if len(pdf.pages) > 1 and "/Outlines" not in root:
        yield Fault("27-001", "catalog", "a document of several pages has no bookmarks")
    if "/JavaScript" in root.get("/Names", {}):
        yield Fault("29-001", "catalog", "the document carries a script")
    for name, spec in pdf.attachments.items():
        if not spec.obj.get("/UF") or not spec.obj.get("/F"):
            yield Fault("21-001", f"attachment {name}", "its name is told in one form only")


def _structure(elements: list[Element]) -> Iterator[Fault]:
    if not elements:
        yield Fault("01-001", "structure tree", "there is none")
        return
    if elements[0].kind != "Document":
        yield Fault("01-002", "structure tree", "its root is no document")
    level = 0
    for element in elements:
        if element.kind in ("H1", "H2", "H3", "H4", "H5", "H6"):
            number = int(element.kind[1])
            if level == 0 and number != 1:
                yield Fault("14-002", element.place, f"the first heading is {element.kind}")
            elif number > level + 1:
                yield Fault("14-003", element.place, f"{element.kind} follows a heading of level {level}")
            level = number
        if element.kind in ("Figure", "Formula") and not element.alternative.strip():
            yield Fault("13-004", element.place, "a figure has no alternative text")
        yield from _list_faults(element)
        yield from (Fault(rule, element.place, what) for rule, what in table_faults(element))


def _list_faults(element: Element) -> Iterator[Fault]:
    kinds = [kid.kind for kid in element.kids]
    if element.kind == "L" and any(kind not in ("LI", "Caption", "L") for kind in kinds):
        yield Fault("09-006", element.place, f"a list holds {', '.join(sorted(set(kinds)))}")
    if element.kind == "LI":
        if element.parent is None or element.parent.kind != "L":
            yield Fault("09-007", element.place, "an item stands outside of a list")
        if any(kind not in ("Lbl", "LBody") for kind in kinds):
            yield Fault("09-008", element.place, f"a list item holds {', '.join(sorted(set(kinds)))}")


def _content(pdf: Any, elements: list[Element]) -> Iterator[Fault]:
    """Everything that is painted is tagged, and its tag hangs on the tree; or it is an artifact."""
    owned: dict[int, set[int]] = {}
    for element in elements:
        for page_object, number in element.content:
            owned.setdefault(page_object, set()).add(number)
    for index, page in enumerate(pdf.pages, 1):
        known = owned.get(page.obj.objgen[0], set())
        seen, bare = _marks(page)
        if bare:
            yield Fault("01-005", f"page {index}", f"{bare} pieces of content are neither tagged nor artifacts")
        if lost := seen - known:
            what = f"{len(lost)} tagged pieces of content hang on no element of the structure tree"
            yield Fault("01-006", f"page {index}", what)
        if known - seen:
            yield Fault("01-007", f"page {index}", f"{len(known - seen)} elements point to content that isn't there")


def _marks(page: Any) -> tuple[set[int], int]:
    """The numbers of the tagged pieces of content of a page, and how many pieces bear no mark at all."""
    seen: set[int] = set()
    bare = 0
    marked: list[bool] = []
    for instruction in pikepdf.parse_content_stream(page):
        name, operands = str(instruction.operator), instruction.operands
        if name in ("BDC", "BMC"):
            number = _marked_number(operands)
            if number is not None:
                seen.add(number)
            marked.append(number is not None or str(operands[0]) == "/Artifact")
        elif name == "EMC":
            marked.pop()
        elif name in _PAINTING and not any(marked):
            bare += 1
    return seen, bare


def _marked_number(operands: Any) -> int | None:
    """The number of a tagged piece of content; None for artifacts and other marks."""
    if len(operands) < 2 or not isinstance(operands[1], pikepdf.Dictionary) or "/MCID" not in operands[1]:
        return None
    return int(operands[1]["/MCID"])


def _annotations(pdf: Any) -> Iterator[Fault]:
    for index, page in enumerate(pdf.pages, 1):
        annotations = list(page.obj.get("/Annots", []))
        if annotations and str(page.obj.get("/Tabs", "")) != "/S":
            yield Fault("28-009", f"page {index}", "links are not visited in the order of the structure")
        for annotation in annotations:
            if annotation.get("/Subtype") != "/Link":
                continue
            if not str(annotation.get("/Contents", "")).strip():
                yield Fault("28-012", f"page {index}", "a link doesn't say where it leads")
            if "/StructParent" not in annotation:
                yield Fault("28-011", f"page {index}", "a link is not in the structure tree")


def _fonts(pdf: Any) -> Iterator[Fault]:
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Dictionary) or item.get("/Type") != "/Font":
            continue
        name = str(item.get("/BaseFont", "?"))
        if "/DescendantFonts" in item:
            if "/ToUnicode" not in item:
                yield Fault("10-001", f"font {name}", "its characters can't be read as text")
        elif "/FontDescriptor" in item:
            files = ("/FontFile", "/FontFile2", "/FontFile3")
            if not any(file in item["/FontDescriptor"] for file in files):
                yield Fault("31-009", f"font {name}", "it isn't embedded")
