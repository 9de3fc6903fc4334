"""The files that pages are made with: templates, styles, fonts and borders. Nothing else is ever opened for a page."""

from __future__ import annotations

import base64
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bam.model.errors import ConfigurationError

SANS = "Monitor Sans"
FACES = (
    (SANS, "MonitorSans-Regular", 400, "normal"),
    (SANS, "MonitorSans-Italic", 400, "italic"),
    (SANS, "MonitorSans-Semibold", 600, "normal"),
    ("Monitor Serif", "MonitorSerif-Regular", 400, "normal"),
    ("Monitor Serif", "MonitorSerif-Semibold", 600, "normal"),
)
"""Family, file, weight and style of each face."""

_MISSING = "□"
_INVISIBLE = ("Cc", "Cf", "Cs", "Mn")
"""Control, format and half characters, and accents without a letter to sit on, leave nothing behind."""


@dataclass(frozen=True)
class Assets:
    """The folder of templates and what lies in it."""

    folder: Path

    @property
    def fonts(self) -> Path:
        """Folder of the font files."""
        return self.folder / "fonts"

    @property
    def borders(self) -> Path:
        """File of the country borders."""
        return self.folder / "map" / "borders.json"

    def text(self, name: str) -> str:
        """The content of a file of the folder.

        Raises:
            ConfigurationError: it isn't there.
        """
        path = self.folder / name
        try:
            return path.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise ConfigurationError("a file of the briefs is missing", where=str(path), remedy="Set BAM_TEMPLATES.") from error

    @cached_property
    def web_fonts(self) -> str:
        """`@font-face` rules that carry the fonts themselves, for pages that must need nothing else."""
        return "\n".join(
            f"@font-face{{font-family:'{family}';font-weight:{weight};font-style:{style};font-display:swap;"
            f"src:url(data:font/woff2;base64,{base64.b64encode((self.fonts / f'{name}.woff2').read_bytes()).decode()})"
            " format('woff2')}"
            for family, name, weight, style in FACES
        )

    @cached_property
    def characters(self) -> frozenset[str]:
        """Characters that every sans-serif face has a glyph for; the serif ones fall back on these faces."""
        from fontTools.ttLib import TTFont

        covered: set[str] | None = None
        for family, name, _, _ in FACES:
            if family == SANS:
                with TTFont(self.fonts / f"{name}.ttf", lazy=True) as font:
                    found = set(map(chr, font.getBestCmap()))
                covered = found if covered is None else covered & found
        assert covered is not None
        return frozenset(covered)

    def printable(self, text: str) -> str:
        """Text of any origin as it may be printed: one line without control, direction and other invisible marks; each run of
        characters that our fonts lack as one `□`.
        """
        if text.isascii() and text.isprintable():
            return text
        printed: list[str] = []
        for character in unicodedata.normalize("NFC", text):
            if character in self.characters:
                printed.append(character)
            elif character.isspace():
                printed.append(" ")
            elif unicodedata.category(character) not in _INVISIBLE and printed[-1:] != [_MISSING]:
                printed.append(_MISSING)
        return "".join(printed)
