"""IATI activities: each is a document whose lines are its XML elements, and its transactions are facts with those as evidence.

What is taken follows IATI 2.03: outgoing pledges (12), outgoing commitments (2), disbursements (3), expenditure (4), and planned
disbursements. Incoming funds and commitments (1, 11, 13) say again what their provider reports and are left to it. Negative
values are corrections of others and no facts of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lxml import etree

from bam.documents import media_types
from bam.documents.dates_in_text import iso_prefix
from bam.documents.text_builder import TextBuilder, clean
from bam.model.claims import Evidence, Fact, FundingValues, Reason, Stage, Table
from bam.model.errors import ConversionError
from bam.model.text import BlockKind, ConvertedDocument, Metadata

CONVERTER_VERSION = "1"
EXTRACTOR = "iati/1"
MAX_ACTIVITIES = 20_000
CONFIDENCE = 0.98

PartyOf = Callable[[str | None, str | None], str | None]
"""The party of an organisation by its name and its IATI reference."""

_STAGES = {"12": Stage.PLEDGED, "2": Stage.COMMITTED, "3": Stage.DISBURSED, "4": Stage.DISBURSED}
_FUNDING_ROLE = "1"
_AMOUNT = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity with the facts that its transactions state."""

    document: ConvertedDocument
    facts: tuple[Fact, ...]


def read_iati(data: bytes, name: str, party_of: PartyOf) -> list[Activity]:
    """All activities of a file. Raises ConversionError where it is no IATI file."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ConversionError(f"the XML is damaged ({error})", where=name, remedy="Fetch it again.") from error
    activities = [root] if root.tag == "iati-activity" else list(root.iter("iati-activity"))
    if not activities:
        raise ConversionError("there is no IATI activity in the file", where=name, remedy="Check the source's url.")
    if len(activities) > MAX_ACTIVITIES:
        raise ConversionError(f"the file has too many activities ({len(activities)})", where=name, remedy="Narrow the query.")
    return [activity for element in activities if (activity := _activity(element, name, party_of)) is not None]


def _activity(element: etree._Element, name: str, party_of: PartyOf) -> Activity | None:
    identifier = clean(element.findtext("iati-identifier") or "")
    if not identifier:
        return None
    title = _narrative(element.find("title"))
    builder = TextBuilder()
    builder.add(BlockKind.TITLE, title or identifier, level=1)
    builder.add(BlockKind.PARAGRAPH, _narrative(element.find("description")) or "")
    reader = _Transactions(element, title, party_of)
    facts: list[Fact] = []
    for child in element:
        if not isinstance(child.tag, str) or child.tag in ("title", "description"):
            continue
        builder.add(BlockKind.PARAGRAPH, _source_of(child))
        block = builder.blocks[-1]
        evidence = Evidence(block.start, block.end, builder.last_text)
        facts += reader.facts(child, evidence)
    publisher = _narrative(element.find("reporting-org"))
    published = iso_prefix(element.get("last-updated-datetime") or "")
    found = {"title": title, "publisher": publisher, "published": published}
    metadata = Metadata(
        title=title,
        publisher=publisher,
        published=published,
        language=(element.get("{http://www.w3.org/XML/1998/namespace}lang") or "en")[:2],
        address=f"iati:{identifier}",
        origins={field: "iati" for field, value in found.items() if value},
    )
    converter = f"bam-iati/{CONVERTER_VERSION}"
    document = ConvertedDocument(
        f"{name}#{identifier}", builder.text, tuple(builder.blocks), metadata, media_types.IATI, converter
    )
    return Activity(document, tuple(facts))


class _Transactions:
    """Makes facts of an activity's elements; what a transaction doesn't say is taken from the activity."""

    def __init__(self, activity: etree._Element, title: str | None, party_of: PartyOf) -> None:
        self._title = title
        self._party_of = party_of
        self._currency = activity.get("default-currency")
        self._countries = _codes(activity)
        funders = [each for each in activity.iter("participating-org") if each.get("role") == _FUNDING_ROLE]
        self._funders = self._parties(funders) or self._parties(activity.findall("reporting-org"))

    def facts(self, element: etree._Element, evidence: Evidence) -> list[Fact]:
        """The fact that an element states, if any."""
        stage = self._stage(element)
        value = element.find("value")
        if stage is None or value is None:
            return []
        amount = _AMOUNT.fullmatch((value.text or "").strip().replace(",", ""))
        currency = value.get("currency") or self._currency
        if amount is None or not currency or float(amount.group()) == 0:
            return []
        provider = self._parties(element.findall("provider-org"))
        receiver = self._parties(element.findall("receiver-org"))
        values = FundingValues(
            amount=float(amount.group()),
            currency=currency.upper(),
            stage=stage,
            donors=provider or self._funders,
            recipients=_codes(element) or self._countries or receiver,
            purpose=_narrative(element.find("description")) or self._title,
            date=self._date(element, value),
        )
        reason = Reason("iati_transaction", f"stated by the IATI element {element.tag}", CONFIDENCE)
        return [Fact(Table.FUNDING, values, (evidence,), CONFIDENCE, (reason,))]

    def _stage(self, element: etree._Element) -> Stage | None:
        if element.tag == "planned-disbursement":
            return Stage.PLANNED
        kind = element.find("transaction-type") if element.tag == "transaction" else None
        return _STAGES.get(kind.get("code") or "") if kind is not None else None

    def _date(self, element: etree._Element, value: etree._Element) -> str | None:
        for path in ("transaction-date", "period-start"):
            found = element.find(path)
            if found is not None and (day := iso_prefix(found.get("iso-date") or "")):
                return day
        return iso_prefix(value.get("value-date") or "")

    def _parties(self, elements: list[Any]) -> tuple[str, ...]:
        parties = (self._party_of(_narrative(each), each.get("ref")) for each in elements)
        return tuple(dict.fromkeys(party for party in parties if party))


def _codes(element: etree._Element) -> tuple[str, ...]:
    codes = (clean(each.get("code") or "").upper() for each in element.findall("recipient-country"))
    return tuple(dict.fromkeys(code for code in codes if code))


def _narrative(element: etree._Element | None) -> str | None:
    """The English narrative of an element, else its first one, else its own text (IATI 1)."""
    if element is None:
        return None
    narratives = element.findall("narrative")
    english = [each for each in narratives if (each.get("{http://www.w3.org/XML/1998/namespace}lang") or "en").startswith("en")]
    chosen = (english or narratives or [element])[0]
    return clean(chosen.text or "") or None


def _source_of(element: etree._Element) -> str:
    """The element as XML on one line."""
    return clean(etree.tostring(element, encoding="unicode", with_tail=False))
