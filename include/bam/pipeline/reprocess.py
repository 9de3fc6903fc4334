"""Reprocessing: what is archived is read again by the converter and extractor of today, looked at before it is kept, and can be
taken back afterwards.

Keeping it makes new claims wait for the next update, whose checks and publication are the usual ones. Claims are closed and
opened with their times, so that what was known at an earlier time stays what it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from bam.documents.similarity import sign
from bam.extraction import EXTRACTOR
from bam.model.claims import Claim, values_to_dict
from bam.model.errors import ConfigurationError
from bam.model.identity import content_id
from bam.model.records import ChangeKind, RecordChange
from bam.pipeline.context import RunContext
from bam.pipeline.extract import claim_of
from bam.pipeline.ingest import FILES_SOURCE
from bam.pipeline.ingest_reading import signed
from bam.pipeline.ingest_report import Problem
from bam.pipeline.ingest_store import COPY_RULE, signed_text, store_arrivals, version_of
from bam.pipeline.reread import Reread, readable_again, reread
from bam.pipeline.staging import Batch, stage
from bam.portfolio.sources import SourceBase
from bam.quality.review.facts import REVIEWER
from bam.quality.review.settling import settle
from bam.store.claims import close_claims, insert_claims, open_claims, read_claims_of_versions, read_stored_claims
from bam.store.copies import replace_signature
from bam.store.documents import STRUCTURED, add_version, lock_writers
from bam.store.extractions import is_extracted, note_extraction, read_texts, set_version_state
from bam.store.reprocessing import (
    ReprocessedVersion,
    Reprocessing,
    insert_reprocessed,
    is_standing,
    let_version_stand,
    mark_undone,
    read_reprocessed,
    read_reprocessings,
    set_extraction_undone,
    standing_version_ids,
    unreadable_files,
)


@dataclass(frozen=True, slots=True)
class ReprocessReport:
    """What reading again gave, and what it changes.

    `versions` were read, `converted_anew` have another text or structure now. `claims_same`, `claims_new` and `claims_gone` count
    by table what both extractors say, only the new one, only the old one. `changes` are those of the records beside the last
    publication, before any check; `figures` and `restated` count figures that change. `readable` are the addresses of files that
    couldn't be read and can be now. `run_id` is None where nothing was kept.
    """

    versions: int = 0
    converted_anew: tuple[str, ...] = ()
    claims_same: dict[str, int] = field(default_factory=dict)
    claims_new: dict[str, int] = field(default_factory=dict)
    claims_gone: dict[str, int] = field(default_factory=dict)
    changes: tuple[RecordChange, ...] = ()
    figures: int = 0
    restated: int = 0
    readable: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    run_id: str | None = None

    @property
    def sentence(self) -> str:
        """What changes, in one line."""
        kinds = Counter(change.kind for change in self.changes)
        return (
            f"{self.versions} versions read again, {len(self.converted_anew)} converted differently; claims:"
            f" {sum(self.claims_same.values())} the same, {sum(self.claims_new.values())} new,"
            f" {sum(self.claims_gone.values())} gone; records: {kinds[ChangeKind.ADD]} new, {kinds[ChangeKind.MOD]} changed,"
            f" {kinds[ChangeKind.DEL]} removed; {self.figures} figures change, {self.restated} of them of past periods."
        )


class _TakeBackError(Exception):
    """Ends a transaction whose changes were only to be looked at."""


def reprocess(
    context: RunContext, *, source_ids: Collection[str] = (), document_ids: Collection[str] = (), keep: bool = False
) -> ReprocessReport:
    """Read standing versions again from the archive and say what changes; with `keep` store it for the next update.

    Args:
        source_ids: only documents of these sources.
        document_ids: only these documents.

    Files that couldn't be read and can be now become documents with `keep`, which the next update extracts.

    Without `keep` the changes are made in a transaction that is taken back: what is shown is what an update would give.
    """
    with context.store.read() as connection:
        wanted = standing_version_ids(connection, source_ids=source_ids, document_ids=document_ids)
        unreadable = unreadable_files(connection, source_ids=source_ids, document_ids=document_ids)
    readable = list(readable_again(context, unreadable))
    found, problems = _read_all(context, wanted)
    at = context.timestamp()
    run_id = content_id("rep", at, EXTRACTOR)
    looked = _Looking()
    report = ReprocessReport()
    try:
        with context.store.write() as connection:
            lock_writers(connection)
            report = _Keeping(connection, context, run_id, at).keep(found)
            staged = stage(connection, context.portfolio.about.currency, look=looked)
            if not keep:
                raise _TakeBackError
    except _TakeBackError:
        run_id = ""
    for source_id, arrival in readable if keep else ():
        store_arrivals(context, _source_of(context, source_id), [arrival])
    return ReprocessReport(
        versions=len(found),
        converted_anew=report.converted_anew,
        claims_same=report.claims_same,
        claims_new=report.claims_new,
        claims_gone=report.claims_gone,
        changes=tuple(looked.changes),
        figures=len(staged.figures),
        restated=len(staged.restatements),
        readable=tuple(arrival.content.address for _, arrival in readable),
        problems=problems,
        run_id=run_id if run_id and report.run_id else None,
    )


def undo(context: RunContext, beginning: str) -> Reprocessing:
    """Take a reprocessing back: its claims are closed, those that it closed stand again, its extractor isn't asked again.

    Documents of which a newer version came in since keep that version.

    Raises:
        ConfigurationError: no reprocessing that stands begins so, or several do.
    """
    at = context.timestamp()
    with context.store.write() as connection:
        lock_writers(connection)
        runs = [run for run in read_reprocessings(connection) if run.run_id.startswith(beginning) and run.undone_at is None]
        if len(runs) != 1:
            raise ConfigurationError(
                f"{'no' if not runs else 'more than one'} reprocessing that can be taken back begins so",
                where=beginning,
                remedy="See `bam reprocess list`.",
            )
        (run,) = runs
        for row in read_reprocessed(connection, run.run_id):
            _undo_version(connection, row, at)
        mark_undone(connection, run.run_id, at)
        _settle(connection, run.run_id, at)
    return run


class _Looking:
    """Collects the changes of the batches that a staging shows."""

    def __init__(self) -> None:
        self.changes: list[RecordChange] = []

    def __call__(self, batch: Batch) -> None:
        self.changes += batch.changes


def _read_all(context: RunContext, wanted: Sequence[str]) -> tuple[list[Reread], tuple[Problem, ...]]:
    found: list[Reread] = []
    problems: list[Problem] = []
    with context.progress.task("Reading the archive again", len(wanted)) as advance:
        for one in reread(context, wanted):
            if isinstance(one, Problem):
                problems.append(one)
            else:
                found.append(one)
            advance(1)
    return found, tuple(problems)


class _Keeping:
    """Stores what was read again, inside one transaction."""

    def __init__(self, connection: Connection, context: RunContext, run_id: str, at: str) -> None:
        self._connection, self._context = connection, context
        self._run_id, self._at = run_id, at
        self._same: Counter[str] = Counter()
        self._new: Counter[str] = Counter()
        self._gone: Counter[str] = Counter()

    def keep(self, found: Iterable[Reread]) -> ReprocessReport:
        """Store what differs; versions of which nothing differs are left as they are."""
        rows = [row for one in found if (row := self._version(one)) is not None]
        insert_reprocessed(self._connection, rows)
        anew = tuple(row.new_version_id for row in rows if row.new_version_id != row.version_id)
        return ReprocessReport(
            converted_anew=anew,
            claims_same=dict(self._same),
            claims_new=dict(self._new),
            claims_gone=dict(self._gone),
            run_id=self._run_id if rows else None,
        )

    def _version(self, one: Reread) -> ReprocessedVersion | None:
        stored = one.stored
        claims = [each.claim for each in read_claims_of_versions(self._connection, [stored.version_id]) if not each.closed_at]
        before = [claim for claim in claims if claim.extractor != REVIEWER]
        is_structured = stored.status == STRUCTURED
        is_known = is_structured or is_extracted(self._connection, stored.version_id, one.extractor)
        if one.read is None and is_known and {_said(claim) for claim in before} == {_said(fact) for fact in one.facts}:
            self._same.update(str(claim.table) for claim in before)
            return None
        version_id = stored.version_id if one.read is None else self._new_version(one)
        after = [
            claim_of(stored, fact, one.published_on, self._at, version_id=version_id, extractor=one.extractor)
            for fact in one.facts
        ]
        self._count(before, after)
        opened = self._replace(before, after)
        if not is_structured and not is_extracted(self._connection, version_id, one.extractor):
            note_extraction(self._connection, version_id, one.extractor, self._at, claim_count=len(after))
        if one.waits_for_language:
            set_version_state(self._connection, version_id, "waiting_language", "the extractor doesn't read its language yet")
        elif stored.status == "waiting_language":
            set_version_state(self._connection, version_id, "converted", None)
        # A new text takes the claims of persons away as well; they are told apart again by the checks of what came in.
        closed = {claim.id for claim in (before if one.read is None else claims)} - {claim.id for claim in after}
        return ReprocessedVersion(
            run_id=self._run_id,
            version_id=stored.version_id,
            new_version_id=version_id,
            extractor=one.extractor,
            recorded_at=self._at,
            closed_claims=tuple(sorted(closed)),
            opened_claims=tuple(sorted(opened)),
        )

    def _new_version(self, one: Reread) -> str:
        """Store the document as it is converted now in place of the version that stands."""
        assert one.read is not None
        stored, read = one.stored, one.read
        version = version_of(_source_of(self._context, stored.source_id), read.document, stored.raw_sha256, stored.status)
        version_id = add_version(self._connection, stored.document_id, version, self._at, stands=True)
        if (signature := signed(read).signature) is not None:
            text = signed_text(stored.document_id, version_id, signature)
            replace_signature(self._connection, text, COPY_RULE, self._at)
        return version_id

    def _replace(self, before: Sequence[Claim], after: Sequence[Claim]) -> set[str]:
        """Close the claims that are no longer made and open those that are made now; gives the ids of the latter."""
        made = {claim.id for claim in after}
        gone = [claim.id for claim in before if claim.id not in made]
        close_claims(self._connection, gone, self._at, because="re_extracted", by=self._run_id)
        standing = {claim.id for claim in before}
        fresh = [claim for claim in after if claim.id not in standing]
        known = read_stored_claims(self._connection, [claim.id for claim in fresh])
        again = [each.claim.id for each in known if each.closed_because == "re_extracted"]
        open_claims(self._connection, again, self._at)
        insert_claims(self._connection, fresh)
        return {claim.id for claim in fresh} - ({each.claim.id for each in known} - set(again))

    def _count(self, before: Sequence[Claim], after: Sequence[Claim]) -> None:
        old, new = Counter(map(_said, before)), Counter(map(_said, after))
        for counts, found in ((self._same, old & new), (self._new, new - old), (self._gone, old - new)):
            for said, number in found.items():
                counts[said[0]] += number


def _source_of(context: RunContext, source_id: str) -> SourceBase:
    """The source of that id, or what stands for one that the portfolio no longer has."""
    return next((source for source in context.portfolio.sources if source.id == source_id), FILES_SOURCE)


def _said(one: Any) -> tuple[str, str, tuple[str, ...]]:
    """What a claim or a fact says: its table, its values and its quotes."""
    return str(one.table), repr(values_to_dict(one.values)), tuple(item.quote for item in one.evidence)


def _undo_version(connection: Connection, row: ReprocessedVersion, at: str) -> None:
    is_new_text = row.new_version_id != row.version_id
    claims = read_claims_of_versions(connection, {row.version_id, row.new_version_id})
    if not is_standing(connection, row.new_version_id):
        return
    opened, closed = set(row.opened_claims), set(row.closed_claims)
    close_claims(
        connection,
        [each.claim.id for each in claims if each.claim.id in opened and each.closed_at is None],
        at,
        because="re_extracted",
        by=row.run_id,
    )
    if is_new_text:
        let_version_stand(connection, row.version_id, row.new_version_id, at)
        (stored,) = read_texts(connection, [row.version_id])
        if (signature := sign(stored.text)) is not None:
            text = signed_text(stored.document_id, stored.version_id, signature)
            replace_signature(connection, text, COPY_RULE, at)
    again = [
        each.claim.id for each in claims if each.claim.id in closed and each.closed_because in ("re_extracted", "superseded")
    ]
    open_claims(connection, again, at)
    set_extraction_undone(connection, row.version_id, row.extractor, row.recorded_at)


def _settle(connection: Connection, run_id: str, at: str) -> None:
    """Let the decisions of people bear on the claims that stand again."""
    rows = read_reprocessed(connection, run_id)
    settle(connection, sorted({claim_id for row in rows for claim_id in (*row.closed_claims, *row.opened_claims)}), at)
