"""A store in which promises are kept and broken, channels differ, and an action helped.

All of it is planted: what the pages say of it is known beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from simak.mention import RawMention
from simak.tags import Tags
from store.actions import add_action
from store.engine import open_store
from store.promises import add_promise
from tests.builders import NOW, put, tag_all, tagged

BRAND, RIVAL, ALONE, SILENT = "Senandika", "Griyakita", "Sendiri", "Sunyi"
"""ALONE speaks on one channel, where nobody is answered; of SILENT hardly anything is said."""

DAY = date(2026, 3, 2)
"""Of the actions, and the first of the promises."""

CHANNELS = ("google_play", "instagram", "whatsapp")
WEEKS = 8
PROMISE = "sampai <b>hari</b> ini, $5 :smile:"
UNSPOKEN = "gratis xyzzy"

Row = tuple[RawMention, Tags]


def build(url: str) -> None:
    """Fill a store."""
    store = open_store(url)
    for brand, rows in (
        (BRAND, [*_payments(0.7, 0.2), *_packages(), *_deliveries()]),
        (RIVAL, list(_payments(0.5, 0.5))),
        (ALONE, [(_on(raw, "x"), tags) for raw, tags in _payments(0.5, 0.5)]),
        (SILENT, list(_payments(0.5, 0.5))[:4]),
    ):
        named = [(_named(raw, brand), tags) for raw, tags in rows]
        put(store, [raw for raw, _tags in named], brand=brand)
        tag_all(store, {raw.text: tags for raw, tags in named})
    for text, touchpoint, query in (
        (PROMISE, "delivery", ""),
        (UNSPOKEN, "price", "xyzzy"),
    ):
        add_promise(
            store, brand=BRAND, text=text, touchpoint=touchpoint, since=DAY, broken=query,
            kept=query, now=NOW,
        )  # fmt: skip
    for text, touchpoint in (("bayar sekali klik", "payment"), ("kartu ucapan", "loyalty")):
        add_action(
            store, brand=BRAND, text=text, touchpoint=touchpoint, day=DAY, by="Rina", now=NOW
        )
    store.close()


def _payments(before: float, after: float) -> Iterator[Row]:
    """Yield 20 mentions of paying a week, and as many of the price, which stays as it is."""
    for week in range(-WEEKS, WEEKS):
        for touchpoint, share in (("payment", before if week < 0 else after), ("price", 0.5)):
            bad = round(20 * share) + week % 2  # weeks scatter
            for place in range(20):
                polarity = "negative" if place < bad else "positive"
                yield _row(
                    f"{touchpoint} {week} {place} {polarity}",
                    DAY + timedelta(days=7 * week + place % 7),
                    {touchpoint: polarity},
                    place,
                )


def _packages() -> Iterator[Row]:
    """Yield mentions of the packaging: on Instagram most are bad, elsewhere few are."""
    for place in range(180):
        bad = place % 30 < 24 if CHANNELS[place % 3] == "instagram" else place % 30 < 6
        polarity = "negative" if bad else "positive"
        yield _row(
            f"kemasan {place} {polarity}",
            DAY + timedelta(days=place % 40 - 20),
            {"packaging": polarity},
            place,
        )


def _deliveries() -> Iterator[Row]:
    """Yield mentions of the delivery time: 60 say the promise is broken, 30 that it is kept."""
    for place in range(90):
        polarity = "negative" if place % 3 else "positive"
        yield _row(
            f"estimasi kirim {place} {polarity}",
            DAY + timedelta(days=place % 55),
            {"delivery": polarity},
            place // 3,
        )


def _row(text: str, day: date, touchpoints: dict[str, str], place: int) -> Row:
    """Return a mention; of ten on WhatsApp seven are answered, of ten on Instagram two."""
    channel = CHANNELS[place % 3]
    at = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    answered = place // 3 % 10 < {"whatsapp": 7, "instagram": 2}.get(channel, 0)
    (polarity,) = touchpoints.values()
    raw = RawMention(
        external_id=text,
        text=text,
        channel=channel,
        published_at=at,
        reply="Halo Kak" if answered else None,
        reply_at=at + timedelta(hours=1 + place % 5) if answered else None,
    )
    return raw, tagged(polarity, touchpoints)


def _named(raw: RawMention, brand: str) -> RawMention:
    return replace(raw, external_id=f"{brand} {raw.external_id}", text=f"{brand}: {raw.text}")


def _on(raw: RawMention, channel: str) -> RawMention:
    return replace(raw, channel=channel, reply=None, reply_at=None)
