"""What was said, by who owns it: the source, the model, a person."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    func,
    literal_column,
)

from store.tables.columns import UtcDateTime, mention_key, metadata

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

brand = Table(
    "brand",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
)

_IS_ANSWER = literal_column("parent_id").is_not(None)
"""Most mentions answer nothing."""

mention = Table(
    "mention",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("brand_id", Integer, ForeignKey("brand.id"), nullable=False),
    Column("source", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_hash", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("stars", Float),
    Column("author_key", Text),
    Column("published_at", UtcDateTime),
    Column("edited_at", UtcDateTime),
    Column("url", Text),
    Column("reply", Text),
    Column("reply_at", UtcDateTime),
    Column("language", Text),
    Column("product", Text),
    Column("version", Text),
    Column("parent_id", Text),
    Column("attributes", JSON, nullable=False),
    Column("collected_at", UtcDateTime, nullable=False),
    Column("deleted_at", UtcDateTime),
    UniqueConstraint("brand_id", "source", "external_id"),
    Index(
        "ix_mention_parent",
        *("brand_id", "source", "parent_id"),
        sqlite_where=_IS_ANSWER,
        postgresql_where=_IS_ANSWER,
    ),
)
Index(
    "ix_mention_age",
    *(mention.c.brand_id, mention.c.source),
    func.coalesce(mention.c.published_at, mention.c.collected_at),
    sqlite_where=mention.c.deleted_at.is_(None),
    postgresql_where=mention.c.deleted_at.is_(None),
)

mention_version = Table(
    "mention_version",
    metadata,
    Column("id", Integer, primary_key=True),
    mention_key(nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("stars", Float),
    Column("replaced_at", UtcDateTime, nullable=False),
)

tag = Table(
    "tag",
    metadata,
    mention_key(primary_key=True),
    Column("text_hash", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("sentiment", Text, nullable=False),
    Column("complaint", Boolean, nullable=False),
    Column("touchpoints", JSON, nullable=False),
    Column("signals", JSON, nullable=False),
    Column("scores", JSON, nullable=False),
    Column("tagged_at", UtcDateTime, nullable=False, index=True),
    Index("ix_tag_model", "model", "mention_id"),
)

model = Table(
    "model",
    metadata,
    Column("version", Text, primary_key=True),
    Column("quality", JSON, nullable=False),
    Column("used_at", UtcDateTime, nullable=False),
)

correction = Table(
    "correction",
    metadata,
    mention_key(primary_key=True),
    Column("sentiment", Text, nullable=False),
    Column("complaint", Boolean, nullable=False),
    Column("touchpoints", JSON, nullable=False),
    Column("signals", JSON, nullable=False),
    Column("corrected_by", Text, nullable=False),
    Column("corrected_at", UtcDateTime, nullable=False),
)
