"""Mail over SMTP, step by step, so that after each fault we know whether the message may have arrived.

A server takes a message when it gets the line with the single dot after it (RFC 5321, 4.1.1.4). Up to there every fault means
"not delivered, try again"; from there on only the server's answer tells. `smtplib.sendmail` does all steps in one call and can't
say where it stopped.
"""

from __future__ import annotations

import logging
import re
import smtplib
import socket
import ssl
from contextlib import suppress

from bam.delivery.channels.base import HandOver, Outcome, Result
from bam.delivery.channels.smtp_server import SmtpServer
from bam.delivery.message import BuiltMessage

log = logging.getLogger(__name__)

_CHUNK_BYTES = 65_536
_LINE_START_DOT = re.compile(rb"(?m)^\.")
_ANY_LINE_END = re.compile(rb"\r\n|\r|\n")
_CLOSING = 421
_TOO_LARGE = 552


class _ConnectionLostError(Exception):
    """The connection ended at a step where nothing could have arrived."""


class _ServerDownError(Exception):
    """No connection, no TLS or no login: no recipient of this server can be reached now."""


class SmtpTransport:
    """One connection that serves many messages; it is opened for the first of them and again after a loss."""

    is_repeatable = False

    def __init__(self, server: SmtpServer, greeting_name: str) -> None:
        """`greeting_name` is what we call ourselves in EHLO: the sender's domain."""
        self._server, self._greeting_name = server, greeting_name
        self._client: smtplib.SMTP | None = None

    def close(self) -> None:
        """Say goodbye to the server; a later message opens a connection again."""
        if self._client is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._client.quit()
            self._drop()

    def carry(self, built: BuiltMessage, name: str, hand_over: HandOver) -> Outcome:
        was_open = self._client is not None
        try:
            try:
                return self._exchange(built, hand_over)
            except _ConnectionLostError:
                if not was_open:
                    raise
                # Servers close idle connections; that says nothing about this recipient.
                return self._exchange(built, hand_over)
        except _ConnectionLostError as error:
            return Outcome(Result.RETRY, f"the connection ended before the message was handed over ({error})")
        except _ServerDownError as error:
            return Outcome(Result.RETRY, str(error), blocks_channel=True)
        except BaseException:
            self._drop()
            raise

    def _exchange(self, built: BuiltMessage, hand_over: HandOver) -> Outcome:
        client = self._client or self._connect()
        refusal = self._announce(client, built)
        if refusal is not None:
            return refusal
        self._upload(client, built.data)
        hand_over()
        return self._finish(client, built)

    def _announce(self, client: smtplib.SMTP, built: BuiltMessage) -> Outcome | None:
        """Sender, recipient and DATA; None where the server wants the message."""
        size_limit = int(client.esmtp_features.get("size", "0") or 0) if client.does_esmtp else 0
        if 0 < size_limit < len(built.data):
            said = f"the mail has {len(built.data)} bytes and the server takes {size_limit}: lower mail.size_limit_mb"
            return Outcome(Result.FAILED, said)
        options = [f"SIZE={len(built.data)}"] if client.has_extn("size") else []
        for command, wanted in (
            (f"MAIL FROM:<{built.envelope_from}> {' '.join(options)}".rstrip(), (250,)),
            (f"RCPT TO:<{built.envelope_to}>", (250, 251)),
            ("DATA", (354,)),
        ):
            code, said = self._command(client, command)
            if code not in wanted:
                with suppress(_ConnectionLostError):
                    self._command(client, "RSET")
                return _refusal(command.partition(" ")[0], code, said)
        return None

    def _command(self, client: smtplib.SMTP, line: str) -> tuple[int, str]:
        """Send a command and read its reply. 421 and replies that are no SMTP count as a lost connection."""
        try:
            client.putcmd(line)
            code, said = client.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise _ConnectionLostError(f"{line.partition(' ')[0]}: {_words_of(error)}") from error
        if code == _CLOSING or not 200 <= code <= 599:
            self._drop()
            raise _ConnectionLostError(f"{line.partition(' ')[0]}: {code} {_text(said)}")
        return code, _text(said)

    def _upload(self, client: smtplib.SMTP, data: bytes) -> None:
        """Everything but the closing dot. Chunks, because a socket's time-out is for a whole `sendall`."""
        lines = _ANY_LINE_END.sub(b"\r\n", data)
        stuffed = _LINE_START_DOT.sub(b"..", lines if lines.endswith(b"\r\n") else lines + b"\r\n")
        try:
            for start in range(0, len(stuffed), _CHUNK_BYTES):
                client.send(stuffed[start : start + _CHUNK_BYTES])
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise _ConnectionLostError(f"message: {_words_of(error)}") from error

    def _finish(self, client: smtplib.SMTP, built: BuiltMessage) -> Outcome:
        """The closing dot and the server's answer to it."""
        try:
            assert client.sock is not None
            client.sock.settimeout(self._server.answer_seconds)
            client.send(b".\r\n")
            code, said = client.getreply()
            if client.sock is not None:
                client.sock.settimeout(self._server.timeout_seconds)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Outcome(
                Result.UNKNOWN,
                f"the message was handed over and no answer came: it may have arrived ({_words_of(error)})",
                sha256=built.sha256,
                message_id=built.message_id,
            )
        reason = f"{code} {_text(said)}".strip()
        if 200 <= code <= 299:
            return Outcome(Result.SENT, reason, sha256=built.sha256, message_id=built.message_id)
        if code == _CLOSING:
            self._drop()
        if 400 <= code <= 499:
            return Outcome(Result.RETRY, reason)
        if 500 <= code <= 599:
            return Outcome(Result.FAILED, reason)
        self._drop()
        return Outcome(
            Result.UNKNOWN,
            f"the answer to the message makes no sense: it may have arrived ({reason})",
            sha256=built.sha256,
            message_id=built.message_id,
        )

    def _connect(self) -> smtplib.SMTP:
        """An open connection after greeting, TLS and login. Raises _ServerDownError."""
        server = self._server
        where = f"{server.host}:{server.port}"
        client: smtplib.SMTP | None = None
        try:
            tls = None if server.security == "none" else ssl.create_default_context(cafile=server.cafile)
            if server.security == "tls":
                client = smtplib.SMTP_SSL(
                    server.host, server.port, self._greeting_name, timeout=server.timeout_seconds, context=tls
                )
            else:
                client = smtplib.SMTP(server.host, server.port, self._greeting_name, timeout=server.timeout_seconds)
                if tls is not None:
                    client.starttls(context=tls)
            client.ehlo_or_helo_if_needed()
            if client.sock is not None:
                # The closing dot goes out at once, instead of 40 ms later when the server has acknowledged the message before it.
                client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if server.user:
                client.login(server.user, server.password or "")
        except (smtplib.SMTPException, OSError) as error:
            if client is not None:
                client.close()
            raise _ServerDownError(_why_down(error, where, server)) from error
        self._client = client
        return client

    def _drop(self) -> None:
        if self._client is not None:
            with suppress(OSError):
                self._client.close()
            self._client = None


def _refusal(command: str, code: int, said: str) -> Outcome:
    """What a negative reply before the message means: 4xx passes (RFC 5321, 4.2.1), 5xx to MAIL is about us, not them."""
    reason = f"{code} {said}".strip()
    if command == "MAIL" and 500 <= code <= 599 and code != _TOO_LARGE:
        return Outcome(Result.RETRY, f"the server refuses the sender: {reason}", blocks_channel=True)
    if 500 <= code <= 599:
        return Outcome(Result.FAILED, reason)
    return Outcome(Result.RETRY, reason)


def _why_down(error: Exception, where: str, server: SmtpServer) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of {where} is not valid ({error.verify_message}): nothing was sent"
    if isinstance(error, ssl.SSLError):
        return f"no TLS with {where} ({_words_of(error)}): check port and scheme of BAM_SMTP_URL"
    if isinstance(error, smtplib.SMTPNotSupportedError) and server.security == "starttls":
        return f"{where} lacks STARTTLS or AUTH ({_words_of(error)}); ?tls=none is for servers in a trusted network"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{where} refuses user and password ({error.smtp_code} {_text(error.smtp_error)})"
    return f"{where} can't be used now ({_words_of(error)})"


def _words_of(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}".strip()
    return str(error) or type(error).__name__


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:300]
