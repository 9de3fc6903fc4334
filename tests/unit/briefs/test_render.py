"""Pages: the same bytes everywhere, nothing from outside, nothing of a text's own making."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from bam.briefs.assets import Assets
from bam.briefs.codec import from_json, to_json
from bam.briefs.model import BriefContext
from bam.briefs.render import css_pages, css_text, render_html, render_pdf

Issue = Callable[..., BriefContext]

RENDER = """
import sys
from pathlib import Path
from bam.briefs.assets import Assets
from bam.briefs.codec import from_json
from bam.briefs.render import render_pdf
context = from_json(Path(sys.argv[1]).read_bytes())
sys.stdout.buffer.write(render_pdf(context, Assets(Path(sys.argv[2]))))
"""


def test_two_processes_in_two_folders_give_the_same_bytes(issue: Issue, assets: Assets, tmp_path: Path) -> None:
    context = issue("flash")
    (tmp_path / "context.json").write_bytes(to_json(context))
    script = [sys.executable, "-c", RENDER, str(tmp_path / "context.json"), str(assets.folder)]
    other = subprocess.run(
        script, cwd=tmp_path, capture_output=True, check=True, env={"PYTHONHASHSEED": "7", "TZ": "Asia/Dushanbe"}
    )
    assert hashlib.sha256(other.stdout).hexdigest() == hashlib.sha256(render_pdf(context, assets)).hexdigest()


def test_a_context_survives_json(issue: Issue) -> None:
    data = to_json(issue())
    assert to_json(from_json(data)) == data


@pytest.mark.parametrize(
    ("brief_id", "period", "pages"), [("monthly", "2022-03", range(4, 9)), ("flash", "2022-03", range(1, 2))]
)
def test_briefs_keep_their_length(issue: Issue, assets: Assets, tmp_path: Path, brief_id: str, period: str, pages: range) -> None:
    (tmp_path / "brief.pdf").write_bytes(render_pdf(issue(brief_id, period), assets))
    with pikepdf.open(tmp_path / "brief.pdf") as pdf:
        assert len(pdf.pages) in pages
        assert sorted(pdf.attachments) == ["context.json", "facilities.csv", "follow_ups.csv", "funding.csv", "workshops.csv"]
        assert pdf.attachments["context.json"].get_file().read_bytes() == to_json(issue(brief_id))


def test_the_web_page_needs_nothing_else(issue: Issue, assets: Assets) -> None:
    page = render_html(issue(), assets)
    loaded = re.findall(r"""(?:src|url)\s*[=(]\s*["']?([^"')\s]{1,20})""", page)
    assert loaded
    assert all(address.startswith("data:") for address in loaded)
    assert "<script" not in page


def test_every_mark_has_its_quote_and_every_quote_leads_back(issue: Issue, assets: Assets) -> None:
    page = render_html(issue(), assets)
    ids = set(re.findall(r'id="([^"]+)"', page))
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links <= ids
    assert {name for name in ids if name.startswith("q-")} == {link for link in links if link.startswith("q-")}
    assert len(re.findall(r'id="', page)) == len(ids), "an id is there twice"


def test_text_in_styles_stays_text() -> None:
    assert css_text('a"; } body { color: red').__html__() == '"a\\22 ; \\7d  body \\7b  color: red"'
    assert css_pages("page {page} of {pages}").__html__() == '"page " counter(page) " of " counter(pages)'
