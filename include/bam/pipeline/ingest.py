"""Reading sources and files: discover, fetch, archive, convert, store. What is read twice adds nothing.

The bytes of an address are archived first; one short transaction stores what the bytes of several addresses say together with the
notes that they were visited. A process that is killed leaves whole units behind, and the next run does the rest.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from bam.documents.archive import Origin
from bam.documents.media_types import BY_SUFFIX
from bam.model.errors import FetchError
from bam.pipeline.context import RunContext
from bam.pipeline.ingest_report import IngestReport, Problem
from bam.pipeline.ingest_visits import Visits
from bam.portfolio.sources import FILES_SOURCE_ID, FolderSource, Source, SourceBase
from bam.sources.folder import FolderReader, chooses
from bam.sources.local_files import address_of, path_below, path_text_of
from bam.sources.model import Candidate, Content, Known, Window
from bam.sources.readers import Surroundings, reader_of
from bam.store.documents import lock_writers
from bam.store.sources import address_states, begin_visit, end_visit, source_failures

log = logging.getLogger(__name__)

FILES_SOURCE = SourceBase.model_construct(id=FILES_SOURCE_ID, officiality="media", internal=True)
"""What files that are given by hand belong to; the least that can be said of them."""

READABLE = frozenset(BY_SUFFIX)


def ingest_source(context: RunContext, source_id: str, window: Window | None = None) -> IngestReport:
    """Read what is new at one source; `window` restricts kinds that know dates to the days from its first to before its last.

    Raises:
        ConfigurationError: no source has that id, or its password is missing.
        FetchError: the source can't be read; its state says so, and no other source is touched.
    """
    source = context.portfolio.source(source_id)
    reader = reader_of(source, surroundings_of(context, source))
    with context.store.write() as connection:
        lock_writers(connection)
        begin_visit(connection, source.id, context.timestamp())
    try:
        report = Visits(context, source, reader).read_all(window)
        if isinstance(reader, FolderReader):
            report += _left_out(source.id, reader)
    except FetchError as error:
        with context.store.write() as connection:
            end_visit(connection, source.id, context.timestamp(), gave_new=False, failure=str(error))
        raise
    with context.store.write() as connection:
        gave_new = bool(report.documents_new or report.versions_new)
        end_visit(connection, source.id, context.timestamp(), gave_new=gave_new, failure=None)
    log.info("%s: %s", source.id, report.sentence)
    return report


def ingest_paths(context: RunContext, paths: Iterable[Path]) -> IngestReport:
    """Read files and folders that somebody names. Files that a folder source of the portfolio takes belong to that source."""
    base = base_of(context)
    owners = [(each, os.path.realpath(base / each.path)) for each in context.portfolio.sources if isinstance(each, FolderSource)]
    report = IngestReport()
    for path in paths:
        if not path.exists():
            report += IngestReport(failures=(Problem(str(path), "there is no such file or folder"),))
            continue
        reader = FolderReader(path if path.is_dir() else path.parent, base, READABLE)
        named = reader.candidates(None) if path.is_dir() else [Candidate(address_of(path, base), name=path.name)]
        by_source: dict[str, tuple[SourceBase, list[Candidate]]] = {}
        for candidate in named:
            source = _owner_of(path_text_of(candidate.address, os.fspath(base)), owners) or FILES_SOURCE
            by_source.setdefault(source.id, (source, []))[1].append(candidate)
        for source, candidates in by_source.values():
            report += Visits(context, source, reader).visit_all(candidates, str(path))
        report += _left_out(str(path), reader)
    return report


def base_of(context: RunContext) -> Path:
    """The folder that relative paths of the portfolio start from: the one above it."""
    return context.portfolio.folder.resolve().parent


def surroundings_of(context: RunContext, source: Source) -> Surroundings:
    """What the source's reader needs: listings are archived before they are parsed, and asked for conditionally only where
    the source's last visit worked to its end (an answer of "not modified" after a failure would hide what was missed).
    """

    def known(address: str) -> Known | None:
        with context.store.read() as connection:
            state = address_states(connection, source.id, [address]).get(address)
            if state is None or not state.is_sound or source_failures(connection, source.id):
                return None
        return Known(state.etag, state.last_modified)

    def keep(content: Content) -> None:
        origin = Origin(content.address, context.timestamp(), source.id, content.content_type, content.status, content.headers)
        context.archive.put(content.data, origin)

    return Surroundings(
        base=base_of(context),
        readable=READABLE,
        contact=context.portfolio.contact,
        passwords=context.settings.passwords,
        known=known,
        keep=keep,
    )


def _left_out(where: str, reader: FolderReader) -> IngestReport:
    lines = (Problem(where, f"{count} files {suffix} are not read") for suffix, count in sorted(reader.left_out.items()))
    return IngestReport(left_out=tuple(lines))


def _owner_of(path: str, owners: Sequence[tuple[FolderSource, str]]) -> FolderSource | None:
    """The folder source that takes a file; sources come with their folders, and neither these nor the path hold links."""
    for source, folder in owners:
        below = path_below(path, folder)
        if below is not None and chooses(below, source.only, source.leave_out):
            return source
    return None
