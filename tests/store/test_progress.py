"""What is new since a job last ran is found, whatever the order in which it was committed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from simak.mention import RawMention
from store.arrivals import save_arrived
from store.engine import Store
from store.filter import Filter
from store.lists import list_mentions
from store.mentions import Privacy, edited, versions
from store.progress import Progress, changed, newest, reached, save_progress
from store.tables import mention
from tests.builders import NOW, put, review

JOB = "job"


def keep(store: Store) -> None:
    now = newest(store)
    with store.write() as connection:
        save_progress(connection, JOB, now)


def new(store: Store) -> list[str]:
    found = changed(store, reached(store, JOB))
    names: list[str] = []
    for ids in found.ids(store):
        with store.read() as connection:
            rows = select(mention.c.external_id).where(mention.c.id.in_(ids)).order_by(mention.c.id)
            names += connection.scalars(rows)
    return names


def come(store: Store, id: int) -> None:
    """Let a mention come under an id of its own."""
    with store.write() as connection:
        one = connection.execute(select(mention)).mappings().first()
        connection.execute(mention.insert(), {**(one or {}), "id": id, "external_id": f"own {id}"})


@pytest.fixture
def said(store: Store) -> Store:
    put(store, [review("a", "satu"), review("b", "dua")])
    return store


def test_to_begin_with_all_is_new(said: Store) -> None:
    assert reached(said, JOB) == Progress(0, 0)
    assert new(said) == ["a", "b"]


def test_what_was_looked_at_is_not_looked_at_again(said: Store) -> None:
    keep(said)
    assert new(said) == []
    put(said, [review("c", "tiga")])
    assert new(said) == ["c"]


def test_what_is_edited_is_new(said: Store) -> None:
    keep(said)
    put(said, [review("a", "lain")])
    assert new(said) == ["a"]
    keep(said)
    assert new(said) == []
    put(said, [review("b", "lain")])
    assert new(said) == ["b"]


def test_where_one_came_late_the_last_are_looked_at_again(said: Store) -> None:
    come(said, 50)
    keep(said)
    come(said, 40)
    assert "own 40" in new(said)
    keep(said)
    assert new(said) == []


def test_what_was_kept_before_there_were_sums_is_looked_at_again(said: Store) -> None:
    last = newest(said)
    with said.write() as connection:
        save_progress(connection, JOB, Progress(last.mention_id, last.version_id))
    assert new(said) == ["a", "b"]


def test_a_text_that_comes_later_or_again_is_new_and_no_edit(said: Store) -> None:
    put(said, [review("stars", "", stars=2)])
    keep(said)
    put(said, [review("stars", "kecewa", stars=2)])
    assert new(said) == ["stars"]
    put(said, [RawMention(external_id="a", deleted=True)])
    keep(said)
    put(said, [review("a", "satu lagi")])
    assert new(said) == ["a"]
    ids = [row.id for row in list_mentions(said, Filter())]
    assert edited(said, ids) == set()
    assert [versions(said, id) for id in ids] == [[], [], []]


def test_a_text_that_comes_by_another_way_is_new(said: Store) -> None:
    def arrive(text: str) -> None:
        with said.write() as connection:
            save_arrived(
                said, connection, [review("stars", text, stars=2)], brand="Senandika",
                source="google_play", privacy=Privacy(b"key"), now=NOW,
            )  # fmt: skip

    arrive("")
    keep(said)
    arrive("kecewa")
    assert new(said) == ["stars"]
