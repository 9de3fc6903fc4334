"""What could speak of an event: nouns of training, and stretches of text that tell of teaching, people or days without one."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, NamedTuple

from bam.extraction.annotate.annotated import Annotated, S
from bam.extraction.annotate.model import Head, PersonCount, Sentence, Spanned
from bam.extraction.annotate.tokens import HYPHENS
from bam.extraction.context import Context
from bam.extraction.tables.workshops.bare import bare_counts
from bam.extraction.tables.workshops.ellipsis import Ellipsis, ellipses_of
from bam.extraction.tables.workshops.hosts import Hosts, hosts_of
from bam.extraction.tables.workshops.members import lists_of
from bam.extraction.tables.workshops.words import WorkshopMatchers, WorkshopWords
from bam.model.text import BlockKind

Kind = Literal["head", "act", "people", "number", "series", "days", "row"]
_LEAST_TOKENS = 3
_TELLING = frozenset({"teaching", "learning", "attending", "journey"})
_NO_TEXT = frozenset({BlockKind.BYLINE})


class Stretch(NamedTuple):
    """A piece of text."""

    start: int
    end: int


class Sign(NamedTuple):
    """A word or phrase that tells of training; `groups` are its groups in the lexicon."""

    start: int
    end: int
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that may tell of an event. `start`..`end` is the noun phrase, verb or number that it hangs on, `stretch` the part
    of its sentence that belongs to it, `head` its noun phrase, None where none names the event.
    """

    kind: Kind
    start: int
    end: int
    stretch: Stretch
    sentence: Sentence
    head: Head | None = None


class Spot(NamedTuple):
    """What a sentence holds that can tell of an event."""

    trained: bool
    people: bool
    days: bool
    dates: bool
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class RowSigns:
    """What the heads of the columns and the caption of a row's table tell."""

    is_header: bool
    cells: int
    trained: bool
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scene:
    """A document with what this table finds in it before it decides. `lengths` are durations ("five weeks"), `bare` numbers of
    unnamed people, `ellipses` phrases that count an event without a noun, `lists` the sets of countries that the document names
    together. `spots` and `rows` go by the index of a sentence, `shares` by the group of signs.
    """

    context: Context
    signs: tuple[Sign, ...]
    lengths: tuple[Stretch, ...]
    bare: tuple[PersonCount, ...]
    heads: tuple[Head, ...]
    mentions: tuple[Mention, ...]
    ellipses: tuple[Ellipsis, ...]
    words: WorkshopWords
    lists: tuple[tuple[str, ...], ...]
    hosts: Hosts
    spots: dict[int, Spot]
    rows: dict[int, RowSigns]
    shares: dict[str, float]


def scene_of(context: Context, matchers: WorkshopMatchers) -> Scene:
    """Signs, numbers of unnamed people, nouns and mentions, in order of place; in time linear in the text."""
    annotated = context.annotated
    signs = _signs(context, matchers)
    heads = _heads(context, matchers)
    scene = Scene(
        context=context,
        signs=signs,
        lengths=tuple(_lengths(context, matchers)),
        bare=bare_counts(context, matchers.words),
        heads=heads,
        mentions=(),
        ellipses=ellipses_of(annotated, matchers),
        words=matchers.words,
        lists=lists_of(context),
        hosts=hosts_of(context, heads, tuple(sign for sign in signs if "teaching" in sign.groups), matchers.words.ours),
        spots=_spots(context, heads, signs),
        rows=_rows(context, heads, signs),
        shares=_shares(context, signs),
    )
    mentions: list[Mention] = []
    for sentence in annotated.sentences:
        row = scene.rows.get(sentence.index)
        if sentence.kind in _NO_TEXT or (row is not None and row.is_header):
            continue
        for stretch in _stretches(context, sentence):
            mentions += _of_stretch(scene, sentence, stretch)
    return replace(scene, mentions=tuple(mentions))


def _spots(context: Context, heads: tuple[Head, ...], signs: tuple[Sign, ...]) -> dict[int, Spot]:
    """What each sentence holds, by its index; told from the few mentions of a document rather than asked of every sentence."""
    annotated = context.annotated
    trained, people = _by_sentence(annotated, heads), _by_sentence(annotated, annotated.persons)
    dates, told = _by_sentence(annotated, annotated.dates), _by_sentence(annotated, signs)
    return {
        index: Spot(
            trained=index in trained,
            people=index in people,
            days=any(date.precision == "day" for date in dates.get(index, ())),
            dates=index in dates,
            groups=frozenset(group for sign in told.get(index, ()) for group in sign.groups),
        )
        for index in range(len(annotated.sentences))
    }


def _by_sentence(annotated: Annotated, items: Sequence[S]) -> dict[int, list[S]]:
    """The items that stand in sentences, by the index of the sentence."""
    found: dict[int, list[S]] = {}
    for item in items:
        sentence = annotated.sentence_at(item.start)
        if sentence.start <= item.start < sentence.end:
            found.setdefault(sentence.index, []).append(item)
    return found


def _rows(context: Context, heads: tuple[Head, ...], signs: tuple[Sign, ...]) -> dict[int, RowSigns]:
    """The rows of all tables by their sentences."""
    annotated = context.annotated
    found: dict[int, RowSigns] = {}
    tops: dict[int, tuple[bool, frozenset[str]]] = {}
    for row in annotated.rows:
        if row.table not in tops:
            spans: list[Spanned] = [annotated.sentences[row.sentence]] if row.is_header else []
            spans += [Stretch(*row.caption)] if row.caption is not None else []
            groups = frozenset(group for span in spans for sign in annotated.within(signs, span) for group in sign.groups)
            tops[row.table] = any(annotated.within(heads, span) for span in spans), groups
        found[row.sentence] = RowSigns(row.is_header, len(row.cells), *tops[row.table])
    return found


def _shares(context: Context, signs: tuple[Sign, ...]) -> dict[str, float]:
    """For each group how many signs tell of it, as a share of the document's words."""
    counts = Counter(group for sign in signs for group in sign.groups)
    return {group: count / max(1, len(context.annotated.tokens)) for group, count in counts.items()}


def _signs(context: Context, matchers: WorkshopMatchers) -> tuple[Sign, ...]:
    """Words and phrases of the lexicon, and verbs of training in any form ("train" alone may run on rails)."""
    tokens = context.annotated.tokens
    found = [Sign(tokens.starts[m.first], tokens.ends[m.last - 1], m.values) for m in matchers.signs.find(tokens)]
    taken = {sign.end for sign in found}
    verbs = (verb for verb in context.annotated.verbs if verb.has("training") and verb.end not in taken)
    found += [Sign(tokens.starts[verb.head], verb.end, ("teaching",)) for verb in verbs]
    return tuple(sorted(found, key=lambda sign: sign.start))


def _lengths(context: Context, matchers: WorkshopMatchers) -> Iterator[Stretch]:
    """Nouns of time with a number or a word for one before them, also over a hyphen: "five weeks", "a whole month"."""
    annotated = context.annotated
    tokens, words = annotated.tokens, matchers.words
    ends = {number.last for number in annotated.numbers.values()}
    for index in tokens.where(words.spans):
        if index == 0:
            continue
        before = index - 1 if tokens.norms[index - 1] not in HYPHENS or index == 1 else index - 2
        if before + 1 in ends or tokens.norms[before] in words.single:
            yield Stretch(tokens.starts[before], tokens.ends[index])


def _heads(context: Context, matchers: WorkshopMatchers) -> tuple[Head, ...]:
    """Nouns of training, without phrases that mean something else."""
    tokens = context.annotated.tokens
    idioms = [(tokens.starts[m.first], tokens.ends[m.last - 1]) for m in matchers.idioms.find(tokens)]
    starts = [start for start, _ in idioms]
    found = []
    for head in context.annotated.heads_of("training"):
        position = bisect_left(starts, head.noun_end) - 1
        if position < 0 or idioms[position][1] <= head.noun_start:
            found.append(head)
    return tuple(found)


def _stretches(context: Context, sentence: Sentence) -> list[Stretch]:
    """The parts of a sentence between semicolons."""
    tokens = context.annotated.tokens
    low, high = sentence.first + _LEAST_TOKENS, sentence.last - _LEAST_TOKENS
    if sentence.kind is BlockKind.TABLE_ROW or ";" not in tokens.texts[low:high]:
        return [Stretch(sentence.start, sentence.end)]
    cuts = [sentence.first, *(index + 1 for index in range(low, high) if tokens.texts[index] == ";"), sentence.last]
    return [Stretch(tokens.starts[first], tokens.ends[last - 1]) for first, last in pairwise(cuts) if last > first]


def _of_stretch(scene: Scene, sentence: Sentence, stretch: Stretch) -> list[Mention]:
    annotated = scene.context.annotated
    heads = annotated.within(scene.heads, stretch)
    if heads:
        return [
            Mention("head", head.start, head.end, part, sentence, head)
            for head, part in zip(heads, _parts(scene.context, stretch, heads), strict=True)
        ]
    spot = scene.spots[sentence.index]
    is_counted = bool(annotated.within(scene.bare, sentence)) or bool(annotated.within(scene.ellipses, sentence))
    anchor = _anchor(scene, stretch) if is_counted or spot.groups or spot.people or spot.dates else None
    if anchor is None:
        anchor = _row_anchor(scene, sentence)
    if anchor is None:
        return []
    kind, item = anchor
    return [Mention(kind, item.start, item.end, stretch, sentence)]


def _row_anchor(scene: Scene, sentence: Sentence) -> tuple[Kind, Spanned] | None:
    """The first cell with a word, of a row in a table whose heads or caption tell of training."""
    row = scene.rows.get(sentence.index)
    if row is None or not (row.trained or not _TELLING.isdisjoint(row.groups)):
        return None
    found = scene.context.annotated.row_at(sentence.start)
    text = scene.context.text
    cells = found.cells if found is not None else ()
    first = next((cell for cell in cells if any(c.isalpha() for c in text[slice(*cell)])), None)
    return ("row", Stretch(*first)) if first is not None else None


def _parts(context: Context, stretch: Stretch, heads: Sequence[Head]) -> list[Stretch]:
    """The stretch shared out among its nouns, cut where the clause of the next one begins."""
    annotated = context.annotated
    starts = [stretch.start]
    for before, head in pairwise(heads):
        clause = annotated.clause_at(head.start)
        starts.append(clause.start if clause.start > before.end else head.start)
    return [Stretch(start, end) for start, end in zip(starts, [*starts[1:], stretch.end], strict=True)]


def _anchor(scene: Scene, stretch: Stretch) -> tuple[Kind, Spanned] | None:
    """What a stretch without a noun of training hangs on: a word of teaching, people, a bare number, a series, days."""
    annotated = scene.context.annotated
    signs = annotated.within(scene.signs, stretch)
    telling = [sign for sign in signs if not _TELLING.isdisjoint(sign.groups)]
    people, bare = annotated.within(annotated.persons, stretch), annotated.within(scene.bare, stretch)
    dates = [d for d in annotated.within(annotated.dates, stretch) if d.precision in ("day", "month") and d.role != "deadline"]
    taught = next((sign for sign in telling if "teaching" in sign.groups), None)
    if taught is not None:
        return "act", taught
    if people:
        return "people", people[0]
    has_length = bool(annotated.within(scene.lengths, stretch))
    if bare and (telling or dates or has_length):
        return "number", bare[0]
    ellipses = annotated.within(scene.ellipses, stretch)
    if ellipses:
        return "series", ellipses[0]
    series = next((sign for sign in signs if "series" in sign.groups), None)
    if series is not None and (dates or telling):
        return "series", series
    ranges = [date for date in dates if date.until is not None and date.until != date.value]
    if ranges or (dates and telling):
        return "days", (ranges or dates)[0]
    return None
