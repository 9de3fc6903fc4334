"""Where things are: read once from the environment at the edge, passed on from there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_PROJECT = _PACKAGE.parent.parent
_WEBHOOK = "BAM_WEBHOOK_"
_MAILBOX = "BAM_PASSWORD_"


@dataclass(frozen=True, slots=True)
class Settings:
    """The places that a run reads and writes.

    `home` holds everything that a run writes. `database_url` is a SQLAlchemy address, `archive_url` a folder or an object
    store (`s3://...`). `portfolio` is the folder of YAML files, `templates` that of the briefs' templates. `smtp_url` is the mail
    server (mails become files while there is none); `webhooks` the secret addresses of webhooks by the id of their publication,
    `passwords` those of mailboxes by the id of their source.
    """

    home: Path
    database_url: str
    archive_url: str
    portfolio: Path
    templates: Path
    samples: Path
    smtp_url: str | None = field(default=None, repr=False)
    webhooks: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    passwords: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)

    @property
    def outbox(self) -> Path:
        """Folder of the `.eml` files while no SMTP server is configured."""
        return self.home / "outbox"

    @property
    def briefs(self) -> Path:
        """Folder of the rendered briefs."""
        return self.home / "briefs"


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `BAM_HOME`, `BAM_DATABASE_URL`, `BAM_ARCHIVE_URL`, `BAM_PORTFOLIO`, `BAM_TEMPLATES`, `BAM_SMTP_URL` and, for
    each webhook among the publications, `BAM_WEBHOOK_<ID>`, for each mailbox among the sources, `BAM_PASSWORD_<ID>`.

    Without any of them everything is written under `var/` of the project: SQLite and a folder of archived bytes.
    """
    home = Path(environ.get("BAM_HOME") or _PROJECT / "var").expanduser().resolve()
    return Settings(
        home=home,
        database_url=environ.get("BAM_DATABASE_URL") or f"sqlite:///{home / 'bam.sqlite'}",
        archive_url=environ.get("BAM_ARCHIVE_URL") or str(home / "archive"),
        portfolio=Path(environ.get("BAM_PORTFOLIO") or _PACKAGE.parent / "portfolio").expanduser().resolve(),
        templates=Path(environ.get("BAM_TEMPLATES") or _PROJECT / "reports" / "templates").expanduser().resolve(),
        samples=_PACKAGE.parent / "samples",
        smtp_url=environ.get("BAM_SMTP_URL") or None,
        webhooks=_by_id(environ, _WEBHOOK),
        passwords=_by_id(environ, _MAILBOX),
    )


def _by_id(environ: Mapping[str, str], prefix: str) -> dict[str, str]:
    """Secrets by the id that their variable's name ends with: `BAM_WEBHOOK_OPS_ROOM` is that of `ops-room`."""
    return {
        name.removeprefix(prefix).lower().replace("_", "-"): value
        for name, value in environ.items()
        if name.startswith(prefix) and value
    }
