"""The whole portfolio in one object."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from bam.model.errors import ConfigurationError
from bam.portfolio.briefs import Brief, BriefsFile
from bam.portfolio.corrections import Correction, read_corrections
from bam.portfolio.crossings import with_crossings
from bam.portfolio.entities import Organisation, OrganisationsFile, Place, PlacesFile, Programme, ProgrammesFile, Region
from bam.portfolio.quality import QualityRules
from bam.portfolio.recipients import RecipientsFile
from bam.portfolio.sources import Source, SourcesFile
from bam.portfolio.yaml_files import M, Strict, read_model


class PortfolioFile(Strict):
    """`portfolio.yml`: what this monitor follows. `countries` are ISO 3166-1 alpha-2, `currency` the common one (ISO 4217)."""

    title: str
    countries: tuple[str, ...]
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    languages: tuple[Literal["en", "ru"], ...] = ("en",)
    quality: QualityRules = QualityRules()


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Everything that the YAML files say, validated. `folder` is where they are, `contact` who answers for our requests."""

    folder: Path
    about: PortfolioFile
    sources: tuple[Source, ...]
    organisations: tuple[Organisation, ...]
    programmes: tuple[Programme, ...]
    places: tuple[Place, ...]
    regions: tuple[Region, ...]
    editorial: BriefsFile = field(default_factory=BriefsFile)
    delivery: RecipientsFile = field(default_factory=RecipientsFile)
    corrections: tuple[Correction, ...] = ()
    contact: str = SourcesFile().contact

    @property
    def briefs(self) -> tuple[Brief, ...]:
        """The briefs that are made, in the order of `briefs.yml`."""
        return self.editorial.briefs

    def brief(self, brief_id: str) -> Brief:
        """The brief of that id. Raises ConfigurationError that lists the known ids."""
        for brief in self.briefs:
            if brief.id == brief_id:
                return brief
        known = ", ".join(brief.id for brief in self.briefs) or "none"
        raise ConfigurationError(
            f"no brief has the id {brief_id!r} (known: {known})",
            where=str(self.folder / "briefs.yml"),
            remedy="Add it or use a known id.",
        )

    def source(self, source_id: str) -> Source:
        """The source of that id. Raises ConfigurationError that lists the known ids."""
        for source in self.sources:
            if source.id == source_id:
                return source
        known = ", ".join(source.id for source in self.sources) or "none"
        raise ConfigurationError(
            f"no source has the id {source_id!r} (known: {known})",
            where=str(self.folder / "sources.yml"),
            remedy="Add it or use a known id.",
        )


@lru_cache(maxsize=8)
def load_portfolio(folder: Path) -> Portfolio:
    """Read and validate all files of a portfolio folder. Raises ConfigurationError that names file and key."""
    places = read_model(folder / "places.yml", PlacesFile)
    sources = read_model(folder / "sources.yml", SourcesFile)
    return Portfolio(
        folder=folder,
        about=read_model(folder / "portfolio.yml", PortfolioFile),
        sources=sources.sources,
        organisations=read_model(folder / "organisations.yml", OrganisationsFile).organisations,
        programmes=read_model(folder / "programmes.yml", ProgrammesFile).programmes,
        places=with_crossings(places.places),
        regions=places.regions,
        # Without the file no brief is made; everything else works.
        editorial=_read_if_there(folder / "briefs.yml", BriefsFile),
        # Without the file nobody is mailed; everything else works.
        delivery=_read_if_there(folder / "recipients.yml", RecipientsFile),
        corrections=read_corrections(folder / "corrections"),
        contact=sources.contact,
    )


def _read_if_there(path: Path, model: type[M]) -> M:
    return read_model(path, model) if path.is_file() else model()
