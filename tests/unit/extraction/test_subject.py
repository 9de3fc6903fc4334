"""What a document is about, by all its words."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.extraction.conftest import document

from bam.extraction.annotate import annotate
from bam.extraction.engine import extract
from bam.extraction.resources import Resources
from bam.extraction.subject import reports_assistance, subject_features
from bam.extraction.subject_training import document_examples

HANDOVER = """
Norway handed over three patrol boats to the Montenegrin border police in Bar on Tuesday. The boats, worth EUR 2.1 million,
are part of a project of the United Nations Development Programme, which also trains twenty officers at the police academy
and equips the command post of the maritime unit. The project began in 2019 and has rebuilt two border crossing points so
far. A second phase, for which Norway has pledged a further EUR 1 million, will bring radios and a workshop for engines. The
Ministry of the Interior pays for fuel and crews. At the ceremony the ambassador said that the cooperation between the two
police services would go on. A joint course for commanders is planned for the spring.
"""

MARKET = """
Prices of melons rose by eleven per cent at the night market on Saturday, and most owners of stalls were sold out before ten.
A company from the harbour, which has bought the old warehouse for 3 million dollars, wants to open a restaurant with a view
of the river for students and visitors. Its owner, a former footballer, said that the town had been asleep for years. Not
everybody agrees. The fee for a stall has been raised twice, some neighbours complain about the noise, and the court has yet
to decide about the car park. The police took a driver's licence away and fined two young men who had been swimming between
the boats. The concert starts at nine.
"""


@pytest.mark.parametrize(("text", "is_about_it"), [(HANDOVER, True), (MARKET, False)], ids=["handover", "market"])
def test_all_words_tell_what_a_document_is_about(resources: Resources, text: str, is_about_it: bool) -> None:
    probability = reports_assistance(annotate(document(text), resources))
    assert probability > 0.8 if is_about_it else probability < 0.5


def test_a_line_of_news_is_too_short_to_tell(resources: Resources) -> None:
    assert reports_assistance(annotate(document("Melons are 3 dollars a piece."), resources)) == 1.0


def test_a_sure_fact_in_a_report_about_something_else_is_told_but_not_taken(resources: Resources) -> None:
    extraction = extract(document(f"{MARKET} Japan gave a grant of USD 2 million for the border post at Ishkashim."), resources)
    assert not extraction.facts
    assert all("confidence" in item.text for item in extraction.passed_over if item.reason == "nothing_sure")
    assert extract(document("Japan gave a grant of USD 2 million for the border post at Ishkashim."), resources).facts


def test_names_of_places_and_dates_say_nothing(resources: Resources) -> None:
    features = subject_features(annotate(document("In March 2014 the bridge at Ishkashim was opened."), resources))
    words = {name.removeprefix("word=") for name in features if name.startswith("word=")}
    assert words == {"the", "bridge", "was", "opened"}
    assert features["facility>=1"] is True


@pytest.mark.parametrize(
    ("records", "label", "weight"),
    [([], "no", 1.0), ([{"optional": True}], "yes", 0.0), ([{"optional": True}, {}], "yes", 1.0)],
)
def test_documents_of_optional_facts_alone_teach_nothing(
    resources: Resources, records: list[dict[str, Any]], label: str, weight: float
) -> None:
    gold: dict[str, Any] = {"funding": records, "facilities": [], "workshops": [], "follow_ups": []}
    (example,) = document_examples(document(MARKET), gold, resources)
    assert (example.label, example.weight) == (label, weight)
