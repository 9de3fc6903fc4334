"""A folder or object store in which issues lie, each with a note of what it is; feeds and `latest` follow from the notes.

`<issue>/<file>.pdf` is the issue, `<issue>/issue.json` its note. Nothing else is remembered about what has been published, so
that two processes, or a process that was killed, end with the same shelf.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bam.delivery.issue import Parcel
from bam.model.errors import ConfigurationError
from bam.model.identity import sha256_hex

_NOTE = "issue.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """The note of one issue. `path` is where its PDF lies on the shelf, `size` its bytes."""

    id: str
    series: str
    period: str
    edition: str
    language: str
    title: str
    summary: str
    issued_at: str
    tlp: str | None
    path: str
    size: int
    sha256: str

    @property
    def age(self) -> tuple[str, str, str]:
        """Sorts the issues of one brief: later periods after earlier ones, corrections after what they correct."""
        return (self.period, self.issued_at, self.id)


class Shelf:
    """The files of one publication. Writing raises OSError."""

    def __init__(self, root: Any) -> None:
        """`root` is a `Path`, or a `UPath` of an object store."""
        self._root = root

    @classmethod
    def open(cls, url: str, home: Path) -> Shelf:
        """The shelf at a folder (relative to `home`) or an address of an object store.

        Raises:
            ConfigurationError: the address can't be used.
        """
        if "://" not in url:
            return cls(home / url)
        from upath import UPath

        try:
            return cls(UPath(url))
        except (ValueError, ImportError, OSError) as error:
            raise ConfigurationError(
                f"the address {url} can't be used ({error})",
                where="recipients.yml, publications",
                remedy="Use a folder, or an address like s3://bucket/folder with its library installed.",
            ) from error

    @property
    def place(self) -> str:
        """Where it is, for people."""
        return str(self._root)

    def add(self, parcel: Parcel) -> Entry:
        """Put an issue there: the file first, then the note that makes it count."""
        assert parcel.attachment is not None
        data = parcel.attachment.data
        entry = Entry(
            id=parcel.id,
            series=parcel.series,
            period=parcel.period,
            edition=parcel.edition,
            language=parcel.language,
            title=parcel.title,
            summary=parcel.summary,
            issued_at=parcel.issued_at,
            tlp=parcel.tlp,
            path=f"{parcel.id}/{parcel.attachment.name}",
            size=len(data),
            sha256=sha256_hex(data),
        )
        self.write(entry.path, data)
        note = json.dumps(asdict(entry), sort_keys=True, indent=1) + "\n"
        self.write(f"{parcel.id}/{_NOTE}", note.encode())
        return entry

    def entries(self) -> list[Entry]:
        """All issues there, oldest first."""
        if not self._root.exists():
            return []
        notes = (folder / _NOTE for folder in self._root.iterdir() if folder.is_dir())
        entries = [Entry(**json.loads(note.read_text(encoding="utf-8"))) for note in notes if note.is_file()]
        return sorted(entries, key=lambda entry: (entry.age, entry.series, entry.edition))

    def read(self, name: str) -> bytes:
        """The bytes of a file on the shelf."""
        return bytes((self._root / name).read_bytes())

    def write(self, name: str, data: bytes) -> None:
        """Put a file there, complete or not at all."""
        path = self._root / name
        if isinstance(path, Path):
            write_atomically(path, data)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def write_atomically(path: Path, data: bytes) -> None:
    """Put the file there complete or not at all, also when the machine stops in the middle."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".unfinished-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise
