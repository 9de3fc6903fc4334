"""What changed since the last issue: records that came, changed or went, and figures of earlier periods that are others now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bam.briefs.desk import Desk
from bam.briefs.labels import MEASURES, STAGES, STATES, TABLES, capital, shorten
from bam.briefs.material import Cell, PreviousIssue, Series, Snapshot
from bam.briefs.model import ChangeRow, Changes, RestatementRow
from bam.model.claims import FacilityValues, FollowUpValues, FundingValues, Table, WorkshopValues
from bam.model.periods import Period
from bam.model.records import Record

SHORT_ROWS = 8
SHORT_RESTATEMENTS = 8
TITLE_LENGTH = 90


def snapshot(record: Record) -> Snapshot:
    """The record as this issue prints it."""
    values = record.values
    amount = currency = low = high = None
    if isinstance(values, FundingValues):
        title = values.purpose or values.programme or ""
        amount, currency, low, high = values.amount, values.currency, values.amount_min, values.amount_max
    elif isinstance(values, FacilityValues):
        title = values.name
    elif isinstance(values, WorkshopValues):
        title = values.topic
        amount, currency = (None if values.participants is None else float(values.participants)), "people"
    else:
        assert isinstance(values, FollowUpValues)
        title = values.commitment
    state = record.score if record.table is Table.FOLLOW_UPS else record.state
    return Snapshot(record.id, record.table, shorten(title, TITLE_LENGTH), state, amount, currency, low, high)


def write_changes(desk: Desk, series: Sequence[Series]) -> Changes:
    """The section on changes; in a first issue it only says that it is one."""
    previous = desk.material.previous
    if previous is None:
        return Changes(
            desk.say("There is no earlier state to compare with. From the next issue on, this section says what changed."),
            (),
            "",
            (),
            "",
        )
    before = {one.record_id for one in previous.records}
    added = sum(record.id not in before for record in desk.material.records)
    rows = list(_rows(desk, previous))
    shown = rows if desk.is_full else rows[:SHORT_ROWS]
    restatements = tuple(_restatements(desk, previous, series))
    return Changes(
        lead=_lead(desk, previous, rows, added),
        rows=tuple(shown),
        more=_more(desk, added, len(rows) - len(shown)),
        restatements=restatements if desk.is_full else restatements[:SHORT_RESTATEMENTS],
        restatements_lead=_restatements_lead(desk, previous, len(restatements)),
    )


def _more(desk: Desk, added: int, hidden: int) -> str:
    """Where the changes stand that the table doesn't show: what is new is marked where it is printed."""
    notes = []
    if added and not desk.is_full:
        notes.append(desk.say("What is new is marked “new” in the tables above."))
    if hidden:
        notes.append(
            desk.language.say_many(
                "{n} more change is in the attached data.", "{n} more changes are in the attached data.", hidden
            ).format(n=hidden)
        )
    return " ".join(notes)


def _lead(desk: Desk, previous: PreviousIssue, rows: Sequence[ChangeRow], added: int) -> str:
    kinds = [row.kind for row in rows]
    date = desk.language.date(previous.as_of)
    if not rows and not added:
        return desk.say("Nothing changed since {date}.").format(date=date)
    return desk.say("Since {date}: {added} new, {changed} changed, {gone} gone.").format(
        date=date, added=added, changed=kinds.count("MOD"), gone=kinds.count("DEL")
    )


def _rows(desk: Desk, previous: PreviousIssue) -> Iterator[ChangeRow]:
    """Changed records first, because a reader knows them; in full briefs then the new ones; then those that went."""
    before = {one.record_id: one for one in previous.records}
    now = {record.id: record for record in desk.material.records}
    for record_id, record in now.items():
        old = before.get(record_id)
        if old is not None and (what := _difference(desk, old, snapshot(record))):
            yield _row(desk, "MOD", record, what)
    for record_id, record in now.items():
        if record_id not in before and desk.is_full:
            yield _row(desk, "ADD", record, desk.say("new on record"))
    for record_id, old in before.items():
        if record_id not in now:
            label = desk.say(TABLES[old.table])
            yield ChangeRow(
                "DEL", record_id, label, capital(old.title), desk.say("no longer on record: merged, corrected or withdrawn"), ()
            )


def _row(desk: Desk, kind: str, record: Record, what: str) -> ChangeRow:
    label = desk.say(TABLES[record.table])
    return ChangeRow(kind, record.id, label, capital(snapshot(record).title), what, desk.marks(record))


def _difference(desk: Desk, old: Snapshot, new: Snapshot) -> str:
    """What is another now, in words; empty where nothing that is printed changed."""
    parts = []
    if old.state != new.state:
        parts.append(f"{_state(desk, old)} → {_state(desk, new)}")
    if (old.amount, old.currency, old.low, old.high) != (new.amount, new.currency, new.low, new.high):
        parts.append(f"{_amount(desk, old)} → {_amount(desk, new)}")
    return "; ".join(parts)


def _state(desk: Desk, one: Snapshot) -> str:
    if one.state is None:
        return desk.say("not known")
    if one.table is Table.FUNDING and one.state in STAGES:
        return desk.say(STAGES[one.state][0])
    return desk.say(STATES.get(one.state, one.state))


def _amount(desk: Desk, one: Snapshot) -> str:
    if one.amount is None:
        return desk.say("not known")
    if one.currency == "people":
        return desk.language.say_many("{n} person", "{n} people", int(one.amount)).format(n=desk.language.number(one.amount))
    low = one.amount if one.low is None else one.low
    high = one.amount if one.high is None else one.high
    return desk.language.money_range(low, high, one.currency or desk.currency)


def _restatements(desk: Desk, previous: PreviousIssue, series: Sequence[Series]) -> Iterator[RestatementRow]:
    """Cells that the last issue printed and that are others now, latest period first."""
    old_cells = {(one.measure, cell.period): cell for one in previous.series for cell in one.cells}
    for one in series:
        for cell in reversed(one.cells):
            old = old_cells.get((one.measure, cell.period))
            if old is not None and cell.period <= previous.period and round(old.value, 2) != round(cell.value, 2):
                yield _restated(desk, one, old, cell, previous)


def _restated(desk: Desk, series: Series, old: Cell, new: Cell, previous: PreviousIssue) -> RestatementRow:
    def text(value: float) -> str:
        return desk.language.exact_money(value, series.unit) if series.unit == desk.currency else desk.language.number(value)

    before = {member.record_id: member.value for member in old.members}
    after = {member.record_id: member.value for member in new.members}
    came = [record_id for record_id in after if record_id not in before]
    went = [record_id for record_id in before if record_id not in after]
    changed = [record_id for record_id in after if record_id in before and before[record_id] != after[record_id]]
    by_id = {record.id: record for record in desk.material.records}
    touched = [by_id[record_id] for record_id in (*came, *changed) if record_id in by_id]
    touched += [by_id[record_id] for record_id in went if record_id in by_id]
    return RestatementRow(
        measure=desk.say(MEASURES[series.measure]),
        period=desk.language.period(Period(new.period)),
        old=text(old.value),
        new=text(new.value),
        cause="; ".join(_causes(desk, previous, came, went, changed)),
        marks=desk.sources.of_records(touched, 3)[0],
    )


def _causes(desk: Desk, previous: PreviousIssue, came: list[str], went: list[str], changed: list[str]) -> Iterator[str]:
    known = {one.record_id for one in previous.records}
    late = [record_id for record_id in came if record_id not in known]
    moved = len(came) - len(late)
    say_many = desk.language.say_many
    if late:
        yield say_many("{n} record from a late document", "{n} records from late documents", len(late)).format(n=len(late))
    if moved:
        yield say_many("{n} record dated or counted anew", "{n} records dated or counted anew", moved).format(n=moved)
    if changed:
        yield say_many("{n} value changed", "{n} values changed", len(changed)).format(n=len(changed))
    if went:
        yield say_many("{n} record no longer counted", "{n} records no longer counted", len(went)).format(n=len(went))


def _restatements_lead(desk: Desk, previous: PreviousIssue, number: int) -> str:
    if not number:
        return desk.say("No figure of an earlier period has changed.")
    return desk.language.say_many(
        "{n} figure of an earlier period has changed since {date}.",
        "{n} figures of earlier periods have changed since {date}.",
        number,
    ).format(n=number, date=desk.language.date(previous.as_of))
