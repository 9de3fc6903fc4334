"""Reading a file of the user's into converted documents, with one clear line for whatever is wrong with it."""

from __future__ import annotations

from pathlib import Path

from bam.documents.convert import MAX_BYTES, convert
from bam.model.errors import ConversionError
from bam.model.text import ConvertedDocument


def read_documents(path: Path) -> list[ConvertedDocument]:
    """Read and convert one file; an e-mail gives its body and its attachments.

    Raises:
        ConversionError: the file is missing, a folder, not readable, too large, or can't be converted.
    """
    try:
        size_bytes = path.stat().st_size
        if path.is_file() and size_bytes > MAX_BYTES:
            raise ConversionError(
                f"the file is too large ({size_bytes / 1e6:.0f} MB, at most {MAX_BYTES / 1e6:.0f} MB are read)",
                where=str(path),
                remedy="Split it, or take the text out of it.",
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ConversionError("there is no such file", where=str(path), remedy="Check the path.") from error
    except IsADirectoryError as error:
        raise ConversionError("this is a folder", where=str(path), remedy="Name the files in it.") from error
    except PermissionError as error:
        raise ConversionError("the file may not be read", where=str(path), remedy="Change its permissions.") from error
    except OSError as error:
        raise ConversionError(f"the file can't be read ({error.strerror})", where=str(path)) from error
    return convert(data, str(path))
