"""Near copies: the labelled set is told apart, signatures are the same everywhere."""

from __future__ import annotations

import re
from zlib import crc32

import numpy as np
from datasketch import MinHash
from hypothesis import example, given
from hypothesis import strategies as st
from tests.unit.documents.near_copies import estimated_containment, labelled_pairs, scores

from bam.documents.similarity import (
    BANDS,
    COPY_THRESHOLD,
    PERMUTATIONS,
    SHINGLE_WORDS,
    _min_hashes,
    bands_of,
    containment,
    containments,
    sign,
)


def test_the_labelled_set_is_large_and_mixed() -> None:
    pairs = labelled_pairs()
    copies = sum(pair.is_copy for pair in pairs)
    assert len(pairs) >= 200
    assert min(copies, len(pairs) - copies) >= 100
    assert len({pair.kind for pair in pairs}) >= 10


def test_precision_and_recall_of_the_threshold() -> None:
    precision, recall = scores(estimated_containment, COPY_THRESHOLD)
    assert precision >= 0.98
    assert recall >= 0.90


def test_signatures_do_not_depend_on_the_machine() -> None:
    signature = sign(" ".join(f"word{number}" for number in range(60)))
    assert signature is not None
    assert len(signature.values) == 4 * PERMUTATIONS
    bands, same = bands_of([signature.values, signature.values])
    assert len(bands) == BANDS
    assert bands == same
    assert bands[:2] == [8898920633205504955, 306457932003524309]


def test_signatures_of_earlier_releases_are_still_compared() -> None:
    signature = sign(" ".join(f"word{number}" for number in range(60)))
    assert signature is not None
    longer = signature.values + bytes(4 * 42)
    assert bands_of([longer]) == bands_of([signature.values])
    assert containments(signature.values, 60, [(longer, 60), (signature.values, 60)]) == [1.0, 1.0]


def test_short_texts_have_no_signature() -> None:
    assert sign("A caption of a few words") is None
    assert sign("") is None


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=120, max_size=2000))
@example("snake_case words, naïve “quotes”, 10–12 čertů, ß and İstanbul; Привет, мир… 日本語。 " * 8)
def test_signatures_are_those_of_the_library(text: str) -> None:
    words = re.findall(r"[^\W_]+", text.casefold())
    signature = sign(text)
    if len(words) < 30:
        assert signature is None
        return
    minhash = MinHash(num_perm=PERMUTATIONS, seed=1, hashfunc=int)
    minhash.update_batch([_sequence(words[start : start + SHINGLE_WORDS]) for start in range(len(words) - SHINGLE_WORDS + 1)])
    assert signature is not None
    assert signature.word_count == len(words)
    assert np.frombuffer(signature.values, dtype="<u4").tolist() == minhash.hashvalues.tolist()


FACTORS, OFFSETS = MinHash(num_perm=PERMUTATIONS, seed=1).permutations
ODD = [place for place, factor in enumerate(FACTORS) if factor % 2]


@given(st.lists(st.integers(0, 2**32 - 1), max_size=300), st.sampled_from(ODD), st.integers(1, 8), st.integers(-16, 16))
def test_least_values_are_those_of_the_library(values: list[int], place: int, times: int, distance: int) -> None:
    # A number that one permutation takes to a multiple of the prime, or beside it, where sums are carried.
    product = times * (2**61 - 1) + distance - int(OFFSETS[place])
    values = [*values, product * pow(int(FACTORS[place]), -1, 2**64) % 2**64]
    library = MinHash(num_perm=PERMUTATIONS, seed=1, hashfunc=int)
    library.update_batch(values)
    assert _min_hashes(np.array(values, dtype=np.uint64)).tolist() == library.hashvalues.tolist()


def _sequence(words: list[str]) -> int:
    """The number of one sequence of words, one word after the other in plain whole numbers."""
    number = 0
    for word in words:
        number = (number ^ crc32(word.encode())) * 0xBF58476D1CE4E5B9 % 2**64
        number ^= number >> 29
    return number >> 32


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8), min_size=30, max_size=80))
def test_a_text_is_wholly_contained_in_itself(words: list[str]) -> None:
    signature = sign(" ".join(words))
    if signature is not None:
        assert containment(signature, signature) == 1.0


def test_case_and_punctuation_make_no_difference() -> None:
    text = " ".join(f"Word {number}," for number in range(40))
    first, second = sign(text), sign(text.upper().replace(",", " --"))
    assert first == second
