"""The words around sums, as data."""

from __future__ import annotations

from bam.extraction.lexicon import Words


class FundingWords(Words):
    """Words around a sum, by what they say of it.

    `assistance` and `other_money` speak for and against assistance, `per_unit` follows prices ("a day", "per kilogram"),
    `parts` opens a part of a sum named before ("of which"), `totals` names one, `background` marks sums added up over years.
    `kinds` groups nouns of money by the stage or nature that they suggest. `commonplace` are words that say nothing,
    `purpose_openers` prepositions of a purpose, `relatives` pronouns that open a clause about it, `spending_links` the
    prepositions between a verb of spending and its purpose, `worth` what stands between goods and their value,
    `equivalents` what stands between a sum and the same in another currency.
    """

    FILE = "funding"
    assistance: frozenset[str]
    other_money: frozenset[str]
    per_unit: frozenset[str]
    parts: tuple[tuple[str, ...], ...]
    totals: frozenset[str]
    background: frozenset[str]
    kinds: dict[str, frozenset[str]]
    in_kind: frozenset[str]
    commonplace: frozenset[str]
    purpose_openers: frozenset[str]
    relatives: frozenset[str]
    spending_links: frozenset[str]
    worth: frozenset[str]
    equivalents: frozenset[str]
