"""Mentions of what can be a facility: noun phrases, the names of a list, sites that only a place names, table cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from bam.extraction.annotate.annotated import Annotated
from bam.extraction.annotate.model import Head, Sentence
from bam.extraction.annotate.tokens import HYPHENS, words_of
from bam.extraction.context import Context
from bam.extraction.tables.facilities.words import FacilitySigns
from bam.model.claims import FacilityType

_REACH = 6
"""Sentences: so far behind a facility a bare place can still be the site of another one."""
_MAX_TOKENS = 7
_LEAST_LETTERS = 4
CROSSINGS = frozenset({FacilityType.BORDER_CROSSING, FacilityType.BORDER_POST, FacilityType.CHECKPOINT})
_ACRONYM = re.compile(r"\s?\([A-Z][A-Za-z0-9&-]{1,11}\)")

Via = Literal["head", "listed", "place"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch that can name a facility. `head` is its noun phrase; for a name of a list or a bare place it is the phrase
    that tells what stands there. `place` is the town named by the mention itself, `name` what the tables would show;
    `name_words` and `place_words` are the telling words of both, for comparison.
    """

    start: int
    end: int
    via: Via
    name: str
    head: Head
    place: str | None
    name_words: frozenset[str]
    place_words: frozenset[str]

    @property
    def is_named(self) -> bool:
        """Whether the mention tells by itself which facility is meant."""
        return self.via != "head" or self.head.proper is not None or self.head.place is not None


def mentions_of(context: Context, words: FacilitySigns) -> list[Mention]:
    """All mentions of the document in order, without overlap of bare places with the others."""
    annotated = context.annotated
    heads = annotated.heads_of("facility")
    found = [_of_head(annotated, head, words) for head in heads]
    taken = [(head.start, head.end) for head in heads if not head.listed]
    for head in heads:
        if head.listed:
            taken.append((head.start, head.noun_end))
        for start, end in head.listed:
            name = annotated.text[start:end]
            found.append(_site("listed", (start, end), name, head, annotated, words))
            taken.append((start, end))
    found += _sites(context, heads, taken, words)
    return sorted(found, key=lambda mention: (mention.start, mention.end))


def _of_head(annotated: Annotated, head: Head, words: FacilitySigns) -> Mention:
    end = head.end
    acronym = _ACRONYM.match(annotated.text, end)
    if acronym is not None and head.proper is not None:
        end = acronym.end()
    name_words, place_words = _telling(head.proper, words), _telling(head.place, words)
    return Mention(head.start, end, "head", annotated.text[head.start : end], head, head.place, name_words, place_words)


def _site(via: Via, span: tuple[int, int], name: str, head: Head, annotated: Annotated, words: FacilitySigns) -> Mention:
    shown = _site_name(name, head, annotated, words)
    return Mention(*span, via, shown, head, name, frozenset(), _telling(name, words))


def _telling(name: str | None, words: FacilitySigns) -> frozenset[str]:
    return frozenset(word for word in words_of(name or "") if word not in words.empty_words and word[0].isalnum())


def _sites(context: Context, heads: tuple[Head, ...], taken: list[tuple[int, int]], words: FacilitySigns) -> Iterator[Mention]:
    """Places and other names outside of facility phrases, each with the facility phrase that can tell what is there."""
    annotated = context.annotated
    if not heads:
        return
    tokens = annotated.tokens
    others: list[tuple[int, int]] = []
    for items in (annotated.parties, annotated.programmes, annotated.dates, annotated.regions):
        others += [(item.start, item.end) for item in items]
    places = {place.start: place for place in annotated.places}
    blocked = _tokens_of(annotated, [*taken, *(span for span in others if span[0] not in places)])
    lower = {norm for norm, text in zip(tokens.norms, tokens.texts, strict=True) if text[0].islower()}
    headings = {row.sentence for row in annotated.rows if row.is_header}
    behind = 0
    for sentence in annotated.sentences:
        if sentence.index in headings:
            continue
        for first in range(sentence.first, sentence.last):
            if first < behind or first in blocked or not tokens.texts[first][0].isupper():
                continue
            place = places.get(tokens.starts[first])
            if place is None and not _is_name(annotated, first, sentence, lower, words):
                continue
            last = tokens.span(place.start, place.end)[1] if place is not None else first + 1
            behind = last = _name_end(annotated, last, sentence, blocked)
            source = _source(annotated, sentence, tokens.starts[first], words)
            if source is None or last - first > _MAX_TOKENS or _is_place_of(annotated, source, first, last, words):
                continue
            start, end = tokens.starts[first], tokens.ends[last - 1]
            written = place.name if place is not None and place.end == end else annotated.text[start:end]
            yield _site("place", (start, end), written, source, annotated, words)


def _is_place_of(annotated: Annotated, head: Head, first: int, last: int, words: FacilitySigns) -> bool:
    """Whether the name is no more than where a single thing of its sentence is ("In Karakol an office was opened")."""
    if head.is_plural or head.place is not None or head.proper is not None:
        return False
    tokens = annotated.tokens
    sentence = annotated.sentence_at(tokens.starts[first])
    if annotated.sentence_at(head.start).index != sentence.index:
        return False
    is_apposition = 0 <= tokens.starts[first] - head.end <= 2
    is_ellipsis = not words.ellipses.isdisjoint(tokens.norms[max(sentence.first, first - 4) : first])
    return not is_apposition and not is_ellipsis


def _tokens_of(annotated: Annotated, spans: Iterable[tuple[int, int]]) -> set[int]:
    return {index for start, end in spans for index in range(*annotated.tokens.span(start, end))}


def _is_name(annotated: Annotated, index: int, sentence: Sentence, lower: set[str], words: FacilitySigns) -> bool:
    """Whether a capitalised word that no list knows can name a site: behind a place preposition or in a list, or opening the
    sentence where the text never writes it small.
    """
    tokens, flags = annotated.tokens, annotated.flags
    norm, text = tokens.norms[index], tokens.texts[index]
    if len(norm) < _LEAST_LETTERS or norm in lower or flags[index] or not norm.isalpha():
        return False
    if sentence.kind == "title" or text.isupper():
        return False
    if index == sentence.first:
        return index + 1 < sentence.last and tokens.texts[index + 1] in ",:-–"
    return tokens.norms[index - 1] in words.before_site and not (index + 1 < sentence.last and tokens.norms[index + 1] == "'s")


def _name_end(annotated: Annotated, last: int, sentence: Sentence, blocked: set[int]) -> int:
    """The end of a name, with further capitalised words and the other half of a pair of towns ("Mingtepa - Aravan")."""
    tokens = annotated.tokens
    while last < sentence.last and last not in blocked:
        is_pair = tokens.norms[last] in HYPHENS and last + 1 < sentence.last and tokens.texts[last + 1][0].isupper()
        if is_pair and last + 1 not in blocked:
            last += 2
        elif tokens.texts[last][0].isupper() and not annotated.flags[last]:
            last += 1
        else:
            break
    return last


def _source(annotated: Annotated, sentence: Sentence, offset: int, words: FacilitySigns) -> Head | None:
    """The facility phrase that tells what stands at a name: a plural of its sentence, the last one before, the next one of the
    sentence.
    """
    here = [h for h in annotated.within(annotated.heads, sentence) if h.kind == "facility" and h.lemma not in words.siteless]
    plural = [head for head in here if head.is_plural]
    if plural:
        return min(plural, key=lambda head: abs(head.start - offset))
    for head in reversed(annotated.before(annotated.heads, offset, 12)):
        if head.kind == "facility" and head.lemma not in words.siteless:
            if sentence.index - annotated.sentence_at(head.start).index <= _REACH:
                return head
            break
    return here[0] if here else None


def _site_name(place: str, head: Head, annotated: Annotated, words: FacilitySigns) -> str:
    """A crossing or post bears the name of its place; of other things the noun belongs to the name."""
    if FacilityType(head.type) in CROSSINGS or head.lemma in words.bare:
        return place
    return f"{annotated.text[head.start : head.noun_end]} ({place})"
