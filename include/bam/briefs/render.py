"""From a context to pages: HTML by sandboxed templates, PDF by WeasyPrint. Nothing but the context and our assets goes in."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from bam.briefs.assets import Assets
from bam.briefs.citations import is_web_address
from bam.briefs.language import N_, language_of
from bam.briefs.layout import environment_variable, lay_out
from bam.briefs.model import BarChart, BriefContext, FacilityMap, Mark, StageChart, Tile, Timeline

if TYPE_CHECKING:
    from weasyprint import Document

PDF_VARIANT = "pdf/ua-1"
MAX_DENSITY = 2
"""A flash that needs more than a page gives up its quotes first, then its trend lines and all but two rows of what to watch."""

COVER = ("headlines", "key_figures")
"""Sections of the first page."""

SECTION_NAMES = {
    "funding": N_("Funding"),
    "facilities": N_("Facilities"),
    "workshops": N_("Trainings"),
    "follow_ups": N_("Conference follow-ups"),
    "changes": N_("What changed"),
    "quality": N_("Quality of the data"),
    "method": N_("Method"),
    "sources": N_("Sources"),
}


class Trusted:
    """Markup or style of our own making, printed as it is. Whatever else a template prints is escaped."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __html__(self) -> str:
        return self._text


class Drawings:
    """The charts of a page, drawn when a template asks for them."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets

    def trend(self, tile: Tile) -> Trusted:
        """The trend line of a key figure."""
        from bam.briefs.charts.small import trend

        return Trusted(trend(tile.series, tile.series_alt, self._assets))

    def stage_bars(self, chart: StageChart) -> Trusted:
        """Who pays or receives, per stage."""
        from bam.briefs.charts.small import stage_bars

        return Trusted(stage_bars(chart, self._assets))

    def bars(self, chart: BarChart) -> Trusted:
        """Bars of one measure."""
        from bam.briefs.charts.small import bars

        return Trusted(bars(chart, self._assets))

    def facility_map(self, chart: FacilityMap) -> Trusted:
        """The map of facilities."""
        from bam.briefs.charts.map import facility_map

        return Trusted(facility_map(chart, self._assets))

    def timeline(self, chart: Timeline) -> Trusted:
        """Facilities over time."""
        from bam.briefs.charts.timeline import timeline

        return Trusted(timeline(chart, self._assets))


class Page:
    """What the templates of one page may call besides the context."""

    def __init__(self, context: BriefContext, assets: Assets, *, is_paper: bool, density: int = 0) -> None:
        self._context, self._assets, self._is_paper, self._density = context, assets, is_paper, density
        self._seen: set[str] = set()
        self._many = {source.number: len(source.quotes) > 1 for source in context.sources}

    def html(self) -> str:
        """The whole page."""
        environment = _environment(self._assets, self._context.heading.language)
        return environment.get_template(f"{self._context.heading.layout}.html").render(self._names(environment))

    def first_use(self, key: str) -> bool:
        """Whether this is the first time that the mark is printed: the list of sources leads back to it."""
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def used(self, source: int, letter: str) -> bool:
        """Whether the mark was printed above."""
        return f"{source}{letter}" in self._seen

    def label(self, mark: Mark) -> str:
        """What is printed for a mark: the letter only where its source has several quotes."""
        return mark.key if self._many.get(mark.source, True) else str(mark.source)

    def _inside(self) -> list[tuple[str, str]]:
        """Anchors and names of the sections behind the cover page; none for a brief that has no cover page of its own."""
        if self._context.is_empty or self._context.heading.layout != "brief":
            return []
        say = language_of(self._context.heading.language).say
        return [(section, say(SECTION_NAMES[section])) for section in self._context.heading.sections if section not in COVER]

    def _names(self, environment: SandboxedEnvironment) -> dict[str, Any]:
        from bam.briefs.charts import palette

        names: dict[str, Any] = {
            "brief": self._context,
            "draw": Drawings(self._assets),
            "first_use": self.first_use,
            "used": self.used,
            "label": self.label,
            "is_link": is_web_address,
            "is_paper": self._is_paper,
            "density": self._density,
            "cover": [section for section in self._context.heading.sections if section in COVER],
            "rest": [section for section in self._context.heading.sections if section not in COVER],
            "inside": self._inside(),
            "stamp": stamp(self._context).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        style = environment.get_template("brief.css").render(
            brief=self._context,
            palette={name: getattr(palette, name) for name in ("INK", "GREY", "RULE", "WASH", "ACCENT", "LINE", "STAGES")},
            css_text=css_text,
            css_pages=css_pages,
            is_paper=self._is_paper,
            web_fonts=Trusted("" if self._is_paper else self._assets.web_fonts),
        )
        return names | {"style": Trusted(style)}


def render_html(context: BriefContext, assets: Assets) -> str:
    """The issue as one self-contained page: fonts, styles and drawings inside, nothing to load."""
    return Page(context, assets, is_paper=False).html()


def render_pdf(context: BriefContext, assets: Assets) -> bytes:
    """The issue as a tagged PDF/UA-1 with its data attached: the same bytes from the same context, in any process and folder."""
    from bam.briefs.attachments import attachments
    from bam.briefs.codec import to_json
    from bam.briefs.finish import Finisher

    moment, data = stamp(context), to_json(context)
    with _fixed_time(moment), _without_collection():
        document = _document(context, assets)
        pdf = document.write_pdf(
            pdf_variant=PDF_VARIANT,
            attachments=attachments(context, data, moment),
            finisher=Finisher(context),
        )
    assert isinstance(pdf, bytes)
    return pdf


def _document(context: BriefContext, assets: Assets) -> Document:
    """The pages of the issue; a flash is set denser until it is one page."""
    for density in range(MAX_DENSITY + 1):
        document = lay_out(Page(context, assets, is_paper=True, density=density).html(), assets)
        if context.heading.layout != "flash" or len(document.pages) == 1:
            break
    return document


def stamp(context: BriefContext) -> dt.datetime:
    """The one time that a PDF carries: when its knowledge was recorded (UTC)."""
    return dt.datetime.fromisoformat(context.heading.recorded_at).astimezone(dt.UTC).replace(microsecond=0)


def css_text(text: str) -> Trusted:
    """Any text as a CSS string that ends where it should."""
    safe = "".join(c if c.isalnum() or c in " .,:;·–-()" else f"\\{ord(c):x} " for c in text)
    return Trusted(f'"{safe}"')


def css_pages(template: str) -> Trusted:
    """`page {page} of {pages}` as the value of a CSS `content` property."""
    parts = []
    for piece in template.replace("{pages}", "\0pages\0").replace("{page}", "\0page\0").split("\0"):
        if piece:
            parts.append(f"counter({piece})" if piece in ("page", "pages") else css_text(piece).__html__())
    return Trusted(" ".join(parts))


@lru_cache(maxsize=8)
def _environment(assets: Assets, language: str) -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(assets.folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        finalize=lambda value: assets.printable(value) if type(value) is str else value,
    )
    environment.filters["printable"] = assets.printable
    environment.install_gettext_translations(language_of(language).catalogue, newstyle=True)  # type: ignore[attr-defined]
    return environment


@contextmanager
def _fixed_time(moment: dt.datetime) -> Iterator[None]:
    """Libraries that stamp the present time take this one."""
    with environment_variable("SOURCE_DATE_EPOCH", str(int(moment.timestamp()))):
        yield


@contextmanager
def _without_collection() -> Iterator[None]:
    """No garbage collection while this lasts: boxes and styles live until the PDF is written, and looking through them again and
    again takes a fifth of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
