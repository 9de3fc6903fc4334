"""Who gives an event: the parties around it with their features."""

from __future__ import annotations

from dataclasses import dataclass

from bam.extraction import roles
from bam.extraction.annotate.grammar import Flag
from bam.extraction.annotate.model import Party, PartyUse, Region
from bam.extraction.roles import Candidate, Numbers
from bam.extraction.tables.workshops.links import Surroundings
from bam.extraction.tables.workshops.mentions import Stretch

_REACH = 120
_STANDING = ("publisher", "opening", "giver_rank=", "body_rank=", "via=programme")


@dataclass(frozen=True, slots=True)
class Giver:
    """A party, or the countries of a region, that could give the event."""

    codes: tuple[str, ...]
    features: Numbers


def givers_of(around: Surroundings, country: str | None) -> list[Giver]:
    """The parties around an event that was in a country, those of its programme and of the document."""
    context = around.scene.context
    candidates = roles.candidates_of(context, around.event.main)
    if country is not None and all(candidate.codes != (country,) for candidate in candidates):
        candidates.append(Candidate((country,), None, "where"))
    known = {code for candidate in candidates for code in candidate.codes}
    hosts = around.scene.hosts
    for codes, via in ((sorted(hosts.publishers), "publisher"), (hosts.bodies[:2], "body"), (hosts.givers[:2], "giver")):
        candidates += [Candidate((code,), None, via) for code in codes if code not in known]
        known.update(codes)
    counted, named = _counted(around), _named(around)
    selves = _selves(around)
    givers = [_giver(around, candidate, country, counted, named) for candidate in candidates]
    for giver in givers if selves else ():
        standing = [name for name, value in giver.features.items() if value and name.startswith(_STANDING)]
        giver.features.update({f"self={own}&{name}": True for own in selves for name in standing})
    _compare(givers)
    return givers


def _selves(around: Surroundings) -> set[str]:
    """How the event's own words speak of the body that the document is by or about: "we", "our", "the Mission"."""
    scene = around.scene
    tokens, flags = scene.context.annotated.tokens, scene.context.annotated.flags
    found: set[str] = set()
    for stretch in around.own:
        first, last = tokens.span(stretch.start, stretch.end)
        if any(True for _ in tokens.where_in(scene.words.ours, first, last)):
            found.add("ours")
        for index in tokens.where_in(scene.words.selves, first, last):
            if index > first and flags[index - 1] & (Flag.DET | Flag.POSS):
                found.add("noun")
    return found


def _compare(givers: list[Giver]) -> None:
    """Tell each candidate whether the event's own words name others, and whether these are bodies or act."""
    inside = [giver for giver in givers if giver.features.get("inside")]
    bodies = [giver for giver in inside if not giver.features["is_country"]]
    actors = [giver for giver in inside if any(name.startswith("subject_of=") for name in giver.features)]
    agents = [giver for giver in inside if giver.features.get("is_agent")]
    groups = (("inside", inside), ("bodies", bodies), ("actors", actors), ("agents", agents))
    for giver in givers:
        where = "mention" if giver.features.get("inside") else "away"
        for name, group in groups:
            if len(group) > 1 or (group and group[0] is not giver):
                giver.features.update({f"rival={name}": True, f"via={where}&rival={name}": True})


def _giver(
    around: Surroundings,
    candidate: Candidate,
    country: str | None,
    counted: frozenset[str],
    named: frozenset[str],
) -> Giver:
    features = roles.party_features(around.scene.context, around.event.main, candidate)
    code, mention = candidate.codes[0], candidate.mention
    features |= {
        "is_where": code == country,
        "nowhere": country is None,
        "counted": code in counted,
        "counted_any": bool(counted),
        "named_inside": code in named,
        f"mention={around.event.main.kind}": True,
    }
    for name in ("counted", "named_inside", "is_where"):
        if features[name]:
            features[f"{'country' if len(code) == 2 else 'body'}&{name}"] = True
    features |= around.scene.hosts.features(code)
    if mention is not None:
        features |= _standing(around, mention)
    return Giver(candidate.codes, features)


def _standing(around: Surroundings, mention: Party | Region) -> Numbers:
    """Where the party stands: in the event's own stretch, behind or before words of giving and attending, beside people."""
    scene = around.scene
    annotated = scene.context.annotated
    tokens = annotated.tokens
    _, last = tokens.span(mention.start, mention.end)
    clause = annotated.clause_at(mention.start)
    features: Numbers = {
        "inside": any(s.start <= mention.start < s.end for s in around.own),
        "of_other": any(s.start <= mention.start < s.end for s in around.others),
        f"next={tokens.norms[last] if last < len(tokens) else ''}": True,
        f"clause={clause.kind}": True,
    }
    for sign in annotated.within(scene.signs, Stretch(clause.start, mention.start)):
        features |= {f"after={group}": True for group in sign.groups}
    for sign in annotated.within(scene.signs, Stretch(mention.end, max(mention.end, clause.end))):
        features |= {f"ahead={group}": True for group in sign.groups}
    persons = annotated.within(annotated.persons, clause)
    features["people_before"] = any(person.start < mention.start for person in persons)
    features["people_behind"] = any(person.start > mention.start for person in persons)
    features["in_people"] = any(person.start <= mention.start < person.end for person in persons)
    gaps = [mention.start - person.end for person in persons if person.end <= mention.start]
    features["people_gap"] = max(0.0, 1 - min(gaps) / _REACH) if gaps else 0.0
    return features


def _counted(around: Surroundings) -> frozenset[str]:
    """Countries named in the counts of people in the event's own stretches."""
    annotated = around.scene.context.annotated
    return frozenset(code for s in around.own for person in annotated.within(annotated.persons, s) for code in person.parties)


def _named(around: Surroundings) -> frozenset[str]:
    """Codes named in the event's own stretches."""
    annotated = around.scene.context.annotated
    parties = (party for s in around.own for party in annotated.within(annotated.parties, s))
    return frozenset(party.code for party in parties if party.use is not PartyUse.CAPITAL or party.weight > 0.5)
