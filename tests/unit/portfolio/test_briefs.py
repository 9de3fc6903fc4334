"""`briefs.yml`: what is accepted, what is refused in which words."""

from pathlib import Path

import pytest

from bam.model.errors import ConfigurationError
from bam.portfolio.briefs import BriefsFile, LocalText
from bam.portfolio.yaml_files import read_model

BRIEF = """
briefs:
  - id: monthly
    title: {en: Monthly}
    audience: {en: for all}
    cadence: monthly
    sections: [headlines, sources]
"""


def read(tmp_path: Path, text: str) -> BriefsFile:
    path = tmp_path / "briefs.yml"
    path.write_text(text, encoding="utf-8")
    return read_model(path, BriefsFile)


def test_defaults_are_the_careful_ones(tmp_path: Path) -> None:
    brief = read(tmp_path, BRIEF).briefs[0]
    assert (brief.language, brief.tlp, brief.approval, brief.tables, brief.layout) == ("en", "clear", False, "short", "brief")
    assert brief.recipients == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("cadence: monthly", "cadence: hourly"), "briefs.0.cadence"),
        (("[headlines, sources]", "[headlines, headlines]"), "the section 'headlines' is listed twice"),
        (("[headlines, sources]", "[]"), "briefs.0.sections"),
        (("id: monthly", "id: Monthly Brief"), "briefs.0.id"),
        (("title: {en: Monthly}", "title: {ru: Обзор}"), "briefs.0.title.en: the key is missing"),
        (("cadence: monthly", "cadence: monthly\n    colour: red"), "briefs.0.colour: unknown key"),
    ],
)
def test_a_wrong_key_is_named(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        read(tmp_path, BRIEF.replace(*change))
    assert message in str(error.value)
    assert "briefs.yml" in str(error.value)


def test_a_brief_is_there_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="'monthly' is there twice"):
        read(tmp_path, BRIEF + BRIEF.partition("briefs:\n")[2])


def test_words_without_a_translation_are_english() -> None:
    assert LocalText(en="Flash").in_language("ru") == "Flash"
    assert LocalText(en="Flash", ru="Молния").in_language("ru") == "Молния"
