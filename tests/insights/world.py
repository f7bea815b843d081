"""A store with half a year of two brands: everything that an insight can be asked about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np

from simak.mention import RawMention
from simak.tags import SENTIMENTS, SIGNALS, Tags, TouchpointTag
from simak.taxonomy import load_taxonomy
from store.actions import add_action
from store.engine import Store
from store.mentions import Privacy, save
from store.promises import add_promise
from store.tags import save_tags, waiting

FIRST, DAYS = date(2026, 1, 5), 182
LAST = FIRST + timedelta(days=DAYS - 1)
CHANNELS = ("google_play", "instagram", "whatsapp")
REGIONS = ("Bali", "Jawa Barat", "Sulawesi")
PLACED = ("delivery", "price", "customer_service", "returns_refunds", "website_app", "loyalty")
NOW = datetime(2026, 7, 20, tzinfo=UTC)


def fill(store: Store, brand: str, n: int, *, seed: int) -> None:
    """Store `n` mentions of a brand, tagged, in every channel, with stars, answers, regions."""
    source = np.random.default_rng(seed)
    rows, said = [], {}
    for place in range(n):
        day = FIRST + timedelta(days=int(source.integers(DAYS)))
        at = datetime(day.year, day.month, day.day, int(source.integers(24)), 5, tzinfo=UTC)
        text = f"{brand} {seed} nomor {place}: estimasi hari ini, kirimnya lama sekali katanya"
        said[text] = _tags(source)
        stars = int(source.integers(1, 6))
        rows.append(
            RawMention(
                external_id=f"{seed}-{place}",
                text=text,
                stars=stars if place % 3 else None,
                channel=CHANNELS[place % 3],
                published_at=None if place % 50 == 0 else at,
                reply="Halo Kak" if place % 4 == 0 else None,
                reply_at=at + timedelta(minutes=int(source.integers(5, 5_000)))
                if place % 4 == 0 and place % 50
                else None,
                attributes={"region": REGIONS[int(source.integers(3))]},
            )
        )
    for start in range(0, n, 200):
        with store.write() as connection:
            save(
                store, connection, rows[start : start + 200], brand=brand, source="google_play",
                privacy=Privacy(b"key"), now=NOW,
            )  # fmt: skip
    for batch in waiting(store, "test-model"):
        own = [item for item in batch if item.text in said]
        save_tags(store, own, [said[item.text] for item in own], model="test-model", now=NOW)


def record(store: Store, brand: str) -> None:
    """Put a promise and two actions on record."""
    add_promise(
        store, brand=brand, text="sampai hari ini", touchpoint="delivery", since=FIRST, now=NOW
    )
    for touchpoint in ("delivery", None):
        add_action(
            store, brand=brand, text="kurir baru", touchpoint=touchpoint,
            day=FIRST + timedelta(days=110), by="Sari", now=NOW,
        )  # fmt: skip


def _tags(source: np.random.Generator) -> Tags:
    sentiment = SENTIMENTS[int(source.choice(3, p=(0.5, 0.1, 0.4)))]
    polarities = [SENTIMENTS[int(source.choice(3, p=(0.6, 0.1, 0.3)))] for _ in range(2)]
    names = source.choice(PLACED, int(source.integers(0, 3)), replace=False)
    placed = {str(name): TouchpointTag(p) for name, p in zip(names, polarities, strict=False)}
    complaint = sentiment == "negative" or any(
        one.polarity == "negative" for one in placed.values()
    )
    signals = tuple(name for name in SIGNALS if source.random() < 0.06)
    return Tags(sentiment, complaint, placed, signals, "id", {sentiment: 0.9})


TAXONOMY = load_taxonomy()
