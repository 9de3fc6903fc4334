"""Issues: made once from the same knowledge, the same in every order, kept with their hashes and files."""

from __future__ import annotations

import datetime as dt
import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from bam.model.errors import BamError, ConfigurationError
from bam.model.identity import sha256_hex
from bam.pipeline.brief import latest_period, read_context, read_pdf, render_issue
from bam.pipeline.context import RunContext, open_context
from bam.portfolio.recipients import Edition
from bam.settings import read_settings
from bam.store.briefs import read_issues

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
    """A store that holds the story as of the end of March 2022."""
    story = _story()
    with open_context(read_settings({"BAM_HOME": str(tmp_path / "home")}), now=lambda: NOW) as context:
        story.keep(context, story.Story(dt.date(2022, 3, 31)).build())
        yield context


def test_an_issue_is_made_once(monitor: RunContext) -> None:
    first = render_issue(monitor, "flash", "2022-03")
    again = render_issue(monitor, "flash", "2022-03")
    assert first.is_new
    assert not again.is_new
    assert replace(again, is_new=True) == first
    assert sha256_hex(first.pdf_path.read_bytes()) == first.pdf_sha256
    with monitor.store.read() as connection:
        assert [row.id for row in read_issues(connection)] == [first.issue_id]
    assert read_context(monitor, first.issue_id).heading.period == "2022-03"


def test_a_lost_file_is_made_again_as_it_was(monitor: RunContext) -> None:
    first = render_issue(monitor, "flash", "2022-03")
    data = first.pdf_path.read_bytes()
    first.pdf_path.unlink()
    assert read_pdf(monitor, first.issue_id) == data
    first.pdf_path.write_bytes(data[:-1])
    assert read_pdf(monitor, first.issue_id) == data


def test_the_order_of_issues_changes_nothing(monitor: RunContext, tmp_path: Path) -> None:
    months = ["2022-01", "2022-02", "2022-03"]
    forward = {month: render_issue(monitor, "flash", month).pdf_sha256 for month in months}
    story = _story()
    settings = read_settings({"BAM_HOME": str(tmp_path / "other")})
    with open_context(settings, now=lambda: NOW) as other:
        story.keep(other, story.Story(dt.date(2022, 3, 31)).build())
        backward = {month: render_issue(other, "flash", month).pdf_sha256 for month in reversed(months)}
    assert backward == forward


def test_a_late_document_changes_no_issued_brief_and_is_restated_in_the_next(tmp_path: Path) -> None:
    story = _story()
    late = "solar power for six posts in Murghab"
    clock = {"now": dt.datetime(2022, 3, 1, 6, 0, tzinfo=dt.UTC)}
    with open_context(read_settings({"BAM_HOME": str(tmp_path / "home")}), now=lambda: clock["now"]) as context:
        story.keep(context, story.Story(dt.date(2022, 2, 28), without=frozenset({late})).build())
        february = render_issue(context, "monthly", "2022-02")
        clock["now"] = NOW
        story.keep(context, story.Story(dt.date(2022, 3, 31)).build())
        again = render_issue(context, "monthly", "2022-02", recorded_at=february.recorded_at)
        march = render_issue(context, "monthly", "2022-03")
        changes = read_context(context, march.issue_id).changes
    assert (again.issue_id, again.pdf_sha256) == (february.issue_id, february.pdf_sha256)
    assert changes is not None
    restated = [(row.measure, row.period, row.old, row.new) for row in changes.restatements]
    assert ("Disbursed", "November 2021", "USD\u00a00", "USD\u00a0450,000") in restated


def test_editions_show_the_same_figures(monitor: RunContext) -> None:
    monthly, flash = render_issue(monitor, "monthly", "2022-03"), render_issue(monitor, "flash", "2022-03")
    russian = render_issue(monitor, "monthly", "2022-03", edition=Edition("ru"))
    figures = [
        {figure.id: (figure.value, figure.low, figure.high) for figure in read_context(monitor, report.issue_id).figures}
        for report in (monthly, flash, russian)
    ]
    assert figures[0] == figures[2]
    assert {key: figures[0][key] for key in figures[1] if key in figures[0]} == {
        key: value for key, value in figures[1].items() if key in figures[0]
    }
    assert {"key.pledged", "key.committed", "key.disbursed", "key.people_trained"} <= set(figures[1])


def test_an_edition_for_one_country_keeps_to_it(monitor: RunContext) -> None:
    report = render_issue(monitor, "monthly", "2022-03", edition=Edition("en", ("KG",)))
    context = read_context(monitor, report.issue_id)
    assert context.heading.edition == "en-KG"
    assert context.heading.scope == "Kyrgyzstan"
    assert context.facilities is not None
    assert {row.place.rpartition(", ")[2] for row in context.facilities.rows} == {"Kyrgyzstan"}


def test_the_latest_period_is_that_of_the_latest_news(monitor: RunContext) -> None:
    assert str(latest_period(monitor, "monthly")) == "2022-03"
    assert str(latest_period(monitor, "quarterly")) == "2022-Q1"


@pytest.mark.parametrize(
    ("brief_id", "period", "message"),
    [
        ("monthly", "2022-13", "'2022-13' is no period"),
        ("monthly", "2022-Q1", "2022-Q1 is no monthly period. Write a month, such as 2014-03."),
        ("monthly", "2022-07", "the period 2022-07 has not begun"),
        ("monthly", "2001-01", "nothing is known as of 2001-01-31"),
    ],
)
def test_a_wrong_period_gives_one_clear_line(monitor: RunContext, brief_id: str, period: str, message: str) -> None:
    with pytest.raises(BamError, match=message):
        render_issue(monitor, brief_id, period)


def test_an_unknown_brief_names_the_known_ones(monitor: RunContext) -> None:
    with pytest.raises(ConfigurationError, match=r"known: monthly, flash, quarterly"):
        render_issue(monitor, "weekly", "2022-03")


def test_without_tables_there_is_no_brief(tmp_path: Path) -> None:
    with (
        open_context(read_settings({"BAM_HOME": str(tmp_path)}), now=lambda: NOW) as context,
        pytest.raises(BamError, match="nothing was published yet"),
    ):
        render_issue(context, "monthly", "2022-03")
