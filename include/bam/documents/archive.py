"""The archive: raw bytes under their SHA-256, kept before anything reads them, never changed.

`objects/ab/<sha256>` holds the bytes and `objects/ab/<sha256>.json` beside it says where they came from, one line per time that
they were seen under another address. A folder or an object store (`s3://...`) through the same path type. Earlier releases kept
them one folder deeper, in `objects/ab/cd`: what lies there is read there, and stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from bam.documents.archive_files import Files, FilesOfFolder, FilesOfObjectStore
from bam.model.errors import ConfigurationError, StoreError
from bam.model.identity import sha256_hex

_HEX = frozenset("0123456789abcdef")
_SIDECAR = ".json"
_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


@dataclass(frozen=True, slots=True)
class Origin:
    """Where archived bytes came from. `status` and `headers` are those of the answer, None and empty for files."""

    address: str
    seen_at: str
    source_id: str
    media_type: str | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    licence: str | None = None
    tlp: str = "clear"


_PARTS = tuple(each.name for each in fields(Origin))


@dataclass(frozen=True, slots=True)
class Damage:
    """An archived object that is not what its name says, with the reason."""

    sha256: str
    reason: str


class Archive:
    """Bytes by SHA-256. Safe to write from many processes: the same bytes give the same object."""

    def __init__(self, files: Files) -> None:
        self._files = files

    @classmethod
    def open(cls, url: str) -> Archive:
        """The archive at a folder or an address of an object store.

        Raises:
            ConfigurationError: the address can't be used.
        """
        if "://" not in url:
            return cls(FilesOfFolder(Path(url).expanduser()))
        from upath import UPath

        try:
            path = UPath(url)
        except (ValueError, ImportError, OSError) as error:
            raise ConfigurationError(
                f"the archive address can't be used ({error})",
                where="BAM_ARCHIVE_URL",
                remedy="Use a folder, or an address like s3://bucket/folder with its library installed.",
            ) from error
        is_local = path.protocol in ("", "file", "local")
        return cls(FilesOfFolder(Path(path.path)) if is_local else FilesOfObjectStore(path))

    def put(self, data: bytes, origin: Origin) -> str:
        """Keep the bytes and note where they come from; gives their SHA-256. The same again changes nothing.

        Raises:
            StoreError: the archive can't be written (disk full, no permission, object store not reachable).
        """
        sha256 = sha256_hex(data)
        try:
            name, size = self._place_of(sha256)
            # The note comes first: a process that is killed in between leaves no object of unknown origin.
            self._note(name, origin)
            # Files are not forced to the disk: after a power cut one may be missing or short, `verify` names it, and reading
            # its source again puts it back here. Forcing each would cost more time than reading the document.
            if size != len(data):
                self._files.write(name, data)
        except OSError as error:
            raise StoreError(
                f"the archive can't be written ({error.strerror or error})",
                where=str(self._files.root),
                remedy="Check the free space, the permissions and BAM_ARCHIVE_URL; nothing was lost, run again.",
            ) from error
        return sha256

    def read(self, sha256: str) -> bytes | None:
        """The bytes, or None where the archive has none under that name. They are not checked: see `verify`."""
        _check_name(sha256)
        data = self._files.read(_name(sha256))
        return self._files.read(_deeper_name(sha256)) if data is None else data

    def origins(self, sha256: str) -> list[dict[str, Any]]:
        """Where the bytes were seen, in order of time."""
        _check_name(sha256)
        name, _ = self._place_of(sha256)
        return self._origins_at(name)

    def names(self) -> Iterator[str]:
        """The SHA-256 of every archived object, sorted."""
        folder = self._files.root / "objects"
        if not folder.exists():
            return
        for shard in sorted(folder.iterdir(), key=lambda path: path.name):
            found = {path.name: path for path in shard.iterdir()}
            deeper = [path.name for name, path in found.items() if len(name) == 2 for path in path.iterdir()]
            yield from sorted({name for name in (*found, *deeper) if len(name) == 64 and set(name) <= _HEX})

    def damage_of(self, sha256: str) -> Damage | None:
        """What is wrong with one object; None where its bytes are those of its name and its origin is known."""
        data = self.read(sha256)
        if data is None:
            return Damage(sha256, "the bytes are missing")
        found = sha256_hex(data)
        if found != sha256:
            return Damage(sha256, f"the bytes have changed (their SHA-256 is {found})")
        try:
            origins = self.origins(sha256)
        except ValueError:
            return Damage(sha256, "the note of its origin can't be read")
        return None if origins else Damage(sha256, "the note of its origin is missing")

    def verify(self) -> Iterator[Damage | None]:
        """Read everything back; for each object its damage or None, so that a caller can show progress."""
        for name in self.names():
            yield self.damage_of(name)

    def _place_of(self, sha256: str) -> tuple[str, int | None]:
        """The name under which an object lies, or is to lie, and its size; None where there is none."""
        name, deeper = _name(sha256), _deeper_name(sha256)
        if (size := self._files.size(name)) is None and (deeper_size := self._files.size(deeper)) is not None:
            return deeper, deeper_size
        return name, size

    def _origins_at(self, name: str) -> list[dict[str, Any]]:
        note = self._files.read(name + _SIDECAR)
        return [json.loads(line) for line in note.splitlines() if line.strip()] if note else []

    def _note(self, name: str, origin: Origin) -> None:
        known = self._origins_at(name)
        if any((note["address"], note["source_id"]) == (origin.address, origin.source_id) for note in known):
            return
        lines = [*known, {part: getattr(origin, part) for part in _PARTS}]
        text = "".join(_ENCODE(line) + "\n" for line in lines)
        self._files.write(name + _SIDECAR, text.encode())


def _name(sha256: str) -> str:
    return f"objects/{sha256[:2]}/{sha256}"


def _deeper_name(sha256: str) -> str:
    """Where earlier releases put an object."""
    return f"objects/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _check_name(sha256: str) -> None:
    if len(sha256) != 64 or not set(sha256) <= _HEX:
        raise ValueError(f"{sha256!r} is no SHA-256")
