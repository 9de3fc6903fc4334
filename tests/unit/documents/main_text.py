"""How much of the articles of labelled pages a converter keeps, and how much else it brings, in words.

`python -m tests.unit.documents.main_text` prints the table of docs/decisions/0021 for our converter and for trafilatura.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import yaml
from lxml import html

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
LABELS: dict[str, dict[str, list[str]]] = yaml.safe_load((Path(__file__).parent / "main_text.yml").read_text(encoding="utf-8"))
_UNREAD = "//script | //style | //noscript | //button"
_WORD = re.compile(r"\w+")


def words(text: str) -> Counter[str]:
    return Counter(word.lower() for word in _WORD.findall(text))


def labelled_words(page: Path) -> Counter[str]:
    """The words of a page's article by its label."""
    label = LABELS[page.stem]
    root = html.document_fromstring(page.read_bytes().decode().encode("utf-8"), parser=html.HTMLParser(encoding="utf-8"))
    for path in [*label.get("furniture", []), _UNREAD]:
        for element in root.xpath(path):
            element.drop_tree()
    pieces = [" ".join(element.itertext()) for path in label["article"] for element in root.xpath(path)]
    return words(" ".join(pieces))


def share_kept_and_foreign(text: str, wanted: Counter[str]) -> tuple[float, float]:
    """The share of the article's words that the text has, and the share of the text's words from outside the article."""
    found = words(text)
    kept = (found & wanted).total() / max(1, wanted.total())
    foreign = (found - wanted).total() / max(1, found.total())
    return kept, foreign


def pages() -> list[Path]:
    """The labelled pages of the validation set, none where the corpus isn't there."""
    return sorted(path for name in LABELS if (path := CORPUS / "dev" / f"{name}.html").is_file())


def main() -> None:
    import trafilatura

    from bam.documents.convert import convert

    def ours(data: bytes) -> str:
        return convert(data, "page.html")[0].text

    def plain(data: bytes) -> str:
        return trafilatura.extract(data) or ""

    def recall(data: bytes) -> str:
        return trafilatura.extract(data, favor_recall=True, include_tables=True, include_comments=False) or ""

    converters: dict[str, Callable[[bytes], str]] = {"bam": ours, "trafilatura": plain, "trafilatura, recall": recall}
    for name, converter in converters.items():
        converter(pages()[0].read_bytes())
        started = time.perf_counter()
        shares = [share_kept_and_foreign(converter(page.read_bytes()), labelled_words(page)) for page in pages()]
        seconds = time.perf_counter() - started
        kept, foreign = (sum(column) / len(shares) for column in zip(*shares, strict=True))
        least = min(share for share, _ in shares)
        line = f"{name:<20} kept {kept:.4f} (least {least:.3f})  foreign {foreign:.4f}  {seconds / len(shares) * 1000:.1f} ms"
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
