"""A large store to measure in: brands, channels, touchpoints, regions, replies, two years.

Mentions are stored in random order of time and brand, the worst case for every index, and
carry a tag with all its scores, as the tagger writes it. The same number of mentions gives the
same store.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from sqlalchemy import Text, cast, insert, literal, select, text

import store.migrations
from benchmarks import texts
from benchmarks.databases import opened
from benchmarks.grown import grow, number_on
from benchmarks.report import say
from simak.tags import SENTIMENTS, SIGNALS
from simak.taxonomy import load_taxonomy
from store.actions import add_action
from store.copies import find_copies
from store.engine import Store
from store.labels import rebuild
from store.mentions import brand_id, text_hash
from store.promises import add_promise
from store.runs import DONE, hold_lease, save_run, start_run
from store.tables import label, mark, mention, tag, theme

LAST_DAY = date(2026, 6, 30)
DAYS = 730
MODEL = "benchmark"

BRANDS = {
    "Senandika": 0.30, "Griyakita": 0.20, "Tirtamas": 0.14, "Kopi Senja": 0.11,
    "Lajur": 0.09, "Wastra": 0.07, "Niaga Raya": 0.05, "Purnama": 0.04,
}  # fmt: skip
CHANNELS = {
    "google_play": 0.45, "marketplace": 0.18, "app_store": 0.15, "instagram": 0.10,
    "x": 0.08, "whatsapp": 0.04,
}  # fmt: skip
LANGUAGES = {"id": 0.68, "mixed": 0.17, "en": 0.12, "unknown": 0.03}
_SENTIMENT_SHARES = (0.40, 0.15, 0.45)
_TOUCHPOINTS_PER_MENTION = (0.35, 0.40, 0.20, 0.05)
REGIONS = tuple(f"Wilayah {n}" for n in range(1, 35))
PRODUCTS = tuple(f"Produk {n}" for n in range(1, 61))
_SIGNALLED = 0.12
_ANSWERED = {"google_play": 0.3, "app_store": 0.2, "instagram": 0.5, "whatsapp": 0.9}
_THEMES = 40
_UNDATED = 0.02
_SURE = 30
"""Chances to this power are as often near one half as the scores of a model on public reviews."""
_CHUNK = 5_000

GROWN_FROM = 1_000_000
"""Mentions of the store that larger ones are made of, see `benchmarks.grown`."""


def cache() -> Path:
    """Return the folder that built stores are kept in."""
    return Path(tempfile.gettempdir()) / "simak-benchmarks"


def folder_of(dialect: str, mentions: int) -> Path:
    """Return where such a store is kept once it is built."""
    return cache() / f"{dialect}-{mentions}-{_fingerprint()}"


@contextmanager
def filled(dialect: str, mentions: int) -> Iterator[Store]:
    """The store with so many mentions; built the first time, then taken from a cache folder.

    A second run that wants the same store waits for the first: each would spoil the other's times.
    """
    name = f"{dialect}-{mentions}"
    folder = folder_of(dialect, mentions)
    ready = folder / "ready"
    cache().mkdir(exist_ok=True)
    with (cache() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            for stale in cache().glob(f"{name}-*"):
                shutil.rmtree(stale)
        times = mentions // GROWN_FROM if mentions % GROWN_FROM == 0 else 1
        if not ready.exists() and times > 1:
            with filled(dialect, GROWN_FROM):
                pass
            # PostgreSQL's files belong to a user of its own, and stay so.
            built = folder_of(dialect, GROWN_FROM)
            subprocess.run(["cp", "-a", str(built), str(folder)], check=True)
            (folder / "ready").unlink()
        with opened(dialect, folder) as store:
            if not ready.exists():
                if times > 1:
                    grow(store, times)
                else:
                    fill(store, mentions)
                ready.touch()
            yield store


@contextmanager
def taken(dialect: str, mentions: int) -> Iterator[Store]:
    """A store as `filled` gives it, to be changed: it is thrown away at the end.

    One that larger ones are made of is copied first; of the larger ones there is no room for two.
    """
    with filled(dialect, mentions):
        pass
    with TemporaryDirectory(prefix="taken-", dir=cache()) as name:
        folder, built = Path(name) / "store", folder_of(dialect, mentions)
        if mentions > GROWN_FROM:
            built.rename(folder)
        else:  # PostgreSQL's files belong to a user of its own, and stay so
            subprocess.run(["cp", "-a", str(built), str(folder)], check=True)
        Path(name).chmod(0o755)
        with opened(dialect, folder) as store:
            number_on(store)
            yield store


def fill(store: Store, mentions: int, *, seed: int = 1) -> None:
    """Write `mentions` mentions with their tags into an empty store, then count them."""
    with store.write() as connection:
        owners = [brand_id(connection, name) for name in BRANDS]
    with hold_lease(store):
        run = start_run(
            store, source="benchmark", kind="import", asked="all of it", now=datetime.now(UTC)
        )
        rows = _rows(owners, mentions, seed)
        done = 0
        while chunk := list(islice(rows, _CHUNK)):
            with store.write() as connection:
                connection.execute(insert(mention), [row for row, _ in chunk])
                connection.execute(insert(tag), [row for _, row in chunk])
            done += len(chunk)
            if done % 100_000 == 0:
                say(f"  {done:,} of {mentions:,} mentions written")
        run.got = run.new = done
        run.status, run.finished_at = DONE, datetime.now(UTC)
        with store.write() as connection:
            save_run(connection, run)
        say("  counting")
        rebuild(store)
        put_on_record(store)
        say("  looking for copies")
        find_copies(store)
    if not store.is_sqlite:  # what autovacuum does a minute later
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def put_on_record(store: Store) -> None:
    """Record a promise, two actions and forty themes of the largest brand's complaints."""
    name, now = next(iter(BRANDS)), datetime.now(UTC)
    day = LAST_DAY - timedelta(days=120)
    add_promise(
        store, brand=name, text="sampai di hari yang sama", touchpoint="delivery",
        since=day, now=now,
    )  # fmt: skip
    for touchpoint in ("delivery", "price"):
        add_action(
            store, brand=name, text="perbaikan", touchpoint=touchpoint, day=day, by="B", now=now
        )
    with store.write() as connection:
        owner = brand_id(connection, name)
        connection.execute(
            insert(theme),
            [
                {
                    "id": id, "brand_id": owner, "polarity": "negative", "words": [f"kata {id}"],
                    "centroid": b"", "model": MODEL, "n": 1, "first_seen": None, "found_at": now,
                }
                for id in range(1, _THEMES + 1)
            ],
        )  # fmt: skip
        connection.execute(
            insert(mark).from_select(
                ["kind", "name", "mention_id"],
                select(
                    literal("theme"),
                    cast(label.c.mention_id % _THEMES + 1, Text),
                    label.c.mention_id,
                ).where(label.c.brand_id == owner, label.c.complaint),
            )
        )


def _rows(
    owners: list[int], mentions: int, seed: int
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield (mention, tag) rows."""
    source = np.random.default_rng(seed)
    words = texts.recombined(seed)
    ids = load_taxonomy().ids
    # Few touchpoints are behind most of what is said (Zipf).
    weights = 1 / np.arange(1, len(ids) + 1)
    weights /= weights.sum()
    end = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 16, tzinfo=UTC)
    id = 0
    while id < mentions:
        size = min(_CHUNK, mentions - id)
        brands = source.choice(owners, size, p=list(BRANDS.values()))
        channels = source.choice(list(CHANNELS), size, p=list(CHANNELS.values()))
        languages = source.choice(list(LANGUAGES), size, p=list(LANGUAGES.values()))
        sentiments = source.choice(3, size, p=_SENTIMENT_SHARES)
        seconds = source.integers(0, DAYS * 86_400, size)
        undated = source.random(size) < _UNDATED
        amounts = source.choice(4, size, p=_TOUCHPOINTS_PER_MENTION)
        spoken = source.choice(len(ids), (size, 3), p=weights)
        chances = source.random((size, 4 + len(ids) + len(SIGNALS)))
        regions = source.choice(REGIONS, size)
        products = source.choice(PRODUCTS, size)
        signals = source.choice(SIGNALS, size)
        signalled = source.random(size) < _SIGNALLED
        answered = source.random(size)
        minutes = source.lognormal(5, 1.5, size)
        for place in range(size):
            id += 1
            sentiment = int(sentiments[place])
            said = next(words)
            digest = text_hash(said)
            at = None if undated[place] else end - timedelta(seconds=int(seconds[place]))
            channel = str(channels[place])
            chance = chances[place].tolist()
            replied = answered[place] < _ANSWERED.get(channel, 0) and at is not None
            yield (
                {
                    "id": id,
                    "brand_id": int(brands[place]),
                    "source": channel,
                    "external_id": f"{id:08d}-{digest[:12]}",
                    "channel": channel,
                    "kind": "review",
                    "text": said,
                    "text_hash": digest,
                    "content_hash": digest,
                    "stars": _stars(sentiment, channel, chance[0]),
                    "author_key": digest[:20],
                    "published_at": at,
                    "reply": "Terima kasih atas masukannya, Kak." if replied else None,
                    "reply_at": at + timedelta(minutes=float(minutes[place]))
                    if replied and at
                    else None,
                    "product": str(products[place]),
                    "attributes": {"region": str(regions[place])},
                    "collected_at": end,
                },
                {
                    "mention_id": id,
                    "text_hash": digest,
                    "model": MODEL,
                    "language": str(languages[place]),
                    "sentiment": SENTIMENTS[sentiment],
                    "complaint": sentiment == 0 or (sentiment == 1 and chance[1] < 0.3),
                    "touchpoints": {
                        ids[which]: {
                            "polarity": SENTIMENTS[sentiment if chance[2] < 0.8 else 1],
                            "score": round(0.5 + chance[3] / 2, 4),
                            "span": [0, min(20, len(said))],
                        }
                        for which in spoken[place][: amounts[place]].tolist()
                    },
                    "signals": [str(signals[place])] if signalled[place] and sentiment != 1 else [],
                    "scores": _scores(ids, chance, sentiment),
                    "tagged_at": end,
                },
            )


def _stars(sentiment: int, channel: str, chance: float) -> float | None:
    if channel not in ("google_play", "marketplace", "app_store"):
        return None
    return float((1, 3, 5)[sentiment] + (chance > 0.7) - (sentiment == 2 and chance > 0.7) * 2)


def _scores(ids: tuple[str, ...], chance: list[float], sentiment: int) -> Mapping[str, float]:
    """Return scores of a model that is sure of most labels: of 6 texts in 10 it is not, of one."""
    sure = [value**_SURE for value in chance]
    rest = sure[0] / 3
    spread = dict.fromkeys(SENTIMENTS, rest) | {SENTIMENTS[sentiment]: 1 - 2 * rest}
    flags = dict(zip(("complaint", *ids, *SIGNALS), sure[3:], strict=True))
    return {name: round(value, 4) for name, value in (spread | flags).items()}


def _fingerprint() -> str:
    """Change with whatever shapes the store: its tables, this module and the texts."""
    sources = [
        Path(__file__),
        Path(texts.__file__),
        *sorted((Path(store.migrations.__file__).parent / "versions").glob("*.py")),
    ]
    content = b"".join(path.read_bytes() for path in sources)
    return hashlib.blake2b(content, digest_size=6).hexdigest()
