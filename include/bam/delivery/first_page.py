"""The first page of a brief as a mail shows it: its headlines and key figures, written for mail programs.

Tables and inline styles only, because mail programs know no more; the PDF that travels with it holds the brief itself. Both texts
are functions of the issue's stored context.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from bam.briefs.citations import is_web_address
from bam.briefs.model import BriefContext, Heading, Mark, Sentence, Source, Tile
from bam.delivery.wording import Translate, translate_to

_WIDTH = 76
_INK, _GREY, _RULE, _ACCENT = "#1a1a1a", "#595959", "#c8c8c8", "#0b5394"
_SMALL = f"margin:0 0 4px 0;font-size:12px;color:{_GREY}"
_HEADING = f"margin:22px 0 8px 0;font-size:16px;color:{_ACCENT}"


@dataclass(frozen=True, slots=True)
class FirstPage:
    """The two bodies of the mail and the one sentence that announces the issue elsewhere."""

    html: str
    text: str
    summary: str


def first_page(context: BriefContext) -> FirstPage:
    """Write the first page of an issue."""
    say = translate_to(context.heading.language)
    cited = _cited(context)
    summary = context.headlines[0].text if context.headlines else context.heading.period_label
    return FirstPage(_html(context, cited, say), _text(context, cited, say), summary)


def _cited(context: BriefContext) -> list[Source]:
    """The sources that the first page marks, by number."""
    marked = [sentence.marks for sentence in context.headlines] + [tile.marks for tile in context.tiles]
    numbers = {mark.source for marks in marked for mark in marks}
    return [source for source in context.sources if source.number in numbers]


def _text(context: BriefContext, sources: Sequence[Source], say: Translate) -> str:
    heading = context.heading
    lines = [heading.subject, f"{heading.title}, {heading.period_label}", _dates(heading, say), ""]
    for sentence in context.headlines:
        lines += _wrapped(sentence.text + _numbers(sentence.marks), "* ")
    if context.tiles:
        lines += ["", say("Key figures").upper(), ""]
        for tile in context.tiles:
            lines += _wrapped(f"{tile.label}: {tile.text} ({_under(tile)}){_numbers(tile.marks)}", "* ")
    if context.quality is not None:
        lines += ["", *_wrapped(context.quality.verdict, "")]
        for warning in context.quality.warnings:
            lines += _wrapped(warning, "* ")
    if sources:
        lines += ["", say("Sources").upper(), ""]
        for source in sources:
            bullet = f"[{source.number}] "
            lines += _wrapped(_described(source), bullet)
            lines += [" " * len(bullet) + source.address] if is_web_address(source.address) else []
    return "\n".join(lines) + "\n"


def _dates(heading: Heading, say: Translate) -> str:
    return say("As of {date}").format(date=heading.as_of_label) + f" · {heading.number_label}"


def _wrapped(text: str, bullet: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=bullet,
        subsequent_indent=" " * len(bullet),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _numbers(marks: Iterable[Mark]) -> str:
    numbers = sorted({mark.source for mark in marks})
    return "".join(f" [{number}]" for number in numbers)


def _html(context: BriefContext, sources: Sequence[Source], say: Translate) -> str:
    heading = context.heading
    parts = [
        f'<p style="{_SMALL}">{escape(heading.subject)}</p>',
        f'<h1 style="margin:0 0 4px 0;font-size:24px;line-height:1.2;color:{_INK}">'
        f"{escape(heading.title)}, {escape(heading.period_label)}</h1>",
        f'<p style="{_SMALL};padding-bottom:10px;border-bottom:2px solid {_ACCENT}">{escape(_dates(heading, say))}</p>',
        '<ul style="margin:14px 0 0 0;padding:0 0 0 20px">',
        *(f'<li style="margin:0 0 8px 0">{_sentence(sentence)}</li>' for sentence in context.headlines),
        "</ul>",
    ]
    if context.tiles:
        parts.append(f'<h2 style="{_HEADING}">{escape(say("Key figures"))}</h2>')
        parts.append('<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">')
        parts += [_row(pair) for pair in _pairs(context.tiles)]
        parts.append("</table>")
    if context.quality is not None:
        lines = (context.quality.verdict, *context.quality.warnings)
        parts.append(f'<div style="margin:16px 0 0 0;padding:8px 12px;border-left:4px solid {_RULE}">')
        parts += [f'<p style="margin:0 0 4px 0">{escape(line)}</p>' for line in lines]
        parts.append("</div>")
    if sources:
        parts.append(f'<h2 style="{_HEADING}">{escape(say("Sources"))}</h2>')
        parts += [f'<p style="{_SMALL}">{source.number}. {_source(source)}</p>' for source in sources]
    return "\n".join(parts)


def _sentence(sentence: Sentence) -> str:
    spans = (f"<b>{escape(span.text)}</b>" if span.figure else escape(span.text) for span in sentence.spans)
    return "".join(spans) + _marks(sentence.marks)


def _marks(marks: Iterable[Mark]) -> str:
    numbers = sorted({mark.source for mark in marks})
    style = f"font-size:11px;font-weight:normal;color:{_GREY}"
    return f' <sup style="{style}">{", ".join(map(str, numbers))}</sup>' if numbers else ""


def _pairs(tiles: Sequence[Tile]) -> list[Sequence[Tile]]:
    return [tiles[at : at + 2] for at in range(0, len(tiles), 2)]


def _row(tiles: Sequence[Tile]) -> str:
    cells = "".join(
        f'<td width="50%" valign="top" style="padding:8px 12px 8px 0;border-top:1px solid {_RULE}">{_tile(tile)}</td>'
        for tile in tiles
    )
    return f"<tr>{cells}</tr>"


def _tile(tile: Tile) -> str:
    return (
        f'<p style="{_SMALL}">{escape(tile.label)}</p>'
        f'<p style="margin:0;font-size:20px;font-weight:bold;color:{_INK}">{escape(tile.text)}{_marks(tile.marks)}</p>'
        f'<p style="{_SMALL}">{escape(_under(tile))}</p>'
    )


def _under(tile: Tile) -> str:
    return "; ".join(part for part in (tile.change, tile.on_record) if part)


def _source(source: Source) -> str:
    described = escape(_described(source))
    if not is_web_address(source.address):
        return described
    return f'<a href="{escape(source.address, quote=True)}" style="color:{_ACCENT}">{described}</a>'


def _described(source: Source) -> str:
    return ", ".join(part for part in (source.publisher, source.title, source.published) if part)
