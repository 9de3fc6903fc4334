"""Function words and verb forms of a language, compiled from its lexicon."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_

from bam.extraction.annotate.tokens import Tokens, fold
from bam.extraction.annotate.trie import TokenTrie
from bam.extraction.lexicon import Words
from bam.extraction.resources import Resources


class GrammarWords(Words):
    """Function words by class."""

    FILE = "grammar"
    abbreviations: frozenset[str]
    final_abbreviations: frozenset[str]
    determiners: frozenset[str]
    definite: frozenset[str]
    indefinite: frozenset[str]
    possessives: frozenset[str]
    pronouns: frozenset[str]
    subject_pronouns: frozenset[str]
    relatives: frozenset[str]
    subordinators: frozenset[str]
    coordinators: frozenset[str]
    prepositions: frozenset[str]
    locative_prepositions: frozenset[str]
    be: frozenset[str]
    have: frozenset[str]
    do: frozenset[str]
    past_auxiliaries: frozenset[str]
    modals: dict[str, frozenset[str]]
    negations: frozenset[str]
    contractions: frozenset[str]
    month_modals: frozenset[str]
    insertions: tuple[str, ...]
    adverbs: frozenset[str]
    going: frozenset[str]


class VerbWords(Words):
    """Verbs by class, their irregular forms, and what governs an infinitive."""

    FILE = "verbs"
    classes: dict[str, tuple[str, ...]]
    other: tuple[str, ...]
    irregular: dict[str, tuple[str, str]]
    extra_gerunds: dict[str, str]
    noun_first: frozenset[str]
    particles: frozenset[str]
    phrasal: dict[str, str]
    governors: dict[str, frozenset[str]]
    governing_adjectives: dict[str, str]
    governing_nouns: dict[str, str]
    noun_states: dict[str, str]


class Flag:
    """Classes of function words, as bits of plain integers (enum flags cost half of the whole annotation's time)."""

    DET = 1
    PREP = 2
    COORD = 4
    PRON = 8
    REL = 16
    SUB = 32
    BE = 64
    HAVE = 128
    DO = 256
    MODAL = 512
    NEG = 1024
    ADV = 2048
    SUBJECT = 4096
    POSS = 8192


AUX = Flag.BE | Flag.HAVE | Flag.DO | Flag.MODAL
FUNCTION = Flag.DET | Flag.PREP | Flag.COORD | Flag.PRON | Flag.REL | Flag.SUB | Flag.NEG | AUX

BASE, THIRD, PAST, PARTICIPLE, GERUND = 1, 2, 4, 8, 16


@dataclass(frozen=True, slots=True)
class Grammar:
    """`flags` gives the classes of a word as a bit mask, `forms` the lemmas and forms that a word can be, `tags` all its forms in
    one mask. `phrasal` names what a lemma means with a particle.
    """

    words: GrammarWords
    verbs: VerbWords
    flags: dict[str, int]
    modal_kind: dict[str, str]
    forms: dict[str, tuple[tuple[str, int], ...]]
    tags: dict[str, int]
    classes: dict[str, frozenset[str]]
    governor_kind: dict[str, str]
    phrasal: dict[str, dict[str, str]]
    month_modals: frozenset[str]
    insertions: TokenTrie[bool]

    def flags_of(self, tokens: Tokens) -> list[int]:
        """The bit mask of each token."""
        get = self.flags.get
        flags = [get(norm, 0) for norm in tokens.norms]
        for index in tokens.where(self.month_modals):
            if tokens.is_capitalised(index) and index and tokens.texts[index - 1] not in ".!?:":
                flags[index] = 0
        return flags


def grammar_of(resources: Resources) -> Grammar:
    """Compile the grammar of the resources' language; use `resources.get(grammar_of)`."""
    words, verbs = resources.words(GrammarWords), resources.words(VerbWords)
    classes: dict[str, set[str]] = {lemma: set() for lemma in verbs.other}
    for name, lemmas in verbs.classes.items():
        for lemma in lemmas:
            classes.setdefault(lemma, set()).add(name)
    forms: dict[str, dict[str, int]] = {}
    for lemma in sorted(classes):
        for form, tag in _forms(lemma, verbs):
            entry = forms.setdefault(form, {})
            entry[lemma] = entry.get(lemma, 0) | tag
    return Grammar(
        words=words,
        verbs=verbs,
        flags=_flags(words),
        modal_kind={word: kind for kind, group in words.modals.items() for word in sorted(group)},
        forms={form: tuple(sorted(entry.items())) for form, entry in forms.items()},
        tags={form: reduce(or_, entry.values()) for form, entry in forms.items()},
        classes={lemma: frozenset(names) for lemma, names in classes.items()},
        governor_kind={lemma: kind for kind, group in reversed(verbs.governors.items()) for lemma in sorted(group)},
        phrasal=_phrasal(verbs),
        month_modals=words.month_modals,
        insertions=_insertions(words),
    )


def _phrasal(verbs: VerbWords) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for pair, name in verbs.phrasal.items():
        lemma, particle = pair.split()[:2]
        found.setdefault(lemma, {})[particle] = name
    return found


def _insertions(words: GrammarWords) -> TokenTrie[bool]:
    trie: TokenTrie[bool] = TokenTrie()
    for phrase in words.insertions:
        trie.add(phrase, True)
    return trie


def _flags(words: GrammarWords) -> dict[str, int]:
    groups: list[tuple[frozenset[str], int]] = [
        (words.determiners, Flag.DET),
        (words.prepositions, Flag.PREP),
        (words.coordinators, Flag.COORD),
        (words.pronouns, Flag.PRON),
        (words.relatives, Flag.REL),
        (words.subordinators, Flag.SUB),
        (words.be, Flag.BE),
        (words.have, Flag.HAVE),
        (words.do, Flag.DO),
        (frozenset[str]().union(*words.modals.values()), Flag.MODAL),
        (words.negations, Flag.NEG),
        (words.adverbs, Flag.ADV),
        (words.subject_pronouns, Flag.SUBJECT),
        (words.possessives, Flag.POSS),
    ]
    flags: dict[str, int] = {}
    for group, flag in groups:
        for word in group:
            flags[fold(word)] = flags.get(fold(word), 0) | flag
    return flags


def _forms(lemma: str, verbs: VerbWords) -> list[tuple[str, int]]:
    """The inflected forms of a verb with their tags; regular spelling unless the lexicon says otherwise."""
    past, participle = verbs.irregular.get(lemma) or (_regular_past(lemma),) * 2
    gerund = verbs.extra_gerunds.get(lemma) or _regular_gerund(lemma)
    return [(lemma, BASE), (_third(lemma), THIRD), (past, PAST), (participle, PARTICIPLE), (gerund, GERUND)]


def _third(lemma: str) -> str:
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        return lemma[:-1] + "ies"
    return lemma + ("es" if lemma.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def _regular_past(lemma: str) -> str:
    if lemma.endswith("e"):
        return lemma + "d"
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        return lemma[:-1] + "ied"
    return lemma + "ed"


def _regular_gerund(lemma: str) -> str:
    return lemma[:-1] + "ing" if lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")) else lemma + "ing"
