"""Every sentence that delivery writes is translated, with the same blanks to fill in."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

import bam.delivery
from bam.delivery.wording import TLP_MEANING, translate_to
from bam.model.errors import ConfigurationError

CODE = Path(bam.delivery.__file__).parent
SENTENCES = sorted(
    {str(found[2]) for found in extract_from_dir(CODE, [("**.py", "python")], keywords={"say": None})} | set(TLP_MEANING.values())
)


def test_sentences_are_found() -> None:
    assert "Corrected: {title}" in SENTENCES
    assert len(SENTENCES) > 12


@pytest.mark.parametrize("sentence", SENTENCES)
def test_sentence_is_translated(sentence: str) -> None:
    translated = translate_to("ru")(sentence)
    assert blanks(translated) == blanks(sentence)
    assert any("а" <= character <= "я" for character in translated.lower())


def blanks(sentence: str) -> set[str | None]:
    return {field for _, field, _, _ in string.Formatter().parse(sentence)} - {None}


def test_missing_words_are_one_clear_line() -> None:
    with pytest.raises(ConfigurationError, match=r"ru\.po.*Add it"):
        translate_to("ru")("Nobody wrote this.")
    with pytest.raises(ConfigurationError, match="no mails can be written in 'fr'"):
        translate_to("fr")
