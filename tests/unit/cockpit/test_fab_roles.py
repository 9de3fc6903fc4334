"""The roles of Airflow's FAB auth manager, which the production stack uses: its own rules decide who reads and who acts here."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest
from airflow.api_fastapi.core_api.security import get_user
from airflow.providers.fab.auth_manager.fab_auth_manager import FabAuthManager
from airflow.providers.fab.auth_manager.models import User
from airflow.providers.fab.auth_manager.security_manager.override import FabAirflowSecurityManagerOverride
from fastapi import FastAPI, Header, HTTPException
from fastapi.testclient import TestClient
from tests.unit.cockpit.conftest import NOW, FakeRequests, FakeRuns, settings_of
from tests.unit.cockpit.paths import paths

from bam.cockpit import access
from bam.cockpit.app import make_app
from bam.cockpit.desk import Desk
from bam.store.approvals import read_approval_events
from bam.store.briefs import read_issues

pytestmark = pytest.mark.xdist_group("cockpit")

ROLES: dict[str, Any] = {one["role"]: one["perms"] for one in FabAirflowSecurityManagerOverride.ROLE_CONFIGS} | {"Public": []}
"""What each role that FAB makes by itself is allowed."""

READERS, ACTORS = ("Viewer",), ("User", "Op", "Admin")


def _user(role: str) -> User:
    """An account of that role, as FAB hands it to a request: ids are numbers."""
    user = User(id=7, username=role.lower(), first_name=role, last_name="Person", active=True)
    user._perms = set(ROLES[role])
    return user


def _logged_in(x_role: Annotated[str, Header()] = "") -> User:
    if x_role not in ROLES:
        raise HTTPException(401, "Not authenticated")
    return _user(x_role)


@pytest.fixture
def desk(stored: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(stored, tmp_path / "home")
    desk = Desk(lambda: settings_of(tmp_path / "home"), lambda: NOW, FakeRuns(), FakeRequests())
    yield desk
    desk.close()


@pytest.fixture
def client(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """The pages with FAB's auth manager behind them; a header names the role of who is logged in."""
    manager = FabAuthManager()
    # Which DAGs there are stands in Airflow's database, which nothing here needs.
    monkeypatch.setattr(manager, "get_authorized_dag_ids", lambda **_: {"ingest"})
    monkeypatch.setattr(access, "get_auth_manager", lambda: manager)
    pages = make_app(desk, b"k" * 32)
    pages.dependency_overrides[get_user] = _logged_in
    app = FastAPI()
    app.mount("/monitor", pages)
    return TestClient(app)


def _answer(client: TestClient, desk: Desk, role: str) -> Any:
    """Send the form that rejects the issue that waits, as that role."""
    with desk.context().store.read() as connection:
        issue = read_issues(connection, "quarterly")[0]
    token = client.app.routes[-1].app.state.seal.token("7", NOW)  # type: ignore[attr-defined]
    data = {"token": token, "decision": "rejected"}
    path = f"/monitor/briefs/{issue.id}/answer"
    return client.post(path, data=data, headers={"X-Role": role}, follow_redirects=False)


def _events(desk: Desk) -> list[tuple[str, str]]:
    with desk.context().store.read() as connection:
        issue = read_issues(connection, "quarterly")[0]
        return [(event.event, event.by) for event in read_approval_events(connection, issue.id)]


@pytest.mark.parametrize("role", [*READERS, *ACTORS])
def test_every_role_reads(client: TestClient, role: str) -> None:
    for path in ("", "indicators", "review", "quality", "briefs"):
        assert client.get(f"/monitor/{path}", headers={"X-Role": role}).status_code == 200


@pytest.mark.parametrize("path", paths("GET"))
def test_nobody_reads_without_a_role(client: TestClient, path: str) -> None:
    assert client.get(f"/monitor/{path}").status_code == 401
    assert client.get(f"/monitor/{path}", headers={"X-Role": "Public"}).status_code == 403


@pytest.mark.parametrize("role", ACTORS)
def test_who_may_trigger_runs_decides_and_signs(client: TestClient, desk: Desk, role: str) -> None:
    assert _answer(client, desk, role).status_code == 303
    assert _events(desk) == [("requested", "bam"), ("rejected", role.lower())]


@pytest.mark.parametrize("role", [*READERS, "Public", "nobody"])
def test_others_decide_nothing(client: TestClient, desk: Desk, role: str) -> None:
    assert _answer(client, desk, role).status_code == (401 if role == "nobody" else 403)
    assert _events(desk) == [("requested", "bam")]
