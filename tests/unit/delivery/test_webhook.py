"""The webhook against a real HTTP server on loopback."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bam.delivery.channels.base import Assignment, LostClaimError, Outcome, Result
from bam.delivery.channels.webhook import WebhookChannel, announcement
from bam.delivery.issue import parcel_of

from .conftest import NOON, make_issue


@dataclass
class Receiver:
    """What the server answers, and what it got."""

    address: str = ""
    status: int | None = 200
    headers: dict[str, str] = field(default_factory=dict)
    posts: list[tuple[dict[str, str], Any]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    state = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.posts.append((dict(self.headers), json.loads(body)))
            if state.status is None:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response_only(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"said")

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    state.address = f"http://127.0.0.1:{server.server_address[1]}/hook/secret"
    yield state
    server.shutdown()
    server.server_close()


def post(address: str | None, **changes: object) -> Outcome:
    channel = WebhookChannel("webhook:team", address, "https://monitor.example.org/{issue}/{file}")
    return channel.deliver(Assignment("dlv-1", parcel_of(make_issue(**changes)), "team", NOON), lambda: None)


def test_announcement_arrives(receiver: Receiver) -> None:
    assert post(receiver.address).result is Result.SENT
    [(headers, body)] = receiver.posts
    assert headers["Content-Type"] == "application/json"
    assert headers["Idempotency-Key"] == "dlv-1"
    assert body["text"] == "Border assistance in March 2014: USD 3 million were committed."
    link = "<https://monitor.example.org/iss-00112233445566aa/monthly-brief-2014-03-en.pdf|PDF>"
    assert link in body["blocks"][1]["elements"][0]["text"]


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (204, Result.SENT),
        (302, Result.FAILED),
        (404, Result.FAILED),
        (429, Result.RETRY),
        (500, Result.RETRY),
        (504, Result.UNKNOWN),
        (None, Result.UNKNOWN),
    ],
)
def test_what_an_answer_means(receiver: Receiver, status: int | None, result: Result) -> None:
    receiver.status, receiver.headers = status, {"Location": "http://127.0.0.1:1/elsewhere"}
    outcome = post(receiver.address)
    assert outcome.result is result
    assert "secret" not in outcome.reason
    assert len(receiver.posts) == 1


@pytest.mark.parametrize("value", ["90", "Mon, 02 Nov 2026 12:01:30 GMT"])
def test_pause_that_the_receiver_asks_for(receiver: Receiver, value: str) -> None:
    receiver.status, receiver.headers = 429, {"Retry-After": value, "Date": "Mon, 02 Nov 2026 12:00:00 GMT"}
    assert post(receiver.address).retry_after_seconds == 90


@pytest.mark.parametrize(
    ("address", "said"),
    [(None, "BAM_WEBHOOK_TEAM is not set"), ("http://hooks.example.org/secret", "https://"), ("ftp://secret", "https://")],
)
def test_address_that_is_missing_or_unsafe(address: str | None, said: str) -> None:
    outcome = post(address)
    assert outcome.result is Result.RETRY
    assert said in outcome.reason
    assert "secret" not in outcome.reason


def test_nobody_listens() -> None:
    outcome = post("http://127.0.0.1:1/secret")
    assert (outcome.result, outcome.reason) == (Result.RETRY, "no connection (ConnectError)")


def test_nothing_is_posted_after_a_lost_claim(receiver: Receiver) -> None:
    channel = WebhookChannel("webhook:team", receiver.address, None)

    def lost() -> None:
        raise LostClaimError

    with pytest.raises(LostClaimError):
        channel.deliver(Assignment("dlv-1", parcel_of(make_issue()), "team", NOON), lost)
    assert receiver.posts == []


def test_no_text_can_mention_or_link() -> None:
    body = announcement(parcel_of(make_issue(title="<!channel> & <https://evil.example|x>", summary="<@U1>\n*b*")), None)
    assert "<" not in json.dumps(body).replace("\\u003c", "<")
    assert body["text"] == "&lt;!channel&gt; &amp; &lt;https://evil.example|x&gt;: &lt;@U1&gt; *b*"
