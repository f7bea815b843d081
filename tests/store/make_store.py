"""Makes the small store of the present revision that later ones are upgraded from in the tests.

Before a release, with the code that is released:

    python -m tests.store.make_store
"""

from __future__ import annotations

import gzip
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert

from store import migrations
from store.actions import add_action
from store.copies import find_copies
from store.corrections import correct
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import list_mentions
from store.promises import add_promise
from store.runs import DONE, save_bad_records, save_run, set_cursor, start_run
from store.tables import case_change, mark, mention_case, saved_view, theme, theme_space
from tests.builders import NOW, put, review, tag_all, tagged
from tests.store import test_surveys as surveys

SAID = {
    "paket lama sekali": tagged("negative", {"delivery": "negative"}),
    "kurir ramah": tagged("positive", {"customer_service": "positive"}),
    "harga mahal": tagged("negative", {"price": "negative"}),
    "bagus": tagged("positive"),
    "kecewa, tidak dibalas": tagged("negative"),
}
DAYS = ("2026-04-30", "2026-05-10", "2026-05-31", None)
COPIED = "kurir membentak pelanggan dan meninggalkan paket di jalan tanpa menelepon dulu " * 2


def fill(store: Store) -> None:
    """Put something of everything into a store."""
    texts = {
        f"{text} {n} {day}": (n, day, tags)
        for n, (text, tags) in enumerate(SAID.items())
        for day in DAYS
    }
    put(
        store,
        [
            review(
                text, text, day, stars=n % 5 + 0.5, product="Wajan",
                reply="maaf" if n % 2 else None,
                attributes={"region": "Riau" if n % 2 else "Bali"},
            )
            for text, (n, day, _) in texts.items()
        ],
    )  # fmt: skip
    put(store, [review("lain", "pesaing lebih murah", "2026-05-12")], brand="Lain", source="rss")
    tag_all(store, {text: tags for text, (_, _, tags) in texts.items()})
    ids = {row.external_id: row.id for row in list_mentions(store, Filter(), limit=100)}
    own = ids["bagus 3 2026-05-10"]
    correct(store, own, tagged("neutral", {"price": "neutral"}), by="Sari", now=NOW)
    correct(store, own, tagged("positive"), by="Budi", now=NOW)
    put(store, [review("harga mahal 2 None", "harga turun", None, stars=4.5)])  # an edit
    put(store, [review(f"c{n}", COPIED, "2026-05-10", author=f"akun {n}") for n in range(6)])
    find_copies(store)
    late = datetime(2026, 5, 31, 20, tzinfo=UTC)  # June already, in Jakarta
    surveys.put(store, surveys.answer("1", answered_at=late), surveys.answer("2", day=None))
    run = start_run(store, source="google_play", kind="collect", asked="all", now=NOW)
    run.status, run.finished_at, run.got, run.new = DONE, NOW, 21, 20
    with store.write() as connection:
        save_bad_records(connection, run.id, [("no text", "{}")])
        set_cursor(connection, "google_play", {"since": "2026-05-31"}, NOW)
        save_run(connection, run)
    _put_on_record(store)


def _put_on_record(store: Store) -> None:
    day = date(2026, 5, 3)
    add_promise(
        store, brand="Senandika", text="paket tidak lama", touchpoint="delivery", since=day, now=NOW
    )
    add_action(
        store, brand="Senandika", text="kemasan baru", touchpoint="packaging", day=day, by="Sari",
        now=NOW,
    )  # fmt: skip
    by = {"by": "Sari", "at": NOW}
    people = {"opened_by": "Sari", "opened_at": NOW, "changed_by": "Sari", "changed_at": NOW}
    with store.write() as connection:
        for table, row in (
            (mark, {"kind": "test", "name": "x", "mention_id": 1}),
            (theme, {"id": 1, "brand_id": 1, "polarity": "negative", "words": ["lama"], "n": 4,
                     "centroid": b"\0" * 8, "model": "m", "found_at": NOW}),
            (theme_space, {"brand_id": 1, "polarity": "negative", "model": "m", "space": b"\1",
                           "cut": 0.5, "texts": 4}),
            (mention_case, {"mention_id": 1, "owner": "Budi", "status": "open", **people}),
            (case_change, {"mention_id": 1, "field": "owner", "after": "Budi", **by}),
            (saved_view, {"name": "kurir", "page": "mentions", "query": "q=kurir",
                          "saved_by": "Sari", "saved_at": NOW}),
        ):  # fmt: skip
            connection.execute(insert(table).values(row))


def main() -> None:
    """Write the store of the present revision beside the others."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "simak.db"
        store = open_store(f"sqlite:///{path}")
        fill(store)
        store.close()
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("VACUUM")
        connection.close()
        target = Path(__file__).parent / "stores" / f"{migrations.HEAD}.db.gz"
        target.write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


if __name__ == "__main__":
    main()
