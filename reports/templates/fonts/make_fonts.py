"""Make the brief's fonts out of Adobe's: subset to Latin, Cyrillic and the marks that we print, and rename.

The licence reserves the original name for unmodified fonts, so the subsets carry a name of their own. Run it again only when
a newer release of the originals is taken:

    npm pack source-sans@3.52.0 source-serif@4.5.1    # unpack each into a folder of its own name
    python make_fonts.py FOLDER_OF_BOTH .
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FACES = {
    "MonitorSans-Regular": ("source-sans/TTF/SourceSans3-Regular.ttf", "Monitor Sans", "Regular"),
    "MonitorSans-Italic": ("source-sans/TTF/SourceSans3-It.ttf", "Monitor Sans", "Italic"),
    "MonitorSans-Semibold": ("source-sans/TTF/SourceSans3-Semibold.ttf", "Monitor Sans", "Semibold"),
    "MonitorSerif-Regular": ("source-serif/TTF/SourceSerif4-Regular.ttf", "Monitor Serif", "Regular"),
    "MonitorSerif-Semibold": ("source-serif/TTF/SourceSerif4-Semibold.ttf", "Monitor Serif", "Semibold"),
}
RANGES = [
    (0x20, 0x7E), (0xA0, 0x17F), (0x18F, 0x192), (0x1A0, 0x1B0), (0x1CD, 0x1DC), (0x1E6, 0x1E7), (0x218, 0x21B), (0x259, 0x259),
    (0x2B0, 0x2BF), (0x2C6, 0x2DD), (0x300, 0x30C), (0x327, 0x328), (0x400, 0x4FF), (0x1E00, 0x1E99), (0x2000, 0x200A),
    (0x2010, 0x2027), (0x202F, 0x203A), (0x2044, 0x2044), (0x2070, 0x208E), (0x20A0, 0x20BF), (0x2116, 0x2122), (0x2190, 0x2199),
    (0x2212, 0x2212), (0x2248, 0x2248), (0x2260, 0x2265), (0x25A0, 0x25CF), (0x2713, 0x2717),
]  # fmt: skip
FEATURES = ["kern", "liga", "ccmp", "locl", "mark", "mkmk", "case", "sups", "pnum", "lnum", "tnum"]


def make_face(original: Path, target: Path, family: str, style: str) -> None:
    """Write one subset as TrueType (for PDF and charts) and as WOFF2 (for web pages)."""
    font = TTFont(original, recalcTimestamp=False)
    options = Options(layout_features=FEATURES, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True, hinting=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    subsetter.subset(font)
    _rename(font, family, style, target.stem)
    font.save(target.with_suffix(".ttf"))
    font.flavor = "woff2"
    font.save(target.with_suffix(".woff2"))


def _rename(font: TTFont, family: str, style: str, postscript: str) -> None:
    """Replace the reserved name; the weight axis of our family is told by OS/2, so every face names the same family."""
    names = {1: family, 2: style, 3: f"{postscript};subset", 4: f"{family} {style}", 6: postscript}
    for number, value in names.items():
        font["name"].setName(value, number, 3, 1, 0x409)
    font["name"].names = [name for name in font["name"].names if name.platformID == 3]


def main() -> None:
    originals, target = Path(sys.argv[1]), Path(sys.argv[2])
    for stem, (path, family, style) in FACES.items():
        make_face(originals / path, target / stem, family, style)


if __name__ == "__main__":
    main()
