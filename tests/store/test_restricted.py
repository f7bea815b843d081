"""A member's store: no statement reads or changes what their roles leave out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Table, delete, insert, select, update

from simak.access import OWNER, ROLES, Access, Role
from simak.errors import NotAllowed, SimakError, StoreError
from store import audit, cases, copies, corrections, marks, members, mentions, runs, views
from store.actions import add_action
from store.engine import Store
from store.filter import Filter
from store.lists import count, list_ids
from store.promises import add_promise
from store.restricted import restrict
from store.rollups import facets, verify
from store.tables import metadata
from tests.builders import put, review, tag_all, tagged

NOW = datetime(2026, 7, 1, tzinfo=UTC)
OWN, OTHER = "Senandika", "Griyakita"


@pytest.fixture
def two(store: Store) -> Store:
    """A store with a row of two brands in all but every table."""
    for brand, source in ((OWN, "google_play"), (OTHER, "app_store")):
        rows = [
            review(f"{brand}{n}", f"{brand} kurir lama sekali {n % 3}", product=brand)
            for n in range(4)
        ]
        put(store, [*rows, review("edited", "lama")], brand=brand, source=source)
        put(store, [review("edited", "baru")], brand=brand, source=source)
        run = runs.start_run(store, source=source, kind="collect", asked=brand, now=NOW)
        run.status = runs.DONE
        with store.write() as connection:
            runs.save_run(connection, run)
        add_action(store, brand=brand, text="x", touchpoint=None, day=date(2026, 6, 1), by="o",
                   now=NOW)  # fmt: skip
        add_promise(store, brand=brand, text="cepat", touchpoint="delivery",
                    since=date(2026, 1, 1), now=NOW)  # fmt: skip
        views.save_view(store, brand, page="today", query="", by="o", brand=brand, now=NOW)
    bad = tagged("negative", {"delivery": "negative"})
    tag_all(store, {f"{brand} kurir lama sekali {n}": bad for brand in (OWN, OTHER)
                    for n in range(3)})  # fmt: skip
    copies.find_copies(store)
    for brand in (OWN, OTHER):
        ids = list_ids(store, Filter(brands=(brand,)), limit=9)
        corrections.correct(store, ids[0], tagged("positive"), by="o", now=NOW)
        cases.save_cases(store, ids[:2], by="o", now=NOW, note=brand)
        marks.set_mark(store, "theme", brand, ids)
    return store


def ids_of(store: Store) -> dict[str, int]:
    """Return each brand's id."""
    return {name: next(iter(members.brand_ids(store, (name,)))) for name in (OWN, OTHER)}


@pytest.fixture
def analyst(two: Store) -> Iterator[Store]:
    """The store as an analyst of one brand has it."""
    with closing(restrict(two, Access("ana", brands={ids_of(two)[OWN]: "analyst"}))) as found:
        yield found


def rows_of(store: Store, table: Table) -> list[dict[str, Any]]:
    """Return a table's rows."""
    with store.read() as connection:
        return sorted((dict(row) for row in connection.execute(select(table)).mappings()), key=repr)


def is_of(owner: Store, table: Table, row: dict[str, Any], brand: int) -> bool:
    """Whether a row is a brand's; found out by other ways than `store.restricted` goes."""
    if "brand_id" in row:
        return bool(row["brand_id"] == brand)
    if "mention_id" in row:
        return row["mention_id"] in list_ids(owner, Filter(brands=(OWN,)), limit=99)
    if table.name == "brand":
        return bool(row["id"] == brand)
    return (
        table.name in ("meta", "profile", "facet", "model", "lease")
        or row.get("source") == "google_play"
    )


def test_no_table_shows_a_row_of_another_brand(two: Store, analyst: Store) -> None:
    own = ids_of(two)[OWN]
    seen = 0
    for table in metadata.sorted_tables:
        theirs, every = rows_of(analyst, table), rows_of(two, table)
        if table.name in ("audit", "membership", "cursor"):
            assert not theirs
            continue
        assert theirs == [row for row in every if is_of(two, table, row, own)], table.name
        seen += len(every) > len(theirs)
    assert seen > 20  # the tables that hold something of the other brand too


def test_no_statement_changes_a_row_of_another_brand(two: Store, analyst: Store) -> None:
    own = ids_of(two)[OWN]
    for table in metadata.sorted_tables:
        foreign = [row for row in rows_of(two, table) if not is_of(two, table, row, own)]
        if table.name == "audit":
            continue  # everybody adds to it, and reads nothing of it
        for row in foreign:
            where = [table.c[column.name] == row[column.name] for column in table.primary_key]
            for statement in (delete(table).where(*where), update(table).where(*where).values(row)):
                try:
                    with analyst.write() as connection:
                        assert connection.execute(statement).rowcount == 0, table.name
                except NotAllowed:
                    pass
            with pytest.raises((SimakError, Exception)), analyst.write() as connection:
                connection.execute(insert(table).values(row))
        assert [row for row in rows_of(two, table) if not is_of(two, table, row, own)] == foreign, (
            table.name
        )


def test_a_row_is_not_given_to_another_brand(two: Store, analyst: Store) -> None:
    gone = update(metadata.tables["action"]).values(brand_id=ids_of(two)[OTHER])
    with pytest.raises(NotAllowed), analyst.write() as connection:
        connection.execute(gone)
    with pytest.raises(NotAllowed), analyst.write() as connection:
        mentions.brand_id(connection, "Baru")


def test_their_own_brand_they_correct_as_anybody_does(two: Store, analyst: Store) -> None:
    ids = list_ids(analyst, Filter(), limit=9)
    assert len(ids) == count(analyst, Filter()).n == 5
    change = corrections.TagChange("neutral")
    assert corrections.correct_many(analyst, ids, change, by="ana", now=NOW) > 3
    assert corrections.take_back(analyst, by="ana", at=NOW) > 3
    cases.save_cases(analyst, ids, by="ana", now=NOW, owner="ana")
    views.save_view(analyst, "Senin", page="today", query="", by="ana", brand=OWN, now=NOW)
    verify(two)
    assert {deed.who for deed in audit.deeds(two)} == {"o", "ana"}
    assert audit.deeds(analyst) == []


def test_search_and_filters_know_of_their_brand_alone(two: Store, analyst: Store) -> None:
    assert count(two, Filter(search="kurir")).n == 8
    assert count(analyst, Filter(search="kurir")).n == 4
    assert facets(analyst, ()).channels == facets(two, (OWN,)).channels


def test_ids_that_are_guessed_open_nothing(two: Store, analyst: Store) -> None:
    foreign = list_ids(two, Filter(brands=(OTHER,)), limit=9)
    with pytest.raises((StoreError, NotAllowed)):
        corrections.correct(analyst, foreign[0], tagged("neutral"), by="ana", now=NOW)
    with pytest.raises(SimakError):
        cases.save_cases(analyst, foreign, by="ana", now=NOW, owner="ana")
    assert not count(analyst, Filter(brands=(OTHER,))).n


@pytest.mark.parametrize("role", ROLES)
def test_a_role_for_all_brands(two: Store, role: Role) -> None:
    with closing(restrict(two, Access("a", role=role))) as theirs:
        assert count(theirs, Filter()).n == 10
        assert bool(audit.deeds(theirs)) == (role == "admin")
        ids = list_ids(theirs, Filter(), limit=9)
        if role == "viewer":
            with pytest.raises(NotAllowed, match="viewer"):
                corrections.correct(theirs, ids[0], tagged("neutral"), by="a", now=NOW)
            return
        corrections.correct(theirs, ids[0], tagged("neutral"), by="a", now=NOW)
        with runs.hold_lease(theirs):
            pass


def test_work_on_all_brands_is_not_for_who_has_some(analyst: Store) -> None:
    with pytest.raises(NotAllowed), runs.hold_lease(analyst):
        pass


def test_an_owner_is_held_to_nothing(two: Store) -> None:
    assert two.access is OWNER
    theirs = restrict(two, Access("boss", role="admin"))
    assert theirs.engine is two.engine
    assert theirs.access.who == "boss"


def test_an_import_of_their_brand_is_seen_whatever_its_file_is_called(two: Store) -> None:
    for name, brand in (("ulasan.csv", OWN), ("lain.csv", OTHER), ("semua.csv", None)):
        runs.start_run(two, source=name, kind="import", asked=name, now=NOW, brand=brand)
    with closing(restrict(two, Access("ana", brands={ids_of(two)[OWN]: "viewer"}))) as seen:
        assert {one.source for one in runs.runs(seen) if one.kind == "import"} == {"ulasan.csv"}
    assert len([one for one in runs.runs(two) if one.kind == "import"]) == 3
