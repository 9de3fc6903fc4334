"""Verb groups with tense, aspect, modality, negation and voice, by a small deterministic tagger."""

from __future__ import annotations

from bam.extraction.annotate.grammar import AUX, BASE, FUNCTION, GERUND, PARTICIPLE, PAST, THIRD, Flag, Grammar
from bam.extraction.annotate.model import Sentence, Tense, Verb, VerbForm
from bam.extraction.annotate.tokens import Tokens
from bam.extraction.annotate.verb_context import Group, VerbFinisher
from bam.model.text import BlockKind

_MAX_CHAIN = 7
_MAX_INSERTION = 12
_MARKS = frozenset(",;:")
_NOUN_BEFORE = Flag.DET | Flag.PREP | Flag.POSS


class VerbTagger:
    """Finds the verb groups of sentences of one document."""

    def __init__(self, tokens: Tokens, flags: list[int], grammar: Grammar) -> None:
        self._tokens, self._flags, self._grammar = tokens, flags, grammar
        self._norms = tokens.norms
        self._past_auxiliaries = grammar.words.past_auxiliaries
        self._finisher = VerbFinisher(tokens, flags, grammar)
        self._item_starts: set[int] = set()
        self._led_starts: set[int] = set()

    def tag(self, sentences: tuple[Sentence, ...]) -> tuple[Verb, ...]:
        """All verb groups in order."""
        verbs: list[Verb] = []
        self._item_starts = {self._past_number(s) for s in sentences if s.kind is BlockKind.LIST_ITEM}
        led = (s for s in sentences if s.lead is not None and self._ends_with_to(sentences[s.lead]))
        self._led_starts = {self._past_number(s) for s in led}
        for sentence in sentences:
            groups = self._groups(sentence)
            offset = len(verbs)
            for position, group in enumerate(groups):
                verbs.append(self._finisher.finish(group, position, groups, offset, sentence))
        return tuple(verbs)

    def _groups(self, sentence: Sentence) -> list[Group]:
        groups: list[Group] = []
        index, last = sentence.first, sentence.last
        flags, norms, forms = self._flags, self._norms, self._grammar.forms
        has_finite = False
        while index < last:
            flag, norm = flags[index], norms[index]
            if not flag and norm not in forms and index not in self._led_starts:
                if norm in _MARKS:
                    has_finite = False
                index += 1
                continue
            group: Group | None = None
            if flag & AUX and not (flag & Flag.NEG and flag & Flag.DET):
                group = self._auxiliary(index, last)
            elif norm == "to" and index + 1 < last:
                group = self._infinitive(index, last)
            elif index in self._led_starts and norm.isalpha() and not flag & FUNCTION:
                group = Group(index, index + 1, index, self._choose(norm, BASE)[0], "infinitive", "none")
            elif norm in forms and not flag & FUNCTION:
                group = self._bare(index, sentence, has_finite, groups[-1].form if groups else "infinitive")
                if group is None and groups and self._shares_modal(index, groups[-1]):
                    last_group = groups[-1]
                    lemma = self._choose(norm, BASE)[0]
                    group = Group(index, index + 1, index, lemma, last_group.form, last_group.tense, modality=last_group.modality)
            if group is None:
                if flag & (Flag.REL | Flag.COORD | Flag.SUB):
                    has_finite = False
                index += 1
                continue
            groups.append(group)
            has_finite = has_finite or group.form == "finite"
            index = max(group.last, index + 1)
        return groups

    def _auxiliary(self, index: int, last: int) -> Group | None:
        """A group that begins with an auxiliary: has not yet been funded, will be opened, is to be held."""
        flags, norms, forms = self._flags, self._norms, self._grammar.forms
        group = Group(index, index + 1, index, "", "finite", "present")
        expect, position, auxiliary = 0, index, ""
        stop = min(last, index + _MAX_CHAIN)
        while position < stop:
            position = self._past_going(self._past_mark(position, auxiliary), auxiliary, stop)
            flag, norm = flags[position], norms[position]
            if flag & Flag.MODAL and position == index:
                kind = self._grammar.modal_kind.get(norm, "may")
                group.tense, group.modality = ("future", None) if kind == "future" else ("present", kind)
                expect, auxiliary = BASE, "modal"
            elif flag & Flag.HAVE and expect == PARTICIPLE and norm == "had":
                self._complete(group, position, norm, expect, auxiliary)
                return group
            elif flag & Flag.HAVE and (expect == 0 or (expect == BASE and norm == "have")):
                group.tense = self._tense(norm, group.tense, position == index)
                expect, auxiliary = PARTICIPLE, "have"
            elif flag & Flag.BE and (expect == 0 or (expect == BASE and norm == "be") or norm in ("been", "being")):
                group.perfect = group.perfect or norm == "been"
                group.progressive = group.progressive or (norm == "being" and position > index)
                group.tense = self._tense(norm, group.tense, position == index)
                expect, auxiliary = PARTICIPLE | GERUND, "be"
            elif flag & Flag.DO and expect == 0:
                group.tense = self._tense(norm, group.tense, True)
                expect, auxiliary = BASE, "do"
            elif norm == "to" and auxiliary in ("be", "have") and self._leads_to_base(position, stop):
                group.modality = "plan" if auxiliary == "be" else "need"
                group.tense = "future" if group.tense == "present" else group.tense
                expect, auxiliary = BASE, "to"
            elif flag & Flag.NEG and norm != "no":
                group.negated = True
            elif (
                (norm in forms and self._fits(norm, expect, position))
                or self._looks_like_participle(norm, expect, flag)
                or (auxiliary in ("modal", "to") and self._looks_like_base(position))
            ):
                self._complete(group, position, norm, expect, auxiliary)
                return group
            elif not flag & Flag.ADV:
                behind = self._behind_insertion(position, stop) if norm != "," or auxiliary == "modal" else None
                if behind is None:
                    break
                stop = max(stop, behind + 1)
                position = behind
                continue
            group.last = position + 1
            position += 1
        return self._copula(group, auxiliary, index)

    def _past_going(self, position: int, auxiliary: str, stop: int) -> int:
        """ "are going to build": the "to" behind "going", else the token itself."""
        is_going = auxiliary == "be" and self._norms[position] in self._grammar.words.going
        return position + 1 if is_going and self._leads_to_base(position + 1, stop) else position

    def _leads_to_base(self, position: int, stop: int) -> bool:
        """Whether "to" with a verb follows: "is to pool", "are going to reserve"."""
        if position + 1 >= stop or self._norms[position] != "to":
            return False
        return self._is_base(position + 1) or self._looks_like_base(position + 1)

    def _behind_insertion(self, position: int, stop: int) -> int | None:
        """The token behind "since", "each", "by then" or a phrase between commas where the group goes on with a verb there."""
        if self._norms[position] == ",":
            return self._behind_commas(position)
        match = self._grammar.insertions.match_at(self._tokens, position, stop)
        if match is None or match.last >= stop:
            return None
        return match.last if self._norms[match.last] in self._grammar.forms else None

    def _behind_commas(self, position: int) -> int | None:
        """ "will, before the end of the year, name": the token behind the second comma, where it is a verb."""
        norms, last = self._norms, min(len(self._norms) - 1, position + _MAX_INSERTION)
        closing = next((index for index in range(position + 2, last) if norms[index] == ","), None)
        if closing is None or any(self._flags[index] & (AUX | Flag.REL) for index in range(position + 1, closing)):
            return None
        return closing + 1 if norms[closing + 1] in self._grammar.forms and self._is_base(closing + 1) else None

    def _copula(self, group: Group, auxiliary: str, index: int) -> Group | None:
        """Auxiliaries without a main verb: "is", "has", "did"; a lone modal is a noun or a name ("May", "a will")."""
        lemma = {"be": "be", "have": "have", "do": "do"}.get(auxiliary)
        if lemma is None:
            return None
        if (lemma == "be" and self._norms[index] in ("being", "been")) or (lemma == "have" and self._norms[index] == "having"):
            group.form = "gerund"
        group.lemma, group.head = lemma, group.last - 1
        return group

    def _complete(self, group: Group, position: int, norm: str, expect: int, auxiliary: str) -> None:
        lemma, tags = self._choose(norm, expect)
        group.lemma, group.head, group.last = lemma, position, position + 1
        if auxiliary == "be":
            group.passive = not tags & GERUND
            group.progressive = group.progressive or not group.passive
        elif auxiliary == "have":
            group.perfect = True
        first = self._norms[group.first]
        if first in ("having", "being"):
            group.form = "gerund"
        elif first == "been":
            group.form = "participle"

    def _shares_modal(self, index: int, group: Group) -> bool:
        """ "will close the post, continue to pay the staff, and look at ...": bare verbs that share the modal before them."""
        norms = self._norms
        shares = norms[index - 1] in (",", "and", "or") or self._is_mark(index - 1)
        if group.tense != "future" or not shares or not self._is_base(index):
            return False
        after = norms[index + 1] if index + 1 < len(norms) else ""
        flag = self._flags[index + 1] if index + 1 < len(norms) else 0
        if self._is_mark(index - 1):
            return not self._tokens.is_capitalised(index)
        follows = bool(flag & (Flag.DET | Flag.POSS | Flag.PREP)) or after == "to"
        return follows and not self._tokens.is_capitalised(index) and index - group.last <= 30

    def _past_mark(self, position: int, auxiliary: str) -> int:
        """ "will (a) exchange data": the token behind a mark that follows a modal, else the token itself."""
        behind = position + 3
        return behind if auxiliary == "modal" and self._is_mark(position + 2) and behind < len(self._norms) else position

    def _past_number(self, sentence: Sentence) -> int:
        """The first token of an item behind its printed mark: "a.", "(2)", "3.1"."""
        texts, index = self._tokens.texts, sentence.first
        stop = min(sentence.last - 1, index + 4)
        while index < stop and (texts[index] in "().-•*" or texts[index][0].isdecimal() or len(texts[index]) == 1):
            index += 1
        return index

    def _ends_with_to(self, sentence: Sentence) -> bool:
        """Whether a sentence leads on to verbs: "agreed to:"."""
        tail = self._norms[max(sentence.first, sentence.last - 2) : sentence.last]
        return "to" in tail and all(norm == "to" or not norm[0].isalpha() for norm in tail[tail.index("to") :])

    def _is_mark(self, index: int) -> bool:
        """Whether the token closes a mark of a running list: "(a)", "(ii)"."""
        texts = self._tokens.texts
        return 2 <= index < len(texts) and texts[index] == ")" and texts[index - 2] == "(" and len(texts[index - 1]) <= 4

    def _infinitive(self, index: int, last: int) -> Group | None:
        """ "to" with a verb: "to build", "to be handed over", "to have been opened"."""
        position, stop = index + 1, min(last, index + _MAX_CHAIN)
        while position < stop and self._flags[position] & Flag.ADV and self._norms[position] not in self._grammar.forms:
            position += 1
        if position >= stop:
            return None
        if self._flags[position] & (Flag.BE | Flag.HAVE) and self._norms[position] in ("be", "have"):
            group = self._auxiliary(position, last)
            if group is None:
                return None
            group.first, group.form, group.tense = index, "infinitive", "none"
        elif (self._is_base(position) and not self._tokens.is_capitalised(position)) or self._is_unlisted(index, position):
            lemma = self._choose(self._norms[position], BASE)[0]
            group = Group(index, position + 1, position, lemma, "infinitive", "none")
        else:
            return None
        group.negated = group.negated or (index > 0 and bool(self._flags[index - 1] & Flag.NEG))
        return group

    def _bare(self, index: int, sentence: Sentence, has_finite: bool, form: VerbForm) -> Group | None:
        """A verb without auxiliary: finite ("provided"), participle ("funded by"), gerund, or no verb at all ("the post")."""
        tags = self._grammar.tags[self._norms[index]]
        previous = self._previous(index, sentence.first)
        if tags & (PAST | PARTICIPLE):
            group = self._past(index, tags, previous, sentence, has_finite)
            if group is not None or not tags & (BASE | THIRD):
                return group
        if tags & GERUND:
            return self._gerund(index, previous)
        return self._present(index, tags, previous, sentence, form)

    def _past(self, index: int, tags: int, previous: int, sentence: Sentence, has_finite: bool) -> Group | None:
        flags, norms = self._flags, self._norms
        before = flags[previous] if previous >= 0 else 0
        following = norms[index + 1] if index + 1 < sentence.last else ""
        if before & (Flag.SUBJECT | Flag.REL) and norms[previous] != "as":
            return self._group(index, PAST, "finite", "past")
        if before & _NOUN_BEFORE and norms[previous] not in (
            "this",
            "that",
            "both",
            "all",
            "each",
            "some",
            "many",
            "most",
            "half",
            "several",
            "few",
            "as",
            "after",
            "before",
            "once",
            "than",
            "since",
        ):
            return None
        if self._tokens.is_capitalised(index) and index > sentence.first and self._tokens.is_capitalised(index - 1):
            return None
        is_modifier = index + 1 < sentence.last and not flags[index + 1] and norms[index + 1].isalpha() and previous < 0
        if is_modifier and tags & PARTICIPLE:
            return None
        finite_only = not tags & PARTICIPLE
        agentive = following == "by" and not (index + 2 < sentence.last and norms[index + 2][:1].isdecimal())
        if finite_only:
            return self._group(index, PAST, "finite", "past")
        is_participle = (
            not tags & PAST
            or agentive
            or has_finite
            or (before & (Flag.COORD | Flag.SUB) and norms[previous] not in ("and", "but", "or"))
            or self._finite_follows(index, sentence.last)
        )
        if is_participle:
            group = self._group(index, PARTICIPLE, "participle", "none")
            group.passive = True
            return group
        return self._group(index, PAST, "finite", "past")

    def _finite_follows(self, index: int, last: int) -> bool:
        """Whether a clearly finite verb comes before the next boundary, so that this form can't be the finite one."""
        flags, norms, forms = self._flags, self._norms, self._grammar.forms
        follows_preposition = index + 1 < last and bool(flags[index + 1] & Flag.PREP)
        for position in range(index + 1, min(last, index + 25)):
            flag, norm = flags[position], norms[position]
            if norm in (",", ";", ":", ".", "(", "–", "—") or flag & (Flag.COORD | Flag.REL):
                return False
            if flag & (Flag.BE | Flag.HAVE | Flag.MODAL) and norm not in ("being", "been", "having", "be"):
                return True
            if not follows_preposition or norm not in forms or flag & FUNCTION or norms[position - 1] == "to":
                continue
            is_noun = flags[position - 1] & _NOUN_BEFORE or norms[position + 1 : position + 2] == ["by"]
            if self._grammar.tags[norm] & PAST and not is_noun:
                return True
        return False

    def _gerund(self, index: int, previous: int) -> Group | None:
        """A gerund counts as a verb after a preposition or comma when an object follows; else it is a noun ("the training")."""
        before = self._flags[previous] if previous >= 0 else 0
        after = self._flags[index + 1] if index + 1 < len(self._norms) else 0
        if before & (Flag.DET | Flag.POSS) and not before & Flag.PREP:
            return None
        has_object = bool(after & (Flag.DET | Flag.POSS | Flag.PRON)) or (
            index + 1 < len(self._norms)
            and (self._tokens.texts[index + 1][0].isdecimal() or self._norms[index + 1] in ("up", "out"))
        )
        if has_object or (before & Flag.PREP and self._norms[previous] in ("by",)):
            group = self._group(index, GERUND, "gerund", "none")
            group.progressive = True
            return group
        return None

    def _present(self, index: int, tags: int, previous: int, sentence: Sentence, form: VerbForm) -> Group | None:
        flags, norms = self._flags, self._norms
        before = flags[previous] if previous >= 0 else 0
        is_row = sentence.kind is BlockKind.TABLE_ROW
        is_item_head = index in self._item_starts or (previous < 0 and is_row)
        if tags & BASE and is_item_head and norms[index] not in self._grammar.verbs.noun_first:
            return self._group(index, BASE, "infinitive", "none")
        if previous < 0 or before & (Flag.DET | Flag.POSS) or (before & Flag.PREP and norms[previous] != "to"):
            return None
        if before & Flag.SUBJECT or (before & Flag.REL and norms[previous] != "whose"):
            return self._group(index, THIRD if tags & THIRD else BASE, "finite", "present")
        if self._tokens.is_capitalised(index):
            return None
        after = flags[index + 1] if index + 1 < sentence.last else 0
        has_object = bool(after & (Flag.DET | Flag.POSS)) or (index + 1 < sentence.last and norms[index + 1] in ("to", "that"))
        plain_before = not before & FUNCTION and norms[previous].isalpha()
        if norms[index] in self._grammar.verbs.noun_first:
            if plain_before and has_object and norms[index + 1] != "that":
                return self._group(index, THIRD if tags & THIRD else BASE, "finite", "present")
            return None
        if tags & THIRD and plain_before:
            return self._group(index, THIRD, "finite", "present")
        if tags & BASE and plain_before and (norms[previous].endswith("s") or has_object):
            return self._group(index, BASE, "finite", "present")
        if tags & (BASE | THIRD) and norms[previous] in ("and", "or") and has_object:
            return self._group(
                index, tags & (BASE | THIRD), "finite" if tags & THIRD or form == "finite" else "infinitive", "present"
            )
        return None

    def _group(self, index: int, wanted: int, form: VerbForm, tense: Tense) -> Group:
        group = Group(index, index + 1, index, self._choose(self._norms[index], wanted)[0], form, tense)
        back = index - 1
        while back >= 0 and back >= index - 2 and self._flags[back] & (Flag.ADV | Flag.NEG):
            if self._flags[back] & Flag.NEG:
                group.negated = True
            back -= 1
        return group

    def _previous(self, index: int, first: int) -> int:
        """The token before, past adverbs; -1 at the beginning."""
        back = index - 1
        while back > first and self._flags[back] & Flag.ADV and not self._flags[back] & (Flag.PRON | Flag.DET | Flag.PREP):
            back -= 1
        return back if back >= first else -1

    def _tense(self, norm: str, tense: Tense, is_first: bool) -> Tense:
        if not is_first:
            return tense
        return "past" if norm in self._past_auxiliaries else "present"

    def _is_base(self, index: int) -> bool:
        norm = self._norms[index]
        if norm in ("be", "have", "do"):
            return True
        return bool(self._grammar.tags.get(norm, 0) & BASE)

    def _looks_like_participle(self, norm: str, expect: int, flag: int) -> bool:
        """An unlisted verb behind "has" or "was": "repainted"."""
        return (
            bool(expect & PARTICIPLE) and not flag and norm.endswith("ed") and len(norm) > 5 and norm not in self._grammar.forms
        )

    def _looks_like_base(self, index: int) -> bool:
        """An unlisted verb behind "will" or "should": "will rationalise"; no name, adverb or participle."""
        text, norm = self._tokens.texts[index], self._norms[index]
        plain = text.isalpha() and text.islower() and not self._flags[index] and norm not in self._grammar.forms
        return plain and len(norm) > 3 and not norm.endswith(("ly", "ed", "ing", "tion", "ment"))

    def _is_unlisted(self, index: int, position: int) -> bool:
        """An unlisted verb behind a "to" that opens a list item, or that a verb or noun right before it governs."""
        if position != index + 1 or not self._looks_like_base(position):
            return False
        before = self._norms[index - 1] if index else ""
        verbs = self._grammar.verbs
        if before in verbs.governing_nouns or before in verbs.governing_adjectives:
            return True
        return index in self._item_starts or any(
            lemma in self._grammar.governor_kind for lemma, _ in self._grammar.forms.get(before, ())
        )

    def _fits(self, norm: str, expect: int, position: int) -> bool:
        if not expect or (self._flags[position] & FUNCTION and norm not in ("given", "set", "provided")):
            return False
        return bool(self._grammar.tags[norm] & expect)

    def _choose(self, norm: str, wanted: int) -> tuple[str, int]:
        options = self._grammar.forms.get(norm, ((norm, 0),))
        return next(((lemma, tag) for lemma, tag in options if tag & wanted), options[0])
