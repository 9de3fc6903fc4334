"""A made-up portfolio to write briefs from: sums, facilities, trainings and promises of 2012 to 2022, in our own words.

Names of countries and towns are real, everything that is said of them is invented. `Story` turns rows into records, claims and a
ledger in the way the steps before the brief do, as of any day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from bam.briefs.material import Coverage, FailedCheck, Location, Material, QualitySummary, SourceHealth, testimony_of
from bam.documents.archive import Origin
from bam.model.claims import (
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
    WorkshopStatus,
    WorkshopValues,
)
from bam.model.dates import first_day, last_day
from bam.model.identity import content_id
from bam.model.records import Choice, LifecycleEvent, Record
from bam.pipeline.context import RunContext
from bam.pipeline.update import update
from bam.quality.report import CheckReport
from bam.quality.suites import CHECKS
from bam.records.ledger import count
from bam.records.money import convert
from bam.store.claims import insert_claims
from bam.store.documents import DocumentIdentity, NewVersion, add_version, ensure_document

PUBLISHERS = {
    "emb": ("Embassy of Japan in Tajikistan", "official", "https://embassy.example.org/jp/news/"),
    "eu": ("European Union Delegation", "official", "https://delegation.example.org/eu/press/"),
    "us": ("United States Embassy Dushanbe", "official", "https://embassy.example.org/us/news/"),
    "un": ("UNDP Tajikistan", "multilateral", "https://undp.example.org/tj/stories/"),
    "osce": ("OSCE Programme Office", "multilateral", "https://osce.example.org/press/"),
    "news": ("Pamir Daily", "media", "https://pamirdaily.example.org/"),
    "wire": ("Steppe News Agency", "media", "https://steppewire.example.org/item/"),
    "inst": ("Institute for Border Studies", "think_tank", "https://borderstudies.example.org/notes/"),
}

COORDINATES = {
    "Panj": (37.24, 69.10),
    "Nizhny Panj": (37.20, 68.60),
    "Khorog": (37.49, 71.55),
    "Ishkoshim": (36.72, 71.61),
    "Dushanbe": (38.56, 68.77),
    "Osh": (40.53, 72.80),
    "Batken": (40.06, 70.82),
    "Bishkek": (42.87, 74.59),
    "Termez": (37.22, 67.28),
    "Tashkent": (41.26, 69.22),
    "Almaty": (43.25, 76.95),
    "Ashgabat": (37.95, 58.38),
    "Kunduz": (36.73, 68.86),
    "Shir Khan Bandar": (37.18, 68.61),
    "Murghab": (38.17, 73.97),
}

TOLD: dict[str, list[list[Any]]] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))

TITLES = {
    Table.FUNDING: "New support for {}",
    Table.FACILITIES: "News from the {}",
    Table.WORKSHOPS: "Officers meet for a course: {}",
    Table.FOLLOW_UPS: "Conclusions of the {}",
}


@dataclass
class Story:
    """Records, claims and a ledger as of a day. `late` holds publishers' documents that are left out (to be found later)."""

    as_of: dt.date
    recorded_at: str = "2026-11-01T00:00:00.000000+00:00"
    claims: dict[str, Claim] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    without: frozenset[str] = frozenset()
    texts: dict[str, str] = field(default_factory=dict)

    def build(self) -> Story:
        """Tell everything that was published by the day."""
        for row in TOLD["funding"]:
            self._funding(row)
        for row in TOLD["facilities"]:
            self._facility(row)
        for row in TOLD["workshops"]:
            self._workshop(row)
        for row in TOLD["follow_ups"]:
            self._follow_up(row)
        return self

    def material(self, **changes: Any) -> Material:
        """The material of an issue."""
        records = tuple(sorted(self.records, key=lambda record: record.id))
        testimonies = tuple(
            testimony_of(claim, hashlib.sha256(claim.version_id.encode()).hexdigest(), "en")
            for _, claim in sorted(self.claims.items())
        )
        material = Material(
            records=records,
            ledger=tuple(count(records)),
            testimonies=testimonies,
            quality=QualitySummary(
                passed=41,
                failed=(
                    FailedCheck("claims.amount_is_plausible", "warning", CHECKS["claims.amount_is_plausible"][1].protects, 1),
                ),
                quarantined=2,
            ),
            sources=(
                SourceHealth("emb", "Embassy of Japan in Tajikistan", 71, 30),
                SourceHealth("eu", "European Union Delegation", 14, 14),
                SourceHealth("wire", "Steppe News Agency", 1, 2),
                SourceHealth("inst", "Institute for Border Studies", 146, 60),
            ),
            coverage=Coverage(
                documents=len({c.version_id for c in self.claims.values()}),
                documents_in_period=14,
                claims=len(self.claims),
                waiting=3,
            ),
            locations=tuple(
                Location(record.id, *COORDINATES[record.values.place])
                for record in records
                if isinstance(record.values, FacilityValues) and record.values.place in COORDINATES
            ),
        )
        return replace(material, **changes)

    def claim(self, publisher: str, published: str, values: ClaimValues, table: Table, quote: str, title: str) -> Claim:
        """One claim with its witness; the text of its document is the quote between two sentences of its own."""
        name, officiality, address = PUBLISHERS[publisher]
        slug = hashlib.sha256(f"{publisher}{published}{title}".encode()).hexdigest()[:8]
        document_id = content_id("doc", publisher, published, title)
        text = f"{title}. {quote} More on this page."
        start = text.index(quote)
        version_id = content_id("ver", document_id, text)
        self.texts[version_id] = text
        claim = Claim(
            id=content_id("clm", version_id, str(table), str(values)),
            version_id=version_id,
            table=table,
            values=values,
            evidence=(Evidence(start, start + len(quote), quote),),
            confidence=0.9,
            extractor="story 1",
            published_on=published,
            recorded_at=self.recorded_at,
            witness=Witness(document_id, document_id, publisher, name, officiality, "clear", title, f"{address}{slug}"),
        )
        self.claims[claim.id] = claim
        return claim

    def _skips(self, published: str, key: str) -> bool:
        return first_day(published) > self.as_of or key in self.without

    def _funding(self, row: list[Any]) -> None:
        publishers, published, amount, currency, stage, donors, recipients, programme, purpose, date, extras = row
        if self._skips(published, purpose):
            return
        values = FundingValues(
            amount=float(amount),
            currency=currency,
            stage=Stage(stage),
            donors=_codes(donors),
            recipients=_codes(recipients),
            programme=programme or None,
            purpose=purpose,
            date=date,
            is_cumulative=extras.get("cumulative", False),
            is_in_kind=extras.get("kind", False),
            is_cancelled=extras.get("cancelled", False),
        )
        who = donors.replace(",", " and ") or "The government"
        said = {"planned": "is to spend", "pledged": "promised", "committed": "signed for", "disbursed": "paid"}[stage]
        title = TITLES[Table.FUNDING].format(" ".join(recipients.split(",")))
        claims = []
        for index, publisher in enumerate(publishers.split(",")):
            told = replace(values, amount=extras["high"]) if index and "high" in extras else values
            quote = f"{who} {said} {currency} {told.amount:,.0f} for {purpose}."
            claims.append(self.claim(publisher, published, told, Table.FUNDING, quote, title))
        chosen = values if "high" not in extras else replace(values, amount_min=amount, amount_max=extras["high"])
        others = tuple((claim.values.amount, claim.id) for claim in claims[1:] if claim.values.amount != amount)  # type: ignore[union-attr]
        record_id = content_id("rec", "funding", purpose)
        part_of = (
            content_id("rec", "funding", "a five-year border partnership with three countries") if extras.get("part") else None
        )
        record = self._record(
            record_id, Table.FUNDING, chosen, claims, published, (Choice("amount", amount, "official", claims[0].id, others),)
        )
        self.records.append(
            replace(
                record, conversion=convert(chosen, "USD", published), part_of=part_of, flags=("amounts_differ",) if others else ()
            )
        )

    def _facility(self, row: list[Any]) -> None:
        publishers, name, kind, country, place, history, funders = row
        known = [(status, date) for status, date in history if last_day(date) <= self.as_of]
        if not known or name in self.without:
            return
        claims, events = [], []
        for index, (status, date) in enumerate(known):
            names = publishers.split(",")
            values = FacilityValues(
                name=name, type=FacilityType(kind), country=country, place=place or None, funders=_codes(funders),
                status=FacilityStatus(status) if status in set(FacilityStatus) else FacilityStatus.PLANNED, status_date=date,
            )  # fmt: skip
            verb = {
                "planned": "is to be built",
                "under_construction": "is being built",
                "operational": "is open",
                "closed": "was closed",
            }
            quote = f"The {name[0].lower() + name[1:]} {verb.get(status, 'was given up')} as of {date}."
            claims.append(
                self.claim(
                    names[index % len(names)], date, values, Table.FACILITIES, quote, TITLES[Table.FACILITIES].format(name)
                )
            )
            events.append(LifecycleEvent(status, date, claims[-1].id))
        choices = (Choice("status", known[-1][0], "newest", claims[-1].id),)
        record = self._record(
            content_id("rec", "facility", name), Table.FACILITIES, claims[-1].values, claims, known[0][1], choices
        )
        self.records.append(replace(record, events=tuple(events), last_published_on=known[-1][1]))

    def _workshop(self, row: list[Any]) -> None:
        publisher, topic, start, end, country, place, organisers, participants, audience, status, programme, number = row
        published = (end or start) if status == "held" else "2022-03-15"
        if self._skips(published, topic):
            return
        values = WorkshopValues(
            topic=topic, start=start, end=end, country=country, place=place, organisers=_codes(organisers),
            participants=participants, audience=_codes(audience), status=WorkshopStatus(status),
            programme=programme or None, count=number,
        )  # fmt: skip
        people = f"{participants} officers" if participants else "Officers"
        verb = "took part in" if status == "held" else "are invited to"
        verb = "took part in" if status == "held" else "are invited to"
        quote = f"{people} {verb} the course on {topic[0].lower() + topic[1:]} in {place}."
        claim = self.claim(publisher, published, values, Table.WORKSHOPS, quote, TITLES[Table.WORKSHOPS].format(topic))
        choices = (Choice("participants", participants, "only", claim.id),) if participants else ()
        self.records.append(
            self._record(content_id("rec", "workshop", topic, start), Table.WORKSHOPS, values, [claim], published, choices)
        )

    def _follow_up(self, row: list[Any]) -> None:
        publisher, conference, date, place, commitment, parties, due, score = row
        if self._skips(date, commitment):
            return
        values = FollowUpValues(
            conference=conference,
            commitment=commitment,
            conference_date=date,
            conference_place=place,
            parties=_codes(parties),
            due=due,
        )
        quote = f"The participants agreed to {commitment}" + (f" by {due}." if due else ".")
        claim = self.claim(publisher, date, values, Table.FOLLOW_UPS, quote, TITLES[Table.FOLLOW_UPS].format(conference))
        record = self._record(content_id("rec", "follow_up", conference, commitment), Table.FOLLOW_UPS, values, [claim], date, ())
        late = (self.as_of - last_day(due)).days if due else 0
        is_overdue = late > 0 and score in ("NE", "0")
        self.records.append(replace(record, score=score, is_overdue=is_overdue, overdue_days=late if is_overdue else None))

    def _record(
        self, record_id: str, table: Table, values: ClaimValues, claims: list[Claim], published: str, choices: tuple[Choice, ...]
    ) -> Record:
        return Record(
            id=record_id,
            table=table,
            values=values,
            choices=choices,
            claim_ids=tuple(dict.fromkeys(claim.id for claim in claims)),
            witness_count=len({claim.witness.copy_group for claim in claims}),
            first_published_on=published,
            last_published_on=published,
            confidence=0.9,
        )


def keep(context: RunContext, told: Story) -> None:
    """Put the story's documents and claims into a store and its archive, as if they had been read, and publish the tables."""
    at = context.timestamp()
    for claim in told.claims.values():
        witness = claim.witness
        text = told.texts[claim.version_id]
        origin = Origin(witness.address, at, witness.source_id)
        version = NewVersion(
            raw_sha256=context.archive.put(text.encode(), origin),
            media_type="text/plain",
            converter="story 1",
            status="converted",
            title=witness.title,
            publisher=witness.publisher,
            published_on=claim.published_on,
            language="en",
            text=text,
        )
        identity = DocumentIdentity(f"{witness.address}/{claim.id}", witness.source_id, witness.officiality, witness.tlp)
        with context.store.write() as connection:
            document_id, _ = ensure_document(connection, identity, at)
            version_id = add_version(connection, document_id, version, at, stands=True)
            insert_claims(connection, [replace(claim, version_id=version_id, recorded_at=at)])
    update(context, intake=lambda _: CheckReport(), gate=lambda _: Unchecked())


class Unchecked:
    """Lets all tables through: what is checked is the quality step's matter."""

    def look(self, *_: Any) -> None:
        """Nothing is looked at."""

    def verdict(self, *_: Any) -> CheckReport:
        """Nothing was found."""
        return CheckReport()


def _codes(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(",") if part)
