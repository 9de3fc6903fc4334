"""`bam init-stack`: what docker-compose.yml runs once before the other services start."""

from __future__ import annotations

import os
import subprocess
import sys

import click
import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from bam.model.errors import ConfigurationError
from bam.settings import read_settings
from bam.store.engine import Store


@click.command()
def command() -> None:
    """Prepare the databases of the production stack: the store's, Airflow's, and the first user of the web interface.

    Reads BAM_DATABASE_URL, Airflow's own settings, and AIRFLOW_ADMIN_USER, AIRFLOW_ADMIN_PASSWORD and AIRFLOW_ADMIN_EMAIL.
    May be run again at any time: what exists stays as it is.
    """
    url = make_url(read_settings().database_url)
    if url.get_backend_name() == "postgresql" and _make_database(url):
        click.echo(f"Made the database {url.database}")
    Store.open(read_settings().database_url)
    click.echo("The store is ready")
    _airflow("db", "migrate")
    user, password = os.environ.get("AIRFLOW_ADMIN_USER", "admin"), os.environ.get("AIRFLOW_ADMIN_PASSWORD")
    if not password:
        raise ConfigurationError(
            "the password of the first user is missing", where="AIRFLOW_ADMIN_PASSWORD", remedy="Set it in .env."
        )
    email = os.environ.get("AIRFLOW_ADMIN_EMAIL", "admin@example.org")
    name = ("--firstname", "Border", "--lastname", "Monitor")
    _airflow("users", "create", "--role", "Admin", "--username", user, "--password", password, "--email", email, *name)
    click.echo(f"Airflow is ready; log in as {user}")


def _make_database(url: URL) -> bool:
    """Create the database of the address where the server lacks it; returns whether it was made."""
    server = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True, client_encoding="utf8") as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [url.database]).fetchone()
        if known is None:
            # UTF-8 whatever the server's own default is: texts come in every script.
            statement = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(
                sql.Identifier(url.database or "")
            )
            connection.execute(statement)
    return known is None


def _airflow(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", "airflow", *arguments], check=False)
    if done.returncode != 0:
        raise ConfigurationError(
            f"airflow {' '.join(arguments[:2])} failed", where="init-stack", remedy="Its own message above says why."
        )
