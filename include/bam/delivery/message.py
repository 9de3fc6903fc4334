"""One mail for one recipient: text, mail-safe HTML and the PDF, the same bytes each time it is built."""

from __future__ import annotations

import datetime as dt
import email.policy
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage

from bam.delivery.issue import Parcel, label_of, one_line
from bam.delivery.mail_html import mail_html
from bam.delivery.wording import TLP_MEANING, translate_to
from bam.model.identity import content_id, sha256_hex
from bam.portfolio.recipients import MailRules, Recipient, Sender

_BYTES_PER_MB = 1_000_000
_POLICY = email.policy.SMTP.clone(max_line_length=900)
"""Header lines are folded by the library; 900 keeps long addresses in one piece below the 998 that RFC 5322 allows."""


@dataclass(frozen=True, slots=True)
class BuiltMessage:
    """A message ready for the wire: its bytes (CRLF line ends, 7-bit), Message-ID and whether the PDF is in it."""

    data: bytes
    message_id: str
    envelope_from: str
    envelope_to: str
    carries_attachment: bool

    @property
    def sha256(self) -> str:
        """SHA-256 of what is sent, transport padding excluded."""
        return sha256_hex(self.data)


class TooLargeError(Exception):
    """The message passes the size limit and there is no address to link to instead."""


def message_id_of(delivery_id: str, sender: Sender) -> str:
    """The Message-ID of a delivery. It stays the same when the delivery is tried again, so that mail servers and programs that
    know it drop a second copy."""
    return f"<{delivery_id}@{sender.domain}>"


def build_message(
    parcel: Parcel, recipient: Recipient, *, sender: Sender, rules: MailRules, delivery_id: str, dated: dt.datetime
) -> BuiltMessage:
    """The mail that carries a parcel to one recipient.

    `dated` (UTC) becomes the Date header. Above the size limit of the recipient (or of the rules) the PDF is replaced by a
    link.

    Raises:
        TooLargeError: it is above the limit and no `download_url` is configured.
    """
    limit_mb = min(rules.size_limit_mb, recipient.size_limit_mb or rules.size_limit_mb)
    limit_bytes = int(limit_mb * _BYTES_PER_MB)
    built = _build(parcel, recipient, sender, delivery_id, dated, link=None)
    if len(built.data) <= limit_bytes or parcel.attachment is None:
        return built
    if rules.download_url is None:
        raise TooLargeError(
            f"the mail would have {len(built.data) / _BYTES_PER_MB:.1f} MB, more than the {limit_mb:g} MB allowed, "
            "and mail.download_url is not set"
        )
    link = rules.download_url.format(issue=parcel.id, file=parcel.attachment.name)
    return _build(parcel, recipient, sender, delivery_id, dated, link=link)


def _build(
    parcel: Parcel, recipient: Recipient, sender: Sender, delivery_id: str, dated: dt.datetime, *, link: str | None
) -> BuiltMessage:
    message = EmailMessage(policy=_POLICY)
    _set_headers(message, parcel, recipient, sender, delivery_id, dated)
    text, html = _bodies(parcel, _footer(parcel, sender, link))
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    attached = parcel.attachment if link is None else None
    if attached is not None:
        message.add_attachment(attached.data, maintype="application", subtype=attached.subtype, filename=attached.name)
    _fix_boundaries(message, delivery_id)
    return BuiltMessage(
        data=message.as_bytes(policy=_POLICY),
        message_id=str(message["Message-ID"]),
        envelope_from=sender.address,
        envelope_to=recipient.address,
        carries_attachment=attached is not None,
    )


def _set_headers(
    message: EmailMessage, parcel: Parcel, recipient: Recipient, sender: Sender, delivery_id: str, dated: dt.datetime
) -> None:
    title = one_line(parcel.title)
    message["From"] = _address(sender.name, sender.address)
    message["To"] = _address(recipient.name, recipient.address)
    if sender.reply_to:
        message["Reply-To"] = _address(sender.name, sender.reply_to)
    label = _warning_label(parcel)
    message["Subject"] = f"[{label}] {title}" if label else title
    message["Date"] = dated
    message["Message-ID"] = message_id_of(delivery_id, sender)
    message["List-Id"] = f"{one_line(parcel.series, 60)} <{parcel.series}.{sender.domain}>"
    if sender.unsubscribe:
        message["List-Unsubscribe"] = f"<mailto:{sender.unsubscribe}?subject=unsubscribe%20{parcel.series}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-BAM-Issue"] = parcel.id


def _bodies(parcel: Parcel, footer: Sequence[str]) -> tuple[str, str]:
    """Plain text and HTML, both with the label first and the footer last."""
    label = _warning_label(parcel)
    head = f"{label}\n\n" if label else ""
    text = f"{head}{parcel.text.rstrip()}\n\n-- \n" + "\n".join(footer) + "\n"
    page = f"<p><b>{label}</b></p>{parcel.html}" if label else parcel.html
    return _encodable(text), _encodable(mail_html(page, footer, one_line(parcel.title), parcel.language))


def _warning_label(parcel: Parcel) -> str:
    """FIRST asks for the label in the subject line and before the text; what anybody may read needs no warning."""
    return "" if parcel.tlp == "clear" else label_of(parcel.tlp)


def _encodable(text: str) -> str:
    """The text without lone surrogates, which broken documents can bring in and UTF-8 can't carry."""
    return text.encode("utf-8", "replace").decode()


def _address(name: str, address: str) -> Address:
    return Address(display_name=one_line(name, 80), addr_spec=address)


def _footer(parcel: Parcel, sender: Sender, link: str | None) -> list[str]:
    say = translate_to(parcel.language)
    lines = []
    if parcel.attachment is not None:
        size = f"{len(parcel.attachment.data) / _BYTES_PER_MB:.1f} MB"
        if link is None:
            lines.append(say("The PDF is attached: {file} ({size}).").format(file=parcel.attachment.name, size=size))
        else:
            sentence = say("The PDF ({size}) is too large for this mail. You find it here: {link}")
            lines.append(sentence.format(size=size, link=link))
    if parcel.tlp is not None:
        lines.append(f"{label_of(parcel.tlp)}. {say(TLP_MEANING[parcel.tlp])}")
    if sender.unsubscribe:
        lines.append(say("To get no more of these mails, write to {address}.").format(address=sender.unsubscribe))
    return lines


def _fix_boundaries(message: EmailMessage, delivery_id: str) -> None:
    """The library draws boundaries at random; ours follow from the delivery, so that a second try sends the same bytes."""
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary("=_" + content_id("part", delivery_id, number))
