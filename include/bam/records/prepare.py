"""Claims made ready for comparison: names folded, dates as days, words and proper names taken out once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import pycountry

from bam.model.claims import Claim, FacilityValues, FollowUpValues, FundingValues, WorkshopValues
from bam.model.dates import first_day, is_date_prefix, last_day
from bam.records.names import content_words, fold, is_place_kind, name_words, sound
from bam.records.words import words

_CACHED = 20_000
_TOKEN = re.compile(r"[^\W\d_][\w’'-]*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+|[\"“”]\s*)$")


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of days as ordinals, both ends included; `precision` is `day`, `month` or `year`."""

    first: int
    last: int
    precision: str

    def gap(self, other: Days) -> int:
        """Days between the two stretches; 0 where they overlap."""
        return max(0, self.first - other.last, other.first - self.last)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What pair features look at. `names` are sounds of proper names in the description, `places` those of the place's name,
    `words` the telling content words of the descriptive fields, `text` the main one of them; `low` and `high` bound the
    amount and `digits` are its significant ones (0 outside funding).
    """

    claim: Claim
    days: Days | None
    text: str
    words: frozenset[str]
    names: frozenset[str]
    places: frozenset[str]
    place: str
    parties: frozenset[str]
    countries: frozenset[str]
    programme: str
    low: float = 0.0
    high: float = 0.0
    digits: int = 0


def prepare(claim: Claim) -> Prepared:
    """The claim with everything that comparing needs."""
    values = claim.values
    quote = claim.evidence[0].quote if claim.evidence else ""
    if isinstance(values, FundingValues):
        low = values.amount if values.amount_min is None else values.amount_min
        high = values.amount if values.amount_max is None else values.amount_max
        return Prepared(
            claim,
            days_of(values.date),
            values.purpose or "",
            telling_words(f"{values.purpose or ''} {quote}"),
            proper_names(values.purpose or "") | proper_names(quote),
            frozenset(),
            "",
            _codes(values.donors),
            _codes(values.recipients),
            fold(values.programme or ""),
            low,
            high,
            significant_digits(values.amount),
        )
    if isinstance(values, FacilityValues):
        places = place_names(values.place)
        return Prepared(
            claim,
            days_of(values.status_date),
            values.name,
            facility_words(values.name),
            proper_names(values.name, from_start=True) - places,
            places,
            values.place or "",
            _codes(values.funders),
            _codes((values.country,) if values.country else ()),
            fold(values.programme or ""),
        )
    if isinstance(values, WorkshopValues):
        return Prepared(
            claim,
            days_between(values.start, values.end),
            values.topic,
            telling_words(values.topic),
            proper_names(values.topic),
            place_names(values.place),
            values.place or "",
            _codes(values.organisers),
            _codes((values.country,) if values.country else ()),
            fold(values.programme or ""),
        )
    assert isinstance(values, FollowUpValues)
    return Prepared(
        claim,
        days_of(values.conference_date),
        values.commitment,
        content_words(values.commitment),
        proper_names(values.commitment),
        place_names(values.conference_place),
        values.conference_place or "",
        _codes(values.parties),
        frozenset(),
        fold(values.conference),
    )


@lru_cache(maxsize=_CACHED)
def _codes(codes: tuple[str, ...]) -> frozenset[str]:
    """Parties or countries as a set; few combinations come again and again."""
    return frozenset(codes)


@lru_cache(maxsize=_CACHED)
def days_of(prefix: str | None) -> Days | None:
    """The days that a date prefix covers; None for no date."""
    if not is_date_prefix(prefix):
        return None
    known = str(prefix)
    return Days(first_day(known).toordinal(), last_day(known).toordinal(), {4: "year", 7: "month"}.get(len(known), "day"))


def days_between(start: str | None, end: str | None) -> Days | None:
    """The days from the first of `start` to the last of `end`, as precise as the less precise of them."""
    first, last = days_of(start or end), days_of(end or start)
    if first is None or last is None or last.last < first.first:
        return first or last
    precision = max(first.precision, last.precision, key=("day", "month", "year").index)
    return Days(first.first, last.last, precision)


@lru_cache(maxsize=_CACHED)
def telling_words(text: str) -> frozenset[str]:
    """Content words of a description, without numbers and without words that nearly every text of the field has.

    Where nothing else is left the frequent ones stay: `border guards` is all that some texts say.
    """
    found = frozenset(word for word in content_words(text) if not any(letter.isdigit() for letter in word))
    return frozenset(word for word in found if word not in words().weak and not is_country_word(word)) or found


def facility_words(name: str) -> frozenset[str]:
    """The words of a facility's name that tell it from others of its kind; empty for `training centre` or `border post`."""
    known = words()
    return frozenset(
        word
        for word in content_words(name)
        if not (word in known.weak or word in known.facility_kinds or word in known.place_kinds or is_country_word(word))
        and not any(letter.isdigit() for letter in word)
    )


@lru_cache(maxsize=_CACHED)
def proper_names(text: str, *, from_start: bool = False) -> frozenset[str]:
    """Sounds of the capitalised words of a text that are no country and no frequent word; those at the beginning of a sentence
    only with `from_start` (for titles and names, where capitals tell at the beginning as well).
    """
    found: set[str] = set()
    before: tuple[int, str] | None = None
    for match in _TOKEN.finditer(text):
        token = match.group()
        if not token[0].isupper() or len(token) < 3:
            continue
        if not from_start and _SENTENCE_START.search(text[: match.start()]):
            continue
        name = "".join(sound(word) for word in fold(token).split() if _is_name(word))
        if name and before is not None and text[before[0] : match.start()] == " ":
            found.add(before[1] + name)  # Sher Khan is Shirkhan elsewhere
        if name:
            found.add(name)
        before = (match.end(), name) if name else None
    return frozenset(name for name in found if len(name) >= 2)


def place_names(place: str | None) -> frozenset[str]:
    """Sounds of the telling words of a place's name."""
    return frozenset(sound(word) for word in name_words(place or "") if _is_name(word))


def significant_digits(amount: float) -> int:
    """How many digits carry the number: 1 for 10,000,000; 7 for 9,057,333. Exact figures identify, round ones hardly."""
    digits = f"{abs(amount):.15g}"
    mantissa = digits.partition("e")[0].replace(".", "").strip("0")
    return max(1, len(mantissa))


@lru_cache(maxsize=_CACHED)
def is_country_word(word: str) -> bool:
    """Whether a folded word belongs to the name of a country or derives from one (`tajik`, `japanese`, `iranian`)."""
    whole, stems = _country_words()
    return word in whole or word[:5] in stems or (len(word) >= 5 and word[:4] in stems) or word.removesuffix("ian") in whole


@lru_cache(maxsize=1)
def _country_words() -> tuple[frozenset[str], frozenset[str]]:
    """The words of countries' names, and the beginnings of the longer ones: five letters, four of words of five or six."""
    names = " ".join(f"{country.name} {getattr(country, 'common_name', '')}" for country in pycountry.countries)
    known = {word for word in fold(names).split() if len(word) >= 4 and word not in words().place_kinds}
    return frozenset(known), frozenset(word[:5] if len(word) >= 7 else word[:4] for word in known if len(word) >= 5)


def _is_name(word: str) -> bool:
    known = words()
    is_common = word in known.weak or word in known.stop or is_place_kind(word)
    return not (is_common or is_country_word(word) or word.isdigit())
