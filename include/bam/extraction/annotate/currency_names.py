"""The names of the world's currencies from Babel (CLDR): which nouns they have, in which countries, now and in the past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from babel import Locale
from babel.numbers import get_territory_currencies

from bam.extraction.annotate.tokens import fold

_HISTORY_BEGINS = dt.date(1990, 1, 1)
_WITHOUT_END = dt.date(2100, 1, 1)
"""A day on which only currencies without a last day are in use, so that the clock plays no part."""
_ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Shared:
    """A noun or sign of several currencies. `default` is meant where nothing tells the country, None where it is no money then;
    `now` and `past` map countries to their currency of that name. With `keeps_default` a document that names the default's own
    country means the default ("British aid of 5 million pounds for Egypt").
    """

    default: str | None
    now: dict[str, str]
    past: dict[str, str] = field(default_factory=dict)
    keeps_default: bool = False


@lru_cache(maxsize=512)
def national_nouns(country: str, *, in_past: bool = False) -> dict[str, str]:
    """The last word of the names of a country's currencies, folded, with their codes: CA gives dollar, CAD.

    In use, or with `in_past` those given up since 1990.
    """
    names = Locale(_ENGLISH).currencies
    codes = _in_use(country)
    if in_past:
        since = get_territory_currencies(country, start_date=_HISTORY_BEGINS, end_date=_WITHOUT_END)
        codes = [code for code in reversed(since) if code not in codes]
    result: dict[str, str] = {}
    for code in codes:
        if code in names:
            result.setdefault(_noun(names[code]), code)
    return result


@lru_cache(maxsize=1)
def countries_by_noun() -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """Nouns with the countries and codes that they stand for: in use, and in the past."""
    found: tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]] = ({}, {})
    for country in territories():
        for nouns, in_past in zip(found, (False, True), strict=True):
            for noun, code in national_nouns(country, in_past=in_past).items():
                nouns.setdefault(noun, {})[country] = code
    return found


def territories() -> list[str]:
    """ISO 3166-1 alpha-2 codes of the countries and territories that CLDR names."""
    return [code for code in Locale(_ENGLISH).territories if isinstance(code, str) and len(code) == 2 and code.isalpha()]


@lru_cache(maxsize=1)
def countries_by_code() -> dict[str, tuple[str, ...]]:
    """The countries that use a currency, by its code."""
    found: dict[str, list[str]] = {}
    for country in territories():
        for code in _in_use(country):
            found.setdefault(code, []).append(country)
    return {code: tuple(countries) for code, countries in found.items()}


def full_names() -> Iterator[tuple[str, str]]:
    """Names of several words with their codes, singular and plural: "Kenyan shillings", KES. Those in use come first."""
    locale = Locale(_ENGLISH)
    plurals = locale._data["currency_names_plural"]
    in_use = countries_by_code()
    for code in sorted(locale.currencies, key=lambda code: (code not in in_use, "(" in locale.currencies[code], code)):
        for name in dict.fromkeys((locale.currencies[code], *dict(plurals.get(code, {})).values())):
            plain = _without_years(name)
            if " " in plain:
                yield plain, code


def plural_of(code: str) -> str:
    """The last word of the plural of a currency's name: "maloti" is not known to CLDR, "lei" and "kroner" are."""
    forms = dict(Locale(_ENGLISH)._data["currency_names_plural"].get(code, {}))
    return _noun(forms["other"]) if "other" in forms else ""


def _in_use(country: str) -> list[str]:
    codes: list[str] = get_territory_currencies(country, start_date=_WITHOUT_END)
    return codes


def _without_years(name: str) -> str:
    return name.split(" (")[0]


def _noun(name: str) -> str:
    return fold(_without_years(name).split()[-1])
