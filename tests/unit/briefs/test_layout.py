"""Pages of finished HTML: what the layout does without can't be seen on them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from weasyprint import UA_STYLESHEET

from bam.briefs import layout
from bam.briefs.assets import Assets
from bam.briefs.model import BriefContext
from bam.briefs.render import render_pdf

Issue = Callable[..., BriefContext]


def test_the_sheet_of_the_library_would_give_the_same_bytes(
    issue: Issue, assets: Assets, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = render_pdf(issue("flash"), assets)
    monkeypatch.setattr(layout, "plain_sheet", lambda: UA_STYLESHEET)
    assert render_pdf(issue("flash"), assets) == ours


def test_six_rules_for_every_element_are_left_out() -> None:
    assert UA_STYLESHEET.matcher.order - layout.plain_sheet().matcher.order == 6


def test_what_a_long_brief_forgets_is_not_missed(issue: Issue, assets: Assets, monkeypatch: pytest.MonkeyPatch) -> None:
    short = render_pdf(issue("monthly"), assets)
    monkeypatch.setattr(layout, "MANY_PAGES", 1)
    assert render_pdf(issue("monthly"), assets) == short
