"""Small helpers that fill a store in tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from simak.mention import RawMention
from simak.tags import Tags, TouchpointTag
from store.engine import Store
from store.mentions import Privacy, Saved, save
from store.tags import save_tags, waiting

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MODEL = "test-model"


def put(
    store: Store,
    mentions: Iterable[RawMention],
    *,
    brand: str = "Senandika",
    source: str = "google_play",
    now: datetime = NOW,
    keep_raw: bool = False,
) -> Saved:
    """Store mentions in one transaction."""
    with store.write() as connection:
        return save(
            store,
            connection,
            mentions,
            brand=brand,
            source=source,
            privacy=Privacy(b"key", keep_raw),
            now=now,
        )


def review(
    id: str, text: str = "bagus", day: str | None = "2026-05-10", **fields: object
) -> RawMention:
    """A review at noon UTC of a day; undated where `day` is None."""
    at = None if day is None else datetime.fromisoformat(f"{day}T12:00:00+00:00")
    return RawMention(external_id=id, text=text, published_at=at, **fields)  # type: ignore[arg-type]


def tagged(
    sentiment: str = "negative",
    touchpoints: dict[str, str] | None = None,
    *,
    complaint: bool | None = None,
    language: str = "id",
    signals: Sequence[str] = (),
) -> Tags:
    """Tags as a model would give them; negative ones complain unless told otherwise."""
    return Tags(
        sentiment,
        sentiment == "negative" if complaint is None else complaint,
        {
            name: TouchpointTag(polarity, 0.9, (0, 2))
            for name, polarity in (touchpoints or {}).items()
        },
        tuple(signals),
        language,
        {sentiment: 0.9},
    )


def tag_all(store: Store, tags: dict[str, Tags], *, model: str = MODEL) -> None:
    """Tag what waits by its text; a text that is not in `tags` is neutral."""
    for batch in waiting(store, model):
        found = [tags.get(item.text, tagged("neutral")) for item in batch]
        save_tags(store, batch, found, model=model, now=NOW)
