"""Who is to act: parties of the clause, of the verb above it, of the list's lead, of a table's cell, and groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bam.extraction.annotate.grammar import Flag
from bam.extraction.annotate.model import Party, PartyUse, Sentence, Spanned
from bam.extraction.choosing import likely_codes
from bam.extraction.context import Context
from bam.extraction.party_lists import code_lists
from bam.extraction.ranker.model import Ranker
from bam.extraction.tables.follow_ups.draft import Draft, Span
from bam.extraction.tables.follow_ups.features import Numbers
from bam.extraction.tables.follow_ups.leads import Leads
from bam.extraction.tables.follow_ups.meetings import Meeting
from bam.extraction.tables.follow_ups.members import members_of
from bam.extraction.tables.follow_ups.party_lists import unfit_parties
from bam.extraction.tables.follow_ups.words import FollowUpMatchers
from bam.model.text import BlockKind

_TOP = 12
_OPENING, _FEW, _MANY = 60, 3, 5
_REACH = 8
_MAX_BODY = 8
_LEAST_ACRONYM = 3
_ACCEPT = 0.42
"""Probability from which a party is one of those who act."""


class Adder(Protocol):
    """Notes features of a choice of parties."""

    def __call__(self, codes: tuple[str, ...], **features: bool | float) -> None: ...


@dataclass(slots=True)
class Choice:
    """A party, or a group of parties chosen together, that could be the one to act, with what speaks for it."""

    codes: tuple[str, ...]
    features: Numbers = field(default_factory=dict)


class PartyReader:
    """Finds the choices of parties for drafts of one document."""

    def __init__(self, context: Context, matchers: FollowUpMatchers, leads: Leads, meetings: Sequence[Meeting]) -> None:
        self._context, self._matchers, self._leads = context, matchers, leads
        self._annotated = context.annotated
        self._lists = tuple(code_lists(context))
        self._by_size: dict[int, list[tuple[int, tuple[str, ...]]]] = {}
        listed = [(item.start, item.codes) for item in self._lists]
        for start, codes in (*listed, *((region.start, region.countries) for region in self._annotated.regions)):
            self._by_size.setdefault(len(codes), []).append((start, codes))
        self._list_of = {start: item.start for item in self._lists for start in item.starts}
        self._unfit = unfit_parties(context)
        self._present = next((m for m in meetings if m.is_present), None)
        self._next = [m for m in meetings if m.is_next]
        self._participants = self._top_list()
        self._owner = self._owner_of_meeting()
        self._members = members_of(context, self._present)

    def best(self, draft: Draft, ranker: Ranker | None) -> tuple[str, ...]:
        """The parties that the ranker takes, in order of appearance; without one the subject's. Who stands in a row's own cell
        acts, and nobody else.
        """
        if draft.who is not None:
            return self._in_cell(draft.who)
        host = self._host(draft)
        if host is not None:
            return (host,)
        sets = self.sets(draft)
        if ranker is None:
            return next((choice.codes for choice in sets if "subject" in choice.features), ())
        taken = likely_codes([(choice.codes, 2 * ranker.scores(choice.features)["yes"]) for choice in sets], _ACCEPT)
        return tuple(dict.fromkeys(code for choice in sets for code in choice.codes if code in taken))

    def _host(self, draft: Draft) -> str | None:
        """The country where the next meeting "will be held": its host."""
        verb = draft.candidate.verb
        if verb is None or not (verb.is_passive or verb.has("holding", "meeting") or verb.lemma.startswith("come")):
            return None
        subject, rest, _ = self._stretches(draft)
        if not any(subject.start <= m.start < subject.end for meeting in self._next for m in meeting.mentions):
            return None
        annotated = self._annotated
        if any(p.use is not PartyUse.ADJECTIVE for p in annotated.within(annotated.parties, subject)):
            return None
        clause = Span(rest.start, min(rest.end, annotated.clause_at(verb.start).end))
        for party in annotated.within(annotated.parties, clause):
            if party.country and self._preposition(annotated.tokens.index_at(party.start), clause) == "in":
                return party.country
        return next((p.country for p in annotated.within(annotated.places, clause) if p.country), None)

    def _in_cell(self, cell: Span) -> tuple[str, ...]:
        """The parties, programmes or group that a cell names, else the organisation of the meeting for its own organs, else the
        body as written.
        """
        annotated, tokens = self._annotated, self._annotated.tokens
        named: list[tuple[int, tuple[str, ...]]] = [
            (p.start, (p.code,)) for p in annotated.within(annotated.parties, cell) if p.code
        ]
        named += [(p.start, (p.code,)) for p in annotated.within(annotated.programmes, cell)]
        named += [(r.start, r.countries) for r in annotated.within(annotated.regions, cell)]
        codes = [code for _, listed in sorted(named) for code in listed]
        first, last = tokens.span(cell.start, cell.end)
        if self._owner is not None and any(tokens.norms[i] in self._matchers.words.organs for i in range(first, last)):
            codes = [self._owner, *codes] if not codes or codes[0] != self._owner else codes
        if codes:
            return tuple(dict.fromkeys(codes))
        grouped = next(iter(self._groups(cell)), None)
        if grouped is not None:
            return grouped[0]
        text = self._context.text[cell.start : cell.end].strip()
        return (text,) if text[:1].isupper() and len(text.split()) <= _MAX_BODY else ()

    def choices(self, draft: Draft) -> list[Choice]:
        """All choices with their features."""
        found: dict[tuple[str, ...], Choice] = {}

        def add(codes: tuple[str, ...], **features: bool | float) -> None:
            if codes:
                choice = found.setdefault(tuple(sorted(codes)), Choice(codes))
                choice.features.update({k: v for k, v in features.items() if v})

        subject, rest, above = self._stretches(draft)
        self._named(subject, "subject", draft, add)
        if above is not None:
            self._named(above, "governor", draft, add)
        self._named(rest, "behind", draft, add)
        if draft.who is not None:
            self._named(draft.who, "who_cell", draft, add)
        named_subject = any("subject" in c.features or "who_cell" in c.features for c in found.values())
        named_above = any("governor" in c.features for c in found.values())
        for where, span in (("subject", subject), ("governor", above), ("who_cell", draft.who)):
            if span is not None:
                for codes, kind in self._groups(span):
                    add(codes, **{f"group_{where}": True, f"group_kind_{kind}_{where}": True})
        grouped = any(f.startswith("group_") for c in found.values() for f in c.features)
        is_group = any(span is not None and self._names_group(span) for span in (subject, above, draft.who))
        self._around(draft, add)
        for choice in found.values():
            self._circumstances(choice, draft, named_subject, named_above, grouped, is_group)
        return list(found.values())

    def sets(self, draft: Draft) -> list[Choice]:
        """Who can be the ones to act, to be weighed against each other: each choice, those of one place together, nobody."""
        choices = self.choices(draft)
        found = {tuple(sorted(choice.codes)): choice for choice in choices}
        for where in _TOGETHER:
            members = [choice for choice in choices if where in choice.features]
            if len(members) > 1:
                codes = tuple(dict.fromkeys(code for choice in members for code in choice.codes))
                union = found.setdefault(tuple(sorted(codes)), Choice(codes))
                union.features[f"union_{where}"] = True
                for member in members:
                    union.features |= {k: v for k, v in member.features.items() if "|" in k or k.startswith(where)}
        states = {name.rsplit("|", 1)[-1] for choice in choices for name in choice.features if "|" in name}
        nobody: Numbers = {"empty": True, **dict.fromkeys((f"empty|{state}" for state in states), True)}
        if any("named" in choice.features for choice in choices):
            nobody["empty|named"] = True
        return [*found.values(), Choice((), nobody)]

    def _circumstances(self, choice: Choice, draft: Draft, named: bool, above: bool, grouped: bool, is_group: bool) -> None:
        """What holds for all choices of a draft, joined with where this one stands."""
        verb = draft.candidate.verb
        state = "named" if named else "above" if above else "grouped" if grouped else "group" if is_group else "none"
        places = [k for k in choice.features if k in _PLACES or (k.startswith("group_") and not k.startswith("group_kind"))]
        for place in places:
            choice.features[f"{place}|{state}"] = True
            choice.features[f"{place}|{draft.candidate.kind}"] = True
            if verb is not None and verb.is_passive:
                choice.features[f"{place}|passive"] = True
                choice.features[f"{place}|passive|{state}"] = True
            if verb is not None and verb.has("holding"):
                choice.features[f"{place}|holding"] = True
        choice.features["many"] = len(choice.codes) > 1
        if named:
            choice.features["named"] = True

    def _stretches(self, draft: Draft) -> tuple[Span, Span, Span | None]:
        """The subject before the verb, what stands behind it, and the stretch of the verb above."""
        candidate = draft.candidate
        verb = candidate.verb
        if candidate.kind == "report":
            inside = self._annotated.verbs_of(Span(draft.start, draft.end))
            stop = next((v.start for v in inside if v.form in ("infinitive", "finite")), draft.end)
            return Span(draft.start, stop), Span(stop, draft.end), None
        if verb is None or candidate.kind == "row":
            return Span(draft.start, draft.start), Span(draft.start, draft.end), None
        if candidate.kind == "cue":
            return Span(draft.start, max(draft.start, verb.start)), Span(verb.end, draft.end), None
        start = draft.start
        above: Span | None = None
        if candidate.governor is not None:
            governor = candidate.governor
            low = self._clause_start(governor.start)
            if governor.start < verb.start:
                above = Span(low, governor.start)
                start = max(start, governor.end)
                if governor.is_passive or governor.has("recommending") or governor.lemma == "ask":
                    start = min(start, low)
        return Span(min(start, verb.start), verb.start), Span(verb.end, draft.end), above

    def _clause_start(self, offset: int) -> int:
        """Where the subject of a verb can begin: its clause, and those before it back to a coordinated one."""
        annotated = self._annotated
        sentence = annotated.sentence_at(offset)
        clauses = annotated.clauses_of(sentence)
        position = next((i for i, c in enumerate(clauses) if c.start <= offset < c.end), 0)
        while position > 0 and clauses[position - 1].kind in ("relative", "fragment", "parenthesis"):
            position -= 1
        start = clauses[position].start if clauses else sentence.start
        first = annotated.tokens.index_at(start)
        if not annotated.flags[first] & Flag.COORD or first == sentence.first:
            return start
        before = [v.end for v in annotated.verbs_of(sentence) if v.end <= start]
        low = annotated.tokens.index_at(before[-1]) if before else sentence.first
        marks = [i for i in range(low, first) if annotated.tokens.texts[i] in ";:"]
        return annotated.tokens.starts[marks[-1] + 1 if marks else low]

    def _named(self, span: Span, where: str, draft: Draft, add: Adder) -> None:
        annotated = self._annotated
        tokens = annotated.tokens
        parties = annotated.within(annotated.parties, span)
        verb = draft.candidate.verb
        for order, party in enumerate(parties):
            if party.code == "" or party.index in self._unfit:
                continue
            listed = self._list_of.get(party.start)
            first = tokens.index_at(party.start if listed is None or listed < span.start else listed)
            before = self._preposition(first, span)
            inner = self._in_relative(span, party) if where != "behind" else False
            is_agent = bool(verb and verb.agent and verb.agent[0] <= party.start < verb.agent[1])
            is_place = party.use is PartyUse.CAPITAL and party.weight < 0.5
            label = f"{where}_place" if is_place else f"{where}_inner" if inner else where
            add(
                (party.code,),
                **{
                    label: True,
                    f"{where}:use={party.use.value}": True,
                    f"{where}:prep={before}": True,
                    f"{where}:first": order == 0 or listed == parties[0].start,
                    "agent": is_agent,
                },
            )
        bodies = [(p.start, p.code) for p in annotated.within(annotated.programmes, span)]
        bodies += [(tokens.starts[i], tokens.texts[i]) for i in (self._acronyms(span) if where == "subject" else ())]
        for start, code in bodies:
            before = self._preposition(tokens.index_at(start), span)
            first_of = not parties or start < parties[0].start
            add((code,), **{where: True, f"{where}:prep={before}": True, f"{where}:first": first_of})
        for region in annotated.within(annotated.regions, span):
            before = self._preposition(tokens.index_at(region.start), span)
            add(region.countries, **{f"region_{where}": True, f"region_{where}:prep={before}": True})
        if where == "behind":
            for place in annotated.within(annotated.places, span):
                if place.country and place.preposition in ("in", "at"):
                    add((place.country,), place_behind=True)

    def _acronyms(self, span: Span) -> Iterator[int]:
        """The token of an acronym right before the verb that nobody knows: "SEEBAC shall publish"."""
        annotated = self._annotated
        tokens = annotated.tokens
        first, last = tokens.span(span.start, span.end)
        while last > first and annotated.flags[last - 1] & (Flag.ADV | Flag.DET):
            last -= 1
        text = tokens.texts[last - 1] if last > first else ""
        mentions: list[Spanned] = [*annotated.within(annotated.parties, span), *annotated.within(annotated.programmes, span)]
        is_known = any(m.start <= tokens.starts[last - 1] < m.end for m in mentions)
        if len(text) >= _LEAST_ACRONYM and text.isupper() and text.isalpha() and not is_known:
            yield last - 1

    def _preposition(self, first: int, span: Span) -> str:
        """The preposition that the phrase of a party hangs on, past determiners and names; `none` where there is none."""
        annotated = self._annotated
        tokens = annotated.tokens
        floor = tokens.index_at(span.start)
        for index in range(first - 1, max(floor - 1, first - _REACH), -1):
            norm, flag = tokens.norms[index], annotated.flags[index]
            if norm in (",", "and", "or") or flag & Flag.DET or tokens.is_capitalised(index):
                continue
            if flag & Flag.PREP:
                return norm
            return "none"
        return "none"

    def _in_relative(self, span: Span, party: Party) -> bool:
        """Whether the party stands in a relative clause or bracket inside the stretch."""
        clause = self._annotated.clause_at(party.start)
        return clause.kind in ("relative", "parenthesis") and clause.start > span.start and clause.end < span.end

    def _groups(self, span: Span) -> Iterator[tuple[tuple[str, ...], str]]:
        """Who "the six states", "the Parties" or "both sides" in the stretch are."""
        annotated = self._annotated
        tokens = annotated.tokens
        first, last = tokens.span(span.start, span.end)
        for index in range(first, last):
            number = annotated.numbers.get(index)
            if number is not None and 2 <= number.value <= 30 and number.value == int(number.value) and not number.is_digits:
                codes = self._of_size(int(number.value), tokens.starts[index])
                if codes:
                    yield codes, "number"
                    return
        two = self._context.group_at(span)
        pairs = [i for i, kind in self._context.groups.items() if first <= i < last and kind == "two"]
        if pairs and len(two) == 2 and not (self._participants and self._is_open(pairs[0])):
            yield two, "two"
            return
        if next(iter(self._matchers.groups.find(tokens, first, last)), None) is None:
            return
        if self._participants:
            yield self._participants, "participants"
        elif self._owner is not None:
            yield (self._owner,), "owner"

    def _names_group(self, span: Span) -> bool:
        """Whether the stretch speaks of a group at all."""
        tokens = self._annotated.tokens
        return next(iter(self._matchers.groups.find(tokens, *tokens.span(span.start, span.end))), None) is not None

    def _is_open(self, index: int) -> bool:
        """Whether a group's phrase leaves its number open: "the Parties", unlike "both sides"."""
        words = self._matchers.words.pairs
        return not words & frozenset(self._annotated.tokens.norms[index : index + 2])

    def _of_size(self, size: int, before: int) -> tuple[str, ...]:
        """The last list or region of so many countries named before, else the first one behind."""
        fitting = self._by_size.get(size, [])
        earlier = [item for item in fitting if item[0] <= before]
        chosen = max(earlier) if earlier else min(fitting, default=(0, ()))
        return tuple(chosen[1])

    def _top_list(self) -> tuple[str, ...]:
        """Those who take part: the longest list of countries at the head of the document. A short list counts only where it opens
        its sentence; inside one it names hosts or donors.
        """
        sentences = self._annotated.sentences
        fitting = []
        for item in self._lists:
            countries = sum(len(code) == 2 and code.isupper() and code != "EU" for code in item.codes)
            opens = item.start - sentences[item.sentence].start <= _OPENING
            least = _FEW if opens else _MANY
            if item.sentence < _TOP and countries >= max(least, 0.7 * len(item.codes)):
                fitting.append(item)
        return max(fitting, key=lambda item: (len(item.codes), -item.start)).codes if fitting else ()

    def _owner_of_meeting(self) -> str | None:
        """The organisation whose meeting it is, by its name or the title."""
        annotated = self._annotated
        spans: list[Spanned] = [] if self._present is None else [m for m in self._present.mentions[:3] if not m.is_metonym]
        spans += [s for s in annotated.sentences[:3] if s.kind is BlockKind.TITLE]
        for span in spans:
            for party in annotated.parties:
                if span.start <= party.start < span.end and party.use is PartyUse.ORGANISATION and party.country is None:
                    return party.code
        return None

    def _around(self, draft: Draft, add: Adder) -> None:
        """Parties of the list's lead, of the heading, of the block's opening words, of the sentence before."""
        annotated = self._annotated
        sentence = draft.candidate.sentence
        lead = self._leads.lead_of(sentence)
        if lead is not None:
            self._subject_of(lead, "lead", add)
        for heading in self._leads.headings_of(sentence)[:1]:
            self._subject_of(heading, "heading", add, whole=True)
        opening = annotated.sentences[_first_of_block(self._context, sentence)]
        if opening.index != sentence.index:
            self._subject_of(opening, "opening", add)
            before = annotated.sentences[sentence.index - 1]
            if before.index != opening.index:
                self._subject_of(before, "before", add)
        if self._participants:
            add(self._participants, participants=True)
        if self._owner is not None:
            add((self._owner,), owner=True)
        for member in self._members:
            add(member.codes, members=True, **dict.fromkeys((f"members:{sign}" for sign in member.signs), True))

    def _subject_of(self, sentence: Sentence, where: str, add: Adder, *, whole: bool = False) -> None:
        annotated = self._annotated
        verbs = [v for v in annotated.verbs_of(sentence) if v.form == "finite"]
        end = sentence.end if whole or not verbs else verbs[-1].start if where == "lead" else verbs[0].start
        span = Span(sentence.start, max(sentence.start, end))
        for party in annotated.within(annotated.parties, span)[:20]:
            if party.use is not PartyUse.CAPITAL and party.code and party.index not in self._unfit:
                add((party.code,), **{where: True, f"{where}:use={party.use.value}": True})
        for codes, kind in self._groups(span):
            add(codes, **{f"group_{where}": True, f"group_kind_{kind}_{where}": True})


_TOGETHER = ("subject", "governor", "behind", "lead", "heading", "before", "opening")
"""Where parties that stand together can act together."""
_PLACES = frozenset(
    ["subject", "subject_inner", "subject_place", "governor", "governor_inner", "behind", "behind_place", "who_cell", "cell_text",
     "lead", "heading", "opening", "before", "participants", "owner", "place_behind", "region_subject", "region_governor",
     "region_behind", "region_who_cell", "agent", "members"]
)  # fmt: skip


def _first_of_block(context: Context, sentence: Sentence) -> int:
    index = sentence.index
    sentences = context.annotated.sentences
    while index > 0 and sentences[index - 1].block == sentence.block:
        index -= 1
    return index
