"""Events: accepted mentions, with those that come back to an earlier one joined to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bam.extraction.annotate.model import Head, Sentence
from bam.extraction.tables.workshops.mentions import Mention, Scene

_NEAR = 2


@dataclass(slots=True)
class Event:
    """One event with its mentions, the one that brings it in first. `probability` is that of the first one."""

    probability: float
    mentions: list[Mention] = field(default_factory=list)

    @property
    def main(self) -> Mention:
        """The mention that brings the event in."""
        return self.mentions[0]

    @property
    def head(self) -> Head | None:
        """The first noun phrase, None where no mention has one."""
        return next((mention.head for mention in self.mentions if mention.head is not None), None)

    def sentences(self) -> list[Sentence]:
        """The sentences that speak of it, each once, in order."""
        return sorted({m.sentence.index: m.sentence for m in self.mentions}.values(), key=lambda s: s.index)


def events_of(scene: Scene, accepted: Sequence[tuple[Mention, float]], least: float) -> list[Event]:
    """The events of the mentions with at least the probability `least`, in order; other mentions join an event that they come
    back to, or are left out.
    """
    events: list[Event] = []
    by_head: dict[int, Event] = {}
    for mention, probability in accepted:
        home = home_of(scene, mention, events, by_head)
        if home is None and probability >= least:
            home = Event(probability)
            events.append(home)
        if home is not None:
            home.mentions.append(mention)
            if mention.head is not None:
                by_head[mention.head.start] = home
    return events


def home_of(scene: Scene, mention: Mention, events: Sequence[Event], by_head: dict[int, Event]) -> Event | None:
    """The earlier event that a mention comes back to."""
    if mention.head is not None:
        earlier = scene.context.antecedent(mention.head)
        if earlier is not None and earlier.start in by_head:
            return by_head[earlier.start]
    last = events[-1] if events else None
    if last is not None and mention.head is not None and returns_to(scene, last, mention, mention.head):
        return last
    if last is None or last.mentions[-1].sentence is not mention.sentence:
        return None
    return last if goes_on(scene, last.mentions[-1], mention) else None


def returns_to(scene: Scene, event: Event, mention: Mention, head: Head) -> bool:
    """Whether a definite phrase ("their course", "that last course") close behind an event means it."""
    before = event.mentions[-1].sentence
    is_near = before is not mention.sentence and mention.sentence.index - before.index <= _NEAR
    if not is_near or before.block != mention.sentence.block or head.determiner not in ("definite", "possessive"):
        return False
    if head.proper is not None or not scene.words.others.isdisjoint(head.modifiers):
        return False
    named = event.head
    return named is None or (named.is_plural == head.is_plural and named.lemma.split()[-1] == head.lemma.split()[-1])


def goes_on(scene: Scene, before: Mention, mention: Mention) -> bool:
    """Whether a mention in the same sentence tells more of the same event: it has no noun, day or people of its own."""
    annotated = scene.context.annotated
    if mention.head is not None and before.head is not None:
        return False

    def has(items: Sequence[object], one: Mention) -> bool:
        return bool(annotated.within(items, one.stretch))  # type: ignore[type-var]

    if mention.head is None and before.head is None and mention.kind in ("act", "series"):
        return not has(annotated.dates, mention)
    both_dated = has(annotated.dates, before) and has(annotated.dates, mention)
    both_counted = has(annotated.persons, before) and has(annotated.persons, mention)
    return not both_dated and not both_counted
