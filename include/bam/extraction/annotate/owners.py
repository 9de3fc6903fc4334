"""Whose a body is that the text leaves without a country: "the Embassy", "the State Border Service"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bam.extraction.annotate.model import Party, PartyUse

_GUESS, _REPEATED = 0.3, 0.8
_MAX_ORGANS = 60


def with_owners(text: str, parties: Sequence[Party], seats: frozenset[str], donors: frozenset[str]) -> tuple[Party, ...]:
    """Fill the empty codes; what stays unknown is left out.

    A body that was named in full before ("the State Border Service of Turkmenistan") is that one. Another seat is that of the
    country whose seat the text names, else of the donor country named most; another national body is of the country that the
    text names most and that gives no assistance.
    """
    seat_owner = _most(p.code for p in parties if p.code and p.noun in seats)
    donor = _most(p.country for p in parties if p.country and p.is_donor and p.use in (PartyUse.ORGAN, PartyUse.ORGANISATION))
    home = _most(p.country for p in parties if p.country and p.use is PartyUse.NAME and p.country not in donors)
    home = home or _most(p.country for p in parties if p.country and p.use in (PartyUse.NAME, PartyUse.ADJECTIVE))
    organs = {text[p.start : p.end]: p.code for p in parties if p.code and p.use in (PartyUse.ORGAN, PartyUse.ORGANISATION)}
    listed = list(organs.items())[:_MAX_ORGANS]
    known: dict[str, str | None] = {}
    result: list[Party] = []
    for party in parties:
        if party.code:
            result.append(party if party.index == len(result) else replace(party, index=len(result)))
            continue
        name = text[party.start : party.end]
        if name not in known:
            known[name] = next((code for organ, code in listed if " " in name and name in organ), None)
        repeated = known[name]
        owner = repeated or ((seat_owner or donor) if party.noun in seats else home)
        if owner:
            country = owner if len(owner) == 2 else None
            weight = _REPEATED if repeated else _GUESS
            result.append(replace(party, index=len(result), code=owner, country=country, weight=weight))
    return tuple(result)


def _most(codes: Iterable[str | None]) -> str | None:
    counted = Counter(code for code in codes if code)
    return counted.most_common(1)[0][0] if counted else None
