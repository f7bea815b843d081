"""A store of every earlier revision opens, with all that people and sources have put into it.

`stores/` holds one of each that was released, small, made by the code of its time (today by
`tests.store.make_store`): two brands, texts with and without
a day, an edit, tags, a correction, a run with a bad record and a cursor; later also copies, survey
answers, a promise, themes, a case. Into PostgreSQL its rows are copied at the same revision.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Connection, create_engine, inspect, text

from simak.errors import StoreBusy
from store import migrations, rollups
from store.answers import score_counts
from store.archive import STORE, opened_archive, write_archive
from store.backup import restore
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import count, list_mentions
from store.repair import check_pages, differing
from store.runs import get_cursor, runs
from store.snapshot import count_tables
from store.tags import count_waiting
from tests.store.make_store import fill
from tests.stores import old_store

STORES = {path.name[:4]: path for path in sorted((Path(__file__).parent / "stores").glob("*.gz"))}

DERIVED = (
    "label",
    "daily_",
    "monthly_",
    "wording",
    "facet",
    "profile",
    "mention_search",
    "sqlite_",
)
WAITS = """
    SELECT count(*) FROM mention LEFT JOIN tag ON tag.mention_id = mention.id
    WHERE text <> '' AND deleted_at IS NULL
        AND (tag.text_hash IS NULL OR tag.text_hash <> mention.text_hash)"""

NOT_KEPT = {"alembic_version", "lease", "meta"}

Rows = dict[str, list[tuple[str, ...]]]


def sqlite_of(revision: str, folder: Path, _: pytest.FixtureRequest) -> str:
    url = f"sqlite:///{folder / 'old.db'}"
    old_store(url, revision, folder)
    return url


def postgresql_of(revision: str, folder: Path, request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue("postgresql_url")
    old_store(url, revision, folder)
    return url


def kept(connection: Connection, only: Rows | None = None) -> Rows:
    """Every row that is not derived, in words; of a later store the columns that were there."""
    found: Rows = {}
    for name in inspect(connection).get_table_names():
        if name in NOT_KEPT or name.startswith(DERIVED) or (only and name not in only):
            continue
        columns = only[name][0] if only else None
        names = columns or tuple(c["name"] for c in inspect(connection).get_columns(name))
        listed = ", ".join(f'"{column}"' for column in names)
        rows = connection.execute(text(f'SELECT {listed} FROM "{name}"')).all()
        found[name] = [tuple(names), *sorted(tuple(map(str, row)) for row in rows)]
    return found


@pytest.mark.parametrize("revision", STORES)
@pytest.mark.parametrize(
    "made", [sqlite_of, pytest.param(postgresql_of, marks=pytest.mark.postgresql)]
)
def test_a_store_of_before_opens_with_all_that_is_in_it(
    revision: str,
    made: Callable[[str, Path, pytest.FixtureRequest], str],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    url = made(revision, tmp_path, request)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert migrations.current(connection) == revision
        before = kept(connection)
    engine.dispose()
    assert len(before["mention"]) > 21
    with closing(open_store(url)) as store:
        with store.read() as connection:
            assert migrations.current(connection) == migrations.HEAD
            assert kept(connection, before) == before
        holds(store, revision)


def holds(store: Store, revision: str) -> None:
    """Everything that is derived is, and what is asked of the store is answered."""
    mentions = 21 if revision < "0004" else 27
    assert rollups.verify(store) == mentions == count(store, Filter()).n
    assert differing(store) == {}
    check_pages(store)
    assert count(store, Filter(search="lama")).n == 4
    with store.read() as connection:
        models = connection.scalars(text("SELECT DISTINCT model FROM tag")).all()
        waits = connection.scalar(text(WAITS))
    assert waits is not None
    for model in models:
        assert count_waiting(store, model) == waits
        assert count_waiting(store, "nobody") > waits
    assert count(store, Filter(touchpoints=("delivery",), sentiments=("negative",))).n == 4
    assert count(store, Filter(signals=(), brands=("Lain",))).n == 1
    assert count(store, Filter(facets=(("region", "Riau"),))).n == 8
    (own,) = [row for row in list_mentions(store, Filter(), limit=50) if row.corrected_by]
    assert own.sentiment == ("positive" if revision >= "0009" else "neutral")
    assert get_cursor(store, "google_play") == {"since": "2026-05-31"}
    assert [run.got for run in runs(store)] == [21]
    if revision >= "0004":
        assert count(store, Filter(copies=False)).n == mentions - 5
    if revision >= "0005":
        assert {row.month for row in score_counts(store, Filter())} == {None, date(2026, 6, 1)}


def test_a_store_that_is_made_today_holds_what_they_hold(store: Store) -> None:
    fill(store)
    holds(store, migrations.HEAD)
    assert list(STORES) == [f"{number:04}" for number in range(1, len(STORES) + 1)]


@pytest.mark.parametrize(
    "place", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def test_a_backup_of_an_earlier_revision_is_restored(
    place: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    old = Path(sqlite_of("0005", tmp_path, request).removeprefix("sqlite:///"))
    facts = {"simak": "0.0.5", "revision": "0005", "zone": "Asia/Jakarta", "made_at": "then"}
    write_archive(tmp_path / "b.zip", {STORE: old}, {**facts, "rows": count_tables(old)})
    url = f"sqlite:///{tmp_path / 'back.db'}"
    if place == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    with opened_archive(tmp_path / "b.zip") as archive:
        restore(archive, url, zone="Asia/Jakarta", scratch=tmp_path)
    with closing(open_store(url)) as store:
        holds(store, "0005")


@pytest.mark.parametrize(
    "made", [sqlite_of, pytest.param(postgresql_of, marks=pytest.mark.postgresql)]
)
def test_two_that_open_an_old_store_at_once_upgrade_it_once(
    made: Callable[[str, Path, pytest.FixtureRequest], str],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    url, together = made("0003", tmp_path, request), Barrier(3)
    opened: list[str] = []

    def open_it() -> None:
        together.wait()
        try:
            open_store(url).close()
            opened.append("opened")
        except StoreBusy:  # while the other derives the labels
            opened.append("busy")

    threads = [Thread(target=open_it) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 3
    assert "opened" in opened
    with closing(open_store(url)) as store:
        assert rollups.verify(store) == 21
        assert differing(store) == {}
