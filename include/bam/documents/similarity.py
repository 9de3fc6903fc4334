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

BANDS = 28
ROWS = 3
PERMUTATIONS = BANDS * ROWS
SHINGLE_WORDS = 4
LEAST_WORDS = 30
"""Shorter texts (a caption, a line of news) are alike by chance."""

COPY_THRESHOLD = 0.6
"""Least share of the shorter text's word sequences that a copy has in common with the other text."""

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_MARK = re.compile(r"\W")
_ASCII_WORDS = bytes(code if code >= 128 or chr(code).isalnum() else ord(" ") for code in range(256))
_SEED = 1
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_MIX_BITS, _HALF = np.uint64(29), np.uint64(32)
_MAX_WORDS = 20_000

_AT_ONCE = 2048
"""Word sequences that are permuted together."""

_PRIME_BITS = np.uint64(61)
_MOST_CARRIED = 8
_LAST_32_BITS = 0xFFFFFFFF
_BYTES = 4 * PERMUTATIONS


@dataclass(frozen=True, slots=True)
class Signature:
    """`values` are PERMUTATIONS unsigned 32-bit numbers; `word_count` the number of words that were signed.

    Signatures of earlier releases have more values. Those here are their first ones.
    """

    values: bytes
    word_count: int


def bands_of(signatures: Sequence[bytes]) -> list[list[int]]:
    """For the values of each signature BANDS numbers of 63 bits; two texts that share one may be copies."""
    numbers = _table_of(signatures).astype(np.uint64).reshape(len(signatures), BANDS, ROWS)
    mixed = np.arange(1, BANDS + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for row in range(ROWS):
        mixed = (mixed ^ numbers[:, :, row]) * _MIX
        mixed ^= mixed >> np.uint64(31)
    bands: list[list[int]] = (mixed >> np.uint64(1)).tolist()
    return bands


def sign(text: str) -> Signature | None:
    """The signature of a text; None where it is too short to tell copies by."""
    words = _words(text)
    if len(words) < LEAST_WORDS:
        return None
    hashes = np.fromiter(map(crc32, words), dtype=np.uint64, count=len(words))
    shingles = np.zeros(len(words) - SHINGLE_WORDS + 1, dtype=np.uint64)
    for place in range(SHINGLE_WORDS):
        # The order of the words counts: each is mixed in before the next one comes.
        shingles ^= hashes[place : place + len(shingles)]
        shingles *= _MIX
        shingles ^= shingles >> _MIX_BITS
    return Signature(_min_hashes(shingles >> _HALF).astype("<u4").tobytes(), len(words))


def _words(text: str) -> list[bytes]:
    """The words in lower case, as UTF-8. Bytes are cut at what isn't a letter or digit in a third of the time of a pattern; other
    marks than those of ASCII are few, and each is replaced by itself.
    """
    folded = text.casefold()
    if not folded.isascii():
        for letter in set(_NOT_ASCII.findall(folded)):
            if _MARK.match(letter):
                folded = folded.replace(letter, " ")
    return folded.encode(errors="replace").translate(_ASCII_WORDS).split()[:_MAX_WORDS]


def _min_hashes(values: np.ndarray) -> np.ndarray:
    """What datasketch's MinHash makes of these numbers: of each permutation (a x + b) mod p the least of the low 32 bits.

    The library divides each number of a large table. For its prime p = 2^61 - 1 the remainder's low bits are those of the sum
    of a x + b and its high three bits, unless that sum reaches p. So the least is found among the low 32 bits alone, in a table
    of half the size: it is one of those that lie at most seven above the least there, and only these few are worked out in full.
    """
    least = np.full(PERMUTATIONS, _LAST_32_BITS, dtype=np.uint32)
    for start in range(0, len(values), _AT_ONCE):
        found = _least_of(values[start : start + _AT_ONCE])
        if found is None:
            return _min_hashes_of_library(values)
        np.minimum(least, found, out=least)
    return least


def _least_of(values: np.ndarray) -> np.ndarray | None:
    """The least of each permutation; None where a sum may have reached p, or passed the end of its 32 bits: by a rare chance."""
    factors, offsets = _permutations()
    low = factors.astype(np.uint32)[:, None] * values.astype(np.uint32)
    # With as much added as a sum can pass the end by, those that may have done so are the least of all.
    low += (offsets.astype(np.uint32) + np.uint32(_MOST_CARRIED))[:, None]
    least = low.min(axis=1)
    if least.min() < _MOST_CARRIED or least.max() > _LAST_32_BITS - _MOST_CARRIED:
        return None
    rows, columns = np.divmod(np.flatnonzero(low < (least + np.uint32(_MOST_CARRIED))[:, None]), len(values))
    full = values[columns] * factors[rows] + offsets[rows]
    full += full >> _PRIME_BITS
    found: np.ndarray = np.minimum.reduceat(full.astype(np.uint32), np.searchsorted(rows, np.arange(PERMUTATIONS)))
    return found


def _min_hashes_of_library(values: np.ndarray) -> np.ndarray:
    minhash = MinHash(num_perm=PERMUTATIONS, seed=_SEED, hashfunc=int)
    minhash.update_batch(values.tolist())
    return np.asarray(minhash.hashvalues)


def containment(first: Signature, second: Signature) -> float:
    """The estimated share of the shorter text's word sequences that the longer one has too, 0 to 1."""
    return containments(first.values, first.word_count, [(second.values, second.word_count)])[0]


def containments(values: bytes, word_count: int, others: Sequence[tuple[bytes, int]]) -> list[float]:
    """`containment` of one signature with each of some others, all given as their values and word counts."""
    (own,), table = _table_of([values]), _table_of([other for other, _ in others])
    counts = np.asarray([count for _, count in others], dtype=np.float64)
    jaccard = (table == own).mean(axis=1)
    both = jaccard / (1 + jaccard) * (counts + word_count)
    shares: list[float] = np.minimum(1.0, both / np.minimum(counts, word_count)).tolist()
    return shares


def _table_of(signatures: Sequence[bytes]) -> np.ndarray:
    """The values of some signatures, one row each."""
    joined = b"".join([values[:_BYTES] for values in signatures])
    return np.frombuffer(joined, dtype="<u4").reshape(len(signatures), PERMUTATIONS)


@lru_cache(maxsize=1)
def _permutations() -> tuple[np.ndarray, np.ndarray]:
    """The factors and the offsets."""
    factors, offsets = MinHash(num_perm=PERMUTATIONS, seed=_SEED).permutations
    return factors, offsets
