"""Languages: every fixed word of every brief has its translation, with the same places to fill and all plural forms."""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from gettext import NullTranslations

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bam.briefs.assets import Assets
from bam.briefs.catalogue import TRANSLATED, Message, messages, to_po
from bam.briefs.language import CATALOGUES, language_of
from bam.briefs.model import BriefContext
from bam.briefs.render import render_html
from bam.model.periods import parse_period

Issue = Callable[..., BriefContext]


def catalogue(language: str) -> Catalog:
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def fields(text: str) -> set[str]:
    """What a message has filled in, in either notation."""
    return set(re.findall(r"%\((\w+)\)s", text)) | {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.fixture(scope="module")
def wanted(assets: Assets) -> set[Message]:
    return set(messages(assets.folder))


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_missing(language: str, wanted: set[Message]) -> None:
    translations = {message.id: message for message in catalogue(language) if message.id}
    missing = [message for message in wanted if message not in translations and (message[0], message[1]) not in translations]
    assert not missing, "add these with `python -m bam.briefs.catalogue` and translate them"
    empty = [message.id for message in translations.values() if not all(_forms(message.string))]
    assert not empty, "translate these"
    assert not [message.id for message in translations.values() if message.fuzzy]


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_left_over(language: str, wanted: set[Message]) -> None:
    assert not [message.id for message in catalogue(language) if message.id and message.id not in wanted]


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_fill_in_the_same_things(language: str) -> None:
    for message in catalogue(language):
        sources = _forms(message.id)
        allowed = set().union(*(fields(source) for source in sources))
        for text in _forms(message.string):
            assert fields(text) == allowed, message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogues_are_kept_as_the_command_writes_them(language: str) -> None:
    assert to_po(catalogue(language)) == (CATALOGUES / f"{language}.po").read_bytes()


class _Strict(NullTranslations):
    """Behind a catalogue: whoever asks here has found no translation."""

    def gettext(self, message: str) -> str:
        raise AssertionError(f"no translation of {message!r}")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        raise AssertionError(f"no translation of {msgid1!r}")


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize(("brief_id", "period"), [("monthly", "2022-03"), ("flash", "2022-03"), ("quarterly", "2022-Q1")])
def test_what_is_said_is_in_the_catalogue(
    issue: Issue, assets: Assets, monkeypatch: pytest.MonkeyPatch, language: str, brief_id: str, period: str
) -> None:
    monkeypatch.setattr(language_of(language).catalogue, "_fallback", _Strict())
    context = issue(brief_id, period, language)
    assert f'lang="{language}"' in render_html(context, assets)


def test_russian_says_numbers_dates_and_plurals_its_own_way() -> None:
    russian = language_of("ru")
    forms = [russian.say_many("{n} day", "{n} days", number).format(n=number) for number in (1, 2, 5, 21, 112)]
    assert forms == ["1 день", "2 дня", "5 дней", "21 день", "112 дней"]
    assert russian.money(2_530_000, "USD") == "USD\u00a02,5\u00a0млн"
    assert russian.number(1234567) == "1\u00a0234\u00a0567"
    assert russian.date("2014-03-04") == "4 марта 2014\u202fг."
    assert russian.date("2014-03-04", short=True) == "4\u00a0мар.\u00a02014\u202fг."
    assert russian.party("TJ") == "Таджикистан"


def test_english_writes_sums_as_a_reader_takes_them_in() -> None:
    english = language_of("en")
    assert english.money(950_000, "USD") == "USD\u00a0950,000"
    assert english.money(1_800_000_000, "USD") == "USD\u00a01.8\u00a0billion"
    assert english.money_range(35e6, 36e6, "USD") == "USD\u00a035–36\u00a0million"
    assert english.money_range(900e3, 1.1e6, "USD") == "USD\u00a0900,000–1.1\u00a0million"
    assert english.money_range(35e6, 35e6, "EUR") == "EUR\u00a035\u00a0million"
    assert english.millions(20_000, 20_000) == "0.02"
    assert english.millions(3_000, 3_000) == "<0.01"
    assert english.span("2014-03-03", "2014-03-07") == "3–7 Mar 2014"
    assert english.period(parse_period("2014-Q1")) == "1st quarter 2014"
    assert english.join(["Japan", "Tajikistan", "UNDP"]) == "Japan, Tajikistan and UNDP"


def _forms(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
