"""The few fixed sentences that delivery itself writes, in the language of the reader.

English is in the code; `locale/<language>.po` holds the translations, read with Babel without a compile step.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from bam.model.errors import ConfigurationError

Translate = Callable[[str], str]

TLP_MEANING = {
    "clear": "May be shared freely.",
    "green": "For the community of those who work on this; not for publication.",
    "amber": "For the addressee's organisation and those of its clients who need it; not to be passed on.",
    "red": "For the addressee only; not to be passed on to anybody.",
}
"""What each label of the Traffic Light Protocol 2.0 (FIRST, 2022) allows the reader."""

_LOCALE = Path(__file__).parent / "locale"


def translate_to(language: str) -> Translate:
    """A function that gives a fixed English sentence in that language.

    Raises:
        ConfigurationError: there is no catalogue for the language, or the sentence isn't in it.
    """
    if language == "en":
        return str
    catalogue = _catalogue(language)

    def translate(sentence: str) -> str:
        try:
            return catalogue[sentence]
        except KeyError:
            raise ConfigurationError(
                f"no {language} translation of {sentence!r}", where=f"delivery/locale/{language}.po", remedy="Add it."
            ) from None

    return translate


@lru_cache(maxsize=8)
def _catalogue(language: str) -> dict[str, str]:
    from babel.messages.pofile import read_po

    path = _LOCALE / f"{language}.po"
    if not path.is_file():
        raise ConfigurationError(f"no mails can be written in {language!r}", where=str(path), remedy="Add the catalogue.")
    with path.open("rb") as file:
        messages = read_po(file, locale=language, abort_invalid=True)
    return {str(message.id): str(message.string) for message in messages if message.id and message.string}
