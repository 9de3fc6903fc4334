"""One round through the real DAGs: trigger `ingest`, follow what its assets set off, then ask for the briefs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from bam.orchestration.client import AirflowError, AssetEvent, RunState, TaskState

CONSUMERS = {"documents": "extract", "claims": "indicators"}
"""Which DAG an update of an asset sets off (the `schedule` of the DAG files; a test compares the two)."""

ROUND_DAGS = ("ingest", "extract", "indicators")

POLL_SECONDS = 0.4
SETTLE_POLLS = 5
"""Looks in a row without any moving task after which a run that waits for a retry or for a person is left alone."""

PATIENCE_SECONDS = 3600
"""Nothing that a round does takes longer without any change; a round that stands still that long is given up."""

LOST_EVENT_SECONDS = 2
"""An update of an asset that no run has answered for so long, while nothing moves, was lost by Airflow: of several at the same
moment it can overlook one. Its consumer is triggered then, which works off whatever is pending."""

MOVING = frozenset({"scheduled", "queued", "running", "restarting", "deferred", "up_for_reschedule"})
WAITING = frozenset({"up_for_retry", "awaiting_input"})

Watch = Callable[[Sequence[RunState]], None]
RunKey = tuple[str, str]


class Runs(Protocol):
    """The part of `AirflowClient` that a round needs."""

    def is_paused(self, dag_id: str) -> bool: ...
    def pause(self, dag_id: str, paused: bool) -> None: ...
    def trigger(self, dag_id: str, conf: Mapping[str, object]) -> str: ...
    def run(self, dag_id: str, run_id: str) -> RunState: ...
    def unfinished(self, dag_id: str) -> list[RunState]: ...
    def asset_events(self, dag_id: str, run_id: str) -> list[AssetEvent] | None: ...


@dataclass(frozen=True, slots=True)
class Round:
    """What a round came to: its runs as they ended, and the briefs that were left out because their DAG is switched off."""

    runs: tuple[RunState, ...]
    switched_off: tuple[str, ...] = ()

    @property
    def failed_tasks(self) -> list[tuple[RunState, TaskState]]:
        """Tasks that failed or wait for another try."""
        return [(run, task) for run in self.runs for task in run.tasks if task.state in ("failed", "up_for_retry")]

    @property
    def waiting_for_people(self) -> list[RunState]:
        """Runs in which somebody is asked for approval."""
        return [run for run in self.runs if any(task.state == "awaiting_input" for task in run.tasks)]


def run_round(client: Runs, briefs: Iterable[str], conf: Mapping[str, object], *, own: bool, watch: Watch) -> Round:
    """Run the whole chain once.

    Args:
        client: whose DAGs.
        briefs: ids of the briefs that are wanted.
        conf: parameters of the brief DAGs (`period`, `as_of`, `deliver`).
        own: whether this Airflow runs for us alone and without schedules. Then the DAGs of the briefs are switched on for the
            round; in somebody else's Airflow that would set off their scheduled runs, so those that are off are left out.
        watch: is told the state of all runs, again and again.

    Raises:
        AirflowError: a DAG of the chain is switched off or missing, or nothing moves any more.
    """
    for dag_id in ROUND_DAGS:
        if client.is_paused(dag_id):
            raise AirflowError(f"the DAG {dag_id} is switched off", remedy="Switch it on in the Airflow UI and run again.")
    runs: list[RunState] = []

    def follow_all(keys: Sequence[RunKey]) -> None:
        runs.extend(follow(client, keys, lambda now: watch([*runs, *now])))

    follow_all([("ingest", client.trigger("ingest", {}))])
    if not any(run.dag_id == "indicators" for run in runs):
        # Nothing new came in; corrections and the passing of time may still change the tables.
        follow_all([("indicators", client.trigger("indicators", {}))])
    if runs[-1].state != "success":
        return Round(tuple(runs))
    wanted = [f"brief_{brief}" for brief in briefs]
    with _switched_on(client, wanted, own) as running:
        # A brief that waits for a person is not asked about again: its runs would pile up until no further one starts.
        waiting = {dag_id: [run for run in client.unfinished(dag_id) if _stands_still(run)] for dag_id in running}
        runs.extend(found[0] for found in waiting.values() if found)
        follow_all([(dag_id, client.trigger(dag_id, conf)) for dag_id in running if not waiting[dag_id]])
    return Round(tuple(runs), tuple(dag_id for dag_id in wanted if dag_id not in running))


def follow(client: Runs, first: Sequence[RunKey], watch: Watch) -> list[RunState]:
    """Wait for these runs and for all that their asset updates set off, in the order in which they started.

    A run in which a task waits for its next try or for a person counts as ended when nothing else moves in it. A consumer that
    Airflow forgot to start is triggered.
    """
    made_up_for: set[str] = set()
    runs: dict[RunKey, RunState] = {key: client.run(*key) for key in first}
    still: dict[RunKey, int] = {}
    last_change = time.monotonic()
    while True:
        before = dict(runs)
        pending, unanswered = False, set[str]()
        for key, run in before.items():
            if not run.is_finished:
                runs[key] = client.run(*key)
            events = client.asset_events(*key)
            pending |= events is None
            for event in events or ():
                for started in event.started:
                    runs.setdefault(started, client.run(*started))
                if not event.started and event.asset in CONSUMERS and event.asset not in made_up_for:
                    unanswered.add(event.asset)
        for key, run in runs.items():
            still[key] = still.get(key, 0) + 1 if _stands_still(run) else 0
        watch(list(runs.values()))
        is_over = not pending and all(run.is_finished or still[key] >= SETTLE_POLLS for key, run in runs.items())
        if is_over and not unanswered:
            return list(runs.values())
        if runs != before:
            last_change = time.monotonic()
        elif is_over and time.monotonic() - last_change > LOST_EVENT_SECONDS:
            runs |= {key: client.run(*key) for key in _triggered(client, unanswered)}
            made_up_for |= unanswered
        elif time.monotonic() - last_change > PATIENCE_SECONDS:
            names = ", ".join(run.dag_id for run in runs.values() if not run.is_finished)
            raise AirflowError(f"nothing moves any more in {names or 'Airflow'}", remedy="Look at the runs in the Airflow UI.")
        time.sleep(POLL_SECONDS)


def _triggered(client: Runs, assets: Iterable[str]) -> list[RunKey]:
    """Runs of the consumers of these assets, asked for now."""
    return [(CONSUMERS[asset], client.trigger(CONSUMERS[asset], {})) for asset in sorted(assets)]


def _stands_still(run: RunState) -> bool:
    states = {task.state for task in run.tasks}
    return bool(states & WAITING) and not states & MOVING


@contextmanager
def _switched_on(client: Runs, dag_ids: Sequence[str], own: bool) -> Iterator[list[str]]:
    """The DAGs of these that run; in an Airflow of our own the others are switched on meanwhile."""
    off = [dag_id for dag_id in dag_ids if client.is_paused(dag_id)]
    if own:
        for dag_id in off:
            client.pause(dag_id, False)
    try:
        yield [dag_id for dag_id in dag_ids if own or dag_id not in off]
    finally:
        if own:
            for dag_id in off:
                client.pause(dag_id, True)
