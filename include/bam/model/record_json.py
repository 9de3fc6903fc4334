"""Records as plain JSON and back. The same record gives the same JSON on every machine and database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from enum import StrEnum
from typing import Any

from bam.model.claims import Table, values_from_dict, values_to_dict
from bam.model.records import Choice, Conversion, LifecycleEvent, Link, PairFeature, Record

_PLAIN = tuple(
    spec.name for spec in fields(Record) if spec.name not in ("table", "values", "choices", "events", "conversion", "links")
)
_TUPLES = frozenset({"claim_ids", "flags"})


def record_to_dict(record: Record) -> dict[str, Any]:
    """Plain JSON types: enums as strings, tuples as lists."""
    plain = {name: list(value) if isinstance(value := getattr(record, name), tuple) else value for name in _PLAIN}
    return plain | {
        "table": str(record.table),
        "values": values_to_dict(record.values),
        "choices": [
            {
                "field": choice.field,
                "value": _plain(choice.value),
                "rule": choice.rule,
                "claim_id": choice.claim_id,
                "alternatives": [[_plain(value), claim_id] for value, claim_id in choice.alternatives],
            }
            for choice in record.choices
        ],
        "events": [asdict(event) for event in record.events],
        "conversion": None if record.conversion is None else asdict(record.conversion),
        "links": [
            {
                "left": link.left_claim_id,
                "right": link.right_claim_id,
                "score": link.score,
                "by": link.by,
                "features": [[feature.name, feature.points, feature.detail] for feature in link.features],
            }
            for link in record.links
        ],
    }


def record_from_dict(data: Mapping[str, Any]) -> Record:
    """The inverse of `record_to_dict`."""
    table = Table(data["table"])
    plain: dict[str, Any] = {name: tuple(data[name]) if name in _TUPLES else data[name] for name in _PLAIN}
    return Record(
        **plain,
        table=table,
        values=values_from_dict(table, data["values"]),
        choices=tuple(
            Choice(
                item["field"],
                _tupled(item["value"]),
                item["rule"],
                item["claim_id"],
                tuple((_tupled(value), claim_id) for value, claim_id in item["alternatives"]),
            )
            for item in data["choices"]
        ),
        events=tuple(LifecycleEvent(**event) for event in data["events"]),
        conversion=None if data["conversion"] is None else Conversion(**data["conversion"]),
        links=tuple(
            Link(
                item["left"],
                item["right"],
                item["score"],
                tuple(PairFeature(name, points, detail) for name, points, detail in item["features"]),
                item["by"],
            )
            for item in data["links"]
        ),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, StrEnum) else value


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
