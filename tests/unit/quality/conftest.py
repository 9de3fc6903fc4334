"""A small clean world: documents, claims, records, ledger, totals and figures that fit together, for tests to spoil."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from bam.model.claims import (
    VALUES_BY_TABLE,
    Claim,
    ClaimValues,
    Evidence,
    FacilityStatus,
    FacilityType,
    FacilityValues,
    FollowUpValues,
    FundingValues,
    Stage,
    Table,
    Witness,
    WorkshopValues,
    values_to_dict,
)
from bam.model.identity import content_id, sha256_hex
from bam.model.records import Choice, Conversion, LedgerEntry, LifecycleEvent, Record, Total
from bam.portfolio.corrections import Correction
from bam.portfolio.load import Portfolio, PortfolioFile
from bam.portfolio.sources import FolderSource
from bam.quality.frames import (
    CheckContext,
    ClaimNotes,
    Drift,
    SourceActivity,
    VersionFacts,
    claim_frame,
    document_frame,
    extractor_frame,
    indicator_frame,
    ledger_frame,
    record_frame,
    source_frame,
    total_frame,
)
from bam.quality.intake import Bench, check_intake
from bam.quality.report import CheckReport
from bam.quality.review.actions import Hand
from bam.quality.review.memory import remember
from bam.records.ledger import count, totals
from bam.store.claims import StoredClaim, insert_claims, read_stored_claims, standing_claims
from bam.store.documents import DocumentIdentity, NewVersion, add_version, ensure_document
from bam.store.engine import Store
from bam.store.extractions import StoredText, close_claims_of_other_extractors, note_extraction, read_texts
from bam.store.quality import read_held
from bam.store.schema.documents import claims as claims_table

if TYPE_CHECKING:
    import pandas as pd

TODAY = dt.date(2026, 11, 2)
PUBLISHED = "2026-10-05"


def make_claim(claim_id: str, table: Table, values: ClaimValues, version: str = "ver-1", start: int = 0) -> Claim:
    """A claim of the third day of the month, with a quote of ten characters."""
    witness = Witness(f"doc-{version}", f"doc-{version}", "embassy", "Embassy", "official", "clear", "News", f"https://{version}")
    quote = Evidence(start, start + 10, "x" * 10)
    recorded_at = "2026-10-06T00:00:00.000000+00:00"
    return Claim(claim_id, version, table, values, (quote,), 0.9, "rules 1", PUBLISHED, recorded_at, witness)


def make_record(record_id: str, claim: Claim, **other: Any) -> Record:
    """The record of one claim."""
    choices = tuple(
        Choice(name, getattr(claim.values, name), "only", claim.id)
        for name in ("amount", "currency", "name", "topic", "conference")
        if hasattr(claim.values, name)
    )
    record = Record(record_id, claim.table, claim.values, choices, (claim.id,), 1, PUBLISHED, PUBLISHED, 0.9)
    return replace(record, **other)


@dataclass
class World:
    """Everything that the checks look at. Spoil a part of it, then call `frames`."""

    claims: list[Claim]
    records: list[Record]
    versions: list[VersionFacts]
    activities: list[SourceActivity]
    drifts: list[Drift]
    figures: list[dict[str, Any]]
    context: CheckContext = field(
        default_factory=lambda: CheckContext(TODAY, "USD", ("EU", "UN"), has_rates=lambda currency: currency != "TJS")
    )
    unfounded: dict[str, str] = field(default_factory=dict)
    unstated: dict[str, str] = field(default_factory=dict)
    unknown_conference: dict[str, str] = field(default_factory=dict)
    orphans: list[str] = field(default_factory=list)
    published: dict[tuple[str, str], float] = field(default_factory=dict)
    ledger: list[LedgerEntry] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    common_totals: list[Total] = field(default_factory=list)

    def claim(self, claim_id: str) -> Claim:
        return next(claim for claim in self.claims if claim.id == claim_id)

    def spoil_claim(self, claim_id: str, **changes: Any) -> str:
        """Change fields of a claim, or of its values where they are fields of those."""
        index = next(i for i, claim in enumerate(self.claims) if claim.id == claim_id)
        self.claims[index] = _changed(self.claims[index], changes)
        return claim_id

    def spoil_record(self, record_id: str, **changes: Any) -> str:
        index = next(i for i, record in enumerate(self.records) if record.id == record_id)
        self.records[index] = _changed(self.records[index], changes)
        return record_id

    def spoil_version(self, version_id: str, **changes: Any) -> str:
        index = next(i for i, version in enumerate(self.versions) if version.version_id == version_id)
        self.versions[index] = replace(self.versions[index], **changes)
        return version_id

    def spoil_source(self, **changes: Any) -> str:
        self.activities[0] = replace(self.activities[0], **changes)
        return self.activities[0].source_id

    def spoil_total(self, **changes: Any) -> str:
        """Change the first total in an original currency."""
        self.totals[0] = replace(self.totals[0], **changes)
        return f"{self.totals[0].total} in {self.totals[0].currency}"

    def spoil_entry(self, of_record: str, in_total: str, **changes: Any) -> str:
        index = next(i for i, entry in enumerate(self.ledger) if (entry.record_id, entry.total) == (of_record, in_total))
        self.ledger[index] = replace(self.ledger[index], **changes)
        return f"{self.ledger[index].record_id} in {self.ledger[index].total}"

    def spoil_figure(self, **changes: Any) -> str:
        self.figures[0] |= changes
        figure = self.figures[0]
        return f"{figure['table']} {figure['period']} {figure['key']} {figure['measure']}"

    def frames(self) -> dict[str, pd.DataFrame]:
        """The frames of all suites."""
        records = {record.id: record for record in self.records}
        claims = {claim.id: claim for claim in self.claims}
        notes = ClaimNotes(self.unfounded, self.unstated, self.unknown_conference, self.orphans)
        in_ledger = {entry.record_id for entry in self.ledger}
        return {
            "documents": document_frame(self.versions, self.context, {"embassy"}),
            "sources": source_frame(self.activities),
            "extractors": extractor_frame(self.drifts),
            "claims": claim_frame(self.claims, self.context, notes),
            "records": record_frame(self.records, claims, self.context, ledger_record_ids=in_ledger),
            "ledger": ledger_frame(self.ledger, records),
            "totals": total_frame(self.totals, self.common_totals, self.ledger, self.published),
            "indicators": indicator_frame(self.figures, records),
        }


def _changed(thing: Any, changes: dict[str, Any]) -> Any:
    own = {name: value for name, value in changes.items() if name in type(thing).__dataclass_fields__}
    of_values = {name: value for name, value in changes.items() if name not in own}
    return replace(thing, **own, **({"values": replace(thing.values, **of_values)} if of_values else {}))


def _version(number: int, document: str = "doc-ver-1") -> VersionFacts:
    return VersionFacts(
        version_id=f"ver-{number}",
        document_id=document,
        number=number,
        address="https://ver-1",
        source_id="embassy",
        officiality="official",
        tlp="clear",
        status="converted",
        reason=None,
        media_type="text/html",
        raw_sha256=sha256_hex(b"raw %d" % number),
        text_sha256=sha256_hex(b"text %d" % number),
        text_length=4000,
        title="News",
        publisher="Embassy",
        published_on=PUBLISHED,
        language="en",
        recorded_at="2026-10-06T00:00:00.000000+00:00",
    )


def clean_world() -> World:
    """Two sums, a facility, a course and a promise, each with claim and record."""
    claims = [
        make_claim("grant", Table.FUNDING, FundingValues(2e6, "USD", Stage.COMMITTED, ("US",), ("TJ",), date="2026-10-01")),
        make_claim("part", Table.FUNDING, FundingValues(5e5, "USD", Stage.COMMITTED, ("US",), ("TJ",), part_of=2e6), start=40),
        make_claim(
            "goods", Table.FUNDING, FundingValues(3e5, "EUR", Stage.DISBURSED, ("EU",), ("AF",), is_in_kind=True), start=80
        ),
        make_claim(
            "post",
            Table.FACILITIES,
            FacilityValues(
                "Post at the river", FacilityType.BORDER_POST, "TJ", None, FacilityStatus.OPERATIONAL, "2026-09", ("US",)
            ),
            start=120,
        ),
        make_claim(
            "course",
            Table.WORKSHOPS,
            WorkshopValues("Search of lorries", "2026-09-07", "2026-09-11", "AF", participants=14),
            start=160,
        ),
        make_claim(
            "promise",
            Table.FOLLOW_UPS,
            FollowUpValues("Third steering committee", "publish the map", "2026-10-02", parties=("AF",), due="2027-03"),
            start=200,
        ),
    ]
    conversion = Conversion(2e6, 2e6, 2e6, "USD", 1.0, "2026-10-01", "same currency")
    by_id = {claim.id: claim for claim in claims}
    events = (
        LifecycleEvent("under_construction", "2026-03", "post"),
        LifecycleEvent("operational", "2026-09", "post"),
    )
    records = [
        make_record("rec-grant", by_id["grant"], conversion=conversion),
        make_record("rec-part", by_id["part"], conversion=replace(conversion, amount=5e5), part_of="rec-grant"),
        make_record("rec-goods", by_id["goods"], conversion=replace(conversion, amount=345_000.0, rate=1.15)),
        make_record("rec-post", by_id["post"], events=events),
        make_record("rec-course", by_id["course"]),
        make_record("rec-promise", by_id["promise"], score="+1", score_claim_id="promise"),
    ]
    ledger = count(records)
    figure = {
        "table": "funding",
        "period": "2026-10",
        "key": "stage=committed",
        "measure": "amount_usd",
        "value": 2e6,
        "record_ids": ("rec-grant",),
    }
    return World(
        claims=claims,
        records=records,
        versions=[_version(1), _version(2)],
        activities=[SourceActivity("embassy", 7, 3, 2, 2.0, 40)],
        drifts=[Drift("funding", "rules 1", "rules 2", 30, 50, 52)],
        figures=[figure, figure | {"period": "2026-Q4"}],
        published={("stage=committed", "USD"): 1.5e6},
        ledger=ledger,
        totals=totals(ledger),
        common_totals=totals(ledger, "USD"),
    )


@pytest.fixture
def world() -> World:
    """A clean world of one's own."""
    return clean_world()


@pytest.fixture
def claim_of() -> Callable[..., Claim]:
    """Makes a claim: `claim_of(id, table, values)`."""
    return make_claim


@dataclass
class Desk:
    """A store with a clock that only tests move, and short words for what happens before a review."""

    store: Store
    minutes: int = 0
    archive: dict[str, bytes] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    folder: Path | None = None

    def now(self) -> str:
        """A minute later than the last time, as the store keeps it."""
        self.minutes += 1
        moment = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC) + dt.timedelta(minutes=self.minutes)
        return moment.isoformat(timespec="microseconds")

    def publish(self, text: str, address: str = "https://example.org/news") -> str:
        """A new version of the page at that address."""
        self.archive[sha256_hex(text.encode())] = text.encode()
        with self.store.write() as connection:
            identity = DocumentIdentity(address, "embassy", "official", "clear")
            document_id, _ = ensure_document(connection, identity, self.now())
            version = NewVersion(
                sha256_hex(text.encode()), "text/plain", "plain 1", "converted", published_on=PUBLISHED, text=text
            )
            return add_version(connection, document_id, version, self.now(), stands=True)

    def extract(self, version_id: str, facts: Sequence[tuple[ClaimValues, str]], extractor: str = "rules 1") -> list[str]:
        """What an extractor takes from a version: values with their quotes. Gives the ids of the claims."""
        now = self.now()
        with self.store.write() as connection:
            text = read_texts(connection, [version_id])[0]
            claims = [self._claim(text, values, quote, extractor, now) for values, quote in facts]
            close_claims_of_other_extractors(connection, version_id, extractor, now)
            insert_claims(connection, claims)
            note_extraction(connection, version_id, extractor, now, claim_count=len(claims))
            remember(connection, [version_id], now)
        return [claim.id for claim in claims]

    def spoil(self, claim_id: str, **columns: Any) -> str:
        """Change a stored claim as no program of ours would."""
        with self.store.write() as connection:
            connection.execute(update(claims_table).where(claims_table.c.id == claim_id).values(**columns))
        return claim_id

    def bench(self) -> Bench:
        """What an intake works with."""
        source = FolderSource(
            id="embassy", publisher="Embassy", officiality="official", kind="folder", path="news", rhythm_days=7
        )
        about = PortfolioFile(title="Test", countries=("TJ", "AF"))
        portfolio = Portfolio(Path(), about, (source,), (), (), (), (), corrections=self.corrections)
        return Bench(self.store, portfolio, self.archive.get, dt.datetime.fromisoformat(self.now()), self.folder)

    def intake(self) -> CheckReport:
        """Check what came in."""
        return check_intake(self.bench())

    def held(self) -> dict[str, str]:
        """Claims in quarantine now, with the check that keeps them there."""
        with self.store.read() as connection:
            return {each.row_id: each.check_name for each in read_held(connection, kind="claim")}

    def _claim(self, text: StoredText, values: ClaimValues, quote: str, extractor: str, now: str) -> Claim:
        table = next(table for table, cls in VALUES_BY_TABLE.items() if cls is type(values))
        start = text.text.index(quote)
        witness = Witness(text.document_id, text.document_id, "embassy", None, "official", "clear", None, text.address)
        claim_id = content_id("clm", text.version_id, extractor, table, values_to_dict(values), start)
        evidence = (Evidence(start, start + len(quote), quote),)
        return Claim(claim_id, text.version_id, table, values, evidence, 0.9, extractor, PUBLISHED, now, witness)

    def hand(self, by: str = "A. Analyst", reason: str = "the annex says so", **more: Any) -> Hand:
        return Hand(by, self.now(), reason, **more)

    def standing(self) -> list[Claim]:
        """The claims that stand now."""
        with self.store.read() as connection:
            return list(standing_claims(connection))

    def state(self, claim_id: str) -> StoredClaim:
        with self.store.read() as connection:
            return read_stored_claims(connection, [claim_id])[0]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with an empty store."""
    return Desk(Store.open(f"sqlite:///{tmp_path / 'bam.sqlite'}"))


@pytest.fixture
def make_desk() -> Callable[[], Desk]:
    """Makes desks with stores in memory, for tests that need many."""
    return lambda: Desk(Store.open("sqlite://"))
