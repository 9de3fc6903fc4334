"""Entries: list items and paragraphs that open with the name of the site that they are about ("Dalny. A post of two rooms").

The name stands as a sentence of its own, alone or with a region in brackets, or before a colon, and nothing else says what it is
to the rest of its block.
"""

from __future__ import annotations

from bam.extraction.annotate.annotated import Annotated
from bam.extraction.annotate.model import PartyUse, Sentence

_MOST_WORDS = 4
_MOST_BEHIND = 12
"""Tokens in the brackets behind the name."""
_LISTS = ("list_item", "paragraph")


def entries_of(annotated: Annotated) -> dict[int, tuple[int, int]]:
    """The tokens [first, last) of the name that opens each entry, by the index of every sentence of the entry."""
    found: dict[int, tuple[int, int]] = {}
    sentences, parties = annotated.sentences, {party.start: party for party in annotated.parties}
    places = {place.start for place in annotated.places}
    name: tuple[int, int] | None = None
    for sentence in sentences:
        opens = sentence.index == 0 or sentences[sentence.index - 1].block != sentence.block
        if opens:
            party = parties.get(sentence.start)
            is_body = party is not None and party.use is not PartyUse.CAPITAL
            is_known = sentence.start in places
            is_site = is_known or sentence.kind in _LISTS
            # "Result: a laboratory" is as common in prose as "Dalny: a laboratory" is in lists.
            may_be_key = is_known or sentence.kind == "list_item"
            name = _name(annotated, sentence, may_be_key=may_be_key) if is_site and not is_body else None
        if name is not None:
            found[sentence.index] = name
    return found


def _name(annotated: Annotated, sentence: Sentence, *, may_be_key: bool) -> tuple[int, int] | None:
    """The name that opens a sentence and is all of it but for brackets, or stands before a colon."""
    tokens = annotated.tokens
    texts, norms = tokens.texts, tokens.norms
    last = sentence.first
    while last < sentence.last and last - sentence.first <= _MOST_WORDS and _is_name(annotated, last, sentence):
        last += 1
    is_short = 0 < last - sentence.first <= _MOST_WORDS
    if not is_short or all(norms[index] in tokens.small for index in range(sentence.first, last)):
        return None
    behind = last
    if behind < sentence.last and texts[behind] == "(":
        stop = min(sentence.last, behind + _MOST_BEHIND)
        behind = next((index + 1 for index in range(behind, stop) if texts[index] == ")"), sentence.last)
    following = sentence.index + 1
    is_longer = following < len(annotated.sentences) and annotated.sentences[following].block == sentence.block
    is_whole = is_longer and behind + (texts[min(behind, sentence.last - 1)] == ".") >= sentence.last
    is_key = may_be_key and behind < sentence.last and texts[behind] == ":"
    return (sentence.first, last) if is_whole or is_key else None


def _is_name(annotated: Annotated, index: int, sentence: Sentence) -> bool:
    text = annotated.tokens.texts[index]
    is_joint = text in "-–" and index > sentence.first
    is_number = index > sentence.first and text.isdecimal()
    return is_joint or is_number or (text[0].isupper() and not annotated.flags[index])
