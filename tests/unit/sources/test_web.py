"""The client against a real server: every kind of answer, and every way of leading us where we don't go."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from bam.sources import bodies
from bam.sources.model import Content, Gone, Known, Later, Refused, Unchanged
from bam.sources.web import WebClient


def test_content_with_its_validators_and_type(site: Any, client: WebClient, answer: Any) -> None:
    site.routes["/news/a?x=1"] = answer(
        200,
        b"<p>hello</p>",
        {"Content-Type": "text/html; charset=utf-8", "ETag": '"v1"', "Last-Modified": "Tue, 04 Mar 2014 10:00:00 GMT"},
    )
    outcome = client.get(site.url("/news/a?x=1#part"))
    assert isinstance(outcome, Content)
    assert (outcome.data, outcome.name, outcome.status, outcome.etag) == (b"<p>hello</p>", "a.html", 200, '"v1"')
    assert outcome.address == site.url("/news/a?x=1")
    assert outcome.headers["content-type"] == "text/html; charset=utf-8"


def test_we_say_who_we_are(site: Any, client: WebClient, answer: Any) -> None:
    site.routes["/"] = answer(200, b"x")
    client.get(site.url("/"))
    assert all("BorderAssistanceMonitor/" in headers["user-agent"] for _, headers in site.requests)
    assert all("desk@example.org" in headers["user-agent"] for _, headers in site.requests)


def test_conditional_request(site: Any, client: WebClient, answer: Any) -> None:
    site.routes["/a"] = answer(304)
    outcome = client.get(site.url("/a"), Known('"v1"', "Tue, 04 Mar 2014 10:00:00 GMT"))
    assert isinstance(outcome, Unchanged)
    sent = site.requests[-1][1]
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('"v1"', "Tue, 04 Mar 2014 10:00:00 GMT")


@pytest.mark.parametrize("status", [404, 410])
def test_gone(site: Any, client: WebClient, answer: Any, status: int) -> None:
    site.routes["/a"] = answer(status)
    assert client.get(site.url("/a")) == Gone(f"answered {status}")


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [(429, "3600", 3600.0), (503, "120", 120.0), (429, "Tue, 04 Mar 2014 11:00:00 GMT", 3600.0), (403, "", None)],
)
def test_later(site: Any, client: WebClient, answer: Any, status: int, header: str, seconds: float | None) -> None:
    headers = {"Retry-After": header} if header else {}

    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(status)
        handler.send_header("Date", "Tue, 04 Mar 2014 10:00:00 GMT")
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    site.routes["/a"] = script
    assert client.get(site.url("/a")) == Later(f"answered {status}", seconds)
    assert site.paths() == ["/a"]


def test_a_host_that_asked_to_wait_is_left_alone(site: Any, client: WebClient, answer: Any, clock: Any) -> None:
    site.routes["/a"] = answer(429, headers={"Retry-After": "600"})
    site.routes["/b"] = answer(200, b"b")
    client.get(site.url("/a"))
    outcome = client.get(site.url("/b"))
    assert isinstance(outcome, Later)
    assert outcome.reason == "the host asked to be left alone for a while"
    assert site.paths() == ["/a"]
    clock.now += 601
    assert isinstance(client.get(site.url("/b")), Content)


def test_a_short_wait_is_waited_for(site: Any, client: WebClient, answer: Any, clock: Any) -> None:
    site.routes["/a"] = [answer(503, headers={"Retry-After": "2"}), answer(200, b"well again")]
    outcome = client.get(site.url("/a"))
    assert isinstance(outcome, Content)
    assert clock.waits == [2.0]


def test_server_errors_are_tried_three_times(site: Any, client: WebClient, answer: Any, clock: Any) -> None:
    site.routes["/a"] = answer(500)
    assert client.get(site.url("/a")) == Later("answered 500", None)
    assert site.paths() == ["/a", "/a", "/a"]
    assert clock.waits == [0.5, 1.0]


def test_redirects(site: Any, client: WebClient, answer: Any) -> None:
    site.routes |= {
        "/a": answer(301, headers={"Location": "/b"}),
        "/b": answer(308, headers={"Location": "/c#x"}),
        "/c": answer(200, b"here"),
        "/t": answer(302, headers={"Location": "/c"}),
        "/loop": answer(301, headers={"Location": "/loop"}),
        "/f": answer(301, headers={"Location": "file:///etc/passwd"}),
    }
    outcome = client.get(site.url("/a"))
    assert isinstance(outcome, Content)
    assert (outcome.address, outcome.moved) == (site.url("/c"), True)
    temporary = client.get(site.url("/t"))
    assert isinstance(temporary, Content)
    assert not temporary.moved
    assert client.get(site.url("/loop")) == Refused("more than 5 redirects")
    assert client.get(site.url("/f")) == Refused("only http and https are read, not file")


def test_slow_bodies(site: Any, client: WebClient, clock: Any) -> None:
    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for _ in range(3):
            handler.wfile.write(b"1\r\nx\r\n")
            handler.wfile.flush()
            time.sleep(0.02)
            clock.now += 60
        handler.wfile.write(b"0\r\n\r\n")

    site.routes["/a"] = script
    assert client.get(site.url("/a")) == Later("the answer took longer than 90 s", None)


def test_a_server_that_never_answers(site: Any, client: WebClient, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get(site.url("/first"))  # robots.txt is known from here on, so that only the page itself can be late
    monkeypatch.setattr("bam.sources.web.TIMEOUTS", {"connect": 2, "read": 0.05, "write": 2, "pool": 2})
    site.routes["/a"] = lambda handler: time.sleep(0.3)
    outcome = client.get(site.url("/a"))
    assert isinstance(outcome, Later)
    assert outcome.reason == "no answer in time (ReadTimeout)"


def test_a_body_shorter_than_announced(site: Any, client: WebClient, answer: Any) -> None:
    site.routes["/a"] = answer(200, b"half", length=1000)
    outcome = client.get(site.url("/a"))
    assert isinstance(outcome, Later)
    assert outcome.reason.startswith("the answer was cut off or is no HTTP")


def test_an_answer_that_is_no_http(site: Any, client: WebClient) -> None:
    site.routes["/a"] = lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n")
    outcome = client.get(site.url("/a"))
    assert isinstance(outcome, Later)


def test_too_large(site: Any, client: WebClient, answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site.routes["/announced"] = answer(200, b"", length=60_000_000)
    assert client.get(site.url("/announced")) == Refused("the answer is too large (60 MB)")
    monkeypatch.setattr(bodies, "MAX_BYTES", 1000)
    monkeypatch.setitem(bodies.read_body.__kwdefaults__, "max_bytes", 1_000_000)

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(200):
            handler.wfile.write(b"x" * 10_000)

    site.routes["/endless"] = endless
    assert client.get(site.url("/endless")) == Refused("the answer is too large (more than 1 MB)")


@pytest.mark.parametrize("encode", [gzip.compress, zlib.compress])
def test_compressed_answers(site: Any, client: WebClient, answer: Any, encode: Callable[[bytes], bytes]) -> None:
    encoding = "gzip" if encode is gzip.compress else "deflate"
    site.routes["/a"] = answer(200, encode(b"hello " * 100), {"Content-Encoding": encoding})
    outcome = client.get(site.url("/a"))
    assert isinstance(outcome, Content)
    assert outcome.data == b"hello " * 100


def test_decompression_bombs(site: Any, client: WebClient, answer: Any) -> None:
    bomb = gzip.compress(bytes(40_000_000))
    site.routes["/a"] = answer(200, bomb, {"Content-Encoding": "gzip"})
    assert client.get(site.url("/a")) == Refused("the answer is a decompression bomb")
    site.routes["/b"] = answer(200, b"not gzip", {"Content-Encoding": "gzip"})
    assert client.get(site.url("/b")) == Refused("the answer's compression is damaged")
    site.routes["/c"] = answer(200, b"x", {"Content-Encoding": "br"})
    assert client.get(site.url("/c")) == Refused("the answer is encoded as br, which we didn't ask for")


def test_robots(site: Any, client: WebClient, answer: Any, clock: Any) -> None:
    site.routes |= {
        "/robots.txt": answer(200, b"User-agent: *\nDisallow: /private\nCrawl-delay: 4\n"),
        "/private/a": answer(200, b"secret"),
        "/a": answer(200, b"open"),
    }
    assert client.get(site.url("/private/a")) == Refused("robots.txt of the host asks not to read it")
    client.get(site.url("/a"))
    client.get(site.url("/a"))
    assert site.paths() == ["/a", "/a"]
    assert clock.waits == [4.0]


def test_robots_that_cant_be_read_now(site: Any, client: WebClient, answer: Any) -> None:
    site.routes |= {"/robots.txt": answer(503), "/a": answer(200, b"x")}
    assert client.get(site.url("/a")) == Later("robots.txt of the host can't be read now")
    assert site.paths() == []


def test_one_request_a_second_to_a_host(site: Any, answer: Any, clock: Any) -> None:
    client = WebClient("x", internal=True, pause_seconds=1.5, clock=clock.time, sleep=clock.sleep)
    site.routes |= {"/a": answer(200, b"a"), "/b": answer(200, b"b")}
    client.get(site.url("/a"))
    client.get(site.url("/b"))
    assert sum(clock.waits) == pytest.approx(3.0)


def test_a_source_that_is_not_internal_reads_no_loopback(site: Any, answer: Any) -> None:
    site.routes["/a"] = answer(200, b"x")
    outcome = WebClient("x", pause_seconds=0).get(site.url("/a"))
    assert outcome == Refused("127.0.0.1 leads to 127.0.0.1, which is not on the public internet")
    assert site.requests == []


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("http://169.254.169.254/latest/meta-data", {"169.254.169.254": ["169.254.169.254"]}),
        ("http://inside.example/", {"inside.example": ["10.1.2.3"]}),
        ("http://both.example/", {"both.example": ["8.8.8.8", "::1"]}),
        ("http://2130706433/", {"2130706433": ["127.0.0.1"]}),
        ("http://0x7f.1/", {"0x7f.1": ["127.0.0.1"]}),
    ],
)
def test_no_connection_is_made_to_private_addresses(
    guarded: Any, recorder: Any, address: str, names: dict[str, list[str]]
) -> None:
    outcome = guarded(names).get(address)
    assert isinstance(outcome, Refused)
    assert outcome.reason.endswith("which is not on the public internet")
    assert recorder.connected == []


def test_the_checked_address_is_the_one_that_is_connected(guarded: Any, recorder: Any) -> None:
    """The name is resolved once: a second answer of its server can't lead the connection elsewhere."""
    outcome = guarded({"news.example": ["93.184.215.14"]}).get("https://news.example/a")
    assert isinstance(outcome, Later)
    assert set(recorder.connected) == {("93.184.215.14", 443)}


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest", "http://intranet.example/", "http://[::1]:8080/"])
def test_redirects_to_private_addresses(site: Any, answer: Any, recorder: Any, clock: Any, target: str) -> None:
    """The first hop is served for real; the second one would be recorded, and isn't even tried."""
    import httpcore

    from bam.sources.transport import GuardedBackend

    port = int(site.address.rsplit(":", 1)[1])
    names = {
        "public.example": ["93.184.215.14"],
        "intranet.example": ["192.168.0.7"],
        "169.254.169.254": ["169.254.169.254"],
        "::1": ["::1"],
    }

    class FirstHopForReal(httpcore.NetworkBackend):
        def connect_tcp(self, host: str, port_: int, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
            if host == "93.184.215.14":
                return httpcore.SyncBackend().connect_tcp("127.0.0.1", port, *args, **kwargs)
            return recorder.connect_tcp(host, port_)

    backend = GuardedBackend(internal=False, resolver=lambda host, _: names[host], inner=FirstHopForReal())
    client = WebClient("x", pause_seconds=0, clock=clock.time, sleep=clock.sleep, backend=backend)
    site.routes["/go"] = answer(302, headers={"Location": target})
    outcome = client.get("http://public.example/go")
    assert isinstance(outcome, Refused)
    assert recorder.connected == []
    assert site.paths() == ["/go"]


def test_a_name_that_is_not_known(guarded: Any) -> None:
    outcome = guarded({}).get("http://nowhere.example/")
    assert isinstance(outcome, Later)
