"""All names that are known before a document is read: countries, bodies, programmes, places, regions, in one trie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bam.extraction.annotate.countries import CountryWords
from bam.extraction.annotate.trie import Match, TokenTrie
from bam.extraction.resources import Resources
from bam.portfolio.entities import Organisation, Place, Programme, Region

NameKind = Literal["country", "adjective", "capital", "organisation", "region", "programme", "place"]


@dataclass(frozen=True, slots=True)
class NameEntry:
    """What a name can mean. `code` is the party code, programme name or country code; `entity` the portfolio's entry."""

    kind: NameKind
    code: str
    name: str
    entity: Organisation | Programme | Place | Region | None = None


NameMatch = Match[NameEntry]


@dataclass(frozen=True, slots=True)
class Names:
    """The trie, and the country of each party code that is or belongs to a country."""

    trie: TokenTrie[NameEntry]
    country_codes: frozenset[str]
    donor_codes: frozenset[str]


def names_of(resources: Resources) -> Names:
    """Compile; use `resources.get(names_of)`. The portfolio's entries come first where a name has several meanings."""
    trie: TokenTrie[NameEntry] = TokenTrie(cased=True)
    portfolio = resources.portfolio
    for organisation in portfolio.organisations:
        for name in dict.fromkeys((organisation.name, *organisation.aliases)):
            trie.add(name, NameEntry("organisation", organisation.party, organisation.name, organisation))
        for name in organisation.metonyms:
            trie.add(name, NameEntry("capital", organisation.party, name, organisation))
    for programme in portfolio.programmes:
        for name in dict.fromkeys((programme.name, *programme.aliases)):
            trie.add(name, NameEntry("programme", programme.name, programme.name, programme))
    for region in portfolio.regions:
        for name in dict.fromkeys((region.name, *region.aliases)):
            trie.add(name, NameEntry("region", region.name, region.name, region))
    for place in portfolio.places:
        for name in dict.fromkeys((place.name, *place.aliases)):
            trie.add(name, NameEntry("place", place.country, place.name, place))
    _add_countries(trie, resources)
    donors = frozenset(o.party for o in portfolio.organisations if o.is_donor)
    return Names(trie, frozenset(resources.gazetteer.countries), donors)


def _add_countries(trie: TokenTrie[NameEntry], resources: Resources) -> None:
    words = resources.words(CountryWords).countries
    metonyms = {name for organisation in resources.portfolio.organisations for name in organisation.metonyms}
    for code, country in resources.gazetteer.countries.items():
        entry = words.get(code)
        names = dict.fromkeys((*country.names, *(entry.names if entry else ())))
        for name in names:
            trie.add(name, NameEntry("country", code, country.names[0]))
            if "&" in name:
                trie.add(name.replace("&", "and"), NameEntry("country", code, country.names[0]))
        capitals = dict.fromkeys((*((country.capital,) if country.capital else ()), *(entry.capitals if entry else ())))
        for name in capitals:
            if name in names and name == country.capital:
                trie.add(name, NameEntry("place", code, name))
            elif name not in metonyms and name not in names:
                trie.add(name, NameEntry("capital", code, name))
        if entry is None:
            continue
        for adjective in entry.adjectives:
            trie.add(adjective, NameEntry("adjective", code, adjective))
            if not adjective.endswith(("s", "sh", "ch", "ese", ".")):
                trie.add(f"{adjective}s", NameEntry("adjective", code, adjective))
        for noun in entry.nouns:
            trie.add(noun, NameEntry("adjective", code, noun))
