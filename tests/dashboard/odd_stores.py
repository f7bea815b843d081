"""Stores as nobody plans them, each built once: `ODD[name](url)` fills one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from simak.tags import TouchpointTag
from simak.taxonomy import load_taxonomy
from store import views
from store.actions import add_action
from store.cases import save_cases
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import list_ids
from store.promises import add_promise
from tests.dashboard.conftest import LAST, NOW, PAYLOAD, RIGHT_TO_LEFT, Rows, fill, row

LINK = "[x](http://e.vil)"
HOSTILE = f"{RIGHT_TO_LEFT} & Co: \"'`<b>*😀*</b>` {LINK} :smile: $a$ {{n}} %s"
"""A name with all that HTML, Markdown, an address or a sentence with places could trip over."""

LONG = "sangat mengecewakan sekali, " * 178
"""5,000 characters."""


def hostile(url: str) -> None:
    """Fill a store of which everything that has a name has a hostile one."""
    store = open_store(url)
    rows: Rows = []
    for number in range(48):
        raw, tags = row(number)
        text = f"{PAYLOAD} {HOSTILE} {raw.text} {'a' * 300 if number == 3 else ''}"
        changes = {
            "text": LONG + str(number) if number == 5 else text,
            "title": PAYLOAD,
            "author": HOSTILE,
            "channel": (HOSTILE, "instagram", "google_play")[number % 3],
            "product": HOSTILE,
            "version": PAYLOAD,
            "url": "javascript:window.hacked=1" if number % 2 else "https://e.org/?a=1&b=<b>",
            "reply": PAYLOAD if number % 4 == 0 else None,
            "reply_at": raw.published_at if number % 4 == 0 else None,
            "attributes": {HOSTILE: PAYLOAD},
        }
        rows.append((replace(raw, **changes), tags))
    fill(store, HOSTILE, rows, source=HOSTILE)
    fill(store, "Griyakita", [row(n) for n in range(0, 120, 3)], source="rival")
    _keep(store, HOSTILE)
    store.close()


def _keep(store: Store, brand: str) -> None:
    """Put on record what people write: an action, a promise, a view, a case, a correction."""
    day = (LAST - timedelta(days=30)).date()
    for touchpoint in ("delivery", None):
        add_action(
            store, brand=brand, text=HOSTILE, touchpoint=touchpoint, day=day, by=HOSTILE, now=NOW
        )
        day += timedelta(days=3)
    add_promise(
        store, brand=brand, text=PAYLOAD, touchpoint="delivery", since=date(2026, 1, 1),
        broken="lama", kept="cepat", now=NOW,
    )  # fmt: skip
    views.save_view(store, HOSTILE[:80], page="mentions", query="lang=en", by=HOSTILE, now=NOW)
    ids = list_ids(store, Filter(brands=(brand,)), limit=3)
    save_cases(store, ids, by=HOSTILE, now=NOW, owner=HOSTILE, note=PAYLOAD)


def _of(*changes: Mapping[str, object], tagged: bool = True) -> Callable[[str], None]:
    """Return what fills a store with one mention a `changes`."""

    def build(url: str) -> None:
        store = open_store(url)
        rows: Rows = []
        for number, change in enumerate(changes):
            raw, tags = row(number, **change)
            rows.append((raw, tags if tagged else None))
        fill(store, "Senandika", rows)
        store.close()

    return build


def forty(url: str) -> None:
    """Fill a store in which every touchpoint of the taxonomy is spoken of, by all at once."""
    names = load_taxonomy().ids
    store = open_store(url)
    rows: Rows = []
    for number in range(60):
        raw, tags = row(number)
        polarity = tags.sentiment
        found = {name: TouchpointTag(polarity, 0.9, (0, 5)) for name in names}
        rows.append((raw, replace(tags, touchpoints=found)))
    fill(store, "Senandika", rows)
    store.close()


def stars_alone(url: str) -> None:
    """Fill a store in which nobody wrote a word."""
    store = open_store(url)
    rows: Rows = []
    for number in range(60):
        raw, _tags = row(number)
        rows.append((replace(raw, text="", stars=float(1 + number % 5)), None))
    fill(store, "Senandika", rows)
    store.close()


def _day(n: int) -> datetime:
    return LAST - timedelta(minutes=n)


ODD: Mapping[str, Callable[[str], None]] = {
    "hostile": hostile,
    "one mention": _of({}),
    "stars alone": stars_alone,
    "undated": _of(*({"published_at": None} for _ in range(60))),
    "one day": _of(*({"published_at": _day(n)} for n in range(60))),
    "seldom": _of(*({"published_at": LAST - timedelta(days=40 * n)} for n in range(10))),
    "forty touchpoints": forty,
}
