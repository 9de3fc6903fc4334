"""One naming of a meeting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Relation = Literal["present", "previous", "next"]


@dataclass(frozen=True, slots=True)
class Mention:
    """One naming of a meeting: `start`..`end` is the full phrase. `name_words` are its capitalised words, `ordinal` its number
    in the series, `year` the year inside its name, `place_word` the place inside it ("the Bishkek meeting"). `own_date` is a
    date right beside it, `owner` the body whose meeting it is ("the Committee, in its meeting").
    """

    start: int
    end: int
    sentence: int
    name_words: frozenset[str]
    is_weak: bool
    is_definite: bool
    is_paper: bool = False
    is_metonym: bool = False
    relation: Relation | None = None
    ordinal: int | None = None
    year: str | None = None
    place_word: str | None = None
    lemma: str = ""
    own_date: str | None = None
    owner: str | None = None
    is_possessed: bool = False
    is_closed: bool = False
