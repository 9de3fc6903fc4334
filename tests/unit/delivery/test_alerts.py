"""One digest instead of a storm."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

from sqlalchemy import Connection

from bam.delivery.alerts import HEADINGS, Alert, Kind, end_alert, keep_only, raise_alert, write_digest
from bam.portfolio.recipients import Operators
from bam.store.digests import DigestRow, read_alerts, read_digest
from bam.store.engine import Store

from .conftest import NOON

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
RULES = Operators(recipients=("ops",), digest_minutes=30, repeat_hours=24, link="https://airflow.example.org")


def alert(subject: str, **changes: Any) -> Alert:
    values: dict[str, Any] = {"kind": "task", "what": "It failed.", "remedy": "Clear it.", "since": NOON}
    return Alert(subject=subject, **(values | changes))


def digest(connection: Connection, now: dt.datetime) -> DigestRow | None:
    return write_digest(connection, RULES, ["ops"], now)


def test_digest_says_what_since_when_what_to_do_and_where(store: Store) -> None:
    with store.write() as connection:
        link = "https://airflow.example.org/dags/ingest"
        raise_alert(connection, alert("ingest.read_source", link=link), NOON)
        found = digest(connection, NOON + MINUTE)
        assert found is not None
        assert read_digest(connection, found.id) == found
    assert found.title == "Failed tasks: ingest.read_source"
    for page in (found.text, found.html):
        for words in ("It failed.", "Since 2026-11-02 12:00 UTC", "To do: Clear it.", link, "https://airflow.example.org"):
            assert words in page
    assert found.tlp is None


def test_a_storm_is_two_mails(store: Store) -> None:
    with store.write() as connection:
        raise_alert(connection, alert("first"), NOON)
        first = digest(connection, NOON)
        for number in range(40):
            raise_alert(connection, alert(f"task {number:02}"), NOON + MINUTE)
            raise_alert(connection, alert("first"), NOON + MINUTE)
            assert digest(connection, NOON + MINUTE) is None
        second = digest(connection, NOON + 30 * MINUTE)
        assert digest(connection, NOON + 5 * HOUR) is None
    assert first is not None
    assert second is not None
    assert second.title == "40 things need attention"
    assert "first" not in second.text


def test_what_is_still_open_after_a_day_is_told_again_with_its_count(store: Store) -> None:
    with store.write() as connection:
        raise_alert(connection, alert("first"), NOON)
        digest(connection, NOON)
        raise_alert(connection, alert("first", what="It failed again."), NOON + HOUR)
        assert digest(connection, NOON + 23 * HOUR) is None
        again = digest(connection, NOON + 24 * HOUR)
    assert again is not None
    assert "Since 2026-11-02 12:00 UTC, 2 times." in again.text
    assert "It failed again." in again.text


def test_what_is_over_is_not_told_and_begins_anew(store: Store) -> None:
    with store.write() as connection:
        raise_alert(connection, alert("first"), NOON)
        assert end_alert(connection, "task", "first", NOON + MINUTE)
        assert not end_alert(connection, "task", "first", NOON + MINUTE)
        assert digest(connection, NOON + HOUR) is None
        raise_alert(connection, alert("first", since=NOON + 2 * HOUR), NOON + 2 * HOUR)
        anew = digest(connection, NOON + 2 * HOUR)
    assert anew is not None
    assert "Since 2026-11-02 14:00 UTC." in anew.text


def test_kinds_that_are_looked_at_as_a_whole(store: Store) -> None:
    with store.write() as connection:
        raise_alert(connection, alert("other kind", kind="gate"), NOON)
        keep_only(connection, "source", [alert("a", kind="source"), alert("b", kind="source")], NOON)
        keep_only(connection, "source", [alert("b", kind="source"), alert("c", kind="source")], NOON + HOUR)
        assert {(row.subject, row.count) for row in read_alerts(connection)} == {("other kind", 1), ("b", 1), ("c", 1)}
        assert [row.subject for row in read_alerts(connection, is_open=False)] == ["a"]


def test_hostile_words_stay_words(store: Store) -> None:
    with store.write() as connection:
        raise_alert(connection, alert("<script>x</script>\r\nBcc: a@example.org", what="<b>&"), NOON)
        found = digest(connection, NOON)
    assert found is not None
    assert "<script>" not in found.html
    assert "<b>" not in found.html


def test_every_kind_has_a_heading() -> None:
    assert set(get_args(Kind)) == set(HEADINGS)
