"""A folder: every file below it that the patterns choose, watched by content."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterator
from fnmatch import fnmatch
from pathlib import Path

from bam.model.errors import FetchError
from bam.sources.local_files import address_of_resolved, path_below, path_text_of, read_file
from bam.sources.model import Candidate, Known, Outcome, Window

_MAX_FILES = 1_000_000


class FolderReader:
    """Reads files below `folder` that have one of the `readable` suffixes; `left_out` counts the others by suffix.

    Hidden files and folders are left out, links that lead out of the folder too.
    """

    revisits = True
    visits_all = True
    notes_missing = True

    def __init__(
        self,
        folder: Path,
        base: Path,
        readable: Collection[str],
        only: tuple[str, ...] = ("*",),
        leave_out: tuple[str, ...] = (),
    ) -> None:
        self._folder = folder
        self._base = os.fspath(base)
        self._only = only
        self._leave_out = leave_out
        self._readable = readable
        self.left_out: Counter[str] = Counter()

    def candidates(self, window: Window | None) -> Iterator[Candidate]:
        """All files, in order of their paths; a window doesn't restrict them."""
        if not self._folder.is_dir():
            raise FetchError(
                "the folder is missing" if not self._folder.exists() else "it is no folder",
                where=str(self._folder),
                remedy="Create it, or correct `path` in sources.yml.",
            )
        for (_, stem, suffix), below, path in sorted((_order(below), below, path) for below, path in _files(self._folder)):
            if not chooses(below, self._only, self._leave_out):
                continue
            if suffix.lower() in self._readable:
                yield Candidate(address_of_resolved(path, self._base), name=stem + suffix)
            else:
                self.left_out[suffix.lower() or "without a suffix"] += 1

    def visit(self, candidate: Candidate, known: Known | None) -> Outcome:
        """The bytes of one file."""
        return read_file(path_text_of(candidate.address, self._base), candidate.address, candidate.hints)


def chooses(below: str, only: Collection[str], leave_out: Collection[str]) -> bool:
    """Whether patterns take a file, which is named by its path below the folder."""
    name = below.rsplit("/", 1)[-1]

    def matches(pattern: str) -> bool:
        return fnmatch(below, pattern) or fnmatch(name, pattern)

    return any(map(matches, only)) and not any(map(matches, leave_out))


def _order(below: str) -> tuple[str, str, str]:
    """The folder, the name and its suffix: by these `report.html` comes before `report-corrected.html`."""
    folder, _, name = below.rpartition("/")
    return folder, *os.path.splitext(name)


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    """Of every file its path below the folder, and where it really is: elsewhere than there only for a link.

    Both are texts: of a thousand files, making and comparing paths takes longer than storing what is in them.
    """
    root = os.path.realpath(folder)
    count = 0
    for path, is_link in _entries(root):
        # Links to folders are not followed: only a file that is a link itself can lead out.
        real = os.path.realpath(path) if is_link else path
        below = path_below(path, root)
        if below is None or path_below(real, root) is None:
            continue
        count += 1
        if count > _MAX_FILES:
            raise FetchError("the folder holds too many files", where=str(folder), remedy="Split the source.")
        yield below, real


def _entries(root: str) -> Iterator[tuple[str, bool]]:
    """Everything below a folder that is no folder and not hidden, and whether it is a link."""
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as found:
                entries = [entry for entry in found if not entry.name.startswith(".")]
        except OSError as error:
            # Going on without it would report all that was in it as vanished.
            raise FetchError(
                f"the folder can't be read ({error.strerror or error})", where=folder, remedy="Change its permissions."
            ) from error
        for entry in entries:
            if not entry.is_dir():
                yield entry.path, entry.is_symlink()
            elif not entry.is_symlink():
                waiting.append(entry.path)
