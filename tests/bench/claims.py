"""Claims for measuring record building: seeded things of the real world, each reported by one to four documents in variants."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from bam.model.claims import Claim, Evidence, Table, Witness, values_from_dict
from bam.model.identity import content_id

CLAIMS_PER_DOCUMENT = 3

_SYLLABLES = ("ka", "ra", "sho", "dar", "kul", "bat", "mur", "ish", "zor", "pan", "tem", "gul", "nau", "bek", "tash", "vak")
_COUNTRIES = ("AF", "AM", "AZ", "GE", "IR", "KG", "KZ", "MN", "PK", "TJ", "TM", "UZ")
_DONORS = (
    *("US", "EU", "JP", "DE", "KR", "CH", "IN", "NO", "GB", "FR", "IT", "FI", "SE", "RU", "CN", "TR"),
    *("ADB", "WB", "UNDP", "IOM"),
)
_TYPES = ("training_centre", "border_crossing", "border_post", "bridge", "base", "laboratory", "office", "checkpoint")


def _vocabulary(size: int) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Words of a made-up language with the frequencies of a real one (Zipf): few are everywhere, most are rare."""
    own = random.Random("vocabulary")
    found = sorted({"".join(own.choice(_SYLLABLES) for _ in range(own.choice((2, 3, 4)))) for _ in range(size)})
    own.shuffle(found)
    return tuple(found), tuple(1 / (rank + 3) for rank in range(len(found)))


_WORDS, _WEIGHTS = _vocabulary(900)


def claims(documents: int, seed: int = 1, first: int = 0) -> Iterator[Claim]:
    """`CLAIMS_PER_DOCUMENT` claims of each of so many documents, numbered from `first`. Two documents in three repeat things of
    documents shortly before them.
    """
    for number in range(first, first + documents):
        for place in range(CLAIMS_PER_DOCUMENT):
            yield _claim(number, place, seed)


def _claim(number: int, place: int, seed: int) -> Claim:
    chance = random.Random(f"{seed}/{number}/{place}")
    thing = number - chance.choice((0, 0, 1, 2))
    own = random.Random(f"{seed}/thing/{thing}/{place}")
    table = own.choices(list(Table), weights=(35, 20, 30, 15))[0]
    day = dt.date(2004, 1, 1) + dt.timedelta(days=own.randrange(8000))
    values = _VALUES[table](own, chance, day)
    quote = _quote(values, own, chance)
    published = (day + dt.timedelta(days=chance.randrange(60))).isoformat()
    document = f"doc-{seed}-{number}"
    return Claim(
        id=content_id("clm", seed, number, place),
        version_id=f"ver-{seed}-{number}",
        table=table,
        values=values_from_dict(table, values),
        evidence=(Evidence(place * 500, place * 500 + len(quote), quote),),
        confidence=round(chance.uniform(0.6, 0.99), 2),
        extractor="bench/1",
        published_on=published,
        recorded_at="2026-11-01T00:00:00.000000+00:00",
        witness=Witness(document, document, "files", "Bench", "official", "clear", None, f"https://example.org/{seed}/{number}"),
    )


def _quote(values: dict[str, Any], own: random.Random, chance: random.Random) -> str:
    """A sentence about the values; its turns of phrase are the document's."""
    told = chance.choice(
        (
            "The agreement was signed at a ceremony in the ministry",
            "According to the press service of the embassy",
            "The spokesman recalled",
            "In the framework of the programme",
            "Speaking to reporters after the handover",
        )
    )
    said = ("amount", "purpose", "name", "place", "topic", "participants", "commitment", "conference")
    parts = [str(values[name]) for name in said if values.get(name)]
    return f"{told}: {', '.join(parts)}."


def _place(own: random.Random) -> str:
    return "".join(own.choice(_SYLLABLES) for _ in range(own.choice((2, 3)))).capitalize()


def _words(own: random.Random, number: int) -> str:
    return " ".join(own.choices(_WORDS, _WEIGHTS, k=number))


def _funding(own: random.Random, chance: random.Random, day: dt.date) -> dict[str, Any]:
    digits = own.choice((1, 1, 2, 2, 3, 4))
    amount = round(own.uniform(1, 10), digits - 1) * 10 ** own.randrange(4, 8)
    place, purpose = _place(own), _words(own, 3)
    return {
        "amount": amount,
        "currency": own.choice(("USD", "USD", "EUR", "JPY")),
        "stage": own.choice(("planned", "pledged", "committed", "disbursed")),
        "donors": own.sample(_DONORS, own.choice((1, 1, 1, 2))),
        "recipients": own.sample(_COUNTRIES, own.choice((1, 1, 1, 3))),
        "purpose": f"{purpose} for {place}" if chance.random() < 0.7 else purpose,
        "date": day.isoformat() if chance.random() < 0.6 else f"{day:%Y-%m}",
    }


def _facility(own: random.Random, chance: random.Random, day: dt.date) -> dict[str, Any]:
    place, kind = _place(own), own.choice(_TYPES)
    name = f"{place} {kind.replace('_', ' ')}" if chance.random() < 0.6 else f"{_words(own, 1)} {kind.replace('_', ' ')}"
    return {
        "name": name,
        "type": kind,
        "country": own.choice(_COUNTRIES),
        "place": place,
        "status": own.choice(("planned", "under_construction", "operational")),
        "status_date": f"{day:%Y-%m}" if chance.random() < 0.5 else None,
        "funders": [own.choice(_DONORS)],
    }


def _workshop(own: random.Random, chance: random.Random, day: dt.date) -> dict[str, Any]:
    country = own.choice(_COUNTRIES)
    return {
        "topic": f"{_words(own, 2)} and {_words(own, 1)}",
        "start": day.isoformat() if chance.random() < 0.8 else f"{day:%Y-%m}",
        "country": country,
        "place": _place(own),
        "organisers": [own.choice(_DONORS)],
        "participants": own.randrange(8, 60) if chance.random() < 0.7 else None,
        "audience": [country],
        "status": "held",
    }


def _follow_up(own: random.Random, chance: random.Random, day: dt.date) -> dict[str, Any]:
    return {
        "conference": f"{_words(own, 2).capitalize()} Conference of {_place(own)}",
        "commitment": f"bring {_words(own, 3)} to {_place(own)} and share {_words(own, 2)}",
        "conference_date": day.isoformat(),
        "parties": [own.choice(_COUNTRIES)],
        "due": f"{day.year + 1}-12-31" if chance.random() < 0.5 else None,
        "status": "open",
    }


_VALUES = {Table.FUNDING: _funding, Table.FACILITIES: _facility, Table.WORKSHOPS: _workshop, Table.FOLLOW_UPS: _follow_up}
