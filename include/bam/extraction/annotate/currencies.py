"""Currency words, codes and symbols: from Babel (CLDR) for all currencies of the world, and from the lexicon."""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale

from bam.extraction.annotate.countries import CountryWords
from bam.extraction.annotate.currency_names import (
    Shared,
    countries_by_code,
    countries_by_noun,
    full_names,
    national_nouns,
    plural_of,
    territories,
)
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
    keeps_default: frozenset[str]
    also_called: dict[str, tuple[str, ...]]
    adjective_only: frozenset[str]
    large_only: frozenset[str]
    irregular_plurals: dict[str, tuple[str, ...]]
    symbols: dict[str, str]
    dollar_prefixes: dict[str, str]
    phrases: dict[str, tuple[str, ...]]
    weights: frozenset[str]
    codes: dict[str, str]
    signs: dict[str, tuple[str | None, ...]]
    after_carried: frozenset[str]
    code_magnitudes: dict[str, int]
    ordinary_codes: frozenset[str]
    not_money: frozenset[str]
    minor_units: frozenset[str]
    declaration_heads: tuple[str, ...]
    equivalents: tuple[str, ...]
    further_equivalents: frozenset[str]
    remark_openers: frozenset[str]
    not_money_after: frozenset[str]
    change_words: frozenset[str]
    range_openers: frozenset[str]
    change_openers: frozenset[str]
    fillers: frozenset[str]
    columns_without_sums: frozenset[str]
    head_magnitudes: dict[str, int]


@dataclass(frozen=True, slots=True)
class Marker:
    """A currency as written. `shared` tells what a name of several currencies can mean; `is_bare` marks dollars without country.

    Symbols stand before the number rather than behind. `is_after_only` marks words that stand before it only with a capital
    ("Euro 274,098"), `is_glued` signs that must touch the number, or have nothing but a dot and a space between where they have
    two letters, `is_unspaced` those whose parts must touch ("A$"), `is_large_only` those that are ordinary words or acronyms and
    need a number of thousands, `is_weight` those that weigh where "of" follows. `scale` multiplies the number ("MEUR 2").
    """

    code: str | None
    is_symbol: bool = False
    is_bare: bool = False
    is_after_only: bool = False
    is_glued: bool = False
    is_unspaced: bool = False
    is_large_only: bool = False
    is_weight: bool = False
    shared: Shared | None = None
    scale: float = 1.0


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
    head_magnitudes: dict[str, float]
    dollars: frozenset[str]

    def in_phrase(self, text: str) -> tuple[Marker, float] | None:
        """The currency and magnitude that a column head or caption names: "U.S. dollars in millions" gives USD's and 1e6."""
        return _in_phrase(self, text)

    def may_hold_sums(self, head: str) -> bool:
        """Whether a column of a table with a general currency can hold sums, by its head."""
        return not any(fold(word) in self.words.columns_without_sums for word in head.split())


def currencies_of(resources: Resources) -> Currencies:
    """Compile; use `resources.get(currencies_of)`."""
    words, grammar, numbers = resources.words(MoneyWords), resources.words(GrammarWords), resources.words(NumberWords)
    adjectives = _adjectives(resources)
    markers: TokenTrie[Marker] = TokenTrie(cased=True)
    _add_signs(markers, words)
    for noun, marker in _nouns(words).items():
        for form in _forms(noun, marker.code, words):
            markers.add(form, marker)
    _add_national(markers, adjectives, _country_names(resources), words)
    for name, code in full_names():
        if code not in words.not_money:
            markers.add(name, Marker(code))
    declarations: TokenTrie[bool] = TokenTrie()
    for head in words.declaration_heads:
        declarations.add(head, True)
    return Currencies(
        markers=markers,
        declarations=declarations,
        dollar_of_adjective={fold(a): dollar for a, c in adjectives.items() if (dollar := national_nouns(c).get("dollar"))},
        equivalents=frozenset(fold_phrase(phrase) for phrase in words.equivalents),
        function_words=grammar.prepositions
        | grammar.coordinators
        | grammar.relatives
        | grammar.be
        | grammar.have
        | words.after_carried,
        list_words=grammar.coordinators,
        words=words,
        magnitudes={name: float(size) for name, size in numbers.magnitudes.items()},
        head_magnitudes={name: float(size) for name, size in words.head_magnitudes.items()},
        dollars=frozenset(countries_by_noun()[0]["dollar"].values()),
    )


def _add_national(
    markers: TokenTrie[Marker], adjectives: dict[str, str], names: list[tuple[str, str]], words: MoneyWords
) -> None:
    """ "Canadian dollars", "Kazakh tenge", "United States dollars", "Kenya shillings", "US dollars", "US$"."""
    known: set[str] = set()
    for name, country in (*adjectives.items(), *names):
        nouns = {**national_nouns(country, in_past=True), **national_nouns(country)}
        for noun, code in nouns.items():
            for form in _forms(noun, code, words):
                phrase = f"{name} {form}"
                if phrase not in known:
                    markers.add(phrase, Marker(code))
                    known.add(phrase)
            if noun == "dollar" and name.isalpha() and name.isupper():
                markers.add(f"{name} $", Marker(code, is_symbol=True))


def _add_signs(markers: TokenTrie[Marker], words: MoneyWords) -> None:
    """Symbols, prefixed dollar signs, national signs, and the codes of ISO 4217."""
    for symbol, code in words.symbols.items():
        for letter, size in words.code_magnitudes.items():
            if len(symbol) == 1 and symbol != "$":
                markers.add(f"{letter}{symbol}", Marker(code, is_symbol=True, is_unspaced=True, scale=float(size)))
        markers.add(symbol, Marker(code, is_symbol=True, is_bare=symbol == "$"))
    for prefix, code in _dollar_prefixes(words).items():
        marker = Marker(code, is_symbol=True, is_unspaced=len(prefix) == 1)
        for form in (f"{prefix}$", f"${prefix}"):
            markers.add(form, marker)
        for noun in ("dollar", "dollars"):
            markers.add(f"{prefix} {noun}", Marker(code))
    for sign, codes in words.signs.items():
        shared = _shared(codes)
        markers.add(sign, Marker(codes[0], is_symbol=True, is_glued=True, is_large_only=sign.isupper(), shared=shared))
    for phrase, codes in words.phrases.items():
        markers.add(phrase, Marker(codes[0], shared=_shared(codes)))
    users = countries_by_code()
    for code in sorted({*Locale("en").currencies, *words.codes} - words.not_money):
        is_large_only = code in words.ordinary_codes or (code not in users and code not in words.codes)
        meant = words.codes.get(code, code)
        markers.add(code, Marker(meant, is_symbol=True, is_large_only=is_large_only))
        for letter, size in words.code_magnitudes.items():
            if code in users and not is_large_only:
                markers.add(f"{letter}{code}", Marker(meant, is_symbol=True, scale=float(size)))


def _shared(codes: tuple[str | None, ...]) -> Shared | None:
    """What a sign can mean, by the countries that use each currency; None where it means only one."""
    users = countries_by_code()
    now = {country: code for code in codes if code for country in users.get(code, ())}
    return Shared(codes[0], now) if len(codes) > 1 else None


def _dollar_prefixes(words: MoneyWords) -> dict[str, str]:
    """Letters before a dollar sign: those of the lexicon, and the codes of countries and currencies with dollars or pesos."""
    found = dict(words.dollar_prefixes)
    for country in territories():
        nouns = national_nouns(country)
        code = nouns.get("dollar") or nouns.get("peso")
        if code is not None and code in countries_by_code():
            found.setdefault(code, code)
            if len(countries_by_code()[code]) == 1 or code.startswith(country):
                found.setdefault(country, code)
    return found


def fold_phrase(phrase: str) -> str:
    """Lower case and single spaces, marks kept."""
    return " ".join(phrase.lower().split())


def _nouns(words: MoneyWords) -> dict[str, Marker]:
    """Currency nouns without a country: what each means or can mean."""
    now, past = countries_by_noun()
    result: dict[str, Marker] = {}
    for noun in sorted({*now, *past, *words.families, *words.also_called} - words.adjective_only):
        called = words.also_called.get(noun, (noun,))
        current = {country: code for name in called for country, code in now.get(name, {}).items()}
        former = {country: code for name in called for country, code in past.get(name, {}).items()}
        codes = {*current.values()} or {*former.values()}
        default = words.families.get(noun, next(iter(codes)) if len(codes) == 1 else None)
        shared = Shared(default, current, former, noun in words.keeps_default) if len(codes) > 1 else None
        is_dollar = noun == "dollar"
        if noun.isalpha() and len(noun) > 2 and (default or shared):
            result[noun] = Marker(
                default,
                is_bare=is_dollar,
                is_after_only=True,
                is_large_only=noun in words.large_only,
                is_weight=noun in words.weights,
                shared=None if is_dollar else shared,
            )
    return result


def _forms(noun: str, code: str | None, words: MoneyWords) -> dict[str, None]:
    """Singular and plurals of a noun."""
    regular = noun + ("es" if noun.endswith(("sh", "x")) else "s")
    plural = plural_of(code) if code else ""
    irregular = words.irregular_plurals.get(noun, ())
    of_same_noun = (plural,) if plural[:2] == noun[:2] else ()
    return dict.fromkeys((noun, noun + "s", regular, *irregular, *of_same_noun))


def _country_names(resources: Resources) -> list[tuple[str, str]]:
    """Names of countries as they stand before a currency, with their codes: "United States", "Kenya", "Hong Kong"."""
    articles = resources.words(NumberWords).definite_before
    entries = resources.words(CountryWords).countries
    found: list[tuple[str, str]] = []
    for code, country in resources.gazetteer.countries.items():
        names = (*country.names, *(entries[code].names if code in entries else ()))
        found += [(name, code) for name in dict.fromkeys(names) if fold(name.split()[0]) not in articles]
    return found


def _adjectives(resources: Resources) -> dict[str, str]:
    words = resources.words(CountryWords)
    return {adjective: code for code, entry in words.countries.items() for adjective in entry.adjectives}


def _in_phrase(currencies: Currencies, text: str) -> tuple[Marker, float] | None:
    tokens = Tokens(text)
    for match in currencies.markers.find(tokens):
        marker = match.values[0]
        if marker.code is None or (marker.is_large_only and marker.is_glued):
            continue
        sizes = (currencies.magnitudes.get(norm) for norm in tokens.norms)
        magnitude = next((size for size in sizes if size), None)
        if magnitude is None:
            beside = (*tokens.norms[match.last : match.last + 2], *tokens.norms[max(0, match.first - 1) : match.first])
            magnitude = next((size for norm in beside if (size := currencies.head_magnitudes.get(norm))), marker.scale)
        return marker, magnitude
    return None
