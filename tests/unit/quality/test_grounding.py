"""The grounding guard: a quote stands at its place in the text, or the claim is refused with the reason in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bam.model.claims import Evidence, Fact, FundingValues, Stage, Table
from bam.model.identity import sha256_hex
from bam.quality.grounding import StoredVersion, fault_of_evidence, fault_of_version, grounded

TEXT = "Japan gave 400 million yen. The post was opened."
QUOTE = Evidence(0, 26, "Japan gave 400 million yen")


@pytest.mark.parametrize(
    ("evidence", "fault"),
    [
        ((QUOTE,), None),
        ((), "no quote is given"),
        ((replace(QUOTE, quote="  "),), "the quote at 0 is empty"),
        ((replace(QUOTE, start=1, end=27),), "'Japan gave 400 million yen' stands at 0, not at 1"),
        ((replace(QUOTE, end=500),), "the quote at 0-500 lies outside the text of 48 characters"),
        ((replace(QUOTE, start=-3),), "the quote at -3-26 lies outside the text of 48 characters"),
        ((replace(QUOTE, quote="Japan gave 900 million yen"),), "the document doesn't say 'Japan gave 900 million yen'"),
        ((QUOTE, Evidence(28, 31, "the")), "the document doesn't say 'the'"),
    ],
)
def test_faults_are_told_in_words(evidence: tuple[Evidence, ...], fault: str | None) -> None:
    assert fault_of_evidence(TEXT, evidence) == fault


@given(st.text(min_size=1), st.data())
def test_every_slice_of_a_text_stands_and_no_shifted_one_does(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    item = Evidence(start, end, text[start:end])

    if item.quote.strip():
        assert fault_of_evidence(text, [item]) is None
        assert (fault_of_evidence(text, [replace(item, quote=item.quote + "x")])) is not None


def test_facts_of_an_inventive_extractor_are_parted() -> None:
    values = FundingValues(4e8, "JPY", Stage.DISBURSED)
    good = Fact(Table.FUNDING, values, (QUOTE,), 0.9)
    bad = Fact(Table.FUNDING, values, (replace(QUOTE, quote="Japan gave 900 million yen"),), 0.9)

    kept, refused = grounded([good, bad], TEXT)

    assert kept == [good]
    assert refused == [(bad, "the document doesn't say 'Japan gave 900 million yen'")]


RAW = b"<p>raw</p>"


@pytest.mark.parametrize(
    ("version", "archive", "fault"),
    [
        ({}, {sha256_hex(RAW): RAW}, None),
        ({}, {}, "the archive has no bytes under"),
        ({}, {sha256_hex(RAW): RAW + b" "}, "the archived bytes under .* have changed"),
        ({"text": None}, {sha256_hex(RAW): RAW}, "no text is stored"),
        ({"text": TEXT + " "}, {sha256_hex(RAW): RAW}, "the stored text has changed"),
    ],
)
def test_chain_to_the_archive(version: dict[str, str | None], archive: dict[str, bytes], fault: str | None) -> None:
    import re

    stored = replace(StoredVersion("ver-1", sha256_hex(RAW), sha256_hex(TEXT.encode()), TEXT), **version)

    found = fault_of_version(stored, archive.get)

    assert (found is None) if fault is None else re.search(fault, found or "")


def test_unconverted_version_is_judged_by_its_bytes() -> None:
    stored = StoredVersion("ver-1", sha256_hex(RAW), sha256_hex(b""), None)

    assert fault_of_version(stored, {sha256_hex(RAW): RAW}.get, needs_text=False) is None
