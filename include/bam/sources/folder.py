"""A folder: every file below it that the patterns choose, watched by content."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterator
from fnmatch import fnmatch
from pathlib import Path

from bam.model.errors import FetchError
from bam.sources.local_files import address_of_resolved, path_of, read_file
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
        self._base = base
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
        for below, path in sorted(_files(self._folder), key=_order):
            if not chooses(below.as_posix(), self._only, self._leave_out):
                continue
            suffix = below.suffix.lower()
            if suffix in self._readable:
                yield Candidate(address_of_resolved(path, self._base), name=below.name)
            else:
                self.left_out[suffix or "without a suffix"] += 1

    def visit(self, candidate: Candidate, known: Known | None) -> Outcome:
        """The bytes of one file."""
        return read_file(path_of(candidate.address, self._base), candidate.address, candidate.hints)


def chooses(below: str, only: Collection[str], leave_out: Collection[str]) -> bool:
    """Whether patterns take a file, which is named by its path below the folder."""
    name = below.rsplit("/", 1)[-1]

    def matches(pattern: str) -> bool:
        return fnmatch(below, pattern) or fnmatch(name, pattern)

    return any(map(matches, only)) and not any(map(matches, leave_out))


def _order(found: tuple[Path, Path]) -> tuple[str, str, str]:
    """By name without suffix, so that `report.html` comes before `report-corrected.html`."""
    below, _ = found
    return below.parent.as_posix(), below.stem, below.suffix


def _files(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Of every file its path below the folder, and where it really is: elsewhere than there only for a link."""
    root = folder.resolve()
    count = 0
    for parent, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            # Links to folders are not followed: only a file that is a link itself can lead out.
            real = path.resolve() if path.is_symlink() else path
            if name.startswith(".") or not real.is_relative_to(root):
                continue
            count += 1
            if count > _MAX_FILES:
                raise FetchError("the folder holds too many files", where=str(folder), remedy="Split the source.")
            yield path.relative_to(root), real
