"""A store that was moved into another database is the same row for row, and goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, select, update

from simak.cli import commands
from simak.errors import StoreBusy, StoreError
from store import rollups, transfer
from store.corrections import correct
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import count, list_mentions
from store.runs import hold_lease
from store.tables import label, mention
from store.transfer import copy_store, count_rows, rows_of, tables
from tests.builders import NOW, put, review, tag_all, tagged

Pair = tuple[Store, Store]

TEXTS = ("paket \u200b lama 😀", "café ramah", "المنتج سيئ", "x'; DROP TABLE mention;--", "a\\nb\t")


def fill(store: Store) -> None:
    said = {f"{text} {n}": n for n, text in enumerate(TEXTS * 3)}
    put(
        store,
        [
            review(
                f"m{n}",
                text,
                None if n == 3 else f"2026-05-{n + 1:02}",
                product="Wajan",
                stars=n % 5 + 0.5,
                attributes={"region": "Riau" if n % 2 else "Bali"},
            )
            for text, n in said.items()
        ],
    )
    put(store, [review("m1", "diubah", "2026-05-02")])  # an edit, with its version
    tag_all(store, {text: tagged("negative", {"delivery": "negative"}) for text in said})
    row = list_mentions(store, Filter(), limit=1)[0]
    correct(store, row.id, tagged("positive"), by="Sari", now=NOW)


@pytest.fixture(params=["to PostgreSQL", "to SQLite"])
def pair(request: pytest.FixtureRequest, sqlite_store: Store, postgresql_store: Store) -> Pair:
    """A store with something in it, and an empty one of the other kind."""
    found = (sqlite_store, postgresql_store)
    source, target = found if request.param == "to PostgreSQL" else found[::-1]
    fill(source)
    return source, target


def rows(store: Store) -> dict[str, list[Any]]:
    with store.read() as connection:
        return {
            table.name: sorted(
                ([*row] for row in connection.execute(rows_of(table))), key=lambda row: repr(row)
            )
            for table in tables()
        }


def test_every_row_is_there_and_opens(pair: Pair) -> None:
    source, target = pair
    steps: list[int] = []
    copied = copy_store(source, target, advance=steps.append)
    before, after = rows(source), rows(target)
    assert after == before
    assert {name: len(found) for name, found in after.items()} == copied
    assert min(copied[name] for name in ("mention_version", "correction", "label_facet")) > 0
    assert sum(steps) == 2 * sum(copied.values()) == 2 * count_rows(source)
    rollups.verify(target)
    for filter in (Filter(), Filter(search="ramah"), Filter(facets=(("region", "Riau"),))):
        assert count(target, filter) == count(source, filter)
        assert [row.text for row in list_mentions(target, filter)] == [
            row.text for row in list_mentions(source, filter)
        ]


def test_the_copy_goes_on_as_the_store_would(pair: Pair) -> None:
    source, target = pair
    copy_store(source, target)
    for store in pair:
        put(store, [review("new", "baru datang"), review("m2", "diubah lagi", "2026-05-03")])
        tag_all(store, {"baru datang": tagged("positive", {"price": "positive"})})
    assert count(target, Filter()) == count(source, Filter())
    assert count(target, Filter(touchpoints=("price",))).n == 1
    rollups.verify(target)


def test_only_an_empty_store_is_copied_into(pair: Pair) -> None:
    source, target = pair
    put(target, [review("own", "milik sendiri")])
    before = rows(target)
    with pytest.raises(StoreError, match="is not empty"):
        copy_store(source, target)
    assert rows(target) == before


def test_collecting_and_copying_wait_for_one_another(pair: Pair) -> None:
    source, target = pair
    with hold_lease(source), pytest.raises(StoreBusy):
        copy_store(source, target)
    assert not any(rows(target).values())


@pytest.mark.parametrize("table", [mention, label])
def test_a_row_that_is_not_the_same_undoes_all_of_it(
    pair: Pair, table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = pair
    number_on: Callable[[Connection], None] = transfer._number_on

    def spoil(connection: Connection) -> None:
        number_on(connection)
        first = select(table.c[next(iter(table.primary_key)).name]).limit(1).scalar_subquery()
        key = next(iter(table.primary_key))
        connection.execute(update(table).where(key == first).values(channel="changed"))

    monkeypatch.setattr(transfer, "_number_on", spoil)
    with pytest.raises(StoreError, match=f"the copy of {table.name} is not the same"):
        copy_store(source, target)
    assert not any(rows(target).values())


def test_the_command_says_what_it_copied(sqlite_store: Store, tmp_path: Path) -> None:
    fill(sqlite_store)
    source = sqlite_store.engine.url.render_as_string()
    target = f"sqlite:///{tmp_path / 'copy.db'}"
    found = CliRunner().invoke(commands, ["db", "copy", source, target, "--json"])
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)["mention"] == 15
    again = open_store(target)
    assert rows(again) == rows(sqlite_store)
    again.close()
    refused = CliRunner().invoke(commands, ["db", "copy", source, target])
    assert isinstance(refused.exception, StoreError)


def test_an_address_that_is_wrong_is_told(sqlite_store: Store, tmp_path: Path) -> None:
    wrong = f"sqlite:///{tmp_path / 'typo.db'}"
    target = sqlite_store.engine.url.render_as_string()
    refused = CliRunner().invoke(commands, ["db", "copy", wrong, target])
    assert "nothing in" in str(refused.exception)
    assert not any(rows(sqlite_store).values())
