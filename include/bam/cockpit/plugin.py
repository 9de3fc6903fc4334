"""The pages as a plugin of Airflow: found through the entry point `airflow.plugins`.

Every process of Airflow loads its plugins, tasks included; only the API server serves pages. So the app is made at its first
request, and nothing of it is imported before.
"""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from typing import Any

from airflow.plugins_manager import AirflowPlugin
from anyio.to_thread import run_sync

from bam.cockpit.sections import SECTIONS

PREFIX = "/monitor"
GROUP = "Monitor"
ICON = "monitor/static/icon.svg"


def _view(key: str, name: str, path: str) -> dict[str, Any]:
    return {
        "name": name,
        "href": f"monitor/{path}",
        "url_route": f"monitor-{key}",
        "destination": "nav",
        "category": GROUP,
        "icon": ICON,
    }


class AppAtFirstRequest:
    """An ASGI app that is made when somebody asks for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._app: Any = None

    async def __call__(self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
        """Answer a request."""
        app = self._app or await run_sync(self.app)  # what it imports takes a second, and others are served meanwhile
        await app(scope, receive, send)

    def app(self) -> Any:
        """The app, the same at every call."""
        with self._lock:
            if self._app is None:
                from bam.cockpit.access import form_key
                from bam.cockpit.app import make_app
                from bam.cockpit.desk import Desk

                self._app = make_app(Desk(), form_key())
            return self._app


class CockpitPlugin(AirflowPlugin):
    """Mounts the pages below /monitor and puts them into Airflow's navigation and beside each DAG run."""

    name = "bam_cockpit"
    fastapi_apps = [{"app": AppAtFirstRequest(), "url_prefix": PREFIX, "name": "Border Assistance Monitor"}]  # noqa: RUF012
    external_views = [  # noqa: RUF012 (Airflow's own way to declare them)
        *(_view(*section) for section in SECTIONS),
        {
            "name": "Monitor",
            "href": "monitor/",
            "url_route": "monitor",
            "destination": "nav",
            "nav_top_level": True,
            "icon": ICON,
        },
        {
            "name": "Result",
            "href": "monitor/runs/{DAG_ID}/{RUN_ID}",
            "url_route": "monitor-run",
            "destination": "dag_run",
            "icon": ICON,
        },
    ]
