"""What stands around a verb group: its particle, what governs it, its agent."""

from __future__ import annotations

from dataclasses import dataclass

from bam.extraction.annotate.grammar import AUX, GERUND, Flag, Grammar
from bam.extraction.annotate.model import Sentence, Tense, Verb, VerbForm
from bam.extraction.annotate.tokens import Tokens

_MAX_AGENT = 22
_MAX_GAP = 12
_BREAKS = frozenset(";:()")


@dataclass(slots=True)
class Group:
    """A verb group as it is being read."""

    first: int
    last: int
    head: int
    lemma: str
    form: VerbForm
    tense: Tense
    perfect: bool = False
    progressive: bool = False
    passive: bool = False
    negated: bool = False
    modality: str | None = None


class VerbFinisher:
    """Completes the groups of a sentence to verbs."""

    def __init__(self, tokens: Tokens, flags: list[int], grammar: Grammar) -> None:
        self._tokens, self._flags, self._grammar = tokens, flags, grammar
        self._norms = tokens.norms

    def finish(self, group: Group, position: int, groups: list[Group], offset: int, sentence: Sentence) -> Verb:
        lemma, classes = self._phrasal(group, sentence)
        modality, governor = group.modality, None
        if group.form == "infinitive" and modality is None:
            modality, governor = self._governed(group, position, groups, sentence)
        starts, ends = self._tokens.starts, self._tokens.ends
        return Verb(
            index=offset + position,
            start=starts[group.first],
            end=ends[group.last - 1],
            first=group.first,
            last=group.last,
            head=group.head,
            lemma=lemma,
            classes=classes,
            form=group.form,
            tense=group.tense,
            is_perfect=group.perfect,
            is_progressive=group.progressive,
            is_passive=group.passive,
            is_negated=group.negated,
            modality=modality,
            governor=None if governor is None else offset + governor,
            agent=self._agent(group, sentence) if group.passive else None,
        )

    def _phrasal(self, group: Group, sentence: Sentence) -> tuple[str, frozenset[str]]:
        classes = self._grammar.classes.get(group.lemma, frozenset())
        particles = self._grammar.phrasal.get(group.lemma)
        if particles is None:
            return group.lemma, classes
        for position in range(group.head + 1, min(group.head + 5, sentence.last)):
            name = particles.get(self._norms[position])
            if name is not None:
                extra = frozenset({name})
                return f"{group.lemma} {self._norms[position]}", extra if name == "ending" else classes | extra
            if self._norms[position] in _BREAKS:
                break
        return group.lemma, classes

    def _governed(self, group: Group, position: int, groups: list[Group], sentence: Sentence) -> tuple[str | None, int | None]:
        """What governs the infinitive: the verb right before it, an adjective, a noun; else it tells a purpose."""
        before = group.first - 1
        while before > sentence.first and self._flags[before] & Flag.ADV:
            before -= 1
        norm = self._norms[before] if before >= sentence.first else ""
        verbs = self._grammar.verbs
        if norm in verbs.governing_nouns:
            return verbs.governing_nouns[norm], None
        if norm in verbs.governing_adjectives:
            return verbs.governing_adjectives[norm], position - 1 if position else None
        if position:
            last = groups[position - 1]
            kind = self._grammar.governor_kind.get(last.lemma)
            gap = group.first - last.last
            if kind is not None and gap <= _MAX_GAP and self._has_no_boundary(last.last, group.first):
                if kind in ("help", "continue", "done") and last.modality is not None:
                    kind = last.modality
                return ("fail" if last.negated and kind in ("help", "done") else kind), position - 1
            if last.form == "infinitive" and self._norms[before] in ("and", "or", ","):
                return self._governed(last, position - 1, groups, sentence)
        return "purpose", None

    def _has_no_boundary(self, first: int, last: int) -> bool:
        return not any(norm in _BREAKS or norm == "," for norm in self._norms[first:last]) or last - first <= 4

    def _agent(self, group: Group, sentence: Sentence) -> tuple[int, int] | None:
        """The by-phrase of a passive: from behind "by" to the next verb, relative word, semicolon or bracket."""
        flags, norms = self._flags, self._norms
        for position in range(group.head + 1, min(group.head + 14, sentence.last - 1)):
            if norms[position] in _BREAKS or flags[position] & AUX:
                return None
            if norms[position] != "by":
                continue
            if norms[position + 1][:1].isdecimal() or self._is_gerund(position + 1):
                continue
            stop = position + 1
            while stop < min(sentence.last, position + _MAX_AGENT) and norms[stop] not in _BREAKS:
                if flags[stop] & (AUX | Flag.REL) or norms[stop] in (".",):
                    break
                stop += 1
            if stop > position + 1:
                return self._tokens.starts[position + 1], self._tokens.ends[stop - 1]
        return None

    def _is_gerund(self, index: int) -> bool:
        return bool(self._grammar.tags.get(self._norms[index], 0) & GERUND)
