"""Events as candidates: noun phrases about trainings, and acts of training that name no event ("sixty officers were trained")."""

from __future__ import annotations

from dataclasses import dataclass

from bam.extraction.annotate.model import Head, Spanned, Verb
from bam.extraction.context import Context
from bam.extraction.merge import group


@dataclass(frozen=True, slots=True)
class Event:
    """One event with all its mentions in order; each is a noun phrase or a verb of training."""

    mentions: tuple[Head | Verb, ...]

    @property
    def main(self) -> Head | Verb:
        """The mention that is read first."""
        return self.mentions[0]

    @property
    def head(self) -> Head | None:
        """The first noun phrase, None where the event is only a verb."""
        return next((mention for mention in self.mentions if isinstance(mention, Head)), None)


def events_of(context: Context) -> list[Event]:
    """The events of a document, in order of place.

    A phrase that comes back to an earlier one ("the course") is a mention of it. A verb of training is an event of its own only
    where people are counted in its clause and no phrase about a training stands in its sentence.
    """
    annotated = context.annotated
    heads = annotated.heads_of("training")
    events = [
        Event(tuple(same))
        for same in group(heads, lambda head: [(context.antecedent(head) or head).start], lambda one, other: True)
    ]
    with_heads = {annotated.sentence_at(head.start).index for head in heads}
    for verb in annotated.verbs:
        sentence = annotated.sentence_at(verb.start)
        if verb.has("training") and sentence.index not in with_heads and annotated.within(annotated.persons, sentence):
            events.append(Event((verb,)))
            with_heads.add(sentence.index)
    return sorted(events, key=lambda event: event.main.start)


def sentences_of(context: Context, event: Event) -> list[Spanned]:
    """The sentences that mention the event, each once, in order."""
    annotated = context.annotated
    found = {annotated.sentence_at(mention.start).index: None for mention in event.mentions}
    return [annotated.sentences[index] for index in found]
