"""All that is held of a person, to be handed to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, select

from store.engine import ROWS_PER_WRITE, Store
from store.parts import parts
from store.person import Person, mention_ids
from store.tables import (
    brand,
    case_change,
    correction,
    mention,
    mention_case,
    mention_version,
    replaced_correction,
    survey_answer,
    tag,
)

_OF_MENTIONS = {
    "versions": mention_version,
    "tags": tag,
    "corrections": correction,
    "replaced_corrections": replaced_correction,
    "cases": mention_case,
    "case_changes": case_change,
    "survey_answers": survey_answer,
}

_OWN = {"content_hash", "text_hash", "brand_id", "scores"}
"""What says nothing of a person: hashes, and numbers between 0 and 1 before they were decided."""


@dataclass(slots=True)
class Held:
    """What is held of a person, each row as column to value.

    Attributes:
        mentions: what they wrote, with the brand and where it is from.
        versions: what it said before it was edited.
        tags: what the model said of it.
        corrections: what people said of it, now and before.
        cases: what people do about it, and what they did.
        survey_answers: the scores it was the comment of.
    """

    mentions: list[dict[str, Any]] = field(default_factory=list)
    versions: list[dict[str, Any]] = field(default_factory=list)
    tags: list[dict[str, Any]] = field(default_factory=list)
    corrections: list[dict[str, Any]] = field(default_factory=list)
    replaced_corrections: list[dict[str, Any]] = field(default_factory=list)
    cases: list[dict[str, Any]] = field(default_factory=list)
    case_changes: list[dict[str, Any]] = field(default_factory=list)
    survey_answers: list[dict[str, Any]] = field(default_factory=list)


def disclose(store: Store, person: Person) -> Held:
    """Return all that is held of a person."""
    held = Held()
    with store.read() as connection:
        for ids in parts(mention_ids(connection, person), ROWS_PER_WRITE):
            mentions = (
                select(brand.c.name.label("brand"), mention)
                .join(brand, brand.c.id == mention.c.brand_id)
                .where(mention.c.id.in_(ids))
                .order_by(mention.c.id)
            )
            held.mentions += [_plain(row) for row in connection.execute(mentions).mappings()]
            for name, table in _OF_MENTIONS.items():
                rows = connection.execute(_rows(table, ids)).mappings()
                getattr(held, name).extend(_plain(row) for row in rows)
    return held


def _rows(table: Table, ids: Sequence[int]) -> Any:
    return select(table).where(table.c.mention_id.in_(ids)).order_by(*table.primary_key)


def _plain(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _OWN}
