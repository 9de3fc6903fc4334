"""Where documents come from: one model per kind of source, told apart by `kind`."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from bam.portfolio.yaml_files import Strict

Officiality = Literal["official", "multilateral", "media", "think_tank"]
Tlp = Literal["clear", "green", "amber", "red"]

FILES_SOURCE_ID = "files"
"""Files that somebody ingests by hand belong to this source; it is built in and stands in no YAML file."""


class SourceBase(Strict):
    """What every source says of itself.

    `publisher` is taken where a document names none; leave it out where many publish. `rhythm_days` is how often something new
    is usual; silence beyond it is reported.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)
    publisher: str | None = None
    officiality: Officiality
    tlp: Tlp = "clear"
    licence: str | None = None
    rhythm_days: int = Field(default=30, ge=1)
    enabled: bool = True
    internal: bool = Field(default=False, description="may be read from files, loopback and private addresses")

    @property
    def password_variable(self) -> str:
        """Name of the environment variable that holds the source's password, where it needs one."""
        return f"BAM_PASSWORD_{self.id.upper().replace('-', '_')}"

    @field_validator("id")
    @classmethod
    def _not_built_in(cls, value: str) -> str:
        if value == FILES_SOURCE_ID:
            raise ValueError(f"the id {FILES_SOURCE_ID!r} is built in")
        return value


class FolderSource(SourceBase):
    """Files below a folder, watched by content. A relative `path` is relative to the folder above the portfolio's.

    `only` and `leave_out` are patterns such as `*.html` or `2014/*.pdf`, matched against the path below the folder.
    """

    kind: Literal["folder"]
    path: str
    only: tuple[str, ...] = ("*",)
    leave_out: tuple[str, ...] = ()


class WebSource(SourceBase):
    """What all sources of the web share. `pause_seconds` is the least time between two requests to one host.

    A page is asked again when it has been known for each of `revisit_days`: corrections mostly come soon.
    """

    url: str
    pause_seconds: float = Field(default=1.0, ge=0, le=600)
    max_pages: int = Field(default=200, ge=1, le=20_000)
    revisit_days: tuple[int, ...] = (1, 7, 30, 90, 365)
    only: str | None = Field(default=None, description="regular expression that the address of a page must contain")

    @field_validator("only")
    @classmethod
    def _is_pattern(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                re.compile(value)
            except re.error as error:
                raise ValueError(f"not a regular expression: {error}") from error
        return value

    @model_validator(mode="after")
    def _has_known_scheme(self) -> WebSource:
        is_web = self.url.startswith(("http://", "https://"))
        if not is_web and ("://" in self.url or not self.internal):
            raise ValueError("url must start with http:// or https:// (a file needs `internal: true`)")
        return self


class FeedSource(WebSource):
    """An RSS or Atom feed. With `follow`, each entry's page is read; else its content stands for it.

    A relative `url` is a file, as are relative links in it.
    """

    kind: Literal["feed"]
    follow: bool = True


class PagesSource(WebSource):
    """A page that lists others: the links on it whose addresses contain `only` are read; `pages` are read besides."""

    kind: Literal["pages"]
    url: str = ""
    pages: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_known_scheme(self) -> PagesSource:
        if not self.url and not self.pages:
            raise ValueError("give the url of a page with links, or pages")
        for address in (*self.pages, *([self.url] if self.url else [])):
            if not address.startswith(("http://", "https://")):
                raise ValueError(f"{address!r} must start with http:// or https://")
        return self


class SitemapSource(WebSource):
    """A sitemap or an index of sitemaps; pages are chosen by their date of last change."""

    kind: Literal["sitemap"]


class MailboxSource(SourceBase):
    """Mails of an IMAP mailbox, or the `.eml` files of a folder.

    The password is never in a file: it is in the environment variable `BAM_PASSWORD_<ID>` (`BAM_PASSWORD_NEWS_BOX` for the id
    `news-box`).
    """

    kind: Literal["mailbox"]
    path: str | None = None
    host: str | None = None
    port: int | None = Field(default=None, ge=1, le=65535)
    user: str | None = None
    mailbox: str = "INBOX"
    tls: bool = True
    senders: tuple[str, ...] = Field(default=(), description="only mails from addresses that contain one of these")
    max_mails: int = Field(default=500, ge=1)

    @model_validator(mode="after")
    def _is_complete(self) -> MailboxSource:
        if bool(self.path) == bool(self.host):
            raise ValueError("give either path (a folder of .eml files) or host (an IMAP server)")
        if self.host and not self.user:
            raise ValueError("an IMAP mailbox needs the key user")
        return self


class IatiSource(WebSource):
    """An IATI activity file or datastore answer: structured claims, with the XML element as their evidence."""

    kind: Literal["iati"]


class ReliefWebSource(WebSource):
    """Reports of an API of ReliefWeb's shape. `appname` must be registered there; `query` is its search expression."""

    kind: Literal["reliefweb"]
    url: str = "https://api.reliefweb.int/v2/reports"
    appname: str
    query: str


Source = Annotated[
    FolderSource | FeedSource | PagesSource | SitemapSource | MailboxSource | IatiSource | ReliefWebSource,
    Field(discriminator="kind"),
]


class SourcesFile(Strict):
    """`sources.yml`. `contact` is the address that our user agent gives to those whose pages we read."""

    contact: str = "the operator of this installation"
    sources: tuple[Source, ...] = ()

    @model_validator(mode="after")
    def _has_unique_ids(self) -> SourcesFile:
        ids = [source.id for source in self.sources]
        twice = sorted({each for each in ids if ids.count(each) > 1})
        if twice:
            raise ValueError(f"ids that stand twice: {', '.join(twice)}")
        return self
