"""A labelled set of pairs of texts, copies and others, made from the sample documents; and how well the measure tells them apart.

`python -m tests.unit.documents.near_copies` prints the table of docs/decisions/0022. The set is made by rule and chance with a
fixed seed, so it is the same everywhere.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from bam.documents import similarity
from bam.documents.convert import convert
from bam.documents.similarity import bands_of, containment, sign

SAMPLES = Path(__file__).parents[3] / "include" / "samples" / "documents"
SEED = 20_140_305
_SAME_STORY = ("japan-notes", "radios-handover")
"""Samples that tell one story twice."""

_OTHER_WORDS = {
    "said": "stated", "will": "is to", "new": "recent", "also": "moreover", "officers": "officials", "training": "instruction",
    "million": "mln", "border": "frontier", "has": "has now", "by": "through", "programme": "scheme", "opened": "inaugurated",
    "about": "roughly", "first": "initial", "courses": "classes", "year": "twelve months", "two": "2", "three": "3",
}  # fmt: skip
_LEADS = (
    "By our correspondent in the capital.",
    "Our regional desk has the following story, which was first carried by an agency this morning.",
    "This newspaper takes no responsibility for the content of agency reports.",
)
_BOILERPLATE = (
    "The programme is funded by the partner governments and carried out with the border services of the five countries. It aims "
    "at easing the licit movement of people and goods while making life harder for smugglers. The views expressed here are not "
    "necessarily those of the partners. For further information please contact the press office of the programme."
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, what was done to make the second from the first, and whether they are copies of one story."""

    first: str
    second: str
    kind: str
    is_copy: bool


@lru_cache(maxsize=1)
def stories() -> dict[str, list[str]]:
    """The paragraphs of each sample that is long enough, by name."""
    found: dict[str, list[str]] = {}
    for path in sorted(SAMPLES.iterdir()):
        for number, document in enumerate(convert(path.read_bytes(), path.name)):
            paragraphs = [document.text[block.start : block.end] for block in document.blocks]
            if len(" ".join(paragraphs).split()) > 120:
                found[f"{path.stem}-{number}"] = paragraphs
    return found


@lru_cache(maxsize=1)
def labelled_pairs() -> tuple[Pair, ...]:
    """All pairs: six ways of copying each story, and six kinds of texts that only have something in common."""
    chance = random.Random(SEED)
    pairs: list[Pair] = []
    everything = stories()
    for paragraphs in everything.values():
        pairs += _copies(paragraphs, chance)
        pairs += _lookalikes(paragraphs, everything, chance)
    names = sorted(everything)
    others = [(a, b) for a, b in combinations(names, 2) if not any(a.startswith(s) and b.startswith(s) for s in _SAME_STORY)]
    for first, second in chance.sample(others, 150):
        pairs.append(Pair(_text(everything[first]), _text(everything[second]), "another story", False))
    return tuple(pairs)


def _copies(paragraphs: list[str], chance: random.Random) -> Iterator[Pair]:
    whole = _text(paragraphs)
    body = paragraphs[1:]
    yield Pair(whole, _text(["Another headline for it", _LEADS[0], *body, _LEADS[2]]), "new headline and lead", True)
    yield Pair(whole, _text(_cut(paragraphs, 0.65)), "cut by a third", True)
    yield Pair(whole, _text([_LEADS[1], *_cut(paragraphs, 0.5)]), "cut by half", True)
    yield Pair(whole, _reworded(whole, 0.5, chance), "words replaced", True)
    filler = [_BOILERPLATE, *(_scrambled(each, chance) for each in body[: max(1, len(body) // 3)])]
    yield Pair(whole, _text([*paragraphs, *filler]), "a third added", True)
    shuffled = chance.sample(body, len(body))
    yield Pair(whole, _text([paragraphs[0], *shuffled]).replace("programme", "program").replace(" - ", " – "), "reordered", True)


def _lookalikes(paragraphs: list[str], everything: dict[str, list[str]], chance: random.Random) -> Iterator[Pair]:
    whole = _text(paragraphs)
    other = everything[chance.choice(sorted(everything))]
    if other is paragraphs:
        other = next(each for each in everything.values() if each is not paragraphs)
    quoted = max(paragraphs, key=len)
    if len(quoted.split()) < 0.3 * len(whole.split()):
        yield Pair(whole, _text([*other, quoted]), "another story that repeats a paragraph", False)
    news = _cut(other, 1.2 * len(" ".join(_cut(paragraphs, 0.45)).split()) / len(" ".join(other).split()))
    yield Pair(whole, _text([*news, *_cut(paragraphs, 0.45)]), "a follow-up that repeats its background", False)
    yield Pair(_text([*paragraphs, _BOILERPLATE]), _text([*other, _BOILERPLATE]), "the same closing words", False)
    yield Pair(whole, _renumbered(whole, chance), "the same form with other facts", False)
    yield Pair(whole, _text([_scrambled(each, chance) for each in paragraphs]), "the same words in another order", False)


def _text(paragraphs: list[str]) -> str:
    return "\n\n".join(paragraphs)


def _cut(paragraphs: list[str], share: float) -> list[str]:
    """The beginning of a story, as an editor cuts it from the end."""
    left = int(share * len(_text(paragraphs).split()))
    result = []
    for paragraph in paragraphs:
        words = paragraph.split()[:left]
        result.append(" ".join(words))
        left -= len(words)
        if left <= 0:
            break
    return result


def _reworded(text: str, share: float, chance: random.Random) -> str:
    return " ".join(
        _OTHER_WORDS[word.lower()] if word.lower() in _OTHER_WORDS and chance.random() < share else word for word in text.split()
    )


def _renumbered(text: str, chance: random.Random) -> str:
    """The form of a bulletin filled anew: every number, name and second content word is another one."""

    def other(match: re.Match[str]) -> str:
        word = match.group()
        if word.isdigit():
            return str(chance.randint(2, 999))
        is_fact = word[0].isupper() or len(word) > 6
        return "".join(chance.sample(word, len(word))) if is_fact and chance.random() < 0.8 else word

    return re.sub(r"\w+", other, text)


def _scrambled(text: str, chance: random.Random) -> str:
    words = text.split()
    return " ".join(chance.sample(words, len(words)))


def scores(measure: Callable[[str, str], float], threshold: float) -> tuple[float, float]:
    """Precision and recall over the labelled pairs of a measure and a threshold."""
    found = [(measure(pair.first, pair.second) >= threshold, pair.is_copy) for pair in labelled_pairs()]
    right = sum(said and is_copy for said, is_copy in found)
    return right / max(1, sum(said for said, _ in found)), right / sum(is_copy for _, is_copy in found)


def estimated_containment(first: str, second: str) -> float:
    """What the store does: candidates by shared bands, then the estimated share of the shorter text."""
    a, b = sign(first), sign(second)
    if a is None or b is None or set.isdisjoint(*map(set, bands_of([a.values, b.values]))):
        return 0.0
    return containment(a, b)


def exact(words: int, *, contained: bool) -> Callable[[str, str], float]:
    """The exact share of common word sequences: of both texts together, or of the shorter one."""

    @lru_cache(maxsize=2000)
    def shingles(text: str) -> frozenset[tuple[str, ...]]:
        found = [word.casefold() for word in re.findall(r"[^\W_]+", text)]
        return frozenset(tuple(found[i : i + words]) for i in range(len(found) - words + 1))

    def measure(first: str, second: str) -> float:
        a, b = shingles(first), shingles(second)
        return len(a & b) / max(1, min(len(a), len(b)) if contained else len(a | b))

    return measure


def main() -> None:
    pairs = labelled_pairs()
    lines = [f"{len(pairs)} pairs, {sum(pair.is_copy for pair in pairs)} of them copies", ""]
    measures: dict[str, Callable[[str, str], float]] = {}
    for words in (3, 4, 5):
        measures[f"share of both, {words} words"] = exact(words, contained=False)
        measures[f"share of the shorter, {words} words"] = exact(words, contained=True)
    measures[f"estimate in the store, {similarity.SHINGLE_WORDS} words"] = estimated_containment
    lines.append("| measure | " + " | ".join(f"{t:.1f}" for t in _THRESHOLDS) + " |")
    lines.append("|---|" + "---|" * len(_THRESHOLDS))
    for name, measure in measures.items():
        cells = ("{:.3f} / {:.3f}".format(*scores(measure, threshold)) for threshold in _THRESHOLDS)
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    sys.stdout.write("\n".join(lines) + "\n")


_THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)

if __name__ == "__main__":
    main()
