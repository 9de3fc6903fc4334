"""Refusing archives that unpack to far more than they should: DOCX and ODT files are ZIP archives from strangers."""

from __future__ import annotations

import zipfile
from io import BytesIO

from bam.model.errors import ConversionError

MAX_UNPACKED = 200_000_000
MAX_RATIO = 200
MAX_MEMBERS = 5_000


def check_zip(data: bytes, name: str) -> None:
    """Raise ConversionError for a damaged archive or one whose parts are too many or unpack too large."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise ConversionError("the file is a damaged archive", where=name, remedy="Fetch or save it again.") from error
    unpacked = sum(member.file_size for member in members)
    text_parts = [member for member in members if member.filename.endswith(".xml")]
    is_bomb = unpacked > MAX_UNPACKED or any(
        member.file_size > 1_000_000 and member.file_size > MAX_RATIO * max(1, member.compress_size) for member in text_parts
    )
    if is_bomb or len(members) > MAX_MEMBERS:
        raise ConversionError("the file unpacks to far too much", where=name, remedy="Check where it comes from.")
