"""The sentence that introduces a list of commitments, also where headings stand between: "set out to do what is listed below"."""

from __future__ import annotations

from dataclasses import dataclass

from bam.extraction.annotate.model import Sentence
from bam.extraction.context import Context
from bam.extraction.tables.follow_ups.words import FollowUpMatchers
from bam.model.text import BlockKind

_TEXT = frozenset({BlockKind.PARAGRAPH, BlockKind.QUOTE})
_ITEMS = frozenset({BlockKind.LIST_ITEM, BlockKind.TABLE_ROW})
_TAIL = 12
_BRACKETS = frozenset("(")


@dataclass(frozen=True, slots=True)
class Leads:
    """For each list item and row the index of the sentence that introduces it; for every sentence its section's headings."""

    context: Context
    leads: dict[int, int]
    marked: frozenset[int]

    def lead_of(self, sentence: Sentence) -> Sentence | None:
        """The introducing sentence, None where there is none."""
        index = self.leads.get(sentence.index)
        return None if index is None else self.context.annotated.sentences[index]

    def is_marked(self, sentence: Sentence) -> bool:
        """Whether the sentence's paragraph is a running list: "(i) ... (ii) ..."."""
        return sentence.block in self.marked

    def headings_of(self, sentence: Sentence) -> list[Sentence]:
        """The heading above the sentence, and the one above that."""
        sentences = self.context.annotated.sentences
        result: list[Sentence] = []
        index = sentence.section
        while index is not None and len(result) < 2:
            result.append(sentences[index])
            index = sentences[index].section if sentences[index].section != index else None
        return result


def find_leads(context: Context, matchers: FollowUpMatchers) -> Leads:
    """The leads of all items, in one pass."""
    annotated = context.annotated
    marked = _marked_blocks(context)
    leads: dict[int, int] = {}
    enacting: int | None = None
    previous: Sentence | None = None
    parent: dict[int, int] = {}
    for sentence in annotated.sentences:
        if sentence.kind in _ITEMS:
            level = annotated.blocks[sentence.block].level
            if sentence.kind is BlockKind.LIST_ITEM and level > 1 and level - 1 in parent:
                leads[sentence.index] = parent[level - 1]
            elif enacting is not None:
                leads[sentence.index] = enacting
            if previous is None or previous.block != sentence.block:
                parent[level] = sentence.index
            if _enacts(context, matchers, sentence, ends_only=True) and sentence.kind is BlockKind.LIST_ITEM:
                parent[level] = sentence.index
        elif sentence.block in marked and enacting is not None and annotated.sentences[enacting].block != sentence.block:
            leads[sentence.index] = enacting
        elif sentence.kind in _TEXT or (sentence.kind is BlockKind.HEADING and _enacts(context, matchers, sentence)):
            if _enacts(context, matchers, sentence):
                enacting = sentence.index
            elif previous is not None and previous.kind in _ITEMS:
                enacting = None
            parent.clear()
        previous = sentence
    return Leads(context, leads, marked)


def _marked_blocks(context: Context) -> frozenset[int]:
    """Paragraphs with marks of a running list in brackets."""
    annotated = context.annotated
    texts = annotated.tokens.texts
    found: set[int] = set()
    for index in annotated.tokens.where(_BRACKETS):
        if index + 3 < len(texts) and texts[index + 2] == ")" and len(texts[index + 1]) <= 4 and texts[index + 1].islower():
            sentence = annotated.sentence_at(annotated.tokens.starts[index])
            if sentence.kind in _TEXT:
                found.add(sentence.block)
    return frozenset(found)


def _enacts(context: Context, matchers: FollowUpMatchers, sentence: Sentence, *, ends_only: bool = False) -> bool:
    """Whether the sentence leads on to a list: by its last mark or word, or by "the following", "listed below"."""
    tokens = context.annotated.tokens
    last = tokens.norms[sentence.last - 1]
    if last in (":", ",", "—", "–") or tokens.norms[sentence.last - 1] in matchers.words.enacting:
        return True
    if ends_only:
        return False
    if last[0].isalpha():
        return sentence.kind is not BlockKind.HEADING
    norms = tokens.norms[sentence.first : sentence.last]
    text = " ".join(norms)
    return any(f" {word} " in f" {text} " for word in ("following", "below", "as follows"))
