"""Follow-ups: what conferences promised, what came of it, what is overdue and what falls due next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bam.briefs.desk import Desk
from bam.briefs.labels import SCORES, capital, shorten
from bam.briefs.language import NN_
from bam.briefs.model import Count, FollowUpRow, FollowUps, Sentence
from bam.model.claims import FollowUpValues, Table
from bam.model.dates import is_date_prefix, last_day
from bam.model.records import Record

DAYS_AHEAD = 30
SHORT_ROWS = 6
FLASH_DUE = 2
FLASH_OVERDUE = 2
COMMITMENT_LENGTH = 170
CONFERENCE_LENGTH = 70
_PROMISES = NN_("{n} promise", "{n} promises")


def follow_up(record: Record) -> FollowUpValues:
    """The values of a follow-up record."""
    assert isinstance(record.values, FollowUpValues)
    return record.values


def score_of(record: Record) -> str:
    """The score of a promise; `NE` where nothing was found."""
    return record.score if record.score in SCORES else "NE"


def write_follow_ups(desk: Desk) -> FollowUps:
    """The section on conference follow-ups."""
    records = sorted(desk.records(Table.FOLLOW_UPS), key=_by_due)
    overdue = sorted((record for record in records if record.is_overdue), key=lambda r: (-(r.overdue_days or 0), r.id))
    due_soon = [record for record in records if is_due_soon(record, desk.as_of)]
    lead = _lead(desk, records, overdue, due_soon)
    scores = tuple(_count(desk, score, records) for score in SCORES)
    if desk.is_flash:
        return _flash(desk, records, overdue, due_soon)
    limit = len(records) if desk.is_full else SHORT_ROWS
    listed = {record.id for record in (*due_soon, *overdue)}
    register = records if desk.is_full else [r for r in records if r.id in desk.new_ids and r.id not in listed][:SHORT_ROWS]
    hidden = [] if desk.is_full else [record for record in records if record.id not in {*listed, *(r.id for r in register)}]
    return FollowUps(
        lead=lead,
        scores=scores,
        scores_alt="; ".join(f"{count.label}: {count.text}" for count in scores) + ".",
        due_soon=tuple(_row(desk, record) for record in due_soon[:limit]),
        overdue=tuple(_row(desk, record) for record in overdue[:limit]),
        overdue_more=_more(desk, "follow_ups.overdue_more", overdue[limit:]),
        register_title=desk.say("The register, by due date") if desk.is_full else desk.say("Newly promised"),
        register=tuple(_row(desk, record) for record in register),
        register_more=_more(desk, "follow_ups.more", hidden),
    )


def _flash(desk: Desk, records: Sequence[Record], overdue: Sequence[Record], due_soon: Sequence[Record]) -> FollowUps:
    """What heads should watch: the next dates and the longest delays."""
    return FollowUps(
        lead=_lead(desk, records, overdue, due_soon),
        scores=(),
        scores_alt="",
        due_soon=tuple(_row(desk, record) for record in due_soon[:FLASH_DUE]),
        overdue=tuple(_row(desk, record) for record in overdue[:FLASH_OVERDUE]),
        overdue_more=None,
        register_title="",
        register=(),
        register_more=None,
    )


def is_due_soon(record: Record, day: dt.date) -> bool:
    """Whether an open promise falls due within the next 30 days."""
    due = follow_up(record).due
    if not is_date_prefix(due) or record.is_overdue or score_of(record) in ("+1", "-1"):
        return False
    return 0 <= (last_day(str(due)) - day).days <= DAYS_AHEAD


def _by_due(record: Record) -> tuple[int, str, str, str]:
    """By due date, those without one last; promises of one conference together."""
    values = follow_up(record)
    due = last_day(values.due).toordinal() if values.due and is_date_prefix(values.due) else 10**7
    return due, values.conference_date or "", values.conference, record.id


def _lead(desk: Desk, records: Sequence[Record], overdue: Sequence[Record], due_soon: Sequence[Record]) -> Sentence:
    if not records:
        return desk.sentence(desk.say("No promises of conferences are on record."))
    return desk.sentence(
        desk.say("Of {count} on record, {overdue} are overdue and {soon} fall due in the next {days} days."),
        cite=[*overdue, *due_soon],
        anchor="follow_ups",
        count=desk.count("follow_ups.on_record", "promises", _PROMISES, records),
        overdue=desk.number("follow_ups.overdue", "promises", overdue),
        soon=desk.number("follow_ups.due_soon", "promises", due_soon),
        days=str(DAYS_AHEAD),
    )


def _count(desk: Desk, score: str, records: Sequence[Record]) -> Count:
    chosen = [record for record in records if score_of(record) == score]
    figure = desk.number(f"follow_ups.score.{score}", "promises", chosen)
    return Count(score, desk.say(SCORES[score][0]), figure.id, figure.text)


def _row(desk: Desk, record: Record) -> FollowUpRow:
    values = follow_up(record)
    date = desk.language.date(values.conference_date, short=True)
    conference = shorten(values.conference, CONFERENCE_LENGTH)
    score = score_of(record)
    days = record.overdue_days or 0
    late = desk.language.say_many("{n} day late", "{n} days late", days).format(n=desk.language.number(days))
    return FollowUpRow(
        record_id=record.id,
        is_new=record.id in desk.new_ids,
        commitment=capital(shorten(values.commitment, COMMITMENT_LENGTH)),
        conference=f"{conference}, {date}" if date else conference,
        owner=desk.some_parties(values.parties) or desk.say("nobody named"),
        due=desk.language.date(values.due, short=True) or desk.say("no date"),
        score=score,
        score_label=desk.say(SCORES[score][0]),
        overdue=late if record.is_overdue and days else "",
        marks=desk.marks(record),
    )


def _more(desk: Desk, figure_id: str, records: Sequence[Record]) -> Sentence | None:
    if not records:
        return None
    return desk.sentence(
        desk.say("Not shown here: {count}; all of them are in the attached table follow_ups.csv."),
        count=desk.count(figure_id, "promises", _PROMISES, records),
    )
