"""What services send of themselves, in any order and again and again, ends as the same row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select

from simak.mention import RawMention
from store import rollups
from store.arrivals import save_arrived
from store.engine import Store
from store.mentions import Privacy, Saved, versions
from store.tables import mention
from tests.builders import NOW

ORIGINAL = RawMention(
    external_id="m1",
    text="Paket belum sampai",
    channel="whatsapp",
    kind="message",
    author="62811",
    published_at=NOW,
    parent_id="m0",
    attributes={"phone_number_id": "7"},
)


def edit(text: str, minutes: int) -> RawMention:
    at = NOW + timedelta(minutes=minutes)
    return RawMention(
        external_id="m1", text=text, channel="whatsapp", kind="message", author="62811",
        edited_at=at, attributes={"forwarded": "yes"},
    )  # fmt: skip


EDIT = edit("Paket sudah sampai", 1)
LATER = edit("Paket sudah sampai, tapi penyok", 2)
REVOKED = RawMention(external_id="m1", channel="whatsapp", kind="message", deleted=True)


def arrive(store: Store, *raws: RawMention, hours: int = 0) -> Saved:
    with store.write() as connection:
        return save_arrived(
            store,
            connection,
            raws,
            brand="Senandika",
            source="webhook",
            privacy=Privacy(b"key"),
            now=NOW + timedelta(hours=hours),
        )


def rows(store: Store) -> list[dict[str, Any]]:
    with store.read() as connection:
        return [dict(row) for row in connection.execute(select(mention)).mappings()]


def test_an_edit_keeps_what_only_the_message_said(store: Store) -> None:
    assert arrive(store, ORIGINAL) == Saved(new=1)
    assert arrive(store, EDIT, hours=1) == Saved(edited=1)
    (row,) = rows(store)
    assert (row["text"], row["edited_at"]) == (EDIT.text, EDIT.edited_at)
    assert (row["published_at"], row["parent_id"]) == (NOW, "m0")
    assert row["attributes"] == {"phone_number_id": "7", "forwarded": "yes"}
    assert row["collected_at"] == NOW
    assert versions(store, row["id"]) == [(ORIGINAL.text, NOW + timedelta(hours=1))]
    assert rollups.verify(store) == 1


def test_any_order_with_repetitions_ends_as_the_same_row(store: Store) -> None:
    ends: list[tuple[Any, ...]] = []
    orders: list[Sequence[RawMention]] = [*permutations((ORIGINAL, EDIT, LATER)), [LATER, EDIT]]
    for place, order in enumerate(orders):
        raws = [*order, ORIGINAL, *order, EDIT, LATER]
        for raw in raws:
            arrive(store, _named(raw, place))
        again = [arrive(store, _named(raw, place)) for raw in raws]
        assert again == [Saved(unchanged=1)] * len(raws)
    for row in rows(store):
        texts = sorted(text for text, _ in versions(store, row["id"]))
        ends.append(({k: v for k, v in row.items() if k not in ("id", "external_id")}, texts))
        ends[-1][0].pop("content_hash")
    assert len(ends) == len(orders)
    assert all(end == ends[0] for end in ends)
    assert ends[0][0]["text"] == LATER.text
    assert ends[0][1] == sorted([ORIGINAL.text, EDIT.text])
    assert rollups.verify(store) == len(orders)


@pytest.mark.parametrize("together", [True, False])
def test_what_was_deleted_stays_deleted_in_any_order(store: Store, together: bool) -> None:
    orders = list(permutations((ORIGINAL, EDIT, REVOKED)))
    for place, order in enumerate(orders):
        raws = [_named(raw, place) for raw in (*order, *order)]
        if together:
            arrive(store, *raws)
        else:
            for raw in raws:
                arrive(store, raw)
    found = rows(store)
    assert len(found) == len(orders)
    for row in found:
        assert (row["text"], row["author_key"], row["attributes"]) == ("", None, {})
        assert row["deleted_at"] == NOW
        assert row["published_at"] == NOW
        assert versions(store, row["id"]) == []
    assert arrive(store, _named(REVOKED, 0), hours=9) == Saved(unchanged=1)
    assert rollups.verify(store) == len(orders)


def test_an_erased_rating_is_noticed_too(store: Store) -> None:
    arrive(store, RawMention(external_id="r", stars=1))
    assert arrive(store, RawMention(external_id="r", deleted=True)) == Saved(deleted=1)


def test_without_times_the_last_text_wins_and_a_repetition_undoes_nothing(store: Store) -> None:
    first, second = (RawMention(external_id="r", text=t, stars=s) for t, s in (("a", 1), ("b", 4)))
    assert arrive(store, first) == Saved(new=1)
    assert arrive(store, second) == Saved(edited=1)
    assert arrive(store, first) == Saved(unchanged=1)
    (row,) = rows(store)
    assert (row["text"], row["stars"]) == ("b", 4)
    assert [text for text, _ in versions(store, row["id"])] == ["a"]


@pytest.mark.parametrize("text", ["", "Pengiriman"])
def test_stars_that_change_again_and_again_are_followed(store: Store, text: str) -> None:
    given = [
        RawMention(external_id="m1", text=text, stars=stars, published_at=NOW)
        for stars in (5.0, 1.0, 3.0)
    ]
    for raw in given:
        arrive(store, raw)
    assert [row["stars"] for row in rows(store)] == [3.0]
    # What comes late is known by text and stars, or by its text alone where it gives none.
    for late in (*given[:2], replace(given[0], stars=None, text=text or "Pengiriman")):
        arrive(store, late)
    assert [row["stars"] for row in rows(store)] == [3.0]


def test_the_first_time_of_arrival_stays(store: Store) -> None:
    raw = RawMention(external_id="q", text="halo", published_at=NOW)
    late = RawMention(external_id="q", text="halo", published_at=NOW + timedelta(hours=3))
    arrive(store, raw)
    assert arrive(store, late) == Saved(unchanged=1)
    assert rows(store)[0]["published_at"] == NOW


def test_a_deletion_does_not_change_where_it_was_said(store: Store) -> None:
    arrive(store, RawMention(external_id="r", text="a", channel="instagram"))
    arrive(store, RawMention(external_id="r", deleted=True))
    assert rows(store)[0]["channel"] == "instagram"


def test_another_column_alone_is_a_change_without_a_version(store: Store) -> None:
    arrive(store, RawMention(external_id="r", text="a"))
    assert arrive(store, RawMention(external_id="r", text="a", reply="Maaf ya")) == Saved(edited=1)
    (row,) = rows(store)
    assert row["reply"] == "Maaf ya"
    assert versions(store, row["id"]) == []


def test_many_at_once(store: Store) -> None:
    raws = [RawMention(external_id=f"m{n}", text=f"pesan {n}") for n in range(150)]
    assert arrive(store, *raws, *raws) == Saved(new=150, unchanged=150)
    assert rollups.verify(store) == 150


def _named(raw: RawMention, place: int) -> RawMention:
    return replace(raw, external_id=f"m{place}")
