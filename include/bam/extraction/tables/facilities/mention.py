"""What a mention of a facility is, and what all readers of mentions share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bam.extraction.annotate.annotated import Annotated
from bam.extraction.annotate.model import Head, Sentence
from bam.extraction.annotate.tokens import HYPHENS, words_of
from bam.extraction.tables.facilities.words import FacilitySigns
from bam.model.claims import FacilityType

MAX_NAME_TOKENS = 7
CROSSINGS = frozenset({FacilityType.BORDER_CROSSING, FacilityType.BORDER_POST, FacilityType.CHECKPOINT})
Via = Literal["head", "listed", "place"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch that can name a facility. `head` is its noun phrase; for a name of a list or a bare place it is the phrase
    that tells what stands there. `outer` is where the phrase begins that it stands in ("the new building of the academy").
    `place` is the town named by the mention itself, `name` what the tables would show; `name_words` and `place_words` are the
    telling words of both, for comparison. `is_part` marks a phrase inside that of another thing ("a store for the academy"),
    `acronym` is what the text calls it in brackets, in small letters.
    """

    start: int
    end: int
    via: Via
    name: str
    head: Head
    place: str | None
    name_words: frozenset[str]
    place_words: frozenset[str]
    outer: int
    is_part: bool = False
    acronym: str = ""

    @property
    def is_named(self) -> bool:
        """Whether the mention tells by itself which facility is meant."""
        return bool(self.name_words or self.place_words)


class Reader:
    """What readers of mentions know of one document. `taken` are the tokens that can't begin a bare site any more."""

    def __init__(self, annotated: Annotated, words: FacilitySigns, taken: set[int]) -> None:
        self._annotated, self._words, self._taken = annotated, words, taken
        self._tokens, self._norms, self._texts = annotated.tokens, annotated.tokens.norms, annotated.tokens.texts
        self._places = {place.start: place for place in annotated.places}

    def _is_verb(self, index: int) -> bool:
        verbs = self._annotated.verbs
        start = self._tokens.starts[index]
        before = self._annotated.before(verbs, start + 1, 1)
        return bool(before) and before[-1].first <= index < before[-1].last

    def _name_end(self, last: int, sentence: Sentence) -> int:
        """The end of a name, with further capitalised words and the other half of a pair of towns ("Mingtepa - Aravan")."""
        texts = self._texts
        while last < sentence.last and last not in self._taken:
            is_pair = self._norms[last] in HYPHENS and last + 1 < sentence.last and texts[last + 1][0].isupper()
            if is_pair and last + 1 not in self._taken:
                last += 2
            elif texts[last][0].isupper() and not self._annotated.flags[last]:
                last += 1
            else:
                break
        return last


def telling(name: str | None, words: FacilitySigns) -> frozenset[str]:
    """The words of a name that tell which thing it means."""
    return frozenset(word for word in words_of(name or "") if word not in words.empty_words and word[0].isalnum())
