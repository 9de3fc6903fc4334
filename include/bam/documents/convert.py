"""From the bytes of a file to canonical text with structure: the one entry for every format."""

from __future__ import annotations

import logging
from collections.abc import Callable

from bam.documents import media_types
from bam.model.errors import ConversionError
from bam.model.text import ConvertedDocument

logger = logging.getLogger(__name__)

MAX_BYTES = 50_000_000


def convert(
    data: bytes, name: str, content_type: str | None = None, address: str | None = None, *, max_bytes: int = MAX_BYTES
) -> list[ConvertedDocument]:
    """Convert one file. An e-mail gives its body and one document per attachment that can be read, a feed one per entry that
    carries its article, anything else gives one.

    In the text of a block, a number that the source has written out ("(1)", "2.3", "a)") stands at its start and is also
    `Block.number`; a number that a browser would only print (an HTML list's) is `Block.number` alone.

    Args:
        name: what the user knows the file by; its suffix helps to tell the format.
        content_type: what a server said, with its charset.
        address: where the file comes from; relative links and dates in it are read from here.
        max_bytes: files larger than this are refused.

    Raises:
        ConversionError: one line that says why the file can't be read: empty, too large, damaged, unknown or binary.
    """
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise ConversionError("the file is empty", where=name, remedy="Fetch it again or remove it.")
    if len(data) > max_bytes:
        raise ConversionError(
            f"the file is too large ({len(data) / 1e6:.0f} MB, at most {max_bytes / 1e6:.0f} MB are read)",
            where=name,
            remedy="Split it, or take the text out of it.",
        )
    media_type = media_types.media_type_of(data, name, content_type)
    converter = _converter(media_type)
    if converter is None:
        raise ConversionError(
            f"the format is not known ({media_type or content_type or 'no telling name or content'})",
            where=name,
            remedy="Give it as HTML, PDF, DOCX, ODT, Markdown, text or e-mail.",
        )
    try:
        documents = converter(data, name, content_type, address)
    except ConversionError:
        raise
    except Exception as error:
        # A parser's fault on hostile bytes must not stop the other documents; the log has the traceback.
        logger.info("converting %s failed", name, exc_info=True)
        raise ConversionError(f"the file is damaged ({type(error).__name__})", where=name, remedy="Fetch it again.") from error
    if not any(document.text for document in documents):
        raise ConversionError("there is no text in the file", where=name, remedy="If it is a scan, give its text instead.")
    return documents


Converter = Callable[[bytes, str, str | None, str | None], list[ConvertedDocument]]


def _converter(media_type: str | None) -> Converter | None:
    """The module for a media type is imported when its first file comes: PDF and DOCX libraries are slow to load."""
    if media_type in (media_types.HTML, media_types.PLAIN, media_types.MARKDOWN):
        from bam.documents.text_formats import convert_text_format

        return convert_text_format
    if media_type == media_types.PDF:
        from bam.documents.pdf_text import convert_pdf

        return convert_pdf
    if media_type == media_types.DOCX:
        from bam.documents.docx_text import convert_docx

        return convert_docx
    if media_type == media_types.ODT:
        from bam.documents.odt_text import convert_odt

        return convert_odt
    if media_type == media_types.EMAIL:
        from bam.documents.email_text import convert_email

        return convert_email
    if media_type == media_types.FEED:
        from bam.documents.feed_text import convert_feed

        return convert_feed
    if media_type == media_types.RELIEFWEB:
        from bam.documents.reliefweb_text import convert_report

        return convert_report
    return None
