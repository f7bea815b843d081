"""What is older than is kept goes as what its source deletes does: the counts stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from store import rollups
from store.arrivals import save_arrived
from store.engine import Store
from store.expiry import Expired, Keep, Retention, expire
from store.filter import Filter
from store.lists import count, list_mentions
from store.mentions import Privacy, Saved, versions
from store.runs import bad_records, save_bad_records, start_run
from store.tables import mention
from tests.builders import NOW, put, review, tag_all, tagged

YEAR = Retention(days=365)
OLD, EDGE, YOUNG = "2025-05-31", "2025-06-01", "2025-06-02"


def fill(store: Store) -> None:
    put(store, [review("old", "pertama", OLD, author="Budi", reply="Halo")])
    put(
        store,
        [
            review("old", "paket lama", OLD, author="Budi", reply="Halo", stars=1),
            review("edge", "pas setahun", EDGE),
            review("young", "masih baru", YOUNG),
            review("undated", "tanpa tanggal", None),
        ],
    )
    tag_all(store, {"paket lama": tagged("negative", {"delivery": "negative"})})


def texts(store: Store) -> set[str]:
    with store.read() as connection:
        return {text for text in connection.scalars(select(mention.c.text)) if text}


def test_what_is_too_old_goes_and_its_counts_stay(store: Store) -> None:
    fill(store)
    before = count(store, Filter())
    assert expire(store, YEAR, now=NOW, dry_run=True) == Expired(mentions=1)
    assert "paket lama" in texts(store)
    assert expire(store, YEAR, now=NOW) == Expired(mentions=1)
    assert texts(store) == {"pas setahun", "masih baru", "tanpa tanggal"}
    (row,) = [row for row in list_mentions(store, Filter()) if row.deleted_at]
    assert (row.reply, row.sentiment, row.stars) == (None, "negative", 1)
    assert versions(store, row.id) == []
    with store.read() as connection:
        gone = connection.execute(select(mention).where(mention.c.id == row.id)).one()
    assert (gone.author_key, gone.url, gone.attributes) == (None, None, {})
    assert count(store, Filter()) == before
    rollups.verify(store)
    assert expire(store, YEAR, now=NOW) == Expired()


def test_without_a_time_that_of_collecting_counts(store: Store) -> None:
    fill(store)
    later = NOW + timedelta(days=366)
    assert expire(store, YEAR, now=later) == Expired(mentions=4)
    assert texts(store) == set()


def test_it_does_not_come_back_with_the_next_collection(store: Store) -> None:
    fill(store)
    expire(store, YEAR, now=NOW)
    again = review("old", "paket lama, diubah", OLD, author="Budi")
    assert put(store, [again]) == Saved(unchanged=1)
    with store.write() as connection:
        saved = save_arrived(
            store, connection, [again], brand="Senandika", source="google_play",
            privacy=Privacy(b"key"), now=NOW,
        )  # fmt: skip
    assert saved == Saved(unchanged=1)
    assert "paket lama, diubah" not in texts(store)


@pytest.mark.parametrize(
    ("retention", "left"),
    [
        (Retention(), {"gp", "rss", "lain"}),
        (Retention(days=10), set()),
        (Retention(days=10**9), {"gp", "rss", "lain"}),
        # A source's own time holds for it, longer or shorter than that of all.
        (Retention(10, (Keep("berita", "Senandika", "rss", 90),)), {"rss"}),
        (Retention(None, (Keep("berita", "Senandika", "rss", 10),)), {"gp", "lain"}),
        # Of two that give the same, the shorter.
        (
            Retention(90, (Keep("a", "Senandika", "rss", 60), Keep("b", "Senandika", "rss", 10))),
            {"gp", "lain"},
        ),
        (Retention(10, (Keep("x", "Tidak ada", "rss", 90),)), set()),
    ],
)
def test_each_source_has_its_own_time(store: Store, retention: Retention, left: set[str]) -> None:
    put(store, [review("1", "gp", "2026-05-01")])
    put(store, [review("1", "rss", "2026-05-01")], source="rss")
    put(store, [review("1", "lain", "2026-05-01")], source="rss", brand="Lain")
    expire(store, retention, now=NOW)
    assert texts(store) == left


def test_records_that_could_not_be_read_are_as_old_as_their_run(store: Store) -> None:
    for days, source in ((400, "play"), (5, "play"), (5, "berita")):
        at = NOW - timedelta(days=days)
        run = start_run(store, source=source, kind="collect", asked="all", now=at)
        with store.write() as connection:
            save_bad_records(connection, run.id, [("broken", f"{source} {days}")])
    kept = Retention(365, (Keep("berita", "Senandika", "rss", 3),))
    assert expire(store, kept, now=NOW, dry_run=True) == Expired(bad_records=2)
    assert expire(store, kept, now=NOW) == Expired(bad_records=2)
    left = [found for run in (1, 2, 3) for found in bad_records(store, run)]
    assert left == [("broken", "play 5")]
