"""Checks of records: one real-world thing each, built from claims.

Records are made by our own rules from claims that passed, so a fault that no claim can explain is a fault of the program and
critical. What sources may really have said (an odd order of events, a part larger than its total) is let out with a warning.
"""

from __future__ import annotations

from bam.quality.checks import Check, Suite
from bam.quality.codes import COUNTRIES, CURRENCIES
from bam.quality.report import Severity

RECORDS = Suite(
    frame="records",
    title="Records",
    id_column="record_id",
    remedy="Review the claims of the records named (`bam queue`) or run `bam update --rebuild`; if it stays, report this line.",
    checks=(
        Check(
            "id_is_unique",
            "ExpectColumnValuesToBeUnique",
            Severity.CRITICAL,
            "A record that is stored twice is counted twice.",
            {"column": "record_id"},
        ),
        Check(
            "has_claims",
            "ExpectColumnValuesToBeBetween",
            Severity.CRITICAL,
            "A record that no claim carries is an invention.",
            {"column": "claim_count", "min_value": 1},
        ),
        Check(
            "claims_stand",
            "ExpectColumnValuesToBeNull",
            Severity.CRITICAL,
            "A record may rest only on claims that are neither superseded nor quarantined nor rejected.",
            {"column": "missing_claim"},
        ),
        Check(
            "values_are_stated",
            "ExpectColumnValuesToBeNull",
            Severity.CRITICAL,
            "Each value of a record must be what the claim it is taken from says.",
            {"column": "unsupported"},
        ),
        Check(
            "witnesses_are_among_claims",
            "ExpectColumnPairValuesAToBeGreaterThanB",
            Severity.CRITICAL,
            "There can't be more independent voices than claims: copies would be taken for confirmation.",
            {"column_A": "claim_count", "column_B": "witness_count", "or_equal": True},
        ),
        Check(
            "has_a_witness",
            "ExpectColumnValuesToBeBetween",
            Severity.CRITICAL,
            "Somebody must have said it.",
            {"column": "witness_count", "min_value": 1},
        ),
        Check(
            "confidence_is_a_probability",
            "ExpectColumnValuesToBeBetween",
            Severity.CRITICAL,
            "Confidence orders the review and must mean the same everywhere.",
            {"column": "confidence", "min_value": 0, "max_value": 1},
        ),
        Check(
            "published_in_order",
            "ExpectColumnPairValuesAToBeGreaterThanB",
            Severity.CRITICAL,
            "The first report can't be later than the last: figures as of a day depend on it.",
            {
                "column_A": "last_published_on",
                "column_B": "first_published_on",
                "or_equal": True,
                "ignore_row_if": "either_value_is_missing",
            },
        ),
        Check(
            "currency_is_iso_4217",
            "ExpectColumnValuesToBeInSet",
            Severity.CRITICAL,
            "No sum in a currency that doesn't exist may reach a table.",
            {"column": "currency", "value_set": CURRENCIES},
        ),
        Check(
            "amount_is_positive",
            "ExpectColumnValuesToBeBetween",
            Severity.CRITICAL,
            "A negative sum would lower a total that nobody lowered.",
            {"column": "amount", "min_value": 0, "strict_min": True},
        ),
        Check(
            "range_contains_amount_min",
            "ExpectColumnPairValuesAToBeGreaterThanB",
            Severity.CRITICAL,
            "The value that is shown must lie in the range that sources give.",
            {"column_A": "amount", "column_B": "amount_min", "or_equal": True, "ignore_row_if": "either_value_is_missing"},
        ),
        Check(
            "range_contains_amount_max",
            "ExpectColumnPairValuesAToBeGreaterThanB",
            Severity.CRITICAL,
            "The value that is shown must lie in the range that sources give.",
            {"column_A": "amount_max", "column_B": "amount", "or_equal": True, "ignore_row_if": "either_value_is_missing"},
        ),
        Check(
            "rate_is_present",
            "ExpectColumnValuesToBeNull",
            Severity.WARNING,
            "A sum whose currency has exchange rates, but none for its date, has a wrong date, or the rates end before it.",
            {"column": "unconverted"},
        ),
        Check(
            "currency_has_rates",
            "ExpectColumnValuesToBeNull",
            Severity.INFO,
            "A sum without a date or in a currency without reference rates is missing from totals in the common currency.",
            {"column": "unknown_rates"},
        ),
        Check(
            "rate_gives_the_amount",
            "ExpectColumnValuesToBeNull",
            Severity.CRITICAL,
            "A converted sum must be the original times the rate printed beside it.",
            {"column": "odd_rate"},
        ),
        Check(
            "is_in_the_ledger",
            "ExpectColumnValuesToBeNull",
            Severity.CRITICAL,
            "Every sum is counted or left out with a reason; one that the ledger doesn't see is lost.",
            {"column": "unseen"},
        ),
        Check(
            "total_exists",
            "ExpectColumnValuesToBeNull",
            Severity.CRITICAL,
            "A part whose total is not in the table would be left out of every sum.",
            {"column": "orphan_total"},
        ),
        Check(
            "part_fits_its_total",
            "ExpectColumnValuesToBeNull",
            Severity.WARNING,
            "A part larger than its total belongs to another total, or one of the two is misread.",
            {"column": "part_too_large"},
        ),
        Check(
            "lifecycle_is_legal",
            "ExpectColumnValuesToBeNull",
            Severity.WARNING,
            "What stands can't be planned again: an impossible step means two things in one record or a misread status.",
            {"column": "illegal_step"},
        ),
        Check(
            "events_are_in_order",
            "ExpectColumnValuesToBeNull",
            Severity.CRITICAL,
            "The state of a thing is its last event's; out of order, it would be the wrong one.",
            {"column": "unordered_events"},
        ),
        Check(
            "workshop_ends_after_its_start",
            "ExpectColumnPairValuesAToBeGreaterThanB",
            Severity.WARNING,
            "Start and end that come from different claims may belong to different events.",
            {"column_A": "end_day", "column_B": "start_day", "or_equal": True, "ignore_row_if": "either_value_is_missing"},
        ),
        Check(
            "score_is_known",
            "ExpectColumnValuesToBeInSet",
            Severity.CRITICAL,
            "Follow-ups are scored +1, 0, -1 or NE; another mark can't be counted.",
            {"column": "score", "value_set": ["+1", "0", "-1", "NE"]},
        ),
        Check(
            "score_has_evidence",
            "ExpectColumnValuesToBeNull",
            Severity.CRITICAL,
            "Nobody is said to have kept or broken a promise without a sentence that says so.",
            {"column": "odd_score"},
        ),
        Check(
            "overdue_means_past_due",
            "ExpectColumnValuesToBeNull",
            Severity.CRITICAL,
            "Nobody is called late before the due date, without one, or after delivering.",
            {"column": "odd_overdue"},
        ),
        Check(
            "conference_has_one_date",
            "ExpectColumnValuesToBeNull",
            Severity.INFO,
            "Promises of one conference dated to different days show a misread date or two conferences of one name.",
            {"column": "conference_dates"},
        ),
        Check(
            "facility_cost_is_a_funding_record",
            "ExpectColumnValuesToBeNull",
            Severity.INFO,
            "Somebody paid for a facility that has funders: where none of its documents gives a sum, a cost may be missed.",
            {"column": "unpaid"},
        ),
        Check(
            "is_not_a_duplicate",
            "ExpectColumnValuesToBeNull",
            Severity.WARNING,
            "Two records with the same values in everything are one thing that would be counted twice.",
            {"column": "same_as"},
        ),
        Check(
            "country_is_iso_3166",
            "ExpectColumnValuesToBeInSet",
            Severity.CRITICAL,
            "No country that doesn't exist may reach a table.",
            {"column": "country", "value_set": COUNTRIES},
        ),
        Check(
            "dates_are_iso",
            "ExpectColumnValuesToBeNull",
            Severity.CRITICAL,
            "A record with a date that can't be read falls into no period.",
            {"column": "bad_date"},
        ),
    ),
)
