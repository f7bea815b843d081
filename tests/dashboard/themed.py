"""A brand with themes and segments: what is said, by whom, since when, is known beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from simak.mention import RawMention
from simak.tags import Tags
from store.engine import Store, open_store
from store.tags import save_tags, waiting
from tests.builders import MODEL, NOW, put, tagged
from tests.insights.themes.said import MATTERS, night, texts_about

BRAND = "Senandika"
HOSTILE = "<b>Bali</b> _x_"
"""A region as a file may bring it."""

SPRING = tuple(f"2026-{day}" for day in ("04-10", "05-12", "04-20", "05-20"))
MAY = ("2026-05-12", "2026-05-19", "2026-05-26")

LATE = 3
"""Complaints that were tagged after the themes had been found."""

TOUCHPOINTS = {
    "otp": "account_access",
    "refund": "returns_refunds",
    "courier": "delivery",
    "crash": "website_app",
}


def build(url: str) -> None:
    """Fill a store: three matters in April and May, a fourth, `crash`, with version 2 in May.

    Complaints are of HOSTILE, praise is of Jawa; three mentions of Aceh are too few.
    """
    store = open_store(url)
    for hour, matter in enumerate(MATTERS):
        bad = tagged("negative", {TOUCHPOINTS[matter]: "negative"}, language=("id", "en")[hour % 2])
        days = MAY if matter == "crash" else SPRING
        _put(store, matter, texts_about(matter, 40), days, bad, hour)
    good = tagged("positive", {"delivery": "positive"})
    praise = [*texts_about("otp", 45, 4), *texts_about("courier", 45, 5)]
    _put(store, "good", praise, SPRING, good, 5, region="Jawa")
    few = tagged("negative", {})
    _put(store, "aceh", ["jelek", "parah sekali", "kecewa"], MAY, few, 5, region="Aceh")
    night(store, 6)
    late = [f"{text} lagi" for text in texts_about("otp", LATE, 9)]
    _put(store, "late", late, MAY, tagged("negative", {}), 8, region=None)
    store.close()


def _put(
    store: Store,
    prefix: str,
    texts: Sequence[str],
    days: Sequence[str],
    tags: Tags,
    hour: int,
    region: str | None = HOSTILE,
) -> None:
    rows = [
        RawMention(
            external_id=f"{prefix}{place}",
            text=text,
            channel=("google_play", "x")[place % 3 == 0],
            stars=1.0 if tags.complaint else 5.0,
            published_at=datetime.fromisoformat(days[place % len(days)]).replace(
                hour=3, tzinfo=UTC
            ),
            version=_version(prefix, days[place % len(days)]),
            attributes={} if region is None else {"region": region},
        )
        for place, text in enumerate(texts)
    ]
    put(store, rows)
    for batch in waiting(store, MODEL):
        save_tags(store, batch, [tags] * len(batch), model=MODEL, now=NOW + timedelta(hours=hour))


def _version(prefix: str, day: str) -> str | None:
    if prefix in ("good", "aceh", "late"):
        return None
    if prefix == "crash" or day >= "2026-05-20":
        return "2.10.0"
    return "2.9.0"
