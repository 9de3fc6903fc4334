"""Words of a language as data: one YAML file and one pydantic model per purpose.

A module that needs words defines a `Words` model with the name of its file and asks `resources.words(Model)` for it. A second
language is a second folder with the same files.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import yaml
from pydantic import ValidationError

from bam.model.errors import ConfigurationError
from bam.model.yaml_loading import SafeLoader
from bam.portfolio.yaml_files import Strict

FOLDER = Path(__file__).resolve().parent


class Words(Strict):
    """One lexicon file. `FILE` is its name without the suffix, in the folder of each language."""

    FILE: ClassVar[str]


W = TypeVar("W", bound=Words)


class _WordLoader(SafeLoader):
    """YAML in which `no`, `on`, `off` and `yes` are words and 01:30 is no number: lexicon files are lists of words."""


_WordLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")]
    for first, resolvers in SafeLoader.yaml_implicit_resolvers.items()
}
_WordLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true|false"), list("tf"))


def languages() -> tuple[str, ...]:
    """The languages that the extractor reads: those that have a folder of words."""
    return tuple(sorted(path.name for path in FOLDER.iterdir() if (path / "grammar.yml").is_file()))


@lru_cache(maxsize=256)
def load_words(language: str, model: type[W]) -> W:
    """The words of `model` in a language. Raises ConfigurationError that names file and key."""
    path = FOLDER / language / f"{model.FILE}.yml"
    try:
        data: Any = yaml.load(path.read_text(encoding="utf-8"), _WordLoader)  # noqa: S506 - a SafeLoader
        return model.model_validate(data or {})
    except FileNotFoundError as error:
        raise ConfigurationError("the lexicon file is missing", where=str(path), remedy="Add it for this language.") from error
    except yaml.YAMLError as error:
        raise ConfigurationError(f"not YAML: {error}", where=str(path), remedy="Correct the syntax.") from error
    except ValidationError as error:
        fault = error.errors()[0]
        key = ".".join(map(str, fault["loc"])) or "the whole file"
        raise ConfigurationError(fault["msg"], where=f"{path}, key {key}", remedy="Correct the value.") from error
