"""Whether a claim's values are what its document says: sums in the quotes, numbers of people around them, conferences anywhere.

The numbers are read again, from these stretches of text alone. That catches what was altered after extraction, what an extractor
took from elsewhere, and what one that may invent has made up.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from itertools import combinations

from bam.extraction import Resources
from bam.extraction.annotate.numbers import find_numbers, number_reader_of
from bam.extraction.annotate.tokens import Tokens
from bam.model.claims import Claim, FollowUpValues, FundingValues, WorkshopValues

TOLERANCE = 0.005
"""Half a per cent: "36.6 million" may have been kept as 36,600,000 or 36,599,000, never as 36.5 million."""

CELL_SCALES = (1.0, 1e3, 1e6, 1e9)
"""In a row of a table the unit (thousands, millions) may stand in the column's head, outside of the quote."""

MOST_ADDENDS = 8
"""Groups of people that are added up ("12 Afghan and 14 Tajik officers"); beyond that, any number could be made."""

KNOWN_SHARE = 0.5
"""Share of a conference's telling words that its document must have: names are shortened and inflected, not made up."""

AROUND = 400
"""Characters before and after a quote in which a number of people may stand: the clause that is quoted may leave it out."""

_SHORTEST_WORD = 4


def unstated_value(claim: Claim, text: str, resources: Resources) -> str | None:
    """The first sum that the quotes don't give, or number of persons that the text around them doesn't, in words; None where all
    stand there.
    """
    match claim.values:
        case FundingValues(amount=amount, amount_min=low, amount_max=high):
            wanted = [amount] if low is None or high is None else [low, high]
            missing = _first_missing(wanted, _sums(claim, resources))
            return None if missing is None else f"amount={missing:,.12g}, which the quotes don't say"
        case WorkshopValues(participants=int(participants)):
            if _is_sum(participants, _numbers_around(claim, text, resources)):
                return None
            return f"participants={participants}, which the text around the quotes doesn't say"
        case _:
            return None


def unknown_conference(claim: Claim, words_of_document: Set[str]) -> str | None:
    """The conference of a follow-up whose name its document (title and text) doesn't have; None where it does."""
    if not isinstance(claim.values, FollowUpValues):
        return None
    words = {word for word in words_of(claim.values.conference) if len(word) >= _SHORTEST_WORD}
    if not words or len(words & words_of_document) >= KNOWN_SHARE * len(words):
        return None
    return claim.values.conference


def words_of(text: str) -> frozenset[str]:
    """The words of a text in the form in which they are compared."""
    return frozenset(Tokens(text).norms)


def _first_missing(wanted: Iterable[float], sums: list[float]) -> float | None:
    return next((value for value in wanted if not any(abs(value - found) <= TOLERANCE * abs(value) for found in sums)), None)


def _sums(claim: Claim, resources: Resources) -> list[float]:
    """Every amount that the numbers in the quotes can stand for.

    A magnitude holds for all bare numbers of its quote ("between 3 and 4 million"), and that of a table's head for its cells.
    """
    reader = resources.get(number_reader_of)
    found: list[float] = []
    for item in claim.evidence:
        numbers = find_numbers(Tokens(item.quote), reader).values()
        scales = {1.0, *(number.magnitude for number in numbers if number.has_magnitude)}
        if " | " in item.quote:
            scales.update(CELL_SCALES)
        for number in numbers:
            own = {1.0} if number.has_magnitude and " | " not in item.quote else scales
            found.extend(number.value * scale for scale in own)
            if number.weak_value is not None:
                found.append(number.weak_value)
    return found


def _numbers_around(claim: Claim, text: str, resources: Resources) -> list[int]:
    reader = resources.get(number_reader_of)
    stretches = (text[max(0, item.start - AROUND) : item.end + AROUND] for item in claim.evidence)
    values = (number.value for stretch in stretches for number in find_numbers(Tokens(stretch), reader).values())
    return [int(value) for value in values if value == int(value)]


def _is_sum(total: int, numbers: list[int]) -> bool:
    """Whether the total is one of the numbers or some of them added up."""
    small = sorted({number for number in numbers if 0 < number <= total}, reverse=True)
    if total in small:
        return True
    addends = [number for number in numbers if 0 < number < total][:MOST_ADDENDS]
    return any(sum(chosen) == total for count in range(2, len(addends) + 1) for chosen in combinations(addends, count))
