"""Mail to a real SMTP server process that fails in every way: the state is right after each."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bam.delivery.channels.mail import MailChannel
from bam.delivery.channels.smtp import SmtpTransport
from bam.delivery.channels.smtp_server import SmtpServer
from bam.delivery.issue import parcel_of
from bam.delivery.outbox import Attempt, Dispatch, queue, send
from bam.portfolio.recipients import MailRules, Recipient, Sender
from bam.store.delivery import Delivery, read_deliveries
from bam.store.engine import Store

from .conftest import PDF, Clock, make_issue

SERVER = Path(__file__).with_name("faulty_smtp.py")
ISSUE = parcel_of(make_issue())


@dataclass
class Served:
    """A running server: its port and the messages that it has taken since the test began."""

    port: int
    log: Path
    seen_before: int

    def accepted(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in lines_of(self.log)[self.seen_before :]]

    def recipients(self) -> list[str]:
        return [address for message in self.accepted() for address in message["to"]]


def lines_of(log: Path) -> list[str]:
    return log.read_text().splitlines() if log.exists() else []


Start = Callable[..., Served]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start a server with these arguments, or take the one that runs with them."""
    folder = tmp_path_factory.mktemp("servers")
    running: dict[tuple[str, ...], tuple[subprocess.Popen[str], int, Path]] = {}

    def start_one(*arguments: str) -> Served:
        if arguments not in running:
            log = folder / f"accepted-{len(running)}.jsonl"
            command = [sys.executable, str(SERVER), "--log", str(log), *arguments]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            assert process.stdout is not None
            running[arguments] = process, int(process.stdout.readline()), log
        _, port, log = running[arguments]
        return Served(port, log, len(lines_of(log)))

    yield start_one
    for process, _, _ in running.values():
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@dataclass
class Post:
    """An outbox in front of one server."""

    dispatch: Dispatch
    names: list[str]

    def send(self, server: SmtpServer) -> list[Attempt]:
        people = [Recipient(id=f"r{number}", name=name, address=f"{name}@example.org") for number, name in enumerate(self.names)]
        with self.dispatch.store.read() as connection:
            is_new = not read_deliveries(connection, limit=1)
        if is_new:
            queue(self.dispatch, ISSUE, [("mail", person.id, person.address) for person in people])
        with self.dispatch.store.read() as connection:
            waiting = read_deliveries(connection, states=["waiting"])
        waiting.sort(key=lambda delivery: int(delivery.recipient_id[1:]))
        sender = Sender(name="Monitor", address="monitor@example.org")
        transport = SmtpTransport(server, sender.domain)
        channel = MailChannel(transport, sender, MailRules(), {person.id: person for person in people})
        return send(self.dispatch, channel, [(delivery, ISSUE) for delivery in waiting])

    def rows(self) -> dict[str, Delivery]:
        with self.dispatch.store.read() as connection:
            return {row.address_key.partition("@")[0]: row for row in read_deliveries(connection)}

    def states(self) -> dict[str, str]:
        return {name: row.state for name, row in self.rows().items()}


@pytest.fixture
def post(store: Store, clock: Clock) -> Post:
    return Post(Dispatch(store, clock, "test", dt.timedelta(hours=48)), ["ada", "ben", "cleo"])


def plain(served: Served, **changes: Any) -> SmtpServer:
    values: dict[str, Any] = {"security": "none", "timeout_seconds": 20, "answer_seconds": 20}
    return SmtpServer("127.0.0.1", served.port, **(values | changes))


def patience(fault: str) -> dict[str, float]:
    """Shorter than a slow server takes, and long for the others, so that a busy machine changes no outcome."""
    seconds = 2 if fault.endswith("slow") else 20
    return {"timeout_seconds": seconds, "answer_seconds": seconds}


def test_every_recipient_gets_a_message_of_their_own(start: Start, post: Post) -> None:
    served = start()
    post.send(plain(served))

    assert post.states() == {"ada": "sent", "ben": "sent", "cleo": "sent"}
    assert [message["to"] for message in served.accepted()] == [[f"{name}@example.org"] for name in post.names]
    for message, row in zip(served.accepted(), (post.rows()[name] for name in post.names), strict=True):
        parsed = email.message_from_string(message["message"], policy=email.policy.default)
        assert parsed["Message-ID"] == row.message_id
        assert [address.addr_spec for address in parsed["To"].addresses] == message["to"]
        assert others(message["message"], message["to"][0]) == set()
        assert row.reason == "250 2.0.0 queued"
        assert [part.get_content() for part in parsed.iter_attachments()] == [PDF]


def others(message: str, own: str) -> set[str]:
    return {f"{name}@example.org" for name in ("ada", "ben", "cleo")} & set(message.split()) - {own}


@pytest.mark.parametrize(
    ("fault", "state", "stored"),
    [
        ("rcpt-450", "waiting", False),
        ("rcpt-550", "failed", False),
        ("rcpt-421", "waiting", False),
        ("rcpt-drop", "waiting", False),
        ("rcpt-garbage", "waiting", False),
        ("rcpt-slow", "waiting", False),
        ("data-450", "waiting", False),
        ("data-554", "failed", False),
        ("data-drop", "waiting", False),
        ("body-drop", "unknown", False),
        ("dot-450", "waiting", False),
        ("dot-552", "failed", False),
        ("dot-421", "waiting", False),
        ("dot-drop", "unknown", False),
        ("dot-garbage", "unknown", False),
        ("stored-drop", "unknown", True),
        ("stored-slow", "unknown", True),
        ("stored-garbage", "unknown", True),
    ],
)
def test_fault_of_one_recipient(start: Start, post: Post, fault: str, state: str, stored: bool) -> None:
    served = start()
    faulty = f"{fault}.ben"
    post.names = ["ada", faulty, "cleo"]
    post.send(plain(served, **patience(fault)))

    states = post.states()
    # A small message is in the network's buffers before the server drops the connection in its middle: then the dot is out too.
    expected = {state, "waiting"} if fault == "body-drop" else {state}
    assert states.pop(faulty) in expected
    assert states == {"ada": "sent", "cleo": "sent"}
    assert served.recipients().count(f"{faulty}@example.org") == int(stored)

    post.send(plain(served))
    assert served.recipients().count(f"{faulty}@example.org") == int(stored), "its pause isn't over, or it is settled"
    assert served.recipients().count("ada@example.org") == 1


@pytest.mark.parametrize(
    "fault", ["connect-drop", "connect-554", "connect-421", "connect-garbage", "connect-slow", "ehlo-drop", "mail-550"]
)
def test_server_that_is_down_fails_nobody(start: Start, post: Post, fault: str) -> None:
    post.send(plain(start("--at", fault), **patience(fault)))
    rows = post.rows()
    assert {row.state for row in rows.values()} == {"waiting"}
    assert sum(row.attempts for row in rows.values()) == 1
    assert all(row.reason for row in rows.values())


@pytest.mark.parametrize("fault", ["mail-drop", "mail-450", "mail-421", "data-drop"])
def test_fault_before_the_message_leaves_everybody_waiting(start: Start, post: Post, fault: str) -> None:
    served = start("--at", fault)
    post.send(plain(served))
    assert set(post.states().values()) == {"waiting"}
    assert served.accepted() == []


def test_nobody_listens(post: Post) -> None:
    post.send(SmtpServer("127.0.0.1", 1, "none", timeout_seconds=1))
    assert set(post.states().values()) == {"waiting"}
    assert "127.0.0.1:1 can't be used now" in (post.rows()["ada"].reason or "")


def test_idle_connection_that_the_server_closed_is_opened_again(start: Start, post: Post) -> None:
    served = start()
    post.names = ["ada", "data-421.ben", "cleo"]
    post.send(plain(served))
    assert post.states() == {"ada": "sent", "data-421.ben": "waiting", "cleo": "sent"}


def test_mail_above_the_servers_size_is_not_uploaded(start: Start, post: Post) -> None:
    served = start("--size-limit", "1000")
    post.send(plain(served))
    assert set(post.states().values()) == {"failed"}
    assert "lower mail.size_limit_mb" in (post.rows()["ada"].reason or "")


@dataclass(frozen=True)
class Certificates:
    """A certificate authority and what it signed: (certificate, key) per purpose."""

    authority: Path
    signed: dict[str, tuple[Path, Path]]

    def arguments(self, name: str) -> tuple[str, ...]:
        certificate, key = self.signed[name]
        return ("--certificate", str(certificate), "--key", str(key))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    import ipaddress

    folder = tmp_path_factory.mktemp("certificates")
    now = dt.datetime.now(dt.UTC)
    authority_key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])

    def write(
        name: str, subject: x509.Name, key: ec.EllipticCurvePrivateKey, end: dt.datetime, extension: x509.ExtensionType
    ) -> Path:
        builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        builder = (
            builder.not_valid_before(now - dt.timedelta(days=10)).not_valid_after(end).add_extension(extension, critical=True)
        )
        path = folder / f"{name}.pem"
        path.write_bytes(builder.sign(authority_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        return path

    def issue(name: str, host: x509.GeneralName, end: dt.datetime) -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        path = folder / f"{name}.key"
        path.write_bytes(
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )
        return write(name, subject, key, end, x509.SubjectAlternativeName([host])), path

    later, ours = now + dt.timedelta(days=10), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    authority = write("authority", issuer, authority_key, later, x509.BasicConstraints(ca=True, path_length=None))
    return Certificates(
        authority,
        {
            "right": issue("right", ours, later),
            "other-host": issue("other-host", x509.DNSName("mail.example.org"), later),
            "expired": issue("expired", ours, now - dt.timedelta(days=1)),
        },
    )


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_tls_with_a_good_certificate(start: Start, post: Post, certificates: Certificates, security: Any) -> None:
    implicit = ("--implicit-tls",) if security == "tls" else ()
    served = start(*certificates.arguments("right"), *implicit)
    post.send(plain(served, security=security, cafile=str(certificates.authority)))
    assert set(post.states().values()) == {"sent"}
    assert all(message["tls"] for message in served.accepted())


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(("name", "said"), [("other-host", "mismatch"), ("expired", "expired"), ("right", "issuer")])
def test_wrong_certificate_gets_nothing(
    start: Start, post: Post, certificates: Certificates, security: Any, name: str, said: str
) -> None:
    implicit = ("--implicit-tls",) if security == "tls" else ()
    served = start(*certificates.arguments(name), *implicit)
    cafile = None if name == "right" else str(certificates.authority)
    post.send(plain(served, security=security, cafile=cafile))
    assert served.accepted() == []
    assert set(post.states().values()) == {"waiting"}
    reason = post.rows()["ada"].reason or ""
    assert "certificate" in reason
    assert said in reason


def test_server_without_tls_gets_nothing_where_we_demand_it(start: Start, post: Post) -> None:
    served = start()
    post.send(plain(served, security="starttls"))
    assert served.accepted() == []
    assert set(post.states().values()) == {"waiting"}
    assert "?tls=none" in (post.rows()["ada"].reason or "")


def test_server_that_demands_tls_is_not_served_without(start: Start, post: Post, certificates: Certificates) -> None:
    served = start(*certificates.arguments("right"))
    post.send(plain(served, security="none"))
    assert served.accepted() == []
    assert set(post.states().values()) == {"waiting"}


@pytest.mark.parametrize(("password", "state"), [("right", "sent"), ("wrong", "waiting")])
def test_login(start: Start, post: Post, certificates: Certificates, password: str, state: str) -> None:
    served = start(*certificates.arguments("right"), "--user", "bam", "--password", "right")
    server = plain(served, security="starttls", cafile=str(certificates.authority), user="bam", password=password)
    post.send(server)
    assert set(post.states().values()) == {state}
    if state == "waiting":
        assert "refuses user and password" in (post.rows()["ada"].reason or "")
        assert sum(row.attempts for row in post.rows().values()) == 1, "a wrong password is tried once, not once per recipient"


def test_a_thousand_deliveries_with_faults_at_random(start: Start, post: Post, clock: Clock) -> None:
    served = start("--random", "8")
    post.names = [f"reader{number}" for number in range(1000)]
    passes = 0
    while "waiting" in set(post.states().values()) or passes == 0:
        post.send(plain(served))
        clock.advance(minutes=61)
        passes += 1
        assert passes < 100

    copies = served.recipients()
    assert len(copies) == len(set(copies)), "somebody got a second copy"
    states = post.states()
    assert len(states) == 1000
    arrived = {address.partition("@")[0] for address in copies}
    assert {name for name, state in states.items() if state == "sent"} <= arrived, "sent, but never taken by the server"
    assert {name for name in states if name not in arrived} <= {
        name for name, state in states.items() if state in ("failed", "unknown")
    }
    assert not {name for name, state in states.items() if state == "failed"} & arrived
    assert {"sent", "failed", "unknown"} == set(states.values()), "the dice must have shown all ends"
