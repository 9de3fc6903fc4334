import json

import pytest

from bam.model.claims import (
    VALUES_BY_TABLE,
    FacilityStatus,
    FacilityType,
    FacilityValues,
    FollowUpValues,
    FundingValues,
    Stage,
    Table,
    WorkshopValues,
    values_from_dict,
    values_to_dict,
)

EXAMPLES = {
    Table.FUNDING: FundingValues(
        2.5e6, "EUR", Stage.PLEDGED, donors=("EU",), recipients=("TJ", "AF"), amount_min=2e6, amount_max=3e6
    ),
    Table.FACILITIES: FacilityValues("Ishkashim post", FacilityType.BORDER_POST, "TJ", status=FacilityStatus.PLANNED),
    Table.WORKSHOPS: WorkshopValues("Document checks", start="2014-03-04", participants=26, audience=("TJ",), count=2),
    Table.FOLLOW_UPS: FollowUpValues("Border forum", "meet again", due="2014-12-31", parties=("TJ", "AF")),
}


def test_every_table_has_an_example_here():
    assert set(EXAMPLES) == set(VALUES_BY_TABLE) == set(Table)


@pytest.mark.parametrize("table", Table)
def test_values_survive_json(table):
    stored = json.loads(json.dumps(values_to_dict(EXAMPLES[table])))
    assert values_from_dict(table, stored) == EXAMPLES[table]


def test_unknown_keys_of_a_newer_version_are_ignored():
    stored = values_to_dict(EXAMPLES[Table.WORKSHOPS]) | {"mood": "good"}
    assert values_from_dict(Table.WORKSHOPS, stored) == EXAMPLES[Table.WORKSHOPS]


def test_a_stage_that_does_not_exist_is_refused():
    stored = values_to_dict(EXAMPLES[Table.FUNDING]) | {"stage": "hoped"}
    with pytest.raises(ValueError, match="hoped"):
        values_from_dict(Table.FUNDING, stored)
