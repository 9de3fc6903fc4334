"""What a training is about, as written."""

from __future__ import annotations

from itertools import pairwise

from bam.extraction.annotate.grammar import Flag
from bam.extraction.annotate.heads import EventWords
from bam.extraction.annotate.model import Head, QuotedTitle, Sentence, Spanned
from bam.extraction.context import distance
from bam.extraction.tables.workshops.events import Event
from bam.extraction.tables.workshops.mentions import Mention, Scene

_MOST_WORDS = 16
_MOST_LETTERS = 160
_TITLE_REACH = 160
_HEADS_BACK = 4
_STOPS = frozenset(",;.():")
_MARKS = " ,;.:|"


def topic_of(scene: Scene, event: Event, words: EventWords) -> str:
    """The quoted title beside a mention, else the fullest phrase: the noun phrase with what follows "on", "in" or "about"."""
    title = _title(scene, event)
    if title is not None:
        return title.text
    heads = [mention.head for mention in event.mentions if mention.head is not None]
    if not heads:
        return _told(scene, event.main, words)
    phrases = [_phrase(scene, head, words) for head in heads]
    return max(phrases, key=lambda phrase: (min(len(phrase.split()), 8), -phrases.index(phrase)))


def _title(scene: Scene, event: Event) -> QuotedTitle | None:
    annotated = scene.context.annotated
    for mention in event.mentions:
        near = [t for t in annotated.within(annotated.titles, mention.stretch) if distance(t, mention) <= _TITLE_REACH]
        if near:
            return min(near, key=lambda title: distance(title, mention))
    return None


def _told(scene: Scene, mention: Mention, words: EventWords) -> str:
    """What was taught: behind the word of teaching or learning to the end of its stretch; of "a ninth" the training named right
    before it; of rows, labelled items ("Khorog, 3 May: ...") and those without a verb the part that says more than when and
    where; else the whole stretch.
    """
    annotated = scene.context.annotated
    taught = [
        sign
        for sign in annotated.within(scene.signs, mention.stretch)
        if not {"teaching", "learning"}.isdisjoint(sign.groups) and " " in annotated.text[sign.end : mention.stretch.end].strip()
    ]
    counted = None if taught else _counted(scene, mention)
    if counted is not None:
        return _phrase(scene, counted, words)
    is_listed = ":" in annotated.quote(mention.stretch) or not annotated.verbs_of(mention.stretch)
    if not taught and (is_listed or annotated.row_at(mention.stretch.start)):
        part = _telling_part(scene, mention)
        if part is not None:
            return part
    start = taught[0].start if taught else mention.stretch.start
    return _shortened(annotated.text[start : mention.stretch.end])


def _counted(scene: Scene, mention: Mention) -> Head | None:
    """The noun that "a ninth" leaves out: that of the last training in its sentence or the one before."""
    annotated = scene.context.annotated
    ellipses = annotated.within(scene.ellipses, mention.stretch)
    if not ellipses:
        return None
    index = annotated.sentence_at(mention.stretch.start).index
    before = annotated.before(annotated.heads, ellipses[0].start, _HEADS_BACK)
    near = [h for h in before if h.kind == "training" and annotated.sentence_at(h.start).index >= index - 1]
    return near[-1] if near else None


def _when_and_where(scene: Scene, sentence: Sentence, behind: int) -> int:
    """The first token at or behind `behind` that leads to a date or a place ("on 13 November", "in Bishkek")."""
    annotated = scene.context.annotated
    tokens, flags = annotated.tokens, annotated.flags
    starts = {
        tokens.span(item.start, item.end)[0]
        for items in (annotated.dates, annotated.places)
        for item in annotated.within(items, sentence)
    }
    leads = (index for index in range(behind, sentence.last - 1) if flags[index] & Flag.PREP and index + 1 in starts)
    return next(leads, sentence.last)


def _telling_part(scene: Scene, mention: Mention) -> str | None:
    """The cell of a row, or the part of a list item between its marks, with most words outside dates, places, numbers and
    parties; None where no part has two.
    """
    annotated = scene.context.annotated
    stretch, tokens = mention.stretch, annotated.tokens
    row = annotated.row_at(stretch.start)
    parts = row.cells if row is not None else _parts(annotated.text, stretch.start, stretch.end)
    known: list[Spanned] = [
        *annotated.within(annotated.dates, stretch),
        *annotated.within(annotated.places, stretch),
        *annotated.within(annotated.parties, stretch),
    ]

    def told_words(part: tuple[int, int]) -> int:
        first, last = tokens.span(*part)
        covered = {index for item in known for index in range(*tokens.span(item.start, item.end))}
        return sum(index not in covered and tokens.norms[index].isalpha() for index in range(first, last))

    best = max(parts, key=lambda part: (told_words(part), -part[0]), default=None)
    return _shortened(annotated.text[slice(*best)]) if best is not None and told_words(best) > 1 else None


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A stretch of text cut at colons, semicolons and commas."""
    cuts = [start, *(index + 1 for index in range(start, end) if text[index] in ":;,"), end]
    return [(low, high) for low, high in pairwise(cuts) if text[low:high].strip(_MARKS)]


def _shortened(text: str) -> str:
    text = " ".join(text.split()).strip(_MARKS)
    return text if len(text) <= _MOST_LETTERS else text[:_MOST_LETTERS].rsplit(" ", 1)[0]


def _phrase(scene: Scene, head: Head, words: EventWords) -> str:
    annotated = scene.context.annotated
    tokens = annotated.tokens
    first, last = tokens.span(head.start, head.end)
    sentence = annotated.sentence_at(head.start)
    while first > sentence.first and tokens.ends[first - 1] == tokens.starts[first] and tokens.texts[first - 1] not in _STOPS:
        first -= 1
    if last < sentence.last and tokens.norms[last] in words.topic_links:
        end = min(sentence.last, last + _MOST_WORDS)
        verb = next((verb.first for verb in annotated.verbs_of(sentence) if verb.first > last and verb.form == "finite"), end)
        end = min(end, verb)
        stop = next((index for index in range(last, end) if tokens.texts[index] in _STOPS), end)
        stop = min(stop, _when_and_where(scene, sentence, last))
        return tokens.slice(first, stop).strip()
    return annotated.text[tokens.starts[first] : head.end]
