"""Sources in YAML: what is wrong is named with file, source and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from bam.model.errors import ConfigurationError
from bam.portfolio.load import load_portfolio
from bam.portfolio.sources import FeedSource, MailboxSource, SourcesFile
from bam.portfolio.yaml_files import read_model
from bam.settings import read_settings

FEED = "  - id: embassy-news\n    kind: feed\n    url: https://embassy.example/feed\n    officiality: official\n"


def read(folder: Path, text: str) -> SourcesFile:
    path = folder / "sources.yml"
    path.write_text(f"sources:\n{text}", encoding="utf-8")
    return read_model(path, SourcesFile)


def test_a_source_with_its_defaults(tmp_path: Path) -> None:
    (source,) = read(tmp_path, FEED).sources
    assert isinstance(source, FeedSource)
    assert (source.enabled, source.internal, source.tlp, source.pause_seconds) == (True, False, "clear", 1.0)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (FEED + "    urll: x\n", "key sources.0.urll of embassy-news: unknown key. Correct its spelling or remove it."),
        (
            FEED.replace("officiality: official", "publisher: x"),
            "key sources.0.officiality of embassy-news: the key is missing. Add it.",
        ),
        (
            FEED.replace("official\n", "rumour\n"),
            "key sources.0.officiality of embassy-news: Input should be 'official', 'multilateral'",
        ),
        (
            FEED.replace("kind: feed", "kind: fead"),
            "key sources.0.kind of embassy-news: 'fead' is none of 'folder', 'feed', 'pages'",
        ),
        (FEED.replace("    kind: feed\n", ""), "key sources.0.kind of embassy-news: the key is missing. Add it."),
        (FEED.replace("https://", "gopher://"), "key sources.0 of embassy-news: url must start with http:// or https://"),
        (FEED.replace("https://embassy.example/feed", "news/feed.atom"), "(a file needs `internal: true`)"),
        (FEED + '    only: "["\n', "key sources.0.only of embassy-news: not a regular expression"),
        (
            FEED + "    pause_seconds: -1\n",
            "key sources.0.pause_seconds of embassy-news: Input should be greater than or equal to 0 (got -1)",
        ),
        (FEED + FEED, "key the whole file: ids that stand twice: embassy-news"),
        (FEED.replace("embassy-news", "Embassy News"), "key sources.0.id of Embassy News: String should match pattern"),
        (FEED.replace("embassy-news", "files"), "key sources.0.id of files: the id 'files' is built in"),
        (
            "  - id: box\n    kind: mailbox\n    officiality: media\n",
            "key sources.0 of box: give either path (a folder of .eml files) or host",
        ),
        (
            "  - id: box\n    kind: mailbox\n    officiality: media\n    host: imap.example\n",
            "an IMAP mailbox needs the key user",
        ),
        (
            "  - id: list\n    kind: pages\n    officiality: media\n",
            "key sources.0 of list: give the url of a page with links, or pages",
        ),
        ("  - kind: folder\n    officiality: media\n    path: x\n", "key sources.0.id: the key is missing"),
    ],
)
def test_faults_name_file_source_and_key(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, text)
    line = str(caught.value)
    assert line.startswith(f"{tmp_path / 'sources.yml'}, ")
    assert fault in line
    assert "\n" not in line


def test_passwords_are_in_variables_named_after_the_source(tmp_path: Path) -> None:
    text = "  - id: news-box\n    kind: mailbox\n    officiality: media\n    host: imap.example\n    user: desk\n"
    (source,) = read(tmp_path, text).sources
    assert isinstance(source, MailboxSource)
    assert source.password_variable == "BAM_PASSWORD_NEWS_BOX"
    assert read_settings({"BAM_PASSWORD_NEWS_BOX": "secret"}).passwords == {"news-box": "secret"}
    assert "secret" not in repr(read_settings({"BAM_PASSWORD_NEWS_BOX": "secret"}))


def test_the_projects_own_sources() -> None:
    portfolio = load_portfolio(read_settings({}).portfolio)
    assert portfolio.source("samples-press").enabled
    assert portfolio.contact
