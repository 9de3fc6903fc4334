"""The pages in a real Airflow for a browser: a store with sample data, the launcher's Airflow over it, and Chromium logged in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bam.orchestration.home import AirflowHome
from bam.orchestration.launcher import Launcher
from bam.pipeline.brief import render_editions
from bam.pipeline.context import RunContext, open_context
from bam.pipeline.deliver import deliver_issue
from bam.pipeline.extract import extract_pending
from bam.pipeline.ingest import ingest_source
from bam.pipeline.update import update
from bam.settings import Settings, read_settings

CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@dataclass(frozen=True, slots=True)
class RunningSite:
    """A running Airflow with our pages: where it is, and the settings that it works with."""

    address: str
    settings: Settings

    def password(self, user: str) -> str:
        """The password of `admin`, `operator` or `viewer`."""
        return AirflowHome.of(self.settings).password(user)

    @contextmanager
    def context(self) -> Iterator[RunContext]:
        """The library's context beside it."""
        with open_context(self.settings) as context:
            yield context


def fill_store(settings: Settings, briefs: tuple[tuple[str, str], ...]) -> None:
    """Read the samples, publish the tables, and make and deliver these briefs, each (id, period)."""
    with open_context(settings) as context:
        for source in context.portfolio.sources:
            ingest_source(context, source.id)
        extract_pending(context)
        update(context)
        make_briefs(context, briefs)


def make_briefs(context: RunContext, briefs: tuple[tuple[str, str], ...]) -> None:
    """Make these briefs, each (id, period), and deliver what needs nobody's approval."""
    for brief_id, period in briefs:
        for issue in render_editions(context, brief_id, period):
            deliver_issue(context, issue.issue_id)


@contextmanager
def running_site(folder: Path, briefs: tuple[tuple[str, str], ...]) -> Iterator[RunningSite]:
    """Airflow over a store with sample data in a folder of its own; no DAG runs by the clock."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BAM_", "AIRFLOW"))}
    settings = read_settings(environment | {"BAM_HOME": str(folder / "home")})
    fill_store(settings, briefs)
    with Launcher(settings, port=_free_port(), schedules=False, tell=lambda _: None) as launcher:
        yield RunningSite(launcher.address, settings)


@contextmanager
def chromium(**options: Any) -> Iterator[Any]:
    """A headless Chromium of this machine; gives Playwright's browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_ARGUMENTS), **options)
        try:
            yield browser
        finally:
            browser.close()


def log_in(page: Any, site: RunningSite, user: str) -> None:
    """Log in through Airflow's own form."""
    page.goto(f"{site.address}/auth/login")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", site.password(user))
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/auth/login" not in url)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
