"""The desk that all sections of an issue are written at: one language, one numbering of sources, one book of figures."""

from __future__ import annotations

import datetime as dt
import math
import string
from collections.abc import Sequence
from dataclasses import dataclass, field

from bam.briefs.citations import SourceBook
from bam.briefs.language import N_, Language
from bam.briefs.material import Material, claim_ids_of
from bam.briefs.measures import Calendar
from bam.briefs.model import Figure, Mark, Sentence, Span
from bam.briefs.order import Order
from bam.model.claims import FundingValues, Table
from bam.model.periods import Cadence, Period
from bam.model.records import Record

MARKS_PER_SENTENCE = 3
"""More would hide the sentence; the section that it points to marks every row."""

MARKS_PER_FLASH_SENTENCE = 1

Part = Figure | str

_THIS_PERIOD = {
    Cadence.MONTH: N_("this month"),
    Cadence.QUARTER: N_("this quarter"),
    Cadence.YEAR: N_("this year"),
}


@dataclass(slots=True)
class Desk:
    """What the section writers share.

    `new_ids` are the records that the last issue didn't have (in a first issue: those first published in the period). `is_empty`
    tells that nothing new was reported and nothing is dated in the period.
    """

    order: Order
    language: Language
    material: Material
    sources: SourceBook
    calendar: Calendar
    new_ids: frozenset[str]
    is_empty: bool
    figures: dict[str, Figure] = field(default_factory=dict)

    @property
    def period(self) -> Period:
        """The period of the issue."""
        return self.order.period

    @property
    def as_of(self) -> dt.date:
        """The day by which everything was known."""
        return self.order.as_of

    @property
    def currency(self) -> str:
        """The common currency (ISO 4217)."""
        return self.order.currency

    @property
    def is_full(self) -> bool:
        """Whether tables hold every row."""
        return self.order.tables == "full"

    @property
    def is_flash(self) -> bool:
        """Whether everything has to go on one page."""
        return self.order.layout == "flash"

    @property
    def this_period(self) -> str:
        """`this month`, `this quarter`, `this year`."""
        return self.language.say(_THIS_PERIOD[self.period.cadence])

    def records(self, table: Table) -> list[Record]:
        """The records of one table, in the order of their ids."""
        return [record for record in self.material.records if record.table is table]

    def has(self, table: Table) -> bool:
        """Whether there is something to say about the table: in a period without news an empty one is left out."""
        return not self.is_empty or bool(self.records(table))

    def say(self, message: str) -> str:
        """A fixed message in the language of the issue."""
        return self.language.say(message)

    def figure(
        self,
        figure_id: str,
        value: float,
        unit: str,
        text: str,
        records: Sequence[Record],
        *,
        rule: str,
        low: float | None = None,
        high: float | None = None,
    ) -> Figure:
        """Enter a figure in the book; the same id again must be the same figure."""
        figure = Figure(
            id=figure_id,
            value=value,
            low=value if low is None else low,
            high=value if high is None else high,
            unit=unit,
            text=text,
            rule=rule,
            record_ids=tuple(sorted(record.id for record in records)),
            claim_ids=tuple(sorted(claim_ids_of(records))),
        )
        assert self.figures.setdefault(figure_id, figure) == figure, f"two figures are called {figure_id}"
        return figure

    def count(self, figure_id: str, unit: str, forms: tuple[str, str], records: Sequence[Record]) -> Figure:
        """A number of records in words: `3 border posts`. `forms` are a message and its plural with `{n}` (`NN_`)."""
        number = len(records)
        text = self.language.say_many(*forms, number).format(n=self.language.number(number))
        return self.figure(figure_id, number, unit, text, records, rule="count")

    def number(self, figure_id: str, unit: str, records: Sequence[Record]) -> Figure:
        """A number of records in digits."""
        return self.figure(figure_id, len(records), unit, self.language.number(len(records)), records, rule="count")

    def people(self, figure_id: str, number: int, records: Sequence[Record]) -> Figure:
        """A number of people: `1,240 people`."""
        text = self.language.say_many("{n} person", "{n} people", number).format(n=self.language.number(number))
        return self.figure(figure_id, number, "people", text, records, rule="sum")

    def money(self, figure_id: str, records: Sequence[Record]) -> Figure:
        """The sum of these funding records in the common currency, as a range where sources disagree on a part of it."""
        value, low, high = sum_of(records)
        text = self.language.money_range(low, high, self.currency) if low < high else self.language.money(value, self.currency)
        return self.figure(figure_id, value, self.currency, text, records, rule="sum", low=low, high=high)

    def marks(self, record: Record) -> tuple[Mark, ...]:
        """Marks of a row: every independent voice in full briefs."""
        return self.sources.of_record(record, all_voices=self.is_full)

    def some_parties(self, codes: Sequence[str], limit: int = 2) -> str:
        """Names of the first parties and how many more there are, for narrow columns."""
        names = [self.language.party(code) for code in codes]
        if len(names) > limit + 1:
            rest = len(names) - limit
            names = [*names[:limit], self.language.say_many("{n} more", "{n} more", rest).format(n=rest)]
        return self.language.join(names)

    def sentence(self, template: str, *, cite: Sequence[Record] = (), anchor: str = "", **parts: Part) -> Sentence:
        """A sentence out of a translated template, `{name}` replaced by parts; records cited in the order of their weight."""
        spans: list[Span] = []
        for literal, name, _, _ in string.Formatter().parse(template):
            if literal:
                spans.append(Span(literal))
            if name is not None:
                part = parts[name]
                spans.append(Span(part.text, part.id) if isinstance(part, Figure) else Span(part))
        spans = _capitalised(spans)
        marks, more = self.sources.of_records(cite, MARKS_PER_FLASH_SENTENCE if self.is_flash else MARKS_PER_SENTENCE)
        return Sentence(tuple(spans), marks, more, anchor)


def sum_of(records: Sequence[Record]) -> tuple[float, float, float]:
    """Sum, lowest and highest sum of funding records in the common currency, to the cent; records without a rate add nothing."""
    conversions = [record.conversion for record in records if record.conversion is not None]
    return (
        round(math.fsum(conversion.amount for conversion in conversions), 2),
        round(math.fsum(conversion.amount_min for conversion in conversions), 2),
        round(math.fsum(conversion.amount_max for conversion in conversions), 2),
    )


def funding(record: Record) -> FundingValues:
    """The values of a funding record."""
    assert isinstance(record.values, FundingValues)
    return record.values


def weight(record: Record) -> tuple[float, str]:
    """Sort key: the largest sum first, then by id."""
    return (-(record.conversion.amount if record.conversion else 0.0), record.id)


def _capitalised(spans: list[Span]) -> list[Span]:
    """The first letter of a sentence is a capital, also where it opens with a figure in words or a name."""
    if spans and spans[0].text[:1].islower():
        spans[0] = Span(spans[0].text[0].upper() + spans[0].text[1:], spans[0].figure)
    return spans
