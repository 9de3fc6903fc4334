"""Who looks at a page, and what they may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person who is logged in to Airflow.

    `id` names the account, `name` is what decisions are signed with. `may_act`: operators and admins decide, viewers read.
    `dag_ids` gives the DAGs whose runs they may see.
    """

    id: str
    name: str
    may_act: bool
    dag_ids: Callable[[], frozenset[str]]
