"""What surveys, people and jobs have put on record beside the mentions."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from store.tables.columns import UtcDateTime, mention_key, metadata

survey_answer = Table(
    "survey_answer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("brand_id", Integer, ForeignKey("brand.id"), nullable=False),
    Column("source", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("metric", Text, nullable=False),
    Column("score", Float, nullable=False),
    Column("low", Float, nullable=False),
    Column("high", Float, nullable=False),
    Column("higher_is_better", Boolean, nullable=False),
    Column("answered_at", UtcDateTime),
    # The first of it, in the store's zone, as the days of mentions are.
    Column("month", Date),
    Column("touchpoint", Text),
    Column("channel", Text, nullable=False),
    Column("segment", Text),
    # The words stand in the mention alone, where they are masked, edited and erased.
    Column("mention_id", Integer, ForeignKey("mention.id", ondelete="SET NULL"), index=True),
    Column("collected_at", UtcDateTime, nullable=False),
    UniqueConstraint("brand_id", "source", "external_id"),
    Index("ix_survey_answer_asked", "brand_id", "metric", "answered_at"),
    # In the order that answers are counted by: the index is read once, and nothing sorted.
    Index(
        "ix_survey_answer_counted",
        *("brand_id", "metric", "low", "high", "higher_is_better", "touchpoint", "channel"),
        *("segment", "source", "month", "score", "answered_at"),
    ),
)

customer_count = Table(
    "customer_count",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("brand_id", Integer, ForeignKey("brand.id"), nullable=False),
    Column("source", Text, nullable=False),
    Column("month", Date, nullable=False),
    # "" for all customers: no two NULLs are equal.
    Column("segment", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("lost", Integer, nullable=False),
    Column("collected_at", UtcDateTime, nullable=False),
    UniqueConstraint("brand_id", "source", "month", "segment"),
)

mark = Table(
    "mark",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    mention_key(primary_key=True, autoincrement=False, index=True),
    sqlite_with_rowid=False,
)

promise = Table(
    "promise",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("brand_id", Integer, ForeignKey("brand.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("touchpoint", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("broken", Text, nullable=False),
    Column("kept", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

action = Table(
    "action",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("brand_id", Integer, ForeignKey("brand.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("touchpoint", Text),
    Column("day", Date, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

theme = Table(
    "theme",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("brand_id", Integer, ForeignKey("brand.id"), nullable=False),
    Column("polarity", Text, nullable=False),
    Column("words", JSON, nullable=False),
    Column("centroid", LargeBinary, nullable=False),
    Column("model", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("uncounted", Integer, nullable=False, server_default="0"),
    Column("first_seen", Date),
    Column("found_at", UtcDateTime, nullable=False),
    Column("merged_into", Integer),
)

theme_change = Table(
    "theme_change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("theme_id", Integer, ForeignKey("theme.id"), nullable=False),
    Column("other_id", Integer),
    Column("change", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

theme_space = Table(
    "theme_space",
    metadata,
    Column("brand_id", Integer, ForeignKey("brand.id"), primary_key=True, autoincrement=False),
    Column("polarity", Text, primary_key=True),
    Column("model", Text, nullable=False),
    Column("space", LargeBinary, nullable=False),
    Column("cut", Float, nullable=False),
    Column("texts", Integer, nullable=False),
    Column("added", Integer, nullable=False, server_default="0"),
    Column("looked_at", UtcDateTime),
)

vector_space = Table(
    "vector_space",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("brand_id", Integer, ForeignKey("brand.id"), nullable=False),
    Column("polarity", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("space", LargeBinary, nullable=False),
    Column("texts", Integer, nullable=False),
    Column("complete", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("brand_id", "polarity"),
)

vector = Table(
    "vector",
    metadata,
    Column("space_id", Integer, ForeignKey("vector_space.id"), primary_key=True),
    # Half as long as in hex: it is a fifth of the row.
    Column("text_hash", LargeBinary, primary_key=True),
    Column("vector", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
