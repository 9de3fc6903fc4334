"""What a run of the checks looks at, read from the store and made ready for the frames."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, fields
from statistics import median

from sqlalchemy import Connection

from bam.extraction import Resources, resources_of
from bam.extraction.lexicon import languages
from bam.model.claims import Claim, FundingValues, Stage, Table
from bam.portfolio.load import Portfolio
from bam.quality.frames import CheckContext, ClaimNotes, Drift, SourceActivity, VersionFacts
from bam.quality.grounding import ReadBytes, StoredVersion, fault_of_version, unfounded_claims
from bam.quality.statements import unknown_conference, unstated_value, words_of
from bam.records.money import convert, reference_rates
from bam.store.check_material import (
    claims_per_extractor,
    extractions_of_reread,
    read_grounds,
    read_version_facts,
    unchecked_versions_per_day,
)
from bam.store.quality import last_source_days, read_source_days

ALL_SOURCES = "all sources"
"""The row of the sources' frame that takes all of them together."""

_USUAL_WINDOW = dt.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What reading the archive and the texts showed: notes for claims, damage by version id."""

    notes: ClaimNotes
    damage: dict[str, str]


def check_context(portfolio: Portfolio, now: dt.datetime) -> CheckContext:
    """What the rows of this run are compared with."""
    common = portfolio.about.currency
    return CheckContext(
        today=now.astimezone(dt.UTC).date(),
        common_currency=common,
        known_parties=frozenset(organisation.party for organisation in portfolio.organisations),
        to_common=_to_common(common),
        has_rates=lambda currency: bool(reference_rates().series(currency)[0]),
    )


def _to_common(common: str) -> Callable[[float, str, str | None], float | None]:
    def to_common(amount: float, currency: str, date: str | None) -> float | None:
        conversion = convert(FundingValues(amount, currency, Stage.PLANNED, date=date), common, None)
        return None if conversion is None else conversion.amount

    return to_common


def read_versions(connection: Connection, version_ids: Collection[str], damage: dict[str, str]) -> list[VersionFacts]:
    """The versions for the frame of documents."""
    names = [spec.name for spec in fields(VersionFacts) if spec.name not in ("version_id", "damage")]
    return [
        VersionFacts(version_id=row.id, damage=damage.get(row.id), **{name: getattr(row, name) for name in names})
        for row in read_version_facts(connection, version_ids)
    ]


def read_ground(
    connection: Connection,
    claims: Iterable[Claim],
    version_ids: Collection[str],
    read_bytes: ReadBytes,
    portfolio: Portfolio,
    advance: Callable[[int], None] = lambda done: None,
) -> Grounds:
    """Follow claims and versions down to the archived bytes, a few texts at a time.

    Args:
        version_ids: versions to look at beside those of the claims.
        advance: told the number of versions read since it was last called.
    """
    of_version: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        of_version[claim.version_id].append(claim)
    damage: dict[str, str] = {}
    unfounded: dict[str, str] = {}
    unstated: dict[str, str] = {}
    unknown: dict[str, str] = {}
    seen: set[str] = set()
    for row in read_grounds(connection, {*of_version, *version_ids}):
        seen.add(row.id)
        version = StoredVersion(row.id, row.raw_sha256, row.text_sha256, row.text)
        mine = of_version.get(row.id, [])
        fault = fault_of_version(version, read_bytes, needs_text=bool(mine))
        if fault is not None:
            damage[row.id] = fault
        unfounded |= unfounded_claims(mine, {row.id: version}, damage)
        words = words_of(f"{row.title or ''}\n{row.text or ''}") if _names_conference(mine) else frozenset()
        resources = _resources_for(portfolio, row.language)
        for claim in mine:
            if resources is not None and (what := unstated_value(claim, row.text or "", resources)) is not None:
                unstated[claim.id] = what
            if (what := unknown_conference(claim, words)) is not None:
                unknown[claim.id] = what
        advance(1)
    orphans = {claim.id for version_id in of_version.keys() - seen for claim in of_version[version_id]}
    return Grounds(ClaimNotes(unfounded, unstated, unknown, orphans), damage)


def _names_conference(claims: Iterable[Claim]) -> bool:
    return any(claim.table is Table.FOLLOW_UPS for claim in claims)


def _resources_for(portfolio: Portfolio, language: str | None) -> Resources | None:
    """Words for reading the numbers of a quote; None for a language that we have none of."""
    if language is None:
        return resources_of(portfolio)
    return resources_of(portfolio, language) if language in languages() else None


def read_activity(connection: Connection, portfolio: Portfolio, now: dt.datetime) -> list[SourceActivity]:
    """What the enabled sources delivered, each and all together."""
    today = now.astimezone(dt.UTC).date()
    enabled = {source.id: source.rhythm_days for source in portfolio.sources if source.enabled}
    fresh = unchecked_versions_per_day(connection)
    days: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    last = last_source_days(connection)
    for source_id, day, count in (*read_source_days(connection, (today - _USUAL_WINDOW).isoformat()), *fresh):
        if source_id in enabled:
            days[source_id][day] += count
            days[ALL_SOURCES][day] += count
            last[source_id] = max(last.get(source_id, ""), day)
    found = [_activity(source_id, rhythm, days[source_id], last.get(source_id), today) for source_id, rhythm in enabled.items()]
    if len(enabled) > 1:
        latest = max((day for source_id, day in last.items() if source_id in enabled), default=None)
        found.append(_activity(ALL_SOURCES, min(enabled.values()), days[ALL_SOURCES], latest, today))
    return found


def _activity(source_id: str, rhythm_days: int, days: dict[str, int], last: str | None, today: dt.date) -> SourceActivity:
    earlier = [count for day, count in days.items() if day < today.isoformat()]
    return SourceActivity(
        source_id=source_id,
        rhythm_days=rhythm_days,
        silent_days=None if last is None else (today - dt.date.fromisoformat(last)).days,
        today_count=days.get(today.isoformat(), 0),
        usual_count=median(earlier) if earlier else None,
        active_days=len(earlier),
    )


def read_drift(connection: Connection, since: str | None = None) -> list[Drift]:
    """What the last two extractors took from each version that both have read: of those read after that time, or of all."""
    readers: dict[str, list[str]] = defaultdict(list)
    for version_id, extractor in extractions_of_reread(connection, since):
        readers[version_id].append(extractor)
    pairs = {version_id: (found[-2], found[-1]) for version_id, found in readers.items()}
    shared = Counter(pairs.values())
    counts: Counter[tuple[tuple[str, str], str, str]] = Counter()
    for version_id, extractor, table, count in claims_per_extractor(connection, pairs):
        counts[pairs[version_id], extractor, table] += count
    return [
        Drift(str(table), old, new, number, counts[(old, new), old, table], counts[(old, new), new, table])
        for (old, new), number in sorted(shared.items())
        for table in Table
    ]
