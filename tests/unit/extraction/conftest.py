"""A small portfolio of invented programmes and real bodies, and a way to annotate a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bam.extraction.annotate import Annotated, annotate
from bam.extraction.resources import Resources
from bam.model.text import Block, BlockKind, ConvertedDocument, Metadata
from bam.portfolio.entities import Organisation, Place, Programme, Region
from bam.portfolio.gazetteer import gazetteer
from bam.portfolio.load import Portfolio, PortfolioFile


def _portfolio() -> Portfolio:
    from bam.portfolio.load import load_portfolio
    from bam.settings import read_settings

    loaded = load_portfolio(read_settings({}).portfolio)
    fields = {name: getattr(loaded, name) for name in Portfolio.__dataclass_fields__}
    fields |= {
        "folder": Path("test"),
        "about": PortfolioFile(title="Test", countries=("TJ", "GE", "KE")),
        "organisations": (
            Organisation(name="European Union", party="EU", aliases=("EU",), kind="multilateral", metonyms=("Brussels",)),
            Organisation(name="Organization for Security and Co-operation in Europe", party="OSCE", aliases=("OSCE",)),
            Organisation(name="Japan", party="JP", kind="government", country="JP", metonyms=("Tokyo",)),
            Organisation(name="U.S. State Department", party="US", aliases=("State Department",), country="US"),
        ),
        "programmes": (Programme(name="HILLTOP", aliases=("Highland Patrol Programme",), donors=("EU",), countries=("GE",)),),
        "places": (
            Place(name="Ustrovo", country="TJ", kind="district", aliases=("Ustrovo district",)),
            Place(name="Belgate", country="KE", kind="crossing", neighbour="TZ"),
            Place(name="Belgate", country="GE", kind="crossing", neighbour="AM"),
        ),
        "regions": (Region(name="Central Asia", countries=("KZ", "KG", "TJ", "TM", "UZ")),),
    }
    return Portfolio(**fields)


@pytest.fixture(scope="session")
def resources() -> Resources:
    """English, with the portfolio above."""
    return Resources("en", _portfolio(), gazetteer())


@pytest.fixture(scope="session")
def read(resources: Resources) -> Callable[..., Annotated]:
    """Annotate a text of one paragraph per line; the anchor is 5 March 2014, a Wednesday."""

    def annotated(text: str, anchor: str | None = "2014-03-05") -> Annotated:
        return annotate(document(text), resources, anchor)

    return annotated


def document(text: str, kind: BlockKind = BlockKind.PARAGRAPH, **metadata: str) -> ConvertedDocument:
    """A converted document with a block for each line that isn't empty."""
    blocks, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Block(kind, start, start + len(line)))
        start += len(line) + 1
    return ConvertedDocument("test.txt", text, tuple(blocks), Metadata(language="en", **metadata), "text/plain", "test")
