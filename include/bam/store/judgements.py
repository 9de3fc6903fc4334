"""What people said of pairs of claims. Judgements are never deleted: one that is taken back keeps who did it and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from bam.model.records import Judgement, Verdict
from bam.store.schema.records import judgements


def insert_judgements(connection: Connection, new: Iterable[Judgement], act: str) -> None:
    """Store judgements that one command (`act`) made; those that are stored already are left as they are."""
    for judgement in new:
        if connection.execute(select(judgements.c.id).where(judgements.c.id == judgement.id)).first() is None:
            connection.execute(
                insert(judgements).values(
                    id=judgement.id,
                    left_key=judgement.left,
                    right_key=judgement.right,
                    verdict=str(judgement.verdict),
                    judged_by=judgement.judged_by,
                    judged_at=judgement.judged_at,
                    reason=judgement.reason,
                    act=act,
                    is_built=False,
                )
            )


def undo_act(connection: Connection, act: str, undone_at: str, undone_by: str) -> int:
    """Take back the judgements of one command; gives how many stood."""
    changed = connection.execute(
        update(judgements)
        .where(judgements.c.act == act, judgements.c.undone_at.is_(None))
        .values(undone_at=undone_at, undone_by=undone_by, is_built=False)
    )
    return int(changed.rowcount)


def standing_judgements(connection: Connection, recorded_by: str | None = None) -> list[Judgement]:
    """The judgements that stand, now or as recorded by that time, oldest first."""
    query = select(judgements).order_by(judgements.c.judged_at, judgements.c.id)
    if recorded_by is None:
        query = query.where(judgements.c.undone_at.is_(None))
    else:
        query = query.where(
            judgements.c.judged_at <= recorded_by,
            or_(judgements.c.undone_at.is_(None), judgements.c.undone_at > recorded_by),
        )
    return [_judgement(row) for row in connection.execute(query)]


def pending_judgements(connection: Connection) -> list[Judgement]:
    """Judgements whose present state (made or taken back) the records don't know yet."""
    query = select(judgements).where(judgements.c.is_built.is_(False)).order_by(judgements.c.id)
    return [_judgement(row) for row in connection.execute(query)]


def mark_judgements_built(connection: Connection, judgement_ids: Collection[str]) -> None:
    """Note that the records know the present state of these judgements."""
    for judgement_id in sorted(judgement_ids):
        connection.execute(update(judgements).where(judgements.c.id == judgement_id).values(is_built=True))


def judgements_on_keys(connection: Connection, keys: Collection[str]) -> list[Row[Any]]:
    """Judgements that name one of these claim keys, standing or not, newest first."""
    query = (
        select(judgements)
        .where(or_(judgements.c.left_key.in_(sorted(keys)), judgements.c.right_key.in_(sorted(keys))))
        .order_by(judgements.c.judged_at.desc(), judgements.c.id)
    )
    return list(connection.execute(query))


def _judgement(row: Row[Any]) -> Judgement:
    return Judgement(row.id, row.left_key, row.right_key, Verdict(row.verdict), row.judged_by, row.judged_at, row.reason)
