"""How alike two texts are, whoever published them: MinHash signatures of word sequences (datasketch).

The measure, its threshold and the number of bands come from the experiment in docs/decisions/0022-near-copies.md; run
`python -m tests.unit.documents.near_copies` to make its table again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np
from datasketch import MinHash

PERMUTATIONS = 126
BANDS = 42
ROWS = PERMUTATIONS // BANDS
SHINGLE_WORDS = 4
LEAST_WORDS = 30
"""Shorter texts (a caption, a line of news) are alike by chance."""

COPY_THRESHOLD = 0.6
"""Least share of the shorter text's word sequences that a copy has in common with the other text."""

_STRANGE_MARKS = re.compile(r"[^\w\x00-\x7f]+")
_ASCII_WORDS = bytes(code if code >= 128 or chr(code).isalnum() else ord(" ") for code in range(256))
_SEED = 1
_MIX = 0xBF58476D1CE4E5B9
_MAX_WORDS = 20_000

_AT_ONCE = 256
"""Word sequences that are permuted together."""

_PRIME = np.uint64((1 << 61) - 1)
_LOW_BITS = np.uint64((1 << 32) - 1)


@dataclass(frozen=True, slots=True)
class Signature:
    """`values` are PERMUTATIONS unsigned 32-bit numbers; `word_count` the number of words that were signed."""

    values: bytes
    word_count: int

    def bands(self) -> list[int]:
        """BANDS numbers of 63 bits; two texts that share one may be copies."""
        numbers = np.frombuffer(self.values, dtype="<u4").astype(np.uint64).reshape(BANDS, ROWS)
        mixed = np.arange(1, BANDS + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        for row in range(ROWS):
            mixed = (mixed ^ numbers[:, row]) * np.uint64(_MIX)
            mixed ^= mixed >> np.uint64(31)
        return [int(value) >> 1 for value in mixed]


def sign(text: str) -> Signature | None:
    """The signature of a text; None where it is too short to tell copies by."""
    words = _words(text)
    if len(words) < LEAST_WORDS:
        return None
    hashes = np.array(list(map(crc32, words)), dtype=np.uint64)
    shingles = np.zeros(len(words) - SHINGLE_WORDS + 1, dtype=np.uint64)
    for place in range(SHINGLE_WORDS):
        # The order of the words counts: each is mixed in before the next one comes.
        shingles = (shingles ^ hashes[place : place + len(shingles)]) * np.uint64(_MIX)
        shingles ^= shingles >> np.uint64(29)
    return Signature(_min_hashes(shingles >> np.uint64(32)).astype("<u4").tobytes(), len(words))


def _words(text: str) -> list[bytes]:
    """The words in lower case, as UTF-8. Bytes are cut at what isn't a letter or digit in a third of the time of a pattern."""
    plain = _STRANGE_MARKS.sub(" ", text.casefold())
    return plain.encode(errors="replace").translate(_ASCII_WORDS).split()[:_MAX_WORDS]


def _min_hashes(values: np.ndarray) -> np.ndarray:
    """What datasketch's MinHash makes of these 32-bit numbers: for each permutation (a x + b) mod p the least of them all.

    The library does the same in tables of all numbers with a division each. These are cut to fit the processor's cache, and the
    remainder of the prime p = 2^61 - 1 is a shift and a sum: it takes half the time.
    """
    factors, offsets = _permutations()
    least = np.full(PERMUTATIONS, _LOW_BITS, dtype=np.uint64)
    for start in range(0, len(values), _AT_ONCE):
        table = values[start : start + _AT_ONCE] * factors
        table += offsets
        high = table >> np.uint64(61)
        table &= _PRIME
        table += high
        # A sum that reached p goes down by p, which is one up in the low bits.
        table += table >= _PRIME
        table &= _LOW_BITS
        np.minimum(least, table.min(axis=1), out=least)
    return least


def containment(first: Signature, second: Signature) -> float:
    """The estimated share of the shorter text's word sequences that the longer one has too, 0 to 1."""
    return containments(first.values, first.word_count, [(second.values, second.word_count)])[0]


def containments(values: bytes, word_count: int, others: Sequence[tuple[bytes, int]]) -> list[float]:
    """`containment` of one signature with each of some others, all given as their values and word counts."""
    own = np.frombuffer(values, dtype="<u4")
    table = np.frombuffer(b"".join(other for other, _ in others), dtype="<u4").reshape(len(others), PERMUTATIONS)
    counts = np.asarray([count for _, count in others], dtype=np.float64)
    jaccard = (table == own).mean(axis=1)
    both = jaccard / (1 + jaccard) * (counts + word_count)
    shares: list[float] = np.minimum(1.0, both / np.minimum(counts, word_count)).tolist()
    return shares


@lru_cache(maxsize=1)
def _permutations() -> tuple[np.ndarray, np.ndarray]:
    factors, offsets = MinHash(num_perm=PERMUTATIONS, seed=_SEED).permutations
    return factors[:, None], offsets[:, None]
