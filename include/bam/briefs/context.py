"""Writing the context of an issue: a pure function of what is known, the brief's definition and the issue's clocks."""

from __future__ import annotations

from bam.briefs.citations import SourceBook
from bam.briefs.desk import Desk
from bam.briefs.language import N_, Language, language_of
from bam.briefs.material import Material, PreviousIssue
from bam.briefs.measures import MEASURES, calendar_of, opening, place
from bam.briefs.model import BriefContext, Heading
from bam.briefs.order import Order
from bam.briefs.scope import highest_tlp
from bam.briefs.sections.changes import snapshot, write_changes
from bam.briefs.sections.facilities import write_facilities
from bam.briefs.sections.follow_ups import write_follow_ups
from bam.briefs.sections.funding import write_funding
from bam.briefs.sections.headlines import write_headlines
from bam.briefs.sections.key_figures import write_key_figures, write_series
from bam.briefs.sections.method import write_method
from bam.briefs.sections.quality import write_quality
from bam.briefs.sections.workshops import write_workshops
from bam.model.claims import Table
from bam.model.periods import Cadence, Period
from bam.model.records import LedgerEntry, Record
from bam.portfolio.briefs import Section

_CADENCES = {"monthly": N_("Monthly"), "quarterly": N_("Quarterly"), "yearly": N_("Yearly")}


def build_context(order: Order, material: Material) -> BriefContext:
    """All figures, sentences, tables, marks and sources of the issue, in the order in which it is read."""
    desk = _desk(order, material)
    series = write_series(desk)

    def asked(section: Section) -> bool:
        return section in order.sections

    headlines = write_headlines(desk) if asked(Section.HEADLINES) else ()
    tiles = write_key_figures(desk, series) if asked(Section.KEY_FIGURES) else ()
    funding = write_funding(desk) if asked(Section.FUNDING) else None
    facilities = write_facilities(desk) if asked(Section.FACILITIES) and desk.has(Table.FACILITIES) else None
    workshops = write_workshops(desk) if asked(Section.WORKSHOPS) and desk.has(Table.WORKSHOPS) else None
    follow_ups = write_follow_ups(desk) if asked(Section.FOLLOW_UPS) and desk.has(Table.FOLLOW_UPS) else None
    changes = write_changes(desk, series) if asked(Section.CHANGES) else None
    return BriefContext(
        heading=_heading(order, desk.language, material),
        is_empty=desk.is_empty,
        headlines=headlines,
        tiles=tiles,
        funding=funding,
        facilities=facilities,
        workshops=workshops,
        follow_ups=follow_ups,
        changes=changes,
        quality=write_quality(desk) if asked(Section.QUALITY) else None,
        method=write_method(desk) if asked(Section.METHOD) else (),
        sources=desk.sources.sources(),
        figures=tuple(desk.figures.values()),
        series=series,
        material=material,
        order=order,
    )


def previous_of(context: BriefContext) -> PreviousIssue:
    """What an issue that was made tells the next one."""
    heading = context.heading
    records = tuple(snapshot(record) for record in context.material.records)
    return PreviousIssue(heading.period, heading.as_of, heading.recorded_at, context.series, records)


def would_have_printed(order: Order, records: tuple[Record, ...], ledger: tuple[LedgerEntry, ...]) -> PreviousIssue:
    """The same of an issue that was never made: what was known by its clocks."""
    calendar = calendar_of(order.period, order.as_of, records, ledger)
    series = tuple(calendar.series(measure, order.currency) for measure in MEASURES)
    snapshots = tuple(snapshot(record) for record in records)
    return PreviousIssue(order.period.name, order.as_of.isoformat(), order.recorded_at, series, snapshots)


def _desk(order: Order, material: Material) -> Desk:
    language = language_of(order.language)
    calendar = calendar_of(order.period, order.as_of, material.records, material.ledger)
    new_ids = _new_ids(order.period, material)
    happened = any(calendar.in_period(record) for record in material.records if record.table is not Table.FOLLOW_UPS)
    opened = any(
        place(day, record.first_published_on, order.period.cadence) == order.period
        for record in material.records
        if (day := opening(record))
    )
    return Desk(
        order=order,
        language=language,
        material=material,
        sources=SourceBook({testimony.claim_id: testimony for testimony in material.testimonies}, language),
        calendar=calendar,
        new_ids=new_ids,
        is_empty=not (new_ids or happened or opened),
    )


def _new_ids(period: Period, material: Material) -> frozenset[str]:
    """Records that the last issue didn't have; in a first issue those first published in its period."""
    if material.previous is not None:
        known = {one.record_id for one in material.previous.records}
        return frozenset(record.id for record in material.records if record.id not in known)
    return frozenset(record.id for record in material.records if place(None, record.first_published_on, period.cadence) == period)


def _heading(order: Order, language: Language, material: Material) -> Heading:
    number, year = number_in_year(order.period), order.period.first_day.year
    return Heading(
        brief_id=order.brief_id,
        edition=order.edition,
        language=order.language,
        layout=order.layout,
        cadence=language.say(_CADENCES[order.cadence]),
        publisher=order.publisher,
        subject=order.subject,
        title=order.title,
        audience=order.audience,
        scope=_scope(order, language),
        period=order.period.name,
        period_label=language.period(order.period),
        as_of=order.as_of.isoformat(),
        as_of_label=language.date(order.as_of.isoformat()),
        recorded_at=order.recorded_at,
        number=number,
        number_label=language.say("No. {number}/{year}").format(number=number, year=year),
        currency=order.currency,
        tlp=highest_tlp(material.records),
        sections=order.sections,
    )


def number_in_year(period: Period) -> int:
    """Issues are numbered by their period within the year: the number doesn't depend on which of them were made."""
    months = {Cadence.MONTH: 1, Cadence.QUARTER: 3, Cadence.YEAR: 12}
    return (period.first_day.month - 1) // months[period.cadence] + 1


def _scope(order: Order, language: Language) -> str:
    """What the edition is narrowed to, in words; empty where it follows everything."""
    parts: list[str] = []
    if order.is_narrowed:
        parts.append(language.parties(order.countries))
    if order.donors:
        parts.append(language.say("donors: {names}").format(names=language.parties(order.donors)))
    if order.programmes:
        parts.append(language.say("programmes: {names}").format(names=language.join(order.programmes)))
    return "; ".join(parts)
