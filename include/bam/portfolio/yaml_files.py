"""Reading one YAML file into a pydantic model, with errors that name file, key and remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from bam.model.errors import ConfigurationError
from bam.model.yaml_loading import load_yaml


class Strict(BaseModel):
    """A configuration model: unknown keys are errors, values don't change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


M = TypeVar("M", bound=BaseModel)


def read_yaml(path: Path) -> Any:
    """The parsed content of a YAML file. Raises ConfigurationError with the line of a syntax error."""
    try:
        return load_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigurationError("the file is missing", where=str(path), remedy="Create it, or set BAM_PORTFOLIO.") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError("the file is not UTF-8", where=str(path), remedy="Save it as UTF-8.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "can't be parsed"
        raise ConfigurationError(f"not YAML: {problem}", where=f"{path}{line}", remedy="Correct the syntax.") from error


def read_model(path: Path, model: type[M]) -> M:
    """The file as `model`. Raises ConfigurationError for the first key that doesn't fit."""
    data = read_yaml(path)
    try:
        return model.model_validate({} if data is None else data)
    except ValidationError as error:
        raise _first_fault(path, error, data) from error


def _first_fault(path: Path, error: ValidationError, data: Any) -> ConfigurationError:
    fault = error.errors()[0]
    context = fault.get("ctx", {})
    location = fault["loc"]
    if "discriminator" in context:
        location = (*location, context["discriminator"].strip("'"))
    where = f"{path}, key {_place(location, data) or 'the whole file'}"
    if fault["type"] == "extra_forbidden":
        return ConfigurationError("unknown key", where=where, remedy="Correct its spelling or remove it.")
    if fault["type"] in ("missing", "union_tag_not_found"):
        return ConfigurationError("the key is missing", where=where, remedy="Add it.")
    if fault["type"] == "union_tag_invalid":
        return ConfigurationError(f"{context['tag']!r} is none of {context['expected_tags']}", where=where, remedy="Correct it.")
    message = fault["msg"].removeprefix("Value error, ")
    if isinstance(fault.get("input"), dict):
        return ConfigurationError(message, where=where, remedy="Correct the entry.")
    got = repr(fault.get("input"))
    shown = got if len(got) <= 60 else got[:57] + "..."
    return ConfigurationError(f"{message} (got {shown})", where=where, remedy="Correct the value.")


def _place(location: tuple[int | str, ...], data: Any) -> str:
    """Where in the file a fault is: `briefs.0.title`; sources also with their id: `sources.31.url of embassy-news`."""
    parts: list[str] = []
    owner = ""
    for part in location:
        if isinstance(part, int):
            data = data[part] if isinstance(data, list) and part < len(data) else None
            if isinstance(data, dict) and location[0] == "sources" and data.get("id"):
                owner = f" of {data['id']}"
        elif isinstance(data, dict) and part not in data and data.get("kind") == part:
            # pydantic names the kind that an entry was read as; the file has no such key.
            continue
        else:
            data = data.get(part) if isinstance(data, dict) else None
        parts.append(str(part))
    return ".".join(parts) + owner
