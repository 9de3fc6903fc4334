"""Which country's currency a shared noun or sign means ("rupees", "Rs"), by the countries that the text names."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable

from bam.extraction.annotate.currency_names import Shared
from bam.extraction.annotate.model import Sentence
from bam.extraction.annotate.names import NameMatch, Names
from bam.portfolio.entities import Organisation


class CurrencyContext:
    """The countries of one document, counted when a shared name is met for the first time."""

    def __init__(self, matches: Iterable[NameMatch], names: Names, publisher: Iterable[NameMatch] = ()) -> None:
        self._matches, self._publisher, self._names = matches, publisher, names
        self._places: list[int] | None = None
        self._countries: list[frozenset[str]] = []
        self._counts: Counter[str] = Counter()

    def meant(self, shared: Shared, sentence: Sentence, segment: int, index: int, written: list[str]) -> str | None:
        """The code meant by the name at token `index`: that of the only fitting country between token `segment`, where its part
        of the sentence begins, and itself, or of the sentence; else the one written out before (`written`, in order); else that
        of the country named most often; else the default.
        """
        self._count()
        own = [country for country, code in shared.now.items() if code == shared.default]
        if shared.keeps_default and any(self._counts[country] for country in own):
            return shared.default
        for first, last in ((segment, index), (sentence.first, sentence.last)):
            near = {shared.now[country] for country in self._between(first, last) if country in shared.now}
            if len(near) == 1:
                return next(iter(near))
        codes = {*shared.now.values()}
        before = next((code for code in reversed(written) if code in codes), None)
        return before or self._most_named(shared.now, shared.default) or self._most_named(shared.past, None) or shared.default

    def _most_named(self, codes: dict[str, str], default: str | None) -> str | None:
        counts: Counter[str] = Counter()
        for country, code in codes.items():
            counts[code] += self._counts[country]
        best = max(counts.values(), default=0)
        named = sorted(code for code, count in counts.items() if count == best)
        if not best:
            return None
        return default if default in named else named[0]

    def _between(self, first: int, last: int) -> frozenset[str]:
        places = self._places or []
        return frozenset().union(*self._countries[bisect_left(places, first) : bisect_left(places, last)])

    def _count(self) -> None:
        if self._places is not None:
            return
        self._places = []
        for match in self._matches:
            countries = self._countries_of(match)
            if countries:
                self._places.append(match.first)
                self._countries.append(countries)
                self._counts.update(countries)
        for match in self._publisher:
            self._counts.update(self._countries_of(match))

    def _countries_of(self, match: NameMatch) -> frozenset[str]:
        """The countries that a name stands for; a body stands for the country that it belongs to."""
        codes = (entry.entity.country if isinstance(entry.entity, Organisation) else entry.code for entry in match.values)
        return frozenset(code for code in codes if code in self._names.country_codes)
