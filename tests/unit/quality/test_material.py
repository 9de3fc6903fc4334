"""What sources delivered and what extractors found is read from the store as it was."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from bam.model.claims import FundingValues, Stage
from bam.quality.frames import Drift, SourceActivity, source_frame
from bam.quality.material import read_activity, read_drift
from bam.store.documents import NewVersion, add_version, ensure_document
from bam.store.quality import VERSION, mark_checked, unchecked_ids

GRANT = FundingValues(2e6, "USD", Stage.DISBURSED)
TEXT = "The embassy gave 2 million dollars for scanners and 3 million dollars for a road."


def _deliver(desk: Any, day: dt.date, number: int, *, checked: bool = True) -> None:
    """New versions of the desk's source on a day."""
    from bam.store.documents import DocumentIdentity

    at = f"{day.isoformat()}T08:00:00.000000+00:00"
    with desk.store.write() as connection:
        for place in range(number):
            identity = DocumentIdentity(f"https://example.org/{day}/{place}", "embassy", "official", "clear")
            document_id, _ = ensure_document(connection, identity, at)
            add_version(
                connection,
                document_id,
                NewVersion("0" * 64, "text/plain", "plain", "converted", text=f"{day} {place}"),
                at,
                stands=True,
            )
        if checked:
            mark_checked(connection, VERSION, unchecked_ids(connection, VERSION), at)


def _activity(desk: Any) -> SourceActivity:
    bench = desk.bench()
    with desk.store.read() as connection:
        return read_activity(connection, bench.portfolio, bench.now)[0]


def test_source_that_never_delivered(desk: Any) -> None:
    assert _activity(desk) == SourceActivity("embassy", 7, None, 0, None, 0)


def test_usual_volume_and_silence(desk: Any) -> None:
    today = desk.bench().now.date()
    for days_ago, number in ((12, 2), (11, 4), (9, 2)):
        _deliver(desk, today - dt.timedelta(days=days_ago), number)

    assert _activity(desk) == SourceActivity("embassy", 7, 9, 0, 2, 3)


def test_versions_that_no_check_has_seen_count_as_delivered_and_are_counted_once(desk: Any) -> None:
    today = desk.bench().now.date()
    _deliver(desk, today, 3, checked=False)
    before = _activity(desk)

    with desk.store.write() as connection:
        for _ in range(2):
            mark_checked(connection, VERSION, unchecked_ids(connection, VERSION), desk.now())

    assert before == _activity(desk) == SourceActivity("embassy", 7, 0, 3, None, 0)


def test_flood_and_drought_need_a_usual_volume() -> None:
    usual = SourceActivity("daily", 1, 0, 400, 3.0, 40)

    faults = source_frame([usual, replace(usual, active_days=4), replace(usual, today_count=29), replace(usual, today_count=0)])

    assert list(faults["flood"]) == ["400 new today, 3 usually", None, None, None]
    assert list(faults["drought"]) == [None, None, None, "none today, 3 usually"]


def test_drift_compares_the_last_two_extractors_on_what_both_have_read(desk: Any) -> None:
    version = desk.publish(TEXT)
    quotes = ("2 million dollars for scanners", "3 million dollars for a road")
    desk.extract(version, [(GRANT, quotes[0])], "rules 0")
    desk.extract(version, [(GRANT, quotes[0]), (replace(GRANT, amount=3e6), quotes[1])], "rules 1")
    moment = desk.now()
    desk.extract(desk.publish(TEXT, "https://example.org/other"), [(GRANT, quotes[0])], "rules 2")

    with desk.store.read() as connection:
        assert read_drift(connection, moment) == []
        drifts = read_drift(connection)
    assert drifts[0] == Drift("funding", "rules 0", "rules 1", 1, 1, 2)
    assert {(drift.old_count, drift.new_count) for drift in drifts[1:]} == {(0, 0)}

    desk.extract(version, [], "rules 2")
    with desk.store.read() as connection:
        assert read_drift(connection, moment)[0] == Drift("funding", "rules 1", "rules 2", 1, 2, 0)
