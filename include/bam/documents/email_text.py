"""E-mail to documents: the body (the HTML part where it has one), and one document per attachment that can be read."""

from __future__ import annotations

import email
import email.policy
import logging
import re
from dataclasses import replace
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime

from bam.documents import media_types
from bam.documents.text_builder import clean
from bam.model.errors import ConversionError
from bam.model.text import ConvertedDocument, Metadata

logger = logging.getLogger(__name__)

MAX_DEPTH = 3
MAX_PARTS = 200
_PREFIXES = re.compile(r"^(?:(?:re|fwd?|aw|wg|отв)\s*:\s*)+", re.IGNORECASE)


def convert_email(data: bytes, name: str, content_type: str | None, address: str | None) -> list[ConvertedDocument]:
    """The body as first document, then the attachments, named `mail.eml#annex.pdf`.

    An attachment that can't be read is left out (the archive keeps the whole mail); if nothing can be read, ConversionError.
    """
    return _documents(data, name, address, depth=0)


def _documents(data: bytes, name: str, address: str | None, depth: int) -> list[ConvertedDocument]:
    message = email.message_from_bytes(data, policy=email.policy.default.clone(raise_on_defect=False))
    assert isinstance(message, EmailMessage)
    if not any(header in message for header in ("from", "subject", "date", "message-id")):
        raise ConversionError("the file is no e-mail (no header)", where=name, remedy="Check what kind of file it is.")
    own_address = message_address(message) or address
    documents = [*_body(message, name, own_address)]
    for number, part in enumerate(_attachments(message), start=1):
        filename = clean(part.get_filename() or f"part{number}").replace("/", "_").replace("\\", "_")
        try:
            found = _attachment(part, f"{name}#{filename}", f"{own_address or name}#{filename}", depth)
            documents += [_not_after(document, _sent_on(message)) for document in found]
        except ConversionError as error:
            logger.info("attachment left out: %s", error)
    if not documents:
        raise ConversionError("there is no text in the e-mail", where=name, remedy="If it is a scan, give its text instead.")
    return documents


def message_address(message: EmailMessage) -> str | None:
    """`mid:` and the Message-ID (RFC 2392): the address under which a mail is known wherever it was read from."""
    found = re.search(r"<([^<>\s]{3,250})>", _header(message, "message-id"))
    return f"mid:{found.group(1)}" if found else None


def _header(message: EmailMessage, name: str) -> str:
    """A header's text, empty where it is missing; what Python's parser gives up on is read as it stands."""
    try:
        return str(message.get(name, ""))
    except (AttributeError, IndexError, TypeError, ValueError):
        return next((str(value) for key, value in message.raw_items() if key.lower() == name), "")


def _body(message: EmailMessage, name: str, address: str | None) -> list[ConvertedDocument]:
    from bam.documents.text_formats import convert_text_format

    part = message.get_body(preferencelist=("html", "plain"))
    if part is None or part.is_attachment():
        return []
    is_html = part.get_content_type() == media_types.HTML
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload.strip():
        return []
    inner_name = f"{name}.html" if is_html else f"{name}.txt"
    content_type = f"{part.get_content_type()}; charset={part.get_content_charset() or 'utf-8'}"
    document = convert_text_format(payload, inner_name, content_type, address)[0]
    if not document.text:
        return []
    return [replace(document, name=name, media_type=media_types.EMAIL, metadata=_with_headers(document, message, address))]


def _with_headers(document: ConvertedDocument, message: EmailMessage, address: str | None) -> Metadata:
    metadata = document.metadata
    origins = dict(metadata.origins)
    subject = _PREFIXES.sub("", clean(_header(message, "subject")))
    sender, sender_address = parseaddr(_header(message, "from"))
    published = _sent_on(message)
    changes: dict[str, str | None] = {"address": address}
    if subject:
        changes["title"], origins["title"] = subject, "mail-header"
    if published:
        changes["published"], origins["published"] = published, "mail-header"
    if not metadata.publisher and (sender or sender_address):
        changes["publisher"], origins["publisher"] = clean(sender) or sender_address, "mail-header"
    return replace(metadata, origins=origins, **changes)


def _not_after(document: ConvertedDocument, sent_on: str | None) -> ConvertedDocument:
    """An attachment was out when the mail was sent, whatever days it speaks of; without a date it has that of the mail."""
    published = document.metadata.published
    if sent_on is None or (published is not None and published <= sent_on):
        return document
    origins = {**document.metadata.origins, "published": "mail-header"}
    return replace(document, metadata=replace(document.metadata, published=sent_on, origins=origins))


def _sent_on(message: EmailMessage) -> str | None:
    try:
        return parsedate_to_datetime(_header(message, "date")).date().isoformat()
    except (ValueError, TypeError, IndexError):
        return None


def _attachments(message: EmailMessage) -> list[EmailMessage]:
    body = message.get_body(preferencelist=("html", "plain"))
    found: list[EmailMessage] = []
    skipped = 0
    for part in message.walk():
        if skipped:
            skipped -= 1
            continue
        if part.get_content_type() == "message/rfc822":
            found.append(part)
            skipped = sum(1 for _ in part.walk()) - 1
        elif part is not body and not part.is_multipart() and (part.is_attachment() or part.get_filename()):
            found.append(part)
        if len(found) >= MAX_PARTS:
            break
    return found


def _attachment(part: EmailMessage, name: str, address: str, depth: int) -> list[ConvertedDocument]:
    from bam.documents.convert import convert

    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload(0) if part.is_multipart() else None
        if depth >= MAX_DEPTH or not isinstance(inner, EmailMessage):
            raise ConversionError("a mail inside a mail is nested too deeply", where=name)
        return _documents(inner.as_bytes(), name, address, depth + 1)
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        raise ConversionError("the attachment is damaged", where=name)
    if part.get_content_maintype() in ("image", "audio", "video"):
        raise ConversionError("pictures and sound are not read", where=name)
    documents = convert(payload, name, part.get_content_type(), address)
    # Whatever an attachment declares as its address, it is a part of this mail.
    addresses = [address] if len(documents) == 1 else [f"{address}#{number}" for number in range(1, len(documents) + 1)]
    return [replace(each, metadata=replace(each.metadata, address=own)) for each, own in zip(documents, addresses, strict=True)]
