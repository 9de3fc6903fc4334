"""Choosing among what a field can be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bam.extraction.choosing import likeliest, likely_codes, near_best, nearest

_CODES = st.lists(st.sampled_from(["KE", "UG", "TZ", "JP"]), max_size=3, unique=True).map(tuple)
_SCORED = st.lists(st.tuples(_CODES, st.floats(-20, 20)), max_size=6)


def test_nothing_is_chosen_only_where_it_beats_the_best_by_its_handicap() -> None:
    scored = [(None, 1.0), ("2011", 0.7), ("2012", 0.2)]
    assert likeliest(scored) is None
    assert likeliest(scored, none_handicap=0.5) == "2011"
    assert likeliest([]) is None
    assert likeliest([("a", 1.0), ("b", 1.0)]) == "a"


def test_those_who_are_nearly_as_likely_as_the_best_are_taken_too() -> None:
    scored = [(("JP",), 1.0), (("KE", "UG"), 0.8), (("TZ",), -1.0), ((), 0.5)]
    assert near_best(scored, 0.6) == ("JP", "KE", "UG")
    assert near_best(scored, 0.9) == ("JP",)
    assert near_best([*scored, ((), 2.0)], 0.6) == ()
    assert near_best([], 0.6) == ()


def test_a_code_is_as_likely_as_all_sets_that_hold_it() -> None:
    """No set has half of the odds; what three of four sets share has more."""
    sets = [("KE", "UG"), ("KE", "TZ"), ("KE",), ("JP",)]
    assert likely_codes([(codes, 0.0) for codes in sets], 0.5) == ("KE",)
    assert set(likely_codes([(codes, 0.0) for codes in sets], 0.2)) == {"KE", "UG", "TZ", "JP"}
    assert likely_codes([], 0.5) == ()


@given(_SCORED, st.floats(0.05, 0.95))
def test_a_lower_bound_never_takes_fewer_codes(scored: list[tuple[tuple[str, ...], float]], least: float) -> None:
    assert set(likely_codes(scored, least)) <= set(likely_codes(scored, least / 2))


@given(_SCORED, st.floats(-30, 30))
def test_log_odds_count_up_to_a_constant(scored: list[tuple[tuple[str, ...], float]], shift: float) -> None:
    moved = [(codes, score + shift) for codes, score in scored]
    assert set(likely_codes(scored, 0.33)) ^ set(likely_codes(moved, 0.33)) <= _borderline(scored, 0.33)


def _borderline(scored: list[tuple[tuple[str, ...], float]], least: float) -> set[str]:
    """Codes that rounding can move over the bound."""
    return set(likely_codes(scored, least - 1e-6)) - set(likely_codes(scored, least + 1e-6))


def test_the_nearest_set_is_right_where_it_is_near_enough() -> None:
    assert nearest([("KE",), ("KE", "UG"), ()], ["KE", "UG", "TZ"], 0.5) == [False, True, False]
    assert nearest([("KE",), ()], [], 0.5) == [False, True]
    assert nearest([("JP",), ()], ["KE"], 0.5) == [False, False]
