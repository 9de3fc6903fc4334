"""Addresses of files: `file:` and the path below the project's folder, or the whole path where it lies elsewhere.

The same file has the same address on every machine as long as it lies in the same place of the project.
"""

from __future__ import annotations

from pathlib import Path
from stat import S_ISREG
from urllib.parse import quote, unquote

from bam.sources.model import Content, Gone, Hints, Later, Outcome, Refused

SCHEME = "file:"
MAX_FILE_BYTES = 300_000_000


def address_of(path: Path, base: Path) -> str:
    """The address of a file; `base` is the folder that relative paths of the portfolio start from."""
    return address_of_resolved(path.resolve(), base)


def address_of_resolved(resolved: Path, base: Path) -> str:
    """`address_of` for a path that is known to hold no link: asking the disk for each of many files takes time."""
    shown = resolved.relative_to(base) if resolved.is_relative_to(base) else resolved
    return SCHEME + quote(shown.as_posix(), safe="/-_.~() +,'&@!")


def path_of(address: str, base: Path) -> Path:
    """The file at an address."""
    return base / unquote(address.removeprefix(SCHEME))


def read_file(path: Path, address: str, hints: Hints | None = None) -> Outcome:
    """The bytes of a file as a visit gives them."""
    try:
        status = path.stat()
        size = status.st_size
        if not S_ISREG(status.st_mode):
            return Refused("it is no file")
        if size > MAX_FILE_BYTES:
            return Refused(f"the file is too large ({size / 1e6:.0f} MB, at most {MAX_FILE_BYTES / 1e6:.0f} MB are kept)")
        return Content(path.read_bytes(), address, path.name, hints=hints or Hints())
    except FileNotFoundError:
        return Gone("the file is no longer there")
    except PermissionError:
        return Later("the file can't be opened (no permission)")
    except OSError as error:
        return Later(f"the file can't be read ({error.strerror or error})")
