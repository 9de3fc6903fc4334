"""Fixtures of the tests that read documents into a store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.unit.pipeline.desk import Desk, Web


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def web() -> Iterator[Web]:
    made = Web()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join(5)


@pytest.fixture
def feed(desk: Desk, web: Web) -> Callable[[], Any]:
    settings = {"id": "wire", "kind": "feed", "url": f"{web.address}/feed", "officiality": "media", "internal": True}
    desk.sources.append({**settings, "pause_seconds": 0})
    return lambda: desk.ingest("wire")
