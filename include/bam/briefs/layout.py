"""From finished HTML to laid out pages by WeasyPrint, with our fonts alone, and thrifty enough for hundreds of pages."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from bam.briefs.assets import Assets

if TYPE_CHECKING:
    from weasyprint import CSS, Document

MANY_PAGES = 50
"""Pages from which on it pays to look for what the layout left behind."""

_FOR_EVERY_ELEMENT = re.compile(r"^::(?:marker|footnote-\w+|note-\w+) \{[^}]*\}$", re.MULTILINE)


def lay_out(html: str, assets: Assets) -> Document:
    """The pages of finished HTML."""
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    from bam.briefs.fetcher import OwnAssets

    with environment_variable("FONTCONFIG_FILE", str(assets.fonts / "fonts.conf")):
        fonts = FontConfiguration()
    page = HTML(string=html, base_url=assets.folder.as_uri() + "/", url_fetcher=OwnAssets(assets.folder))
    # WeasyPrint has no public way to choose its own sheet.
    page._ua_stylesheets = lambda forms=False: [plain_sheet()]
    document = page.render(font_config=fonts)
    if len(document.pages) >= MANY_PAGES:
        _let_go(document)
    return document


@lru_cache(maxsize=1)
def plain_sheet() -> CSS:
    """WeasyPrint's own style sheet without its rules for markers and footnotes, which our pages have none of. Each of these rules
    holds for every element, and a style for each takes more memory than the boxes that are printed.
    """
    from weasyprint import CSS

    sheet = resources.files("weasyprint").joinpath("css", "html5_ua.css").read_text(encoding="utf-8")
    return CSS(string=_FOR_EVERY_ELEMENT.sub("", sheet))


def _let_go(document: Document) -> None:
    """Forget the boxes as they were before they were set on pages: half of all boxes, kept only because each chart holds the
    layout's context, and that holds them.
    """
    contexts = {id(context): context for page in document.pages for context in _layout_contexts(page._page_box)}
    for context in contexts.values():
        context.style_for = context.target_collector = None
        context.page_maker = []
    gc.collect()


def _layout_contexts(page_box: Any) -> Iterator[Any]:
    for box in page_box.descendants(placeholders=True):
        context = getattr(getattr(box, "replacement", None), "_context", None)
        if context is not None:
            yield context


@contextmanager
def environment_variable(name: str, value: str) -> Iterator[None]:
    """The variable has this value while this lasts."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
