"""Owners hear of a commitment once before it is due and once when it is overdue."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bam.delivery.reminders import Audience, reminders_on, unknown_to_owners, write_digests
from bam.model.claims import FollowUpStatus, FollowUpValues, Table
from bam.model.records import Record
from bam.store.digests import DigestRow
from bam.store.engine import Store

from .conftest import NOON

TODAY = dt.date(2026, 11, 2)


def record(record_id: str, due: str | None, *parties: str, score: str = "0", **changes: Any) -> Record:
    values = FollowUpValues(
        conference="Border conference",
        commitment=f"Open the {record_id} post",
        conference_date="2025-05",
        conference_place="Ashgabat",
        parties=parties or ("TJ",),
        due=due,
        **changes,
    )
    return Record(record_id, Table.FOLLOW_UPS, values, (), ("clm-1",), 1, None, None, 0.9, score=score)


def found(*records: Record, on: dt.date = TODAY) -> dict[str, tuple[str, int]]:
    due = reminders_on(records, {each.id: "clear" for each in records}, on, 30)
    return {f"{reminder.record_id} {reminder.owner}": (reminder.kind, reminder.days_left) for reminder in due}


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("2026-12-02", ("due", 30)),
        ("2026-12-03", None),
        ("2026-11-02", ("due", 0)),
        ("2026-11-01", ("overdue", -1)),
        ("2026-11", ("due", 28)),
        ("2026-10", ("overdue", -2)),
        ("2026", None),
        ("2025", ("overdue", -306)),
        (None, None),
        ("soon", None),
    ],
)
def test_the_last_day_of_a_date_counts(due: str | None, expected: tuple[str, int] | None) -> None:
    assert found(record("a", due)) == ({} if expected is None else {"a TJ": expected})


def test_what_is_done_or_dropped_is_left_alone() -> None:
    settled = [
        record("done", "2026-11-10", status=FollowUpStatus.DONE),
        record("dropped", "2026-11-10", status=FollowUpStatus.DROPPED),
        record("scored", "2026-11-10", score="+1"),
    ]
    assert found(*settled, record("open", "2026-11-10", score="NE")) == {"open TJ": ("due", 8)}


def test_each_party_is_reminded() -> None:
    assert set(found(record("a", "2026-11-10", "TJ", "AF"))) == {"a AF", "a TJ"}


def write(connection: Connection, audiences: list[Audience], *records: Record, **changes: Any) -> list[DigestRow]:
    on = changes.pop("on", TODAY)
    tlp = changes.pop("tlp", {each.id: "clear" for each in records})
    reminders = reminders_on(records, tlp, on, 30)
    return write_digests(connection, reminders, audiences, on=on, now=NOON, language=changes.pop("language", "en"))


TAJIKISTAN = Audience("TJ", ("TJ",), ("dushanbe",), "green")


def test_one_digest_per_owner_without_repeats(store: Store) -> None:
    records = [record("a", "2026-11-10"), record("b", "2026-10-10"), record("c", "2026-11-20", "EU")]
    europe = Audience("EU", ("EU",), ("brussels", "paris"), "clear")
    with store.write() as connection:
        first = write(connection, [TAJIKISTAN, europe], *records)
        assert [(digest.owner, digest.recipient_ids) for digest in first] == [
            ("TJ", ("dushanbe",)),
            ("EU", ("brussels", "paris")),
        ]
        assert first[0].title == "Follow-ups of Tajikistan: due soon 1, overdue 1"
        assert first[0].text.index("OVERDUE") < first[0].text.index("DUE SOON")
        assert re.search(r"Due: 10 Nov\w* 2026 \(days left: 8\)", first[0].text)
        assert "Border conference, Ashgabat, May 2025" in first[0].html
        assert write(connection, [TAJIKISTAN, europe], *records) == []
        assert write(connection, [TAJIKISTAN, europe], *records, on=TODAY + dt.timedelta(days=5)) == []
        [later] = write(connection, [TAJIKISTAN, europe], *records, on=dt.date(2026, 11, 11))
        assert later.title == "Follow-ups of Tajikistan: due soon 0, overdue 1"
        assert "Open the a post" in later.text
        assert "Open the b post" not in later.text


def test_a_new_date_is_a_new_reminder(store: Store) -> None:
    with store.write() as connection:
        write(connection, [TAJIKISTAN], record("a", "2026-11-10"))
        assert len(write(connection, [TAJIKISTAN], record("a", "2026-11-25"))) == 1


def test_confidential_commitment_waits_for_somebody_who_may_read_it(store: Store) -> None:
    secret, open_one = record("secret", "2026-11-10"), record("open", "2026-11-10")
    tlp = {"secret": "amber", "open": "green"}
    with store.write() as connection:
        [digest] = write(connection, [TAJIKISTAN], secret, open_one, tlp=tlp)
        assert digest.tlp == "green"
        assert "secret" not in digest.text
        [cleared] = write(connection, [Audience("TJ", ("TJ",), ("dushanbe",), "amber")], secret, open_one, tlp=tlp)
        assert "secret" in cleared.text
        assert cleared.tlp == "amber"


def test_stand_ins_hear_of_all_parties_without_an_owner_in_one_digest(store: Store) -> None:
    stand_in = Audience("", ("", "AF", "JP"), ("desk",), "clear")
    with store.write() as connection:
        [digest] = write(connection, [stand_in], record("a", "2026-11-10", "AF", "JP"), record("b", "2026-11-10", "JP"))
    assert digest.title == "Follow-ups of parties without an owner: due soon 2, overdue 0"
    assert digest.text.count("Open the a post") == 1
    assert "To act: Afghanistan and Japan" in digest.text


def test_record_of_unknown_source_counts_as_red(store: Store) -> None:
    with store.write() as connection:
        assert write(connection, [TAJIKISTAN], record("a", "2026-11-10"), tlp={}) == []


def test_digest_in_russian(store: Store) -> None:
    with store.write() as connection:
        [digest] = write(connection, [TAJIKISTAN], record("a", "2026-11-10"), language="ru")
    assert digest.title.startswith("Обязательства, Таджикистан")
    assert re.search(r"Срок: 10 нояб\S* 2026.{0,5}\(осталось дней: 8\)", digest.text)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(min_value=-40, max_value=40), max_size=6), st.permutations(range(10)))
def test_nobody_is_reminded_twice_whatever_the_order_of_days(due: list[int], days: list[int]) -> None:
    store = Store.open("sqlite:///:memory:")
    records = [record(f"r{number}", str(TODAY + dt.timedelta(days=offset))) for number, offset in enumerate(due)]
    told: list[str] = []
    with store.write() as connection:
        for day in days:
            on = TODAY + dt.timedelta(days=day * 7)
            new = unknown_to_owners(connection, reminders_on(records, {each.id: "clear" for each in records}, on, 30))
            told += [reminder.id for reminder in new]
            write(connection, [TAJIKISTAN], *records, on=on)
    assert len(told) == len(set(told))
    store.engine.dispose()
