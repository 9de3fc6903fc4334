"""A digest: several short notices in one mail, in plain text and in HTML that mail programs show."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from bam.delivery.issue import Parcel, one_line
from bam.store.digests import DigestRow

_HEADING = "margin:20px 0 6px 0;font-size:16px;color:#1a1a1a"
_TITLE = "margin:0 0 2px 0;font-weight:bold"
_LINE = "margin:0 0 2px 0;color:#333333"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know: a title and the lines under it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Notices of one kind under a heading."""

    heading: str
    notices: tuple[Notice, ...]


def as_text(lead: str, chapters: Sequence[Chapter]) -> str:
    """The digest as plain text."""
    lines = [lead]
    for chapter in chapters:
        lines += ["", chapter.heading.upper(), ""]
        for notice in chapter.notices:
            lines.append(f"* {one_line(notice.title, 400)}")
            lines += [f"  {one_line(line, 400)}" for line in notice.lines]
    return "\n".join(lines) + "\n"


def as_html(lead: str, chapters: Sequence[Chapter]) -> str:
    """The digest as an HTML fragment. Every text is escaped."""
    parts = [f"<p>{html.escape(lead)}</p>"]
    for chapter in chapters:
        parts.append(f'<h2 style="{_HEADING}">{html.escape(chapter.heading)}</h2>')
        for notice in chapter.notices:
            parts.append('<div style="margin:0 0 12px 0;padding:0 0 0 10px;border-left:3px solid #0b5394">')
            parts.append(f'<p style="{_TITLE}">{html.escape(one_line(notice.title, 400))}</p>')
            parts += [f'<p style="{_LINE}">{html.escape(one_line(line, 400))}</p>' for line in notice.lines]
            parts.append("</div>")
    return "\n".join(parts)


def parcel_of_digest(digest: DigestRow) -> Parcel:
    """The digest ready for the channels. Each digest is its own news."""
    return Parcel(
        id=digest.id,
        slot=digest.id,
        kind="digest",
        series=digest.kind,
        period=digest.period,
        edition=digest.language,
        title=digest.title,
        text=digest.text,
        html=digest.html,
        summary=digest.summary,
        language=digest.language,
        issued_at=digest.created_at,
        tlp=digest.tlp,
    )
