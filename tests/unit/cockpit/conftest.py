"""The pages over a small store that is made once: a few sample documents, their tables, and a brief that waits for approval."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import FastAPI, Header, HTTPException
from fastapi.testclient import TestClient
from sqlalchemy import select

from bam.cockpit.access import visitor_of
from bam.cockpit.airflow_requests import Decided
from bam.cockpit.airflow_runs import DagLine, RunFacts
from bam.cockpit.app import make_app
from bam.cockpit.desk import Desk
from bam.cockpit.visitor import Visitor
from bam.model.claims import Evidence, FacilityStatus, FacilityType, FacilityValues, Table
from bam.pipeline.brief import render_editions
from bam.pipeline.context import RunContext, open_context
from bam.pipeline.deliver import deliver_issue
from bam.pipeline.extract import extract_pending
from bam.pipeline.ingest import ingest_paths
from bam.pipeline.update import update
from bam.settings import Settings, read_settings
from bam.store.claims import insert_claims, standing_claims
from bam.store.schema.documents import version_texts

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
DOCUMENTS = (
    "kokul-plan-2023.html",
    "kokul-works-2025.html",
    "kokul-opening-2026.html",
    "radios-handover-2014.html",
    "radios-handover-2014-corrected.html",
    "border-letter-2026-11.eml",
    "panj-conference-conclusions-2014.md",
)


@dataclass
class FakeRuns:
    """DAG runs that a test sets."""

    lines: list[DagLine] = field(default_factory=list)
    facts: dict[tuple[str, str], RunFacts] = field(default_factory=dict)

    def latest(self, dag_ids: Any) -> list[DagLine]:
        return [line for line in self.lines if line.dag_id in dag_ids]

    def run(self, dag_id: str, run_id: str) -> RunFacts | None:
        return self.facts.get((dag_id, run_id))


@dataclass
class FakeRequests:
    """Tasks that wait, each with what it asks about; their answers are kept."""

    waiting: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: list[tuple[str, str | None, str]] = field(default_factory=list)

    def settle(self, dag_id: str, decided: Decided, by: Visitor) -> int:
        asked = self.waiting.get(dag_id, {})
        if decision := decided(asked) if asked else None:
            self.answers.append((dag_id, decision, by.name))
        return len(self.answers)


@dataclass
class Site:
    """The pages with somebody who looks at them."""

    client: TestClient
    desk: Desk
    runs: FakeRuns
    requests: FakeRequests
    home: Path

    @property
    def context(self) -> RunContext:
        return self.desk.context()

    def get(self, path: str, person: str = "operator", **headers: str) -> Any:
        return self.client.get(f"/monitor/{path}", headers={"X-Person": person, **headers}, follow_redirects=False)

    def token(self, person: str = "operator") -> str:
        """The token in the forms of a person's pages."""
        seal = self.client.app.routes[-1].app.state.seal  # type: ignore[attr-defined]
        return str(seal.token(person, NOW))

    def post(self, path: str, person: str = "operator", **fields: str) -> Any:
        """Send a form as a page of ours would; `token` may be given."""
        data = {"token": self.token(person)} | fields
        return self.client.post(f"/monitor/{path}", data=data, headers={"X-Person": person}, follow_redirects=False)

    def paths(self, page: str, pattern: str, person: str = "operator") -> list[str]:
        """The links of a page that match, below the root."""
        text = self.get(page, person).text
        return [link.replace("&amp;", "&") for link in re.findall(rf'href="/monitor/({pattern}[^"]*)"', text)]


def settings_of(home: Path) -> Settings:
    return read_settings({"BAM_HOME": str(home)})


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BAM_HOME with everything in it; copy it before changing it."""
    home = tmp_path_factory.mktemp("cockpit") / "home"
    settings = settings_of(home)
    with open_context(settings, now=lambda: NOW) as context:
        for name in DOCUMENTS:
            ingest_paths(context, [settings.samples / "documents" / name])
        extract_pending(context)
        _add_a_claim_that_a_check_holds(context)
        update(context)
        for brief_id, period in (("quarterly", "2026-Q4"), ("flash", "2026-11")):
            for issue in render_editions(context, brief_id, period):
                deliver_issue(context, issue.issue_id)
    return home


def _add_a_claim_that_a_check_holds(context: RunContext) -> None:
    """A post that was opened next year, whatever extractors find in the documents."""
    with context.store.write() as connection:
        known = next(standing_claims(connection))
        (text,) = connection.execute(select(version_texts.c.text).where(version_texts.c.version_id == known.version_id)).one()
        values = FacilityValues("Post to come", FacilityType.BORDER_POST, "TJ", "Panj", FacilityStatus.OPERATIONAL, "2027-05")
        quote = Evidence(0, 30, text[:30])
        insert_claims(connection, [replace(known, id="clm-held", table=Table.FACILITIES, values=values, evidence=(quote,))])


@pytest.fixture
def site(stored: Path, tmp_path: Path) -> Iterator[Site]:
    home = tmp_path / "home"
    shutil.copytree(stored, home)
    runs, requests = FakeRuns(), FakeRequests()
    desk = Desk(lambda: settings_of(home), lambda: NOW, runs, requests)
    pages = make_app(desk, b"k" * 32)
    pages.dependency_overrides[visitor_of] = _person
    app = FastAPI()
    app.mount("/monitor", pages)
    yield Site(TestClient(app), desk, runs, requests, home)
    desk.close()


def _person(x_person: Annotated[str, Header()] = "") -> Visitor:
    if x_person not in ("operator", "viewer", "second"):
        raise HTTPException(401, "Not authenticated")
    return Visitor(x_person, x_person, x_person != "viewer", lambda: frozenset({"ingest", "extract", "brief_quarterly"}))
