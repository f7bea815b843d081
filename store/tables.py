"""Every table of the store. SQL lives in this package and nowhere else.

Three tables hold one text, by who owns it: `mention` is the source's, `tag` the model's,
`correction` a person's. `label` and `label_touchpoint` are what a reader sees (the correction
where there is one, else the tag), narrow and indexed so that a list reads an index and nothing
else; `daily_count` and `daily_touchpoint` are its counts per day, `monthly_…` the same per month;
`wording` is every different text once, with how useful a person's word on it would be; `copy` is
every text that many accounts have copied, by group, the first of each not a `repeat`.
All of these are derived, written by `store.labels.relabel` alone.

`survey_answer` and `customer_count` hold what `store.surveys` is given, each number as it came.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    literal_column,
)

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


def _mention_key(**options: Any) -> Column[int]:
    return Column("mention_id", Integer, ForeignKey("mention.id", ondelete="CASCADE"), **options)


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
)

mention_version = Table(
    "mention_version",
    metadata,
    Column("id", Integer, primary_key=True),
    _mention_key(nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("stars", Float),
    Column("replaced_at", UtcDateTime, nullable=False),
)

tag = Table(
    "tag",
    metadata,
    _mention_key(primary_key=True),
    Column("text_hash", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("sentiment", Text, nullable=False),
    Column("complaint", Boolean, nullable=False),
    Column("touchpoints", JSON, nullable=False),
    Column("signals", JSON, nullable=False),
    Column("scores", JSON, nullable=False),
    Column("tagged_at", UtcDateTime, nullable=False),
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
    _mention_key(primary_key=True),
    Column("sentiment", Text, nullable=False),
    Column("complaint", Boolean, nullable=False),
    Column("touchpoints", JSON, nullable=False),
    Column("signals", JSON, nullable=False),
    Column("corrected_by", Text, nullable=False),
    Column("corrected_at", UtcDateTime, nullable=False),
)

# A list goes down an index by date and looks no row up that its filter leaves out: what it
# filters by stands in the index. `source` is filtered by rarely and stays outside.
_LISTED_BY = ("sentiment", "complaint", "channel", "language")

label = Table(
    "label",
    metadata,
    _mention_key(primary_key=True, autoincrement=False),
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
    Index("ix_label_brand_list", "brand_id", "sort_at", "mention_id", *_LISTED_BY, "stars"),
    Index("ix_label_list", "sort_at", "mention_id", "brand_id", *_LISTED_BY, "stars"),
    Index("ix_label_wording", "text_hash", "brand_id", "sort_at", "mention_id"),
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
    _mention_key(primary_key=True, autoincrement=False),
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


def _rollup(name: str, keys: tuple[str, ...], sums: tuple[str, ...] = ()) -> Table:
    types: dict[str, Any] = {"brand_id": Integer, "day": Date}
    return Table(
        name,
        metadata,
        *(Column(key, types.get(key, Text), primary_key=True, autoincrement=False) for key in keys),
        Column("n", Integer, nullable=False),
        Column("complaints", Integer, nullable=False),
        *(Column(sum, Integer if sum == "stars_n" else Float, nullable=False) for sum in sums),
        sqlite_with_rowid=False,
    )


# The keys are in the order of what is asked most, which then needs no sorting: some days by
# sentiment, some days by touchpoint, all months by touchpoint and channel.
_COUNT = ("brand_id", "day", "sentiment", "channel", "language", "source")
_STARS = ("stars_n", "stars_sum", "stars_squares")

daily_count = _rollup("daily_count", _COUNT, _STARS)
monthly_count = _rollup("monthly_count", _COUNT, _STARS)
daily_touchpoint = _rollup(
    "daily_touchpoint",
    ("brand_id", "day", "touchpoint", "polarity", "channel", "language", "source"),
)
monthly_touchpoint = _rollup(
    "monthly_touchpoint",
    ("brand_id", "touchpoint", "polarity", "channel", "day", "language", "source"),
)

MONTHLY = {daily_count: monthly_count, daily_touchpoint: monthly_touchpoint}
"""Each daily rollup's sums per month; their `day` is the first of the month."""

copy = Table(
    "copy",
    metadata,
    _mention_key(primary_key=True, autoincrement=False),
    Column("brand_id", Integer, nullable=False),
    Column("group_id", Integer, nullable=False, index=True),
    Column("repeat", Boolean, nullable=False),
    Index("ix_copy_brand_repeat", "brand_id", "repeat", "mention_id"),
)

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
    Column("touchpoint", Text),
    Column("channel", Text, nullable=False),
    Column("segment", Text),
    # The words stand in the mention alone, where they are masked, edited and erased.
    Column("mention_id", Integer, ForeignKey("mention.id", ondelete="SET NULL"), index=True),
    Column("collected_at", UtcDateTime, nullable=False),
    UniqueConstraint("brand_id", "source", "external_id"),
    Index("ix_survey_answer_asked", "brand_id", "metric", "answered_at"),
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

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("status", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("got", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("edited", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("deleted", Integer, nullable=False),
    Column("skipped", JSON, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("error", Text),
    Column("retry_at", UtcDateTime),
    Column("quota_left", BigInteger),
)

bad_record = Table(
    "bad_record",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("record", Text, nullable=False),
)

cursor = Table(
    "cursor",
    metadata,
    Column("source", Text, primary_key=True),
    Column("value", JSON, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)
