"""A mail is opened again with the standard parser, as a mail program would."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bam.delivery.issue import Attachment, IssueToSend, parcel_of
from bam.delivery.message import BuiltMessage, TooLargeError, build_message
from bam.portfolio.recipients import MailRules, Recipient, Sender

from .conftest import NOON, PDF, make_issue

SENDER = Sender(name="Monitor", address="monitor@example.org", unsubscribe="stop@example.org")
RECIPIENT = Recipient(id="mirela", name="Mirela Oduya", address="mirela.oduya@example.org")


def build(issue: IssueToSend, **changes: Any) -> BuiltMessage:
    values: dict[str, Any] = {
        "recipient": RECIPIENT,
        "sender": SENDER,
        "rules": MailRules(),
        "delivery_id": "dlv-0123456789abcdef",
        "dated": NOON,
    }
    values |= changes
    return build_message(parcel_of(issue), values.pop("recipient"), **values)


def parsed(built: BuiltMessage) -> EmailMessage:
    message = email.message_from_bytes(built.data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def test_structure_is_what_mail_programs_expect(issue: IssueToSend) -> None:
    message = parsed(build(issue))

    assert message.get_content_type() == "multipart/mixed"
    alternative, pdf = message.iter_parts()
    assert [part.get_content_type() for part in alternative.iter_parts()] == ["text/plain", "text/html"]
    assert {part.get_content_charset() for part in alternative.iter_parts()} == {"utf-8"}
    assert pdf.get_content_type() == "application/pdf"
    assert pdf.get_filename() == "monthly-brief-2014-03-en.pdf"
    assert pdf.get_content_disposition() == "attachment"
    assert pdf.get_content() == PDF


def test_headers_name_one_recipient_and_how_to_stop(issue: IssueToSend) -> None:
    built = build(issue)
    message = parsed(built)

    assert message["To"] == "Mirela Oduya <mirela.oduya@example.org>"
    assert message["Cc"] is message["Bcc"] is None
    assert message["Subject"] == "Border assistance in March 2014"
    assert message["Date"].datetime == NOON
    assert message["Message-ID"] == built.message_id == "<dlv-0123456789abcdef@example.org>"
    assert message["List-Unsubscribe"] == "<mailto:stop@example.org?subject=unsubscribe%20monthly>"
    assert message["List-Id"] == "monthly <monthly.example.org>"
    assert message["Auto-Submitted"] == "auto-generated"


def test_both_bodies_say_the_same_and_end_in_the_foot(issue: IssueToSend) -> None:
    message = parsed(build(issue))
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None

    for body in (plain.get_content(), html.get_content()):
        assert "USD 3 million were committed." in body
        assert "monthly-brief-2014-03-en.pdf (0.0 MB)" in body
        assert "TLP:CLEAR" in body
        assert "stop@example.org" in body


def test_the_same_delivery_is_the_same_bytes(issue: IssueToSend) -> None:
    assert build(issue).data == build(issue).data
    assert build(issue).data != build(issue, delivery_id="dlv-ffffffffffffffff").data


def test_lines_are_short_seven_bit_and_end_in_crlf() -> None:
    russian = make_issue(text="Помощь " * 3000, html="<p>" + "граница " * 3000 + "</p>", title="Обзор за март 2014 года " * 4)
    built = build(russian)

    lines = built.data.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert all(b"\r" not in line and b"\n" not in line for line in lines)
    assert all(byte < 128 for byte in built.data)
    assert parsed(built)["Subject"].startswith("Обзор за март 2014 года")


def test_russian_issue_has_a_russian_foot() -> None:
    plain = parsed(build(make_issue(language="ru", edition="ru"))).get_body(("plain",))
    assert plain is not None
    assert "PDF приложен к письму: monthly-brief-2014-03-ru.pdf" in plain.get_content()


def test_confidentiality_leads_the_subject_line() -> None:
    assert parsed(build(make_issue(tlp="amber")))["Subject"] == "[TLP:AMBER] Border assistance in March 2014"


def test_too_large_pdf_becomes_a_link(issue: IssueToSend, rules: MailRules) -> None:
    large = replace(issue, pdf=bytes(3_000_000))
    built = build(large, rules=rules.model_copy(update={"size_limit_mb": 2}))

    assert not built.carries_attachment
    assert len(built.data) < 10_000
    message = parsed(built)
    assert message.get_content_type() == "multipart/alternative"
    plain = message.get_body(("plain",))
    assert plain is not None
    link = f"https://monitor.example.org/{issue.id}/monthly-brief-2014-03-en.pdf"
    assert f"The PDF (3.0 MB) is too large for this mail. You find it here: {link}" in plain.get_content().replace("\n", " ")
    assert f'href="{link}"' in built.data.replace(b"=\r\n", b"").replace(b"=3D", b"=").decode()


def test_recipient_with_a_smaller_mailbox_gets_the_link_alone(issue: IssueToSend, rules: MailRules) -> None:
    large = replace(issue, pdf=bytes(3_000_000))
    small = RECIPIENT.model_copy(update={"size_limit_mb": 2})

    assert build(large, rules=rules).carries_attachment
    assert not build(large, rules=rules, recipient=small).carries_attachment


def test_too_large_without_an_address_to_link_to_is_an_error(issue: IssueToSend) -> None:
    with pytest.raises(TooLargeError, match=r"4\.\d MB, more than the 2 MB allowed"):
        build(replace(issue, pdf=bytes(3_000_000)), rules=MailRules(size_limit_mb=2))


HEADER_BREAKS = st.text(st.sampled_from('aB1 \r\n\t\x00\x0b\x0c\x1c\x85\u2028\u2029\u202e\ud800:,<>@"();\\=?Ж💥'), max_size=60)


@settings(deadline=None)
@given(HEADER_BREAKS, HEADER_BREAKS)
def test_no_text_can_add_a_header(title: str, name: str) -> None:
    hostile = f"{title}\r\nBcc: victim@example.org\r\n\r\n{name}"
    built = build(
        make_issue(title=hostile),
        recipient=RECIPIENT.model_copy(update={"name": hostile}),
        sender=SENDER.model_copy(update={"name": hostile}),
    )

    message = parsed(built)
    assert message["Bcc"] is None
    assert set(message.keys()) == set(parsed(build(make_issue())).keys())
    assert [address.addr_spec for address in message["To"].addresses] == ["mirela.oduya@example.org"]
    assert message.get_content_type() == "multipart/mixed"


def test_file_name_of_an_attachment_is_plain() -> None:
    issue = make_issue(brief_id="../../etc/passwd\r\nX: y", period='2014-03"; name="x.exe')
    attachment = parcel_of(issue).attachment

    assert isinstance(attachment, Attachment)
    assert attachment.name == "etc-passwd-X-y-brief-2014-03-name-x-exe-en.pdf"
