"""A small store with every kind of mention, tagged by hand, and the app upon it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from dashboard import i18n, launch
from dashboard.jobs import Job, jobs
from simak.mention import RawMention
from simak.reasons import ENTRY_WITHOUT_TEXT
from simak.settings import Settings
from simak.tags import Tags, TouchpointTag
from store import mentions, runs
from store.copies import find_copies
from store.engine import Store, open_store
from store.models import Model, save_model
from store.tags import save_tags, waiting

LAST = datetime(2026, 10, 31, 5, tzinfo=UTC)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
PATIENCE = 120
"""Seconds that a job may take."""

PAYLOAD = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> **x** $a$ :smile:'
RIGHT_TO_LEFT = "مرحبا بالعالم"

Rows = list[tuple[RawMention, Tags | None]]

QUALITY = {
    "rows": {"held_back": 400, "smsa": 120, "<b>app": 20},
    "figures": [
        {"set": "held_back", "head": "sentiment", "value": 0.87, "low": 0.85, "high": 0.89},
        {"set": "held_back", "head": "touchpoints", "value": 0.8, "low": 0.77, "high": 0.83},
        {"set": "smsa", "head": "sentiment", "value": 0.9, "low": 0.88, "high": 0.92},
    ],
    "errors": {
        "sentiment": [[70, 20, 10], [5, 90, 5], [0, 10, 90]],
        "complaint": [[270, 30], [10, 90]],
    },
    "calibration": {
        "after": {
            "ece": 0.031,
            "bins": [
                {"low": 0.6, "high": 0.7, "n": 80, "confidence": 0.65, "accuracy": 0.6},
                {"low": 0.7, "high": 0.8, "n": 0, "confidence": None, "accuracy": None},
                {"low": 0.9, "high": 1.0, "n": 300, "confidence": 0.96, "accuracy": 0.97},
            ],
        }
    },
    "labels": {
        "delivery": {"precision": 0.8, "recall": 0.7, "f1": 0.75, "n": 60},
        "packaging": {"precision": None, "recall": 0.0, "f1": 0.0, "n": 4},
        "no_reply": {"precision": 0.5, "recall": 0.5, "f1": 0.5, "n": 31},
    },
    "by": {
        "source": [
            {"group": "prdect-id", "sentiment": 0.84, "sentiment_n": 174, "touchpoints": 0.9,
             "touchpoints_n": 174},
            {"group": "<b>own", "sentiment": 0.8, "sentiment_n": 90, "touchpoints": None,
             "touchpoints_n": 0},
        ],
        "language": [
            {"group": "id", "sentiment": 0.88, "sentiment_n": 400, "touchpoints": 0.8,
             "touchpoints_n": 300},
            {"group": "en", "sentiment": None, "sentiment_n": 0, "touchpoints": None,
             "touchpoints_n": 0},
        ]
    },
    "language": {"id": {"n": 100, "detected": {"id": 0.97, "ms": 0.03}}},
}  # fmt: skip
"""What an evaluation finds of a model, as the Model page reads it."""

COPIED = "Tirukita"
"""The brand whose mentions many have copied, where `add_copied` was called."""

_installed_components = cache(manifest_scanner.scan_component_manifests)
"""Looked for once: every AppTest reads the metadata of all packages, which takes longer than it."""

_PRIVACY = mentions.Privacy(b"test")
_CHANNELS = ("google_play", "instagram", "marketplace")
_TOUCHPOINTS = ("delivery", "packaging", "price")


def fill(store: Store, brand: str, rows: Rows, *, source: str = "file") -> None:
    """Import `rows` as one run, and tag those that come with tags."""
    run = runs.start_run(store, source=source, kind="import", asked=f"{source}.csv", now=NOW)
    with store.write() as connection:
        raws = [raw for raw, _tags in rows]
        saved = mentions.save(
            store, connection, raws, brand=brand, source=source, privacy=_PRIVACY, now=NOW
        )
        run.add(saved)
        run.got, run.status, run.finished_at = len(rows), runs.DONE, NOW
        runs.save_run(connection, run)
    wanted = {raw.text: tags for raw, tags in rows if tags is not None}
    for items in waiting(store, "by hand"):
        known = [item for item in items if item.text in wanted]
        save_tags(store, known, [wanted[item.text] for item in known], model="by hand", now=NOW)


def row(number: int, **changes: object) -> tuple[RawMention, Tags]:
    """Return one of an endless row of mentions: half of them complaints, a third with stars."""
    channel = _CHANNELS[number % 3]
    touchpoint = _TOUCHPOINTS[number % 7 % 3]
    bad = number % 2 == 0
    text = f"Nomor {number}: {'lama sekali' if bad else 'cepat dan rapi'}, paket {touchpoint}"
    polarity = "negative" if bad else "positive"
    raw = RawMention(
        **{
            "external_id": f"r{number}",
            "text": text,
            "channel": channel,
            "stars": (1.0 if bad else 5.0) if channel == "google_play" else None,
            "published_at": LAST - timedelta(hours=17 * number),
            **changes,
        }
    )
    start = text.index(":") + 2
    found = {touchpoint: TouchpointTag(polarity, 0.9, (start, text.index(",")))}
    return raw, Tags(polarity, bad, found, ("no_reply",) if bad else (), "id", {polarity: 0.9})


def build(url: str) -> None:
    """Fill a store with two brands and every odd kind of mention."""
    store = open_store(url)
    odd: Rows = [
        (
            RawMention(
                external_id="xss",
                text=PAYLOAD,
                published_at=LAST,
                channel="instagram",
                url="javascript:window.hacked=1",
                product=PAYLOAD,
                reply=PAYLOAD,
                reply_at=LAST,
            ),
            Tags(
                "negative", True, {"trust": TouchpointTag("negative", 0.8, (0, 20))}, (), "unknown"
            ),
        ),
        (
            RawMention(
                external_id="long",
                text="panjang sekali " * 1_300,
                channel=RIGHT_TO_LEFT,
                published_at=LAST,
                url="https://example.org/review?id=1&x=2",
            ),
            Tags("neutral", False),
        ),
        (
            RawMention(external_id="undated", text="tanpa tanggal", channel="x"),
            Tags("neutral", False),
        ),
        (RawMention(external_id="stars", stars=4, channel="google_play", published_at=LAST), None),
        (RawMention(external_id="untagged", text="belum", channel="x", published_at=LAST), None),
        (RawMention(external_id="gone", text="akan hilang", channel="x", published_at=LAST), None),
        (
            RawMention(external_id="changed", text="versi satu", channel="x", published_at=LAST),
            None,
        ),
    ]
    fill(store, "Senandika", [*(row(n) for n in range(240)), *odd])
    fill(
        store,
        "Senandika",
        [
            (RawMention(external_id="gone", channel="x", deleted=True), None),
            (
                RawMention(
                    external_id="changed",
                    text="versi dua",
                    channel="x",
                    published_at=LAST,
                    edited_at=NOW,
                ),
                Tags("positive", False),
            ),
        ],
    )
    fill(store, "Griyakita", [row(n) for n in range(0, 120, 3)], source="rival")
    failed = runs.start_run(store, source="feed", kind="collect", asked="every item", now=NOW)
    failed.status, failed.finished_at = runs.FAILED, NOW
    failed.error = "the feed answers with a web page: check its address"
    failed.skip(ENTRY_WITHOUT_TEXT, 2)
    with store.write() as connection:
        runs.save_bad_records(connection, failed.id, [(ENTRY_WITHOUT_TEXT, PAYLOAD)])
        runs.save_run(connection, failed)
    save_model(store, Model("simak-test", QUALITY, NOW))
    store.close()


def add_copied(url: str) -> None:
    """Add a brand of which two texts were copied, by 12 accounts and by 4."""
    campaign = "jangan pernah belanja di sini karena barangnya palsu dan uang tidak kembali"
    promotion = "diskon besar hari ini saja untuk semua barang silakan klik tautan di bio kami"
    rows: Rows = []
    for number in range(16):
        bad = number < 12
        # The oldest of each before the last 30 days, and its repeats partly in them.
        at = LAST - timedelta(days=3 * number)
        text = f"{campaign if bad else promotion}{'!' * (number % 3)}"
        raw, _tags = row(
            number, text=text, channel="x", author=f"akun{number}", published_at=at, stars=None
        )
        polarity = "negative" if bad else "positive"
        found = {"trust" if bad else "promotions": TouchpointTag(polarity, 0.9, (0, 6))}
        rows.append((raw, Tags(polarity, bad, found, (), "id", {polarity: 0.9})))
    store = open_store(url)
    fill(store, COPIED, [*rows, *(row(number) for number in range(20, 60))], source="copied")
    find_copies(store)
    store.close()


@pytest.fixture(scope="session")
def filled_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of the small store."""
    url = f"sqlite:///{tmp_path_factory.mktemp('dashboard') / 'simak.db'}"
    build(url)
    return url


@pytest.fixture
def filled(filled_url: str) -> Iterator[Store]:
    """The small store, open."""
    store = open_store(filled_url)
    yield store
    store.close()


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No settings file of the reader's, and the language as it was."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SIMAK_CONFIG", raising=False)
    yield
    i18n.use("id")


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Run a page of the app on a store: `show(url, "mentions", lang="en")`."""

    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", _installed_components)

    def run(url: str, page: str = "reputation", **query: str | list[str]) -> AppTest:
        monkeypatch.setenv("SIMAK_DB", url)
        i18n.use(str(query.get("lang", "id")))  # AppTest reads labels in this thread
        app = AppTest.from_file(str(launch.APP), default_timeout=60)
        if page != "today":
            app.switch_page(f"views/{page}.py")
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    return run


def html(app: AppTest) -> str:
    """Return everything the page shows as HTML, the style sheet and its own scripts aside."""
    shown = [element.proto for element in app.get("html")]
    bodies = [one.body for one in shown if not one.unsafe_allow_javascript]
    bodies += [card for _id, card in desk(app).get("cards", ())]
    return "\n".join(body for body in bodies if "<style>" not in body)


def desk(app: AppTest) -> dict[str, Any]:
    """Return what the list of mentions is given to show; empty where there is no list."""
    found = app.get("bidi_component")
    return json.loads(found[0].proto.json) if found else {}


def environment(url: str) -> dict[str, str]:
    """Return the environment of a server upon a store."""
    return {**launch.environment(), "SIMAK_DB": url, "HOME": os.environ.get("HOME", "/")}


@pytest.fixture
def serve_text() -> Iterator[Callable[[str], str]]:
    """Serve a text on this machine: `serve_text("<rss>…")` returns its address."""
    content = b""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()

    def serve(text: str) -> str:
        nonlocal content
        content = text.encode()
        return f"http://127.0.0.1:{server.server_port}/feed.xml"

    yield serve
    server.shutdown()
    server.server_close()


@pytest.fixture
def made(sqlite_url: str) -> Callable[[Rows], str]:
    """Make a store of these rows; returns its URL."""

    def make(rows: Rows) -> str:
        store = open_store(sqlite_url)
        if rows:
            fill(store, "Senandika", rows)
        store.close()
        return sqlite_url

    return make


@pytest.fixture
def own_url(sqlite_url: str) -> Iterator[str]:
    """URL of a small store to be changed; a job upon it ends with the test."""
    store = open_store(sqlite_url)
    fill(store, "Senandika", [row(n) for n in range(40)])
    store.close()
    yield sqlite_url
    job = last_job(sqlite_url)
    if job is not None:
        job.cancel()
        job.wait(PATIENCE)


def last_job(url: str) -> Job | None:
    return jobs().last(Settings(store_url=url))
