"""The words around a mention as features: what the lexicon's classes don't know, the training documents can still tell."""

from __future__ import annotations

from collections.abc import Iterator

from bam.extraction.annotate.annotated import Annotated
from bam.extraction.annotate.model import Sentence
from bam.extraction.cells import table_words
from bam.extraction.roles import Numbers

_BEFORE, _BEHIND, _MOST = 5, 6, 80
_NAME, _ACRONYM = "NAME", "ACRONYM"


def words_beside(annotated: Annotated, start: int, end: int) -> Numbers:
    """The words before and behind a stretch in its sentence, each with its distance in words."""
    return {f"word{distance:+d}={word}": True for distance, word in _beside(annotated, start, end)}


def wording(annotated: Annotated, start: int, end: int) -> Numbers:
    """The words beside a stretch, those of its sentence, and the verbs of that sentence and of the one before. Names count as
    names only.
    """
    tokens = annotated.tokens
    texts, norms = tokens.texts, tokens.norms
    sentence = annotated.sentence_at(start)
    signs = {f"{'left' if distance < 0 else 'right'}={word}" for distance, word in _beside(annotated, start, end)}
    inside = range(sentence.first, min(sentence.last, sentence.first + _MOST))
    signs |= {f"sentence={norms[index]}" for index in inside if texts[index][0].islower() and norms[index].isalpha()}
    signs |= {f"sentence_verb={verb.lemma}" for verb in annotated.verbs_of(sentence)}
    if sentence.index:
        signs |= {f"earlier_verb={verb.lemma}" for verb in annotated.verbs_of(annotated.sentences[sentence.index - 1])}
    signs.update(table_words(annotated, start))
    above = _above(annotated, sentence)
    if above is not None:
        signs |= {f"above={norm}" for norm in norms[above.first : above.last][:_MOST] if norm.isalpha()}
    return dict.fromkeys(signs, True)


def _above(annotated: Annotated, sentence: Sentence) -> Sentence | None:
    """The sentence that leads to an item, or the words above the table of a row."""
    row = annotated.row_at(sentence.start)
    if row is not None:
        return annotated.sentence_at(row.caption[0]) if row.caption is not None else None
    return annotated.sentences[sentence.lead] if sentence.lead is not None else None


def _beside(annotated: Annotated, start: int, end: int) -> Iterator[tuple[int, str]]:
    tokens = annotated.tokens
    sentence = annotated.sentence_at(start)
    first, last = tokens.span(start, end)
    for index in (*range(max(sentence.first, first - _BEFORE), first), *range(last, min(sentence.last, last + _BEHIND))):
        text = tokens.texts[index]
        is_name = text[0].isupper() and index != sentence.first
        word = (_ACRONYM if text.isupper() else _NAME) if is_name else tokens.norms[index]
        yield (index - first if index < first else index - last + 1), word
