"""What a training is about, as written."""

from __future__ import annotations

from bam.extraction.annotate.heads import EventWords
from bam.extraction.annotate.model import Head, QuotedTitle
from bam.extraction.context import distance
from bam.extraction.tables.workshops.events import Event
from bam.extraction.tables.workshops.mentions import Mention, Scene

_MOST_WORDS = 16
_MOST_LETTERS = 160
_TITLE_REACH = 160
_STOPS = frozenset(",;.():")


def topic_of(scene: Scene, event: Event, words: EventWords) -> str:
    """The quoted title beside a mention, else the fullest phrase: the noun phrase with what follows "on", "in" or "about"."""
    title = _title(scene, event)
    if title is not None:
        return title.text
    heads = [mention.head for mention in event.mentions if mention.head is not None]
    if not heads:
        return _told(scene, event.main)
    phrases = [_phrase(scene, head, words) for head in heads]
    return max(phrases, key=lambda phrase: (min(len(phrase.split()), 8), -phrases.index(phrase)))


def _title(scene: Scene, event: Event) -> QuotedTitle | None:
    annotated = scene.context.annotated
    for mention in event.mentions:
        near = [t for t in annotated.within(annotated.titles, mention.stretch) if distance(t, mention) <= _TITLE_REACH]
        if near:
            return min(near, key=lambda title: distance(title, mention))
    return None


def _told(scene: Scene, mention: Mention) -> str:
    """What was taught: behind the word of teaching or learning to the end of its stretch, else the whole stretch."""
    annotated = scene.context.annotated
    signs = annotated.within(scene.signs, mention.stretch)
    taught = [sign for sign in signs if not {"teaching", "learning"}.isdisjoint(sign.groups) and sign.end < mention.stretch.end]
    start = taught[0].start if taught else mention.stretch.start
    text = " ".join(annotated.text[start : mention.stretch.end].split()).strip(" ,;.")
    return text if len(text) <= _MOST_LETTERS else text[:_MOST_LETTERS].rsplit(" ", 1)[0]


def _phrase(scene: Scene, head: Head, words: EventWords) -> str:
    annotated = scene.context.annotated
    tokens = annotated.tokens
    first, last = tokens.span(head.start, head.end)
    sentence = annotated.sentence_at(head.start)
    if last < sentence.last and tokens.norms[last] in words.topic_links:
        end = min(sentence.last, last + _MOST_WORDS)
        verb = next((verb.first for verb in annotated.verbs_of(sentence) if verb.first > last and verb.form == "finite"), end)
        end = min(end, verb)
        stop = next((index for index in range(last, end) if tokens.texts[index] in _STOPS), end)
        return tokens.slice(first, stop).strip()
    return annotated.quote(head)
