"""A brief followed back: whatever is altered on the way, the figures that rest on it are named."""

from __future__ import annotations

import datetime as dt
import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pikepdf
import pytest

from bam.briefs.codec import to_json
from bam.briefs.verify import own_faults
from bam.model.claims import FundingValues
from bam.model.errors import BamError
from bam.pipeline.brief import IssueReport, read_context, render_issue
from bam.pipeline.context import RunContext, open_context
from bam.pipeline.verify_brief import verify_brief
from bam.settings import read_settings

NOW = dt.datetime(2022, 4, 1, 6, 0, tzinfo=dt.UTC)


def _story() -> ModuleType:
    path = Path(__file__).parents[1] / "briefs" / "story.py"
    spec = importlib.util.spec_from_file_location("bam_brief_story", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def monitor(tmp_path: Path) -> Iterator[RunContext]:
    story = _story()
    with open_context(read_settings({"BAM_HOME": str(tmp_path / "home")}), now=lambda: NOW) as context:
        story.keep(context, story.Story(dt.date(2022, 3, 31)).build())
        yield context


@pytest.fixture
def issued(monitor: RunContext) -> IssueReport:
    return render_issue(monitor, "flash", "2022-03")


def test_a_brief_that_is_as_it_was_holds(monitor: RunContext, issued: IssueReport) -> None:
    report = verify_brief(monitor, issued.pdf_path)
    assert report.faults == ()
    assert report.figures > 10
    assert report.claims > 50


def test_one_altered_byte_in_an_archived_document_names_the_figure(monitor: RunContext, issued: IssueReport) -> None:
    context = read_context(monitor, issued.issue_id)
    pledged = context.figure("key.pledged")
    testimony = next(one for one in context.material.testimonies if one.claim_id == pledged.claim_ids[0])
    archived = next(Path(monitor.settings.archive_url).rglob(testimony.raw_sha256))
    data = bytearray(archived.read_bytes())
    data[0] ^= 1
    archived.chmod(0o600)
    archived.write_bytes(data)
    faults = [fault.sentence for fault in verify_brief(monitor, issued.pdf_path).faults]
    assert any(sentence.startswith(f"Pledged: {pledged.text} (key.pledged): {testimony.claim_id}") for sentence in faults)
    assert all("the archived bytes" in sentence for sentence in faults)


def test_an_altered_page_is_found(monitor: RunContext, issued: IssueReport, tmp_path: Path) -> None:
    altered = tmp_path / "altered.pdf"
    with pikepdf.open(issued.pdf_path) as pdf:
        pdf.pages[0].Contents = pdf.make_stream(pdf.pages[0].Contents.read_bytes() + b"\n")
        pdf.save(altered)
    assert [fault.shown for fault in verify_brief(monitor, altered).faults] == ["the pages"]


def test_an_altered_figure_is_found(monitor: RunContext, issued: IssueReport) -> None:
    context = read_context(monitor, issued.issue_id)
    wrong = replace(context.figure("key.pledged"), value=1.0)
    altered = replace(context, figures=tuple(wrong if figure.id == wrong.id else figure for figure in context.figures))
    assert [fault.id for fault in own_faults(altered)] == ["key.pledged"]


def test_an_altered_sentence_is_found(monitor: RunContext, issued: IssueReport) -> None:
    context = read_context(monitor, issued.issue_id)
    altered = replace(context, headlines=context.headlines[1:])
    assert [fault.shown for fault in own_faults(altered)] == ["a sentence, table or mark"]


def test_an_altered_record_is_found(monitor: RunContext, issued: IssueReport) -> None:
    context = read_context(monitor, issued.issue_id)
    record = next(one for one in context.material.records if isinstance(one.values, FundingValues))
    assert isinstance(record.values, FundingValues)
    wrong = replace(record, values=replace(record.values, amount=record.values.amount + 1))
    records = tuple(wrong if one.id == wrong.id else one for one in context.material.records)
    altered = replace(context, material=replace(context.material, records=records))
    assert any("no claim of it says that its amount is" in fault.what for fault in own_faults(altered))
    assert to_json(altered) != to_json(context)


def test_what_is_no_brief_gives_one_clear_line(monitor: RunContext, tmp_path: Path) -> None:
    with pytest.raises(BamError, match="the file is missing"):
        verify_brief(monitor, tmp_path / "nothing.pdf")
    (tmp_path / "text.pdf").write_text("not a PDF")
    with pytest.raises(BamError, match="no PDF that can be read"):
        verify_brief(monitor, tmp_path / "text.pdf")
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "blank.pdf")
    with pytest.raises(BamError, match="it is no brief of ours"):
        verify_brief(monitor, tmp_path / "blank.pdf")
