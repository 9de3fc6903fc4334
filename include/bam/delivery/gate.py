"""Whether an issue may leave at all: what was found out about its figures, its approval, and whether it is a backfill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bam.delivery.approval import Approval

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Findings:
    """What the checks say about the figures of an issue, as sentences for operators.

    `critical` are failed critical checks of the run behind it, `stale` says why its set of sources can't be trusted to be up to
    date (None where it can), `unverified` are figures that don't lead back to a quote in an archived document.
    """

    critical: Sequence[str] = ()
    stale: str | None = None
    unverified: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Objection:
    """Why an issue, or one delivery of it, doesn't leave: a stable code, and the reason in words."""

    code: str
    reason: str


def objections_to(
    findings: Findings, *, approval: Approval | None, is_backfill: bool, deliver: bool | None
) -> tuple[Objection, ...]:
    """All reasons why an issue must not leave; none means that it may.

    `approval` is None where the brief needs none. `deliver` is what the caller asked for: True sends backfilled issues too, False
    sends nothing, None is the usual way. No wish opens the gate for figures that failed.
    """
    found = []
    if findings.critical:
        found.append(Objection("critical_check", _listed("a critical check failed", "critical checks failed", findings.critical)))
    if findings.stale:
        found.append(Objection("stale_sources", findings.stale))
    if findings.unverified:
        found.append(
            Objection("unverified", _listed("a figure is not verified", "figures are not verified", findings.unverified))
        )
    if deliver is False:
        found.append(Objection("not_asked", "it was asked not to be delivered"))
    elif is_backfill and deliver is None:
        found.append(Objection("backfill", "it was made by a backfill, which is sent only where deliver: true asks for it"))
    if approval is not None and approval.state != "approved":
        found.append(Objection(f"approval_{approval.state}", approval.sentence))
    return tuple(found)


def _listed(one: str, many: str, sentences: Sequence[str]) -> str:
    head = one if len(sentences) == 1 else f"{len(sentences)} {many}"
    more = f" and {len(sentences) - _SHOWN} more" if len(sentences) > _SHOWN else ""
    return f"{head}: {'; '.join(sentences[:_SHOWN])}{more}"
