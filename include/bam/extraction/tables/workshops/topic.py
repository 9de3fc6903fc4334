"""What a training is about, as written."""

from __future__ import annotations

from bam.extraction.annotate.heads import EventWords
from bam.extraction.annotate.model import Head, QuotedTitle
from bam.extraction.context import Context, distance
from bam.extraction.tables.workshops.events import Event

_MOST_WORDS = 16
_TITLE_REACH = 160
_STOPS = frozenset(",;.():")


def topic_of(context: Context, event: Event, words: EventWords) -> str:
    """The quoted title beside a mention, else the fullest phrase: the noun phrase with what follows "on", "in" or "about"."""
    annotated = context.annotated
    title = _title(context, event)
    if title is not None:
        return title.text
    heads = [mention for mention in event.mentions if isinstance(mention, Head)]
    if not heads:
        clause = annotated.clause_at(event.main.start)
        return annotated.quote(clause).strip(" ,;.\n")
    phrases = [_phrase(context, head, words) for head in heads]
    return max(phrases, key=lambda phrase: (min(len(phrase.split()), 8), -phrases.index(phrase)))


def _title(context: Context, event: Event) -> QuotedTitle | None:
    annotated = context.annotated
    for mention in event.mentions:
        sentence = annotated.sentence_at(mention.start)
        near = [t for t in annotated.within(annotated.titles, sentence) if distance(t, mention) <= _TITLE_REACH]
        if near:
            return min(near, key=lambda title: distance(title, mention))
    return None


def _phrase(context: Context, head: Head, words: EventWords) -> str:
    annotated = context.annotated
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
