"""What stands around a mention: its sentence, the verb that it is object or subject of, the noun that its preposition hangs on.

Signs are short names in sets, computed once per sentence and mention and shared by all things of a document.
"""

from __future__ import annotations

from bam.extraction.annotate.grammar import AUX, FUNCTION, Flag
from bam.extraction.annotate.model import Head, PartyUse, Sentence, Spanned, Verb
from bam.extraction.context import Context
from bam.extraction.tables.facilities.mention import Mention
from bam.extraction.tables.facilities.words import FacilitySigns

WORKS = frozenset({"building", "renovating", "equipping", "opening", "handover"})
_GROUPS = {
    "building": "work", "renovating": "work", "equipping": "equip", "opening": "open", "handover": "hand", "giving": "give",
    "paying": "give", "receiving": "receive", "planning": "plan", "promising": "plan", "using": "use", "existing": "exist",
    "training": "train", "attending": "attend", "holding": "hold", "meeting": "meet", "agreeing": "agree", "stating": "state",
    "trading": "trade", "closing": "close", "ending": "end", "implementing": "implement", "costing": "cost",
}  # fmt: skip
"""Classes of verbs that say the same of a facility."""
_STATES = frozenset({"work", "open", "close", "exist", "use", "cost", "end", "receive"})
"""What a place can do by itself; whoever does anything else is a body of people."""
_NEAR = 6
"""Tokens before and behind a mention that are its neighbourhood."""
_MOST_COORDINATED = 4
_REACH_OF_LIST = 12
_MOST_OWNER = 6
_OWNERS = ("'s", "’s", "'", "’")


def act(verb: Verb) -> str:
    """Whether the act of a verb is denied, open, over or going on."""
    if verb.is_negated:
        return "denied"
    if not verb.is_fact:
        return "open"
    return "done" if verb.is_done else "now"


class Surroundings:
    """The signs around the mentions of one document."""

    def __init__(self, context: Context, words: FacilitySigns) -> None:
        annotated = context.annotated
        self._context, self._annotated, self._words = context, annotated, words
        tokens = annotated.tokens
        self._tokens, self._norms, self._texts, self._flags = tokens, tokens.norms, tokens.texts, annotated.flags
        self._verb_behind = {verb.first: verb for verb in annotated.verbs}
        self._verb_before = {verb.last: verb for verb in annotated.verbs}
        self._spans: dict[int, tuple[int, int]] = {}
        self._head_before: dict[int, Head] = {}
        for head in annotated.heads:
            first, last = tokens.span(head.start, head.end)
            self._spans[head.index] = first, last
            self._head_before.setdefault(last, head)
            self._head_before.setdefault(tokens.index_at(head.noun_end - 1) + 1, head)
        self.parties = {index: party for party in annotated.parties for index in range(*tokens.span(party.start, party.end))}
        self._cells = {row.sentence: row.cells for row in annotated.rows}
        self._sentences: dict[int, frozenset[str]] = {}
        self._mentions: dict[tuple[int, int], frozenset[str]] = {}

    def of(self, mention: Mention) -> frozenset[str]:
        """The signs around a mention."""
        key = mention.start, mention.end
        found = self._mentions.get(key)
        if found is None:
            found = self._mentions[key] = self._of(mention)
        return found

    def _of(self, mention: Mention) -> frozenset[str]:
        annotated, norms = self._annotated, self._norms
        sentence, clause = annotated.sentence_at(mention.start), annotated.clause_at(mention.start)
        first, last = self._tokens.span(mention.outer, mention.end)
        signs = {f"sentence.{sign}" for sign in self.sentence(sentence)}
        signs |= self._relations(first, last, sentence, 0)
        signs |= self._clause(clause, first)
        for name, low, high in (
            ("before", max(sentence.first, first - _NEAR), first),
            ("behind", last, min(sentence.last, last + _NEAR)),
        ):
            near = norms[low:high]
            signs.update(f"{name}.{kind}" for kind, words in self._word_kinds() if not words.isdisjoint(near))
        if mention.is_part:
            signs.add("part")
        if sentence.index < 4:
            signs.add("early")
        if sentence.index + 1 < len(annotated.sentences):
            signs |= self._next(annotated.sentences[sentence.index + 1])
        for number, (start, end) in enumerate(self._cells.get(sentence.index, ())):
            if start <= mention.start < end:
                signs.add(f"cell={min(number, 2)}")
        return frozenset(signs)

    def _word_kinds(self) -> tuple[tuple[str, frozenset[str]], ...]:
        words = self._words
        return ("work", words.work_nouns), ("equipment", words.equipment), ("venue", words.venue_nouns)

    def _next(self, sentence: Sentence) -> set[str]:
        """What the next sentence says of "it"."""
        if self._norms[sentence.first] not in self._words.returns:
            return set()
        return {f"next.{sign}" for sign in self.sentence(sentence) & {"works", "donor", "money", "date"}}

    def sentence(self, sentence: Sentence) -> frozenset[str]:
        """The signs of a whole sentence."""
        found = self._sentences.get(sentence.index)
        if found is None:
            found = self._sentences[sentence.index] = self._sentence(sentence)
        return found

    def _sentence(self, sentence: Sentence) -> frozenset[str]:
        annotated, words = self._annotated, self._words
        signs = {f"kind={sentence.kind}", *self._named_in(sentence)}
        heads = annotated.within(annotated.heads, sentence)
        signs.update(head.kind for head in heads if head.kind != "facility")
        signs.add(f"heads={min(5, sum(head.kind == 'facility' for head in heads))}")
        inside = set(self._norms[sentence.first : sentence.last])
        kinds = (*self._word_kinds(), ("theme", words.themes), ("assistance", words.assistance))
        signs.update(f"word.{kind}" for kind, nouns in kinds if not nouns.isdisjoint(inside))
        verbs = annotated.verbs_of(sentence)
        for verb in verbs:
            signs.update(f"verb={_GROUPS[name]}" for name in verb.classes if name in _GROUPS)
            if not verb.classes.isdisjoint(WORKS):
                signs |= {"works", f"works/{act(verb)}"}
        if not verbs:
            signs.add("no_verb")
        above = sentence.lead if sentence.lead is not None else sentence.section
        if above is not None:
            signs |= self._above(annotated.sentences[above])
        return frozenset(signs)

    def _named_in(self, sentence: Spanned) -> set[str]:
        annotated = self._annotated
        home = self._context.topic.recipients[:1]
        signs = set()
        for party in annotated.within(annotated.parties, sentence):
            if party.is_donor:
                signs.add("donor")
                if party.use is not PartyUse.CAPITAL and party.code not in home:
                    signs.add("foreign_donor")
        named = (
            ("programme", annotated.programmes), ("money", annotated.money), ("date", annotated.dates),
            ("people", annotated.persons), ("place", annotated.places),
        )  # fmt: skip
        signs.update(name for name, items in named if annotated.within(items, sentence))
        return signs

    def _above(self, heading: Sentence) -> set[str]:
        """What the heading above or the sentence that leads a list says."""
        annotated = self._annotated
        signs = {f"above.{head.kind}" for head in annotated.within(annotated.heads, heading)}
        if not self._words.work_nouns.isdisjoint(self._norms[heading.first : heading.last]):
            signs.add("above.work")
        if any(not verb.classes.isdisjoint(WORKS) for verb in annotated.verbs_of(heading)):
            signs.add("above.works")
        return signs

    def _clause(self, clause: Spanned, first: int) -> set[str]:
        annotated, signs = self._annotated, set[str]()
        for verb in annotated.verbs_of(clause):
            side = "before" if verb.first < first else "behind"
            for name in verb.classes:
                if name in _GROUPS:
                    signs |= {f"clause={_GROUPS[name]}", f"clause={_GROUPS[name]}/{side}"}
            if not verb.classes.isdisjoint(WORKS):
                signs |= {"clause.works", f"clause.works/{act(verb)}"}
        if any(party.is_donor for party in annotated.within(annotated.parties, clause)):
            signs.add("clause.donor")
        if annotated.within(annotated.money, clause):
            signs.add("clause.money")
        if annotated.within(annotated.dates, clause):
            signs.add("clause.date")
        return signs

    def _relations(self, first: int, last: int, sentence: Sentence, depth: int) -> set[str]:
        """How the phrase of tokens [first, last) hangs on the words before it and what hangs on it behind."""
        signs: set[str] = set()
        index = self._past_owner(first - 1, sentence.first, signs)
        if index < sentence.first:
            signs.add("opens")
        else:
            self._left(index, first, sentence, depth, signs)
        if last < sentence.last:
            self._right(first, last, sentence, signs)
        return signs

    def _past_owner(self, index: int, least: int, signs: set[str]) -> int:
        """The token before articles and owners ("Germany's", "its")."""
        while index >= least:
            if self._flags[index] & Flag.DET:
                index -= 1
            elif self._norms[index] in _OWNERS:
                index = self._owner(index - 1, least, signs)
            else:
                break
        return index

    def _owner(self, index: int, least: int, signs: set[str]) -> int:
        stop = Flag.PREP | Flag.COORD | Flag.REL | Flag.SUB | AUX
        owner, floor = "owner=other", max(least - 1, index - _MOST_OWNER)
        while index > floor and not self._flags[index] & stop and self._texts[index] not in ",;:.(":
            if index + 1 in self._verb_before:
                break
            if index in self.parties:
                owner = "owner=party"
            index -= 1
        signs.add(owner)
        return index

    def _left(self, index: int, first: int, sentence: Sentence, depth: int, signs: set[str]) -> None:
        flag = self._flags[index]
        verb = self._verb_before.get(index + 1)
        if verb is None and flag & Flag.ADV:
            verb = self._verb_before.get(index)
        if verb is not None:
            signs.add("object")
            _add_verb("object", verb, signs)
        elif flag & Flag.PREP:
            self._preposition(index, sentence, signs)
        elif flag & Flag.COORD or self._texts[index] in ",;":
            signs.add("listed")
            signs |= self._like_before(index, first, sentence, depth)
        else:
            text = self._texts[index]
            signs.add(f"left={'name' if text[0].isupper() else 'word' if text[0].isalnum() else 'mark'}")

    def _preposition(self, index: int, sentence: Sentence, signs: set[str]) -> None:
        """A preposition and what it hangs on: "construction of", "director of", "scanners for", "was trained at"."""
        norm = self._norms[index]
        signs.add(f"preposition={norm}")
        if index - 1 < sentence.first:
            return
        before = self._norms[index - 1]
        verb = self._verb_before.get(index)
        if verb is None and before in self._words.particles:
            verb = self._verb_before.get(index - 1)
        if verb is not None:
            kind = "verb"
            _add_verb("by_preposition", verb, signs)
        else:
            kind = self._kind_of(index - 1)
        signs |= {f"on={kind}", f"preposition={norm}&on={kind}"}
        if kind in ("other", "work", "venue", "equipment"):
            signs.add(f"on_noun={before}")

    def _kind_of(self, index: int) -> str:
        """What the noun at a token is to a facility."""
        head, norm, words = self._head_before.get(index + 1), self._norms[index], self._words
        if head is not None:
            return f"head:{head.kind}"
        for kind, nouns in (("staff", words.staff), *self._word_kinds()):
            if norm in nouns:
                return kind
        if index in self.parties:
            return "party"
        text = self._texts[index]
        if text[0].isdecimal():
            return "number"
        if text[0].isupper():
            return "name"
        return "comma" if text == "," else "function" if self._flags[index] & FUNCTION else "other"

    def _like_before(self, index: int, first: int, sentence: Sentence, depth: int) -> set[str]:
        """The relations of the phrase before in a list: they hold for this one too."""
        while index >= sentence.first and (self._flags[index] & Flag.COORD or self._texts[index] in ",;"):
            index -= 1
        floor = max(sentence.first - 1, index - _REACH_OF_LIST)
        found = (self._head_before.get(position + 1) for position in range(index, floor, -1))
        head = next((head for head in found if head is not None), None)
        if head is None or depth >= _MOST_COORDINATED or self._spans[head.index][0] >= first:
            return set()
        relations = self._relations(*self._spans[head.index], sentence, depth + 1)
        return {"listed_behind_head", *(f"like.{sign}" for sign in relations if not sign.startswith(("like.", "after=")))}

    def _right(self, first: int, last: int, sentence: Sentence, signs: set[str]) -> None:
        index = self._past_brackets(last, sentence)
        if self._norms[last] in _OWNERS:
            signs.add("owns")
        signs.add(f"after={self._shape(index)}")
        position = index
        while position < min(sentence.last, index + 3) and position not in self._verb_behind:
            if not (self._flags[position] & (Flag.REL | Flag.ADV) or self._texts[position] == ","):
                break
            position += 1
        verb = self._verb_behind.get(position)
        if verb is not None:
            _add_verb("subject" if verb.form == "finite" or verb.is_passive else "participle", verb, signs)
            return
        clause = self._annotated.clause_at(self._tokens.starts[first])
        following = next((verb for verb in self._annotated.verbs_of(clause) if verb.first >= last), None)
        if following is not None:
            _add_verb("far_subject", following, signs)

    def _past_brackets(self, index: int, sentence: Sentence) -> int:
        if self._texts[index] != "(":
            return index
        closing = range(index, min(sentence.last - 1, index + 8))
        return next((i + 1 for i in closing if self._texts[i] == ")"), min(index + 8, sentence.last - 1))

    def _shape(self, index: int) -> str:
        flag, text = self._flags[index], self._texts[index]
        if index in self._verb_behind:
            return "verb"
        if flag & Flag.PREP:
            return f"preposition:{self._norms[index]}"
        for mask, name in ((Flag.REL, "relative"), (Flag.COORD, "joint"), (AUX, "auxiliary")):
            if flag & mask:
                return name
        return "word" if text[0].isalnum() else text


def _add_verb(relation: str, verb: Verb, signs: set[str]) -> None:
    groups = {_GROUPS[name] for name in verb.classes if name in _GROUPS}
    kind, voice = act(verb), "passive" if verb.is_passive else "active"
    for group in groups:
        signs |= {f"{relation}={group}", f"{relation}={group}/{kind}"}
        if not relation.endswith(("object", "preposition")):
            signs.add(f"{relation}={group}/{voice}")
    if not groups:
        signs.add(f"{relation}=none")
    if relation == "subject" and not verb.is_passive and groups.isdisjoint(_STATES):
        signs.add("actor")
    signs |= {f"{relation}:{kind}", f"{relation}~{verb.lemma}"}
