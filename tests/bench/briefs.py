"""What a brief costs: the monthly one over the samples beside WeasyPrint alone, and full tables over thousands of records.

Run by `make bench ARGS=--briefs` in processes of its own: `python -m tests.bench.briefs small|store|large HOME`.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from tests.bench.generate import pages
from tests.bench.stages import context_in

from bam.briefs.assets import Assets
from bam.briefs.render import PDF_VARIANT, Page, lay_out
from bam.pipeline.brief import read_context, render_issue
from bam.pipeline.extract import extract_pending
from bam.pipeline.ingest import ingest_paths, ingest_source
from bam.pipeline.round import wanted_period
from bam.pipeline.status import read_status
from bam.pipeline.update import update
from bam.settings import read_settings

TRIES = 3
LARGE_DOCUMENTS = 505
"""Generated documents that give a little more than 5,000 records."""


def measure_briefs(console: Console) -> dict[str, Any]:
    """Both measurements, each in a fresh process; prints a sentence for each."""
    found: dict[str, Any] = {}
    with console.status("brief, small: setting up and measuring"), tempfile.TemporaryDirectory(prefix="bam-bench-") as home:
        found["small"] = _measured("small", home)
    with console.status("brief, large: setting up and measuring"), tempfile.TemporaryDirectory(prefix="bam-bench-") as home:
        # The store is filled by another process, so that the memory is the brief's own.
        _measured("store", home)
        found["large"] = _measured("large", home)
    small, large = found["small"], found["large"]
    console.print(
        f"Monthly brief over the samples: {small['cpu_seconds']:.2f} s CPU after imports, "
        f"{small['cpu_seconds'] / small['weasyprint_seconds']:.2f} times WeasyPrint alone ({small['pages']} pages)."
    )
    console.print(
        f"Quarterly register over {large['records']:,} records: {large['cpu_seconds']:.1f} s CPU, "
        f"{large['peak_mb']:,.0f} MB, {large['pages']} pages."
    )
    return found


def _measured(what: str, home: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.briefs", what, home]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"bench: the brief failed:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def small(home: Path) -> dict[str, Any]:
    """The monthly brief over the samples, and WeasyPrint alone over its finished HTML; the best of some tries of each."""
    context = context_in(home)
    for source in context.portfolio.sources:
        if source.enabled:
            ingest_source(context, source.id)
    extract_pending(context)
    update(context)
    period = wanted_period(context, "monthly", None)
    assert period is not None
    today = context.now().date()
    # Each try is an issue as of another day: one that is there already is not made again.
    issue = render_issue(context, "monthly", period, today - dt.timedelta(days=TRIES))
    cpu = [_cpu(lambda day=day: render_issue(context, "monthly", period, today - dt.timedelta(days=day))) for day in range(TRIES)]  # type: ignore[misc]
    html = Page(read_context(context, issue.issue_id), Assets(read_settings().templates), is_paper=True).html()
    alone = [
        _cpu(lambda: lay_out(html, Assets(read_settings().templates)).write_pdf(pdf_variant=PDF_VARIANT)) for _ in range(TRIES)
    ]
    return {"cpu_seconds": min(cpu), "weasyprint_seconds": min(alone), "pages": _pages(issue.pdf_path)}


def store(home: Path) -> dict[str, Any]:
    """Fills a store with thousands of records."""
    context = context_in(home)
    folder = home / "pages"
    folder.mkdir(parents=True)
    for page in pages(LARGE_DOCUMENTS):
        (folder / page.name).write_bytes(page.html)
    ingest_paths(context, [folder])
    extract_pending(context)
    update(context)
    return {"records": sum(read_status(context).records.values())}


def large(home: Path) -> dict[str, Any]:
    """The quarterly brief with full tables over thousands of records."""
    import weasyprint  # noqa: F401  imports are not measured

    context = context_in(home)
    made: list[Any] = []
    cpu = _cpu(lambda: made.append(render_issue(context, "quarterly", "2025-Q4")))
    records = sum(read_status(context).records.values())
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1_000_000
    return {"cpu_seconds": cpu, "records": records, "peak_mb": peak_mb, "pages": _pages(made[0].pdf_path)}


def _cpu(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def _pages(path: Path) -> int:
    import pypdfium2

    return len(pypdfium2.PdfDocument(path))


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"small": small, "store": store, "large": large}[sys.argv[1]](Path(sys.argv[2]))) + "\n")
