"""What all tables are made of: their names, their times, and what stands for nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, ForeignKey, Integer, MetaData, TypeDecorator

UNDATED_DAY = date(1900, 1, 1)
"""Stands in `label.day` and the rollups for "no time known", so that keys are never NULL."""

UNDATED = datetime(1900, 1, 1, tzinfo=UTC)
"""The same for `label.sort_at`: undated mentions list last."""

UNTAGGED = "untagged"
"""The sentiment of a mention that no model and no person has looked at."""


UNPLACED = "unplaced"
"""The touchpoint, in labels and rollups, of a complaint that speaks badly of none."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime in both dialects; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC; a naive value is a mistake of the caller and raises ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return it aware, in UTC."""
        if value is None:
            return None
        result: datetime = value
        return result.replace(tzinfo=UTC) if result.tzinfo is None else result.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def mention_key(**options: Any) -> Column[int]:
    """Return the column that names a mention, and goes with it."""
    return Column("mention_id", Integer, ForeignKey("mention.id", ondelete="CASCADE"), **options)
