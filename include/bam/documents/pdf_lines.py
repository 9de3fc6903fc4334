"""Lines of a PDF page: segments that share a baseline."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from bam.documents.pdf_page import Segment

_CELL_GAP_EMS = 1.1


@dataclass(slots=True)
class Line:
    """Segments on one baseline of one column, from left to right."""

    segments: list[Segment]

    @property
    def left(self) -> float:
        return min(segment.left for segment in self.segments)

    @property
    def right(self) -> float:
        return max(segment.right for segment in self.segments)

    @property
    def top(self) -> float:
        return max(segment.top for segment in self.segments)

    @property
    def bottom(self) -> float:
        return min(segment.bottom for segment in self.segments)

    @property
    def size(self) -> float:
        """Size of the font of most of its characters."""
        return max(self.segments, key=lambda segment: len(segment.text)).size

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(segment.bold for segment in self.segments)

    @property
    def text(self) -> str:
        """Its text, with spaces where the page shows them."""
        pieces = [self.segments[0].text]
        for before, segment in pairwise(self.segments):
            touches = segment.left - before.right < 0.12 * max(before.height, 1) and not before.ends_with_space
            pieces.append(segment.text if touches else " " + segment.text)
        return "".join(pieces)

    def cells(self) -> list[Segment]:
        """Its segments joined where no wide gap is between them."""
        merged: list[Segment] = []
        for segment in self.segments:
            if merged and segment.left - merged[-1].right < _CELL_GAP_EMS * max(segment.height, merged[-1].height):
                last = merged[-1]
                text = Line([last, segment]).text
                merged[-1] = Segment(
                    text,
                    last.left,
                    min(last.bottom, segment.bottom),
                    segment.right,
                    max(last.top, segment.top),
                    last.size,
                    last.bold and segment.bold,
                    segment.ends_with_space,
                )
            else:
                merged.append(segment)
        return merged


def lines_of(segments: list[Segment]) -> list[Line]:
    """Segments that share a baseline, from the top of the page down."""
    lines: list[Line] = []
    for segment in sorted(segments, key=lambda each: -(each.top + each.bottom)):
        middle = (segment.top + segment.bottom) / 2
        line = next((each for each in reversed(lines[-4:]) if each.bottom <= middle <= each.top or _overlap(each, segment)), None)
        if line is None:
            lines.append(Line([segment]))
        else:
            line.segments.append(segment)
    for line in lines:
        line.segments.sort(key=lambda each: each.left)
    return lines


def _overlap(line: Line, segment: Segment) -> bool:
    shared = min(line.top, segment.top) - max(line.bottom, segment.bottom)
    return shared > 0.55 * min(line.top - line.bottom, segment.height)
