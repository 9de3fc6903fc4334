"""`make pictures`: the pages of the monthly brief from the samples as small PNGs in docs/images/, shown in docs/brief.md.

The month is one in which the samples have much to tell; it is made in a folder of its own and nothing is mailed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

from bam.pipeline.brief import render_editions
from bam.pipeline.context import Silent, open_context
from bam.pipeline.extract import extract_pending
from bam.pipeline.ingest import ingest_source
from bam.pipeline.round import wanted_period
from bam.pipeline.update import update
from bam.settings import read_settings

DOCS = Path(__file__).resolve().parents[2] / "docs"
IMAGES = DOCS / "images"
PAGE = """# The monthly brief, page by page

What `make run` makes from the sample documents, as `make pictures` last drew it. The samples are invented, and so are
the figures. [method.md](method.md) says how the figures come about.

{pictures}
"""
WIDTH_PIXELS = 620
COLOURS = 160


def main() -> None:
    """Render the brief and replace the pictures."""
    with tempfile.TemporaryDirectory() as folder, open_context(read_settings({"BAM_HOME": folder}), progress=Silent()) as context:
        for source in context.portfolio.sources:
            if source.enabled:
                ingest_source(context, source.id)
        extract_pending(context)
        update(context)
        period = wanted_period(context, "monthly", None)
        assert period is not None, "the samples gave nothing"
        issue = render_editions(context, "monthly", period)[0]
        for old in IMAGES.glob("brief-page-*.png"):
            old.unlink()
        pictures = []
        for number, page in enumerate(pypdfium2.PdfDocument(issue.pdf_path), start=1):
            picture = page.render(scale=WIDTH_PIXELS / page.get_width()).to_pil()
            path = IMAGES / f"brief-page-{number}.png"
            picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
            pictures.append(f"![Page {number} of the monthly brief](images/{path.name})")
            print(path.name, path.stat().st_size // 1024, "KB")  # noqa: T201 (a command)
        (DOCS / "brief.md").write_text(PAGE.format(pictures="\n".join(pictures)), encoding="utf-8")


if __name__ == "__main__":
    main()
