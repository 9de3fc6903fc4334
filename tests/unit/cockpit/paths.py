"""Every path of the pages, for tests that knock at all doors."""

from __future__ import annotations

import re

from fastapi.routing import APIRoute

from bam.cockpit.app import make_app
from bam.cockpit.desk import Desk

_FILLED = {
    "table": "funding",
    "record_id": "rec-x",
    "claim_id": "clm-x",
    "document_id": "doc-x",
    "name": "clm-x",
    "run_id": "run-x",
    "issue_id": "iss-x",
    "number": "1",
    "figure_id": "f",
    "delivery_id": "dlv-x",
    "dag_id": "ingest",
}


def paths(method: str) -> list[str]:
    """The paths below the root that take a method, with names of nothing filled in."""
    routes = [route for route in make_app(Desk(), b"k").routes if isinstance(route, APIRoute) and method in route.methods]
    return [re.sub(r"\{(\w+)(:path)?\}", lambda match: _FILLED[match[1]], route.path).lstrip("/") for route in routes]
