"""The one MetaData that all tables belong to, and the column types that every step shares."""

from __future__ import annotations

from sqlalchemy import JSON, MetaData, String
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = String(40)
"""A content id or another short key."""

Timestamp = String(32)
"""ISO 8601 in UTC with microseconds and `+00:00`: text compares as time on every database."""

DatePrefix = String(10)
"""An ISO date prefix."""

Json = JSON().with_variant(JSONB(), "postgresql")
