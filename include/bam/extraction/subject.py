"""How likely a document reports assistance, told by its words and by how much of what the tables are about it mentions.

A report of trade, of a trial or of a match names donors, sums and border posts as well. One by one they look like facts; all
words of the page together tell what it is about.
"""

from __future__ import annotations

from bam.extraction.annotate.annotated import Annotated
from bam.extraction.annotate.model import Spanned
from bam.extraction.ranker.model import load_ranker

REPORTS = "document_reports"

_LEAST_LETTERS = 3
_FEWEST_WORDS = 100
"""A shorter text (a caption, a line of news) has too few words to tell what it is about."""
_MOST_STEPS = 6
_KINDS = ("facility", "training", "conference")


def reports_assistance(annotated: Annotated) -> float:
    """The probability that the document states a fact of the tables; 1 where it is too short to tell, or without a model."""
    ranker = load_ranker(REPORTS)
    if ranker is None or len(annotated.tokens) < _FEWEST_WORDS:
        return 1.0
    return ranker.probabilities(subject_features(annotated)).get("yes", 0.0)


def subject_features(annotated: Annotated) -> dict[str, bool | float]:
    """The words outside of places and dates, and how many mentions there are of each kind, in steps and by the sentence."""
    tokens = annotated.tokens
    mentions: tuple[Spanned, ...] = (*annotated.places, *annotated.regions, *annotated.dates)
    named = {index for mention in mentions for index in range(*tokens.span(mention.start, mention.end))}
    words = {norm for index, norm in enumerate(tokens.norms) if index not in named and norm.isalpha()}
    features: dict[str, bool | float] = {f"word={word}": True for word in words if len(word) >= _LEAST_LETTERS}
    sentences = max(1, len(annotated.sentences))
    for name, count in _counts(annotated).items():
        features |= {f"{name}>={step}": True for step in range(1, _steps(count) + 1)}
        features[f"{name}/sentence"] = round(count / sentences, 3)
    features["sentences"] = _steps(sentences) / _MOST_STEPS
    return features


def _counts(annotated: Annotated) -> dict[str, int]:
    return {
        "donors": sum(party.is_donor for party in annotated.parties),
        "parties": len(annotated.parties),
        "sums": len(annotated.money),
        "programmes": len(annotated.programmes),
        "persons": len(annotated.persons),
        "dates": len(annotated.dates),
        **{kind: sum(head.kind == kind for head in annotated.heads) for kind in _KINDS},
    }


def _steps(count: int) -> int:
    """0, 1, 2 for 0, 1, 3 and so on: how often the count doubles."""
    return min(_MOST_STEPS, (count + 1).bit_length() - 1)
