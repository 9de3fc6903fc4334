"""Makes the PDF and DOCX samples from the texts in originals/; `python include/samples/make_samples.py` after changing one.

The files are committed, because the bytes of a PDF depend on the fonts of the machine; with the same fonts and libraries a
second run writes the same bytes again.
"""

from __future__ import annotations

import os
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document

ROOT = Path(__file__).parent
ORIGINALS = ROOT / "originals"
DOCUMENTS = ROOT / "documents"
PUBLICATION_DATES = {
    "shahritus-groundbreaking-2014": datetime(2014, 4, 25, 9, 0, tzinfo=UTC),
    "panj-steering-group-2015": datetime(2015, 12, 7, 9, 0, tzinfo=UTC),
}
# The earliest time that a zip member can carry; python-docx would write the current one.
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_pdf(original: Path) -> Path:
    """Print one HTML original."""
    from weasyprint import HTML

    target = DOCUMENTS / f"{original.stem}.pdf"
    HTML(filename=str(original)).write_pdf(str(target), pdf_identifier=original.stem.encode())
    return target


def write_docx(original: Path) -> Path:
    """Set one text original as a Word file.

    Blocks are parted by blank lines: `#` and `##` head a section, `>` is the line with place and date, `-` a list, `|` a table.
    """
    import docx

    document = docx.Document()
    text = original.read_text(encoding="utf-8").strip()
    for block in re.split(r"\n\s*\n", text):
        _add_block(document, block)
    section = document.sections[0]
    section.header.paragraphs[0].text = "Not an official translation"
    section.footer.paragraphs[0].text = "Distribution: participants"
    properties = document.core_properties
    published = PUBLICATION_DATES[original.stem]
    properties.author = "Secretariat"
    properties.title = text.splitlines()[0].lstrip("# ")
    properties.created = properties.modified = published.replace(tzinfo=None)
    target = DOCUMENTS / f"{original.stem}.docx"
    document.save(str(target))
    _fix_times(target)
    return target


def _add_block(document: Document, block: str) -> None:
    lines = block.splitlines()
    if lines[0].startswith("#"):
        document.add_heading(lines[0].lstrip("# "), level=1 if lines[0].startswith("# ") else 2)
        for line in lines[1:]:
            document.add_paragraph(line.removeprefix("> ")).style = "Subtitle"
    elif lines[0].startswith("|"):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    elif lines[0].startswith("- "):
        for line in lines:
            document.add_paragraph(line.removeprefix("- "), style="List Bullet")
    else:
        document.add_paragraph(" ".join(lines))


def _fix_times(target: Path) -> None:
    """Write the archive again with fixed times, so that the same text gives the same bytes."""
    with zipfile.ZipFile(target) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, ZIP_EPOCH), content, zipfile.ZIP_DEFLATED)


def main() -> None:
    """Write all of them."""
    os.environ["SOURCE_DATE_EPOCH"] = "1767225600"
    for original in sorted(ORIGINALS.glob("*.html")):
        write_pdf(original)
    for original in sorted(ORIGINALS.glob("*.md")):
        write_docx(original)


if __name__ == "__main__":
    main()
