"""The store: SQL through SQLAlchemy, SQLite (WAL) as the embedded default and PostgreSQL beyond.

`engine` opens it, `schema/` holds the tables (one module per step of the way), and each other module reads and writes the
rows of one step.
"""
