"""Mail: one message per recipient, carried by SMTP or written as an `.eml` file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bam.delivery.channels.base import Assignment, HandOver, Outcome, Result
from bam.delivery.channels.shelf import write_atomically
from bam.delivery.issue import plain_name
from bam.delivery.message import BuiltMessage, TooLargeError, build_message
from bam.portfolio.recipients import MailRules, Recipient, Sender


class Transport(Protocol):
    """Carries finished messages; `is_repeatable` and `close` as in `Channel`."""

    @property
    def is_repeatable(self) -> bool: ...

    def carry(self, built: BuiltMessage, name: str, hand_over: HandOver) -> Outcome:
        """Take the message to its one recipient. `name` is a file name for it, without suffix."""
        ...

    def close(self) -> None: ...


class MailChannel:
    """Builds the message of each recipient and gives it to a transport. The channel's id is `mail` whatever the transport, so
    that nobody gets an issue a second time when an SMTP server is configured later.
    """

    id = "mail"

    def __init__(self, transport: Transport, sender: Sender, rules: MailRules, recipients: Mapping[str, Recipient]) -> None:
        self._transport = transport
        self._sender, self._rules, self._recipients = sender, rules, recipients
        self.is_repeatable = transport.is_repeatable

    def deliver(self, assignment: Assignment, hand_over: HandOver) -> Outcome:
        parcel, recipient = assignment.parcel, self._recipients[assignment.recipient_id]
        try:
            built = build_message(
                parcel,
                recipient,
                sender=self._sender,
                rules=self._rules,
                delivery_id=assignment.delivery_id,
                dated=assignment.queued_at,
            )
        except TooLargeError as error:
            return Outcome(Result.FAILED, str(error))
        name = plain_name(parcel.period, parcel.series, parcel.edition, recipient.id, assignment.delivery_id[-8:])
        return self._transport.carry(built, name, hand_over)

    def close(self) -> None:
        """End the transport's connection, where it has one."""
        self._transport.close()


@dataclass(frozen=True, slots=True)
class EmlTransport:
    """Writes messages as `.eml` files while no SMTP server is configured; any mail program opens them."""

    folder: Path
    is_repeatable: bool = True

    def carry(self, built: BuiltMessage, name: str, hand_over: HandOver) -> Outcome:
        path = self.folder / f"{name}.eml"
        hand_over()
        try:
            write_atomically(path, built.data)
        except OSError as error:
            return Outcome(Result.RETRY, f"{path} can't be written: {error.strerror or error}", blocks_channel=True)
        return Outcome(Result.SENT, f"written to {path}", sha256=built.sha256, message_id=built.message_id)

    def close(self) -> None:
        """It holds nothing open."""
