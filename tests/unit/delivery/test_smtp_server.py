"""Where the SMTP server's address comes from, and what is refused in it."""

from __future__ import annotations

from typing import Any

import pytest

from bam.delivery.channels.smtp_server import SmtpServer
from bam.model.errors import ConfigurationError


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", SmtpServer("mail.example.org", 587, "starttls")),
        ("smtps://mail.example.org", SmtpServer("mail.example.org", 465, "tls")),
        ("smtp://mailpit:1025?tls=none", SmtpServer("mailpit", 1025, "none")),
        ("smtp://bam:p%40ss%2Fword@mail.example.org:2525", SmtpServer("mail.example.org", 2525, "starttls", "bam", "p@ss/word")),
        ("smtps://h/?cafile=/etc/ca.pem&timeout=5&answer=30", SmtpServer("h", 465, "tls", None, None, "/etc/ca.pem", 5, 30)),
        ("smtp://bam:word@127.0.0.1?tls=none", SmtpServer("127.0.0.1", 25, "none", "bam", "word")),
    ],
)
def test_addresses(url: str, expected: SmtpServer) -> None:
    assert SmtpServer.from_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://user:secret@mail.example.org",
        "smtp://",
        "smtp://user:secret@host:port",
        "smtp://user:secret@host/path",
        "smtp://user:secret@host?tls=off",
        "smtps://user:secret@host?tls=none",
        "smtp://user:secret@host?verify=no",
        "smtp://user:secret@host?timeout=soon",
        "smtp://user:secret@host?tls=none",
    ],
)
def test_bad_address_is_one_line_without_the_password(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        SmtpServer.from_url(url)
    assert "BAM_SMTP_URL" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_password_is_not_shown() -> None:
    assert "secret" not in repr(SmtpServer("h", 1, user="bam", password="secret"))


@pytest.mark.parametrize(
    ("port", "extra", "expected"),
    [
        (None, {}, SmtpServer("h", 465, "tls", "bam", "word")),
        (587, {"disable_ssl": True}, SmtpServer("h", 587, "starttls", "bam", "word")),
        (587, {"disable_ssl": "true", "timeout": "7"}, SmtpServer("h", 587, "starttls", "bam", "word", None, 7)),
    ],
)
def test_airflow_connection(port: int | None, extra: dict[str, Any], expected: SmtpServer) -> None:
    assert SmtpServer.from_connection("h", port, "bam", "word", extra) == expected


@pytest.mark.parametrize(
    ("host", "extra"), [(None, {}), ("h", {"ssl_context": "none"}), ("h", {"disable_ssl": True, "disable_tls": True})]
)
def test_airflow_connection_that_would_be_unsafe(host: str | None, extra: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        SmtpServer.from_connection(host, 25, "bam", "word", extra)
