"""The grounding guard: a claim holds only while its quotes stand at their offsets in an archived text whose bytes are intact.

A chain of three links is checked: the archived bytes have the SHA-256 that they are stored under; the canonical text has the
SHA-256 that the version names; each quote is the text at its offsets. A break of any link is told in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bam.model.claims import Claim, Evidence, Fact
from bam.model.identity import sha256_hex

ReadBytes = Callable[[str], bytes | None]
"""The archived bytes under a SHA-256; None where the archive has none."""


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A document version with what its claims rest on. `text` is None where none is stored."""

    id: str
    raw_sha256: str
    text_sha256: str
    text: str | None


def fault_of_evidence(text: str, evidence: Sequence[Evidence]) -> str | None:
    """What is wrong with the first quote that doesn't stand in the text; None where all do."""
    if not evidence:
        return "no quote is given"
    for item in evidence:
        if not item.quote.strip():
            return f"the quote at {item.start} is empty"
        if item.start < 0 or item.end > len(text) or item.start >= item.end:
            return f"the quote at {item.start}-{item.end} lies outside the text of {len(text)} characters"
        if text[item.start : item.end] != item.quote:
            return _moved(text, item)
    return None


def fault_of_version(version: StoredVersion, read_bytes: ReadBytes, *, needs_text: bool = True) -> str | None:
    """What is wrong with the archived bytes or the stored text of a version; None where both are intact.

    Without `needs_text` a version that has no text (it couldn't be converted) is judged by its bytes.
    """
    raw = read_bytes(version.raw_sha256)
    if raw is None:
        return f"the archive has no bytes under {version.raw_sha256}"
    if (found := sha256_hex(raw)) != version.raw_sha256:
        return f"the archived bytes under {version.raw_sha256} have changed (their SHA-256 is {found})"
    if version.text is None:
        return "no text is stored" if needs_text else None
    if (found := sha256_hex(version.text.encode())) != version.text_sha256:
        return f"the stored text has changed (its SHA-256 is {found}, expected {version.text_sha256})"
    return None


def grounded(facts: Iterable[Fact], text: str) -> tuple[list[Fact], list[tuple[Fact, str]]]:
    """Facts whose quotes stand in the text, and the others with what is wrong: the guard for extractors that may invent."""
    kept: list[Fact] = []
    refused: list[tuple[Fact, str]] = []
    for fact in facts:
        fault = fault_of_evidence(text, fact.evidence)
        if fault is None:
            kept.append(fact)
        else:
            refused.append((fact, fault))
    return kept, refused


def unfounded_claims(claims: Iterable[Claim], versions: Mapping[str, StoredVersion], damage: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the ground of each claim that has none, by claim id.

    Args:
        versions: the stored versions of these claims, by id.
        damage: `fault_of_version` of the damaged ones, by version id.
    """
    faults: dict[str, str] = {}
    for claim in claims:
        version = versions.get(claim.version_id)
        if version is None:
            fault: str | None = f"the version {claim.version_id} is not stored"
        else:
            fault = damage.get(version.id) or fault_of_evidence(version.text or "", claim.evidence)
        if fault is not None:
            faults[claim.id] = fault
    return faults


def _moved(text: str, item: Evidence) -> str:
    """Whether the quote stands somewhere else: that tells a shift of offsets from an invention."""
    elsewhere = text.find(item.quote)
    if elsewhere < 0:
        return f"the document doesn't say {_shown(item.quote)!r}"
    return f"{_shown(item.quote)!r} stands at {elsewhere}, not at {item.start}"


def _shown(quote: str) -> str:
    return quote if len(quote) <= 60 else quote[:57] + "..."
