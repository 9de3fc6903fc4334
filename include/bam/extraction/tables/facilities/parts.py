"""The part that a facility plays in its sentence: object of work, receiver of goods, venue, employer, actor.

It sums up many signs in one word, so that what few examples say of one verb or noun holds for the others of its kind.
"""

from __future__ import annotations

from collections.abc import Iterable

_WORKS = ("work", "equip", "open", "hand")
_PASSIVE = tuple(f"subject={group}/passive" for group in _WORKS)
_OBJECT = tuple(f"{relation}={group}" for relation in ("object", "participle") for group in _WORKS)
_ACTS = ("state", "give", "train", "hold", "agree", "attend", "meet", "implement", "plan", "receive")

_BESIDE = (
    "beside", "behind", "near", "opposite", "between", "above", "below", "along", "towards", "from", "to", "via", "through",
    "past", "beyond", "outside", "around",
)  # fmt: skip
"""Prepositions of a place that only tells where something else is or goes."""

_PARTS: tuple[tuple[str, frozenset[str]], ...] = (
    ("worked", frozenset((*_OBJECT, *_PASSIVE, "subject=open", "preposition=of&on=work", "preposition=for&on=work"))),
    ("given", frozenset((
        "object=give", "object=receive", "subject=give/passive", "participle=give", "object=cost", "subject=cost",
    ))),
    ("planned", frozenset(("object=plan", "subject=plan/passive", "participle=plan"))),
    ("closed", frozenset(("object=close", "subject=close", "participle=close"))),
    ("landmark", frozenset(f"preposition={word}" for word in _BESIDE)),
    ("staffed", frozenset(("on=staff",))),
    ("receives", frozenset((
        "on=equipment", "by_preposition=give", "by_preposition=hand", "by_preposition=equip", "by_preposition=work",
    ))),
    ("venue", frozenset((
        "on=venue", "on=head:training", "on=head:conference", "by_preposition=train", "by_preposition=attend",
        "by_preposition=hold", "by_preposition=meet", "by_preposition=agree", "by_preposition=state",
    ))),
    ("inside", frozenset(("on=head:facility",))),
    ("acts", frozenset(f"subject={group}/active" for group in _ACTS)),
    ("acts", frozenset(("actor",))),
    ("used", frozenset(("object=use", "subject=use", "subject=exist", "object=exist", "participle=use"))),
    ("owner", frozenset(("owns",))),
    ("object", frozenset(("object",))),
    ("passive", frozenset(("subject:done/passive",))),
)  # fmt: skip
"""The parts by the signs that tell them, the most telling first."""


def part_of(signs: frozenset[str]) -> str:
    """The part of a mention by the signs around it; of what it is joined to with "and", where its own signs tell none."""
    own = _first(signs)
    return own if own != "none" else _first(sign.removeprefix("like.") for sign in signs if sign.startswith("like."))


def _first(signs: Iterable[str]) -> str:
    known = frozenset(signs)
    return next((name for name, telling in _PARTS if not telling.isdisjoint(known)), "none")
