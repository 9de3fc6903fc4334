"""Things: the mentions of a document joined into one group for each facility that they can mean."""

from __future__ import annotations

from dataclasses import dataclass, field

from bam.extraction.context import Context
from bam.extraction.tables.facilities.mentions import Mention, mentions_of
from bam.extraction.tables.facilities.words import FacilitySigns

_WINDOW = 60
"""Things back from a mention that it can mean."""


@dataclass(slots=True)
class Thing:
    """One facility as the document speaks of it. `mentions` are in order of place."""

    mentions: list[Mention]
    names: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    nouns: set[str] = field(default_factory=set)

    @property
    def main(self) -> Mention:
        """The mention with the fullest name: a proper name before a place before a bare noun, the longest among equals."""
        return max(self.mentions, key=_fullness)

    def add(self, mention: Mention) -> None:
        """Another mention of the same thing."""
        self.mentions.append(mention)
        self.names |= mention.name_words
        self.places |= mention.place_words
        if mention.via == "head":
            self.nouns.add(_last_noun(mention))


def _fullness(mention: Mention) -> tuple[bool, bool, bool, int, int]:
    head = mention.head
    is_own = mention.via == "head"
    return is_own, is_own and head.proper is not None, head.place is not None, min(len(mention.name), 120), -mention.start


def things_of(context: Context, words: FacilitySigns) -> list[Thing]:
    """The things of a document in order of first mention."""
    things: list[Thing] = []
    home: dict[int, Thing] = {}
    for mention in mentions_of(context, words):
        thing = _same(context, mention, things[-_WINDOW:], home)
        if thing is None:
            thing = Thing([])
            things.append(thing)
        thing.add(mention)
        if mention.via == "head":
            home[mention.head.index] = thing
    return things


def _same(context: Context, mention: Mention, things: list[Thing], home: dict[int, Thing]) -> Thing | None:
    if mention.via == "head" and not mention.is_named:
        return _returned(context, mention, things, home)
    for thing in reversed(things):
        if _fits(mention, thing):
            return thing
    if mention.via == "head" and mention.head.proper is None and mention.head.determiner in ("definite", "possessive"):
        return _returned(context, mention, things, home)
    return None


def _fits(mention: Mention, thing: Thing) -> bool:
    """Whether a named mention and a thing can be the same: one name holds the other, or noun and place agree."""
    words, places = mention.name_words, mention.place_words
    if mention.via != "head":
        return bool(places) and (places == thing.places or (bool(thing.names) and places <= thing.names))
    if mention.head.is_plural:
        return False
    if words and thing.names:
        smaller, larger = sorted((words, thing.names), key=len)
        if smaller <= larger and len(smaller) >= 2 - (_last_noun(mention) in thing.nouns and bool(smaller - _common(mention))):
            return not (places and thing.places and places.isdisjoint(thing.places | thing.names))
    if places and thing.places and places == thing.places:
        same_noun = not thing.nouns or _last_noun(mention) in thing.nouns
        return same_noun and not (words and thing.names and words.isdisjoint(thing.names))
    return bool(places) and places <= thing.names and (not thing.nouns or _last_noun(mention) in thing.nouns)


def _returned(context: Context, mention: Mention, things: list[Thing], home: dict[int, Thing]) -> Thing | None:
    """The thing that "the centre" comes back to, or the thing of a heading that the text then introduces anew."""
    head = mention.head
    earlier = context.antecedent(head)
    if earlier is not None:
        return home.get(earlier.index)
    if head.is_plural:
        return None
    annotated = context.annotated
    modifiers = set(head.modifiers)
    for thing in reversed(things):
        first = thing.mentions[0]
        if first.via != "head" or first.head.is_plural or _last_noun(mention) not in thing.nouns:
            continue
        is_heading = annotated.sentence_at(first.start).kind in ("title", "heading")
        if is_heading or (head.determiner == "definite" and modifiers <= set(first.head.modifiers)):
            return thing
    return None


def _last_noun(mention: Mention) -> str:
    return mention.head.lemma.rsplit(" ", 1)[-1]


def _common(mention: Mention) -> set[str]:
    return set(mention.head.lemma.split())
