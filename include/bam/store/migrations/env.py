"""Alembic's entry: run the migrations on the connection that `bam.store.migrate` hands over."""

from alembic import context

from bam.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
context.run_migrations()
