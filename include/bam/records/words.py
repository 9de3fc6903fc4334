"""Words of the languages that record building needs: data in `words.yml`, one section per language, used together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from bam.model.yaml_loading import load_yaml


@dataclass(frozen=True, slots=True)
class Words:
    """Folded words.

    `stop` carry no meaning, `weak` are so frequent in the field that sharing them says little. `place_kinds` (and
    `place_kinds_by_sound`, for transliterated ones) are parts of place names that tell nothing apart, `areas` those kinds that
    are no points on a map. `facility_kinds` maps a facility's head noun to its type, `event_kinds` and `money_kinds` are nouns
    of what can be held and paid, `ordinals` maps written ordinals to numbers.
    """

    stop: frozenset[str]
    weak: frozenset[str]
    place_kinds: frozenset[str]
    place_kinds_by_sound: frozenset[str]
    areas: frozenset[str]
    facility_kinds: dict[str, str]
    event_kinds: frozenset[str]
    money_kinds: frozenset[str]
    ordinals: dict[str, int]


@lru_cache(maxsize=1)
def words() -> Words:
    """The words of all languages."""
    text = resources.files("bam.records").joinpath("words.yml").read_text(encoding="utf-8")
    languages: dict[str, dict[str, Any]] = load_yaml(text)
    sections = list(languages.values())
    kinds = [item for section in sections for item in section["facility_kinds"].items()]
    return Words(
        stop=frozenset(word for section in sections for word in section["stop"]),
        weak=frozenset(word for section in sections for word in section["weak"]),
        place_kinds=frozenset(word for section in sections for word in section["place_kinds"]),
        place_kinds_by_sound=frozenset(word for section in sections for word in section["place_kinds_by_sound"]),
        areas=frozenset(word for section in sections for word in section["areas"]),
        facility_kinds={noun: kind for kind, nouns in kinds for noun in nouns},
        event_kinds=frozenset(word for section in sections for word in section["event_kinds"]),
        money_kinds=frozenset(word for section in sections for word in section["money_kinds"]),
        ordinals={word: number for section in sections for word, number in section["ordinals"].items()},
    )
