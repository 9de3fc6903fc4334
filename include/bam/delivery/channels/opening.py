"""Which channels there are: those that the portfolio and the settings give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bam.delivery.channels.base import Assignment, Channel, HandOver, Outcome, Result
from bam.delivery.channels.feed import FeedChannel
from bam.delivery.channels.folder import FolderChannel
from bam.delivery.channels.mail import EmlTransport, MailChannel, Transport
from bam.delivery.channels.shelf import Shelf
from bam.delivery.channels.smtp import SmtpTransport
from bam.delivery.channels.smtp_server import SmtpServer
from bam.delivery.channels.webhook import WebhookChannel
from bam.delivery.plan import MAIL, channel_id
from bam.model.errors import ConfigurationError
from bam.portfolio.recipients import FeedPublication, FolderPublication, Publication, RecipientsFile, Sender
from bam.settings import Settings


@dataclass(frozen=True, slots=True)
class BrokenChannel:
    """A channel that can't be opened as it is configured: its deliveries wait, the other channels work."""

    id: str
    reason: str
    is_repeatable: bool = False

    def deliver(self, assignment: Assignment, hand_over: HandOver) -> Outcome:
        return Outcome(Result.RETRY, self.reason, blocks_channel=True)

    def close(self) -> None:
        """It holds nothing open."""


def open_channels(people: RecipientsFile, settings: Settings, title: str, mail_server: SmtpServer | None) -> dict[str, Channel]:
    """Every channel by its id in the outbox.

    Mail goes to `mail_server`, else to the server of `BAM_SMTP_URL`, else into files. `title` is that of feeds.
    """
    channels: dict[str, Channel] = {}
    if people.sender is not None:
        sender = people.sender
        channels[MAIL] = _unless_broken(MAIL, lambda: _mail(people, sender, settings, mail_server))
    for publication in people.publications:
        name = channel_id(publication)

        def open_one(publication: Publication = publication, name: str = name) -> Channel:
            return _publication(publication, name, people, settings, title)

        channels[name] = _unless_broken(name, open_one)
    return channels


def _unless_broken(name: str, open_one: Callable[[], Channel]) -> Channel:
    try:
        return open_one()
    except ConfigurationError as error:
        return BrokenChannel(name, str(error))


def _mail(people: RecipientsFile, sender: Sender, settings: Settings, mail_server: SmtpServer | None) -> Channel:
    server = mail_server or (SmtpServer.from_url(settings.smtp_url) if settings.smtp_url else None)
    transport: Transport = SmtpTransport(server, sender.domain) if server else EmlTransport(settings.outbox)
    return MailChannel(transport, sender, people.mail, {recipient.id: recipient for recipient in people.recipients})


def _publication(publication: Publication, name: str, people: RecipientsFile, settings: Settings, title: str) -> Channel:
    if isinstance(publication, FolderPublication):
        return FolderChannel(name, Shelf.open(publication.url, settings.home))
    if isinstance(publication, FeedPublication):
        shelf = Shelf.open(publication.url, settings.home)
        author = people.sender.name if people.sender else title
        return FeedChannel(name, shelf, title, author, publication.public_url, publication.entries)
    return WebhookChannel(name, settings.webhooks.get(publication.id.replace("_", "-")), people.mail.download_url)
