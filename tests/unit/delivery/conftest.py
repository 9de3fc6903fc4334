"""What the tests of delivery share: an issue, recipients, a store and a clock that only tests move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bam.delivery.channels.base import Assignment, HandOver, Outcome, Result
from bam.delivery.issue import IssueToSend
from bam.model.identity import sha256_hex
from bam.portfolio.recipients import MailRules, Recipient, Sender
from bam.store.engine import Store

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4 + b"\n%%EOF\n"
NOON = dt.datetime(2026, 11, 2, 12, 0, tzinfo=dt.UTC)


@dataclass
class Clock:
    """Stands still until a test moves it."""

    now: dt.datetime = NOON

    def __call__(self) -> dt.datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        self.now += dt.timedelta(**duration)


@dataclass
class ScriptedChannel:
    """A channel that ends as the test says: an outcome, an exception to raise, or `sent` for everybody."""

    id: str = "mail"
    is_repeatable: bool = False
    script: dict[str, list[Outcome | BaseException]] = field(default_factory=dict)
    raises_after_hand_over: bool = True
    carried: list[str] = field(default_factory=list)

    def close(self) -> None:
        pass

    def deliver(self, assignment: Assignment, hand_over: HandOver) -> Outcome:
        steps = self.script.get(assignment.recipient_id) or [Outcome(Result.SENT, "250 ok", sha256="0" * 64, message_id="<m@x>")]
        step = steps.pop(0)
        if isinstance(step, BaseException) and not self.raises_after_hand_over:
            raise step
        hand_over()
        if isinstance(step, BaseException):
            raise step
        if step.result is Result.SENT:
            self.carried.append(assignment.recipient_id)
        return step


@pytest.fixture
def issue() -> IssueToSend:
    return make_issue()


def make_issue(**changes: object) -> IssueToSend:
    values: dict[str, object] = {
        "id": "iss-00112233445566aa",
        "brief_id": "monthly",
        "title": "Border assistance in March 2014",
        "period": "2014-03",
        "edition": "en",
        "language": "en",
        "issued_at": "2026-11-02T10:00:00.000000+00:00",
        "pdf": PDF,
        "pdf_sha256": sha256_hex(PDF),
        "context_sha256": "c" * 64,
        "html": "<h1>Border assistance</h1><p>USD 3 million were committed.</p>",
        "text": "Border assistance\n\nUSD 3 million were committed.\n",
        "summary": "USD 3 million were committed.",
    }
    return IssueToSend(**(values | changes))  # type: ignore[arg-type]


@pytest.fixture
def sender() -> Sender:
    return Sender(name="Monitor", address="monitor@example.org", reply_to="desk@example.org", unsubscribe="stop@example.org")


@pytest.fixture
def rules() -> MailRules:
    return MailRules(download_url="https://monitor.example.org/{issue}/{file}")


@pytest.fixture
def recipient() -> Recipient:
    return Recipient(id="mirela", name="Mirela Oduya", address="mirela.oduya@example.org", tlp="green")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path / 'bam.sqlite'}")
    yield store
    store.engine.dispose()
