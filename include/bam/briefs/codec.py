"""The context as JSON and back: fields in the order of their definition, whole numbers without a decimal point."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bam.briefs.model import BriefContext
from bam.model.claims import values_from_dict

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def to_json(context: BriefContext) -> bytes:
    """Canonical bytes: the same context gives the same ones on every machine, before and after a way through JSON."""
    return (json.dumps(_plain(context), ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def from_json(data: bytes | str) -> BriefContext:
    """The inverse of `to_json`. Raises ValueError for anything else."""
    return from_dict(json.loads(data))


def from_dict(data: dict[str, Any]) -> BriefContext:
    """The context out of parsed JSON. Raises ValueError where a field is missing or of the wrong kind."""
    for record in data["material"]["records"]:
        # The values of the four tables share field names: the record's own table says which they are.
        record["values"] = values_from_dict(record["table"], record["values"])
    return _adapter().validate_python(data)


def _plain(value: Any) -> Any:
    """Dataclasses as dicts, tuples as lists, days in ISO form, whole floats as integers: 84.0 and 84 are one number."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(getattr(value, name)) for name in _field_names(type(value))}
    return value


@lru_cache(maxsize=64)
def _field_names(cls: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[BriefContext]:
    from pydantic import TypeAdapter

    return TypeAdapter(BriefContext)
