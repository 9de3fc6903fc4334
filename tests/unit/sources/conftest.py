"""A real HTTP server on loopback that answers as a test tells it, and clients whose clock stands still."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpcore
import pytest

from bam.sources.transport import GuardedBackend
from bam.sources.web import WebClient

Script = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Answer:
    """What the server sends for a path. `length` overrides the Content-Length."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None


@dataclass
class Site:
    """The server: `routes` by path (with query), `requests` as (path, headers) in order."""

    address: str
    routes: dict[str, Answer | Script | list[Answer]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return self.address + path

    def paths(self) -> list[str]:
        return [path for path, _ in self.requests if path != "/robots.txt"]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        self.site.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        route = self.site.routes.get(self.path, Answer(404))
        if isinstance(route, list):
            route = route.pop(0) if len(route) > 1 else route[0]
        if callable(route):
            route(self)
            return
        self.send_response(route.status)
        for name, value in route.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(route.body) if route.length is None else route.length))
        self.end_headers()
        self.wfile.write(route.body)
        if route.length is not None:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def site() -> Iterator[Site]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients hang up on purpose
    found = Site(f"http://127.0.0.1:{server.server_address[1]}")
    handler = type("Handler", (_Handler,), {"site": found})
    server.RequestHandlerClass = handler
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join(5)


@dataclass
class Clock:
    """A clock that goes on only when somebody waits."""

    now: float = 1000.0
    waits: list[float] = field(default_factory=list)

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(clock: Clock) -> Iterator[WebClient]:
    """A client that may read loopback and doesn't wait between requests."""
    made = WebClient("desk@example.org", internal=True, pause_seconds=0, clock=clock.time, sleep=clock.sleep)
    yield made
    made.close()


class Recorder(httpcore.NetworkBackend):
    """Notes where a connection would be made instead of making it."""

    def __init__(self) -> None:
        self.connected: list[tuple[str, int]] = []

    def connect_tcp(self, host: str, port: int, *_: object, **__: object) -> httpcore.NetworkStream:
        self.connected.append((host, port))
        raise httpcore.ConnectError("recorded instead of connected")


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def guarded(recorder: Recorder, clock: Clock) -> Callable[[dict[str, list[str]]], WebClient]:
    """A client for sources that are not internal; names resolve as the test says, connections are only recorded."""

    def make(names: dict[str, list[str]]) -> WebClient:
        def resolver(host: str, port: int) -> list[str]:
            if host not in names:
                raise OSError("name not known")
            return names[host]

        backend = GuardedBackend(internal=False, resolver=resolver, inner=recorder)
        return WebClient("desk@example.org", pause_seconds=0, clock=clock.time, sleep=clock.sleep, backend=backend)

    return make


@pytest.fixture
def answer() -> type[Answer]:
    return Answer
