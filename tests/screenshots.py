"""`make screenshots`: pictures of every page for the documentation, from a real Airflow over the sample data.

Each page is taken in Airflow's frame; pictures are reduced to few colours, so that they stay small.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image
from tests.running_site import RunningSite, chromium, log_in, running_site

from bam.orchestration.chain import follow
from bam.orchestration.client import AirflowClient

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
BRIEFS = (("monthly", "2026-11"), ("flash", "2026-11"), ("quarterly", "2026-Q4"))
SIZE = {"width": 1280, "height": 800}
COLOURS = 256
MOST_BYTES = 120_000
SETTLE_MS = 1500
"""Airflow's own page around ours paints itself after it has loaded."""


def main() -> int:
    """Write all pictures; gives 1 if one is too large."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="bam-screenshots-") as folder,
        running_site(Path(folder), BRIEFS) as site,
        chromium() as browser,
    ):
        _run_once(site)
        for scheme in ("light", "dark"):
            page = browser.new_context(viewport=SIZE, color_scheme=scheme).new_page()
            log_in(page, site, "operator")
            for name, path in _pages(page, site):
                _take(page, site, path, IMAGES / f"cockpit-{name}{'-dark' if scheme == 'dark' else ''}.png")
    large = [path.name for path in IMAGES.glob("cockpit-*.png") if path.stat().st_size > MOST_BYTES]
    sys.stdout.write(f"{len(list(IMAGES.glob('cockpit-*.png')))} pictures in {IMAGES}\n")
    if large:
        sys.stderr.write(f"screenshots: larger than {MOST_BYTES} bytes: {', '.join(large)}\n")
    return 1 if large else 0


def _run_once(site: RunningSite) -> None:
    """Let the DAGs run, so that there are runs to be seen."""
    with AirflowClient(site.address, "admin", site.password("admin")) as client:
        for dag_id in ("extract", "indicators"):
            follow(client, [(dag_id, client.trigger(dag_id, {}))], lambda _: None)


def _pages(page: Any, site: RunningSite) -> Iterator[tuple[str, str]]:
    """(name, path below the root) of what is shown; ids are found on the pages themselves."""
    yield "overview", ""
    yield "indicators", "indicators?table=funding"
    yield "records", "indicators/records?table=facilities"
    record = _link(page, site, "indicators/records?table=facilities&words=kokul", r"records/rec-\w+")
    yield "record", record
    yield "document", _link(page, site, record, r"documents/doc-[^\"]+").replace("&amp;", "&")
    yield "review", "review"
    yield "claim", _link(page, site, record, r"review/clm-\w+")
    yield "quality", "quality"
    yield "briefs", "briefs"
    yield "issue", _link(page, site, "briefs?brief=quarterly", r"briefs/iss-\w+")


def _link(page: Any, site: RunningSite, path: str, pattern: str) -> str:
    page.goto(f"{site.address}/monitor/{path}")
    found = re.search(rf'href="/monitor/({pattern})"', page.content())
    assert found is not None, f"no link {pattern} on {path}"
    return found[1]


def _take(page: Any, site: RunningSite, path: str, target: Path) -> None:
    page.goto(f"{site.address}/plugin/monitor/monitor/{path}")
    page.frame_locator("iframe").locator("main h1").wait_for()
    page.wait_for_timeout(SETTLE_MS)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    few = picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(target, "PNG", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
