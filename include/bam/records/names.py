"""Comparing names across spellings: folding, sounds of transliterated names, and how alike two names are.

Names of places reach English by several ways of transliteration (`Panj`, `Pyanj`, `Pyandzh`). The ways differ in how they
write the same few sounds, so each sound has one class here and vowels, which vary most, count only at the beginning.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler
from text_unidecode import unidecode

from bam.records.words import words

_CACHED = 20_000
"""Results that each function remembers: claims that are compared with each other come close together."""

_WORD = re.compile(r"[a-z0-9]+")
_VOWELS = "aeiou"

# Ordered rewriting of Latin spellings into sound classes (capitals stand for one sound). Sources of the variants: BGN/PCGN,
# ISO 9 and the usual press spellings of Cyrillic and Arabic script: ж = zh, j; дж = dzh, dj, j; х = kh, h, x; қ, к = q, k;
# ғ, г = gh, g; ц = ts, tz, c; в, w = v, w; я, ю, ё = ya, yu, yo; ш, щ = sh, sch, shch; ч = ch, tch.
_SOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"shch|sch|sh", "S"),
        (r"tch|ch", "C"),
        (r"dzh|dzj|dj|zh|j", "J"),
        (r"kh|x", "H"),
        (r"gh|g", "G"),
        (r"ph", "f"),
        (r"ts|tz|z|s", "s"),
        (r"q|ck|k|c", "k"),
        (r"v|w", "v"),
        (r"(?<=[aeiou])h(?![aeiou])", ""),  # a silent h, as in Shahr and Shaar
        (r"h", "H"),
        (r"(?<=[aeiou])[yi]|(?<!^)y", ""),  # glides come and go: Pyanj, Panj; Aivaj, Ayvoj
    )
)


@lru_cache(maxsize=_CACHED)
def fold(text: str) -> str:
    """Lower-case Latin letters, digits and single spaces: accents, scripts and punctuation no longer differ."""
    latin = unidecode(unicodedata.normalize("NFKC", text)) if not text.isascii() else text
    return " ".join(_WORD.findall(latin.lower().replace("'", "")))


@lru_cache(maxsize=_CACHED)
def sound(word: str) -> str:
    """The sound skeleton of one folded word: consonant classes, and `A` for a vowel at its beginning."""
    skeleton = word
    for pattern, cls in _SOUNDS:
        skeleton = pattern.sub(cls, skeleton)
    head = "A" if skeleton[:1] in _VOWELS and skeleton else ""
    body = "".join(letter for letter in skeleton if letter not in _VOWELS)
    return head + re.sub(r"(.)\1+", r"\1", body)


@lru_cache(maxsize=_CACHED)
def content_words(text: str) -> frozenset[str]:
    """The folded words of a text that carry meaning: no articles, prepositions or auxiliaries; plural `s` taken off."""
    stop = words().stop
    # One object for each word of the language: a large store has each of them a thousand times.
    return frozenset(sys.intern(_singular(word)) for word in fold(text).split() if word not in stop and len(word) > 1)


@lru_cache(maxsize=_CACHED)
def name_words(text: str) -> tuple[str, ...]:
    """The words of a place's name that tell it from others: kinds of places (`district`, `region`) left out.

    All words are kept where nothing else would remain.
    """
    folded = [word for word in fold(text).split() if word not in words().stop]
    telling = tuple(word for word in folded if not is_place_kind(word) and not word.isdigit())
    return telling or tuple(folded)


def place_sounds(text: str) -> frozenset[str]:
    """Sound skeletons of the telling words of a place's name."""
    return frozenset(sound(word) for word in name_words(text))


@lru_cache(maxsize=_CACHED)
def word_likeness(left: str, right: str) -> float:
    """How alike two folded words are as spellings of one name, 0 to 1."""
    if left == right:
        return 1.0
    spelling = JaroWinkler.similarity(left, right)
    left_sound, right_sound = sound(left), sound(right)
    if left_sound == right_sound:
        # Two consonants alone say little (Osh, Ush, Ashe): the spelling has to be near as well.
        return max(0.9, spelling) if len(left_sound) >= 3 or spelling >= 0.75 else spelling
    sounds = JaroWinkler.similarity(left_sound, right_sound)
    return 0.5 * spelling + 0.5 * sounds if min(len(left_sound), len(right_sound)) >= 3 else min(spelling, sounds)


@lru_cache(maxsize=_CACHED)
def place_likeness(left: str, right: str) -> float:
    """How alike two names of places are, 0 to 1: the best pairing of the words of the shorter one with those of the longer."""
    left_words, right_words = name_words(left), name_words(right)
    if not left_words or not right_words:
        return 0.0
    if "".join(left_words) == "".join(right_words):
        return 1.0
    short, long = sorted((left_words, right_words), key=lambda side: (len(side), side))
    best = [max(word_likeness(word, other) for other in long) for word in short]
    paired = sum(len(word) * score for word, score in zip(short, best, strict=True)) / sum(map(len, short))
    joined = word_likeness("".join(short), "".join(long))
    return max(paired, joined)


@lru_cache(maxsize=_CACHED)
def text_likeness(left: str, right: str) -> float:
    """How much two descriptions share, 0 to 1: words of the shorter found in the longer, small differences of form allowed."""
    left_words, right_words = content_words(left), content_words(right)
    if not left_words or not right_words:
        return 0.0
    shared = _shared(left_words, right_words)
    fewer, more = sorted((len(left_words), len(right_words)))
    containment = shared / fewer
    jaccard = shared / (fewer + more - shared)
    # A single shared word is no likeness of descriptions, however short one of them is.
    weight = 0.5 if fewer == 1 else 1.0
    return weight * (0.6 * containment + 0.4 * jaccard)


def title_likeness(left: str, right: str) -> float:
    """How alike two titles or names of programmes are, 0 to 1, word order aside."""
    return float(fuzz.token_sort_ratio(fold(left), fold(right))) / 100


def shared_words(left: frozenset[str], right: frozenset[str]) -> tuple[str, ...]:
    """Words of both sets, equal or in near forms, sorted; the form is the left one's."""
    return tuple(sorted(word for word in left if word in right or any(_near(word, other) for other in right)))


def any_shared(left: Iterable[str], right: Iterable[str]) -> bool:
    """Whether two collections have an element in common."""
    return not set(left).isdisjoint(right)


def is_place_kind(word: str) -> bool:
    """Whether a folded word is a part of place names that tells nothing apart (`district`, `nizhny`)."""
    return word in words().place_kinds or sound(word) in _place_kind_sounds()


@lru_cache(maxsize=1)
def _place_kind_sounds() -> frozenset[str]:
    return frozenset(map(sound, words().place_kinds_by_sound))


def _shared(left: frozenset[str], right: frozenset[str]) -> int:
    exact = left & right
    rest_left, rest_right = sorted(left - exact), sorted(right - exact)
    used: set[str] = set()
    for word in rest_left:
        match = next((other for other in rest_right if other not in used and _near(word, other)), None)
        if match is not None:
            used.add(match)
    return len(exact) + len(used)


@lru_cache(maxsize=_CACHED)
def _near(left: str, right: str) -> bool:
    """Forms of one word: a common stem of at least five letters that makes up most of both."""
    if min(len(left), len(right)) < 5:
        return False
    stem = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        stem += 1
    return stem >= 5 and stem >= 0.7 * max(len(left), len(right))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
