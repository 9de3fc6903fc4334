"""Checks of figures: counted + excluded = seen, and every figure leads back to records."""

from __future__ import annotations

from bam.quality.checks import Check, Suite
from bam.quality.report import Severity

LEDGER = Suite(
    frame="ledger",
    title="The counting ledger",
    id_column="entry_id",
    remedy="Run `bam update --rebuild`; if it stays, the program is at fault: report this line.",
    checks=(
        Check(
            "entry_is_unique",
            "ExpectCompoundColumnsToBeUnique",
            Severity.CRITICAL,
            "A record that stands twice in one total is counted twice.",
            {"column_list": ["record_id", "total"]},
        ),
        Check(
            "record_exists",
            "ExpectColumnValuesToBeNull",
            Severity.CRITICAL,
            "A sum in a total must be somebody's: the record must be in the funding table.",
            {"column": "orphan_of"},
        ),
        Check(
            "exclusion_has_a_reason",
            "ExpectColumnValuesToBeNull",
            Severity.CRITICAL,
            "Readers are told what was left out and why; what is counted has no reason to be left out.",
            {"column": "unreasoned"},
        ),
        Check(
            "stages_do_not_mix",
            "ExpectColumnValuesToBeNull",
            Severity.CRITICAL,
            "Promised and paid money are never added to each other.",
            {"column": "mixed_stage"},
        ),
        Check(
            "counted_amount_is_given",
            "ExpectColumnValuesToNotBeNull",
            Severity.CRITICAL,
            "What is counted has an amount.",
            {"column": "amount"},
            when="is_counted == True",
        ),
    ),
)

TOTALS = Suite(
    frame="totals",
    title="Totals",
    id_column="total_id",
    remedy="Run `bam ledger --check` and `bam update --rebuild`; if it stays, the program is at fault: report this line.",
    checks=(
        Check(
            "counted_and_excluded_are_seen",
            "ExpectColumnValuesToBeInSet",
            Severity.CRITICAL,
            "Every funding record is counted or left out with a reason, in every total: counted + excluded = seen.",
            {"column": "count_gap", "value_set": [0]},
        ),
        Check(
            "amounts_add_up",
            "ExpectColumnValuesToBeInSet",
            Severity.CRITICAL,
            "The sums counted and left out must add up to the sum seen, to the cent.",
            {"column": "amount_gap", "value_set": [0.0]},
        ),
        Check(
            "exclusions_are_explained",
            "ExpectColumnValuesToBeNull",
            Severity.CRITICAL,
            "The brief prints what was left out by reason: the reasons must cover all of it.",
            {"column": "unexplained"},
        ),
        Check(
            "entries_give_the_total",
            "ExpectColumnValuesToBeNull",
            Severity.CRITICAL,
            "A total must be what its entries give when they are added again.",
            {"column": "recount_gap"},
        ),
        Check(
            "no_jump_in_sums",
            "ExpectColumnValuesToBeNull",
            Severity.WARNING,
            "A total that triples or collapses between two publications is looked at before it is believed.",
            {"column": "jump"},
        ),
        Check(
            "counted_is_not_negative",
            "ExpectColumnValuesToBeBetween",
            Severity.CRITICAL,
            "A total below zero can't be assistance.",
            {"column": "amount_counted", "min_value": 0},
        ),
    ),
)

INDICATORS = Suite(
    frame="indicators",
    title="Indicator tables",
    id_column="figure_id",
    remedy="Run `bam update --rebuild`; if it stays, the program is at fault: report this line.",
    checks=(
        Check(
            "figure_is_unique",
            "ExpectCompoundColumnsToBeUnique",
            Severity.CRITICAL,
            "One cell of a table has one figure.",
            {"column_list": ["table", "period", "key", "measure"]},
        ),
        Check(
            "value_is_given",
            "ExpectColumnValuesToNotBeNull",
            Severity.CRITICAL,
            "A cell without a figure is left out of the table, not shown as nothing.",
            {"column": "value"},
        ),
        Check(
            "value_is_not_negative",
            "ExpectColumnValuesToBeBetween",
            Severity.CRITICAL,
            "Sums, facilities, trainings, persons and promises are counted upwards from zero.",
            {"column": "value", "min_value": 0},
        ),
        Check(
            "period_is_iso",
            "ExpectColumnValuesToBeNull",
            Severity.CRITICAL,
            "A figure for a period that can't be read is in no brief.",
            {"column": "bad_period"},
        ),
        Check(
            "records_are_behind_it",
            "ExpectColumnValuesToBeBetween",
            Severity.CRITICAL,
            "A figure above zero must lead back to the records that make it.",
            {"column": "record_count", "min_value": 1},
            when="value > 0",
        ),
        Check(
            "records_exist",
            "ExpectColumnValuesToBeNull",
            Severity.CRITICAL,
            "The records behind a figure must be those that are published with it.",
            {"column": "orphan_of"},
        ),
    ),
)
