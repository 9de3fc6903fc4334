"""One record per real thing: candidates of a document that can be the same are joined."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

C = TypeVar("C")
V = TypeVar("V")


def group(
    candidates: Sequence[C], keys: Callable[[C], Iterable[Hashable]], same: Callable[[C, C], bool], *, window: int = 200
) -> list[list[C]]:
    """Groups of candidates that are the same thing, in order of their first member.

    Only candidates that share a key are compared (the words of a name, an amount), so the cost stays linear: each is compared
    with at most `window` groups of a key. `same` is asked about the group's first member and the new candidate.
    """
    groups: list[list[C]] = []
    by_key: dict[Hashable, list[int]] = {}
    for candidate in candidates:
        own = list(dict.fromkeys(keys(candidate)))
        home = None
        for key in own:
            for number in by_key.get(key, ())[-window:]:
                if same(groups[number][0], candidate):
                    home = number if home is None else min(home, number)
        if home is None:
            home = len(groups)
            groups.append([])
        groups[home].append(candidate)
        for key in own:
            listed = by_key.setdefault(key, [])
            if not listed or listed[-1] != home:
                listed.append(home)
    return groups


def first_known(values: Iterable[V | None]) -> V | None:
    """The first value that is known."""
    return next((value for value in values if value is not None), None)


def most_exact(dates: Iterable[str | None]) -> str | None:
    """The longest ISO prefix; the first one among equals."""
    known = [date for date in dates if date]
    return max(known, key=len) if known else None


def union(lists: Iterable[Iterable[V]]) -> tuple[V, ...]:
    """Every value once, in order of appearance."""
    return tuple(dict.fromkeys(value for values in lists for value in values))
