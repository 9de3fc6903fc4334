"""`python -m tests.bench.pages`: CPU time of each page in the Airflow UI with a hundred thousand claims in the store."""

from __future__ import annotations

import re
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert
from tests.bench.claims import CLAIMS_PER_DOCUMENT, claims

from bam.cockpit.access import visitor_of
from bam.cockpit.airflow_runs import DagLine, RunFacts
from bam.cockpit.app import make_app
from bam.cockpit.desk import Desk
from bam.cockpit.visitor import Visitor
from bam.model.claims import Claim
from bam.pipeline.publishing import publish
from bam.pipeline.staging import stage
from bam.settings import read_settings
from bam.store.claims import insert_claims
from bam.store.engine import Store
from bam.store.schema.documents import documents, version_texts, versions

BUDGET_SECONDS = 0.3
DOCUMENTS_AT_ONCE = 2000
TRIES = 3

PAGES: tuple[tuple[str, ...], ...] = (
    ("overview", ""),
    ("figures", "indicators?table=funding"),
    ("figures, all periods by amount", "indicators?table=funding&cadence=&sort=-amount_cents"),
    ("records of a figure", "indicators?table=funding", r"indicators/figure\?[^\"]+"),
    ("facilities with their stock", "indicators?table=facilities"),
    ("records", "indicators/records?table=workshops"),
    ("records by amount", "indicators/records?table=funding&sort=-amount"),
    ("records by words", "indicators/records?table=funding&words=bridge+pan"),
    ("records, page 100", "indicators/records?table=funding&sort=title&page=100"),
    ("record", "indicators/records?table=facilities", r"records/rec-\w+"),
    ("document", "indicators/records?table=facilities", r"records/rec-\w+", r"documents/doc-[^\"]+"),
    ("review", "review"),
    ("review, page 5", "review?page=5"),
    ("review of a record", "review", r"review/rec-\w+"),
    ("quality", "quality"),
    ("briefs", "briefs"),
)
"""Name, page, and the links that are followed from there."""


class NoRuns:
    """An Airflow without runs."""

    def latest(self, dag_ids: Collection[str]) -> list[DagLine]:
        return []

    def run(self, dag_id: str, run_id: str) -> RunFacts | None:
        return None


def main() -> int:
    """Make the store, or take one that is there, and print a table; gives 1 if a page is too slow."""
    parser = ArgumentParser(prog="python -m tests.bench.pages", description=__doc__)
    parser.add_argument("--claims", type=int, default=100_000, help="claims in the store (default 100000)")
    parser.add_argument("--home", type=Path, help="folder of the store; one that holds a store is used as it is")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bam-bench-pages-") as scratch:
        home = options.home or Path(scratch)
        if not (home / "bam.sqlite").exists():
            fill(home, options.claims // CLAIMS_PER_DOCUMENT)
        return measure(home)


def fill(home: Path, count: int) -> None:
    """A store with so many documents, their claims and one publication of all of them."""
    home.mkdir(parents=True, exist_ok=True)
    store = Store.open(f"sqlite:///{home / 'bam.sqlite'}")
    for first in range(0, count, DOCUMENTS_AT_ONCE):
        found = list(claims(min(DOCUMENTS_AT_ONCE, count - first), first=first))
        mains = {claim.version_id: claim for claim in found}.values()
        with store.write() as connection:
            connection.execute(insert(documents), [_document(claim) for claim in mains])
            connection.execute(insert(versions), [_version(claim) for claim in mains])
            connection.execute(insert(version_texts), list(_texts(found)))
            insert_claims(connection, found)
    with store.read() as connection:
        staged = stage(connection, "USD")
    with store.write() as connection:
        publish(connection, staged, "2026-11-02T00:00:00.000000+00:00")


def measure(home: Path) -> int:
    """Ask for each page; the best of some tries counts, since the machine does other things too."""
    settings = read_settings({"BAM_HOME": str(home)})
    pages = make_app(Desk(lambda: settings, runs=NoRuns()), b"bench")
    pages.dependency_overrides[visitor_of] = lambda: Visitor("bench", "bench", True, frozenset)
    app = FastAPI()
    app.mount("/monitor", pages)
    client = TestClient(app)
    table = Table("page", "CPU ms", "KB", title="CPU time of the server for one page")
    slow = 0
    for name, path, *links in PAGES:
        for link in links:
            found = re.search(rf'href="/monitor/({link})"', client.get(f"/monitor/{path}").text)
            assert found is not None, name
            path = found[1].replace("&amp;", "&").partition("#")[0]
        seconds, size = min(_asked(client, path) for _ in range(TRIES))
        slow += seconds > BUDGET_SECONDS
        table.add_row(name, f"{seconds * 1000:.0f}", f"{size / 1000:.0f}")
    Console().print(table)
    return 1 if slow else 0


def _asked(client: TestClient, path: str) -> tuple[float, int]:
    begin = time.process_time()
    answer = client.get(f"/monitor/{path}")
    assert answer.status_code == 200, f"{path}: {answer.text}"
    return time.process_time() - begin, len(answer.content)


def _document(claim: Claim) -> dict[str, Any]:
    witness = claim.witness
    return {
        "id": witness.document_id,
        "address": witness.address,
        "source_id": witness.source_id,
        "officiality": witness.officiality,
        "tlp": witness.tlp,
        "first_seen_at": claim.recorded_at,
        "copy_group": witness.copy_group,
    }


def _version(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.version_id,
        "document_id": claim.witness.document_id,
        "number": 1,
        "raw_sha256": "0" * 64,
        "text_sha256": "0" * 64,
        "media_type": "text/plain",
        "converter": "bench",
        "status": "converted",
        "publisher": claim.witness.publisher,
        "published_on": claim.published_on,
        "language": "en",
        "origins": {},
        "recorded_at": claim.recorded_at,
        "checked_at": claim.recorded_at,
    }


def _texts(found: list[Claim]) -> Iterator[dict[str, Any]]:
    """The quotes of each version at their places, with spaces between."""
    texts: dict[str, str] = {}
    for claim in found:
        quote = claim.evidence[0]
        texts[claim.version_id] = texts.get(claim.version_id, "").ljust(quote.start) + quote.quote
    for version_id, text in texts.items():
        yield {"version_id": version_id, "text": text, "blocks": [{"kind": "paragraph", "start": 0, "end": len(text)}]}


if __name__ == "__main__":
    sys.exit(main())
