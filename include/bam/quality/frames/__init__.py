"""Frames for the checks: the objects of a run as pandas tables, one row per thing, one column per question.

Two kinds of columns. Plain ones hold values (`currency`, `amount`, `start_day`). The others hold a *fault in words* where
there is one and nothing else (`unfounded`, `bad_date`, `illegal_step` ...): their check expects them to be null, and a failing
row then says itself what is wrong with it. Days are ISO dates; amounts are in units of their currency unless the name says
`_common` (the portfolio's common currency).
"""

from bam.quality.frames.claims import ClaimNotes, claim_frame
from bam.quality.frames.context import CheckContext, ToCommon
from bam.quality.frames.documents import (
    Drift,
    SourceActivity,
    VersionFacts,
    document_frame,
    extractor_frame,
    source_frame,
)
from bam.quality.frames.figures import indicator_frame, ledger_frame, total_frame
from bam.quality.frames.records import record_frame

__all__ = [
    "CheckContext",
    "ClaimNotes",
    "Drift",
    "SourceActivity",
    "ToCommon",
    "VersionFacts",
    "claim_frame",
    "document_frame",
    "extractor_frame",
    "indicator_frame",
    "ledger_frame",
    "record_frame",
    "source_frame",
    "total_frame",
]
