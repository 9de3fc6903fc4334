"""Checks of claims: what one document version states.

A wrong claim is taken out (quarantined) and the rest goes on; only faults that say that the store or the archive can't be
trusted are critical. Limits of what is plausible don't apply to claims that a person has confirmed (`UNREVIEWED`). Columns of one
table are null in the rows of the others, and Great Expectations passes nulls.
"""

from __future__ import annotations

from bam.model.claims import FacilityStatus, FacilityType, FollowUpStatus, Stage, WorkshopStatus
from bam.quality.checks import FUNDING, NOT_FUNDING, UNREVIEWED, Check, Suite
from bam.quality.codes import COUNTRIES, CURRENCIES
from bam.quality.report import Severity

_IDENTITY = (
    Check(
        "id_is_unique",
        "ExpectColumnValuesToBeUnique",
        Severity.CRITICAL,
        "A fact that is stored twice under one id would be counted twice.",
        {"column": "claim_id"},
    ),
    Check(
        "table_is_known",
        "ExpectColumnValuesToBeInSet",
        Severity.CRITICAL,
        "A claim outside the four tables would be seen by nobody.",
        {"column": "table", "value_set": ["funding", "facilities", "workshops", "follow_ups"]},
    ),
    Check(
        "version_exists",
        "ExpectColumnValuesToBeNull",
        Severity.CRITICAL,
        "A claim whose document version is not stored leads back to nothing.",
        {"column": "orphan_of"},
        quarantines=True,
    ),
    Check(
        "evidence_stands",
        "ExpectColumnValuesToBeNull",
        Severity.CRITICAL,
        "Every figure must lead back to a sentence that stands in an archived document whose bytes never changed.",
        {"column": "unfounded"},
        quarantines=True,
    ),
    Check(
        "evidence_is_given",
        "ExpectColumnValuesToBeBetween",
        Severity.CRITICAL,
        "A claim without a quote can't be checked by anybody.",
        {"column": "evidence_count", "min_value": 1},
        quarantines=True,
    ),
    Check(
        "extractor_is_named",
        "ExpectColumnValuesToNotBeNull",
        Severity.CRITICAL,
        "Who made a claim (program and version, or person) must be known to make it again.",
        {"column": "extractor"},
    ),
    Check(
        "quote_is_short",
        "ExpectColumnValuesToBeBetween",
        Severity.WARNING,
        "A quote of more than 600 characters shows a reader a page, not the clause that carries the fact.",
        {"column": "quote_length", "min_value": 1, "max_value": 600},
    ),
    Check(
        "values_stand_in_quotes",
        "ExpectColumnValuesToBeNull",
        Severity.WARNING,
        "A number that its quote doesn't contain was computed, misread or invented.",
        {"column": "unstated"},
        when=UNREVIEWED,
        quarantines=True,
    ),
    Check(
        "said_once_in_place",
        "ExpectColumnValuesToBeNull",
        Severity.WARNING,
        "The same fact taken twice from one place would be counted twice.",
        {"column": "twin_of"},
        quarantines=True,
    ),
    Check(
        "confidence_is_a_probability",
        "ExpectColumnValuesToBeBetween",
        Severity.CRITICAL,
        "Confidence orders the review and must mean the same everywhere.",
        {"column": "confidence", "min_value": 0, "max_value": 1},
    ),
    Check(
        "confidence_is_not_low",
        "ExpectColumnValuesToBeBetween",
        Severity.INFO,
        "What the extractor itself hardly believes goes to the head of the review.",
        {"column": "confidence", "min_value": 0.3},
        when=UNREVIEWED,
    ),
)

_DATES = (
    Check(
        "dates_are_iso",
        "ExpectColumnValuesToBeNull",
        Severity.WARNING,
        "A date that isn't a year, month or day in ISO form falls into no period.",
        {"column": "bad_date"},
        quarantines=True,
    ),
    Check(
        "dates_are_in_our_time",
        "ExpectColumnValuesToBeNull",
        Severity.WARNING,
        "A year before 1900 or more than 30 years ahead is a misread number.",
        {"column": "far_date"},
        quarantines=True,
    ),
    Check(
        "what_happened_is_not_in_the_future",
        "ExpectColumnValuesToBeNull",
        Severity.WARNING,
        "What was paid, opened or held can't have a date to come: it would be reported before it happens.",
        {"column": "future_date"},
        quarantines=True,
    ),
    Check(
        "what_happened_precedes_its_report",
        "ExpectColumnValuesToBeNull",
        Severity.INFO,
        "A page can't report what happens after it was published: either date may be misread.",
        {"column": "late_date"},
    ),
    Check(
        "published_on_is_given",
        "ExpectColumnValuesToNotBeNull",
        Severity.INFO,
        "A claim without a date of publication is known only from the day on which we read it.",
        {"column": "published_on"},
    ),
    Check(
        "parties_are_iso_3166",
        "ExpectColumnValuesToBeNull",
        Severity.WARNING,
        "A country code that doesn't exist makes a donor or recipient of its own in every table.",
        {"column": "odd_party"},
        quarantines=True,
    ),
)

_FUNDING = (
    Check(
        "currency_is_iso_4217",
        "ExpectColumnValuesToBeInSet",
        Severity.WARNING,
        "A sum in a currency that doesn't exist can't be converted or compared.",
        {"column": "currency", "value_set": CURRENCIES},
        quarantines=True,
    ),
    Check(
        "stage_is_known",
        "ExpectColumnValuesToBeInSet",
        Severity.CRITICAL,
        "Stages are never mixed: a sum of unknown stage belongs to no total.",
        {"column": "stage", "value_set": [str(stage) for stage in Stage]},
    ),
    Check(
        "amount_is_given",
        "ExpectColumnValuesToNotBeNull",
        Severity.WARNING,
        "A funding claim without an amount adds nothing to a total.",
        {"column": "amount"},
        when=FUNDING,
        quarantines=True,
    ),
    Check(
        "amount_is_positive",
        "ExpectColumnValuesToBeBetween",
        Severity.WARNING,
        "Assistance is a positive sum: zero and negative ones are dashes, minus signs or ranges misread.",
        {"column": "amount", "min_value": 0, "strict_min": True},
        quarantines=True,
    ),
    Check(
        "amount_is_plausible",
        "ExpectColumnValuesToBeNull",
        Severity.WARNING,
        "A sum far beyond what such assistance costs, or far below, is a misread 'thousand', 'million' or currency.",
        {"column": "implausible_amount"},
        when=UNREVIEWED,
        quarantines=True,
    ),
    Check(
        "range_contains_amount_min",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        Severity.WARNING,
        "A range whose lower end lies above its middle was read from two different sums.",
        {"column_A": "amount", "column_B": "amount_min", "or_equal": True, "ignore_row_if": "either_value_is_missing"},
        quarantines=True,
    ),
    Check(
        "range_contains_amount_max",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        Severity.WARNING,
        "A range whose upper end lies below its middle was read from two different sums.",
        {"column_A": "amount_max", "column_B": "amount", "or_equal": True, "ignore_row_if": "either_value_is_missing"},
        quarantines=True,
    ),
)

_FACILITIES = (
    Check(
        "facility_type_is_known",
        "ExpectColumnValuesToBeInSet",
        Severity.CRITICAL,
        "Facilities are counted by type.",
        {"column": "type", "value_set": [str(kind) for kind in FacilityType]},
    ),
    Check(
        "facility_status_is_known",
        "ExpectColumnValuesToBeInSet",
        Severity.CRITICAL,
        "A facility is planned, under construction, operational or closed; another word is in no column.",
        {"column": "facility_status", "value_set": [str(status) for status in FacilityStatus]},
    ),
)

_WORKSHOPS = (
    Check(
        "workshop_status_is_known",
        "ExpectColumnValuesToBeInSet",
        Severity.CRITICAL,
        "A training is planned, ongoing or held; only held ones count persons trained.",
        {"column": "workshop_status", "value_set": [str(status) for status in WorkshopStatus]},
    ),
    Check(
        "workshop_ends_after_its_start",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        Severity.WARNING,
        "A course that ends before it starts has one of its dates from another event.",
        {"column_A": "end_day", "column_B": "start_day", "or_equal": True, "ignore_row_if": "either_value_is_missing"},
        quarantines=True,
    ),
    Check(
        "participants_are_plausible",
        "ExpectColumnValuesToBeBetween",
        Severity.WARNING,
        "One event doesn't train nobody or 20,000 people: such numbers are targets, populations or years.",
        {"column": "participants", "min_value": 1, "max_value": 20_000},
        when=UNREVIEWED,
        quarantines=True,
    ),
    Check(
        "event_count_is_plausible",
        "ExpectColumnValuesToBeBetween",
        Severity.WARNING,
        "A series of no or of more than 2,000 events is a number that belongs to something else.",
        {"column": "event_count", "min_value": 1, "max_value": 2_000},
        when=UNREVIEWED,
        quarantines=True,
    ),
)

_FOLLOW_UPS = (
    Check(
        "follow_up_status_is_known",
        "ExpectColumnValuesToBeInSet",
        Severity.CRITICAL,
        "A promise is open, ongoing, done or dropped; another word can't be scored.",
        {"column": "follow_up_status", "value_set": [str(status) for status in FollowUpStatus]},
    ),
    Check(
        "due_after_the_conference",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        Severity.WARNING,
        "A promise that is due before it was made would be overdue from the start.",
        {"column_A": "due_day", "column_B": "conference_day", "or_equal": True, "ignore_row_if": "either_value_is_missing"},
        quarantines=True,
    ),
    Check(
        "conference_exists",
        "ExpectColumnValuesToBeNull",
        Severity.WARNING,
        "A promise must come out of a conference that its document names.",
        {"column": "unknown_conference"},
        when=UNREVIEWED,
        quarantines=True,
    ),
)

_NAMES = (
    Check(
        "name_is_given",
        "ExpectColumnValueLengthsToBeBetween",
        Severity.WARNING,
        "A facility, course or promise without a name can't be told from the next.",
        {"column": "name", "min_value": 3},
        when=NOT_FUNDING,
        quarantines=True,
    ),
    Check(
        "name_is_not_missing",
        "ExpectColumnValuesToNotBeNull",
        Severity.WARNING,
        "A facility, course or promise must be called something.",
        {"column": "name"},
        when=NOT_FUNDING,
        quarantines=True,
    ),
    Check(
        "country_is_iso_3166",
        "ExpectColumnValuesToBeInSet",
        Severity.WARNING,
        "Tables are read by country; a code that doesn't exist makes a country of its own.",
        {"column": "country", "value_set": COUNTRIES},
        quarantines=True,
    ),
)

CLAIMS = Suite(
    frame="claims",
    title="Claims",
    id_column="claim_id",
    remedy="Set the claims named right (`bam review edit ID`) or take them out (`bam review reject ID`); run `bam update` again.",
    checks=(*_IDENTITY, *_DATES, *_FUNDING, *_FACILITIES, *_WORKSHOPS, *_FOLLOW_UPS, *_NAMES),
)
