"""The visits of one source in one run: which addresses are visited, and what is noted of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from bam.documents.archive import Origin
from bam.model.errors import FetchError
from bam.pipeline.context import RunContext
from bam.pipeline.ingest_reading import read_arrival
from bam.pipeline.ingest_report import IngestReport, Problem
from bam.pipeline.ingest_store import store_arrivals
from bam.portfolio.sources import SourceBase
from bam.sources.model import Candidate, Content, Gone, Known, Later, Outcome, Reader, Refused, Unchanged, Window
from bam.store.documents import lock_writers, mark_vanished
from bam.store.sources import (
    AddressState,
    Visit,
    address_states,
    all_addresses,
    due_addresses,
    note_listed,
    note_visit,
)

RETRY_HOURS = (1, 6, 24, 72, 168)
"""How long a failing address is left alone, by failures in a row."""

DEFAULT_PAGES = 500

STORED_AT_ONCE = 50
"""Addresses whose content is stored in one transaction. What a killed run had read and not stored is read again by the next."""

LONGEST_WAIT_SECONDS = 2.0
"""How long bytes may wait for others before they are read, and what was read before it is stored."""

MOST_WAITING_BYTES = 4_000_000
"""From how many bytes on those that wait are read."""


class Fetched(NamedTuple):
    """Bytes of one address, archived, that wait to be read: see `read_arrival`."""

    content: Content
    sha256: str
    visit: Visit
    state: AddressState | None


class Visits:
    """The visits of one source in one run.

    Bytes are archived at once, and read when some are together: fetching, reading and storing by turns would have the processor
    fetch anew, for each page, everything that each of these needs, and take a tenth longer.
    """

    def __init__(self, context: RunContext, source: SourceBase, reader: Reader) -> None:
        self.context = context
        self.source = source
        self.reader = reader
        self._waiting: list[Fetched] = []
        self._waiting_since = context.now()

    def read_all(self, window: Window | None) -> IngestReport:
        """List, visit what asks for it, and note what is no longer there.

        Raises:
            FetchError: the listing can't be read, or not one of the visited addresses.
        """
        candidates = list({each.address: each for each in self.reader.candidates(window)}.values())
        with self.context.store.write() as connection:
            lock_writers(connection)
            note_listed(connection, self.source.id, (each.address for each in candidates), self.context.timestamp())
        chosen = candidates if self.reader.visits_all else self._due(candidates, window)
        report = self.visit_all(chosen, self.source.id)
        unread = (*report.failures, *report.postponed)
        if chosen and len(unread) == len(chosen):
            raise FetchError(
                f"none of {len(chosen)} addresses could be read (the first: {unread[0]})",
                where=f"source {self.source.id}",
                remedy="It is tried again later; look at the addresses if it stays so.",
            )
        self._note_listings()
        if self.reader.notes_missing:
            report += self._note_missing({each.address for each in candidates})
        return report

    def visit_all(self, candidates: Sequence[Candidate], label: str) -> IngestReport:
        """Visit these addresses one after the other."""
        with self.context.store.read() as connection:
            states = address_states(connection, self.source.id, [each.address for each in candidates])
        report = IngestReport()
        with self.context.progress.task(f"Reading {label}", len(candidates)) as advance:
            try:
                for candidate in candidates:
                    report += self._visit(candidate, states.get(candidate.address))
                    advance(1)
            except FetchError:
                self._store_waiting()
                raise
            report += self._store_waiting()
        return report

    def _due(self, listed: Sequence[Candidate], window: Window | None) -> list[Candidate]:
        """Of the listed addresses those that are new, changed since, or come with their content; of all that are known those
        whose time has come. A run for days long past looks only at what it lists.
        """
        limit = getattr(self.source, "max_pages", DEFAULT_PAGES)
        by_address = {each.address: each for each in listed}
        with self.context.store.read() as connection:
            states = address_states(connection, self.source.id, list(by_address))
            due = due_addresses(connection, self.source.id, self.context.timestamp(), limit + len(listed))
        is_backfill = window is not None and window[1] < self.context.now().date() - dt.timedelta(days=2)
        chosen = {each.address: by_address[each.address] for each in due if each.address in by_address}
        for candidate in listed:
            if candidate.content is not None or _has_news(candidate, states.get(candidate.address)):
                chosen.setdefault(candidate.address, candidate)
        if self.reader.revisits and not is_backfill:
            for state in due:
                chosen.setdefault(state.address, Candidate(state.address))
        return list(chosen.values())[:limit]

    def _visit(self, candidate: Candidate, state: AddressState | None) -> IngestReport:
        known = Known(state.etag, state.last_modified) if state and state.is_sound else None
        outcome = self.reader.visit(candidate, known)
        if isinstance(outcome, Unchanged) and known is None:
            # Nobody asked whether it had changed: an answer that we can't have read before is no success.
            outcome = Later("the server says that nothing has changed, but was not asked that")
        if isinstance(outcome, Content):
            self._waiting.append(self._archived(candidate, outcome, state))
            return self._store_waiting() if self._is_time_to_store() else IngestReport()
        return self._store_waiting() + self._note(candidate, outcome, state)

    def _is_time_to_store(self) -> bool:
        if len(self._waiting) == 1:
            self._waiting_since = self.context.now()
        return (
            len(self._waiting) >= STORED_AT_ONCE
            or self._has_waited(self._waiting_since)
            or sum(len(each.content.data) for each in self._waiting) >= MOST_WAITING_BYTES
        )

    def _has_waited(self, since: dt.datetime) -> bool:
        return (self.context.now() - since).total_seconds() >= LONGEST_WAIT_SECONDS

    def _store_waiting(self) -> IngestReport:
        """Read all that waits and store it together; where reading takes long, what was read until then."""
        waiting, self._waiting = self._waiting, []
        report, arrivals, since = IngestReport(), [], self.context.now()
        for fetched in waiting:
            arrivals.append(read_arrival(self.context, *fetched))
            if self._has_waited(since):
                report += store_arrivals(self.context, self.source, arrivals)
                arrivals, since = [], self.context.now()
        return report + store_arrivals(self.context, self.source, arrivals)

    def _archived(self, candidate: Candidate, content: Content, state: AddressState | None) -> Fetched:
        """Archive the bytes and note what their visit gave."""
        origin = Origin(
            address=content.address,
            seen_at=self.context.timestamp(),
            source_id=self.source.id,
            media_type=content.content_type,
            status=content.status,
            headers=content.headers,
            licence=self.source.licence,
            tlp=self.source.tlp,
        )
        sha256 = self.context.archive.put(content.data, origin)
        visit = Visit(
            candidate.address,
            "same",
            raw_sha256=sha256,
            etag=content.etag,
            last_modified=content.last_modified,
            next_visit_at=self._revisit_at(state),
        )
        return Fetched(content, sha256, visit, state)

    def _note(self, candidate: Candidate, outcome: Outcome, state: AddressState | None) -> IngestReport:
        """Keep an outcome without content."""
        problem = Problem(candidate.address, getattr(outcome, "reason", ""))
        visit, report = self._noted(candidate, outcome, problem, state)
        at = self.context.timestamp()
        with self.context.store.write() as connection:
            lock_writers(connection)
            note_visit(connection, self.source.id, visit, at)
            if state and state.document_id and isinstance(outcome, Gone | Unchanged):
                vanished_at = at if isinstance(outcome, Gone) else None
                is_news = mark_vanished(connection, state.document_id, vanished_at)
                if isinstance(outcome, Gone):
                    return IngestReport(vanished=(problem,)) if is_news else IngestReport()
        return report

    def _noted(
        self, candidate: Candidate, outcome: Outcome, problem: Problem, state: AddressState | None
    ) -> tuple[Visit, IngestReport]:
        """What is kept of an outcome without content, and how it is reported."""
        longest = self._retry_at(None, len(RETRY_HOURS))
        if isinstance(outcome, Gone):
            return Visit(candidate.address, "vanished", outcome.reason, next_visit_at=longest), IngestReport(failures=(problem,))
        if isinstance(outcome, Refused):
            return Visit(candidate.address, "refused", outcome.reason, next_visit_at=longest), IngestReport(refused=(problem,))
        if isinstance(outcome, Later):
            retry_at = self._retry_at(outcome.retry_seconds, state.failures if state else 0)
            return Visit(candidate.address, "later", outcome.reason, next_visit_at=retry_at), IngestReport(postponed=(problem,))
        return Visit(candidate.address, "same", next_visit_at=self._revisit_at(state)), IngestReport(unchanged=1)

    def _note_missing(self, listed: set[str]) -> IngestReport:
        """Files that were there and are no longer."""
        with self.context.store.read() as connection:
            known = all_addresses(connection, self.source.id)
        report = IngestReport()
        for address, state in known.items():
            if address not in listed and state.outcome != "vanished":
                report += self._note(Candidate(address), Gone("the file is no longer there"), state)
        return report

    def _note_listings(self) -> None:
        """Keep the validators of listings, now that everything on them has been looked at."""
        read = getattr(getattr(self.reader, "listings", None), "read", [])
        if not read:
            return
        with self.context.store.write() as connection:
            lock_writers(connection)
            for content in read:
                visit = Visit(content.address, "changed", etag=content.etag, last_modified=content.last_modified)
                note_visit(connection, self.source.id, visit, self.context.timestamp())

    def _revisit_at(self, state: AddressState | None) -> str | None:
        """The next of the source's revisit days after now, counted from when the address was first seen."""
        days = getattr(self.source, "revisit_days", ())
        if not days:
            return None
        now = self.context.now()
        first = dt.datetime.fromisoformat(state.first_seen_at) if state else now
        later = (first + dt.timedelta(days=day) for day in sorted(days))
        return next((_stamp(moment) for moment in later if moment > now), None)

    def _retry_at(self, seconds: float | None, failures: int) -> str:
        hours = RETRY_HOURS[min(failures, len(RETRY_HOURS) - 1)]
        wait = dt.timedelta(seconds=min(seconds, 30 * 86400)) if seconds is not None else dt.timedelta(hours=hours)
        return _stamp(self.context.now() + wait)


def _has_news(candidate: Candidate, state: AddressState | None) -> bool:
    """Whether the listing says that the address changed after we last read it."""
    day = candidate.hints.modified or candidate.hints.published
    return bool(state and state.answered_at and day and day[:10] > state.answered_at[:10])


def _stamp(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")
