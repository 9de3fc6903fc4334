"""Storing sources that state their facts in a structure (IATI): documents and claims come together."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from bam.documents.iati_text import EXTRACTOR, Activity, read_iati
from bam.model.claims import Claim, Fact, Witness, values_to_dict
from bam.model.identity import content_id
from bam.model.text import ConvertedDocument
from bam.pipeline.context import RunContext
from bam.portfolio.load import Portfolio
from bam.store.claims import insert_claims


def read_structured(context: RunContext, data: bytes, name: str) -> list[Activity]:
    """The activities of an IATI file. Raises ConversionError."""
    return read_iati(data, name, party_resolver(context.portfolio))


def store_facts(connection: Connection, version_id: str, document: ConvertedDocument, facts: tuple[Fact, ...], at: str) -> int:
    """Store the facts of one version as claims; gives how many were new."""
    return insert_claims(connection, [_claim(version_id, document, fact, at) for fact in facts])


def party_resolver(portfolio: Portfolio) -> Callable[[str | None, str | None], str | None]:
    """Parties by the names and aliases of the portfolio, by the country in an IATI reference of a government, else as named."""
    known = _known_names(portfolio)

    def party_of(name: str | None, reference: str | None) -> str | None:
        if name and (party := known.get(name.casefold())):
            return party
        # IATI references of governments begin with their country: GB-GOV-1, SE-0, NO-BRC-971277882.
        parts = (reference or "").split("-")
        if len(parts) > 1 and len(parts[0]) == 2 and parts[0].isalpha() and parts[0] not in ("XM", "XI"):
            return parts[0].upper()
        return name

    return party_of


def _known_names(portfolio: Portfolio) -> dict[str, str]:
    names = ((name, each.party) for each in portfolio.organisations for name in (each.name, *each.aliases))
    return {name.casefold(): party for name, party in names}


def _claim(version_id: str, document: ConvertedDocument, fact: Fact, at: str) -> Claim:
    main = fact.evidence[0]
    return Claim(
        id=content_id("clm", version_id, EXTRACTOR, fact.table, values_to_dict(fact.values), [main.start, main.end]),
        version_id=version_id,
        table=fact.table,
        values=fact.values,
        evidence=fact.evidence,
        confidence=fact.confidence,
        extractor=EXTRACTOR,
        published_on=document.metadata.published,
        recorded_at=at,
        witness=Witness("", "", "", document.metadata.publisher, "", "", document.metadata.title, ""),
        reasons=fact.reasons,
    )
