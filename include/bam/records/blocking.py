"""Blocking keys: two claims are compared only where they share one, so that the work grows with the claims, not their pairs.

Each key joins several things that claims of one thing have in common (amount, donor and recipient; month and country),
because a key of one frequent thing would bring thousands together.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator
from itertools import combinations, product

from bam.model.claims import Claim, FacilityValues, FundingValues, Table, WorkshopValues
from bam.records.features_facilities import TYPE_GROUPS
from bam.records.features_funding import NEAR, NEAR_IN_OTHER_CURRENCY, in_euro
from bam.records.identity import sibling_key
from bam.records.names import content_words
from bam.records.prepare import Prepared, days_of, telling_words
from bam.records.promises import reported_score
from bam.records.words import words

EXACT_DIGITS = 3
"""An amount with so many significant digits is a key by itself."""

MAX_BLOCK = 32
"""A key that more claims share says nothing any more and brings nobody together. It keeps the work linear, whatever the texts
are like; keys that hold a document together are not limited.
"""

SIBLINGS, PART, PROMISE, REPORT = "sib-", "part|", "promise|", "report|"
"""How the keys of relations other than likeness begin; keys of likeness begin with the name of their table. Promises have keys of
the one kind and what may report their outcome keys of the other: a promise seeks reports, a report promises.
"""

_FEW_PARTIES = 2
"""A promise of more parties than these is one of everybody: sharing one of them says little."""


def is_limited(key: str) -> bool:
    """Whether the key says nothing once more than `MAX_BLOCK` claims share it."""
    return not key.startswith((SIBLINGS, PART))


def is_crowd(size: int) -> bool:
    """Whether so many claims are too many for a key that is limited."""
    return size > MAX_BLOCK


def counterpart(key: str) -> str:
    """The key of the claims that a claim with this key has to be compared with: the same, except for promises and reports."""
    if key.startswith(PROMISE):
        return REPORT + key.removeprefix(PROMISE)
    return PROMISE + key.removeprefix(REPORT) if key.startswith(REPORT) else key


def blocking_keys(prepared: Prepared) -> frozenset[str]:
    """The keys of one claim. A pair that could be the same thing, a part and its total, or a promise and what became of it,
    shares at least one (or its counterpart).
    """
    claim = prepared.claim
    own = _OWN_KEYS[claim.table](prepared)
    return frozenset([sibling_key(claim), *(f"{claim.table}|{key}" for key in own), *_part_keys(claim), *_promise_keys(prepared)])


def _part_keys(claim: Claim) -> Iterator[str]:
    """The amounts of a sum and of its total within one document, whatever their currency."""
    if isinstance(claim.values, FundingValues):
        for amount in (claim.values.amount, claim.values.part_of):
            if amount is not None:
                yield f"{PART}{claim.witness.document_id}|{amount:.6g}"


def _promise_keys(prepared: Prepared) -> Iterator[str]:
    """What a promise and its outcome share: three telling words, or two and a party. A promised conference is known by two words
    of its name. What reports nothing (a plan, a pledge), and what has no date to come after another one, has no such keys.
    """
    if days_of(prepared.claim.published_on) is None or reported_score(prepared.claim) is None:
        return
    is_promise = prepared.claim.table is Table.FOLLOW_UPS
    kind = PROMISE if is_promise else REPORT
    told = sorted(_longest(telling_words(prepared.text) | prepared.names, 4))
    parties = sorted(prepared.parties) if len(prepared.parties) <= _FEW_PARTIES else []
    yield from (f"{kind}{one}|{two}|{three}" for one, two, three in combinations(told, 3))
    yield from (f"{kind}{one}|{two}|p:{party}" for (one, two), party in product(combinations(told, 2), parties))
    if is_promise:
        if content_words(prepared.text) & words().event_kinds:
            named = sorted(_longest(telling_words(prepared.text) - words().event_kinds, 5))
            yield from (f"{PROMISE}c:{one}|{two}" for one, two in combinations(named, 2))
        name = sorted(_longest(telling_words(prepared.programme) - words().event_kinds, 4))
        yield from (f"{REPORT}c:{one}|{two}" for one, two in combinations(name, 2))


def _funding(prepared: Prepared) -> Iterator[str]:
    values = prepared.claim.values
    assert isinstance(values, FundingValues)
    parties = [f"{donor}>{recipient}" for donor, recipient in product(sorted(prepared.parties), sorted(prepared.countries))]
    told = sorted(_longest(prepared.words, 3))
    items = [f"n:{name}" for name in prepared.names]
    donors = sorted(prepared.parties) or ["-"]
    items += [f"w:{one}|{other}|{donor}" for (one, other), donor in product(combinations(told, 2), donors)]
    items += [f"k:{noun}" for noun in prepared.words & words().facility_kinds.keys()]
    if prepared.programme:
        items.append(f"p:{prepared.programme.split()[0]}")
    days = prepared.days or days_of(prepared.claim.published_on)
    year = dt.date.fromordinal(days.first).year if days else None
    items += [f"{'since' if values.is_cumulative else year}|{pair}" for pair in parties]
    if prepared.digits >= EXACT_DIGITS:
        yield f"{values.currency}|={values.amount:.{EXACT_DIGITS}g}"
    for bucket in _buckets((prepared.low, prepared.high), NEAR):
        yield from (f"{values.currency}|{bucket}|{item}" for item in items)
    euro = in_euro(prepared)
    if euro is not None:
        for bucket in _buckets(euro, NEAR_IN_OTHER_CURRENCY):
            yield from (f"EUR|{year}|{bucket}|{pair}" for pair in parties)


def _buckets(amounts: Iterable[float], near: float) -> set[str]:
    """Buckets of amounts on two logarithmic grids half a width apart: any two amounts that are near share one of them."""
    width = 2.2 * -math.log(1 - near)
    found: set[str] = set()
    for amount in amounts:
        position = math.log(amount) / width if amount > 0 else 0.0
        found.update((f"a{math.floor(position)}", f"b{math.floor(position + 0.5)}"))
    return found


def _facilities(prepared: Prepared) -> Iterator[str]:
    assert isinstance(prepared.claim.values, FacilityValues)
    group = TYPE_GROUPS[prepared.claim.values.type]
    told = _longest(prepared.words, 3)
    for name in prepared.names | prepared.places:
        yield f"{name}|{group}"
        yield from (f"{name}|w:{word}" for word in told)
    for country in prepared.countries or {"-"}:
        yield from (f"{country}|{group}|{word}" for word in told)


def _workshops(prepared: Prepared) -> Iterator[str]:
    """Month, country and a word or an organiser; without a date two words and who holds it, a word and the place, the number
    trained.
    """
    values = prepared.claim.values
    assert isinstance(values, WorkshopValues)
    told = sorted(_longest(prepared.words, 3))
    country = "-" if values.country is None else values.country
    pairs = combinations(told, 2)
    yield from (f"{country}|{one}|{two}|{party}" for (one, two), party in product(pairs, sorted(prepared.parties)))
    yield from (f"{country}|{place}|{word}" for place, word in product(prepared.places, told))
    if values.participants is not None:
        yield from (f"{country}|{values.participants}|{word}" for word in told)
    if prepared.days is None or prepared.days.precision == "year":
        return
    for month in {f"{dt.date.fromordinal(day):%Y-%m}" for day in (prepared.days.first, prepared.days.last)}:
        yield from (f"{month}|{country}|{item}" for item in (*told, *prepared.parties))
        yield from (f"{month}|{place}" for place in prepared.places)


def _follow_ups(prepared: Prepared) -> Iterator[str]:
    """A word of the commitment with the day of the conference, or with the telling words of its name."""
    told = _longest(prepared.words, 4)
    if prepared.days is not None:
        day = dt.date.fromordinal(prepared.days.first).isoformat()
        yield from (f"{day}|{word}" for word in told)
    conference = "+".join(sorted(_longest(content_words(prepared.programme) - words().event_kinds, 2)))
    yield from (f"{conference}|{word}" for word in told)


def _longest(found: Iterable[str], number: int) -> list[str]:
    """The longest words: long ones are rarer, and the choice depends on nothing but the text."""
    return sorted(found, key=lambda word: (-len(word), word))[:number]


_OWN_KEYS = {
    Table.FUNDING: _funding,
    Table.FACILITIES: _facilities,
    Table.WORKSHOPS: _workshops,
    Table.FOLLOW_UPS: _follow_ups,
}
