"""Headlines: three to five sentences that say what happened, each written from figures that have claims behind them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from bam.briefs.desk import Desk, funding, weight
from bam.briefs.labels import shorten
from bam.briefs.language import NN_
from bam.briefs.measures import opening, place
from bam.briefs.model import Sentence
from bam.briefs.sections.facilities import named, state_of
from bam.briefs.sections.follow_ups import follow_up, is_due_soon
from bam.briefs.sections.funding import quoted_title
from bam.briefs.sections.workshops import workshop
from bam.model.claims import Stage, Table, WorkshopStatus
from bam.model.records import Record

MOST = 5
MOST_IN_FLASH = 4


def write_headlines(desk: Desk) -> tuple[Sentence, ...]:
    """The news of the period, then the state on record where there is room; nothing without a record behind it."""
    limit = MOST_IN_FLASH if desk.is_flash else MOST
    # A sentence that isn't printed must not be written either: writing it numbers its sources.
    sentences = list(islice(_news(desk), limit))
    if not sentences and not desk.is_empty:
        sentences.extend(_came_on_record(desk))
    if not sentences:
        sentences.append(desk.sentence(desk.say("Nothing new was reported {when}."), when=desk.this_period))
    sentences.extend(islice(_standing(desk), limit - len(sentences)))
    return tuple(sentences)


def _news(desk: Desk) -> Iterator[Sentence]:
    for stage in (Stage.DISBURSED, Stage.COMMITTED, Stage.PLEDGED):
        yield from _money(desk, stage)
    yield from _openings(desk)
    yield from _trainings(desk)
    yield from _promises(desk)


def _standing(desk: Desk) -> Iterator[Sentence]:
    yield from _overdue(desk)
    yield from _stock(desk)
    yield from _building(desk)


def _counted(desk: Desk, stage: Stage) -> list[Record]:
    return sorted(
        (
            record
            for record in desk.records(Table.FUNDING)
            if record.id in desk.calendar.counted and funding(record).stage is stage
        ),
        key=weight,
    )


def _money(desk: Desk, stage: Stage) -> Iterator[Sentence]:
    records = [record for record in _counted(desk, stage) if desk.calendar.in_period(record)]
    if not records:
        return
    one, several = {
        Stage.DISBURSED: (
            desk.say("{amount} was paid or delivered {when}: {donors}, {purpose}."),
            desk.say("{amount} was paid or delivered {when}. The largest part: {donors}, {purpose}."),
        ),
        Stage.COMMITTED: (
            desk.say("{amount} was committed {when}: {donors}, {purpose}."),
            desk.say("{amount} was committed {when}. The largest part: {donors}, {purpose}."),
        ),
        Stage.PLEDGED: (
            desk.say("{amount} was pledged {when}: {donors}, {purpose}."),
            desk.say("{amount} was pledged {when}. The largest part: {donors}, {purpose}."),
        ),
    }[stage]
    yield desk.sentence(
        one if len(records) == 1 else several,
        cite=records,
        anchor="funding",
        amount=desk.money(f"funding.{stage}.in_period", records),
        when=desk.this_period,
        donors=desk.some_parties(funding(records[0]).donors) or desk.say("donor not named"),
        purpose=quoted_title(desk, records[0], 70),
    )


def _openings(desk: Desk) -> Iterator[Sentence]:
    opened = [
        record
        for record in desk.records(Table.FACILITIES)
        if (day := opening(record)) and place(day, record.first_published_on, desk.period.cadence) == desk.period
    ]
    if opened:
        yield desk.sentence(
            desk.say("{count} came into operation {when}: {names}."),
            cite=opened,
            anchor="facilities",
            count=desk.count("facilities.opened", "places", NN_("{n} facility", "{n} facilities"), opened),
            when=desk.this_period,
            names=named(desk, opened),
        )


def _trainings(desk: Desk) -> Iterator[Sentence]:
    held = [
        record
        for record in desk.records(Table.WORKSHOPS)
        if workshop(record).status is not WorkshopStatus.PLANNED
        and workshop(record).participants
        and desk.calendar.in_period(record)
    ]
    if held:
        number = sum(workshop(record).participants or 0 for record in held)
        yield desk.sentence(
            desk.say("{people} took part in {count} {when}."),
            cite=sorted(held, key=lambda record: (-(workshop(record).participants or 0), record.id)),
            anchor="workshops",
            people=desk.people("workshops.people.in_period", number, held),
            count=desk.count("workshops.counted.in_period", "events", NN_("{n} training", "{n} trainings"), held),
            when=desk.this_period,
        )


def _promises(desk: Desk) -> Iterator[Sentence]:
    made = [record for record in desk.records(Table.FOLLOW_UPS) if desk.calendar.in_period(record)]
    if made:
        conferences = list(dict.fromkeys(shorten(follow_up(record).conference, 70) for record in made))
        yield desk.sentence(
            desk.language.say_many(
                "{count} was made {when}: {conferences}.", "{count} were made {when}: {conferences}.", len(made)
            ),
            cite=made,
            anchor="follow_ups",
            count=desk.count("follow_ups.made", "promises", NN_("{n} promise", "{n} promises"), made),
            when=desk.this_period,
            conferences=desk.language.join(conferences[:2]),
        )


def _came_on_record(desk: Desk) -> Iterator[Sentence]:
    """News of earlier times: documents that were read only now."""
    new = [record for record in desk.material.records if record.id in desk.new_ids]
    if new:
        yield desk.sentence(
            desk.say("Nothing is dated {when}; {count} of earlier dates came on record."),
            cite=sorted(new, key=weight),
            anchor="changes",
            when=desk.this_period,
            count=desk.count("records.new", "records", NN_("{n} record", "{n} records"), new),
        )


def _overdue(desk: Desk) -> Iterator[Sentence]:
    promises = desk.records(Table.FOLLOW_UPS)
    overdue = sorted((record for record in promises if record.is_overdue), key=lambda r: (-(r.overdue_days or 0), r.id))
    soon = [record for record in promises if is_due_soon(record, desk.as_of)]
    if overdue:
        yield desk.sentence(
            desk.language.say_many(
                "{count} is overdue, from the {conference}.",
                "{count} are overdue; the oldest is from the {conference}.",
                len(overdue),
            ),
            cite=overdue,
            anchor="follow_ups",
            count=desk.count("follow_ups.overdue.named", "promises", NN_("{n} promise", "{n} promises"), overdue),
            conference=shorten(follow_up(overdue[0]).conference, 70),
        )
    elif soon:
        yield desk.sentence(
            desk.language.say_many(
                "{count} falls due in the next 30 days; none is overdue.",
                "{count} fall due in the next 30 days; none is overdue.",
                len(soon),
            ),
            cite=soon,
            anchor="follow_ups",
            count=desk.count("follow_ups.due_soon.named", "promises", NN_("{n} promise", "{n} promises"), soon),
        )


def _stock(desk: Desk) -> Iterator[Sentence]:
    """What is on record by stage: the stages beside each other, never added."""
    stages = {stage: _counted(desk, stage) for stage in (Stage.DISBURSED, Stage.COMMITTED, Stage.PLEDGED)}
    if not all(stages.values()):
        return
    cited = sorted((record for records in stages.values() for record in records), key=weight)
    yield desk.sentence(
        desk.say("On record as of {date}: {disbursed} paid or delivered, {committed} committed and {pledged} pledged."),
        cite=cited,
        anchor="funding",
        date=desk.language.date(desk.as_of.isoformat()),
        **{str(stage): desk.money(f"funding.{stage}.on_record", records) for stage, records in stages.items()},
    )


def _building(desk: Desk) -> Iterator[Sentence]:
    building = [record for record in desk.records(Table.FACILITIES) if state_of(record) == "under_construction"]
    if building:
        yield desk.sentence(
            desk.language.say_many(
                "{count} is under construction: {names}.", "{count} are under construction: {names}.", len(building)
            ),
            cite=building,
            anchor="facilities",
            count=desk.count("facilities.building.named", "places", NN_("{n} facility", "{n} facilities"), building),
            names=named(desk, building),
        )
