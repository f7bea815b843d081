"""What is derived and damaged is found, named and derived anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, delete, insert, select, text, update

from simak.errors import StoreError
from store import rollups
from store.copies import find_copies
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import count
from store.repair import check_pages, differing, repair
from store.tables import (
    copy,
    daily_count,
    daily_touchpoint,
    label,
    label_facet,
    label_reply,
    label_touchpoint,
    monthly_count,
    monthly_profile,
    monthly_touchpoint,
    wording,
)
from tests.builders import NOW, put, review, tag_all, tagged
from tests.store.test_transfer import rows
from tests.stores import damage_page

COPIED = "kurir membentak pelanggan dan meninggalkan paket di jalan tanpa menelepon dulu " * 2


@pytest.fixture
def full(store: Store) -> Store:
    """Something in every table that is derived."""
    texts = {f"paket {n} lama": tagged(touchpoints={"delivery": "negative"}) for n in range(12)}
    put(
        store,
        [
            review(
                said, said, f"2026-0{n % 3 + 4}-{n + 1:02}", stars=n % 5 + 0.5, product="Wajan",
                reply="maaf", reply_at=NOW,
            )
            for n, said in enumerate(texts)
        ],
    )  # fmt: skip
    put(store, [review(f"c{n}", COPIED, "2026-05-10", author=f"akun {n}") for n in range(8)])
    tag_all(store, texts)
    assert find_copies(store) == 7
    assert differing(store) == {}
    check_pages(store)
    return store


def counted(store: Store) -> list[rollups.Cell]:
    return rollups.counts(store, Filter(), by=("day", "sentiment")) + rollups.touchpoint_counts(
        store, Filter()
    )


SPOILED: dict[str, tuple[Table, dict[str, object], set[str]]] = {
    "a label": (label, {"sentiment": "positive"}, {"label", "daily_count"}),
    "its day": (label, {"day": NOW.date()}, {"label"}),
    "a polarity": (label_touchpoint, {"polarity": "positive"}, {"label", "daily_touchpoint"}),
    "a facet": (label_facet, {"stars": 1}, {"label"}),
    "a reply": (label_reply, {"answered": False}, {"label"}),
    "the count of a day": (daily_count, {"n": 99}, {"daily_count", "monthly_count"}),
    "the complaints of a day": (daily_count, {"complaints": 99}, {"daily_count"}),
    "the stars of a day": (daily_count, {"stars_sum": 99}, {"daily_count"}),
    "the count of a touchpoint": (daily_touchpoint, {"n": 99}, {"daily_touchpoint"}),
    "the count of a month": (monthly_count, {"n": 99}, {"monthly_count"}),
    "the touchpoints of a month": (monthly_touchpoint, {"n": 99}, {"monthly_touchpoint"}),
    "the squares of a month": (monthly_profile, {"stars_squares": 99}, {"monthly_profile"}),
    "the count of a text": (wording, {"n": 99}, {"wording"}),
    "a group of copies": (copy, {"group_id": 1}, {"copy"}),
    "the first of a group": (copy, {"repeat": True}, {"copy"}),
}


def spoil(connection: Connection, table: Table, values: dict[str, object]) -> None:
    """Write something wrong into the first row."""
    keys = list(table.primary_key)
    first = select(*keys).order_by(*keys).limit(1)
    if table is label:  # of those with stars
        first = first.where(label.c.stars.is_not(None))
    one = connection.execute(first).one()
    chosen = [key == value for key, value in zip(keys, one, strict=True)]
    assert connection.execute(update(table).where(*chosen).values(values)).rowcount == 1


def test_every_row_that_is_wrong_is_named_and_mended(full: Store) -> None:
    before, sums = rows(full), counted(full)
    for table, values, signs in SPOILED.values():
        keys = list(table.primary_key)
        with full.read() as connection:
            kept = connection.execute(select(table).order_by(*keys)).mappings().all()
        with full.write() as connection:
            spoil(connection, table, values)
        assert signs <= differing(full).keys(), (table, values)
        with full.write() as connection:
            connection.execute(delete(table))
            connection.execute(insert(table), [dict(row) for row in kept])
    assert differing(full) == {}
    with full.write() as connection:
        for table, values, _ in SPOILED.values():
            spoil(connection, table, values)
    assert repair(full) == 20
    assert differing(full) == {}
    after = rows(full)
    for name in ("mention", "tag", "copy"):
        assert after[name] == before[name]
    assert counted(full) == sums


def test_rows_that_are_gone_come_back(full: Store) -> None:
    with full.write() as connection:
        for table in (label_touchpoint, label_facet, label_reply):
            connection.execute(delete(table))
        connection.execute(delete(label).where(label.c.mention_id < 5))
        connection.execute(delete(copy).where(~copy.c.repeat))
    assert {"label", "copy"} <= differing(full).keys()
    repair(full)
    assert differing(full) == {}
    assert count(full, Filter(touchpoints=("delivery",))).n == 12
    assert count(full, Filter(copies=False)).n == 13


def test_an_index_that_lost_a_text_is_named_and_made_anew(full: Store) -> None:
    lost = (
        "INSERT INTO mention_search (mention_search, rowid, text) "
        "SELECT 'delete', id, text FROM mention WHERE id = 3"
        if full.is_sqlite
        else "UPDATE mention_search SET words = to_tsvector('simple', 'lain') WHERE mention_id = 3"
    )
    with full.write() as connection:
        connection.execute(text(lost))
    assert count(full, Filter(search="lama")).n == 11
    assert differing(full) == {"mention_search": 1}
    check_pages(full)  # what can be made anew is no reason to restore
    repair(full)
    assert differing(full) == {}
    assert count(full, Filter(search="lama")).n == 12


def test_a_damaged_page_is_found(sqlite_url: str, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    put(store, [review(str(i), "teks " * 50) for i in range(200)])
    store.close()
    damage_page(tmp_path / "simak.db", b"teks teks")
    damaged = open_store(sqlite_url)
    with pytest.raises(StoreError, match="restore it from a backup"):
        check_pages(damaged)
    damaged.close()
