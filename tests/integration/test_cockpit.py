"""The pages in the UI of a real Airflow, in a real browser: seen, followed to their sentences, and decided on.

The Airflow is the one of the other tests, after a round over the samples; each test has what it changes to itself.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from tests.integration.airflow_monitor import Monitor
from tests.integration.conftest import running_monitor
from tests.running_site import CHROMIUM, RunningSite, chromium, log_in, make_briefs
from tests.unit.cockpit.paths import paths

from bam.model.claims import Table
from bam.orchestration.chain import follow
from bam.orchestration.client import AirflowClient
from bam.pipeline.context import open_context
from bam.store.approvals import read_approval_events
from bam.store.briefs import read_issues
from bam.store.delivery import read_deliveries
from bam.store.records import read_records

pytestmark = [pytest.mark.airflow, pytest.mark.xdist_group("airflow"), pytest.mark.timeout(300)]

BRIEFS = (("flash", "2026-11"), ("quarterly", "2014-Q4"))


@pytest.fixture(scope="module")
def site(started: list[Monitor], tmp_path_factory: pytest.TempPathFactory) -> RunningSite:
    if not CHROMIUM.exists():
        message = f"there is no {CHROMIUM}"
        if os.environ.get("CI"):
            pytest.fail(f"{message}; CI requires it")
        pytest.skip(message)
    monitor = running_monitor(started, tmp_path_factory)
    with open_context(monitor.settings) as context:
        make_briefs(context, BRIEFS)
    return RunningSite(monitor.client.address, monitor.settings)


@pytest.fixture(scope="module")
def browser(site: RunningSite) -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def session(browser: Any, site: RunningSite) -> Any:
    """What a logged-in operator's browser keeps."""
    context = browser.new_context()
    log_in(context.new_page(), site, "operator")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def page(browser: Any, session: Any) -> Iterator[Any]:
    """A page of an operator; what the browser complains about fails the test."""
    context = browser.new_context(storage_state=session)
    found = context.new_page()
    complaints: list[str] = []
    found.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    found.on("pageerror", lambda error: complaints.append(str(error)))
    yield found
    context.close()
    assert complaints == []


def go(page: Any, site: RunningSite, path: str) -> None:
    """Open one of our pages."""
    page.goto(f"{site.address}/monitor/{path}")


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for it. Playwright's own waiting for conditions evaluates text, which the policy of our pages forbids."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.2)


def test_the_pages_are_at_home_in_airflow(page: Any, site: RunningSite) -> None:
    page.goto(f"{site.address}/")
    page.get_by_role("link", name="Monitor").click()
    frame = page.frame_locator("iframe")
    frame.get_by_role("heading", name="What waits for a person").wait_for()
    frame.get_by_role("link", name="Review", exact=True).click()
    frame.get_by_role("heading", name="Latest decisions").wait_for()
    page.wait_for_url(re.compile(r"/plugin/monitor/monitor/review"))


@pytest.mark.parametrize("choice", ["dark", "light"])
def test_the_pages_follow_airflows_choice(page: Any, site: RunningSite, choice: str) -> None:
    page.add_init_script(f"localStorage.setItem('theme', '{choice}')")
    go(page, site, "")
    shade = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    lightness = float(re.findall(r"[\d.]+", shade)[0])
    assert (lightness < 0.5) == (choice == "dark"), shade


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("", "Last runs"),
        ("indicators?table=funding", "Indicators"),
        ("indicators/records?table=workshops", "Indicators"),
        ("review", "Latest decisions"),
        ("quality", "What fails now"),
        ("briefs", "Briefs"),
        ("briefs/deliveries", "Deliveries"),
    ],
)
def test_each_page_shows_sample_data(page: Any, site: RunningSite, path: str, heading: str) -> None:
    go(page, site, path)
    page.get_by_role("heading", name=heading).first.wait_for()
    assert page.locator("main").inner_text().count("\n") > 10


def test_an_indicator_leads_to_its_highlighted_sentence(page: Any, site: RunningSite) -> None:
    go(page, site, "indicators?table=facilities")
    page.locator("tbody a").first.click()
    page.locator("tbody a[href*='/records/']").first.click()
    page.get_by_role("heading", name="Claims and sources").wait_for()
    quote = page.locator("blockquote a").first
    said = quote.inner_text()
    quote.click()
    marked = page.locator("mark.focus")
    marked.first.wait_for()
    assert "".join(marked.all_inner_texts()).replace("\n", " ")[:40] == said.replace("\n", " ")[:40]
    assert marked.first.is_visible()


def test_a_figure_of_a_brief_leads_to_its_highlighted_sentence(page: Any, site: RunningSite) -> None:
    go(page, site, "briefs?brief=flash")
    page.get_by_role("link", name="Flash, 2026-11 (en)").click()
    until(lambda: page.locator(".sheets img").first.evaluate("image => image.naturalWidth") > 500)
    page.locator(".figures a").first.click()
    quote = page.locator("blockquote a").first
    said = quote.inner_text()
    quote.click()
    page.locator("mark.focus").first.wait_for()
    assert said[:30] in "".join(page.locator("mark.focus").all_inner_texts())


def test_pages_can_be_read_without_scripts(browser: Any, session: Any, site: RunningSite) -> None:
    context = browser.new_context(storage_state=session, java_script_enabled=False)
    page = context.new_page()
    for path in ("", "indicators", "review", "quality", "briefs"):
        go(page, site, path)
        page.locator("main h1").wait_for()
    context.close()


def test_a_rejected_claim_leaves_the_table(page: Any, site: RunningSite) -> None:
    with site.context() as context, context.store.read() as connection:
        records = [one.record for one in read_records(connection, table=Table.WORKSHOPS)]
        record = next(one for one in records if len(one.claim_ids) == 1)
    go(page, site, f"records/{record.id}")
    page.get_by_role("link", name="Review", exact=True).last.click()
    page.get_by_label("Why").first.fill("an advert, no course")
    page.get_by_role("button", name="Reject").first.click()
    assert "Noted: reject by operator" in page.get_by_role("status").inner_text()
    page.get_by_role("button", name="Run it now").click()
    page.get_by_role("button", name="Running").wait_for()
    with AirflowClient(site.address, "admin", site.password("admin")) as client:
        follow(client, [("indicators", run.run_id) for run in client.unfinished("indicators")], lambda _: None)
    with site.context() as context, context.store.read() as connection:
        assert record.id not in {one.record.id for one in read_records(connection, table=Table.WORKSHOPS)}
    go(page, site, "indicators/records?table=workshops&sort=title")
    page.locator("tbody a").first.wait_for()
    assert page.locator("tbody a").count() > 5
    assert page.locator(f"a[href$='{record.id}']").count() == 0


def test_an_approved_brief_is_sent(page: Any, site: RunningSite) -> None:
    with site.context() as context, context.store.read() as connection:
        issue = next(one for one in read_issues(connection, "quarterly") if one.period == "2014-Q4")
    go(page, site, f"briefs/{issue.id}")
    assert "waits for approval" in page.locator("#approval").inner_text()
    page.get_by_role("button", name="Approve and send").click()
    assert "operator approved it" in page.locator("#approval").inner_text()
    until(lambda: page.reload() and page.locator("#deliveries .tag.good").count() >= 2)
    with site.context() as context, context.store.read() as connection:
        event = read_approval_events(connection, issue.id)[-1]
        assert (event.event, event.by, event.via) == ("approved", "operator", "airflow")
        assert {row.state for row in read_deliveries(connection, parcel_id=issue.id)} == {"sent"}
    assert any("2014-Q4" in path.name for path in site.settings.outbox.rglob("*.eml"))


def _token(site: RunningSite, user: str) -> dict[str, str]:
    login = httpx.post(f"{site.address}/auth/token", json={"username": user, "password": site.password(user)})
    return {"Authorization": f"Bearer {login.json()['access_token']}"}


def test_the_doors_are_shut(site: RunningSite) -> None:
    """Anonymous requests get 401 everywhere, viewers 403 on actions, and forms without the right token 403."""
    viewer, operator = _token(site, "viewer"), _token(site, "operator")
    with httpx.Client(base_url=f"{site.address}/monitor", timeout=30) as client:
        for path in paths("GET"):
            assert client.get(f"/{path}").status_code == 401, path
        assert client.get("/", headers=viewer).status_code == 200
        for path in paths("POST"):
            assert client.post(f"/{path}", data={}).status_code == 401, path
            refused = client.post(f"/{path}", data={"reason": "x"}, headers=viewer)
            assert (refused.status_code, "may read, not decide" in refused.text) == (403, True), path
            forged = client.post(f"/{path}", data={"reason": "x", "token": "1.2"}, headers=operator)
            assert (forged.status_code, "Nothing was changed" in forged.text) == (403, True), path


def test_a_run_leads_to_what_it_brought(page: Any, site: RunningSite) -> None:
    with AirflowClient(site.address, "admin", site.password("admin")) as client:
        client.pause("brief_flash", False)
        run_id = client.trigger("brief_flash", {"period": "2014-12", "deliver": False})
        follow(client, [("brief_flash", run_id)], lambda _: None)
    page.goto(f"{site.address}/dags/brief_flash/runs/{run_id}")
    page.get_by_role("link", name="Result").click()
    heading = page.frame_locator("iframe").get_by_role("heading", level=1)
    heading.wait_for()
    assert "December 2014" in heading.inner_text()
