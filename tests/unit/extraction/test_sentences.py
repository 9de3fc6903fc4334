"""Sentences, clauses, verb groups, noun phrases; and what must hold of any text."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bam.extraction import extract
from bam.extraction.annotate import Annotated, annotate
from bam.extraction.annotate.model import Verb
from bam.extraction.resources import Resources
from bam.model.text import Block, BlockKind, ConvertedDocument, Metadata

from .conftest import document

Read = Callable[..., Annotated]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It opened. It closed.", 2),
        ("The U.S. Embassy paid $2.5 million. It was glad.", 2),
        ("Mr. A. Karim of No. 5 St. John's Rd. came on Nov. 6 at 10 a.m. to sign.", 1),
        ("He asked: “Why now?” She left.", 2),
        ("It cost 5,4 mln. euros in all.", 1),
        ("They live in the U.S. The others don't.", 2),
    ],
)
def test_sentences(read: Read, text: str, count: int) -> None:
    assert len(read(text).sentences) == count


def test_items_of_a_list_know_the_sentence_that_introduces_them(resources: Resources) -> None:
    lines = ["They met. The parties agreed to", "open a post", "train officers", "They left."]
    kinds = [BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.LIST_ITEM, BlockKind.PARAGRAPH]
    blocks, start = [], 0
    for line, kind in zip(lines, kinds, strict=True):
        blocks.append(Block(kind, start, start + len(line), level=int(kind is BlockKind.LIST_ITEM)))
        start += len(line) + 1
    converted = ConvertedDocument("t", "\n".join(lines), tuple(blocks), Metadata(), "text/plain", "test")
    assert [sentence.lead for sentence in annotate(converted, resources).sentences] == [None, None, 1, 1, None]


def verb(read: Read, sentence: str, lemma: str) -> Verb:
    return next(v for v in read(sentence).verbs if v.lemma == lemma)


def test_tense_voice_and_negation(read: Read) -> None:
    passive = verb(read, "The centre has not yet been funded by Norway.", "fund")
    assert (passive.is_passive, passive.is_perfect, passive.is_negated) == (True, True, True)
    assert verb(read, "Norway will build a post.", "build").tense == "future"
    assert verb(read, "A post is being built.", "build").is_progressive
    assert verb(read, "Norway provided a post.", "provide").is_done
    assert verb(read, "Norway may provide a post.", "provide").modality == "may"


def test_what_governs_an_infinitive_is_its_modality(read: Read) -> None:
    assert verb(read, "Norway plans to build a post.", "build").modality == "plan"
    assert verb(read, "Norway has promised to build a post.", "build").modality == "pledge"
    assert verb(read, "The post is to be built here.", "build").modality == "plan"
    assert verb(read, "They came to build a post.", "build").modality == "purpose"


def test_a_participle_behind_its_noun_is_no_finite_verb(read: Read) -> None:
    annotated = read("A centre built for two million dollars was opened.")
    assert [(v.lemma, v.form) for v in annotated.verbs] == [("build", "participle"), ("open", "finite")]


def test_the_agent_of_a_passive(read: Read) -> None:
    annotated = read("The centre was funded by Norway and opened in May.")
    agent = annotated.verbs[0].agent
    assert agent is not None
    assert annotated.text[slice(*agent)].startswith("Norway")


def test_noun_phrases(read: Read) -> None:
    annotated = read("Norway opened the new border crossing point Alfa-Bravo, a training centre at Khorog and School No. 50.")
    heads = [(annotated.quote(head), head.type, head.place) for head in annotated.heads]
    assert heads == [
        ("new border crossing point Alfa-Bravo", "border_crossing", None),
        ("training centre at Khorog", "training_centre", "Khorog"),
        ("School No. 50", "other", None),
    ]


def spans_hold(annotated: Annotated) -> None:
    """Every mention is a stretch of the text, clauses cover their sentences, everything is in order of place."""
    text = annotated.text
    for name in (
        "sentences",
        "clauses",
        "verbs",
        "money",
        "dates",
        "parties",
        "programmes",
        "places",
        "persons",
        "heads",
        "titles",
    ):
        items = getattr(annotated, name)
        assert all(0 <= item.start < item.end <= len(text) for item in items), name
        starts = [item.start for item in items]
        assert starts == sorted(starts), name
        assert [item.index for item in items] == list(range(len(items))), name
    for sentence in annotated.sentences:
        clauses = annotated.clauses_of(sentence)
        assert (clauses[0].start, clauses[-1].end) == (sentence.start, sentence.end)
        assert all(one.last == other.first for one, other in pairwise(clauses))


PIECES = st.sampled_from(
    [
        "US$ 2.5m",
        "EUR",
        "€",
        "3 to 4 million",
        "between",
        "and",
        "by end-2021",
        "last Thursday",
        "27-28 May",
        "FY 2009",
        "Tajik",
        "the Embassy of Japan in",
        "Khorog",
        "the Better Gates Project (BGP)",
        "training centre",
        "at",
        "No. 50",
        "12 Afghan",
        "officers",
        "has not been",
        "funded by",
        "plans to",
        "build",
        ",",
        ";",
        "(",
        ")",
        "“",
        "”",
        ".",
        "\n",
        "-",
        "–",
        "’s",
        "U.S.",
        "the",
        "of",
        "a",
        "half a",
        "million",
        "dollars",
        "0",
        "9,9,9",
        "1.000.000",
        "which",
        "that",
        "agreed to",
        "workshop on",
        "2014",
        "to",
        "from",
        "\xa0",
        "و",
        "Душанбе",
    ]
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(PIECES, max_size=40))
def test_any_order_of_the_words_we_know_keeps_the_offsets(words: list[str], resources: Resources) -> None:
    converted = document(" ".join(words))
    spans_hold(annotate(converted, resources, "2014-03-05"))
    for fact in extract(converted, resources, "2014-03-05").facts:
        assert all(converted.text[item.start : item.end] == item.quote for item in fact.evidence)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300))
def test_any_text_keeps_the_offsets(text: str, resources: Resources) -> None:
    spans_hold(annotate(document(text), resources, "2014-03-05"))


@pytest.mark.parametrize(
    "unit",
    [
        "5",
        "5 ",
        "a ",
        "A ",
        "(",
        "$",
        "to ",
        "1,",
        "and the ",
        "Xy-",
        "by ",
        "of the ",
        "12 Tajik and ",
        "May ",
        '"',
        "which was ",
        "х",
        "U.S. ",
    ],
)
def test_cost_is_linear_in_repeated_text(unit: str, resources: Resources) -> None:
    """200 KB of anything stays far below the second that a quadratic step would take many times over."""
    converted = document(unit * (200_000 // len(unit)))
    begin = time.process_time()
    extract(converted, resources, "2014-03-05")
    assert time.process_time() - begin < 20


def test_the_same_text_gives_the_same_facts(resources: Resources) -> None:
    converted = document(
        "In May 2013 Norway paid $2 million for a training centre at Khorog, Tajikistan.", published="2014-03-05"
    )
    assert extract(converted, resources) == extract(converted, resources)


def test_a_language_without_words_gives_no_facts_and_says_so(resources: Resources) -> None:
    converted = document("Норвегия выделила 2 млн долларов.")
    foreign = ConvertedDocument(converted.name, converted.text, converted.blocks, Metadata(language="ru"), "text/plain", "test")
    result = extract(foreign, resources)
    assert (result.facts, result.waits_for_language, result.language) == ((), True, "ru")


def test_names_listed_behind_a_plural(read: Read) -> None:
    annotated = read("Scanners went to the crossing points of Alfa-Bravo, Kestrel and Merlin in July.")
    (head,) = annotated.heads
    assert [annotated.text[start:end] for start, end in head.listed] == ["Alfa-Bravo", "Kestrel", "Merlin"]
