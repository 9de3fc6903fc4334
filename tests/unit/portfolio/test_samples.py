"""The sample documents: all there, each explained, in the formats that they claim."""

from __future__ import annotations

import email
import email.policy
import re
import zipfile
from pathlib import Path

import pytest
from defusedxml import ElementTree

from bam.portfolio.load import load_portfolio
from bam.portfolio.sources import FolderSource
from bam.sources.folder import chooses

SAMPLES = Path(__file__).parents[3] / "include" / "samples"
DOCUMENTS = sorted((SAMPLES / "documents").iterdir())
ATOM = "{http://www.w3.org/2005/Atom}"


def readme_rows() -> list[tuple[str, str]]:
    """(file name, publication date) of each row of the README's table."""
    rows = re.findall(r"^\| `([^`]+)` \| ([\d-]+) \|", (SAMPLES / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    return [(name, date) for name, date in rows]


def test_the_readme_lists_every_document_once() -> None:
    names = [name for name, _ in readme_rows()]
    assert sorted(names) == [path.name for path in DOCUMENTS]
    text = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert f"{len(DOCUMENTS)} files" in text


def test_there_are_enough_of_each_kind_and_of_each_time() -> None:
    suffixes = {path.suffix for path in DOCUMENTS}
    assert suffixes == {".html", ".pdf", ".docx", ".md", ".txt", ".eml", ".atom"}
    assert len(DOCUMENTS) >= 16
    dates = [date for _, date in readme_rows()]
    assert dates[0][:4] == "2007"
    assert sum("2013" <= date < "2016" for date in dates) >= 8
    assert sum("2026-09" <= date < "2026-12" for date in dates) >= 8
    assert max(dates) <= "2026-11-22"


def test_nothing_but_documents_lies_in_the_folder_of_the_source() -> None:
    assert all(path.is_file() for path in DOCUMENTS)
    assert not {"readme", "gitattributes"} & {path.stem.lower().lstrip(".") for path in DOCUMENTS}


def test_each_document_belongs_to_the_source_of_its_kind_of_publisher() -> None:
    sources = [source for source in load_portfolio(SAMPLES.parent / "portfolio").sources if isinstance(source, FolderSource)]
    takers = {path.name: [each for each in sources if chooses(path.name, each.only, each.leave_out)] for path in DOCUMENTS}
    assert {name: len(taking) for name, taking in takers.items()} == dict.fromkeys(takers, 1)
    assert {taking[0].officiality for taking in takers.values()} == {"official", "multilateral", "media", "think_tank"}


def test_printed_documents_come_from_an_original() -> None:
    printed = {path.stem for path in DOCUMENTS if path.suffix in {".pdf", ".docx"}}
    assert printed == {path.stem for path in (SAMPLES / "originals").iterdir()}


def test_invented_addresses_lead_nowhere() -> None:
    """Hosts of the samples are under `.example`, which nobody can register (RFC 2606)."""
    for path in DOCUMENTS:
        if path.suffix in {".pdf", ".docx"}:
            continue
        # Quoted-printable mails break their lines with `=`.
        text = path.read_bytes().replace(b"=\r\n", b"").decode("utf-8", errors="replace")
        for host in re.findall(r"https?://([^/\"'<>\s]+)", text):
            known = host.endswith(".example") or host in {"schema.org", "ogp.me", "www.w3.org"}
            assert known, f"{path.name} names {host}"


def test_the_corrected_article_has_the_address_of_the_first_one() -> None:
    first, second = (
        (SAMPLES / "documents" / name).read_text(encoding="utf-8")
        for name in ("radios-handover-2014.html", "radios-handover-2014-corrected.html")
    )
    canonical = re.compile(r'rel="canonical" href="([^"]+)"')
    modified = re.compile(r'article:modified_time" content="([^"]+)"')
    assert canonical.findall(first) == canonical.findall(second)
    assert modified.findall(first) < modified.findall(second)


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path.suffix == ".eml"], ids=lambda path: path.name)
def test_mails_are_multipart_with_a_plain_text(path: Path) -> None:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    assert "BORDER LETTER" in body.get_content()
    assert message["Message-ID"]


def test_the_feed_has_content_of_two_kinds_and_a_link_to_a_file() -> None:
    feed = ElementTree.parse(SAMPLES / "documents" / "programme-news.atom").getroot()
    kinds = {content.get("type") for content in feed.iter(f"{ATOM}content")}
    assert kinds == {"html", "xhtml"}
    relative = [link.get("href") for link in feed.findall(f"{ATOM}entry/{ATOM}link") if "://" not in link.get("href", "")]
    assert relative
    assert all((SAMPLES / "documents" / href).is_file() for href in relative)


def test_word_files_are_word_files_and_pdfs_have_several_pages() -> None:
    from pypdfium2 import PdfDocument

    for path in DOCUMENTS:
        if path.suffix == ".docx":
            assert "word/document.xml" in zipfile.ZipFile(path).namelist()
        if path.suffix == ".pdf":
            document = PdfDocument(path)
            assert len(document) >= 2, path.name
            document.close()
