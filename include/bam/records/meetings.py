"""Which claims meet: their blocking keys as numbers in arrays, so that hundreds of thousands of claims take little memory."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import IntEnum
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bam.records import blocking
from bam.records.blocking import PART, PROMISE, REPORT, SIBLINGS, blocking_keys, counterpart, is_limited
from bam.records.prepare import Prepared

Numbers = NDArray[np.int64]
Places = NDArray[np.int32]
Flags = NDArray[np.bool_]


class Kind(IntEnum):
    """What a key is for."""

    ALIKE = 0
    SIBLINGS = 1
    PART = 2
    PROMISE = 3
    REPORT = 4


_BEGINNINGS = {SIBLINGS: Kind.SIBLINGS, PART: Kind.PART, PROMISE: Kind.PROMISE, REPORT: Kind.REPORT}


def block_number(key: str) -> int:
    """A blocking key as a number: 63 bits of its hash. Two keys with one number only cost a comparison."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest()) >> 1


def numbered_keys(prepared: Prepared) -> dict[str, int]:
    """The blocking keys of a claim in order, with their numbers."""
    return {key: block_number(key) for key in sorted(blocking_keys(prepared))}


def kind_of(key: str) -> Kind:
    """What a blocking key is for."""
    return next((kind for beginning, kind in _BEGINNINGS.items() if key.startswith(beginning)), Kind.ALIKE)


class Meetings:
    """The blocks of claims. `ids` are sorted; a claim is known by its place among them.

    Args:
        prepared: the claims by id.
        crowded: numbers of keys that so many other claims share that they say nothing.
        known: the numbered keys of claims where they have been worked out already, by id.
    """

    def __init__(
        self,
        prepared: Mapping[str, Prepared],
        crowded: Collection[int] = (),
        known: Mapping[str, Mapping[str, int]] = MappingProxyType({}),
    ) -> None:
        self.ids: Sequence[str] = sorted(prepared)
        numbers, owners, kinds, offsets = array("q"), array("i"), array("b"), array("q", [0])
        promises, sought = array("q"), array("q")
        for place, claim_id in enumerate(self.ids):
            for key, number in (known.get(claim_id) or numbered_keys(prepared[claim_id])).items():
                kind = kind_of(key)
                if kind is Kind.PROMISE:
                    promises.append(len(numbers))
                    sought.append(block_number(counterpart(key)))
                numbers.append(number)
                owners.append(place)
                kinds.append(kind)
            offsets.append(len(numbers))
        self._numbers, self._kinds, self._offsets = np.asarray(numbers), np.asarray(kinds), offsets
        order = np.argsort(self._numbers, kind="stable")
        ordered, self._members = self._numbers[order], np.asarray(owners)[order]
        del order, owners
        self._starts = _places(ordered, self._numbers, "left")
        self._ends = _places(ordered, self._numbers, "right")
        size = self._ends - self._starts
        self._crowded = np.unique(self._numbers[self._is_limited() & (size > blocking.MAX_BLOCK)])
        # A promise meets the claims that have another key than its own; all other keys are their own counterparts.
        where, wanted = np.asarray(promises), np.asarray(sought)
        self._starts[where] = _places(ordered, wanted, "left")
        self._ends[where] = _places(ordered, wanted, "right")
        del ordered
        self._tells = self._find_telling(np.maximum(size, self._ends - self._starts), where, wanted, crowded)

    def __iter__(self) -> Iterator[tuple[str, Kind, list[str]]]:
        """For each claim and each of its keys that tells something: the claims that have its counterpart, itself among them."""
        owners = np.repeat(np.arange(len(self.ids), dtype=np.int32), np.diff(np.asarray(self._offsets)))
        for posting in np.flatnonzero(self._bring_together(owners)).tolist():
            members = self._members[self._starts[posting] : self._ends[posting]].tolist()
            yield self.ids[owners[posting]], Kind(self._kinds[posting]), [self.ids[member] for member in members]

    def _bring_together(self, owners: Places) -> Flags:
        """For each posting whether its key tells something and another claim than its owner has the counterpart. What reports is
        found from the promise.
        """
        sizes = self._ends - self._starts
        first = self._members[np.minimum(self._starts, len(self._members) - 1)]
        found: Flags = self._tells & (self._kinds != Kind.REPORT) & ((sizes > 1) | ((sizes == 1) & (first != owners)))
        return found

    def crowded(self) -> set[int]:
        """The numbers of the keys that too many of these claims share."""
        return {int(number) for number in self._crowded}

    def _is_limited(self) -> Flags:
        limited = [kind for kind in Kind if is_limited(_key_of(kind))]
        return np.isin(self._kinds, limited)

    def _find_telling(self, size: Places, promises: Numbers, sought: Numbers, crowded: Collection[int]) -> Flags:
        """For each posting whether neither its own key nor its counterpart (`size`: the larger of both) is shared by too many."""
        known = np.fromiter(sorted(crowded), dtype=np.int64, count=len(crowded))
        full: Flags = np.isin(self._numbers, known) | (size > blocking.MAX_BLOCK)
        full[promises] |= np.isin(sought, known)
        telling: Flags = ~(self._is_limited() & full)
        return telling


_AT_ONCE = 500_000


def _places(ordered: Numbers, wanted: Numbers, side: Literal["left", "right"]) -> Places:
    """Where each number would stand among the ordered ones; a part at a time, for the sake of memory."""
    found = np.empty(len(wanted), dtype=np.int32)
    for start in range(0, len(wanted), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        found[part] = np.searchsorted(ordered, wanted[part], side)
    return found


def _key_of(kind: Kind) -> str:
    return next((beginning for beginning, own in _BEGINNINGS.items() if own is kind), "alike|")
