from datetime import timedelta

import pytest
from sqlalchemy import select

from simak.mention import MAX_TEXT_CHARS, RawMention
from store import rollups
from store.engine import Store
from store.filter import Filter
from store.lists import count, list_mentions
from store.mentions import Privacy, Saved, brand_names, save, versions
from store.tables import mention
from store.tags import count_waiting
from tests.builders import MODEL, NOW, put, review, tag_all, tagged


def test_the_same_page_twice_changes_nothing(store: Store) -> None:
    page = [review("1", stars=4.0), review("2", reply="terima kasih")]
    assert put(store, page) == Saved(new=2)
    before = list_mentions(store, Filter())
    assert put(store, page, now=NOW + timedelta(days=1)) == Saved(unchanged=2)
    assert list_mentions(store, Filter()) == before


def test_a_duplicate_inside_a_page_is_one_mention(store: Store) -> None:
    assert put(store, [review("1"), review("1")]).new == 1


def test_an_edit_keeps_the_id_and_the_old_text_and_waits_for_a_tag(store: Store) -> None:
    put(store, [review("1", "lama sekali", stars=1.0)])
    tag_all(store, {"lama sekali": tagged("negative", {"delivery": "negative"})})
    (old,) = list_mentions(store, Filter())
    assert put(store, [review("1", "akhirnya sampai", stars=4.0)]) == Saved(edited=1)
    (new,) = list_mentions(store, Filter())
    assert (new.id, new.text, new.stars) == (old.id, "akhirnya sampai", 4.0)
    assert [text for text, _ in versions(store, new.id)] == ["lama sekali"]
    assert count_waiting(store, MODEL) == 1


def test_a_new_reply_is_an_edit_that_keeps_the_tag(store: Store) -> None:
    put(store, [review("1", "lama")])
    tag_all(store, {"lama": tagged("negative")})
    assert put(store, [review("1", "lama", reply="maaf ya")]) == Saved(edited=1)
    (row,) = list_mentions(store, Filter())
    assert (row.reply, row.sentiment) == ("maaf ya", "negative")
    assert versions(store, row.id) == []
    assert count_waiting(store, MODEL) == 0


def test_what_was_deleted_before_it_was_read_counts_as_nothing(store: Store) -> None:
    spam = RawMention(external_id="9", deleted=True)
    assert put(store, [spam, review("1")]) == Saved(new=1, unchanged=1)
    assert [row.external_id for row in list_mentions(store, Filter())] == ["1"]


def test_a_deleted_mention_loses_its_text_and_keeps_its_counts(store: Store) -> None:
    put(store, [review("1", "v1 rahasia"), review("2", "kabar")])
    put(store, [review("1", "lama sekali", author="Budi", url="https://x.example/1")])
    tag_all(store, {"lama sekali": tagged("negative", {"delivery": "negative"})})
    before = rollups.counts(store, Filter(), by=("day", "sentiment"))
    gone = RawMention(external_id="1", deleted=True)
    assert put(store, [gone]) == Saved(deleted=1)
    assert rollups.counts(store, Filter(), by=("day", "sentiment")) == before
    row = next(r for r in list_mentions(store, Filter()) if r.external_id == "1")
    assert row.deleted_at is not None
    assert (row.text, row.url, versions(store, row.id)) == ("", None, [])
    assert count_waiting(store, MODEL) == 0
    assert count(store, Filter(search="lama")).n == 0
    assert put(store, [gone], now=NOW + timedelta(days=1)) == Saved(unchanged=1)


def test_two_brands_and_sources_may_use_the_same_external_id(store: Store) -> None:
    put(store, [review("1")])
    put(store, [review("1")], brand="Griyakita")
    put(store, [review("1")], source="app_store")
    assert count(store, Filter()).n == 3
    assert brand_names(store) == ["Griyakita", "Senandika"]


def test_names_are_hashed_and_numbers_masked_unless_raw_is_kept(store: Store) -> None:
    said = review("1", "telepon 0812-3456-7890", author="Budi", reply="email cs@contoh.id")
    put(store, [said])
    put(store, [said], source="app_store", keep_raw=True)
    with store.read() as connection:
        rows = connection.execute(select(mention).order_by(mention.c.id)).all()
    assert rows[0].text == "telepon [phone]"
    assert rows[0].reply == "email [email]"
    assert "Budi" not in str(rows[0])
    assert (rows[1].text, rows[1].author_key) == ("telepon 0812-3456-7890", "Budi")


def test_what_no_database_takes_is_made_storable(store: Store) -> None:
    put(store, [review("1", "a\x00b \ud800 " + "x" * 1_000_000, author="\ud800", product="p\x00")])
    (row,) = list_mentions(store, Filter())
    assert row.text.startswith("ab ? x")
    assert len(row.text) <= MAX_TEXT_CHARS


def test_a_title_is_joined_above_the_text_unless_it_repeats_it(store: Store) -> None:
    put(store, [review("1", "rusak dua hari", title="Kecewa")])
    put(store, [review("2", "Rusak dua hari sudah", title="Rusak dua hari…")])
    assert {row.text for row in list_mentions(store, Filter())} == {
        "Kecewa\nrusak dua hari",
        "Rusak dua hari sudah",
    }


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    put(store, [review("1")])
    privacy = Privacy(b"key")
    with pytest.raises(KeyError), store.write() as connection:  # noqa: PT012
        save(store, connection, [review("2")], brand="B", source="rss", privacy=privacy, now=NOW)
        raise KeyError
    assert count(store, Filter()).n == rollups.verify(store) == 1
    assert brand_names(store) == ["Senandika"]
