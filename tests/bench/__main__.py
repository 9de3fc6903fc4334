"""`make bench`: documents per second, peak memory and the libraries' share for each step."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from tests.bench.briefs import measure_briefs
from tests.bench.scale import measure_scale
from tests.bench.stages import STAGES, Measured

PAIRS = 5
_PROJECT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Measure the stages one after the other, each in a fresh process, and print a table."""
    parser = ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--documents", type=int, default=1000, help="generated pages (default 1000)")
    parser.add_argument("--stages", nargs="+", choices=list(STAGES), default=list(STAGES))
    parser.add_argument("--scale", type=int, metavar="N", help="instead measure what a store of N documents costs")
    parser.add_argument("--briefs", action="store_true", help="instead measure briefs, small and large")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    console = Console()
    if options.scale is not None or options.briefs:
        found = measure_briefs(console) if options.briefs else measure_scale(options.scale, console)
        if options.json is not None:
            options.json.write_text(json.dumps(found, indent=1))
        return 0
    with tempfile.TemporaryDirectory(prefix="bam-bench-") as folder:
        figures = _measure_stages(options.stages, options.documents, Path(folder), console)
    if options.json is not None:
        options.json.write_text(json.dumps([{name: getattr(f, name) for name in Measured.__slots__} for f in figures], indent=1))
    return 0


def _measure_stages(stages: Sequence[str], documents: int, folder: Path, console: Console) -> list[Measured]:
    """Measure the stages and print their table; gives the figures.

    All they write stays in `folder` until the end: a file system may be busy for minutes with what was deleted (ext4 doesn't give
    an inode away soon after, and looks at each anew for every file that is made).
    """
    table = Table(title=f"{documents} generated documents of 30 KB HTML, 4 KB text; CPU time of one core")
    for heading in ("step", "documents/s", "CPU s", "peak MB", "in libraries"):
        table.add_column(heading, justify="left" if heading == "step" else "right")
    figures = []
    for stage in stages:
        with console.status(f"{stage}: setting up and measuring"):
            timed = measure(stage, documents, folder)
            profiled = measure(stage, min(documents, 200), folder, "profile")
        figures.append(timed)
        table.add_row(
            stage,
            f"{timed.documents / timed.cpu_seconds:,.0f}" if timed.cpu_seconds else "-",
            f"{timed.cpu_seconds:.2f}",
            f"{timed.peak_mb:,.0f}",
            f"{profiled.library_share:.0%}" if profiled.library_share is not None else "-",
        )
    console.print(table)
    for base, name in (("convert", "its conversion"), ("library", "the conversion of trafilatura with metadata")):
        if {base, "ingest"} <= {figure.stage for figure in figures}:
            with console.status(f"{base} and ingest by turns"):
                ratio, least, most = _ratio("ingest", base, documents, folder)
            console.print(f"Storing a page takes {ratio:.2f} times {name} ({least:.2f} to {most:.2f} in {PAIRS} pairs).")
    return figures


def _ratio(stage: str, base: str, documents: int, folder: Path) -> tuple[float, float, float]:
    """How many times the CPU time of another stage one takes: the median of pairs that are measured one after the other, so that
    whatever else the machine does bears on both alike; with the smallest and the largest.
    """
    ratios = [measure(stage, documents, folder).cpu_seconds / measure(base, documents, folder).cpu_seconds for _ in range(PAIRS)]
    return statistics.median(ratios), min(ratios), max(ratios)


def measure(stage: str, documents: int, folder: Path, *arguments: str) -> Measured:
    """One stage in a process and folder of its own, below this one."""
    home = tempfile.mkdtemp(dir=folder)
    command = [sys.executable, "-m", "tests.bench.stages", stage, str(documents), home, *arguments]
    done = subprocess.run(command, cwd=_PROJECT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"bench: the step {stage} failed:\n{done.stderr[-2000:]}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    sys.exit(main())
