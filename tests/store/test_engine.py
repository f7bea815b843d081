import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, insert, select, text
from sqlalchemy.exc import IntegrityError

from simak.errors import ConfigurationError, StoreError
from store import migrations, rollups
from store.corrections import correct
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import count, list_mentions
from store.tables import brand, metadata
from tests.builders import NOW, put, review, tagged


def test_the_migrations_make_the_tables(store: Store) -> None:
    def ours(object: object, name: str, type: str, *_: object) -> bool:
        return not (name or "").startswith("mention_search") and name != "alembic_version"

    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours})
        assert compare_metadata(context, metadata) == []


def test_head_is_the_last_migration() -> None:
    assert ScriptDirectory.from_config(migrations._config()).get_current_head() == migrations.HEAD


def test_opening_again_keeps_everything(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    put(store, [review("1")])
    store.close()
    again = open_store(sqlite_url)
    assert count(again, Filter()).n == 1
    again.close()


def test_a_store_of_a_newer_version_is_refused(store: Store) -> None:
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"newer Simak.*upgrade"):
        open_store(store.engine.url.render_as_string(hide_password=False))


def test_a_store_that_counts_days_elsewhere_is_refused(store: Store) -> None:
    put(store, [review("1", "a")])
    url = store.engine.url.render_as_string(hide_password=False)
    with pytest.raises(ConfigurationError, match=r"Asia/Jakarta.*timezone"):
        open_store(url, zone="Europe/Berlin")


def test_an_empty_store_takes_another_zone(store: Store) -> None:
    url = store.engine.url.render_as_string(hide_password=False)
    other = open_store(url, zone="Asia/Makassar")
    put(other, [review("1", "a")])
    other.close()
    with pytest.raises(ConfigurationError, match=r"Asia/Makassar.*timezone"):
        open_store(url, zone="Asia/Jakarta")


@pytest.mark.parametrize(
    ("url", "sign"),
    [
        ("nonsense", "store URL"),
        ("mongodb://x/y", "store URL"),
        ("postgresql+psycopg://simak@127.0.0.1:9/none", "cannot be reached"),
    ],
)
def test_a_wrong_url_says_what_to_write(url: str, sign: str) -> None:
    with pytest.raises((ConfigurationError, StoreError), match=sign):
        open_store(url)


def test_an_unknown_zone_is_named() -> None:
    with pytest.raises(ConfigurationError, match="Mars/Phobos"):
        open_store("sqlite://", zone="Mars/Phobos")


def test_another_programs_database_is_left_alone(sqlite_url: str) -> None:
    engine = create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE mention (x INTEGER)"))
    with pytest.raises(StoreError, match="did not make"):
        open_store(sqlite_url)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("just some notes, long enough to be read as a header " * 30)
    with pytest.raises(StoreError, match="no Simak store"):
        open_store(f"sqlite:///{path}")
    assert path.read_text().startswith("just some notes")


def test_a_damaged_store_is_named(sqlite_url: str, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    put(store, [review(str(i), "teks " * 50) for i in range(200)])
    store.close()
    path = tmp_path / "simak.db"
    data = bytearray(path.read_bytes())
    data[4096 : len(data) // 2] = b"\xa5" * (len(data) // 2 - 4096)
    path.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):
        list_mentions(open_store(sqlite_url), Filter())


def test_a_read_only_store_reads_and_refuses_to_write(sqlite_url: str, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    put(store, [review("1")])
    store.close()
    read_only = open_store(f"sqlite:///file:{tmp_path / 'simak.db'}?mode=ro&uri=true")
    assert count(read_only, Filter()).n == 1
    with pytest.raises(StoreError, match="read-only: give write access"):
        put(read_only, [review("2")])
    read_only.close()


def test_a_full_disk_loses_nothing_that_was_stored(sqlite_store: Store) -> None:
    put(sqlite_store, [review("1")])

    @event.listens_for(sqlite_store.engine, "begin")
    def _limit(connection: object) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count=80")  # type: ignore[attr-defined]

    with pytest.raises(StoreError, match=r"full disk.*run the command again"):
        put(sqlite_store, [review(f"b{i}", "teks panjang " * 500) for i in range(200)])
    event.remove(sqlite_store.engine, "begin", _limit)
    assert rollups.verify(sqlite_store) == 1


def test_a_locked_store_is_named(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    url = sqlite_store.engine.url.render_as_string()
    monkeypatch.setattr("store.engine._BUSY_MS", 50)
    impatient = open_store(url)
    with sqlite_store.write(), pytest.raises(StoreError, match="another process"):
        put(impatient, [review("1")])
    impatient.close()


def test_a_write_that_is_interrupted_lets_go_of_the_store(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.engine._BUSY_MS", 200)
    put(sqlite_store, [review("1")])

    @event.listens_for(sqlite_store.engine, "after_cursor_execute")
    def _interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    def write() -> None:
        with sqlite_store.write() as connection:
            connection.execute(text("UPDATE mention SET stars = 1 RETURNING id"))

    with pytest.raises(KeyboardInterrupt) as raised:
        write()
    # Whoever caught it still holds it, and with it all that was at work.
    assert raised.traceback
    event.remove(sqlite_store.engine, "after_cursor_execute", _interrupt)
    put(sqlite_store, [review("2")])
    assert count(sqlite_store, Filter()).n == 2


def test_a_writer_a_reader_and_a_person_at_once(store: Store) -> None:
    put(store, [review(f"p{i}", f"awal {i}") for i in range(20)])
    ids = [row.id for row in list_mentions(store, Filter())]
    errors: list[BaseException] = []

    def work(job: object) -> None:
        try:
            job()  # type: ignore[operator]
        except BaseException as error:
            errors.append(error)

    def write() -> None:
        for page in range(10):
            put(store, [review(f"w{page}-{i}", f"teks {i}") for i in range(100)], source="rss")

    def read() -> None:
        for _ in range(20):
            assert count(store, Filter(sources=("google_play",))).n == 20

    def edit() -> None:
        for id in ids:
            correct(store, id, tagged("positive"), by="ana", now=NOW)

    threads = [threading.Thread(target=work, args=(job,)) for job in (write, read, edit)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert rollups.verify(store) == 1020
    assert count(store, Filter(sentiments=("positive",))).n == 20


@pytest.mark.postgresql
def test_a_database_that_stops_in_the_middle_is_told(postgresql_store: Store) -> None:
    def write() -> None:
        with postgresql_store.write() as connection:
            own = connection.scalar(text("SELECT pg_backend_pid()"))
            with postgresql_store.read() as other:
                other.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
            connection.execute(insert(brand).values(name="A", created_at=datetime.now(UTC)))

    with pytest.raises(StoreError, match="was cut off: start PostgreSQL and run the command again"):
        write()
    with postgresql_store.read() as connection:
        assert connection.execute(select(brand)).first() is None


@pytest.mark.parametrize(("durable", "synchronous"), [(False, 1), (True, 2)])
def test_what_must_outlive_a_power_failure_waits_for_the_disk(
    sqlite_url: str, durable: bool, synchronous: int
) -> None:
    opened = open_store(sqlite_url, durable=durable)
    with opened.write() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == synchronous
    opened.close()


def test_the_state_is_another_once_something_is_written(store: Store) -> None:
    before = store.state()
    with store.read() as connection:
        connection.execute(select(brand)).all()
    assert store.state() == before
    again = [{"name": "A", "created_at": datetime.now(UTC)}] * 2
    with pytest.raises(IntegrityError), store.write() as connection:
        connection.execute(insert(brand), again)
    assert store.state() == before
    seen = {before}
    for name in ("A", "B"):
        with store.write() as connection:
            connection.execute(insert(brand).values(name=name, created_at=datetime.now(UTC)))
        seen.add(store.state())
    assert len(seen) == 3
