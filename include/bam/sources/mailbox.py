"""A mailbox: mails of an IMAP server, or the `.eml` files of a folder. Newsletters and their attachments."""

from __future__ import annotations

import datetime as dt
import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote

from bam.model.errors import ConfigurationError, FetchError
from bam.portfolio.sources import MailboxSource
from bam.sources.guard import BlockedAddressError, Resolver, allowed_addresses, resolve
from bam.sources.model import Candidate, Content, Gone, Known, Later, Outcome, Refused, Window

MAX_MAIL_BYTES = 50_000_000
TIMEOUT_SECONDS = 30.0
_UIDVALIDITY = re.compile(rb"(\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FAULTS = (imaplib.IMAP4.error, OSError, ssl.SSLError)


class ImapReader:
    """Reads mails without marking them as read. Each mail has an address of its own (RFC 5092) that never changes."""

    notes_missing = False
    revisits = True
    visits_all = False

    def __init__(self, source: MailboxSource, password: str | None, resolver: Resolver = resolve) -> None:
        if password is None:
            raise ConfigurationError(
                "the mailbox's password is not set",
                where=f"environment variable {source.password_variable}",
                remedy=f"Set it, or disable the source {source.id}.",
            )
        self._source = source
        self._password = password
        self._resolver = resolver
        self._port = source.port or (993 if source.tls else 143)

    def candidates(self, window: Window | None) -> Iterator[Candidate]:
        """The newest mails, restricted to the window by the day on which they arrived."""
        with self._mailbox() as (connection, prefix):
            criteria = ["ALL"] if window is None else ["SINCE", _imap_day(window[0]), "BEFORE", _imap_day(window[1])]
            uids: list[bytes] = []
            for sender in self._source.senders or (None,):
                wanted = [*criteria, "FROM", _quoted(sender)] if sender else criteria
                status, data = connection.uid("SEARCH", *wanted)
                if status != "OK":
                    raise FetchError("the mailbox can't be searched", where=self._where, remedy="Check the server.")
                uids += (data[0] or b"").split()
            newest = sorted({int(uid) for uid in uids})[-self._source.max_mails :]
        for uid in newest:
            yield Candidate(f"{prefix};UID={uid}", name=f"{uid}.eml")

    def visit(self, candidate: Candidate, known: Known | None) -> Outcome:
        """One mail's bytes."""
        uid = candidate.address.rsplit("UID=", 1)[-1]
        try:
            with self._mailbox() as (connection, prefix):
                if not candidate.address.startswith(prefix):
                    return Gone("the mailbox was made anew")
                return self._fetch(connection, uid, candidate)
        except FetchError as error:
            return Later(error.what)

    def _fetch(self, connection: imaplib.IMAP4, uid: str, candidate: Candidate) -> Outcome:
        status, data = connection.uid("FETCH", uid, "(RFC822.SIZE)")
        size = _SIZE.search(data[0]) if status == "OK" and data and isinstance(data[0], bytes) else None
        if size is None:
            return Gone("the mail is no longer in the mailbox")
        if int(size.group(1)) > MAX_MAIL_BYTES:
            return Refused(f"the mail is too large ({int(size.group(1)) / 1e6:.0f} MB)")
        status, data = connection.uid("FETCH", uid, "(BODY.PEEK[])")
        parts = [part[1] for part in data if isinstance(part, tuple)]
        if status != "OK" or not parts:
            return Later("the mail can't be fetched")
        return Content(bytes(parts[0]), candidate.address, f"{uid}.eml", "message/rfc822")

    @property
    def _where(self) -> str:
        return f"{self._source.host}:{self._port}"

    @contextmanager
    def _mailbox(self) -> Iterator[tuple[imaplib.IMAP4, str]]:
        """The mailbox, opened for reading, and the part of the address that all its mails share."""
        source = self._source
        assert source.host is not None
        assert source.user is not None
        try:
            # imaplib resolves again when it connects; a mail server is named by us and not by what we read.
            allowed_addresses(source.host, self._resolver(source.host, self._port), internal=source.internal)
            connection = self._connect(source.host)
        except BlockedAddressError as error:
            raise FetchError(
                str(error), where=self._where, remedy="Declare the source `internal: true` if it is yours."
            ) from error
        except _FAULTS as error:
            raise FetchError(
                f"the mail server can't be reached ({error})", where=self._where, remedy="Check host and port."
            ) from error
        try:
            connection.login(source.user, self._password)
            status, _ = connection.select(_quoted(source.mailbox), readonly=True)
            if status != "OK":
                raise FetchError(f"there is no mailbox {source.mailbox!r}", where=self._where, remedy="Correct `mailbox`.")
            _, answer = connection.response("UIDVALIDITY")
            validity = _UIDVALIDITY.search(answer[0] or b"") if answer and isinstance(answer[0], bytes) else None
            number = validity.group(1).decode() if validity else "0"
            yield connection, f"imap://{source.host}/{quote(source.mailbox)};UIDVALIDITY={number}"
        except imaplib.IMAP4.error as error:
            raise FetchError(
                f"the mail server refuses us ({error})", where=self._where, remedy="Check user and password."
            ) from error
        except OSError as error:
            raise FetchError(
                f"the connection was lost ({error})", where=self._where, remedy="It is tried again later."
            ) from error
        finally:
            with suppress(*_FAULTS):
                connection.logout()

    def _connect(self, host: str) -> imaplib.IMAP4:
        if self._source.tls:
            context = ssl.create_default_context()
            return imaplib.IMAP4_SSL(host, self._port, ssl_context=context, timeout=TIMEOUT_SECONDS)
        return imaplib.IMAP4(host, self._port, timeout=TIMEOUT_SECONDS)


def _imap_day(day: dt.date) -> str:
    return f"{day.day:02d}-{_MONTHS[day.month - 1]}-{day.year:04d}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
