"""Confidence, merging and evidence: what every table builds its facts with."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bam.extraction.annotate import Annotated
from bam.extraction.confidence import confidence, log_odds, probability
from bam.extraction.evidence import MAX_QUOTE, all_evidence, clause_evidence, evidence
from bam.extraction.merge import group, most_exact, union
from bam.model.claims import Reason

Read = Callable[..., Annotated]


def test_reasons_add_up_in_log_odds() -> None:
    assert confidence([]) == 0.5
    assert confidence([Reason("a", "", 1.0), Reason("b", "", -1.0)]) == 0.5
    assert probability(log_odds(0.9)) == pytest.approx(0.9)
    assert confidence([Reason("a", "", 50.0)]) < 1


def test_only_candidates_with_a_common_key_are_compared() -> None:
    asked: list[tuple[str, str]] = []

    def same(one: str, other: str) -> bool:
        asked.append((one, other))
        return one[0] == other[0]

    assert group(["ab", "cd", "ax", "ce"], lambda word: word[:1], same) == [["ab", "ax"], ["cd", "ce"]]
    assert asked == [("ab", "ax"), ("cd", "ce")]


def test_choosing_and_joining_values() -> None:
    assert most_exact(["2014", None, "2014-03", "2015-01"]) == "2014-03"
    assert union([("US", "JP"), ("JP", "EU")]) == ("US", "JP", "EU")


def test_the_quote_is_the_clause_of_the_mention(read: Read) -> None:
    annotated = read("The road is old; Norway paid $2 million for a bridge, and the mayor was glad.")
    quote = clause_evidence(annotated, annotated.money[0])
    assert quote.quote == "Norway paid $2 million for a bridge"
    assert annotated.text[quote.start : quote.end] == quote.quote


def test_long_stretches_are_cut_between_words(read: Read) -> None:
    annotated = read("word " * 400)
    quote = evidence(annotated, 0, len(annotated.text))
    assert len(quote.quote) <= MAX_QUOTE
    assert quote.quote.endswith("word")
    with pytest.raises(ValueError, match="without text"):
        evidence(annotated, 4, 5)


def test_the_main_quote_comes_first_and_none_twice(read: Read) -> None:
    annotated = read("One two three.")
    late, early = evidence(annotated, 4, 7), evidence(annotated, 0, 3)
    assert [item.quote for item in all_evidence(late, [early, late])] == ["two", "One"]
