"""A webhook that announces an issue, in the JSON that Slack and its look-alikes take."""

from __future__ import annotations

import ipaddress
import json
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from bam.delivery.channels.base import Assignment, HandOver, Outcome, Result
from bam.delivery.issue import Parcel, label_of, one_line
from bam.model.identity import sha256_hex

_TIMEOUT_SECONDS = 20
_REPLY_SHOWN = 200
_GATEWAY_FAULTS = (502, 504)


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """`address` is secret: it appears in no reason and no log. `download_url` leads to the PDF, as in mails too large for it."""

    id: str
    address: str | None = field(repr=False)
    download_url: str | None
    is_repeatable: bool = False

    def deliver(self, assignment: Assignment, hand_over: HandOver) -> Outcome:
        import httpx

        variable = "BAM_WEBHOOK_" + assignment.recipient_id.upper().replace("-", "_")
        if not self.address:
            return Outcome(Result.RETRY, f"{variable} is not set")
        if not _is_safe(self.address):
            return Outcome(Result.RETRY, f"{variable} has to begin with https://")
        body = json.dumps(announcement(assignment.parcel, self.download_url)).encode()
        # The receiver can tell a repeated post by this key where it knows the header.
        headers = {"Content-Type": "application/json", "Idempotency-Key": assignment.delivery_id}
        handed_over = False
        try:
            with httpx.Client(timeout=_TIMEOUT_SECONDS, follow_redirects=False) as client:
                request = client.build_request("POST", self.address, content=body, headers=headers)
                hand_over()
                handed_over = True
                response = client.send(request)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            return Outcome(Result.RETRY, f"no connection ({type(error).__name__})")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            if not handed_over:
                return Outcome(Result.FAILED, f"{variable} is no address")
            reason = f"the post was handed over and no answer came: it may have arrived ({type(error).__name__})"
            return Outcome(Result.UNKNOWN, reason, sha256=sha256_hex(body))
        return _outcome(response, sha256_hex(body))

    def close(self) -> None:
        """It holds nothing open."""


def announcement(parcel: Parcel, download_url: str | None) -> dict[str, Any]:
    """The post: a line of text for notifications, and blocks with title, summary, label and link."""
    title, summary = _escaped(one_line(parcel.title, 140)), _escaped(one_line(parcel.summary, 2500))
    about = [label_of(parcel.tlp), _escaped(parcel.period)]
    if download_url and parcel.attachment is not None:
        link = download_url.format(issue=parcel.id, file=parcel.attachment.name)
        about.append(f"<{link}|PDF>")
    return {
        "text": f"{title}: {summary}",
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": f"*{title}*\n{summary}"}},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": " · ".join(about)}]},
        ],
    }


def _outcome(response: Any, sha256: str) -> Outcome:
    said = f"{response.status_code} {one_line(response.text, _REPLY_SHOWN)}".strip()
    if response.is_success:
        return Outcome(Result.SENT, said, sha256=sha256)
    if response.status_code in _GATEWAY_FAULTS:
        return Outcome(Result.UNKNOWN, f"a gateway lost the answer: it may have arrived ({said})", sha256=sha256)
    if response.status_code in (408, 425, 429) or response.status_code >= 500:
        return Outcome(Result.RETRY, said, retry_after_seconds=_retry_after(response.headers))
    return Outcome(Result.FAILED, said)


def _retry_after(headers: Any) -> float | None:
    """Seconds that the answer asks us to wait; a date counts from the answer's own Date."""
    value = headers.get("Retry-After", "")
    if value.isdigit():
        return float(value)
    try:
        return (parsedate_to_datetime(value) - parsedate_to_datetime(headers.get("Date", ""))).total_seconds()
    except (TypeError, ValueError):
        return None


def _escaped(text: str) -> str:
    """What Slack asks for: only these three characters have a meaning, and with them gone nobody can be mentioned or linked."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    if parts.scheme == "https":
        return bool(parts.hostname)
    try:
        return parts.scheme == "http" and ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
