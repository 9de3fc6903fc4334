"""What a large store costs: `make bench ARGS="--scale 100000"` fills one with so many documents and measures the next hundred.

Times are CPU seconds of one core and the ratios medians of pairs that are measured one after the other, so that whatever else the
machine does bears on both sides alike.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from tests.bench.claims import CLAIMS_PER_DOCUMENT, claims
from tests.bench.generate import pages
from tests.bench.stages import context_in
from tests.bench.store_rows import fill

from bam.pipeline.ingest import ingest_paths
from bam.pipeline.update import update

NEW_DOCUMENTS = 100
PAIRS = 5
_PROJECT = Path(__file__).resolve().parents[2]


def measure_scale(documents: int, console: Console) -> list[dict[str, Any]]:
    """Fill a store, measure what it costs, print a table; gives the figures."""
    with tempfile.TemporaryDirectory(prefix="bam-bench-scale-") as folder:
        figures = []
        for step in ("fill", "ingest", "rebuild", "update"):
            with console.status(f"{documents} documents: {step}"):
                figures.append({"step": step} | _in_own_process(step, documents, Path(folder) / "large"))
        with console.status(f"{documents // 4} documents: rebuild"):
            _in_own_process("fill", documents // 4, Path(folder) / "quarter")
            quarter = _in_own_process("rebuild", documents // 4, Path(folder) / "quarter")
    large = next(figure for figure in figures if figure["step"] == "rebuild")
    large["ratio"] = large["cpu_seconds"] / quarter["cpu_seconds"]
    table = Table(title=f"A store of {documents} documents and {documents * CLAIMS_PER_DOCUMENT} claims; CPU time of one core")
    for heading in ("step", "CPU s", "peak MB", "ratio"):
        table.add_column(heading, justify="left" if heading == "step" else "right")
    names = {
        "ingest": f"store the next {NEW_DOCUMENTS} pages (ratio to an empty store)",
        "rebuild": "build and publish all records (ratio to a quarter of the documents)",
        "update": f"check and publish the next {NEW_DOCUMENTS} documents (ratio to an empty store)",
    }
    for figure in figures:
        if figure["step"] in names:
            seconds, peak, ratio = figure["cpu_seconds"], figure["peak_mb"], figure["ratio"]
            table.add_row(names[figure["step"]], f"{seconds:.2f}", f"{peak:,.0f}", f"{ratio:.2f}")
    console.print(table)
    return figures


def _in_own_process(step: str, documents: int, home: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.scale", step, str(documents), str(home)]
    done = subprocess.run(command, cwd=_PROJECT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"bench: the step {step} failed:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _fill(documents: int, home: Path) -> dict[str, Any]:
    fill(context_in(home), claims(documents), are_new=False)
    return {}


def _ingest(documents: int, home: Path) -> dict[str, Any]:
    """The next pages in the large store and in an empty one, by turns."""

    def store(folder: Path, pair: int) -> float:
        inbox = home / f"pages{pair}"
        inbox.mkdir(exist_ok=True)
        for page in pages(NEW_DOCUMENTS, seed=1000 + pair):
            (inbox / page.name).write_bytes(page.html)
        context = context_in(folder)
        return _cpu_seconds(lambda: ingest_paths(context, [inbox]))

    store(home / "warm", PAIRS)
    return _compare(lambda pair: store(home / f"empty{pair}", pair), lambda pair: store(home, pair))


def _rebuild(documents: int, home: Path) -> dict[str, Any]:
    context = context_in(home)
    return {"cpu_seconds": _cpu_seconds(lambda: update(context, rebuild=True)), "ratio": 0.0}


def _update(documents: int, home: Path) -> dict[str, Any]:
    """The next documents in the large store and in an empty one, by turns; the library of the checks is loaded before."""

    def publish(folder: Path, pair: int) -> float:
        context = context_in(folder)
        fill(context, claims(NEW_DOCUMENTS, first=documents + pair * NEW_DOCUMENTS), are_new=True)
        return _cpu_seconds(lambda: update(context))

    publish(home / "warm", PAIRS)
    publish(home, PAIRS)  # what came in with the pages of the other step
    return _compare(lambda pair: publish(home / f"bare{pair}", pair), lambda pair: publish(home, pair))


def _compare(small: Callable[[int], float], large: Callable[[int], float]) -> dict[str, Any]:
    pairs = [(small(pair), large(pair)) for pair in range(PAIRS)]
    ratio = statistics.median(second / first for first, second in pairs)
    return {"cpu_seconds": statistics.median(second for _, second in pairs), "ratio": ratio}


def _cpu_seconds(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


_STEPS: dict[str, Callable[[int, Path], dict[str, Any]]] = {
    "fill": _fill,
    "ingest": _ingest,
    "rebuild": _rebuild,
    "update": _update,
}


def main() -> None:
    """Run one step: `python -m tests.bench.scale STEP DOCUMENTS HOME`; print the measurement as JSON."""
    step, documents, home = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    found = _STEPS[step](documents, home)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1_000_000
    sys.stdout.write(json.dumps(found | {"peak_mb": peak_mb}) + "\n")


if __name__ == "__main__":
    main()
