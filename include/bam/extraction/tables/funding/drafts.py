"""One sum by itself: for each of its fields what it can be, with the features that speak for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bam.extraction.annotate.model import Money
from bam.extraction.roles import Numbers, Places
from bam.extraction.tables.funding import links, parties, receivers
from bam.extraction.tables.funding.features import stage_features
from bam.extraction.tables.funding.scene import Scene
from bam.extraction.wording import wording

STAGE, DONOR, RECIPIENT, DATE, PROGRAMME = "stage", "donor", "recipient", "date", "programme"

Codes = tuple[str, ...]
Choice = tuple[Any, Numbers]
"""What a field can be, with its features: the codes of a giver or a set of receivers (() for nobody), a date or a programme (None
for none).
"""

_TELLING = ("clause.said", "sentence.said", "above.said", "earlier", "kind", "n.kind", "left", "governor=", "object=", "subject=")
"""The beginnings of those features of a stage that tell of its day as well."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A sum with the features of its stage and the choices of its other fields."""

    money: Money
    stage: Numbers
    choices: dict[str, list[Choice]]


def draft_of(scene: Scene, money: Money, earlier: Money | None) -> Draft:
    """The choices about a sum that the text around it and the document as a whole give."""
    context = scene.context
    places: Places = {}
    stage = stage_features(context, money, scene.words, scene.of_document, earlier)
    told = [sign for sign, holds in stage.items() if holds is True and sign.startswith(_TELLING)]
    programmes = links.programme_candidates(context, money)
    choices: dict[str, list[Choice]] = {
        DONOR: parties.givers(context, money, places),
        RECIPIENT: [(c.codes, features) for c, features in receivers.features_of_all(context, money, scene.countries, places)],
        DATE: [(date.value, links.date_features(context, money, date, told)) for date in links.date_candidates(context, money)],
        PROGRAMME: [(p.code, links.programme_features(context, money, p)) for p in programmes],
    }
    # The words around tell of the stage alone: `told` above is made of its own signs.
    return Draft(money, stage | wording(context.annotated, money.start, money.end), choices)


def drafts_of(scene: Scene, sums: Sequence[Money]) -> list[Draft]:
    """The drafts of a document's sums, in order."""
    return [draft_of(scene, money, sums[index - 1] if index else None) for index, money in enumerate(sums)]
