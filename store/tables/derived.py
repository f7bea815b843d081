"""What a reader sees, in the shape of what is asked: labels, and their counts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
    text,
)

from store.tables.columns import UtcDateTime, mention_key, metadata

# A list goes down an index by date and looks no row up that its filter leaves out: what it
# filters by stands in the index, and what is added up per mention beside it.
_LISTED_BY = ("sentiment", "complaint", "channel", "language")
_COUNTED = ("stars", "profile_id", "source")

label = Table(
    "label",
    metadata,
    mention_key(primary_key=True, autoincrement=False),
    Column("brand_id", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("sort_at", UtcDateTime, nullable=False),
    Column("channel", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("sentiment", Text, nullable=False),
    Column("complaint", Boolean, nullable=False),
    Column("stars", Float),
    # NULL where there is no text: deleted, or stars alone.
    Column("text_hash", Text),
    Column("corrected", Boolean, nullable=False, server_default=false()),
    # The text has no tag, or changed since.
    Column("waits", Boolean, nullable=False, server_default=false()),
    Column("profile_id", Integer, nullable=False),
    Index("ix_label_brand_list", "brand_id", "sort_at", "mention_id", *_LISTED_BY, *_COUNTED),
    Index("ix_label_list", "sort_at", "mention_id", "brand_id", *_LISTED_BY, *_COUNTED),
    Index("ix_label_wording", "text_hash", "brand_id", "sort_at", "mention_id"),
)
Index(
    "ix_label_waits",
    label.c.mention_id,
    sqlite_where=text("waits = 1"),  # as it is asked for there
    postgresql_where=text("waits"),
)

wording = Table(
    "wording",
    metadata,
    # Every change of a row takes a number in PostgreSQL, used or not: 32 bits would run out.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("brand_id", Integer, nullable=False),
    Column("text_hash", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("corrected", Integer, nullable=False),
    Column("uncertainty", Float),
    Column("usefulness", Float, nullable=False),
    UniqueConstraint("text_hash", "brand_id"),
)

USEFUL = wording.c.usefulness > literal_column("0")
"""Of a wording: whether to offer it. Written out, so that the indexes of these alone fit."""

for _name, _columns in (
    ("ix_wording_brand_useful", (wording.c.brand_id, wording.c.usefulness, wording.c.id)),
    ("ix_wording_useful", (wording.c.usefulness, wording.c.id, wording.c.brand_id)),
):
    Index(_name, *_columns, sqlite_where=USEFUL, postgresql_where=USEFUL)

label_touchpoint = Table(
    "label_touchpoint",
    metadata,
    mention_key(primary_key=True, autoincrement=False),
    Column("touchpoint", Text, primary_key=True),
    Column("polarity", Text, nullable=False),
    Column("brand_id", Integer, nullable=False),
    Column("sort_at", UtcDateTime, nullable=False),
    Column("channel", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("sentiment", Text, nullable=False),
    Column("complaint", Boolean, nullable=False),
    Index(
        "ix_label_touchpoint_brand_list",
        *("brand_id", "touchpoint", "sort_at", "mention_id", "polarity"),
        *_LISTED_BY,
    ),
    Index(
        "ix_label_touchpoint_list",
        *("touchpoint", "sort_at", "mention_id", "brand_id", "polarity"),
        *_LISTED_BY,
    ),
    sqlite_with_rowid=False,
)


profile = Table(
    "profile",
    metadata,
    Column("id", Integer, primary_key=True),
    # Each name between spaces, so that one is found whole: " delivery:negative price:neutral ".
    Column("touchpoints", Text, nullable=False),
    Column("signals", Text, nullable=False),
    Column("sentiment", Text, nullable=False),
    Column("complaint", Boolean, nullable=False),
    UniqueConstraint("touchpoints", "signals", "sentiment", "complaint"),
)

facet = Table(
    "facet",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("value", Text, nullable=False),
    UniqueConstraint("name", "value"),
)

label_facet = Table(
    "label_facet",
    metadata,
    # By profile first: what is counted most then comes in order.
    Column("facet_id", Integer, primary_key=True, autoincrement=False),
    Column("profile_id", Integer, primary_key=True, autoincrement=False),
    Column("brand_id", Integer, primary_key=True, autoincrement=False),
    Column("sort_at", UtcDateTime, primary_key=True),
    mention_key(primary_key=True, autoincrement=False, index=True),
    Column("channel", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("stars", Float),
    sqlite_with_rowid=False,
)

label_reply = Table(
    "label_reply",
    metadata,
    mention_key(primary_key=True, autoincrement=False),
    Column("brand_id", Integer, nullable=False),
    Column("sort_at", UtcDateTime, nullable=False),
    Column("channel", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("profile_id", Integer, nullable=False),
    Column("stars", Float),
    # Whether an answer is known; a ticket may be resolved without one.
    Column("answered", Boolean, nullable=False),
    # Minutes since 1970: read by the hundred thousand, which as times takes ten times as long.
    Column("said", Integer),
    Column("replied", Integer),
    Column("resolved", Integer),
    Index("ix_label_reply_brand_id_sort_at", "brand_id", "sort_at"),
)


def _rollup(name: str, keys: tuple[str, ...], sums: tuple[str, ...]) -> Table:
    types: dict[str, Any] = {"brand_id": Integer, "day": Date, "profile_id": Integer}
    values: dict[str, Any] = {"n": Integer, "complaints": Integer, "stars_n": Integer}
    return Table(
        name,
        metadata,
        *(Column(key, types.get(key, Text), primary_key=True, autoincrement=False) for key in keys),
        *(Column(sum, values.get(sum, Float), nullable=False) for sum in sums),
        sqlite_with_rowid=False,
    )


# The keys are in the order of what is asked most, which then needs no sorting: some days by
# sentiment, some days by touchpoint, all months by touchpoint and channel.
_COUNT = ("brand_id", "day", "sentiment", "channel", "language", "source")
_STARS = ("stars_n", "stars_sum", "stars_squares")
_BOTH = ("n", "complaints")

daily_count = _rollup("daily_count", _COUNT, (*_BOTH, *_STARS))
monthly_count = _rollup("monthly_count", _COUNT, (*_BOTH, *_STARS))
daily_touchpoint = _rollup(
    "daily_touchpoint",
    ("brand_id", "day", "touchpoint", "polarity", "channel", "language", "source"),
    _BOTH,
)
monthly_touchpoint = _rollup(
    "monthly_touchpoint",
    ("brand_id", "touchpoint", "polarity", "channel", "day", "language", "source"),
    _BOTH,
)
monthly_profile = _rollup(
    "monthly_profile",
    ("brand_id", "profile_id", "day", "channel", "language", "source"),
    ("n", *_STARS),
)

MONTHLY = {daily_count: monthly_count, daily_touchpoint: monthly_touchpoint}
"""Each daily rollup's sums per month; their `day` is the first of the month."""

copy = Table(
    "copy",
    metadata,
    mention_key(primary_key=True, autoincrement=False),
    Column("brand_id", Integer, nullable=False),
    Column("group_id", Integer, nullable=False, index=True),
    Column("repeat", Boolean, nullable=False),
    Index("ix_copy_brand_repeat", "brand_id", "repeat", "mention_id"),
)

sketch = Table(
    "sketch",
    metadata,
    Column("brand_id", Integer, nullable=False),
    Column("day", Date, nullable=False),
    mention_key(nullable=False, index=True),
    Column("sketch", LargeBinary, nullable=False),
    # They are read by the month of a brand, in this order, and from the key alone.
    PrimaryKeyConstraint("brand_id", "day", "mention_id", postgresql_include=["sketch"]),
    sqlite_with_rowid=False,
)
