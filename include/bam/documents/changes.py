"""Whether a page that answers with other bytes says something else, and what has changed in words that a person reads."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bam.documents.page_words import page_words
from bam.model.text import Block

_FOLD = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "\xa0": " ", "\u200a": " "})
_DIGITS = re.compile(r"\d+")
_SHORT = 120
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZА-ЯЁ\"“(])")


@dataclass(frozen=True, slots=True)
class Change:
    """A passage that differs: `before` is empty where it is new, `after` where it was taken out."""

    before: str
    after: str


def is_cosmetic(old_text: str, old_blocks: Sequence[Block], new_text: str, new_blocks: Sequence[Block]) -> bool:
    """Whether two texts of one page say the same: they differ at most in clocks, counters, adverts, spaces and quotation marks.

    Numbers count as a change wherever the block isn't one of a counter or a clock, since a corrected sum is what matters most.
    """
    old, new = _passages(old_text, old_blocks), _passages(new_text, new_blocks)
    if old == new:
        return True
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for operation, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if operation == "equal":
            continue
        if not _is_same_furniture(old[old_start:old_end], new[new_start:new_end]):
            return False
    return True


def changes(old_text: str, old_blocks: Sequence[Block], new_text: str, new_blocks: Sequence[Block]) -> list[Change]:
    """What differs between two texts, sentence by sentence, in reading order."""
    old = [sentence for block in old_blocks for sentence in _sentences(old_text[block.start : block.end])]
    new = [sentence for block in new_blocks for sentence in _sentences(new_text[block.start : block.end])]
    matcher = difflib.SequenceMatcher(a=list(map(_folded, old)), b=list(map(_folded, new)), autojunk=False)
    return [
        Change(" ".join(old[old_start:old_end]), " ".join(new[new_start:new_end]))
        for operation, old_start, old_end, new_start, new_end in matcher.get_opcodes()
        if operation != "equal"
    ]


def _passages(text: str, blocks: Sequence[Block]) -> list[str]:
    return [folded for block in blocks if (folded := _folded(text[block.start : block.end]))]


def _folded(text: str) -> str:
    return " ".join(text.translate(_FOLD).casefold().split())


def _is_same_furniture(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether passages differ only as counters, clocks and adverts do."""
    words = page_words()
    if not all(len(passage) <= _SHORT for passage in (*old, *new)):
        return False
    if old and new and [_DIGITS.sub("0", each) for each in old] == [_DIGITS.sub("0", each) for each in new]:
        return all(words.is_counter(each) for each in (*old, *new))
    return all(words.is_advert(each) or words.is_counter(each) for each in (*old, *new))


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE.split(text) if sentence.strip()]
