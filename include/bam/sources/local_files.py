"""Addresses of files: `file:` and the path below the project's folder, or the whole path where it lies elsewhere.

The same file has the same address on every machine as long as it lies in the same place of the project.
"""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_ISREG
from urllib.parse import quote, unquote_to_bytes

from bam.sources.model import Content, Gone, Hints, Later, Outcome, Refused

SCHEME = "file:"
MAX_FILE_BYTES = 300_000_000


def address_of(path: Path, base: Path) -> str:
    """The address of a file; `base` is the folder that relative paths of the portfolio start from."""
    return address_of_resolved(os.path.realpath(path), os.fspath(base))


def address_of_resolved(resolved: str, base: str) -> str:
    """`address_of` for a path that is known to hold no link: asking the disk for each of many files takes time."""
    below = path_below(resolved, base)
    shown = resolved.replace(os.sep, "/") if below is None else below
    # As bytes, since a name may be no text in any encoding.
    return SCHEME + quote(os.fsencode(shown), safe="/-_.~() +,'&@!")


def path_of(address: str, base: Path) -> Path:
    """The file at an address."""
    return Path(path_text_of(address, os.fspath(base)))


def path_text_of(address: str, base: str) -> str:
    """`path_of` as a text."""
    return os.path.join(base, os.fsdecode(unquote_to_bytes(address.removeprefix(SCHEME))))


def path_below(path: str, folder: str) -> str | None:
    """The path of a file below a folder, with `/` on every system; None where it isn't there. Neither may hold links or `..`."""
    prefix = folder if folder.endswith(os.sep) else folder + os.sep
    return path[len(prefix) :].replace(os.sep, "/") if path.startswith(prefix) else None


def read_file(path: Path | str, address: str, hints: Hints | None = None) -> Outcome:
    """The bytes of a file as a visit gives them."""
    try:
        status = os.stat(path)
        size = status.st_size
        if not S_ISREG(status.st_mode):
            return Refused("it is no file")
        if size > MAX_FILE_BYTES:
            return Refused(f"the file is too large ({size / 1e6:.0f} MB, at most {MAX_FILE_BYTES / 1e6:.0f} MB are kept)")
        with open(path, "rb", buffering=0) as file:
            return Content(file.readall(), address, os.path.basename(path), hints=hints or Hints())
    except FileNotFoundError:
        return Gone("the file is no longer there")
    except PermissionError:
        return Later("the file can't be opened (no permission)")
    except OSError as error:
        return Later(f"the file can't be read ({error.strerror or error})")
