"""Choosing among what a field can be, by the scores of a ranker that was trained to tell the right choice from its rivals."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

Codes = tuple[str, ...]
V = TypeVar("V")


def likeliest(scored: Iterable[tuple[V | None, float]], none_handicap: float = 0.0) -> V | None:
    """The value with the highest log-odds, the first one among equals; None without any.

    `none_handicap` is taken from the log-odds of None, which stands for "the text doesn't say": an empty field that the text
    fills costs as much as a wrong one, and earns nothing where it is right.
    """
    handicapped = [(value, score - (none_handicap if value is None else 0.0)) for value, score in scored]
    return max(handicapped, key=lambda item: item[1], default=(None, 0.0))[0]


def near_best(scored: Iterable[tuple[Codes, float]], share: float) -> Codes:
    """The codes of all choices whose odds are at least a share of the best one's, the likeliest first; none where nobody at all
    (the empty choice) is likeliest.
    """
    ranked = sorted(scored, key=lambda item: (-item[1], item[0]))
    if not ranked or not ranked[0][0]:
        return ()
    bound = ranked[0][1] + math.log(share)
    return tuple(dict.fromkeys(code for codes, score in ranked if score >= bound for code in codes))


def likely_codes(scored: Sequence[tuple[Codes, float]], least: float) -> Codes:
    """The codes that belong to the right set with a probability of at least `least`, the likeliest first.

    `scored` are the sets with their log-odds up to a constant; a code's probability is that of all sets that hold it.
    """
    odds: dict[Codes, float] = {}
    top = max((score for _, score in scored), default=0.0)
    for codes, score in scored:
        odds[codes] = odds.get(codes, 0.0) + math.exp(score - top)
    whole = math.fsum(odds.values())
    parts: dict[str, list[float]] = {}
    for codes, value in odds.items():
        for code in dict.fromkeys(codes):
            parts.setdefault(code, []).append(value)
    shares = {code: math.fsum(values) / whole for code, values in parts.items()}
    taken = [code for code, share in shares.items() if share >= least]
    return tuple(sorted(taken, key=lambda code: -shares[code]))


def nearest(sets: Sequence[Collection[str]], wanted: Collection[str], least: float) -> list[bool]:
    """Which of the sets are the right one, or as near to it as any: none where no set is as like as `least`."""
    fits = [likeness(codes, wanted) for codes in sets]
    best = max(fits, default=0.0)
    return [fit == best and fit >= least for fit in fits]


def likeness(one: Collection[str], other: Collection[str]) -> float:
    """The share of all codes that two sets have in common; two empty sets are the same."""
    first, second = set(one), set(other)
    return len(first & second) / len(first | second) if first or second else 1.0
