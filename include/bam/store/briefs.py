"""Issues of briefs as rows, and what they are made from by the two clocks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from bam.store.batches import in_batches
from bam.store.claims import last_day_of, stood_at
from bam.store.quality import ResultRow
from bam.store.schema.briefs import issues
from bam.store.schema.documents import claims, documents, versions
from bam.store.schema.quality import check_results, check_runs, quarantine

RENDERED = "rendered"


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One issue without its context. `recorded_at` and `created_at` are ISO 8601 in UTC, the hashes SHA-256 in hexadecimal."""

    id: str
    brief_id: str
    edition: str
    language: str
    period: str
    as_of: str
    recorded_at: str
    number: int
    context_sha256: str
    pdf_sha256: str
    status: str
    created_at: str


@dataclass(frozen=True, slots=True)
class KnownDocuments:
    """Documents known by both clocks: all, those published in a period, and those whose text waits."""

    documents: int
    in_period: int
    claims: int
    waiting: int


_COLUMNS = [issues.c[name] for name in IssueRow.__slots__]


def insert_issue(connection: Connection, row: IssueRow, context: str) -> bool:
    """Keep an issue; False where it is kept already, be it by another process in this moment."""
    values = {name: getattr(row, name) for name in IssueRow.__slots__} | {"context": context}
    try:
        with connection.begin_nested():
            connection.execute(insert(issues).values(values))
    except IntegrityError:
        return False
    return True


def read_issue(connection: Connection, issue_id: str) -> IssueRow | None:
    """The issue of that id."""
    row = connection.execute(select(*_COLUMNS).where(issues.c.id == issue_id)).first()
    return None if row is None else _issue(row)


def read_issue_context(connection: Connection, issue_id: str) -> str | None:
    """The context of an issue, byte for byte as it was stored."""
    found: str | None = connection.execute(select(issues.c.context).where(issues.c.id == issue_id)).scalar()
    return found


def read_issues(connection: Connection, brief_id: str | None = None, period: str | None = None) -> list[IssueRow]:
    """Issues by brief, period, edition and time, oldest first; all, or those of a brief or a period."""
    query = select(*_COLUMNS).order_by(
        issues.c.brief_id, issues.c.period, issues.c.edition, issues.c.recorded_at, issues.c.created_at, issues.c.id
    )
    if brief_id is not None:
        query = query.where(issues.c.brief_id == brief_id)
    if period is not None:
        query = query.where(issues.c.period == period)
    return [_issue(row) for row in connection.execute(query)]


def find_issue(connection: Connection, brief_id: str, edition: str, period: str, as_of: str, recorded_at: str) -> IssueRow | None:
    """The issue that was made by exactly these clocks."""
    query = select(*_COLUMNS).where(
        issues.c.brief_id == brief_id,
        issues.c.edition == edition,
        issues.c.period == period,
        issues.c.as_of == as_of,
        issues.c.recorded_at == recorded_at,
    )
    row = connection.execute(query.order_by(issues.c.created_at, issues.c.id).limit(1)).first()
    return None if row is None else _issue(row)


def issues_of_context(connection: Connection, context_sha256: str) -> list[IssueRow]:
    """Issues whose context has that hash."""
    return [_issue(row) for row in connection.execute(select(*_COLUMNS).where(issues.c.context_sha256 == context_sha256))]


def last_issue_before(connection: Connection, brief_id: str, edition: str, period: str, recorded_at: str) -> IssueRow | None:
    """The latest issue of a period that was made from an older publication than that time."""
    query = (
        select(*_COLUMNS)
        .where(
            issues.c.brief_id == brief_id,
            issues.c.edition == edition,
            issues.c.period == period,
            issues.c.recorded_at < recorded_at,
        )
        .order_by(issues.c.recorded_at.desc(), issues.c.created_at.desc(), issues.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else _issue(row)


def version_sources(connection: Connection, version_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """SHA-256 of the archived bytes and language (ISO 639-1, `und` where unknown) of these versions, by id."""
    found: dict[str, tuple[str, str]] = {}
    for batch in in_batches(sorted(set(version_ids))):
        query = select(versions.c.id, versions.c.raw_sha256, versions.c.language).where(versions.c.id.in_(batch))
        found.update({row.id: (row.raw_sha256, row.language or "und") for row in connection.execute(query)})
    return found


def known_documents(
    connection: Connection, *, as_of: str, recorded_at: str, period_start: str, period_end: str
) -> KnownDocuments:
    """What had been read by both clocks; `period_start` and `period_end` are ISO days."""
    stood = and_(
        versions.c.recorded_at <= recorded_at, or_(versions.c.superseded_at.is_(None), versions.c.superseded_at > recorded_at)
    )
    published = func.coalesce(versions.c.published_on, func.substr(versions.c.recorded_at, 1, 10))
    known = and_(stood, last_day_of(published) <= as_of)
    # Prefixes are compared as text: a month counts whole, a year alone belongs to no shorter period.
    in_period = and_(known, published >= period_start[:7], last_day_of(published) <= f"{period_end[:7]}-31")
    waits = versions.c.status != "converted"
    stated = func.coalesce(claims.c.published_on, func.substr(claims.c.recorded_at, 1, 10))
    claimed = select(func.count()).select_from(claims).where(stood_at(recorded_at), last_day_of(stated) <= as_of)
    return KnownDocuments(
        documents=_documents(connection, known),
        in_period=_documents(connection, in_period),
        claims=int(connection.execute(claimed).scalar_one()),
        waiting=_documents(connection, and_(known, waits)),
    )


def results_by(connection: Connection, recorded_at: str) -> list[ResultRow]:
    """The last result of every check by that time, by name; of runs that a later full run repeats none."""
    runs = connection.execute(
        select(check_runs.c.id, check_runs.c.phase).where(check_runs.c.ran_at <= recorded_at).order_by(check_runs.c.ran_at.desc())
    ).all()
    latest: dict[str, str] = {}
    for run in runs:
        latest.setdefault(run.phase, run.id)
        if run.phase == "full":
            break
    found: dict[str, ResultRow] = {}
    for run_id in latest.values():
        for row in connection.execute(select(check_results).where(check_results.c.run_id == run_id)):
            found.setdefault(
                row.check_name,
                ResultRow(
                    row.check_name, row.suite, row.severity, row.is_success, row.row_count, row.failing_count, (), row.sentence
                ),
            )
    return [found[name] for name in sorted(found)]


def quarantined_by(connection: Connection, recorded_at: str) -> int:
    """Claims that were kept out at that time."""
    held = select(func.count(quarantine.c.row_id.distinct())).where(
        quarantine.c.kind == "claim",
        quarantine.c.entered_at <= recorded_at,
        or_(quarantine.c.released_at.is_(None), quarantine.c.released_at > recorded_at),
    )
    return int(connection.execute(held).scalar_one())


def last_news(connection: Connection, recorded_at: str) -> dict[str, str]:
    """When the last new version came in by that time, by id of the source."""
    query = (
        select(documents.c.source_id, func.max(versions.c.recorded_at).label("at"))
        .join(versions, versions.c.document_id == documents.c.id)
        .where(versions.c.recorded_at <= recorded_at)
        .group_by(documents.c.source_id)
    )
    return {row.source_id: row.at for row in connection.execute(query)}


def _documents(connection: Connection, condition: ColumnElement[bool]) -> int:
    query = select(func.count(versions.c.document_id.distinct())).where(condition)
    return int(connection.execute(query).scalar_one())


def _issue(row: Row[Any]) -> IssueRow:
    return IssueRow(**row._mapping)
