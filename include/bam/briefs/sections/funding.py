"""Funding: what each stage adds up to, what was left out and why, and the sums themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from bam.briefs.desk import Desk, funding, sum_of, weight
from bam.briefs.labels import STAGES, capital, reason_label, shorten
from bam.briefs.language import NN_
from bam.briefs.model import Figure, Funding, FundingRow, LeftOutRow, Reasoned, Sentence, StageRow
from bam.briefs.sections.funding_charts import stage_chart
from bam.model.claims import Stage, Table
from bam.model.records import LedgerEntry, Record

SHORT_ROWS = 9
SHORT_LEFT_OUT = 6
TITLE_LENGTH = 96
OTHER_STAGES = frozenset({"planned", "pledge", "commitment", "payment"})
"""Reasons that only say that the sum stands in the total of another stage."""

_SUMS = NN_("{n} sum", "{n} sums")


def write_funding(desk: Desk) -> Funding:
    """The section on funding."""
    records = sorted(desk.records(Table.FUNDING), key=weight)
    reasons = exclusion_reasons(desk.material.ledger)
    stages = tuple(_stage_row(desk, stage, records, reasons) for stage in Stage)
    lead = _lead(desk, records)
    charts = not desk.is_empty or desk.is_full
    counted = [record for record in records if record.id not in reasons]
    left_out = [record for record in records if record.id in reasons]
    shown, title = _choose(desk, counted)
    rows = tuple(_row(desk, record) for record in shown)
    limit = len(left_out) if desk.is_full else 0 if desk.is_empty else SHORT_LEFT_OUT
    return Funding(
        lead=lead,
        stages=stages,
        donors=stage_chart(desk, "donor") if charts and counted else None,
        recipients=stage_chart(desk, "recipient") if charts and counted else None,
        table_title=title,
        rows=rows,
        more=_more(desk, "funding.more", [record for record in counted if record not in shown]) if shown else None,
        left_out=tuple(_left_out_row(desk, record, reasons[record.id]) for record in left_out[:limit]),
        left_out_more=_more(desk, "funding.left_out_more", left_out[limit:]) if limit else None,
        notes=_notes(desk, records),
    )


def exclusion_reasons(ledger: Iterable[LedgerEntry]) -> dict[str, str]:
    """Why funding records are in no total of their own stage, by record id; a sum without a rate among them."""
    reasons = {}
    for entry in ledger:
        if entry.dimension != "stage" or entry.reason in OTHER_STAGES:
            continue
        if entry.reason is not None:
            reasons[entry.record_id] = entry.reason
        elif entry.amount_common is None:
            reasons[entry.record_id] = "no_rate"
    return reasons


def stage_records(records: Iterable[Record], stage: Stage, reasons: dict[str, str]) -> list[Record]:
    """The records that the total of a stage counts."""
    return [record for record in records if funding(record).stage is stage and record.id not in reasons]


def _stage_row(desk: Desk, stage: Stage, records: Sequence[Record], reasons: dict[str, str]) -> StageRow:
    counted = stage_records(records, stage, reasons)
    label, meaning = STAGES[stage]
    scopes = {
        "in_period": [record for record in counted if desk.calendar.in_period(record)],
        "in_year": [record for record in counted if desk.calendar.in_last_year(record)],
        "on_record": counted,
    }
    texts = {name: desk.money(f"funding.{stage}.{name}", chosen).text if chosen else "" for name, chosen in scopes.items()}
    by_reason: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if funding(record).stage is stage and record.id in reasons:
            by_reason[reasons[record.id]].append(record)
    return StageRow(
        stage=stage,
        label=desk.say(label),
        meaning=desk.say(meaning),
        in_period=texts["in_period"],
        in_year=texts["in_year"],
        on_record=texts["on_record"],
        count=len(counted),
        left_out=tuple(_reasoned(desk, stage, reason, left) for reason, left in sorted(by_reason.items())),
    )


def _reasoned(desk: Desk, stage: Stage, reason: str, records: Sequence[Record]) -> Reasoned:
    figure = desk.money(f"funding.{stage}.left_out.{reason}", records)
    text = figure.text if figure.value else desk.language.join(original_text(desk, record) for record in records[:2])
    return Reasoned(reason, reason_label(reason, desk.language), len(records), text)


def _lead(desk: Desk, records: Sequence[Record]) -> Sentence:
    if not records:
        return desk.sentence(desk.say("No sums are on record."))
    reasons = exclusion_reasons(desk.material.ledger)
    fresh = [record for record in records if desk.calendar.in_period(record)]
    if fresh:
        count = desk.count("funding.fresh", "records", _SUMS, fresh)
        return desk.sentence(
            desk.say("{count} are dated {when}; the largest is {amount} for {purpose}."),
            cite=fresh[:1],
            count=count,
            when=desk.this_period,
            amount=original_figure(desk, fresh[0]),
            purpose=quoted_title(desk, fresh[0], 80),
        )
    total = [record for record in records if record.id not in reasons]
    return desk.sentence(
        desk.say("No sum is dated {when}. On record are {count}, told apart by how far each has come."),
        when=desk.this_period,
        count=desk.count("funding.on_record", "records", _SUMS, total or records),
    )


def _choose(desk: Desk, records: Sequence[Record]) -> tuple[list[Record], str]:
    """The rows of the table and its title: all of them in a full brief, else what is new and then the largest."""
    if desk.is_full:
        return list(records), desk.say("All sums counted, largest first")
    if desk.is_empty:
        return [], ""
    fresh = [record for record in records if record.id in desk.new_ids or desk.calendar.in_period(record)]
    others = [record for record in records if record not in fresh]
    chosen = (fresh + others)[:SHORT_ROWS]
    title = desk.say("New sums, then the largest on record") if fresh else desk.say("The largest sums on record")
    return chosen, title


def _row(desk: Desk, record: Record) -> FundingRow:
    values = funding(record)
    programme = values.programme or ""
    title = title_of(desk, record, TITLE_LENGTH)
    return FundingRow(
        record_id=record.id,
        is_new=record.id in desk.new_ids,
        title=capital(title),
        programme="" if programme == title else shorten(programme, 40),
        donors=desk.some_parties(values.donors) or desk.say("not named"),
        recipients=desk.some_parties(values.recipients) or desk.say("not named"),
        stage=values.stage,
        stage_label=desk.say(STAGES[values.stage][0]),
        date=desk.language.date(values.date, short=True),
        original=original_text(desk, record),
        common=_common(desk, record),
        notes=tuple(_row_notes(desk, record)),
        marks=desk.marks(record),
    )


def _row_notes(desk: Desk, record: Record) -> Iterable[str]:
    values = funding(record)
    choice = record.choice("amount")
    if "amounts_differ" in record.flags or (choice and choice.alternatives):
        yield desk.say("sources differ")
    if values.is_in_kind:
        yield desk.say("in kind")
    if values.is_approximate:
        yield desk.say("approximate")


def _left_out_row(desk: Desk, record: Record, reason: str) -> LeftOutRow:
    values = funding(record)
    return LeftOutRow(
        record_id=record.id,
        title=capital(title_of(desk, record, TITLE_LENGTH)),
        stage_label=desk.say(STAGES[values.stage][0]),
        date=desk.language.date(values.date, short=True),
        original=original_text(desk, record),
        reason=capital(reason_label(reason, desk.language)),
        marks=desk.marks(record),
    )


def _more(desk: Desk, figure_id: str, records: Sequence[Record]) -> Sentence | None:
    """What the table doesn't show, in one line."""
    if not records:
        return None
    return desk.sentence(
        desk.say("Not shown here: {count}; all of them are in the attached table funding.csv."),
        count=desk.count(figure_id, "records", _SUMS, records),
    )


def _notes(desk: Desk, records: Sequence[Record]) -> tuple[str, ...]:
    notes = []
    if any(record.conversion and record.conversion.rate != 1 for record in records):
        sources = sorted({record.conversion.source for record in records if record.conversion and record.conversion.rate != 1})
        notes.append(
            desk.say("Other currencies are converted to {currency} at the rate of the sum's own date; rates: {source}.").format(
                currency=desk.currency, source="; ".join(sources)
            )
        )
    if any(sum_of([record])[1] < sum_of([record])[2] for record in records):
        notes.append(desk.say("A range means that sources disagree; every one of them is marked."))
    return tuple(notes)


def title_of(desk: Desk, record: Record, limit: int) -> str:
    """What a sum is for: its purpose as written, else its programme."""
    values = funding(record)
    return shorten(values.purpose or values.programme or desk.say("Purpose not stated"), limit)


def quoted_title(desk: Desk, record: Record, limit: int) -> str:
    """What a sum is for inside one of our sentences: a document's own words in quotation marks."""
    title = title_of(desk, record, limit)
    values = funding(record)
    return desk.say("“{text}”").format(text=title) if values.purpose or values.programme else title[:1].lower() + title[1:]


def original_text(desk: Desk, record: Record) -> str:
    """The sum as sources give it, as a range where they disagree."""
    values = funding(record)
    low = values.amount if values.amount_min is None else values.amount_min
    high = values.amount if values.amount_max is None else values.amount_max
    return desk.language.money_range(low, high, values.currency)


def original_figure(desk: Desk, record: Record) -> Figure:
    """The same as a figure of the book."""
    values = funding(record)
    return desk.figure(
        f"funding.{record.id}.original",
        values.amount,
        values.currency,
        original_text(desk, record),
        [record],
        rule="single",
        low=values.amount_min,
        high=values.amount_max,
    )


def _common(desk: Desk, record: Record) -> str:
    """Millions of the common currency, two decimals; a dash where there is no rate."""
    if record.conversion is None:
        return "–"
    low, high = record.conversion.amount_min, record.conversion.amount_max
    return desk.language.millions(low, high, 2 if low == high else 1)
