"""The versions of the libraries that convert: they stand with each text that was made with them."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version


@lru_cache(maxsize=16)
def library_version(name: str) -> str:
    """The installed version of a library; read once, since reading package metadata takes milliseconds."""
    return version(name)
