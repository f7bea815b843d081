"""What people have done with mentions: cases, saved views, corrections that they replaced."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Integer, Table, Text

from store.tables.columns import UtcDateTime, mention_key, metadata

mention_case = Table(
    "mention_case",
    metadata,
    mention_key(primary_key=True, autoincrement=False),
    Column("owner", Text),
    Column("status", Text, nullable=False, index=True),
    Column("note", Text),
    Column("due", Date),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

case_change = Table(
    "case_change",
    metadata,
    Column("id", Integer, primary_key=True),
    mention_key(nullable=False, index=True),
    Column("field", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

saved_view = Table(
    "saved_view",
    metadata,
    Column("name", Text, primary_key=True),
    Column("page", Text, nullable=False),
    Column("query", Text, nullable=False),
    # NULL where it is about no one brand: those who have all brands see it.
    Column("brand_id", Integer, ForeignKey("brand.id")),
    Column("saved_by", Text, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
)

replaced_correction = Table(
    "replaced_correction",
    metadata,
    mention_key(primary_key=True, autoincrement=False),
    # The correction that took its place: who made it is in that one.
    Column("replaced_at", UtcDateTime, nullable=False),
    Column("sentiment", Text, nullable=False),
    Column("complaint", Boolean, nullable=False),
    Column("touchpoints", JSON, nullable=False),
    Column("signals", JSON, nullable=False),
    Column("corrected_by", Text, nullable=False),
    Column("corrected_at", UtcDateTime, nullable=False),
)
