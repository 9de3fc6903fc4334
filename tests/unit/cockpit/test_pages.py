"""What each page shows of the sample data, and where its links lead."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import re
from urllib.parse import quote

import pytest
from tests.unit.cockpit.conftest import NOW, Site

from bam.cockpit.airflow_runs import DagLine, RunFacts
from bam.cockpit.desk import Desk, NotYetError
from bam.cockpit.overview import due_at, next_period
from bam.indicators.snapshot import Snapshot
from bam.model.claims import Table
from bam.model.periods import Cadence
from bam.quality.queue import build_queue
from bam.records.rules import RULES
from bam.store.briefs import read_issues
from bam.store.claims import read_stored_claims
from bam.store.records import read_records

pytestmark = pytest.mark.xdist_group("cockpit")


class TestOverview:
    def test_says_how_things_are(self, site: Site) -> None:
        site.runs.lines = [DagLine("ingest", True, "run 1", "success", NOW.isoformat(), None, "samples: 7 new documents")]
        text = site.get("").text
        for source in site.context.portfolio.sources:
            assert f"{source.id} has never been read." in text
        assert "1</b> issue waits for approval" in text
        assert "Quarterly register, 2026-Q4 (en)" in text
        assert re.search(r"\d+</b> claims? (is|are) in quarantine", text)
        assert "Post to come (operational)" in text
        assert "samples: 7 new documents" in text
        assert "/monitor/runs/ingest/run%201" in text

    def test_shows_only_runs_that_the_visitor_may_see(self, site: Site) -> None:
        site.runs.lines = [DagLine("maintenance", False, "r", "failed", NOW.isoformat(), None, "hidden words")]
        assert "hidden words" not in site.get("").text

    @pytest.mark.parametrize(
        ("now", "cadence", "period"),
        [
            ("2026-11-22T12:00", Cadence.MONTH, "2026-11"),
            ("2026-12-01T06:59", Cadence.MONTH, "2026-11"),
            ("2026-12-01T07:00", Cadence.MONTH, "2026-12"),
            ("2027-01-01T03:00", Cadence.QUARTER, "2026-Q4"),
        ],
    )
    def test_the_next_brief_is_that_of_the_period_that_goes_on(self, now: str, cadence: Cadence, period: str) -> None:
        moment = dt.datetime.fromisoformat(now).replace(tzinfo=dt.UTC)
        found = next_period(moment, cadence)
        assert found.name == period
        assert due_at(found) > moment or now.endswith("07:00")


class TestIndicators:
    @pytest.mark.parametrize("table", ["funding", "facilities", "workshops", "follow_ups"])
    def test_a_figure_leads_to_its_records_and_their_sentences(self, site: Site, table: str) -> None:
        figure = site.paths(f"indicators?table={table}&cadence=", "indicators/figure")[0]
        records = site.paths(figure, "records/rec-")
        assert records
        place = site.get(site.paths(figure, "claims/clm-")[0]).headers["location"]
        document = site.get(place.removeprefix("/monitor/").partition("#")[0])
        assert f'id="{place.partition("#")[2]}"' in document.text
        assert re.search(r'<mark class="[\w ]+ focus"', document.text)

    def test_filters_sort_and_periods_agree_with_the_file(self, site: Site) -> None:
        query = "table=funding&cadence=monthly&stage=disbursed"
        page = site.get(f"indicators?{query}&sort=-amount_cents").text
        rows = list(csv.DictReader(io.StringIO(site.get(f"indicators.csv?{query}").text)))
        assert rows
        assert {row["stage"] for row in rows} == {"disbursed"}
        assert {row["cadence"] for row in rows} == {"monthly"}
        assert f"of {len(rows)}</span>" in page
        shown = [int(number.replace(",", "")) for number in re.findall(r'</a></td><td class="number">([\d,]+)', page)]
        assert shown == sorted(shown, reverse=True)

    def test_a_part_of_a_value_is_enough_where_it_is_typed(self, site: Site) -> None:
        whole = site.get("indicators?table=follow_ups&cadence=").text
        part = site.get("indicators?table=follow_ups&cadence=&in_conference=PANJ").text
        assert 0 < part.count("<tr>") < whole.count("<tr>") + 1
        assert "No figure fits" in site.get("indicators?table=follow_ups&in_conference=panj;party").text

    def test_pages_of_records_are_cut_by_the_database(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bam.cockpit.indicators.PAGE_SIZE", 3)
        seen: list[str] = []
        page: str | None = "indicators/records?table=facilities&sort=title"
        while page:
            seen += [path for path in site.paths(page, "records/rec-") if path not in seen]
            links = re.findall(r'rel="next" href="/monitor/([^"]+)"', site.get(page).text)
            page = links[0].replace("&amp;", "&") if links else None
        with site.context.store.read() as connection:
            stored = {f"records/{one.record.id}" for one in read_records(connection) if one.record.table == "facilities"}
        assert set(seen) == stored

    def test_words_find_titles_and_nothing_is_a_pattern(self, site: Site) -> None:
        assert "Post to come" not in site.get("indicators/records?table=facilities&words=come").text
        with site.context.store.read() as connection:
            title = read_records(connection, table=Table.FACILITIES)[0].title
        assert html.escape(title) in site.get(f"indicators/records?table=facilities&words={quote(title.upper())}").text
        assert "No record fits" in site.get("indicators/records?table=facilities&words=%25zzz").text

    def test_past_states_by_both_clocks(self, site: Site) -> None:
        before = site.get("indicators/records?table=facilities&as_of=2024-06-30")
        assert before.status_code == 200
        assert "what had been published by 2024-06-30" in before.text
        now = site.get("indicators/records?table=facilities")
        assert before.text.count("/records/rec-") < now.text.count("/records/rec-")
        assert "Nothing had been published here by then" in site.get("indicators?recorded=2020-01-01").text
        figures = site.get("indicators?table=facilities&as_of=2024-06-30&cadence=")
        assert "planned" in figures.text
        link = site.paths("indicators?table=facilities&as_of=2024-06-30&cadence=", "indicators/figure")[0]
        assert site.paths(link, "records/rec-")

    def test_a_past_state_that_takes_long_comes_by_itself(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        def never(*_: object) -> Snapshot:
            raise NotYetError

        monkeypatch.setattr(Desk, "as_of", never)
        answer = site.get("indicators?as_of=2024-06-30")
        assert answer.status_code == 202
        assert answer.headers["refresh"] == "2"

    @pytest.mark.parametrize("query", ["as_of=yesterday", "period=2014-13", "page=0", "table=money", "cadence=weekly"])
    def test_what_cannot_be_read_is_said(self, site: Site, query: str) -> None:
        answer = site.get(f"indicators?{query}")
        assert answer.status_code == 422
        assert "<h1>" in answer.text

    def test_the_file_of_records_has_all_of_them(self, site: Site) -> None:
        rows = list(csv.DictReader(io.StringIO(site.get("indicators/records.csv?table=facilities").text)))
        with site.context.store.read() as connection:
            stored = read_records(connection, table=Table.FACILITIES)
        assert {row["record_id"]: row["title"] for row in rows} == {one.record.id: one.title for one in stored}
        word = stored[0].title.split()[0]
        found = csv.DictReader(io.StringIO(site.get(f"indicators/records.csv?table=facilities&words={quote(word)}").text))
        assert {word.casefold() in row["title"].casefold() for row in found} == {True}


class TestRecord:
    def test_shows_values_claims_history_and_lifecycle(self, site: Site) -> None:
        path = site.paths("indicators/records?table=facilities", "records/rec-")[0]
        text = site.get(path).text
        with site.context.store.read() as connection:
            record = read_records(connection, record_ids=[path.removeprefix("records/")])[0].record
            claims = read_stored_claims(connection, record.claim_ids)
        for stored in claims:
            assert stored.claim.id in text
        assert record.events
        assert text.count('<li class="legal">') == len([event for event in record.events if event.is_legal and event.claim_id])
        assert "added" in text
        assert any(meaning in text for meaning in RULES.values())

    def test_a_beginning_leads_to_the_whole_id(self, site: Site) -> None:
        path = site.paths("indicators/records?table=facilities", "records/rec-")[0]
        answer = site.get(path[:-3])
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/monitor/{path}"

    def test_an_unknown_record_is_one_line(self, site: Site) -> None:
        assert site.get("records/rec-nothing").status_code == 422
        assert site.get("claims/clm-nothing").status_code == 404


class TestDocument:
    def test_every_claim_is_highlighted_and_has_an_anchor(self, site: Site) -> None:
        record = site.paths("indicators/records?table=follow_ups", "records/rec-")[0]
        document = site.paths(record, "documents/doc-")[0].partition("#")[0]
        text = site.get(document).text
        anchors = set(re.findall(r'id="(clm-\w+)"', text))
        listed = set(re.findall(r"claim=(clm-\w+)#", text))
        assert anchors
        assert anchors == listed
        assert '<mark class="follow_ups' in text

    def test_versions_can_be_compared(self, site: Site) -> None:
        record = site.paths("indicators/records?table=funding", "records/rec-")
        documents = {path.partition("?")[0] for one in record for path in site.paths(one, "documents/doc-")}
        changed = [link for one in documents for link in site.paths(one, "documents/doc-\\w+/changes")]
        assert changed
        text = site.get(changed[0]).text
        assert "<del>" in text
        assert "<ins>" in text

    def test_unknown_versions_and_documents_are_not_found(self, site: Site) -> None:
        record = site.paths("indicators/records?table=facilities", "records/rec-")[0]
        document = site.paths(record, "documents/doc-")[0].partition("?")[0]
        for path in (f"{document}?version=99", f"{document}/changes?old=1&new=99", "documents/doc-nothing"):
            assert site.get(path).status_code == 404


class TestQuality:
    def test_shows_results_runs_and_what_fails(self, site: Site) -> None:
        text = site.get("quality").text
        assert "checks pass" in text
        assert "What happened is not in the future" in text
        run = site.paths("quality", 'quality/runs/[^"]+-intake')[0]
        assert "claims.currency_is_iso_4217" in site.get(run).text
        assert site.get("quality/runs/nothing").status_code == 404


class TestBriefs:
    def test_an_issue_shows_its_pages_and_its_figures_lead_to_sentences(self, site: Site) -> None:
        issue = site.paths("briefs?brief=quarterly", "briefs/iss-\\w+$")[:1] or site.paths(
            "briefs?brief=quarterly", "briefs/iss-"
        )
        text = site.get(issue[0]).text
        pictures = re.findall(r'src="/monitor/(briefs/[^"]+\.png)"', text)
        assert len(pictures) > 2
        assert site.get(pictures[0]).content.startswith(b"\x89PNG")
        assert site.get(f"{issue[0]}/pages/99.png").status_code == 404
        assert site.get(f"{issue[0]}/pdf").content.startswith(b"%PDF-")
        assert "attachment" in site.get(f"{issue[0]}/pdf?download=true").headers["content-disposition"]
        figures = site.paths(issue[0], "briefs/iss-\\w+/figures/")
        sentences = [link for figure in figures for link in site.paths(figure, "claims/clm-")]
        assert sentences
        assert "#clm-" in site.get(sentences[0]).headers["location"]

    def test_the_list_says_where_each_issue_stands(self, site: Site) -> None:
        text = site.get("briefs").text
        assert "waits for approval" in text
        assert re.search(r"\d sent", text)
        assert "head-of-unit" in site.get("briefs/deliveries?state=sent").text


class TestRuns:
    def test_the_run_of_a_brief_leads_to_its_issue(self, site: Site) -> None:
        with site.context.store.read() as connection:
            issue = read_issues(connection, "quarterly")[0]
        site.runs.facts["brief_quarterly", "manual__1"] = _facts("brief_quarterly", "manual__1", (issue.id,))
        assert site.get("runs/brief_quarterly/manual__1").headers["location"] == f"/monitor/briefs/{issue.id}"

    def test_the_run_of_ingest_lists_its_documents(self, site: Site) -> None:
        site.runs.facts["ingest", "scheduled__2026-11-22T05:00:00+00:00"] = _facts("ingest", "scheduled", ())
        text = site.get("runs/ingest/scheduled__2026-11-22T05%3A00%3A00%2B00%3A00").text
        assert "/monitor/documents/doc-" in text
        site.runs.facts["extract", "r"] = _facts("extract", "r", ())
        assert "/monitor/documents/doc-" in site.get("runs/extract/r").text

    def test_runs_of_other_dags_are_refused(self, site: Site) -> None:
        site.runs.facts["secret", "r"] = _facts("secret", "r", ())
        assert site.get("runs/secret/r").status_code == 403
        assert site.get("runs/ingest/none").status_code == 404


def test_the_queue_has_the_order_of_the_command(site: Site) -> None:
    with site.context.store.read() as connection:
        expected = [f"review/{item.id}" for item in build_queue(connection, limit=20)]
    assert list(dict.fromkeys(path for path in site.paths("review", "review/(?:rec|clm)-") if path in expected)) == expected


def _facts(dag_id: str, run_id: str, issue_ids: tuple[str, ...]) -> RunFacts:
    start, end = (NOW - dt.timedelta(minutes=1)).isoformat(), (NOW + dt.timedelta(minutes=1)).isoformat()
    return RunFacts(dag_id, run_id, "success", start, end, None, issue_ids)
