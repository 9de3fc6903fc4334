"""Words around a mention as features."""

from __future__ import annotations

from collections.abc import Callable

from bam.extraction.annotate import Annotated
from bam.extraction.wording import wording, words_beside

Read = Callable[..., Annotated]


def test_words_beside_know_their_distance_and_names_are_no_words(read: Read) -> None:
    annotated = read("The post at Dalny was rebuilt by UNOPS.")
    start = annotated.text.index("was")
    found = words_beside(annotated, start, start + len("was rebuilt"))
    assert found == dict.fromkeys(
        ["word-4=the", "word-3=post", "word-2=at", "word-1=NAME", "word+1=by", "word+2=ACRONYM", "word+3=."], True
    )


def test_wording_stays_inside_the_sentence_but_for_the_verb_before(read: Read) -> None:
    annotated = read("They rebuilt the hall. The new post opened in spring.")
    start = annotated.text.index("post")
    found = wording(annotated, start, start + len("post"))
    assert {"left=new", "right=opened", "sentence=spring", "sentence_verb=open", "earlier_verb=rebuild"} <= set(found)
    assert not any(name.endswith("=hall") for name in found)
