"""The context of an issue: every figure, sentence, table, mark and source that it prints, ready for the page.

The PDF, the web page, the mail and the attached tables are functions of this alone. Texts are in the issue's language, sums in
the units named beside them, ids lead to the material at its end.
"""

from __future__ import annotations

from dataclasses import dataclass

from bam.briefs.material import Material, Series
from bam.briefs.order import Order


@dataclass(frozen=True, slots=True)
class Mark:
    """A source mark such as `12b`: quote b of source 12."""

    source: int
    letter: str

    @property
    def key(self) -> str:
        """What is printed, and what links are named after."""
        return f"{self.source}{self.letter}"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a sentence; `figure` names the figure that it prints."""

    text: str
    figure: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its figures and source marks; `more` sources stand in the section `anchor` and not here."""

    spans: tuple[Span, ...]
    marks: tuple[Mark, ...] = ()
    more: int = 0
    anchor: str = ""

    @property
    def text(self) -> str:
        """The sentence without marks."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that is printed, with what it rests on.

    `value` is in `unit` (a currency, `people`, `events`, `places`, `promises`, `records`, `days`, `sources`); `low` and `high`
    span what sources say. `text` is how it is printed. `rule` says how it follows from the records: `sum` of the values of
    `members`, `count` of them, or `single`.
    """

    id: str
    value: float
    low: float
    high: float
    unit: str
    text: str
    rule: str
    record_ids: tuple[str, ...]
    claim_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """A key figure: its value in the period, the change against the period before, its course, and the state on record."""

    measure: str
    label: str
    figure: str
    text: str
    change: str
    direction: int
    series: tuple[float, ...]
    series_alt: str
    on_record: str
    marks: tuple[Mark, ...] = ()
    more: int = 0
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Reasoned:
    """Sums left out of a total for one reason."""

    reason: str
    label: str
    count: int
    text: str


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage of funding: counted in the period, in the last twelve months and on record, and what was left out of it."""

    stage: str
    label: str
    meaning: str
    in_period: str
    in_year: str
    on_record: str
    count: int
    left_out: tuple[Reasoned, ...]


@dataclass(frozen=True, slots=True)
class FundingRow:
    """A sum: `original` as written by the source (a range where sources disagree), `common` in the common currency."""

    record_id: str
    is_new: bool
    title: str
    programme: str
    donors: str
    recipients: str
    stage: str
    stage_label: str
    date: str
    original: str
    common: str
    notes: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """A sum that no total counts, with the reason."""

    record_id: str
    title: str
    stage_label: str
    date: str
    original: str
    reason: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class StageBar:
    """A length in a chart: `value` in the common currency, `text` beside it, empty where there is nothing."""

    stage: str
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class StageBars:
    """One donor or recipient across the stages."""

    label: str
    bars: tuple[StageBar, ...]


@dataclass(frozen=True, slots=True)
class StageChart:
    """Bars per donor or recipient in one column per stage; `title` says what to see, `alt` carries the figures."""

    title: Sentence
    subtitle: str
    alt: str
    stages: tuple[str, ...]
    rows: tuple[StageBars, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `is_rest` marks what is no single thing (all others, several together)."""

    label: str
    value: float
    text: str
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars of one measure; `title` says what to see, `alt` carries the figures."""

    title: Sentence
    subtitle: str
    alt: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Funding:
    lead: Sentence
    stages: tuple[StageRow, ...]
    donors: StageChart | None
    recipients: StageChart | None
    table_title: str
    rows: tuple[FundingRow, ...]
    more: Sentence | None
    left_out: tuple[LeftOutRow, ...]
    left_out_more: Sentence | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MapPoint:
    latitude: float
    longitude: float
    label: str
    status: str
    count: int


@dataclass(frozen=True, slots=True)
class FacilityMap:
    """Facilities by place; `countries` (ISO 3166-1 alpha-2) are the portfolio's, from which the extent follows."""

    title: Sentence
    alt: str
    countries: tuple[str, ...]
    country_labels: tuple[str, ...]
    points: tuple[MapPoint, ...]
    legend: tuple[tuple[str, str], ...]
    unplaced: int
    note: str


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """A dated status; `at` is the middle of the days that the date stands for, in years."""

    status: str
    at: float
    text: str


@dataclass(frozen=True, slots=True)
class TimelineRow:
    label: str
    events: tuple[TimelineEvent, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Facilities on a common axis of years; `now` is the as-of date in years."""

    title: Sentence
    alt: str
    rows: tuple[TimelineRow, ...]
    legend: tuple[tuple[str, str], ...]
    now: float
    now_label: str


@dataclass(frozen=True, slots=True)
class FacilityRow:
    record_id: str
    is_new: bool
    name: str
    kind: str
    place: str
    status: str
    status_label: str
    since: str
    funders: str
    notes: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """A number of things of one kind, for strips of figures."""

    code: str
    label: str
    figure: str
    text: str


@dataclass(frozen=True, slots=True)
class Facilities:
    lead: Sentence
    counts: tuple[Count, ...]
    map: FacilityMap | None
    timeline: Timeline | None
    table_title: str
    rows: tuple[FacilityRow, ...]
    more: Sentence | None


@dataclass(frozen=True, slots=True)
class WorkshopRow:
    record_id: str
    is_new: bool
    topic: str
    when: str
    place: str
    organisers: str
    audience: str
    participants: str
    notes: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Workshops:
    lead: Sentence
    counts: tuple[Count, ...]
    topics: BarChart | None
    audiences: BarChart | None
    held_title: str
    held: tuple[WorkshopRow, ...]
    held_more: Sentence | None
    coming: tuple[WorkshopRow, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    record_id: str
    is_new: bool
    commitment: str
    conference: str
    owner: str
    due: str
    score: str
    score_label: str
    overdue: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class FollowUps:
    """`scores` counts promises by score, `due_soon` falls due in the next 30 days; only full briefs have the whole `register`."""

    lead: Sentence
    scores: tuple[Count, ...]
    scores_alt: str
    due_soon: tuple[FollowUpRow, ...]
    overdue: tuple[FollowUpRow, ...]
    overdue_more: Sentence | None
    register_title: str
    register: tuple[FollowUpRow, ...]
    register_more: Sentence | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A record that came, went or changed since the last issue: `kind` is `ADD`, `MOD` or `DEL`."""

    kind: str
    record_id: str
    table: str
    title: str
    what: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class RestatementRow:
    """A figure of an earlier period that was printed as `old` and is `new` now."""

    measure: str
    period: str
    old: str
    new: str
    cause: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    lead: str
    rows: tuple[ChangeRow, ...]
    more: str
    restatements: tuple[RestatementRow, ...]
    restatements_lead: str


@dataclass(frozen=True, slots=True)
class Quality:
    """The box of the data's quality: `tone` is `good`, `warning` or `critical`."""

    tone: str
    verdict: str
    facts: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """What a source says word for word; `claim_id` leads to its offsets in the material. `language` is ISO 639-1."""

    letter: str
    claim_id: str
    text: str
    page: str
    language: str


@dataclass(frozen=True, slots=True)
class Source:
    """A numbered document. `address` is printed as it is and is a link only where it is an http or https address."""

    number: int
    document_id: str
    publisher: str
    title: str
    published: str
    address: str
    kind: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """What the title strip, running heads and file names say."""

    brief_id: str
    edition: str
    language: str
    layout: str
    cadence: str
    publisher: str
    subject: str
    title: str
    audience: str
    scope: str
    period: str
    period_label: str
    as_of: str
    as_of_label: str
    recorded_at: str
    number: int
    number_label: str
    currency: str
    tlp: str
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BriefContext:
    """One issue of one brief in one edition. Sections that the brief doesn't print are None.

    `order` and `material` are what it was written from: writing it again from them gives the same context.
    """

    heading: Heading
    is_empty: bool
    headlines: tuple[Sentence, ...]
    tiles: tuple[Tile, ...]
    funding: Funding | None
    facilities: Facilities | None
    workshops: Workshops | None
    follow_ups: FollowUps | None
    changes: Changes | None
    quality: Quality | None
    method: tuple[tuple[str, str], ...]
    sources: tuple[Source, ...]
    figures: tuple[Figure, ...]
    series: tuple[Series, ...]
    material: Material
    order: Order | None = None

    def figure(self, figure_id: str) -> Figure:
        """The figure of that id. Raises KeyError."""
        for figure in self.figures:
            if figure.id == figure_id:
                return figure
        raise KeyError(figure_id)
