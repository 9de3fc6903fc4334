"""Hostile files: thousands of mutated pages, PDFs, DOCX files, mails and XML files. Each is converted or refused with a reason,
in time and in memory; nothing else ever happens.
"""

from __future__ import annotations

import io
import multiprocessing
import random
import resource
import signal
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache

import pytest
from tests.unit.documents.test_files import letter, note_docx, report_pdf

from bam.documents.convert import convert
from bam.documents.iati_text import read_iati
from bam.model.errors import ConversionError
from bam.sources.feeds import parse_feed

FILES_PER_FORMAT = 420
SECONDS = 20
"""Of the processor: what else the machine does can't fail a test."""

MEGABYTES = 1000

PAGE = b"""<!DOCTYPE html><html lang=en><head><title>A story - Desk</title><meta property="article:published_time"
content="2014-03-04"><script type="application/ld+json">{"@type":"NewsArticle","headline":"A story"}</script></head><body><nav>
<ul><li><a href=/a>Menu</a></ul></nav><main><h1>A story</h1><p class=byline>By Desk, 4 March 2014</p>
<p>The ministry received 30 vehicles worth USD 3 million, &amp; more will follow.</p><table><tr><th>Donor<th>Sum<tr>
<td rowspan=2>Japan<td>3</table><ol start=3><li>one<ol type=a><li>two</ol></ol><dl><dt>Budget<dd>EUR 3</dl><pre>a  b
c  d</pre></main><footer>x</footer></body></html>"""

FEED = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Desk</title><entry><id>1</id><title>A</title>
<link href="https://desk.example/1"/><updated>2014-03-04T10:00:00Z</updated><content type="html">&lt;p&gt;Thirty vehicles for the
north were handed over.&lt;/p&gt;</content></entry></feed>"""

IATI = b"""<iati-activities><iati-activity default-currency="USD"><iati-identifier>X-1</iati-identifier><title>
<narrative>T</narrative></title><transaction><transaction-type code="2"/>
<value value-date="2014-01-01">5</value></transaction></iati-activity></iati-activities>"""

TOKENS = [
    *(b"<", b">", b"</", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"&", b"&#x110000;", b"&#0;", b"\x00", b"\xff\xfe", b"\r", b'"'),
    *(b"<div>" * 300, b"<table><tr><td>" * 80, b"<li><ol>" * 80, b"<svg><script>", b"\xed\xa0\x80", b"9" * 500, b"(" * 300),
    *(b"<!DOCTYPE a [<!ENTITY x 'xx'>]>", b"&x;&x;", b"../../../etc/passwd", b"rowspan=999999999", b"start=-99999999999"),
    *(
        b"\nContent-Type: multipart/mixed; boundary=x\n--x\n",
        b"=?utf-8?b?////?=",
        b"charset=no-such",
        b" endobj",
        b"/Length 99999999",
    ),
    *("\u202e\u200b\u0301".encode() * 50, b"a" * 4000, b" " * 4000, b"- - - -", b"1.1.1.1.1.", b"| |" * 200),
]


@lru_cache(maxsize=1)
def _formats() -> dict[str, tuple[bytes, Callable[[bytes], object]]]:
    mail = letter()
    mail.add_attachment(note_docx(), maintype="application", subtype="octet-stream", filename="note.docx")

    def as_file(name: str) -> Callable[[bytes], object]:
        return lambda data: convert(data, name)

    return {
        "html": (PAGE, as_file("a.html")),
        "pdf": (report_pdf(), as_file("a.pdf")),
        "docx": (note_docx(), as_file("a.docx")),
        "eml": (mail.as_bytes(), as_file("a.eml")),
        "xml": (FEED, as_file("a.atom")),
        "iati": (IATI, lambda data: read_iati(data, "a.xml", lambda name, _: name)),
        "text": (b"Head\n\n" + PAGE.replace(b"<", b"* "), as_file("a.md")),
    }


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one to six faults: cut, doubled, swapped, flipped, or hostile pieces put in."""
    result = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(max(1, len(result)))
        length = chance.randint(1, max(1, min(400, len(result) // 4)))
        kind = chance.randrange(6)
        if kind == 0:
            del result[place : place + length]
        elif kind == 1:
            result[place:place] = result[place : place + length] * chance.randint(1, 20)
        elif kind == 2:
            result[place:place] = chance.choice(TOKENS)
        elif kind == 3:
            result[place : place + length] = chance.randbytes(length)
        elif kind == 4 and result:
            result[place % len(result)] ^= 1 << chance.randrange(8)
        else:
            del result[place:]
    return bytes(result)


def mutated_inside_zip(data: bytes, chance: random.Random) -> bytes:
    """A ZIP file whose parts are mutated and packed again, so that the fault reaches the parser behind the archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            is_hit = name in ("word/document.xml", "word/numbering.xml", "word/styles.xml") and chance.random() < 0.6
            new.writestr(name, mutated(content, chance) if is_hit else content)
    return file.getvalue()


def _convert_all(name: str, seed: int, count: int, answer: multiprocessing.connection.Connection) -> None:
    """In a process of its own: convert `count` mutated files; anything but a result or a ConversionError ends it."""
    base, converter = _formats()[name]
    converter(base)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    resource.setrlimit(resource.RLIMIT_AS, (3 * 1024**3, 3 * 1024**3))
    chance = random.Random(seed)
    for number in range(count):
        is_inner = name == "docx" and number % 2
        data = mutated_inside_zip(base, chance) if is_inner else mutated(base, chance)
        answer.send(number)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        with suppress(ConversionError):
            converter(data)
        signal.setitimer(signal.ITIMER_PROF, 0)
    answer.send(("megabytes", (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used) / 1024))


@pytest.mark.parametrize("name", ["html", "pdf", "docx", "eml", "xml", "iati", "text"])
def test_mutated_files_end_in_a_document_or_a_reason(name: str) -> None:
    _formats()
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe(duplex=False)
    process = fork.Process(target=_convert_all, args=(name, 20_140_305, FILES_PER_FORMAT, theirs))
    process.start()
    theirs.close()
    last: object = None
    while True:
        try:
            last = ours.recv()
        except EOFError:
            break
    process.join()
    assert process.exitcode == 0, f"file {last} of {name} ended the process"
    assert isinstance(last, tuple)
    assert last[1] < MEGABYTES


def test_there_are_enough_of_them() -> None:
    assert FILES_PER_FORMAT * len(_formats()) >= 2000


@pytest.mark.parametrize(
    "data",
    [
        b"9" * 5_000_000,
        b"a " * 2_500_000,
        b"(" * 1_000_000,
        b"- " * 1_000_000,
        b"\n" * 1_000_000 + b"x",
        b"| a " * 500_000,
        b"**a** " * 300_000,
        b"a" * 3_000_000,
        b"1.1." * 500_000,
        b"Home > " * 200_000,
        b"USD/EUR 1.5 " * 100_000,
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_long_monotonous_files_end_in_time(data: bytes, name: str) -> None:
    def too_slow(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, too_slow)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    reason = ""
    try:
        convert(data, name)
    except ConversionError as error:
        reason = str(error)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    assert "TimeoutError" not in reason


def test_feeds_with_hostile_dates() -> None:
    for date in ("9999999-99-99", "Tue, 99 Foo 99999 99:99:99 +9999", "-1", "\u0660" * 400):
        parse_feed(FEED.replace(b"2014-03-04T10:00:00Z", date.encode()), "x")
