"""`verify_store` finds whatever was changed behind the program's back, and names it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from bam.model.claims import FundingValues, Stage
from bam.quality.verification import verify_store
from bam.store.schema.documents import version_texts

TEXT = "The embassy gave 2 million dollars for scanners."
GRANT = (FundingValues(2e6, "USD", Stage.DISBURSED, ("US",), ("TJ",)), "gave 2 million dollars")


def _faults(desk: Any) -> list[tuple[str, str, str]]:
    found = verify_store(desk.store, desk.archive.get)
    return [(fault.kind, fault.id, fault.what) for fault in found.faults]


def test_an_honest_store_verifies(desk: Any) -> None:
    desk.extract(desk.publish(TEXT), [GRANT])
    desk.extract(desk.publish(TEXT + " More."), [GRANT])
    read: list[int] = []

    found = verify_store(desk.store, desk.archive.get, read.append)

    assert (found.versions, found.claims, found.faults) == (2, 2, ())
    assert sum(read) == 2


def test_one_altered_byte_is_named_with_the_claims_that_rest_on_it(desk: Any) -> None:
    (claim,) = desk.extract(desk.publish(TEXT), [GRANT])
    ((sha256, raw),) = desk.archive.items()
    desk.archive[sha256] = raw.replace(b"2", b"3")

    (version, of_claim) = _faults(desk)

    assert version[:2] == ("version", desk.state(claim).claim.version_id)
    assert version[2].startswith(f"the archived bytes under {sha256} have changed")
    assert of_claim == ("claim", claim, version[2])


def test_superseded_versions_are_verified_too(desk: Any) -> None:
    (old,) = desk.extract(desk.publish(TEXT), [GRANT])
    desk.extract(desk.publish(TEXT + " More."), [GRANT])
    desk.spoil(old, evidence=[{"start": 0, "end": 3, "quote": "gave", "page": None}])

    assert _faults(desk) == [("claim", old, "'gave' stands at 12, not at 0")]


def test_altered_text_is_named(desk: Any) -> None:
    version = desk.publish(TEXT)
    with desk.store.write() as connection:
        connection.execute(update(version_texts).values(text=TEXT.replace("2", "3")))

    ((kind, fault_id, what),) = _faults(desk)

    assert (kind, fault_id) == ("version", version)
    assert what.startswith("the stored text has changed")


def test_missing_bytes_are_named(desk: Any) -> None:
    version = desk.publish(TEXT)
    desk.archive.clear()

    ((kind, fault_id, what),) = _faults(desk)

    assert (kind, fault_id) == ("version", version)
    assert what.startswith("the archive has no bytes")
