"""Ids from content: the same thing has the same id on every machine, in every order of arrival."""

from __future__ import annotations

import hashlib
import json
from typing import Any

_LENGTH = 16
_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str).encode


def content_id(prefix: str, *parts: Any) -> str:
    """`prefix-` and 16 hexadecimal digits of the SHA-256 of the parts as canonical JSON."""
    return f"{prefix}-{hashlib.sha256(_CANONICAL(parts).encode()).hexdigest()[:_LENGTH]}"


def sha256_hex(data: bytes) -> str:
    """SHA-256 of bytes, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
