"""PDF, DOCX, ODT, e-mail and feeds as files; what can't be read says why in one line."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from functools import lru_cache

import pytest

from bam.documents.convert import convert
from bam.model.errors import ConversionError
from bam.model.text import BlockKind, ConvertedDocument
from bam.settings import read_settings

PARAGRAPH = (
    "Item {n}. The ministry of a neighbouring state received equip&shy;ment worth USD {n}00,000 from the donor programme, and a "
    "further consignment of communications material will follow before the end of the year, officials announced."
)


FONT = f"@font-face{{font-family:Fixed;src:url({(read_settings({}).templates / 'fonts' / 'MonitorSerif-Regular.ttf').as_uri()})}}"
"""What "serif" is depends on the machine, and in a process that has made a brief on the fonts of the briefs."""


def shown(document: ConvertedDocument) -> list[tuple[str, str]]:
    return [(str(block.kind), document.text[block.start : block.end]) for block in document.blocks]


@lru_cache(maxsize=1)
def report_pdf() -> bytes:
    """Three pages: two columns with hyphens, running heads and feet, a ruled table, lists."""
    from weasyprint import HTML

    style = (
        FONT
        + """@page{size:A4;margin:2cm;@top-center{content:'Quarterly report of the desk'}
    @bottom-center{content:'Page ' counter(page) ' of ' counter(pages)}} body{font:11pt Fixed} td,th{border:1px solid;padding:3px}
    .columns{columns:2;hyphens:auto;text-align:justify} table{border-collapse:collapse}"""
    )
    columns = "".join(f"<p>{PARAGRAPH.format(n=n)}</p>" for n in range(1, 15))
    table = """<table><tr><th>Donor<th>Amount<th>Purpose</tr><tr><td>Japan<td>USD 3.9 million<td>construction of a crossing point
    on the upper river and of a training centre that the services of both sides will use</tr>
    <tr><td>Norway<td>NOK 6 million<td>patrol courses</tr></table>"""
    lists = "<ol><li>The parties will meet again.<li>The secretariat shall circulate a draft.</ol><ul><li>a bullet</ul>"
    body = f"<h1>Border programme</h1><p>Dushanbe, 4 March 2014</p><div class=columns>{columns}</div><h2>Money</h2>{table}{lists}"
    page = f"<html lang=en><title>Report 3</title><style>{style}</style>{body}<p>{PARAGRAPH.format(n=99)}</p>"
    return bytes(HTML(string=page).write_pdf())


def test_pdf_with_columns_tables_heads_and_hyphens() -> None:
    (document,) = convert(report_pdf(), "report.pdf")
    assert document.metadata.title == "Border programme"
    assert document.metadata.published == "2014-03-04"
    lines = shown(document)
    wanted = [PARAGRAPH.format(n=n).replace("&shy;", "") for n in [*range(1, 15), 99]]
    assert [text for kind, text in lines if kind == "paragraph"] == wanted
    assert [text for kind, text in lines if kind == "table_row"] == [
        "Donor | Amount | Purpose",
        "Japan | USD 3.9 million | construction of a crossing point on the upper river and of a training centre that the "
        "services of both sides will use",
        "Norway | NOK 6 million | patrol courses",
    ]
    items = [block for block in document.blocks if block.kind is BlockKind.LIST_ITEM]
    assert [block.number for block in items] == ["1.", "2.", None]
    assert "Quarterly report" not in document.text
    assert "Page 1" not in document.text
    pages = [block.page for block in document.blocks]
    assert pages == sorted(pages, key=lambda page: page or 0)
    assert pages[0] == 1
    assert (pages[-1] or 0) > 1


def test_pdf_without_rules_keeps_its_table() -> None:
    from weasyprint import HTML

    rows = "".join(f"<tr><td>Country {n}<td>USD {n}00,000<td>patrol course number {n}" for n in range(1, 6))
    style = f"<style>{FONT} body{{font-family:Fixed}} td{{padding:2px 30px 2px 0}}</style>"
    page = f"{style}<h1>Sums</h1><table><tr><td>Country<td>Sum<td>For</tr>{rows}</table>"
    (document,) = convert(bytes(HTML(string=page).write_pdf()), "sums.pdf")
    assert shown(document)[1:3] == [
        ("table_row", "Country | Sum | For"),
        ("table_row", "Country 1 | USD 100,000 | patrol course number 1"),
    ]
    assert [block.header_row for block in document.blocks[1:3]] == [True, False]


@lru_cache(maxsize=1)
def note_docx() -> bytes:
    import docx

    document = docx.Document()
    document.add_heading("Two courses", 0)
    document.add_paragraph("Dushanbe, 3 May 2019")
    document.add_heading("Money", 1)
    for text in ("first", "second"):
        document.add_paragraph(text, style="List Number")
    document.add_paragraph("a bullet", style="List Bullet")
    table = document.add_table(2, 3)
    for column, text in enumerate(("Donor", "Sum", "Year")):
        table.cell(0, column).text = text
    table.cell(1, 0).merge(table.cell(1, 1)).text = "Japan USD 3 million"
    table.cell(1, 2).text = "2014"
    document.add_paragraph("(4) A number that is written out.")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_docx() -> None:
    (document,) = convert(note_docx(), "note.docx")
    assert shown(document) == [
        ("title", "Two courses"),
        ("byline", "Dushanbe, 3 May 2019"),
        ("heading", "Money"),
        ("list_item", "first"),
        ("list_item", "second"),
        ("list_item", "a bullet"),
        ("table_row", "Donor | Sum | Year"),
        ("table_row", "Japan USD 3 million |  | 2014"),
        ("list_item", "(4) A number that is written out."),
    ]
    assert [block.number for block in document.blocks if block.kind is BlockKind.LIST_ITEM] == ["1.", "2.", None, "(4)"]
    assert document.metadata.published == "2019-05-03"


def test_odt() -> None:
    from odf.opendocument import OpenDocumentText
    from odf.table import Table, TableCell, TableRow
    from odf.text import H, List, ListItem, P

    file = OpenDocumentText()
    file.text.addElement(H(outlinelevel=1, text="Two courses"))
    file.text.addElement(P(text="The centre was opened on 3 May 2019 by the ambassador, who spoke of it at length."))
    items = List()
    for text in ("one", "two"):
        item = ListItem()
        item.addElement(P(text=text))
        items.addElement(item)
    file.text.addElement(items)
    table = Table()
    for cells in (("Donor", "Sum"), ("EU", "EUR 5 million")):
        row = TableRow()
        for text in cells:
            cell = TableCell()
            cell.addElement(P(text=text))
            row.addElement(cell)
        table.addElement(row)
    file.text.addElement(table)
    data = io.BytesIO()
    file.save(data)
    (document,) = convert(data.getvalue(), "note.odt")
    assert shown(document) == [
        ("title", "Two courses"),
        ("paragraph", "The centre was opened on 3 May 2019 by the ambassador, who spoke of it at length."),
        ("list_item", "one"),
        ("list_item", "two"),
        ("table_row", "Donor | Sum"),
        ("table_row", "EU | EUR 5 million"),
    ]


def letter() -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Border Letter <letter@example.org>"
    mail["Subject"] = "Fwd: Three courses before winter"
    mail["Date"] = "Tue, 4 Mar 2014 10:00:00 +0500"
    mail["Message-ID"] = "<41@example.org>"
    mail.set_content("Plain body that nobody reads.")
    mail.add_alternative(f"<h1>Letter 41</h1><p>{PARAGRAPH.format(n=3)}</p>", subtype="html")
    return mail


def test_email_with_attachments() -> None:
    mail = letter()
    mail.add_attachment(note_docx(), maintype="application", subtype="octet-stream", filename="note.docx")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
    head = "<head><link rel=canonical href='https://else.example/x'></head>"
    later = f"<html>{head}<p>{PARAGRAPH.format(n=4)}</p><p>Due 1 May 2014</p>"
    mail.add_attachment(later.encode(), maintype="text", subtype="html", filename="../../annex.html")
    body, note, annex = convert(mail.as_bytes(), "letter.eml")
    assert (body.metadata.title, body.metadata.publisher, body.metadata.published) == (
        "Three courses before winter",
        "Border Letter",
        "2014-03-04",
    )
    assert body.metadata.address == "mid:41@example.org"
    assert "nobody reads" not in body.text
    assert (note.name, note.metadata.published) == ("letter.eml#note.docx", "2014-03-04")
    assert (annex.name, annex.metadata.address) == ("letter.eml#.._.._annex.html", "mid:41@example.org#.._.._annex.html")
    assert annex.metadata.published == "2014-03-04"


def test_a_mail_in_a_mail_ends() -> None:
    inner = letter()
    for _ in range(6):
        outer = letter()
        outer.add_attachment(inner)
        inner = outer
    assert 1 <= len(convert(inner.as_bytes(), "letter.eml")) <= 5


def test_feed_file() -> None:
    feed = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Desk</title><entry><id>1</id><title>A story</title>
    <link href="https://desk.example/1"/><published>2014-03-04T10:00:00Z</published>
    <content type="html">&lt;p&gt;{PARAGRAPH.format(n=2).replace("&shy;", "")}&lt;/p&gt;</content></entry>
    <entry><id>2</id><title>Only a link</title><link href="https://desk.example/2"/></entry></feed>"""
    (document,) = convert(feed.encode(), "feed.atom")
    metadata = document.metadata
    assert (metadata.title, metadata.publisher, metadata.published) == ("A story", "Desk", "2014-03-04")
    assert metadata.address == "https://desk.example/1"


def _bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b" " * 60_000_000)
    return file.getvalue()


def _entities() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("content.xml", '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>')
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.html", "a.html: the file is empty. Fetch it again or remove it."),
        (b"\xef\xbb\xbf \n\x00", "a.txt", "a.txt: the file is empty. Fetch it again or remove it."),
        (b"%PDF-1.7 and no more", "a.pdf", "a.pdf: the PDF is damaged. Fetch it again."),
        (bytes(range(256)) * 40, "a.html", "a.html: the content is no text (binary data). Check what kind of file it is."),
        (b"PK\x03\x04 no archive", "a.docx", "a.docx: the file is a damaged archive. Fetch or save it again."),
        (
            b"x" * 50_000_001,
            "a.txt",
            "a.txt: the file is too large (50 MB, at most 50 MB are read). Split it, or take the text out of it.",
        ),
        (
            b"<html><body></body></html>",
            "a.html",
            "a.html: there is no text in the file. If it is a scan, give its text instead.",
        ),
        (b"text", "a.xyz", "a.xyz: the format is not known (no telling name or content). Give it as HTML, PDF, DOCX, ODT"),
        (b"no header at all", "a.eml", "a.eml: the file is no e-mail (no header). Check what kind of file it is."),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "a.atom", "a.atom: no entry of the feed carries its article."),
    ],
)
def test_what_cant_be_read(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(ConversionError) as caught:
        convert(data, name)
    assert str(caught.value).startswith(reason)
    assert "\n" not in str(caught.value)


def test_archives_that_unpack_too_far() -> None:
    with pytest.raises(ConversionError, match="the file unpacks to far too much"):
        convert(_bomb(), "a.docx")
    with pytest.raises(ConversionError):
        convert(_entities(), "a.odt")


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (b"<!DOCTYPE html><html><body><p>Some text of a page, long enough.</p></body></html>", "page", "text/html"),
        (report_pdf, "called-wrongly.html", "application/pdf"),
        (note_docx, "archive.zip", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_the_bytes_say_what_a_file_is(data: bytes, name: str, media_type: str) -> None:
    content = data() if callable(data) else data
    assert convert(content, name)[0].media_type == media_type


def test_the_server_says_it_where_the_name_does_not() -> None:
    assert convert(b"Some text of a note.", "note", "text/plain; charset=utf-8")[0].media_type == "text/plain"
    assert convert("Какой-то текст".encode("koi8-r"), "note", "text/plain; charset=koi8-r")[0].text == "Какой-то текст"


def test_pdf_table_with_lines_between_rows_and_columns_after_it() -> None:
    """Rows told by lines alone (the first without one above it), a wrapped cell, then a few lines in two columns."""
    from weasyprint import HTML

    style = (
        FONT
        + """@page{size:A5;margin:1.5cm} body{font:9pt Fixed} td,th{border-bottom:1px solid;padding:4px;text-align:left}
    th{font-weight:normal} table{border-collapse:collapse;width:100%} .columns{columns:2} .sum{width:15%}"""
    )
    names = ("International narcotics control and law and the courts and what else there may be", "Border security", "Total")
    rows = "".join(f"<tr><td>{name}<td>{n},200<td>{n},500" for n, name in enumerate(names, start=7))
    words = " ".join(f"The office looks after matter number {n} of the many matters." for n in range(9))
    headline = "A sheet of figures that has a very long headline over two lines"
    table = f"<table><tr><th>Account<th class=sum>2011<th class=sum>2012{rows}</table>"
    columns = f"<div class=columns><h2>Who does what</h2><p>{words}</p><h2>How to find out</h2><p>{words}</p></div>"
    page = f"<style>{style}</style><h1>{headline}</h1>{table}{columns}"
    lines = shown(convert(bytes(HTML(string=page).write_pdf()), "sheet.pdf")[0])
    assert lines[0] == ("title", headline)
    assert [text for kind, text in lines if kind == "table_row"] == [
        "Account | 2011 | 2012",
        "International narcotics control and law and the courts and what else there may be | 7,200 | 7,500",
        "Border security | 8,200 | 8,500",
        "Total | 9,200 | 9,500",
    ]
    assert lines[5:] == [("heading", "Who does what"), ("paragraph", words), ("heading", "How to find out"), ("paragraph", words)]
