"""Border crossings of the world, as customs and border services name them: `data/crossings.tsv`.

One line is one gate: its name, the country in which it stands, the neighbour behind it, where it is (to about 10 km; empty where
we aren't sure) and other spellings, separated by semicolons. Two gates of one road have a line each where their names differ.
A portfolio's own `places.yml` goes before it. Put together from general knowledge; closed crossings are in it, since reports
name them, too.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from bam.portfolio.entities import Place

CROSSINGS_FILE = Path(__file__).resolve().parent / "data" / "crossings.tsv"


@lru_cache(maxsize=1)
def crossings() -> tuple[Place, ...]:
    """All of them, by country and name."""
    with CROSSINGS_FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_place(row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def with_crossings(places: Iterable[Place]) -> tuple[Place, ...]:
    """A portfolio's places, then the crossings whose name none of them has."""
    own = tuple(places)
    known = {name for place in own for name in (place.name, *place.aliases)}
    return (*own, *(crossing for crossing in crossings() if crossing.name not in known))


def _place(row: dict[str, str]) -> Place:
    return Place(
        name=row["name"],
        country=row["country"],
        kind="crossing",
        neighbour=row["neighbour"] or None,
        latitude=float(row["latitude"]) if row["latitude"] else None,
        longitude=float(row["longitude"]) if row["longitude"] else None,
        aliases=tuple(row["aliases"].split("; ")) if row["aliases"] else (),
    )
