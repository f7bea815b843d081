"""All that was said of one mention, by the model and by people, to be held side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from store.engine import Store
from store.tables import correction, replaced_correction, tag


@dataclass(frozen=True, slots=True)
class Saying:
    """What the model, or a person, has said.

    Attributes:
        by: the person; None for the model.
        touchpoints: touchpoint id to its polarity.
    """

    by: str | None
    at: datetime
    sentiment: str
    complaint: bool
    touchpoints: Mapping[str, str]


def sayings(store: Store, mention_id: int) -> list[Saying]:
    """Return what was said of a mention: by the model, then by people, the last one last.

    Of people the last two are kept: what holds, and what it took the place of.
    """
    found = []
    with store.read() as connection:
        for table, by, at in (
            (tag, None, "tagged_at"),
            (replaced_correction, "corrected_by", "corrected_at"),
            (correction, "corrected_by", "corrected_at"),
        ):
            rows = connection.execute(select(table).where(table.c.mention_id == mention_id))
            for row in rows.mappings():
                spoken = {name: entry["polarity"] for name, entry in row["touchpoints"].items()}
                who = row[by] if by else None
                found.append(Saying(who, row[at], row["sentiment"], row["complaint"], spoken))
    return found
