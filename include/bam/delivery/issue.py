"""What is sent: an issue of a brief as delivery sees it, and the parcel that every channel carries."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Literal

from bam.delivery.wording import translate_to
from bam.model.identity import content_id, sha256_hex

TLP_ORDER = ("clear", "green", "amber", "red")
"""FIRST's Traffic Light Protocol 2.0, from what anybody may read to what only the addressee may."""

_UNSAFE_IN_NAMES = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class IssueToSend:
    """One rendered edition of a brief for one period.

    `edition` names language and country filter (`Edition.key`). `html` is the first page in the HTML that mail programs
    show, `text` the same in plain text; `summary` is one sentence for feeds, webhooks and approvers. `tlp` is the highest
    confidentiality of any source behind it. `issued_at` is when it was made (ISO 8601, UTC). `is_backfill` marks issues made
    by backfill or reprocessing, which are only sent where somebody asks for it.
    """

    id: str
    brief_id: str
    title: str
    period: str
    edition: str
    language: str
    issued_at: str
    pdf: bytes
    pdf_sha256: str
    context_sha256: str
    html: str
    text: str
    summary: str
    tlp: str = "clear"
    is_backfill: bool = False

    @property
    def content_sha256(self) -> str:
        """What an approval is bound to: everything of the issue that a reader can see."""
        parts = (self.title, self.tlp, self.context_sha256, sha256_hex(self.pdf), self.html, self.text, self.summary)
        return sha256_hex("\0".join(parts).encode())

    @property
    def slot(self) -> str:
        """Two issues of one slot are the same news: a recipient gets one of them."""
        return content_id("slot", self.brief_id, self.edition, self.period)

    @property
    def file_name(self) -> str:
        """The name that a reader finds in a download folder: `monthly-brief-2014-03-ru-TJ.pdf`."""
        return plain_name(self.brief_id, "brief", self.period, self.edition) + ".pdf"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels with a message. `subtype` belongs to `application/`."""

    name: str
    data: bytes
    subtype: str = "pdf"


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a channel carries, the same for every recipient of an issue, a digest or a list of reminders.

    `id` is the issue's or digest's; `slot` the news that a recipient gets once; `series` (a brief's id) and `period` say where
    it belongs. `tlp` is None for what carries nothing of any source (alerts).
    """

    id: str
    slot: str
    kind: Literal["issue", "digest"]
    series: str
    period: str
    edition: str
    title: str
    text: str
    html: str
    summary: str
    language: str
    issued_at: str
    tlp: str | None = "clear"
    attachment: Attachment | None = None


def parcel_of(issue: IssueToSend) -> Parcel:
    """The issue ready for the channels."""
    return Parcel(
        id=issue.id,
        slot=issue.slot,
        kind="issue",
        series=issue.brief_id,
        period=issue.period,
        edition=issue.edition,
        title=issue.title,
        text=issue.text,
        html=issue.html,
        summary=issue.summary,
        language=issue.language,
        issued_at=issue.issued_at,
        tlp=issue.tlp,
        attachment=Attachment(issue.file_name, issue.pdf),
    )


def corrected(parcel: Parcel) -> Parcel:
    """The same parcel as a correction: readers who have another issue of the same slot get it too, and see what it is."""
    say = translate_to(parcel.language)
    title = say("Corrected: {title}").format(title=parcel.title)
    return replace(parcel, slot=content_id("slot", parcel.slot, parcel.id), title=title)


def may_see(clearance: str, tlp: str | None) -> bool:
    """Whether something of this TLP may go to a place with that clearance; what has none may go anywhere."""
    return tlp is None or TLP_ORDER.index(tlp) <= TLP_ORDER.index(clearance)


def label_of(tlp: str | None) -> str:
    """The label as FIRST writes it: `TLP:AMBER`; empty where there is none."""
    return f"TLP:{tlp.upper()}" if tlp else ""


def plain_name(*parts: str) -> str:
    """A file name of ASCII letters, digits and dashes, at most 120 characters long."""
    ascii_only = unicodedata.normalize("NFKD", "-".join(parts)).encode("ascii", "ignore").decode()
    return _UNSAFE_IN_NAMES.sub("-", ascii_only).strip("-")[:120] or "brief"


def one_line(text: str, limit: int = 200) -> str:
    """Text that is safe in a mail header: no control or invisible format characters, no line breaks, at most `limit` long."""
    visible = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)
    visible = "".join(c for c in visible if unicodedata.category(c) != "Cf")
    line = " ".join(visible.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
