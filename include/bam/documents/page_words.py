"""The words that tell a page's furniture from its article, from `data/page_words.yml`, compiled once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from bam.model.yaml_loading import load_yaml


@dataclass(frozen=True, slots=True)
class PageWords:
    """`clutter`, `likely_clutter`, `byline` and `caption` hold parts of class and id names; the patterns match whole lines."""

    clutter: frozenset[str]
    likely_clutter: frozenset[str]
    byline: frozenset[str]
    caption: frozenset[str]
    box_heading: re.Pattern[str]
    photo_credit: re.Pattern[str]
    label: re.Pattern[str]
    author_line: re.Pattern[str]
    source_line: re.Pattern[str]
    subject_line: re.Pattern[str]
    published_label: re.Pattern[str]
    furniture_line: re.Pattern[str]
    counter: re.Pattern[str]
    advert: re.Pattern[str]

    def is_furniture(self, text: str) -> bool:
        """Whether a line of a page is a way to elsewhere, a button or a crumb trail."""
        return len(text) <= 160 and self.furniture_line.fullmatch(text.strip()) is not None

    def is_counter(self, text: str) -> bool:
        """Whether a short line is a counter, a clock, a rate or another thing that changes by itself."""
        return self.counter.fullmatch(text.strip()) is not None

    def is_advert(self, text: str) -> bool:
        """Whether a short line is an advert or asks for a subscription."""
        return self.advert.fullmatch(text.strip()) is not None

    def is_label(self, text: str) -> bool:
        """Whether a line only says what kind of document it is ("PRESS RELEASE"), or another word that is no name."""
        return self.label.fullmatch(text.strip(" :*().")) is not None

    def heads_a_box(self, heading: str) -> bool:
        """Whether a heading announces teasers, comments or other things that are not the article."""
        return self.box_heading.fullmatch(heading.strip().rstrip(":…").strip()) is not None


@lru_cache(maxsize=1)
def page_words() -> PageWords:
    """The words of all languages together: a page's furniture is often in another language than its article."""
    data = load_yaml(files("bam.documents").joinpath("data/page_words.yml").read_text(encoding="utf-8"))

    def any_of(key: str, rest: str = "") -> re.Pattern[str]:
        patterns: list[str] = []
        for words in data[key].values():
            patterns += [words] if isinstance(words, str) else words
        alternatives = "|".join(f"(?:{pattern})" for pattern in patterns)
        return re.compile(f"(?:{alternatives}){rest}", re.IGNORECASE)

    return PageWords(
        clutter=frozenset(data["clutter_names"]),
        likely_clutter=frozenset(data["likely_clutter_names"]),
        byline=frozenset(data["byline_names"]),
        caption=frozenset(data["caption_names"]),
        box_heading=any_of("box_headings"),
        photo_credit=any_of("photo_credit"),
        label=any_of("document_labels"),
        author_line=any_of("author_line", r"(?P<name>[^|·•—–\d]{2,60}?)(?:,|\s*[|·•—–]|\s+\d|$)"),
        source_line=any_of("source_line", r"(?P<name>[^|·•;]{2,100}?)(?:\s+volume\b.*|[|·•;].*|$)"),
        subject_line=any_of("subject_line", r"(?P<title>.{8,250})$"),
        published_label=any_of("published_label"),
        furniture_line=any_of("furniture_lines"),
        counter=any_of("counters"),
        advert=any_of("adverts"),
    )
