"""Files of BAM_HOME that pages may show: nothing but what lies in one folder and is of a known kind."""

from __future__ import annotations

from pathlib import Path

from fastapi import HTTPException

KINDS = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8"}
"""What Data Docs consist of."""


def file_below(folder: Path, name: str) -> tuple[Path, str]:
    """(path, media type) of a file below the folder.

    Raises:
        HTTPException: 404 where there is none, where the name leads out of the folder (also by a link), or to another kind.
    """
    if "\0" not in name:
        root = folder.resolve()
        path = (root / name).resolve()
        if path.is_relative_to(root) and path.suffix in KINDS and path.is_file():
            return path, KINDS[path.suffix]
    raise HTTPException(404, "There is no such page.")
