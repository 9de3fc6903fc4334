"""`bam db`: the schema of the database."""

from __future__ import annotations

import click


@click.group()
def command() -> None:
    """Bring the database to the schema of this version, or see which one it has."""


@command.command()
def upgrade() -> None:
    """Upgrade the database; every row is kept. Other commands do the same when they open an older database."""
    from bam.settings import read_settings
    from bam.store.engine import Store
    from bam.store.migrate import upgrade as bring_up
    from bam.store.migrations import HEAD

    store = Store.connect(read_settings().database_url)
    with store.write() as connection:
        before = bring_up(connection)
    if before == HEAD:
        click.echo(f"The database has the schema {HEAD} already.")
    else:
        click.echo(f"The database has the schema {HEAD} now" + (f"; it had {before}." if before else "; it was new."))


@command.command()
def status() -> None:
    """Print the schema of the database and the one that this version writes."""
    from bam.settings import read_settings
    from bam.store.engine import Store
    from bam.store.migrate import schema_version
    from bam.store.migrations import HEAD

    store = Store.connect(read_settings().database_url)
    with store.read() as connection:
        click.echo(f"database {schema_version(connection) or 'without tables'}, this version {HEAD}")
