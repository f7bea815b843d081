"""Whom and what people have asked to be erased, by hashes that only the installation can make."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from store.tables.columns import UtcDateTime, metadata

# Of all brands: a person who is not kept is kept for none.
erasure = Table(
    "erasure",
    metadata,
    Column("hash", Text, primary_key=True),
    # `author` or `item`.
    Column("kind", Text, nullable=False),
    Column("erased_at", UtcDateTime, nullable=False),
)
