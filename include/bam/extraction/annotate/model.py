"""What annotation finds in a document: every mention has `start` and `end` offsets into the canonical text."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol

from bam.model.text import BlockKind


class Spanned(Protocol):
    """Anything with a stretch of text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, heading, list item, table row or caption. `first` and `last` bound its tokens [first, last).

    `lead` is the index of the sentence that introduces a list ("The participants agreed that:"), None elsewhere. `number` is
    the printed mark of its list item, `section` the index of the heading sentence above it.
    """

    index: int
    start: int
    end: int
    first: int
    last: int
    block: int
    kind: BlockKind
    lead: int | None = None
    number: str | None = None
    section: int | None = None


Tense = Literal["past", "present", "future", "none"]
VerbForm = Literal["finite", "participle", "gerund", "infinitive"]


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb group ("has not yet been funded"). `start` and `end` cover auxiliaries and main verb.

    `lemma` is that of the main verb (with its particle where the pair has a meaning of its own: `hand over`), `classes` its
    classes in verbs.yml. `modality` is what modals and governing verbs make of it: `plan`, `pledge`, `need`, `may`,
    `recommend`, `help`, `continue`, `conditional`, `fail`, `purpose`, or None for plain statements. `governor` is the index of
    the verb that governs an infinitive ("plans" of "plans to build"), `agent` the span of a passive's by-phrase.
    """

    index: int
    start: int
    end: int
    first: int
    last: int
    head: int
    lemma: str
    classes: frozenset[str]
    form: VerbForm
    tense: Tense
    is_perfect: bool = False
    is_progressive: bool = False
    is_passive: bool = False
    is_negated: bool = False
    modality: str | None = None
    governor: int | None = None
    agent: tuple[int, int] | None = None

    def has(self, *classes: str) -> bool:
        """Whether the main verb is of one of these classes."""
        return not self.classes.isdisjoint(classes)

    @property
    def is_fact(self) -> bool:
        """Whether the sentence says that it happened or happens: no plan, need, doubt or negation."""
        return not self.is_negated and self.modality in (None, "help", "continue", "done") and self.tense != "future"

    @property
    def is_done(self) -> bool:
        """Whether it is over: past, perfect or participle of a fact."""
        return self.is_fact and (self.tense == "past" or self.is_perfect or (self.form == "participle" and self.tense == "none"))


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a sentence around one main verb group. Clauses of a sentence cover it without overlap.

    `kind` is `main`, `relative`, `subordinate`, `parenthesis` or `fragment` (no verb). `verbs` are indices of its verbs.
    """

    index: int
    start: int
    end: int
    first: int
    last: int
    sentence: int
    kind: Literal["main", "relative", "subordinate", "parenthesis", "fragment"]
    verbs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """A number in digits or words. `value` counts its magnitude ("2.5 million"). Tokens [first, last).

    A letter magnitude apart from the digits ("3.5 m") is in `weak_value` and `weak_last` only: it needs a currency beside it.
    """

    start: int
    end: int
    first: int
    last: int
    value: float
    is_digits: bool
    has_magnitude: bool
    magnitude: float = 1.0
    weak_value: float | None = None
    weak_last: int | None = None


Bound = Literal["exact", "about", "more", "less"]


@dataclass(frozen=True, slots=True)
class Money:
    """A sum. `amount` is in units of `currency` (ISO 4217), the middle of a range with `amount_min` and `amount_max`.

    `outer_start` includes words such as "more than". `origin` tells how the currency is known: `written`, `carried` (a bare
    number after a sum: "another 430,000"), `table` (named in a column head or caption), `declared` ("all dollars are
    Canadian"). `same_as` is the index of the sum that this one repeats in another currency; `is_change` marks the sides of
    "rose from A to B". `row` and `column` place it in a table.
    """

    index: int
    start: int
    end: int
    outer_start: int
    amount: float
    currency: str
    amount_min: float | None = None
    amount_max: float | None = None
    bound: Bound = "exact"
    origin: Literal["written", "carried", "table", "declared"] = "written"
    same_as: int | None = None
    is_change: bool = False
    row: int | None = None
    column: int | None = None

    @property
    def is_approximate(self) -> bool:
        """Whether the text says it inexactly or as a range."""
        return self.bound != "exact" or self.amount_min is not None


Precision = Literal["day", "month", "quarter", "season", "year", "period"]


@dataclass(frozen=True, slots=True)
class Date:
    """A date or period. `value` is the ISO prefix of its start (of the whole where it is no range), `until` that of its end.

    `role` is what its preposition makes of it: `at`, `range` ("from A to B"), `deadline` ("by", "before", "within"), `since`,
    `until`. `due` is the last day meant where it is a deadline or lies ahead. `is_relative` marks dates counted from the
    anchor ("last Thursday"), `is_yearless` those that took the year from the text around or the anchor.
    """

    index: int
    start: int
    end: int
    outer_start: int
    value: str
    until: str | None
    precision: Precision
    role: Literal["at", "range", "deadline", "since", "until"] = "at"
    due: str | None = None
    is_relative: bool = False
    is_yearless: bool = False
    is_fiscal: bool = False


class PartyUse(StrEnum):
    """How a party is written; see `Party.use`."""

    NAME = "name"
    ADJECTIVE = "adjective"
    CAPITAL = "capital"
    ORGAN = "organ"
    ORGANISATION = "organisation"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Party:
    """An actor or country. `code` is the party code of the tables (`US`, `OSCE`, a name as written for companies).

    `use` tells `name` (a country's name), `adjective` ("Tajik"), `capital` ("Tokyo"), `organ` ("the U.S. Embassy in Dushanbe",
    "Japanese government"), `organisation` (from the portfolio or defined in the text), `body` (a company, foundation or
    national service named in the text). `country` is the country behind the code where it is one or where the body sits,
    `host` the country where a seat is ("Embassy of Japan in Tajikistan"), `noun` the organ's noun. `is_donor` is what the
    portfolio says. `weight` is how sure the naming is (1 sure, below 0.5 a guess).
    """

    index: int
    start: int
    end: int
    code: str
    use: PartyUse
    name: str
    country: str | None = None
    host: str | None = None
    noun: str | None = None
    is_donor: bool = True
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Region:
    """A name that stands for several countries ("Central Asia", "the five countries")."""

    index: int
    start: int
    end: int
    name: str
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeMention:
    """A programme. `code` is the acronym or name that the tables show; `is_known` marks those of the portfolio."""

    index: int
    start: int
    end: int
    code: str
    name: str
    is_known: bool
    donors: tuple[str, ...] = ()
    implementers: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A town, district, province or other place. `name` is as written, without "the village of". `country` is None where
    neither gazetteer nor text tell. `kind` is the noun beside it (`district`) or `town`. `is_dateline` marks the place at the
    head of the text; `weight` how sure it is that a place is meant.
    """

    index: int
    start: int
    end: int
    name: str
    country: str | None
    kind: str
    is_dateline: bool = False
    weight: float = 1.0
    preposition: str | None = None


@dataclass(frozen=True, slots=True)
class PersonCount:
    """A number of people ("12 Afghan and 14 Tajik officers" gives two). `parties` are countries named in it, `noun` is the
    noun counted, `bound` how exact it is.
    """

    index: int
    start: int
    end: int
    count: int
    noun: str
    parties: tuple[str, ...] = ()
    bound: Bound = "exact"


HeadKind = Literal["facility", "training", "conference"]
Determiner = Literal["definite", "indefinite", "possessive", "number", "none"]


@dataclass(frozen=True, slots=True)
class Head:
    """A noun phrase about a facility, a training or a conference.

    `start`..`end` is the phrase without its determiner and with names and "of"-phrases that belong to it; `noun_start`..
    `noun_end` is the head noun, `lemma` its singular in the lexicon, `type` the facility type (empty for others). `proper` is
    the proper name within or beside it ("Palanca-Mayaki-Udobne"), `place` the name after "at" or "in". `count` is the number
    before a plural. `is_weak` marks nouns that need support to be a thing of the tables. `state` is what an adjective says:
    `planned`, `done`, `under_way`, `closed`. `listed` holds the names behind a plural ("the posts at A, B and C") as
    (start, end): each may be a thing of its own.
    """

    index: int
    start: int
    end: int
    noun_start: int
    noun_end: int
    kind: HeadKind
    type: str
    lemma: str
    determiner: Determiner
    is_plural: bool
    is_weak: bool
    count: int | None = None
    proper: str | None = None
    place: str | None = None
    state: str | None = None
    modifiers: tuple[str, ...] = ()
    listed: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class QuotedTitle:
    """Words in quotation marks; offsets exclude the marks."""

    index: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: its sentence, its cells (start, end) and the text of the column heads, shorter where cells lack one.

    `head_cells` are where the heads stand, `kinds` what they say of the cells below ("giver", "date"), `caption` where the words
    above the table stand. `key` is what the first of two cells says of the other one ("Donor | Japan").
    """

    sentence: int
    table: int
    cells: tuple[tuple[int, int], ...]
    heads: tuple[str, ...]
    is_header: bool
    caption: tuple[int, int] | None = None
    head_cells: tuple[tuple[int, int], ...] = ()
    kinds: tuple[frozenset[str], ...] = ()
    key: frozenset[str] = frozenset()

    def column_at(self, offset: int) -> int | None:
        """The number of the cell that holds an offset."""
        number = bisect_right(self.cells, offset, key=lambda cell: cell[0]) - 1
        return number if number >= 0 and offset < self.cells[number][1] else None

    def kinds_of(self, column: int | None) -> frozenset[str]:
        """What the cells of a column tell; nothing where it has no head."""
        return self.kinds[column] if column is not None and column < len(self.kinds) else frozenset()


@dataclass(frozen=True, slots=True)
class Publication:
    """When the document was published: an ISO prefix and where it was found (`metadata`, `dateline`, `text`, `caller`)."""

    date: str | None
    origin: str | None
