"""Who may do what, people and programs, and who did what."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from store.tables.columns import UtcDateTime, metadata

membership = Table(
    "membership",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", Text, nullable=False),
    # NULL for all brands; no two NULLs are equal, so `store.members` replaces rather than adds.
    Column("brand_id", Integer, ForeignKey("brand.id")),
    Column("role", Text, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    UniqueConstraint("email", "brand_id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("did", Text, nullable=False),
    # NULL where it is about no brand, or about several.
    Column("brand_id", Integer, ForeignKey("brand.id")),
    Column("about", JSON, nullable=False),
    Index("ix_audit_at", "at", "id"),
)

token = Table(
    "token",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("digest", Text, nullable=False, unique=True),
    # The ids of the brands it reads; NULL for all.
    Column("brands", JSON(none_as_null=True)),
    Column("per_minute", Integer, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)
