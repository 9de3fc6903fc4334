"""Predictions by models that never saw the document."""

from __future__ import annotations

from pathlib import Path

import pytest

from bam.extraction.ranker import load_ranker, model
from bam.extraction.ranker.cross_validate import fold_numbers
from bam.extraction.ranker.model import LinearRanker
from bam.extraction.ranker.train import FOLDS, save


def test_documents_are_dealt_evenly_and_whatever_their_order() -> None:
    names = [f"document-{number:02}" for number in range(23)]
    numbers = fold_numbers(names)
    sizes = [list(numbers.values()).count(fold) for fold in range(FOLDS)]
    assert max(sizes) - min(sizes) <= 1
    assert numbers == fold_numbers([*reversed(names), *names])


def test_other_weights_can_be_put_in_place_of_the_shipped_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = load_ranker("funding_stage")
    other = LinearRanker("funding_stage", ("no", "yes"), (0.0, 0.5), {"word": (-1.0, 1.0)})
    save(other, tmp_path)
    monkeypatch.setattr(model, "_folder", model.WEIGHTS)
    model.use_weights(tmp_path)
    assert load_ranker("funding_stage") == other != shipped
    assert load_ranker("funding_donor") is None
