"""Who gets an issue and who must not."""

from __future__ import annotations

import pytest

from bam.delivery.plan import Place, plan_mail, plan_publications
from bam.portfolio.recipients import FeedPublication, FolderPublication, Recipient

LEVELS = ["clear", "green", "amber", "red"]


@pytest.mark.parametrize("clearance", LEVELS)
@pytest.mark.parametrize("tlp", LEVELS)
def test_nobody_gets_what_is_above_their_clearance(tlp: str, clearance: str) -> None:
    reader = Recipient(id="ada", name="Ada", address="ada@example.org", tlp=clearance)  # type: ignore[arg-type]
    plan = plan_mail([reader], tlp, {})
    allowed = LEVELS.index(tlp) <= LEVELS.index(clearance)
    assert (len(plan.places), len(plan.withheld)) == ((1, 0) if allowed else (0, 1))
    if not allowed:
        assert plan.withheld[0].objection.code == "tlp"
        assert plan.withheld[0].objection.reason == f"it is TLP:{tlp.upper()} and ada may see up to TLP:{clearance.upper()}"


def test_suppressed_address_gets_nothing_whatever_its_spelling() -> None:
    readers = [
        Recipient(id="ada", name="Ada", address="Ada@Example.org"),
        Recipient(id="ben", name="Ben", address="ben@example.org"),
    ]
    plan = plan_mail(readers, "clear", {"ada@example.org": "unsubscribed (Ines, 2026-11-01)"})
    assert plan.places == (Place("mail", "ben", "ben@example.org"),)
    assert plan.withheld[0].objection.reason == "Ada@Example.org wants no mail: unsubscribed (Ines, 2026-11-01)"


def test_publications_carry_their_briefs_up_to_their_label() -> None:
    shelf = FolderPublication(id="shelf", kind="folder", url="published", tlp="green")
    feed = FeedPublication(id="public", kind="feed", url="feed", public_url="https://example.org/feed", briefs=("flash",))
    plan = plan_publications([shelf, feed], "monthly", "green")
    assert plan.places == (Place("folder:shelf", "shelf", "folder:shelf"),)
    assert plan_publications([shelf, feed], "flash", "green").withheld[0].objection.code == "tlp"
    assert len(plan_publications([shelf, feed], "flash", "clear").places) == 2
