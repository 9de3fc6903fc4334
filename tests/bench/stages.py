"""The steps that are measured. Each runs in a process of its own, so that peak memory is that of the step alone."""

from __future__ import annotations

import datetime as dt
import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from pyinstrument import Profiler
from pyinstrument.frame import Frame
from tests.bench.generate import pages

import bam
from bam.documents.convert import convert
from bam.extraction import extract, load_resources
from bam.pipeline.context import RunContext, open_context
from bam.pipeline.extract import extract_pending
from bam.pipeline.ingest import ingest_paths
from bam.pipeline.update import update
from bam.settings import Settings, read_settings

OURS = str(Path(bam.__file__).parent)
TODAY = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a step took: CPU seconds for `documents`, the process's peak memory in MB, and the share of the samples of a second
    run under a profiler in which a library, not our code, was at work.
    """

    stage: str
    documents: int
    cpu_seconds: float
    peak_mb: float
    library_share: float | None


def convert_stage(count: int, home: Path) -> Callable[[], object]:
    """From the bytes of pages to canonical text."""
    raw = pages(count)
    convert(raw[0].html, raw[0].name)
    return lambda: [convert(page.html, page.name) for page in raw]


def library_stage(count: int, home: Path) -> Callable[[], object]:
    """The same pages through the library of the field alone, with title, author and date as ours: the measure for storing."""
    import trafilatura

    raw = [page.html.decode() for page in pages(count)]
    trafilatura.bare_extraction(raw[0], with_metadata=True)
    return lambda: [trafilatura.bare_extraction(html, with_metadata=True) for html in raw]


def extract_stage(count: int, home: Path) -> Callable[[], object]:
    """From canonical text to facts."""
    documents = [convert(page.html, page.name)[0] for page in pages(count)]
    resources = load_resources(read_settings().portfolio)
    extract(documents[0], resources)
    return lambda: [extract(document, resources) for document in documents]


def ingest_stage(count: int, home: Path) -> Callable[[], object]:
    """From files to archived bytes and stored versions."""
    folder = _written(count, home / "ingest")
    ingest_paths(context_in(home / "warm"), [_written(1, home / "warm")])
    context = context_in(home / "ingest")
    return lambda: ingest_paths(context, [folder])


def update_stage(count: int, home: Path) -> Callable[[], object]:
    """From stored claims to checked and published tables."""
    folder = _written(count, home / "update")
    context = context_in(home / "update")
    ingest_paths(context, [folder])
    extract_pending(context)
    return lambda: update(context)


def brief_stage(count: int, home: Path) -> Callable[[], object]:
    """From published tables to the PDF of one month."""
    from bam.pipeline.brief import render_issue

    folder = _written(count, home / "brief")
    context = context_in(home / "brief")
    ingest_paths(context, [folder])
    extract_pending(context)
    update(context)
    brief = context.portfolio.briefs[0]
    return lambda: render_issue(context, brief.id, "2014-03")


STAGES: dict[str, Callable[[int, Path], Callable[[], object]]] = {
    "convert": convert_stage,
    "library": library_stage,
    "extract": extract_stage,
    "ingest": ingest_stage,
    "update": update_stage,
    "brief": brief_stage,
}


def main() -> None:
    """Run one stage: `python -m tests.bench.stages STAGE COUNT HOME [profile]`; print the measurement as JSON."""
    stage, count, home = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    work = STAGES[stage](count, home)
    profiler = Profiler(interval=0.005) if "profile" in sys.argv else None
    if profiler is not None:
        profiler.start()
    begin = time.process_time()
    work()
    cpu_seconds = time.process_time() - begin
    share = None
    if profiler is not None:
        share = library_share(profiler.stop().root_frame(trim_stem=False))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1_000_000
    sys.stdout.write(json.dumps(asdict(Measured(stage, count, cpu_seconds, peak_mb, share))) + "\n")


def library_share(root: Frame | None) -> float:
    """The share of the time in which the innermost Python frame is none of ours."""
    ours = total = 0.0
    waiting = [(root, False)] if root is not None else []
    while waiting:
        frame, parent_is_ours = waiting.pop()
        path = frame.file_path
        is_ours = parent_is_ours if frame.is_synthetic or path is None else path.startswith(OURS)
        if not frame.children:
            total += frame.time
            ours += frame.time if is_ours else 0.0
        waiting.extend((child, is_ours) for child in frame.children)
    return 1 - ours / total if total else 0.0


def _written(count: int, home: Path) -> Path:
    folder = home / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    for page in pages(count):
        (folder / page.name).write_bytes(page.html)
    return folder


def context_in(home: Path) -> RunContext:
    """A store and an archive of their own below a folder, with a clock that stands still."""
    settings = read_settings()
    own = Settings(
        home=home,
        database_url=f"sqlite:///{home / 'bam.sqlite'}",
        archive_url=str(home / "archive"),
        portfolio=settings.portfolio,
        templates=settings.templates,
        samples=settings.samples,
    )
    return open_context(own, now=lambda: TODAY)


if __name__ == "__main__":
    main()
