"""The steps as Airflow's tasks call them: context in, library called, figures out to the log, the run's note and the asset event.

Each function is what one task does. The library is imported when a task runs, so that parsing the DAG files costs nothing.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from airflow.sdk import Asset, Context, get_current_context

from bam.model.errors import BamError, GateClosedError
from bam.orchestration.failures import NOTE_KEY, DeliveryWaitsError
from bam.orchestration.mail import mail_server
from bam.orchestration.metrics import send_figures
from bam.settings import read_settings

if TYPE_CHECKING:
    from bam.pipeline.context import RunContext
    from bam.pipeline.posting import DeliveryReport

log = logging.getLogger(__name__)

MAX_BATCHES = 1000
"""Batches of one run: Airflow maps a task over at most 1024 items, so a larger backlog gets larger batches."""


LOOKS = 10
SECONDS_BETWEEN_LOOKS = 2.0
"""How often and how soon a delivery that another run has in hand is looked at again before the task is left to its next try."""

TALKATIVE = ("fontTools", "pikepdf", "weasyprint", "weasyprint.progress")
"""Libraries that tell each of their steps, which would hide what our tasks say: only their warnings are logged."""


class LoggedProgress:
    """Progress as log lines of the task: at most ten for a piece of work."""

    @contextmanager
    def task(self, label: str, total: int) -> Iterator[Callable[[int], None]]:
        """See `bam.pipeline.context.Progress`."""
        done = tenths = 0

        def advance(units: int) -> None:
            nonlocal done, tenths
            done += units
            if total and done * 10 // total > tenths:
                tenths = done * 10 // total
                log.info("%s: %d of %d", label, done, total)

        yield advance


def library() -> RunContext:
    """The library's context for one task, with the settings of the environment."""
    from bam.pipeline.context import open_context

    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    return open_context(read_settings(), progress=LoggedProgress())


def tell(sentence: str, figures: Mapping[str, Any]) -> dict[str, Any]:
    """Say what a task has done in the three places where people look: its log, the note of its run, its asset events.

    Args:
        sentence: for people: what was read, changed, sent.
        figures: the same as numbers, for the asset events and the tasks downstream.
    """
    context = get_current_context()
    log.info(sentence)
    context["ti"].xcom_push(NOTE_KEY, sentence)
    where = {"dag": context["ti"].dag_id} | ({"source": str(context["source"])} if "source" in context else {})  # type: ignore[typeddict-item]
    send_figures(context["ti"].task_id, figures, where)
    for outlet in context["task"].outlets:
        if isinstance(outlet, Asset):
            context["outlet_events"][outlet].extra = dict(figures)
    return dict(figures)


def read_source(source_id: str) -> dict[str, Any]:
    """Read what is new at one source. A backfill reads the days of its data interval, where the source knows dates."""
    from bam.pipeline.ingest import ingest_source

    context = get_current_context()
    context["source"] = source_id  # type: ignore[typeddict-unknown-key]  # names the mapped task in the UI
    with library() as run:
        report = ingest_source(run, source_id, _backfilled_days(context))
    for problem in report.problems:
        log.warning("%s", problem)
    return tell(f"{source_id}: {report.sentence}", report.figures())


def find_pending() -> list[list[str]]:
    """Ids of the versions that wait for the extractor, in at most MAX_BATCHES batches."""
    from bam.pipeline.extract import BATCH_SIZE, pending_batches

    context = library()
    batches = pending_batches(context)
    if len(batches) > MAX_BATCHES:
        batches = pending_batches(context, BATCH_SIZE * -(-len(batches) // MAX_BATCHES))
    log.info("%d document versions wait, in %d batches", sum(map(len, batches)), len(batches))
    return batches


def extract_batch(version_ids: list[str]) -> dict[str, Any]:
    """Extract one batch. A version that can't be extracted is noted with its reason and stops no other."""
    from bam.pipeline.extract import extract_batch as extract

    report = extract(library(), version_ids)
    for failure in report.failures:
        log.warning("Not extracted: %s", failure)
    for waiting in report.waiting:
        log.info("Waiting: %s", waiting)
    return {
        "versions": report.versions,
        "claims": report.claims,
        "failures": len(report.failures),
        "waiting": len(report.waiting),
    }


def announce_claims(reports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Add up what the batches gave."""
    totals: Counter[str] = Counter()
    claims: Counter[str] = Counter()
    for report in reports[:]:  # a slice of mapped results is one request, an iteration one for each
        totals.update({name: report[name] for name in ("versions", "failures", "waiting")})
        claims.update(report["claims"])
    by_table = ", ".join(f"{count} {table}" for table, count in sorted(claims.items())) or "no claims"
    sentence = f"{totals['versions']} versions extracted: {by_table}"
    if totals["failures"]:
        sentence += f"; {totals['failures']} could not be extracted"
    if totals["waiting"]:
        sentence += f"; {totals['waiting']} wait for a language"
    return tell(sentence, {**totals, "claims": dict(claims)})


def update_tables() -> dict[str, Any]:
    """Records, checks, tables. Raises GateClosedError, which isn't tried again, if a critical check failed."""
    from bam.pipeline.update import update

    with library() as run:
        report = update(run)
    for failed in report.checks.failed():
        log.warning("%s: %s", failed.severity, failed.sentence)
    checks = ", ".join(f"{count} {name}" for name, count in report.checks.counts().items() if count)
    return tell(f"{report.sentence} Checks: {checks or 'none'}.", report.figures)


def render(brief_id: str) -> dict[str, Any]:
    """Make the issue of this run's period in every edition that somebody gets.

    The period is the parameter `period`, else the one that the run's data interval starts in, else the latest that has data.
    """
    from bam.pipeline.brief import render_editions
    from bam.pipeline.round import issue_lines, wanted_period

    context = get_current_context()
    parameters = context["params"]
    as_of = date.fromisoformat(parameters["as_of"]) if parameters["as_of"] else None
    with library() as run:
        period = wanted_period(run, brief_id, parameters["period"] or _month_of_interval(context))
        if period is None:
            raise BamError("nothing is known yet", where=brief_id, remedy="Run `ingest` first, or wait for `indicators`.")
        issues = render_editions(run, brief_id, period, as_of)
    first = issues[0]
    figures = {
        "brief": brief_id,
        "period": first.period,
        "issue_ids": [issue.issue_id for issue in issues],
        "figures": first.figures,
    }
    return tell("\n".join(issue_lines(issues)), figures)


def gate(issue_ids: Sequence[str]) -> list[str]:
    """Those issues that may leave. Raises GateClosedError if the figures of one failed."""
    from bam.pipeline.deliver import check_gate

    context = get_current_context()
    ready = []
    with library() as run:
        for issue_id in issue_ids:
            report = check_gate(run, issue_id, **_wish(context))
            if report.is_open:
                ready.append(report.issue_id)
            else:
                tell(f"Not sent: {report.sentence}.", {})
    return ready


def deliver(issue_ids: Sequence[str]) -> dict[str, Any]:
    """Send these issues to whoever hasn't got them."""
    from bam.pipeline.deliver import deliver_issue

    context = get_current_context()
    server = mail_server()
    with library() as run:
        deliver_once = partial(deliver_issue, run, mail_server=server, **_wish(context))
        reports = [deliver_patiently(partial(deliver_once, issue_id)) for issue_id in issue_ids]
    figures = _handed_over(reports)
    refused = [f"{report.title}: {reason}" for report in reports for reason in report.alarms()]
    if refused:
        raise GateClosedError("; ".join(refused), remedy="Nothing was sent; `bam approve` shows what waits for a person.")
    return figures


def deliver_patiently(deliver_once: Callable[[], DeliveryReport]) -> DeliveryReport:
    """Deliver; where another run is sending the same just now, look again for a few seconds instead of at the next try."""
    report = deliver_once()
    for _ in range(LOOKS):
        if not report.is_in_other_hands:
            break
        time.sleep(SECONDS_BETWEEN_LOOKS)
        later = deliver_once()
        report = replace(later, attempts=(*report.attempts, *later.attempts))
    return report


def tell_operators() -> dict[str, Any]:
    """Finish deliveries that wait, look what needs a person, and mail the digest that is due."""
    from bam.pipeline import alerts
    from bam.pipeline.deliver import deliver_waiting

    server = mail_server()
    with library() as run:
        reports = deliver_waiting(run, mail_server=server)
        alerts.look_around(run)
        digest = alerts.tell_operators(run, server)
    return _handed_over([*reports, *([digest] if digest else [])])


def remind_owners() -> dict[str, Any]:
    """Mail each owner one digest of what is due or overdue on the day of the run."""
    from bam.pipeline.followups import remind

    with library() as run:
        report = remind(run, run.now().date(), mail_server=mail_server())
    for party in report.nobody:
        log.warning("Nobody answers for %s: add an owner to recipients.yml", party or "commitments without a party")
    log.info("%d commitments to remind of; %d are above their readers' clearance", len(report.due), len(report.withheld))
    return _handed_over(report.digests)


def verify_store() -> dict[str, Any]:
    """Read back every archived document. Raises StoreError that names what is damaged."""
    from bam.pipeline.maintain import require_sound, verify_archive

    with library() as run:
        count, damage = verify_archive(run)
    for one in damage:
        log.error("%s: %s", one.sha256, one.reason)
    require_sound(damage)
    return tell(f"{count} archived objects are what their names say.", {"objects": count})


def tidy() -> dict[str, Any]:
    """Let the database tidy itself and remove old logs."""
    from bam.orchestration.home import AirflowHome
    from bam.pipeline.maintain import tidy as tidy_store

    with library() as run:
        report = tidy_store(run, AirflowHome.of(run.settings).logs / "tasks")
    return tell(report.sentence, {"removed_logs": report.removed_logs, "freed_bytes": report.freed_bytes})


def _handed_over(reports: Sequence[DeliveryReport]) -> dict[str, Any]:
    """Say what became of these parcels. Raises DeliveryWaitsError, for which Airflow tries again, while somebody waits."""
    for line in (line for report in reports for line in report.lines()[1:]):
        log.warning("%s", line.strip())
    counts = Counter({"sent_now": 0})
    for report in reports:
        counts.update({name: number for name, number in report.figures().items() if isinstance(number, int)})
    figures = tell("\n".join(report.sentence for report in reports) or "Nothing is to be sent.", counts)
    waiting = [report.sentence for report in reports if report.is_waiting]
    if waiting:
        raise DeliveryWaitsError("; ".join(waiting), remedy="It is tried again; see `bam outbox list --state waiting`.")
    return figures


def _wish(context: Context) -> dict[str, Any]:
    """What this run's caller asked for: whether issues of backfills are sent, too, and whether this is one."""
    return {"deliver": context["params"]["deliver"], "is_backfill": context["dag_run"].run_type == "backfill"}


def _month_of_interval(context: Context) -> str | None:
    """The month that the run's data interval starts in (`2014-03`); None for runs that are triggered by hand."""
    start = context.get("data_interval_start")
    return f"{start:%Y-%m}" if start and context["dag_run"].run_type != "manual" else None


def _backfilled_days(context: Context) -> tuple[date, date] | None:
    """The days from the first to before the last that a backfilled run is for. Other runs take what came in late, too."""
    start, end = context.get("data_interval_start"), context.get("data_interval_end")
    is_backfill = context["dag_run"].run_type == "backfill"
    return (start.date(), end.date()) if is_backfill and start and end else None
