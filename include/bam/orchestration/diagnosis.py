"""Is everything here that the monitor needs? One finding per part of the installation, each fault with what to do about it."""

from __future__ import annotations

import json
import os
import shutil
import smtplib
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from bam import __version__
from bam.model.errors import BamError
from bam.settings import Settings

DISTRIBUTION = "border-assistance-monitor"
SHOWN_VERSIONS = ("apache-airflow", "great-expectations", "pandas", "weasyprint", "sqlalchemy")
PYTHONS = ((3, 11), (3, 14))

DISK_FAULT_BYTES = 200 * 2**20
DISK_WARNING_BYTES = 2 * 2**30
"""A year of a daily news agency with its PDFs takes about 1 GB; below the fault level a run may not end."""

CLOCK_TOLERANCE = timedelta(minutes=2)


class State(StrEnum):
    """How a part of the installation is."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen at one part of the installation, and what to do where it isn't as it should be."""

    subject: str
    state: State
    what: str
    remedy: str = ""


class Trouble(Exception):
    """Raised by an examination that finds a fault or, with `is_warning`, something to know."""

    def __init__(self, what: str, remedy: str, *, is_warning: bool = False) -> None:
        super().__init__(what)
        self.what, self.remedy, self.is_warning = what, remedy, is_warning


def diagnose(settings: Settings, environ: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    """Examine one part after the other. `now` is the machine's time (UTC)."""
    examinations: list[tuple[str, Callable[[], str]]] = [
        ("Python", _python),
        ("libraries", _libraries),
        ("PDF", _pdf),
        ("fonts", lambda: _fonts(settings)),
        ("portfolio", lambda: _portfolio(settings)),
        ("database", lambda: _database(settings)),
        ("archive", lambda: _archive(settings)),
        ("disk", lambda: _disk(settings)),
        ("clock", lambda: _clock(settings, now)),
        ("mail", lambda: _mail(settings)),
        ("Airflow", lambda: _airflow(settings, environ)),
        ("DAGs", lambda: _dags(settings, environ)),
    ]
    for subject, examine in examinations:
        yield _finding(subject, examine)


def _finding(subject: str, examine: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, State.OK, examine())
    except Trouble as trouble:
        return Finding(subject, State.WARNING if trouble.is_warning else State.FAULT, trouble.what, trouble.remedy)
    except BamError as error:
        return Finding(subject, State.FAULT, f"{error.where}: {error.what}" if error.where else error.what, error.remedy)


def _python() -> str:
    here = sys.version_info[:2]
    if not PYTHONS[0] <= here < PYTHONS[1]:
        raise Trouble(f"{sys.version.split()[0]} is not supported", "Use Python 3.11, 3.12 or 3.13.")
    return sys.version.split()[0]


def _libraries() -> str:
    wrong = []
    for line in requires(DISTRIBUTION) or []:
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            installed = version(requirement.name)
        except PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        if not requirement.specifier.contains(installed, prereleases=True):
            wrong.append(f"{requirement.name} is {installed}, not {requirement.specifier}")
    if wrong:
        raise Trouble("; ".join(wrong), "Run `make setup`, which installs what the lock file names.")
    return f"monitor {__version__}, " + ", ".join(f"{name} {version(name)}" for name in SHOWN_VERSIONS)


def _pdf() -> str:
    try:
        import weasyprint
    except OSError as error:
        packages = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        raise Trouble(f"WeasyPrint misses a system library ({error})", f"Install it: apt-get install {packages}") from error
    return f"WeasyPrint {weasyprint.__version__} finds its libraries"


def _fonts(settings: Settings) -> str:
    folder = settings.templates / "fonts"
    fonts = sorted(folder.glob("*.ttf"))
    if not fonts:
        raise Trouble(f"{folder} has no fonts", "Restore the folder from the repository, or correct BAM_TEMPLATES.")
    return f"{len(fonts)} in {folder}"


def _portfolio(settings: Settings) -> str:
    from bam.portfolio.load import load_portfolio

    portfolio = load_portfolio(settings.portfolio)
    enabled = sum(source.enabled for source in portfolio.sources)
    if not enabled:
        raise Trouble("no source is enabled", f"Add one to {settings.portfolio / 'sources.yml'}.", is_warning=True)
    return f"{portfolio.about.title}: {enabled} sources, {len(portfolio.briefs)} briefs"


def _database(settings: Settings) -> str:
    from bam.store.engine import Store

    store = Store.open(settings.database_url)
    try:
        with store.write() as connection:
            connection.rollback()
        return f"{store.engine.dialect.name}, can be written: {store.engine.url.render_as_string(hide_password=True)}"
    finally:
        store.engine.dispose()


def _archive(settings: Settings) -> str:
    if "://" in settings.archive_url:
        from upath import UPath

        try:
            UPath(settings.archive_url).exists()
        except Exception as error:  # every object store raises errors of its own
            raise Trouble(
                f"{settings.archive_url} can't be reached ({error})", "Check BAM_ARCHIVE_URL and the access keys."
            ) from error
        return settings.archive_url
    folder = Path(settings.archive_url).expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder):
            return str(folder)
    except OSError as error:
        raise Trouble(
            f"{folder} can't be written ({error.strerror})", "Give this user the right to, or set BAM_ARCHIVE_URL."
        ) from error


def _disk(settings: Settings) -> str:
    free = shutil.disk_usage(settings.home if settings.home.exists() else settings.home.parent).free
    what = f"{free / 2**30:.1f} GB free below {settings.home}"
    if free < DISK_WARNING_BYTES:
        raise Trouble(what, "Make room before the next run.", is_warning=free >= DISK_FAULT_BYTES)
    return what


def _clock(settings: Settings, now: datetime) -> str:
    """The machine's clock against what the store has recorded: time that runs backwards would spoil both clocks of the data."""
    from sqlalchemy import func, select

    from bam.store.engine import Store
    from bam.store.schema.documents import versions

    shown = f"{now:%Y-%m-%d %H:%M} UTC"
    store = Store.open(settings.database_url)
    try:
        with store.read() as connection:
            latest = connection.execute(select(func.max(versions.c.recorded_at))).scalar()
            server = connection.execute(select(func.now())).scalar() if store.engine.dialect.name == "postgresql" else None
    finally:
        store.engine.dispose()
    if latest and datetime.fromisoformat(latest) > now + CLOCK_TOLERANCE:
        raise Trouble(f"it shows {shown}, but documents were recorded at {latest[:16]}", "Set the machine's clock.")
    if server and abs(server.astimezone(UTC) - now) > CLOCK_TOLERANCE:
        raise Trouble(f"it shows {shown}, the database {server:%Y-%m-%d %H:%M}", "Set the clock that is wrong.")
    return shown


def _mail(settings: Settings) -> str:
    from bam.delivery.channels.smtp_server import SmtpServer

    if not settings.smtp_url:
        return f"no server is set (BAM_SMTP_URL), mails are kept as files in {settings.outbox}"
    server = SmtpServer.from_url(settings.smtp_url)
    trust = ssl.create_default_context(cafile=server.cafile)
    try:
        with (
            smtplib.SMTP_SSL(server.host, server.port, timeout=10, context=trust)
            if server.security == "tls"
            else smtplib.SMTP(server.host, server.port, timeout=10)
        ) as client:
            if server.security == "starttls":
                client.starttls(context=trust)
            if server.user:
                client.login(server.user, server.password or "")
            client.noop()
    except (OSError, smtplib.SMTPException) as error:
        raise Trouble(f"{server.host}:{server.port} doesn't take mail from us ({error})", "Check BAM_SMTP_URL.") from error
    return f"{server.host}:{server.port} answers"


def _airflow(settings: Settings, environ: Mapping[str, str]) -> str:
    from bam.orchestration.launcher import running_airflow
    from bam.orchestration.remote import connect

    if not environ.get("BAM_AIRFLOW_URL") and running_airflow(settings) is None:
        return "not running; `make up` starts it"
    with connect(settings, environ) as client:
        health = client.health()
        if health is None:
            raise Trouble(f"{client.address} doesn't answer", "Wait a minute, or start it again.")
        sick = [name for name, part in health.items() if part.get("status") not in ("healthy", None)]
        if sick:
            raise Trouble(
                f"{', '.join(sick)} of {client.address} gives no sign of life", "Start Airflow again; its logs tell why."
            )
        return f"{client.address} is healthy"


_LIST_DAGS = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1])
errors = {file: text.strip().splitlines()[-1] for file, text in bag.import_errors.items()}
print(json.dumps({"dags": len(bag.dags), "errors": errors}))
"""


def _dags(settings: Settings, environ: Mapping[str, str]) -> str:
    from bam.orchestration.home import DAGS_FOLDER

    with tempfile.TemporaryDirectory() as scratch:
        process = subprocess.run(
            [sys.executable, "-c", _LIST_DAGS, str(DAGS_FOLDER)],
            env={**os.environ, **environ, "AIRFLOW_HOME": scratch, "BAM_PORTFOLIO": str(settings.portfolio)},
            capture_output=True,
            text=True,
            check=False,
        )
    if process.returncode:
        last = (process.stderr.strip() or "no message").splitlines()[-1]
        raise Trouble(f"Airflow can't be imported ({last})", "Run `make setup`.")
    found = json.loads(process.stdout.splitlines()[-1])
    if found["errors"]:
        file, error = next(iter(found["errors"].items()))
        raise Trouble(f"{Path(file).name} can't be parsed: {error}", "Correct the file or the portfolio that it names.")
    return f"{found['dags']} in {DAGS_FOLDER}"
