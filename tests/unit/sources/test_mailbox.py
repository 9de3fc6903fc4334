"""A mailbox behind a real IMAP server process."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bam.model.errors import ConfigurationError, FetchError
from bam.portfolio.sources import MailboxSource
from bam.sources import mailbox
from bam.sources.mailbox import ImapReader
from bam.sources.model import Candidate, Content, Gone, Later

_SECRET = 'se"cret'


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A folder that is served as INBOX, and the port."""
    for uid, sender in ((1, "letter@example.org"), (2, "shop@example.net"), (5, "letter@example.org")):
        mail = f"From: {sender}\r\nSubject: Number {uid}\r\nMessage-ID: <{uid}@example.org>\r\n\r\nBody of {uid}.\r\n"
        (tmp_path / f"{uid}.eml").write_bytes(mail.encode())
    script = Path(__file__).parent / "imap_server.py"
    server = subprocess.Popen([sys.executable, str(script), str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    yield tmp_path, int(server.stdout.readline())
    server.terminate()
    server.wait(10)


def _reader(port: int, password: str | None = _SECRET, **changes: object) -> ImapReader:
    settings = {"id": "letters", "kind": "mailbox", "officiality": "media", "host": "127.0.0.1", "port": port, "user": "desk"}
    source = MailboxSource.model_validate({**settings, "tls": False, "internal": True, **changes})
    return ImapReader(source, password)


def test_mails_have_addresses_that_last(inbox: tuple[Path, int]) -> None:
    reader = _reader(inbox[1])
    candidates = list(reader.candidates(None))
    assert [each.address for each in candidates] == [f"imap://127.0.0.1/INBOX;UIDVALIDITY=7;UID={uid}" for uid in (1, 2, 5)]
    outcome = reader.visit(candidates[2], None)
    assert isinstance(outcome, Content)
    assert outcome.data == (inbox[0] / "5.eml").read_bytes()
    assert outcome.name == "5.eml"


def test_senders_and_windows_restrict(inbox: tuple[Path, int]) -> None:
    reader = _reader(inbox[1], senders=["letter@example.org"])
    window = (dt.date(2014, 3, 1), dt.date(2014, 4, 1))
    assert [each.name for each in reader.candidates(window)] == ["1.eml", "5.eml"]
    assert [each.name for each in _reader(inbox[1], max_mails=1).candidates(None)] == ["5.eml"]


def test_a_mail_that_was_taken_away(inbox: tuple[Path, int]) -> None:
    reader = _reader(inbox[1])
    candidate = next(iter(reader.candidates(None)))
    (inbox[0] / "1.eml").unlink()
    assert reader.visit(candidate, None) == Gone("the mail is no longer in the mailbox")
    old = Candidate("imap://127.0.0.1/INBOX;UIDVALIDITY=6;UID=1")
    assert reader.visit(old, None) == Gone("the mailbox was made anew")


def test_a_wrong_password_and_a_missing_one(inbox: tuple[Path, int]) -> None:
    with pytest.raises(FetchError, match="the mail server refuses us"):
        list(_reader(inbox[1], "wrong").candidates(None))
    with pytest.raises(ConfigurationError, match="environment variable BAM_PASSWORD_LETTERS: the mailbox's password is not set"):
        _reader(inbox[1], None)


def test_a_mailbox_that_does_not_exist(inbox: tuple[Path, int]) -> None:
    with pytest.raises(FetchError, match="there is no mailbox 'Archive'"):
        list(_reader(inbox[1], mailbox="Archive").candidates(None))


def test_a_connection_that_drops(inbox: tuple[Path, int]) -> None:
    reader = _reader(inbox[1])
    candidate = next(iter(reader.candidates(None)))
    (inbox[0] / "FAULT").write_text("drop")
    assert isinstance(reader.visit(candidate, None), Later)


def test_a_server_that_does_not_answer(inbox: tuple[Path, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "TIMEOUT_SECONDS", 0.3)
    (inbox[0] / "FAULT").write_text("slow")
    with pytest.raises(FetchError, match="the connection was lost"):
        list(_reader(inbox[1]).candidates(None))


def test_no_server_at_all() -> None:
    with pytest.raises(FetchError, match="can't be reached"):
        list(_reader(1).candidates(None))


def test_a_private_server_must_be_declared(inbox: tuple[Path, int]) -> None:
    with pytest.raises(FetchError, match="not on the public internet"):
        list(_reader(inbox[1], internal=False).candidates(None))
