"""What kind of facility a thing is: what its nouns say, and what speaks for other types."""

from __future__ import annotations

from collections import Counter, defaultdict

from bam.extraction.annotate.model import Head
from bam.extraction.annotate.tokens import words_of
from bam.extraction.context import Context
from bam.extraction.roles import Numbers
from bam.extraction.tables.facilities.mention import CROSSINGS
from bam.extraction.tables.facilities.things import Thing
from bam.extraction.tables.facilities.words import FacilitySigns
from bam.model.claims import FacilityType

_WINDOW, _LEAST_LETTERS = 5, 4
_NEAR = 40
"""Characters: so near another phrase stands beside the thing."""
_MOST_HERE, _MOST_MENTIONS = 6, 5


class TypeSigns:
    """What tells the types of a document's facilities: its phrases about facilities are counted once for all of them."""

    def __init__(self, context: Context, words: FacilitySigns) -> None:
        self._context, self._words = context, words
        self._heads = context.annotated.heads_of("facility")
        self._counted = Counter(head.type for head in self._heads)
        self._of_place: defaultdict[str, set[str]] = defaultdict(set)
        for head in self._heads:
            if head.place:
                self._of_place[head.place.casefold()].add(head.type)

    def told(self, thing: Thing) -> FacilityType:
        """The type of the main noun, or the first one that tells more than `other`. A bare "post" is what the document calls its
        crossings and posts elsewhere; another noun that tells nothing is what the words before it say ("customs yard").
        """
        for mention in (thing.main, *thing.mentions):
            if mention.head.type != FacilityType.OTHER:
                return FacilityType(mention.head.type)
        if thing.main.head.lemma in self._words.bare:
            kinds = [kind for kind in self._counted if kind in CROSSINGS]
            return FacilityType(max(kinds, key=lambda kind: self._counted[kind], default=FacilityType.BORDER_POST))
        for mention in (thing.main, *thing.mentions):
            before = (*mention.head.modifiers, *mention.head.lemma.split()[:-1])
            told = next((self._words.telling[word] for word in reversed(before) if word in self._words.telling), None)
            if told is not None:
                return FacilityType(told)
        return FacilityType.OTHER

    def of(self, thing: Thing) -> Numbers:
        """What the nouns tell, the words of the name, of the clause and beside the mention, and what else the document speaks
        of. A bare place says little by itself, so that all counts apart for phrases and for places.
        """
        head = thing.main.head
        told, via = self.told(thing), "head" if thing.main.via == "head" else "site"
        noun = _noun(head)
        signs = {f"told={told}", f"told={told}&via={via}", f"told={told}&via={thing.main.via}"}
        signs |= {f"{via}:noun={noun}", f"{via}:lemma={head.lemma}", f"{via}:plural={head.is_plural}"}
        signs |= {f"{via}:modifier={word}" for word in head.modifiers}
        if via == "head":
            signs |= {f"modifier={word}&noun={noun}" for word in head.modifiers}
            signs |= {f"name={word}" for word in words_of(thing.main.name) if word[0].isalpha()}
        for mention in thing.mentions[1:_MOST_MENTIONS]:
            signs |= {f"also={mention.head.type}&{mention.via == 'head'}", f"also_noun={_noun(mention.head)}"}
        signs |= self._nearby(thing, via) | _written(self._context, thing, via)
        return {**dict.fromkeys(signs, True), **self._document(told, via)}

    def _nearby(self, thing: Thing, via: str) -> set[str]:
        """The types of other phrases of the sentence, and what the document says elsewhere of the same place."""
        annotated, main = self._context.annotated, thing.main
        signs: set[str] = set()
        here = [head for head in annotated.within(self._heads, annotated.sentence_at(main.start)) if head is not main.head]
        for head in here[:_MOST_HERE]:
            signs.add(f"{via}:here={head.type}")
            if 0 <= head.start - main.end < _NEAR:
                signs |= {f"{via}:next={head.type}", f"{via}:next_noun={_noun(head)}"}
            if 0 <= main.start - head.end < _NEAR:
                signs.add(f"{via}:previous={head.type}")
        if main.place:
            signs |= {f"{via}:place={place.kind}" for place in self._context.places_named(main.place)[:1]}
            signs |= {f"{via}:of_place={kind}" for kind in self._of_place.get(main.place.casefold(), ())}
        return signs

    def _document(self, told: FacilityType, via: str) -> Numbers:
        """How much of the document is about each type."""
        whole = sum(self._counted.values())
        features: Numbers = {}
        for name, count in self._counted.items():
            features |= {f"{via}:document={name}": count / whole, f"{via}:told={told}&document={name}": count / whole}
        if self._counted:
            features[f"{via}:most={self._counted.most_common(1)[0][0]}"] = True
        return features


def _noun(head: Head) -> str:
    return head.lemma.rsplit(" ", 1)[-1]


def _written(context: Context, thing: Thing, via: str) -> set[str]:
    """The words before and behind the mention, and those of its clause."""
    annotated = context.annotated
    norms = annotated.tokens.norms
    first, last = annotated.tokens.span(thing.main.start, thing.main.end)
    clause = annotated.clause_at(thing.main.start)
    inside = norms[slice(*annotated.tokens.span(clause.start, clause.end))]
    signs = {f"{via}:after={norm}" for norm in norms[last : last + _WINDOW]}
    signs |= {f"{via}:before={norm}" for norm in norms[max(0, first - _WINDOW + 1) : first]}
    return signs | {f"{via}:clause={norm}" for norm in inside if len(norm) >= _LEAST_LETTERS and norm.isalpha()}
