"""Things: the mentions of a document joined into one group for each facility that they can mean."""

from __future__ import annotations

from dataclasses import dataclass, field

from bam.extraction.context import Context
from bam.extraction.tables.facilities.mention import Mention
from bam.extraction.tables.facilities.mentions import mentions_of
from bam.extraction.tables.facilities.words import FacilitySigns

_WINDOW = 60
"""Things back from a mention that it can mean."""
_GENERIC_REACH = 2
"""Sentences: so far behind a thing "the facility" can mean it."""
_APART = 40
"""Characters: nearer than that a noun that can mean anything is no return but something else."""


@dataclass(slots=True)
class Thing:
    """One facility as the document speaks of it. `mentions` are in order of place; `main` is the one with the fullest name: a
    proper name before a place before a bare noun, the longest among equals.
    """

    main: Mention
    mentions: list[Mention] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    nouns: set[str] = field(default_factory=set)
    modifiers: set[str] = field(default_factory=set)

    def add(self, mention: Mention) -> None:
        """Another mention of the same thing."""
        self.mentions.append(mention)
        if mention is not self.main and _fullness(mention) > _fullness(self.main):
            self.main = mention
        self.names |= mention.name_words
        self.places |= mention.place_words
        if mention.via == "head":
            self.nouns.add(_last_noun(mention))
            if mention.acronym:
                self.nouns.add(mention.acronym)
            self.modifiers.update(mention.head.modifiers, mention.head.lemma.split())


def _fullness(mention: Mention) -> tuple[bool, bool, bool, int, int]:
    head = mention.head
    is_own = mention.via == "head"
    return is_own, is_own and head.proper is not None, head.place is not None, min(len(mention.name), 120), -mention.start


def things_of(context: Context, words: FacilitySigns) -> list[Thing]:
    """The things of a document in order of first mention."""
    things: list[Thing] = []
    for mention in mentions_of(context, words):
        thing = _same(context, mention, things[-_WINDOW:], words)
        if thing is None:
            thing = Thing(mention)
            things.append(thing)
        thing.add(mention)
    return things


def _same(context: Context, mention: Mention, things: list[Thing], words: FacilitySigns) -> Thing | None:
    if mention.via == "head" and not mention.is_named:
        return _returned(context, mention, things, words)
    for thing in reversed(things):
        if _fits(mention, thing):
            return thing
    announced = _announced(context, mention, things)
    if announced is not None:
        return announced
    if mention.via == "head" and mention.head.proper is None and mention.head.determiner in ("definite", "possessive"):
        back = _returned(context, mention, things, words)
        if back is not None and _last_noun(mention) in back.nouns and not back.names and not back.places:
            return back
    return None


def _announced(context: Context, mention: Mention, things: list[Thing]) -> Thing | None:
    """The thing of a title that names no more than the noun of the first named phrase below it ("Uganda takes over its post")."""
    if mention.via != "head" or mention.head.is_plural:
        return None
    for thing in things:
        first = thing.main
        is_title = context.annotated.sentence_at(first.start).kind in ("title", "heading")
        is_open = first.via == "head" and is_title and not first.is_named and not first.head.is_plural
        if is_open and _last_noun(mention) in thing.nouns and all(not other.is_named for other in thing.mentions):
            return thing
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


def _returned(context: Context, mention: Mention, things: list[Thing], words: FacilitySigns) -> Thing | None:
    """The thing that "the centre" comes back to, or the thing of a heading that the text then introduces anew.

    It has the same noun and no other modifiers but those that tell how far it has come; a noun that can mean anything ("the
    facility") comes back to the last thing.
    """
    head = mention.head
    if head.is_plural:
        return None
    annotated = context.annotated
    modifiers, noun = set(head.modifiers) - words.passing, _last_noun(mention)
    is_back = head.determiner in ("definite", "possessive")
    is_another = not words.others.isdisjoint((*head.modifiers, context.annotated.tokens.norms[_first(context, mention)]))
    sentence = annotated.sentence_at(mention.start).index
    for thing in reversed(things):
        first = thing.mentions[0]
        if first.head.is_plural or all(other.via != "head" for other in thing.mentions):
            continue
        is_same = noun in thing.nouns and not is_another
        if is_same and annotated.sentence_at(first.start).kind in ("title", "heading"):
            return thing
        if not is_back:
            continue
        if is_same and modifiers <= thing.modifiers:
            return thing
        is_near = sentence - annotated.sentence_at(thing.mentions[-1].start).index <= _GENERIC_REACH
        if head.lemma in words.generic and is_near and not modifiers and mention.start > thing.mentions[-1].end + _APART:
            return thing
    return None


def _first(context: Context, mention: Mention) -> int:
    """The token right before the phrase, an article that tells whether another thing is meant."""
    return max(0, context.annotated.tokens.index_at(mention.start) - 1)


def _last_noun(mention: Mention) -> str:
    return mention.head.lemma.rsplit(" ", 1)[-1]


def _common(mention: Mention) -> set[str]:
    return set(mention.head.lemma.split())
