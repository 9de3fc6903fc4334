"""Which SMTP server to use and how: from `BAM_SMTP_URL`, or from the fields of an Airflow connection."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from bam.model.errors import ConfigurationError

Security = Literal["starttls", "tls", "none"]

_DEFAULT_PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
_REMEDY = (
    "Write smtp://user:password@host:587 (STARTTLS), smtps://host:465 (TLS) or smtp://host:1025?tls=none (a trusted network)."
)


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A server and what it takes to talk to it.

    `security` is never lowered: where the server offers no TLS or its certificate doesn't fit, nothing is sent. `cafile` names a
    certificate authority of one's own. `timeout_seconds` bounds each step; `answer_seconds` the wait for the answer to the
    message itself, for which RFC 5321 (4.5.3.2.6) asks ten minutes, since giving up earlier leaves deliveries `unknown`.
    """

    host: str
    port: int
    security: Security = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    cafile: str | None = None
    timeout_seconds: float = 60
    answer_seconds: float = 600

    @classmethod
    def from_url(cls, url: str, *, where: str = "BAM_SMTP_URL") -> SmtpServer:
        """The server behind `smtp://` or `smtps://`; `?tls=none`, `?cafile=`, `?timeout=` and `?answer=` (seconds) are options.

        Raises:
            ConfigurationError: the address can't be used. It never repeats the address, which may hold a password.
        """
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError as error:
            raise ConfigurationError(f"not an SMTP address ({error})", where=where, remedy=_REMEDY) from None
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path not in ("", "/"):
            raise ConfigurationError("not an SMTP address", where=where, remedy=_REMEDY)
        options = _options(parts, where)
        security: Security = "tls" if parts.scheme == "smtps" else "starttls"
        if "tls" in options:
            if options.pop("tls") != "none" or security == "tls":
                raise ConfigurationError("the only value of tls= is none, for smtp:// alone", where=where, remedy=_REMEDY)
            security = "none"
        return _checked(
            cls(
                host=parts.hostname,
                port=port or _DEFAULT_PORTS[security],
                security=security,
                user=unquote(parts.username) if parts.username else None,
                password=unquote(parts.password) if parts.password else None,
                **options,
            ),
            where,
        )

    @classmethod
    def from_connection(
        cls, host: str | None, port: int | None, login: str | None, password: str | None, extra: Mapping[str, Any]
    ) -> SmtpServer:
        """The server of an Airflow connection of type `smtp`, with the meaning that its provider gives to the extra fields
        (`disable_ssl`, `disable_tls`, `timeout`, `ssl_context`).

        Raises:
            ConfigurationError: it has no host, or asks not to verify certificates.
        """
        where = "the Airflow connection for SMTP"
        if not host:
            raise ConfigurationError("the host is missing", where=where, remedy="Fill it in.")
        if extra.get("ssl_context", "default") not in (None, "default"):
            raise ConfigurationError(
                "certificates must be verified", where=where, remedy="Remove ssl_context from its extra fields."
            )
        implicit = not _is_true(extra.get("disable_ssl", False))
        starttls = not _is_true(extra.get("disable_tls", False))
        security: Security = "tls" if implicit else "starttls" if starttls else "none"
        timeout_seconds = float(extra.get("timeout") or 60)
        port = port or _DEFAULT_PORTS[security]
        server = cls(host, port, security, login or None, password or None, extra.get("cafile"), timeout_seconds)
        return _checked(server, where)


def _options(parts: SplitResult, where: str) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name in ("timeout", "answer"):
            try:
                options[f"{name}_seconds"] = float(value)
            except ValueError:
                raise ConfigurationError(f"{name} is not a number of seconds", where=where, remedy=_REMEDY) from None
        elif name in ("tls", "cafile"):
            options[name] = value
        else:
            raise ConfigurationError(f"unknown option {name!r}", where=where, remedy=_REMEDY)
    return options


def _checked(server: SmtpServer, where: str) -> SmtpServer:
    if server.user and server.security == "none" and not _is_loopback(server.host):
        raise ConfigurationError(
            "a password would cross the network unencrypted", where=where, remedy="Use TLS, or a server that needs no password."
        )
    return server


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_true(value: object) -> bool:
    return value is True or str(value).strip().lower() in ("true", "1", "yes")
