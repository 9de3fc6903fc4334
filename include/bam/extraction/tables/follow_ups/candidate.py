"""A possible commitment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bam.extraction.annotate.model import Sentence, TableRow, Verb
from bam.extraction.tables.follow_ups.reports import Report
from bam.extraction.tables.follow_ups.rows import RowParts
from bam.model.claims import FollowUpStatus

ASKING = ("agreeing", "recommending", "promising", "planning")
"""Classes of the verbs under which something is to be done."""

Kind = Literal["will", "must", "to", "now", "agreed", "cue", "report", "row", "item"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible commitment. `start`..`end` is its evidence before neighbours share a sentence, `anchor` the offset of the verb,
    status phrase or cell that speaks of it.

    `kind` tells how it is said: `will` (future), `must` (should, must), `to` (infinitive under a verb of agreeing or asking, or
    in a list), `now` (present tense in a list, with a date ahead or of a party under a heading about the outcome), `agreed` (a
    verb of agreeing with a noun), `cue` (a clause that tells a fate), `report` (an item whose fate is told), `row` (a row of a
    table), `item` (a line without a verb). `governor` is the verb of agreeing above, `order` counts the candidates of a sentence,
    `told_by` names the form that speaks, where no verb or status phrase does.
    """

    kind: Kind
    sentence: Sentence
    start: int
    end: int
    anchor: int
    verb: Verb | None = None
    governor: Verb | None = None
    status: FollowUpStatus | None = None
    report: Report | None = None
    row: TableRow | None = None
    parts: RowParts | None = None
    order: int = 0
    is_coordinated: bool = False
    under_noun: bool = False
    told_by: str = ""
