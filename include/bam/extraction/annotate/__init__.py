"""Annotation: what the tables' modules see of a document. `annotate(document, resources)` is the only entry."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right

from bam.extraction.annotate.annotated import Annotated
from bam.extraction.annotate.bodies import BodyFinder, find_acronyms, programme_words_of
from bam.extraction.annotate.clauses import find_clauses
from bam.extraction.annotate.currencies import currencies_of
from bam.extraction.annotate.currency_context import CurrencyContext
from bam.extraction.annotate.date_scan import DateScanner
from bam.extraction.annotate.date_words import date_matchers_of
from bam.extraction.annotate.dates import DateResolver
from bam.extraction.annotate.grammar import grammar_of
from bam.extraction.annotate.heads import HeadFinder, head_matcher_of
from bam.extraction.annotate.model import Money, Party, Spanned
from bam.extraction.annotate.money import MoneyFinder
from bam.extraction.annotate.names import names_of
from bam.extraction.annotate.numbers import find_numbers, number_reader_of
from bam.extraction.annotate.owners import with_owners
from bam.extraction.annotate.parties import PartyFinder, party_matchers_of, without_overlap
from bam.extraction.annotate.persons import PersonFinder, person_matcher_of
from bam.extraction.annotate.places import PlaceFinder, PlaceWords
from bam.extraction.annotate.publication import find_publication
from bam.extraction.annotate.runs import Runs
from bam.extraction.annotate.sentences import blocks_of, find_sentences
from bam.extraction.annotate.tables import TableWords, find_rows
from bam.extraction.annotate.titles import TitleWords, find_titles
from bam.extraction.annotate.tokens import Tokens
from bam.extraction.annotate.verbs import VerbTagger
from bam.extraction.resources import Resources
from bam.model.text import ConvertedDocument

__all__ = ["Annotated", "annotate"]


def annotate(document: ConvertedDocument, resources: Resources, anchor: str | None = None) -> Annotated:
    """Everything that the tables need to know of a document, in time linear in its text.

    Args:
        anchor: the ISO prefix that relative dates count from, where the caller knows it better than the document.
    """
    grammar, reader = resources.get(grammar_of), resources.get(number_reader_of)
    matchers, party_matchers = resources.get(date_matchers_of), resources.get(party_matchers_of)
    names = resources.get(names_of)
    tokens = Tokens(document.text)
    flags = grammar.flags_of(tokens)
    blocks = blocks_of(document)
    sentences = find_sentences(blocks, tokens, grammar)
    verbs = VerbTagger(tokens, flags, grammar).tag(sentences)
    clauses = find_clauses(sentences, tokens, flags, verbs)
    numbers = find_numbers(tokens, reader)
    rows = find_rows(document.text, blocks, sentences, resources.words(TableWords))
    matches = list(names.trie.find(tokens))
    publisher = names.trie.find(Tokens(document.metadata.publisher or ""))
    context = CurrencyContext(matches, names, publisher)
    money = MoneyFinder(tokens, numbers, resources.get(currencies_of), reader, context).find(sentences, rows)
    scanned = DateScanner(tokens, numbers, matchers).scan()
    publication = find_publication(document, tokens, sentences, scanned, anchor)
    dates = DateResolver(tokens, matchers, sentences, clauses, verbs, publication.date).resolve(scanned)
    titles = find_titles(tokens, sentences, resources.words(TitleWords))

    runs = Runs(tokens, flags, party_matchers.words.linkers)
    known, regions = PartyFinder(tokens, flags, grammar, names, party_matchers, runs).find(matches, sentences)
    acronyms = find_acronyms(tokens, runs)
    bodies = BodyFinder(tokens, flags, runs, party_matchers, resources.get(programme_words_of))
    programmes = tuple(bodies.programmes(matches, acronyms, titles, sentences))
    starts = [programme.start for programme in programmes]
    known = tuple(party for party in known if not _inside(party, programmes, starts))
    known = _without_currencies(document.text, known, money)
    extra = bodies.parties(known, acronyms, list(programmes), sentences)
    extra = [party for party in extra if not _overlaps(party, programmes, starts)]
    parties = with_owners(document.text, _all_parties(known, extra), party_matchers.seats, names.donor_codes)
    place_finder = PlaceFinder(tokens, flags, grammar, resources.words(PlaceWords), names, resources.gazetteer.towns, runs)
    places = place_finder.find(matches, parties, programmes, sentences)
    taken = _tokens_of(tokens, (*money, *dates))
    persons = PersonFinder(tokens, flags, numbers, resources.get(person_matcher_of), reader).find(parties, sentences, taken)
    verb_heads = {verb.head for verb in verbs}
    heads = HeadFinder(tokens, flags, numbers, grammar, resources.get(head_matcher_of), runs).find(
        sentences, places, verb_heads, taken
    )
    return Annotated(
        document=document,
        blocks=blocks,
        tokens=tokens,
        flags=flags,
        sentences=sentences,
        clauses=clauses,
        verbs=verbs,
        numbers=numbers,
        publication=publication,
        money=money,
        dates=dates,
        parties=parties,
        regions=regions,
        programmes=programmes,
        places=places,
        persons=persons,
        heads=heads,
        titles=titles,
        rows=rows,
    )


def _inside(party: Party, programmes: tuple[Spanned, ...], starts: list[int]) -> bool:
    """Whether the party's name is only a part of a programme's name ("Border Management in Northern Afghanistan")."""
    position = bisect_right(starts, party.start) - 1
    return position >= 0 and party.end <= programmes[position].end and party.start > programmes[position].start


def _without_currencies(text: str, parties: tuple[Party, ...], money: tuple[Money, ...]) -> tuple[Party, ...]:
    """Parties without those whose name only names a currency: "US$ 4 million", "900,000 Australian dollars", "Amount (US$)"."""
    starts = [item.start for item in money]

    def is_currency(party: Party) -> bool:
        position = bisect_right(starts, party.start) - 1
        inside = position >= 0 and party.end <= money[position].end
        return inside or unicodedata.category(text[party.end : party.end + 1] or " ") == "Sc"

    return tuple(party for party in parties if not is_currency(party))


def _overlaps(party: Party, programmes: tuple[Spanned, ...], starts: list[int]) -> bool:
    """Whether a name found by its nouns alone reaches into a programme's name."""
    position = bisect_right(starts, party.end - 1) - 1
    return position >= 0 and party.start < programmes[position].end


def _all_parties(known: tuple[Party, ...], extra: list[Party]) -> list[Party]:
    """Known parties, and bodies of the text where no known one stands."""
    taken = sorted((party.start, party.end) for party in known)
    free: list[Party] = []
    position = 0
    for party in sorted(extra, key=lambda p: (p.start, -p.end)):
        while position < len(taken) and taken[position][1] <= party.start:
            position += 1
        if position < len(taken) and taken[position][0] < party.end:
            continue
        free.append(party)
    return without_overlap([*known, *free])


def _tokens_of(tokens: Tokens, mentions: tuple[Spanned, ...]) -> set[int]:
    taken: set[int] = set()
    for mention in mentions:
        taken.update(range(*tokens.span(mention.start, mention.end)))
    return taken
