"""What was told, to whom it went, and what nobody wants to hear of for a while."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from store.tables.columns import UtcDateTime, mention_key, metadata

alert = Table(
    "alert",
    metadata,
    Column("brand_id", Integer, ForeignKey("brand.id"), primary_key=True, autoincrement=False),
    # Short, of the brand and the key: the same is never told twice.
    Column("id", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("touchpoints", JSON, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    # What was known then, of which sentences are made in either language.
    Column("facts", JSON, nullable=False),
    # The parameters of the list of its mentions; none where it is of no mentions.
    Column("query", Text),
    Column("found_at", UtcDateTime, nullable=False),
    Column("acknowledged_by", Text),
    Column("acknowledged_at", UtcDateTime),
    UniqueConstraint("brand_id", "key"),
    Index("ix_alert_found", "found_at"),
)


def _alert_key() -> tuple[Column[int], Column[str], ForeignKeyConstraint]:
    return (
        Column("brand_id", Integer, primary_key=True, autoincrement=False),
        Column("alert_id", Text, primary_key=True),
        ForeignKeyConstraint(
            ["brand_id", "alert_id"], ["alert.brand_id", "alert.id"], ondelete="CASCADE"
        ),
    )


alert_mention = Table(
    "alert_mention",
    metadata,
    *_alert_key(),
    mention_key(primary_key=True, autoincrement=False, index=True),
    Column("place", Integer, nullable=False),
)

alert_delivery = Table(
    "alert_delivery",
    metadata,
    *_alert_key(),
    Column("channel", Text, primary_key=True),
    # Whether it tells the alert once more.
    Column("reminder", Boolean, primary_key=True),
    # "" where it goes alone.
    Column("digest", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("tried_at", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Column("error", Text),
    Index("ix_alert_delivery_due", "status", "due_at"),
)

alert_mute = Table(
    "alert_mute",
    metadata,
    Column("id", Integer, primary_key=True),
    # NULL and "" are all: a mute may be of every brand.
    Column("brand_id", Integer, ForeignKey("brand.id")),
    Column("kind", Text, nullable=False),
    Column("touchpoint", Text, nullable=False),
    Column("until", Date, nullable=False),
    Column("muted_by", Text, nullable=False),
    Column("muted_at", UtcDateTime, nullable=False),
)
