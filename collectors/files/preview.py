"""What an import would do, for people to look at before it does it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from collectors.files.delimited import ONE_COLUMN
from collectors.files.plan import Plan, Wishes, make_plan
from simak.errors import BadRecord
from simak.mention import RawMention

_ROWS = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """How a file is understood, and its first rows so read.

    Attributes:
        format: `csv`, `tsv`, `jsonl` or `xlsx`.
        encoding: None for XLSX.
        separator: None where there is none.
        source: what `mention.source` becomes.
        channel: of rows that do not say it themselves.
        mapping: field to column.
        brand_column: the column that holds the brand of each row.
        attributes: columns that are kept with the mention.
        left_out: columns that are not.
        rows: the first mentions, field to value, empty fields left out.
        notes: what was assumed and what could not be read, in words.
    """

    path: Path
    format: str
    gzipped: bool
    encoding: str | None
    separator: str | None
    preset: str
    source: str
    channel: str
    mapping: dict[str, str]
    brand_column: str | None
    attributes: list[str]
    left_out: list[str]
    rows: list[dict[str, str]]
    notes: list[str]


def preview(wishes: Wishes, *, brand: str = "") -> Preview:
    """Look at a file and import nothing.

    Args:
        brand: of rows that do not say it themselves.

    Raises:
        ConfigurationError: as `make_plan`.

    Example:
        >>> preview(Wishes(path=Path("reviews.csv")), brand="Kopi Senja").mapping  # doctest: +SKIP
        {'text': 'content', 'stars': 'score', 'time': 'at', 'id': 'reviewId'}
    """
    plan = make_plan(wishes)
    counts: Counter[str] = Counter()
    reader = plan.reader(plan.columns, brand or "–", counts)
    read = []
    for row in plan.sample:
        result = row if isinstance(row, BadRecord) else reader.read((row[0], list(row[1])))
        if isinstance(result, BadRecord):
            counts[f"{result} (skipped, kept for inspection)"] += 1
        else:
            read.append(result)
    separator = plan.layout.separator
    return Preview(
        plan.layout.path,
        plan.layout.format,
        plan.layout.gzipped,
        plan.layout.encoding,
        None if separator == ONE_COLUMN else separator,
        plan.recognised.preset.name,
        plan.source,
        plan.channel,
        dict(plan.recognised.fields),
        plan.brand_column,
        list(plan.recognised.attributes),
        list(plan.recognised.left_out),
        [_shown(name, mention, plan) for name, mention in islice(read, _ROWS)],
        _notes(plan, counts),
    )


def _shown(brand: str, mention: RawMention, plan: Plan) -> dict[str, str]:
    values = {
        "brand": brand if plan.brand_column else None,
        "text": mention.text,
        "title": mention.title,
        "stars": mention.stars,
        "time": mention.published_at,
        "edit_time": mention.edited_at,
        "id": mention.external_id,
        "url": mention.url,
        "author": mention.author,
        "reply": mention.reply,
        "reply_time": mention.reply_at,
        "language": mention.language,
        "product": mention.product,
        "version": mention.version,
        "channel": mention.channel,
        "parent_id": mention.parent_id,
    }
    return {
        field: f"{value:%Y-%m-%d %H:%M:%S} UTC"
        if isinstance(value, datetime)
        else f"{value:g}"
        if isinstance(value, float)
        else value
        for field, value in values.items()
        if value is not None and value != ""
    }


def _notes(plan: Plan, counts: Counter[str]) -> list[str]:
    fields = plan.recognised.fields
    notes = []
    if "time" in fields:
        notes.append("times without a zone are taken as UTC")
    else:
        notes.append("no column holds times: every mention will be undated")
    if plan.order_shown is not None:
        order = "month/day/year" if plan.month_first else "day/month/year"
        why = "as the file shows" if plan.order_shown else "the file does not show which is meant"
        notes.append(f"times such as 3/5/2026 are read as {order}: {why}")
    if "id" not in fields and not plan.recognised.preset.id_in_url:
        notes.append("no column holds ids: they are made from the content of each row")
    if not plan.brand_column:
        notes += [
            f"column {column!r} may hold brands: if so, use --brand-column {column!r}"
            for column in plan.recognised.brand_like
        ]
    unnamed = sum(not column for column in plan.columns)
    if unnamed:
        notes.append(f"columns without a name, left out: {unnamed}")
    rows = f"{len(plan.sample):,} rows"
    notes += [f"in the first {rows}: {count:,} {what}" for what, count in counts.items()]
    if plan.problem:
        notes.append(str(plan.problem))
    return notes
