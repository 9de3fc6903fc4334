"""The box on the quality of the data: checks, what is held back, silent sources, coverage."""

from __future__ import annotations

import datetime as dt

from bam.briefs.desk import Desk
from bam.briefs.material import SourceHealth
from bam.briefs.model import Quality
from bam.model.claims import Table

SHORT_WARNINGS = 4
SHORT_SOURCES = 4


def write_quality(desk: Desk) -> Quality:
    """The box; its tone follows the worst failing check."""
    summary = desk.material.quality
    critical = [check for check in summary.failed if check.severity == "critical"]
    warnings = [check for check in summary.failed if check.severity == "warning"]
    tone = "critical" if critical else "warning" if warnings else "good"
    verdict = {
        "critical": desk.say("Not to be published: a critical check failed."),
        "warning": desk.say("Fit for use, with the reservations below."),
        "good": desk.say("Fit for use: no check that guards the figures failed."),
    }[tone]
    listed = (critical + warnings)[: None if desk.is_full else SHORT_WARNINGS]
    return Quality(
        tone=tone,
        verdict=verdict,
        facts=_facts(desk),
        warnings=tuple(
            desk.say("Check failed: {what} ({n}).").format(
                what=desk.say(check.protects).rstrip("."), n=_rows(desk, check.row_count)
            )
            for check in listed
        ),
    )


def _facts(desk: Desk) -> tuple[tuple[str, str], ...]:
    material, language = desk.material, desk.language
    checks = material.quality.passed + len(material.quality.failed)
    facts = [
        (desk.say("Read"), _coverage(desk)),
        (desk.say("Checks passed"), desk.say("{passed} of {all}").format(passed=material.quality.passed, all=checks)),
        (
            desk.say("Held back"),
            language.say_many("{n} claim", "{n} claims", material.quality.quarantined).format(
                n=language.number(material.quality.quarantined)
            ),
        ),
        (
            desk.say("Waiting"),
            language.say_many("{n} document", "{n} documents", material.coverage.waiting).format(
                n=language.number(material.coverage.waiting)
            ),
        ),
        (desk.say("Sources that fell silent"), _silent(desk)),
        (desk.say("One witness only"), _single(desk)),
    ]
    facts.append((desk.say("Recorded by"), _recorded_by(desk)))
    if material.left_out:
        text = language.say_many("{n} record", "{n} records", material.left_out).format(n=language.number(material.left_out))
        facts.append((desk.say("Outside the scope of this brief"), text))
    without_rate = [r for r in desk.records(Table.FUNDING) if r.conversion is None]
    if without_rate:
        text = language.say_many("{n} sum", "{n} sums", len(without_rate)).format(n=len(without_rate))
        facts.append((desk.say("Without an exchange rate"), text))
    return tuple(facts)


def _coverage(desk: Desk) -> str:
    coverage, language = desk.material.coverage, desk.language
    documents = language.say_many("{n} document", "{n} documents", coverage.documents).format(
        n=language.number(coverage.documents)
    )
    return desk.say("{documents}, {fresh} of them published {when}").format(
        documents=documents, fresh=language.number(coverage.documents_in_period), when=desk.this_period
    )


def _recorded_by(desk: Desk) -> str:
    """The time that `bam brief --recorded-at` takes to make this issue again: up to the next whole second."""
    moment = dt.datetime.fromisoformat(desk.order.recorded_at).astimezone(dt.UTC)
    if moment.microsecond:
        moment = moment.replace(microsecond=0) + dt.timedelta(seconds=1)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _silent(desk: Desk) -> str:
    silent = [source for source in desk.material.sources if source.is_silent]
    known = len(desk.material.sources)
    if not silent:
        return desk.say("none of {all}").format(all=known)
    names = desk.language.join(_silence(desk, source) for source in silent[:SHORT_SOURCES])
    return desk.say("{n} of {all}: {names}").format(n=len(silent), all=known, names=names)


def _silence(desk: Desk, source: SourceHealth) -> str:
    if source.silent_days is None:
        return source.publisher
    days = desk.language.say_many("{n} day", "{n} days", source.silent_days).format(n=desk.language.number(source.silent_days))
    return f"{source.publisher} ({days})"


def _single(desk: Desk) -> str:
    single = sum(record.witness_count == 1 for record in desk.material.records)
    return desk.say("{n} of {all} records").format(
        n=desk.language.number(single), all=desk.language.number(len(desk.material.records))
    )


def _rows(desk: Desk, number: int) -> str:
    return desk.language.say_many("{n} row", "{n} rows", number).format(n=desk.language.number(number))
