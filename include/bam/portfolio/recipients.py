"""Who gets which brief in which edition, on which channels, and who answers for what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from bam.model.errors import ConfigurationError
from bam.portfolio.briefs import CountryCode, Language
from bam.portfolio.sources import Tlp
from bam.portfolio.yaml_files import Strict

RecipientId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]


def _mail_address(value: str) -> str:
    """Only what every mail server takes: `local@domain` in ASCII, without spaces, quotes or comments (RFC 5321, dot-atom)."""
    local, at, domain = value.rpartition("@")
    atom = "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+/=?^_`{|}~-"
    labels = domain.lower().split(".")
    ok = (
        at
        and 0 < len(local) <= 64
        and len(domain) <= 255
        and all(part and set(part.lower()) <= set(atom) for part in local.split("."))
        and len(labels) > 1
        and all(0 < len(label) <= 63 and set(label) <= set(atom[:36] + "-") and label.strip("-") == label for label in labels)
    )
    if not ok:
        raise ValueError("not a plain mail address such as name@example.org")
    return value


MailAddress = Annotated[str, AfterValidator(_mail_address)]


def address_key(address: str) -> str:
    """The form in which two spellings of one mailbox are the same: mailboxes are compared without case."""
    return address.strip().casefold()


class Sender(Strict):
    """Whose name the mails carry. `unsubscribe` is the mailbox that people write to who want no more of them."""

    name: str
    address: MailAddress
    reply_to: MailAddress | None = None
    unsubscribe: MailAddress | None = None

    @property
    def domain(self) -> str:
        """The domain of the sender, which Message-IDs end in."""
        return self.address.rpartition("@")[2].lower()


class MailRules(Strict):
    """`size_limit_mb` is the largest whole message (encoded, 1 MB = 1,000,000 bytes) that recipients' servers take: above
    it the mail carries a link to the PDF, made from `download_url` with `{issue}` and `{file}` filled in.
    A message that can't be handed over for `give_up_after_hours` is failed.
    """

    size_limit_mb: float = Field(default=10, gt=0)
    download_url: str | None = Field(default=None, pattern=r"^https?://[^\s{}]+(\{(issue|file)\}[^\s{}]*)+$")
    give_up_after_hours: int = Field(default=48, ge=1)


class EditionWish(Strict):
    """The edition that a recipient wants: a language and the countries to keep (ISO 3166-1 alpha-2; empty means all)."""

    language: Language | None = None
    countries: tuple[CountryCode, ...] = ()


class Recipient(Strict):
    """A person or mailbox. `tlp` is the highest confidentiality that may be sent there. `language` and `countries` pick the
    edition of every brief; `editions` overrides them for single briefs, by brief id.
    """

    id: RecipientId
    name: str
    address: MailAddress
    tlp: Tlp = "clear"
    language: Language | None = None
    countries: tuple[CountryCode, ...] = ()
    editions: dict[str, EditionWish] = Field(default_factory=dict)
    size_limit_mb: float | None = Field(default=None, gt=0)

    def wish(self, brief_id: str) -> EditionWish:
        """The edition of that brief which this recipient wants."""
        return self.editions.get(brief_id) or EditionWish(language=self.language, countries=self.countries)


class Group(Strict):
    """A name for several recipients, used in `briefs.yml` and below `operators` and `owners`."""

    id: RecipientId
    members: tuple[str, ...]


class PublicationBase(Strict):
    """A place where issues appear for many readers. `tlp` is the highest confidentiality allowed there; `briefs` keeps only
    those briefs (empty means all).
    """

    id: RecipientId
    tlp: Tlp = "clear"
    briefs: tuple[str, ...] = ()


class FeedPublication(PublicationBase):
    """An Atom feed with the PDFs as enclosures, written to the folder or object store `url` (relative to `BAM_HOME`).
    `public_url` is the address under which readers see that folder.
    """

    kind: Literal["feed"]
    url: str
    public_url: str = Field(pattern=r"^https?://\S+$")
    entries: int = Field(default=50, ge=1)


class FolderPublication(PublicationBase):
    """A folder or object store (`s3://...`) that keeps every issue and, under a name that never changes, the latest."""

    kind: Literal["folder"]
    url: str


class WebhookPublication(PublicationBase):
    """A Slack-compatible webhook. Its address is a secret: it is read from the environment, `BAM_WEBHOOK_<ID>`."""

    kind: Literal["webhook"]


Publication = Annotated[FeedPublication | FolderPublication | WebhookPublication, Field(discriminator="kind")]


class Owner(Strict):
    """Who is reminded of the commitments of a party (a code or acronym as the tables show it)."""

    party: str
    recipients: tuple[str, ...]


class Operators(Strict):
    """Who gets the digest of what needs attention. A digest goes out at most every `digest_minutes`; an alert that is still
    open is repeated after `repeat_hours`. More than `quarantine_threshold` rows in quarantine are an alert.
    """

    recipients: tuple[str, ...] = ()
    digest_minutes: int = Field(default=30, ge=1)
    repeat_hours: int = Field(default=24, ge=1)
    quarantine_threshold: int = Field(default=25, ge=0)
    link: str | None = Field(default=None, pattern=r"^https?://\S+$")


class Reminders(Strict):
    """Follow-ups are announced `days_ahead` of their due date. Commitments of parties without an owner go to `recipients`."""

    days_ahead: int = Field(default=30, ge=1)
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """A language and a country filter of one brief; `countries` are sorted, empty means all of the brief."""

    language: str
    countries: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """A short stable name: `en`, `ru-TJ`, `en-KG-TJ`."""
        return "-".join((self.language, *self.countries))


class RecipientsFile(Strict):
    """`recipients.yml`. Ids of recipients and groups share one name space; every name that is used must exist."""

    sender: Sender | None = None
    mail: MailRules = MailRules()
    recipients: tuple[Recipient, ...] = ()
    groups: tuple[Group, ...] = ()
    publications: tuple[Publication, ...] = ()
    owners: tuple[Owner, ...] = ()
    operators: Operators = Operators()
    reminders: Reminders = Reminders()

    @model_validator(mode="after")
    def _names_exist_once(self) -> Self:
        names = [recipient.id for recipient in self.recipients] + [group.id for group in self.groups]
        for listed, what in (
            (names, "recipient or group"),
            ([place.id for place in self.publications], "publication"),
            ([owner.party for owner in self.owners], "owner"),
            ([address_key(recipient.address) for recipient in self.recipients], "address"),
        ):
            twice = sorted({name for name in listed if listed.count(name) > 1})
            if twice:
                raise ValueError(f"the {what} {twice[0]!r} is there twice")
        known = {recipient.id for recipient in self.recipients}
        for group in self.groups:
            self._check("group " + group.id, group.members, known)
        for owner in self.owners:
            self._check("owner " + owner.party, owner.recipients, set(names))
        self._check("operators", self.operators.recipients, set(names))
        self._check("reminders", self.reminders.recipients, set(names))
        if self.recipients and self.sender is None:
            raise ValueError("there are recipients but no sender")
        return self

    @staticmethod
    def _check(where: str, names: Iterable[str], known: set[str]) -> None:
        unknown = sorted(set(names) - known)
        if unknown:
            raise ValueError(f"{where} names {unknown[0]!r}, which is not defined")

    def resolve(self, names: Iterable[str], *, where: str = "recipients.yml") -> tuple[Recipient, ...]:
        """The recipients behind names of recipients and groups, each once, in the order of the file.

        Raises:
            ConfigurationError: a name is neither a recipient nor a group; `where` tells who used it.
        """
        groups = {group.id: group.members for group in self.groups}
        wanted: set[str] = set()
        for name in names:
            wanted.update(groups.get(name, (name,)))
        unknown = sorted(wanted - {recipient.id for recipient in self.recipients})
        if unknown:
            raise ConfigurationError(
                f"no recipient or group is called {unknown[0]!r}",
                where=where,
                remedy="Add it to recipients.yml or correct the name.",
            )
        return tuple(recipient for recipient in self.recipients if recipient.id in wanted)


def edition_of(recipient: Recipient, brief_id: str, brief_language: str, brief_countries: Iterable[str] = ()) -> Edition:
    """The edition of a brief that goes to this recipient: the brief's own language and countries where they wish nothing.

    A wish can only narrow the countries of a brief; one that leaves none of them means all (the brief is about others).
    """
    wish = recipient.wish(brief_id)
    own = set(brief_countries)
    kept = set(wish.countries) & own if own else set(wish.countries)
    countries = () if kept == own else tuple(sorted(kept))
    return Edition(wish.language or brief_language, countries)


def wanted_editions(
    recipients: Iterable[Recipient], brief_id: str, brief_language: str, brief_countries: Iterable[str] = ()
) -> tuple[Edition, ...]:
    """All editions that have to be rendered for these recipients, the brief's own one first."""
    own = Edition(brief_language)
    others = {edition_of(recipient, brief_id, brief_language, brief_countries) for recipient in recipients} - {own}
    return (own, *sorted(others, key=lambda edition: edition.key))
