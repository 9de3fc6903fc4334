"""Who a document is by, and who gives trainings throughout it: signs of the giver of those that name nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bam.extraction.annotate.model import Head, PartyUse, Spanned
from bam.extraction.context import Context
from bam.extraction.roles import Numbers

_HEADING = 3
_RANKS = 3


@dataclass(frozen=True, slots=True)
class Hosts:
    """`publishers` are parties in the publisher's name, `opening` those of the title and the first sentences; `givers` stand
    before a training or teaching, `bodies` are organisations, those with most sentences and mentions first. `seats` is the
    country that most of them sit in; `is_ours` says that the document speaks of its authors.
    """

    publishers: frozenset[str]
    opening: frozenset[str]
    givers: tuple[str, ...]
    bodies: tuple[str, ...]
    seats: tuple[str, ...]
    is_ours: bool

    def features(self, code: str) -> Numbers:
        """How a party stands to the document."""
        features: Numbers = {
            "publisher": code in self.publishers,
            "opening": code in self.opening,
            f"giver_rank={_rank(self.givers, code)}": True,
            f"body_rank={_rank(self.bodies, code)}": True,
            "ours&publisher": self.is_ours and code in self.publishers,
            "ours&opening": self.is_ours and code in self.opening,
        }
        features[f"ours&body_rank={_rank(self.bodies, code)}"] = self.is_ours
        return features


def _rank(codes: Sequence[str], code: str) -> int | None:
    return codes.index(code) if code in codes[:_RANKS] else None


def hosts_of(context: Context, heads: Sequence[Head], signs: Sequence[Spanned], ours: frozenset[str]) -> Hosts:
    """Read once for a document, in time linear in its parties."""
    annotated = context.annotated
    publisher = (annotated.document.metadata.publisher or "").casefold()
    publishers: set[str] = set()
    opening: set[str] = set()
    gives: Counter[str] = Counter()
    bodies: Counter[str] = Counter()
    taught: dict[int, int] = {}
    for item in (*heads, *signs):
        index = annotated.sentence_at(item.start).index
        taught[index] = max(taught.get(index, 0), item.start)
    for party in annotated.parties:
        if party.use is PartyUse.ADJECTIVE:
            continue
        sentence = annotated.sentence_at(party.start)
        if publisher and annotated.quote(party).casefold() in publisher:
            publishers.add(party.code)
        if sentence.index < _HEADING:
            opening.add(party.code)
        if party.code != party.country:
            bodies[party.code] += 1
        if party.use is not PartyUse.NAME and party.end <= taught.get(sentence.index, 0):
            gives[party.code] += 1
    seats = Counter(party.host for party in annotated.parties if party.host)
    is_ours = bool(annotated.tokens.where(ours))
    return Hosts(frozenset(publishers), frozenset(opening), _ranked(gives), _ranked(bodies), _ranked(seats)[:1], is_ours)


def _ranked(counter: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(code for code, _ in sorted(counter.items(), key=lambda item: (-item[1], item[0])))
