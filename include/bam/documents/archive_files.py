"""The files of an archive, in a folder or in an object store: read and written as a whole, a file never half."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Protocol


class Files(Protocol):
    """Files below a root, by names like `objects/ab/<sha256>`. Errors of the disk or the network are OSErrors."""

    @property
    def root(self) -> Any:
        """The folder, or the address in the object store, as a path."""

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, None where there is none."""

    def size(self, name: str) -> int | None:
        """How many bytes a file has, None where there is none."""

    def write(self, name: str, data: bytes) -> None:
        """All or nothing: the file appears under its name only when it is complete."""


class FilesOfFolder:
    """Files of a folder. Their names stay texts: making paths of them takes as long as the disk does."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._prefix = os.fspath(root) + os.sep

    def read(self, name: str) -> bytes | None:
        try:
            with open(self._prefix + name, "rb", buffering=0) as file:
                return file.readall()
        except FileNotFoundError:
            return None

    def size(self, name: str) -> int | None:
        try:
            return os.stat(self._prefix + name).st_size
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes) -> None:
        """Two writers of one file write the same bytes; each has a temporary name of its own."""
        folder, _, last = (self._prefix + name).rpartition(os.sep)
        temporary = f"{folder}{os.sep}.{last}.{os.getpid()}.{os.urandom(4).hex()}"
        try:
            try:
                _write_new(temporary, data)
            except FileNotFoundError:
                _make_folder(folder)
                _write_new(temporary, data)
            os.replace(temporary, self._prefix + name)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


class FilesOfObjectStore:
    """Files of an object store, which shows them only when they are complete."""

    def __init__(self, root: Any) -> None:
        self.root = root

    def read(self, name: str) -> bytes | None:
        try:
            return bytes((self.root / name).read_bytes())
        except FileNotFoundError:
            return None

    def size(self, name: str) -> int | None:
        try:
            return int((self.root / name).stat().st_size)
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes) -> None:
        path = self.root / name
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _make_folder(folder: str) -> None:
    """Mostly the one above is there, so that one call of the system does it."""
    try:
        os.mkdir(folder)
    except FileExistsError:
        pass
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)


def _write_new(path: str, data: bytes) -> None:
    """A file that is there is an error. Without a buffer, which asks the system for the kind of file first."""
    with open(path, "xb", buffering=0) as file:
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]
