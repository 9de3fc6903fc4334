"""Who receives a sum: the countries and organisations around it, alone and in the sets that the text forms, as candidates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bam.extraction.annotate.model import Money, Party, PartyUse, Region, Sentence
from bam.extraction.context import Context, distance
from bam.extraction.party_lists import code_lists
from bam.extraction.roles import Candidate, Numbers, Places, party_features
from bam.extraction.tables.funding.parties import between_features

_EARLIER_SENTENCES = 2
_MOST_OF_TOPIC = 4
_OPENING_SENTENCES = 4
_TITLE_WEIGHT, _OPENING_WEIGHT = 4.0, 2.0

_HERE = frozenset(("sentence", "sentence_list", "sentence_all"))
"""The ways in which the sentence of the sum itself names receivers."""

Codes = tuple[str, ...]
Named = tuple[Codes, Party | Region | None, str]
"""Codes in order, the mention that names them where one does, and how they come in."""


class Receivers(NamedTuple):
    """A set of codes that can be the receivers of a sum. `ways` tells all the ways in which it comes in, `via` and `mention` the
    nearest of them.
    """

    codes: tuple[str, ...]
    mention: Party | Region | None
    via: str
    ways: frozenset[str]


@dataclass(frozen=True, slots=True)
class Countries:
    """What a document as a whole says of countries: the share of each in all its mentions and the largest share, those of its
    title, and the lists of them by sentence.
    """

    shares: dict[str, float]
    title: tuple[str, ...]
    lists: dict[int, list[tuple[str, ...]]]
    most: float


def countries_of(context: Context) -> Countries:
    """Counted once for a document."""
    annotated = context.annotated
    counted: Counter[str] = Counter()
    for item, country in _countries_named(context):
        sentence = annotated.sentence_at(item)
        weight = _TITLE_WEIGHT if sentence.kind == "title" else _OPENING_WEIGHT if sentence.index < _OPENING_SENTENCES else 1.0
        counted[country] += weight  # type: ignore[assignment]
    total = sum(counted.values()) or 1
    lists: dict[int, list[tuple[str, ...]]] = {}
    for listed in code_lists(context):
        lists.setdefault(listed.sentence, []).append(listed.codes)
    titles = [sentence for sentence in annotated.sentences[:_OPENING_SENTENCES] if sentence.kind == "title"]
    title = tuple(dict.fromkeys(code for sentence in titles for code in context.countries_in(sentence)))
    shares = {code: number / total for code, number in counted.items()}
    return Countries(shares, title, lists, max(shares.values(), default=0.0))


def _countries_named(context: Context) -> Iterator[tuple[int, str]]:
    annotated = context.annotated
    for party in annotated.parties:
        if party.country and party.use is not PartyUse.CAPITAL:
            yield party.start, party.country
        if party.host:
            yield party.start, party.host
    for place in annotated.places:
        if place.country:
            yield place.start, place.country


def candidates_of(context: Context, money: Money, countries: Countries) -> list[Receivers]:
    """The sets of codes around a sum, each once, the nearest way first."""
    found: dict[frozenset[str], Receivers] = {}
    for codes, mention, via in _named(context, money, countries):
        key = frozenset(codes)
        known = found.get(key)
        if known is None:
            found[key] = Receivers(tuple(dict.fromkeys(codes)), mention, via, frozenset((via,)))
        elif via not in known.ways:
            found[key] = Receivers(known.codes, known.mention or mention, known.via, known.ways | {via})
    return list(found.values())


def _named(context: Context, money: Money, countries: Countries) -> Iterator[Named]:
    annotated = context.annotated
    sentence = annotated.sentence_at(money.start)
    yield from _in_sentence(context, sentence, money, countries, "sentence")
    for step in range(1, _EARLIER_SENTENCES + 1):
        if sentence.index >= step:
            yield from _in_sentence(context, annotated.sentences[sentence.index - step], money, countries, f"earlier{step}")
    for above in (sentence.lead, sentence.section):
        if above is not None:
            yield from _in_sentence(context, annotated.sentences[above], money, countries, "section")
    for codes, via in _of_document(context, money, countries):
        if codes:
            yield codes, None, via


def _in_sentence(context: Context, sentence: Sentence, money: Money, countries: Countries, via: str) -> Iterator[Named]:
    annotated = context.annotated
    parties = [p for p in annotated.within(annotated.parties, sentence) if not money.start <= p.start < money.end]
    for party in sorted(parties, key=lambda party: distance(party, money)):
        yield (party.code,), party, via
    for region in annotated.within(annotated.regions, sentence):
        yield region.countries, region, via
    for codes in countries.lists.get(sentence.index, ()):
        yield codes, next((party for party in parties if party.code in codes), None), f"{via}_list"
    hosts = [party.host for party in parties if party.host]
    places = [place.country for place in annotated.within(annotated.places, sentence) if place.country]
    for code in dict.fromkeys([*hosts, *places]):
        yield (code,), None, f"{via}_place"
    named = tuple(dict.fromkeys(p.code for p in parties if p.country == p.code and p.use is not PartyUse.ORGAN))
    if len(named) > 1:
        yield named, None, f"{via}_all"


def _of_document(context: Context, money: Money, countries: Countries) -> Iterator[tuple[Codes, str]]:
    topic = context.topic
    yield context.group_at(context.annotated.sentence_at(money.start)), "group"
    programme = context.programme_at(money)
    for mention, via in ((programme, "programme"), (topic.programme, "topic_programme")):
        if mention is not None:
            yield mention.countries, via
    yield countries.title, "title"
    yield topic.region, "region"
    for index in range(_OPENING_SENTENCES):
        for codes in countries.lists.get(index, ()):
            yield codes, "opening_list"
    for code in topic.recipients[:_MOST_OF_TOPIC]:
        yield (code,), "topic"
    for size in (2, 3):
        if len(topic.recipients) >= size:
            yield topic.recipients[:size], f"topic{size}"


def features_of_all(
    context: Context, money: Money, countries: Countries, places: Places | None = None
) -> list[tuple[Receivers, Numbers]]:
    """The sets of codes around a sum, with their features."""
    candidates = candidates_of(context, money, countries)
    here = [frozenset(candidate.codes) for candidate in candidates if candidate.ways & _HERE and _are_countries(candidate.codes)]
    return [(candidate, _features_of(context, money, countries, candidate, here, places)) for candidate in candidates]


def _features_of(
    context: Context,
    money: Money,
    countries: Countries,
    candidate: Receivers,
    here: Sequence[frozenset[str]],
    places: Places | None,
) -> Numbers:
    """How a set stands to a sum: the place of its mention, what of the document is about it, and its rivals `here`."""
    codes = frozenset(candidate.codes)
    size = "one" if len(codes) == 1 else "two" if len(codes) == 2 else "many"
    features = party_features(context, money, Candidate(candidate.codes, candidate.mention, candidate.via), places)
    features |= {f"size={size}": True, f"size={size}&via={candidate.via}": True}
    for way in candidate.ways:
        features |= {f"way={way}": True, f"way={way}&size={size}": True}
    title = set(countries.title)
    shares = [countries.shares.get(code, 0.0) for code in candidate.codes]
    features |= {
        "share": sum(shares),
        "least_share": min(shares),
        "most_share": max(shares),
        "is_most_named": max(shares) > 0 and max(shares) == countries.most,
        "ways": float(min(5, len(candidate.ways))),
        "in_title": codes <= title,
        "is_title": codes == title,
        "title_other": bool(title) and codes.isdisjoint(title),
        "all_countries": _are_countries(codes),
        "own_currency": money.currency[:2] in codes,
        "foreign_currency": money.currency[:2] not in codes and money.currency not in ("USD", "EUR"),
    }
    donors = context.topic.donors[:2]
    features["share_of_donors"] = sum(code in donors for code in codes) / len(codes)
    features |= _rivals(candidate, codes, size, here)
    if candidate.mention is not None:
        features |= between_features(context, money, candidate.mention)
    return features


def _are_countries(codes: Iterable[str]) -> bool:
    return {len(code) for code in codes} == {2}


def _rivals(candidate: Receivers, codes: frozenset[str], size: str, here: Sequence[frozenset[str]]) -> Numbers:
    outside = sum(not other & codes for other in here)
    return {
        "larger_near": any(codes < other for other in here),
        "smaller_near": any(other < codes for other in here),
        f"outside={min(2, outside)}&here={bool(candidate.ways & _HERE)}": True,
        f"here={bool(here)}&via={candidate.via}": True,
        f"here={bool(here)}&size={size}": True,
    }
