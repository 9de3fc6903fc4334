"""Data Docs: the pages of Great Expectations of each run, with a first page that a person can read, and a list of the runs.

The library's own pages load styles, scripts and pictures from six hosts in the net. Ours must work offline and tell nobody that
they are being read, so what they load is taken out and one style sheet of our own put in; nothing that they say is changed.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from bam.quality.report import CheckReport, Severity
from bam.quality.suites import SUITES
from bam.store.quality import RunRow

STYLE = "data_docs.css"

_REMOVED = (
    "//script",
    "//link",
    "//img",
    "//nav[contains(@class, 'navbar ')]",
    "//div[contains(@class, 'card mb-3')]",
    "//style",
)


def write_run(folder: Path, run: RunRow, report: CheckReport, outcomes: Mapping[str, Any]) -> Path:
    """The pages of one run below `folder/RUN`; gives its first page."""
    target = folder / run.id
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(__file__).parent / "pages" / STYLE, folder / STYLE)
    pages = {}
    for suite in SUITES:
        if suite.frame in outcomes:
            pages[suite.frame] = f"{suite.frame}.html"
            (target / pages[suite.frame]).write_text(_page_of_suite(outcomes[suite.frame], suite.title, run), encoding="utf-8")
    failed = [result for severity in Severity for result in report.failed(severity)]
    page = target / "index.html"
    page.write_text(
        _templates().get_template("run.html").render(run=run, failed=failed, results=report.results, suites=SUITES, pages=pages),
        encoding="utf-8",
    )
    return page


def write_index(folder: Path, runs: Sequence[RunRow]) -> Path:
    """The list of the runs whose pages are kept, newest first."""
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "index.html"
    page.write_text(_templates().get_template("index.html").render(runs=runs), encoding="utf-8")
    return page


def prune(folder: Path, kept: int) -> list[str]:
    """Remove the pages of all runs but the newest `kept`; gives the ids of those removed. Other files are left alone."""
    runs = sorted((path for path in folder.iterdir() if path.is_dir() and _is_run(path.name)), reverse=True)
    for path in runs[kept:]:
        shutil.rmtree(path)
    return [path.name for path in runs[kept:]]


def _is_run(name: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\dT[\d-]+-(intake|tables|full)", name) is not None


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("bam.quality", "pages"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _page_of_suite(outcome: Any, title: str, run: RunRow) -> str:
    """What the library says of a suite, as a page that loads nothing but our style sheet."""
    import lxml.html
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
    from great_expectations.render.view.view import DefaultJinjaPageView

    for result in outcome.results:
        # The library prints what it found in the rows as it is, and rows hold text from the net.
        result.result = _escaped(result.result)
    view: Any = DefaultJinjaPageView()
    page = view.render(ValidationResultsPageRenderer().render(outcome))
    body: Any = lxml.html.fromstring(page).find("body")
    for path in _REMOVED:
        for element in body.xpath(path):
            element.drop_tree()
    for element in body.xpath(".//*[@onclick]"):
        del element.attrib["onclick"]
    for element in body.xpath(".//a[not(starts-with(@href, '#'))]"):
        element.drop_tag()
    content = "".join(lxml.html.tostring(child, encoding="unicode") for child in body)
    return _templates().get_template("suite.html").render(title=title, run=run, content=content)


def _escaped(value: Any) -> Any:
    """The same with all texts safe to stand in a page."""
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, dict):
        return {key: _escaped(inner) for key, inner in value.items()}
    return [_escaped(inner) for inner in value] if isinstance(value, list | tuple) else value
