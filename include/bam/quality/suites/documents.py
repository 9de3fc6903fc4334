"""Checks of documents: their versions, what sources deliver, and how the extractor changed between versions."""

from __future__ import annotations

from bam.quality.checks import Check, Suite
from bam.quality.report import Severity

SHA256 = r"^[0-9a-f]{64}$"

DOCUMENTS = Suite(
    frame="documents",
    title="Document versions",
    id_column="version_id",
    remedy="Look at the versions named with `bam doc history ID`; read the document again, or correct its source in sources.yml.",
    checks=(
        Check(
            "id_is_unique",
            "ExpectColumnValuesToBeUnique",
            Severity.CRITICAL,
            "Two versions under one id would mix the texts that quotes refer to.",
            {"column": "version_id"},
        ),
        Check(
            "number_is_unique_in_document",
            "ExpectCompoundColumnsToBeUnique",
            Severity.CRITICAL,
            "The order of versions decides which text of a page stands.",
            {"column_list": ["document_id", "number"]},
        ),
        Check(
            "bytes_are_intact",
            "ExpectColumnValuesToBeNull",
            Severity.CRITICAL,
            "A figure is worth its source: the archived bytes and the text made of them must be those that were read.",
            {"column": "damage"},
            quarantines=True,
            remedy="Restore the bytes from a copy of the archive (`bam verify` names what is damaged); run `bam update` again.",
        ),
        Check(
            "raw_sha256_is_a_hash",
            "ExpectColumnValuesToMatchRegex",
            Severity.CRITICAL,
            "Archived bytes are found by their SHA-256; without it the source of a figure can't be shown.",
            {"column": "raw_sha256", "regex": SHA256},
        ),
        Check(
            "text_sha256_is_a_hash",
            "ExpectColumnValuesToMatchRegex",
            Severity.CRITICAL,
            "Offsets of quotes hold for one text only, which its SHA-256 names.",
            {"column": "text_sha256", "regex": SHA256},
        ),
        Check(
            "source_is_in_portfolio",
            "ExpectColumnValuesToBeNull",
            Severity.INFO,
            "A document whose source nobody configures any more has no rhythm, no licence and nobody who looks after it.",
            {"column": "unknown_source"},
        ),
        Check(
            "officiality_is_known",
            "ExpectColumnValuesToBeInSet",
            Severity.CRITICAL,
            "Which of two differing values is taken depends on how official their sources are.",
            {"column": "officiality", "value_set": ["official", "multilateral", "media", "think_tank"]},
        ),
        Check(
            "confidentiality_is_known",
            "ExpectColumnValuesToBeInSet",
            Severity.CRITICAL,
            "Without a traffic-light mark nobody knows who may read what was taken from the document.",
            {"column": "tlp", "value_set": ["clear", "green", "amber", "red"]},
        ),
        Check(
            "status_is_known",
            "ExpectColumnValuesToBeInSet",
            Severity.CRITICAL,
            "A version in an unknown state would be neither extracted nor reported.",
            {"column": "status", "value_set": ["converted", "structured", "quarantined", "waiting_language"]},
        ),
        Check(
            "reason_is_given",
            "ExpectColumnValuesToBeNull",
            Severity.WARNING,
            "A document that is held back without a reason can't be helped.",
            {"column": "unexplained"},
        ),
        Check(
            "could_be_converted",
            "ExpectColumnValuesToNotBeInSet",
            Severity.WARNING,
            "What can't be read gives no facts: readers must know that a document is missing.",
            {"column": "status", "value_set": ["quarantined"]},
        ),
        Check(
            "text_is_not_empty",
            "ExpectColumnValuesToBeBetween",
            Severity.WARNING,
            "A page that converts to almost nothing is a login page, a script or a scan, and its facts are missed silently.",
            {"column": "text_length", "min_value": 40},
            when='status == "converted"',
        ),
        Check(
            "text_is_stored",
            "ExpectColumnValuesToNotBeNull",
            Severity.CRITICAL,
            "Without the text of a version its quotes can't be checked.",
            {"column": "text_length"},
            when='status == "converted"',
        ),
        Check(
            "language_is_known",
            "ExpectColumnValuesToNotBeNull",
            Severity.INFO,
            "The extractor reads a document by the rules of its language.",
            {"column": "language"},
            when='status == "converted"',
        ),
        Check(
            "published_on_is_a_date",
            "ExpectColumnValuesToBeNull",
            Severity.WARNING,
            "When the world could know decides in which period a fact is new.",
            {"column": "bad_date"},
        ),
        Check(
            "published_on_is_given",
            "ExpectColumnValuesToNotBeNull",
            Severity.INFO,
            "Without a date of publication, relative dates in the text can't be resolved.",
            {"column": "published_on"},
            when='status == "converted"',
        ),
        Check(
            "published_on_is_not_in_the_future",
            "ExpectColumnValuesToBeNull",
            Severity.WARNING,
            "A page dated ahead of today has a wrong date, and its facts would land in a period to come.",
            {"column": "future_date"},
        ),
        Check(
            "text_is_new_in_document",
            "ExpectColumnValuesToBeNull",
            Severity.INFO,
            "A version with a text that the document had before (a correction taken back) deserves a look.",
            {"column": "copy_of"},
        ),
    ),
)

SOURCES = Suite(
    frame="sources",
    title="Sources",
    id_column="source_id",
    remedy="Try the source with `bam sources test ID`; correct it in sources.yml, or disable it there.",
    checks=(
        Check(
            "source_is_not_silent",
            "ExpectColumnValuesToBeBetween",
            Severity.WARNING,
            "A feed that fails quietly looks like a quiet month: a source silent for twice its rhythm is named.",
            {"column": "silence_ratio", "max_value": 2},
        ),
        Check(
            "source_has_delivered",
            "ExpectColumnValuesToNotBeNull",
            Severity.INFO,
            "A source that never gave a document is misconfigured or too new to count on.",
            {"column": "silent_days"},
        ),
        Check(
            "no_flood",
            "ExpectColumnValuesToBeNull",
            Severity.WARNING,
            "A sudden flood is an archive that was dumped or a feed that lost its memory, and would drown the other sources.",
            {"column": "flood"},
        ),
        Check(
            "no_day_without_documents",
            "ExpectColumnValuesToBeNull",
            Severity.WARNING,
            "A daily source without a document today is more often broken than quiet.",
            {"column": "drought"},
        ),
    ),
)

EXTRACTORS = Suite(
    frame="extractors",
    title="Drift of the extractor",
    id_column="drift_id",
    remedy="Compare the documents concerned with `bam explain FILE` before trusting the new version.",
    checks=(
        Check(
            "claims_do_not_vanish",
            "ExpectColumnValuesToBeBetween",
            Severity.WARNING,
            "A new extractor that finds a quarter less in the same documents has lost something.",
            {"column": "change", "min_value": -0.25},
        ),
        Check(
            "claims_do_not_multiply",
            "ExpectColumnValuesToBeBetween",
            Severity.WARNING,
            "A new extractor that finds half as much again in the same documents has begun to invent or to repeat.",
            {"column": "change", "max_value": 0.5},
        ),
    ),
)
