"""Currency words, codes and symbols: from Babel (CLDR) for all currencies of the world, and from the lexicon."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from babel.numbers import get_territory_currencies

from bam.extraction.annotate.countries import CountryWords
from bam.extraction.annotate.grammar import GrammarWords
from bam.extraction.annotate.numbers import NumberWords
from bam.extraction.annotate.tokens import Tokens, fold
from bam.extraction.annotate.trie import TokenTrie
from bam.extraction.lexicon import Words
from bam.extraction.resources import Resources


class MoneyWords(Words):
    """What the lexicon adds to Babel's names of currencies."""

    FILE = "money"
    families: dict[str, str | None]
    adjective_only: frozenset[str]
    irregular_plurals: dict[str, str]
    symbols: dict[str, str]
    dollar_prefixes: dict[str, str]
    codes: dict[str, str]
    signs: dict[str, str]
    after_carried: frozenset[str]
    ordinary_codes: frozenset[str]
    minor_units: frozenset[str]
    declaration_heads: tuple[str, ...]
    equivalents: tuple[str, ...]
    not_money_after: frozenset[str]
    change_words: frozenset[str]
    range_openers: frozenset[str]
    change_openers: frozenset[str]
    fillers: frozenset[str]
    columns_without_sums: frozenset[str]


@dataclass(frozen=True, slots=True)
class Marker:
    """A currency as written. `is_bare` marks words and signs that several countries share; symbols stand before the number
    rather than behind, `is_after_only` marks words that only stand behind,
    `is_glued` signs that must touch the number, or have nothing but a dot and a space between where they have two letters.
    """

    code: str | None
    is_symbol: bool = False
    is_bare: bool = False
    is_after_only: bool = False
    is_glued: bool = False


@dataclass(frozen=True, slots=True)
class Currencies:
    """Compiled currency words. `dollar_of_adjective` maps "canadian" to CAD."""

    markers: TokenTrie[Marker]
    declarations: TokenTrie[bool]
    dollar_of_adjective: dict[str, str]
    equivalents: frozenset[str]
    function_words: frozenset[str]
    list_words: frozenset[str]
    words: MoneyWords
    magnitudes: dict[str, float]

    def in_phrase(self, text: str) -> tuple[str, float] | None:
        """The currency and magnitude that a column head or caption names: "U.S. dollars in millions" gives (USD, 1e6)."""
        return _in_phrase(self, text)

    def may_hold_sums(self, head: str) -> bool:
        """Whether a column of a table with a general currency can hold sums, by its head."""
        return not any(fold(word) in self.words.columns_without_sums for word in head.split())


def currencies_of(resources: Resources) -> Currencies:
    """Compile; use `resources.get(currencies_of)`."""
    words, grammar = resources.words(MoneyWords), resources.words(GrammarWords)
    adjectives = _adjectives(resources)
    markers: TokenTrie[Marker] = TokenTrie(cased=True)
    for noun, meant in _nouns(words).items():
        _add_noun(markers, noun, meant, words)
    _add_national(markers, adjectives, words)
    _add_signs(markers, words)
    declarations: TokenTrie[bool] = TokenTrie()
    for head in words.declaration_heads:
        declarations.add(head, True)
    return Currencies(
        markers=markers,
        declarations=declarations,
        dollar_of_adjective={fold(a): dollar for a, c in adjectives.items() if (dollar := _national(c).get("dollar"))},
        equivalents=frozenset(fold_phrase(phrase) for phrase in words.equivalents),
        function_words=grammar.prepositions
        | grammar.coordinators
        | grammar.relatives
        | grammar.be
        | grammar.have
        | words.after_carried,
        list_words=grammar.coordinators,
        words=words,
        magnitudes={name: float(size) for name, size in resources.words(NumberWords).magnitudes.items()},
    )


def _add_national(markers: TokenTrie[Marker], adjectives: dict[str, str], words: MoneyWords) -> None:
    """ "Canadian dollars", "Kazakh tenge", "US dollars", "US$"."""
    for adjective, country in adjectives.items():
        for noun, code in _national(country).items():
            for form in dict.fromkeys((noun, _plural(noun, words))):
                markers.add(f"{adjective} {form}", Marker(code))
            if noun == "dollar" and adjective.isalpha() and adjective.isupper():
                markers.add(f"{adjective} $", Marker(code, is_symbol=True))


def _add_signs(markers: TokenTrie[Marker], words: MoneyWords) -> None:
    """Symbols, prefixed dollar signs, and the codes of ISO 4217 that are no ordinary words."""
    for symbol, code in words.symbols.items():
        markers.add(symbol, Marker(code, is_symbol=True, is_bare=symbol in "$¥£"))
    for prefix, code in words.dollar_prefixes.items():
        markers.add(f"{prefix}$", Marker(code, is_symbol=True))
        for noun in ("dollar", "dollars"):
            markers.add(f"{prefix} {noun}", Marker(code))
    for sign, code in words.signs.items():
        markers.add(sign, Marker(code, is_symbol=True, is_glued=True))
    for code in sorted({*Locale("en").currencies, *words.codes}):
        if code not in words.ordinary_codes:
            markers.add(code, Marker(words.codes.get(code, code), is_symbol=True))


def fold_phrase(phrase: str) -> str:
    """Lower case and single spaces, marks kept."""
    return " ".join(phrase.lower().split())


@lru_cache(maxsize=512)
def _national(country: str) -> dict[str, str]:
    """The last word of the names of a country's currencies in use, with their codes: CA gives dollar, CAD."""
    names = Locale("en").currencies
    result: dict[str, str] = {}
    for code in get_territory_currencies(country):
        if code in names:
            result.setdefault(names[code].split()[-1].lower(), code)
    return result


def _nouns(words: MoneyWords) -> dict[str, str]:
    """Currency nouns that mean one currency: those of the lexicon and those that only one currency in use has."""
    owners: dict[str, set[str]] = {}
    for territory in Locale("en").territories:
        if isinstance(territory, str) and len(territory) == 2 and territory.isalpha():
            for noun, code in _national(territory).items():
                owners.setdefault(noun, set()).add(code)
    result = {noun: next(iter(codes)) for noun, codes in owners.items() if len(codes) == 1 and noun.isalpha() and len(noun) > 3}
    for noun, meant in words.families.items():
        if meant is None:
            result.pop(noun, None)
        else:
            result[noun] = meant
    return result


def _plural(noun: str, words: MoneyWords) -> str:
    return words.irregular_plurals.get(noun, noun + ("es" if noun.endswith(("sh", "x")) else "s"))


def _add_noun(markers: TokenTrie[Marker], noun: str, code: str, words: MoneyWords) -> None:
    if noun in words.adjective_only:
        return
    for form in {noun, noun + "s", _plural(noun, words)}:
        markers.add(form, Marker(code, is_bare=noun in words.families and noun in ("dollar", "pound"), is_after_only=True))
    if noun == "pound":
        markers.add("pounds sterling", Marker(code, is_after_only=True))


def _adjectives(resources: Resources) -> dict[str, str]:
    words = resources.words(CountryWords)
    return {adjective: code for code, entry in words.countries.items() for adjective in entry.adjectives}


def _in_phrase(currencies: Currencies, text: str) -> tuple[str, float] | None:
    tokens = Tokens(text)
    for match in currencies.markers.find(tokens):
        code = match.values[0].code
        if code is None:
            continue
        magnitude = next((currencies.magnitudes[norm] for norm in tokens.norms if norm in currencies.magnitudes), None)
        if magnitude is None:
            short = [norm for norm in tokens.norms[match.last : match.last + 1] if len(norm) == 1]
            magnitude = {"m": 1e6, "k": 1e3}.get(short[0] if short else "", 1.0)
        return code, magnitude
    return None
