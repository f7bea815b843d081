"""A backup is the store as it was, whole or refused, and opens in either database."""

from __future__ import annotations

import json
import random
import stat
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from simak.errors import ConfigurationError, StoreError
from store import backup, rollups
from store.archive import STORE, opened_archive, work_folder
from store.backup import back_up, restore
from store.corrections import correct
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import count, list_mentions
from store.runs import hold_lease
from store.tables import lease
from tests.builders import NOW, put, review, tagged
from tests.store.test_transfer import fill, rows
from tests.stores import damage_page

Change = Callable[[Path], None]


def put_back(path: Path, url: str, scratch: Path, zone: str = "Asia/Jakarta") -> None:
    with opened_archive(path) as archive:
        restore(archive, url, zone=zone, scratch=scratch)


def url_of(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def made(store: Store, tmp_path: Path) -> Path:
    """A backup of a store of each kind with something in it."""
    fill(store)
    key = tmp_path / "a.key"
    key.write_text("rahasia")
    path = tmp_path / "backups" / "one.zip"
    manifest = back_up(store, path, {"data/author.key": key}, now=NOW)
    assert manifest.rows["mention"] == 15
    return path


@pytest.mark.parametrize("place", ["a new file", "an empty SQLite", "an empty PostgreSQL"])
def test_a_store_comes_back_as_it_was(
    store: Store, made: Path, place: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'back.db'}"
    if place == "an empty SQLite":
        open_store(url).close()
    elif place == "an empty PostgreSQL":
        url = request.getfixturevalue("postgresql_url")
    put_back(made, url, tmp_path)
    with closing(open_store(url)) as back:
        assert rows(back) == rows(store)
        assert rollups.verify(back) == 15
        assert count(back, Filter(search="ramah")) == count(store, Filter(search="ramah"))
        assert back.state() != store.state()
        put(back, [review("later", "baru datang")])
        assert rollups.verify(back) == 16
    assert not [left.name for left in tmp_path.rglob("*") if ".part" in left.name]


def test_nobody_waits_for_a_backup_and_it_is_of_one_moment(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    before = rows(store)
    first = list_mentions(store, Filter(), limit=1)[0]
    monkeypatch.setattr("store.engine._BUSY_MS", 50)  # whoever waited would fail
    opened = open_store(url_of(store))

    def others_write(_: Any) -> None:
        put(opened, [review("meanwhile", "datang sementara itu")])
        correct(opened, first.id, tagged("neutral"), by="Budi", now=NOW)

    take = backup.take_snapshot

    def taken(source: Store, path: Path, **options: Any) -> None:
        if source.is_sqlite:  # all of it is one statement
            take(source, path, **options)
            others_write(0)
        else:
            take(source, path, advance=others_write)

    monkeypatch.setattr(backup, "take_snapshot", taken)
    with hold_lease(store):  # somebody collects
        back_up(store, tmp_path / "b.zip", {}, now=NOW)
        with store.read() as connection:
            assert connection.execute(lease.select()).first() is not None
    assert count(store, Filter()).n == 16
    url = f"sqlite:///{tmp_path / 'back.db'}"
    put_back(tmp_path / "b.zip", url, tmp_path)
    with closing(open_store(url)) as back:
        assert rows(back) == before
        with hold_lease(back):  # who was at work on the other is not at work here
            pass
    opened.close()


def test_a_backup_is_for_its_owner_alone_and_plain_to_read(made: Path) -> None:
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    with zipfile.ZipFile(made) as archive:
        assert sorted(archive.namelist()) == ["data/author.key", "manifest.json", "simak.db"]
        told = json.loads(archive.read("manifest.json"))
    assert told["rows"]["correction"] == 1
    assert told["made_at"] == NOW.isoformat()
    with opened_archive(made) as archive_again:
        assert archive_again.read("data/author.key") == b"rahasia"


def test_no_backup_is_written_over(sqlite_store: Store, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    path.write_text("an older one")
    with pytest.raises(StoreError, match="choose a new name"):
        back_up(sqlite_store, path, {}, now=NOW)
    assert path.read_text() == "an older one"


def _flip(place: float) -> Change:
    def change(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[int(len(data) * place)] ^= 0xFF
        path.write_bytes(data)

    return change


def _cut(place: float) -> Change:
    return lambda path: path.write_bytes(path.read_bytes()[: int(path.stat().st_size * place)])  # type: ignore[return-value]


def _rewrite(change: Callable[[dict[str, Any]], object], more: Mapping[str, bytes] = {}) -> Change:
    """Write the archive anew, as whoever made it wrongly would have."""

    def changed(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        manifest = json.loads(files["manifest.json"])
        change(manifest)
        files |= {"manifest.json": json.dumps(manifest).encode(), **more}
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)

    return changed


DAMAGE: dict[str, tuple[Change, str]] = {
    "cut short": (_cut(0.9), "no whole backup"),
    "empty": (_cut(0), "no whole backup"),
    "a byte of the store": (_flip(0.4), "no whole backup"),
    "no archive at all": (lambda path: path.write_text("teks") and None, "no whole backup"),
    "another store in it": (
        _rewrite(lambda _: None, {STORE: b"SQLite format 3\0"}),
        "not as it was written",
    ),
    "a row less than it says": (
        _rewrite(lambda told: told["rows"].update(mention=16)),
        "do not hold the rows",
    ),
    "a newer archive": (_rewrite(lambda told: told.update(format=2)), "upgrade Simak"),
    "a newer store": (_rewrite(lambda told: told.update(revision="9999")), "upgrade Simak"),
    "a manifest of something else": (_rewrite(lambda told: told.clear()), "no whole backup"),
    "a way out of the folder": (
        _rewrite(lambda told: told["sha256"].update({"../x": "0"})),
        "outside its folder",
    ),
}


@pytest.mark.parametrize(("damage", "sign"), DAMAGE.values(), ids=list(DAMAGE))
def test_a_backup_that_is_not_whole_is_refused(
    sqlite_store: Store, tmp_path: Path, damage: Change, sign: str
) -> None:
    fill(sqlite_store)
    path = tmp_path / "b.zip"
    back_up(sqlite_store, path, {}, now=NOW)
    damage(path)
    with pytest.raises(StoreError, match=sign):
        put_back(path, f"sqlite:///{tmp_path / 'back.db'}", tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir() if "back" in p.name) == []


def test_no_byte_can_change_unseen(sqlite_store: Store, tmp_path: Path) -> None:
    fill(sqlite_store)
    path = tmp_path / "b.zip"
    back_up(sqlite_store, path, {}, now=NOW)
    whole, rng = path.read_bytes(), random.Random(3)
    with zipfile.ZipFile(path) as archive:
        end = archive.getinfo(STORE).compress_size  # what comes after is names and times too
    for place in [rng.randrange(100, end) for _ in range(40)]:
        _flip(place / len(whole))(path)
        with pytest.raises(StoreError), opened_archive(path) as read:
            read.check(STORE)
        path.write_bytes(whole)


def test_only_an_empty_place_is_restored_to(store: Store, made: Path, tmp_path: Path) -> None:
    before = rows(store)
    with pytest.raises(StoreError, match="is not empty"):
        put_back(made, url_of(store), tmp_path)
    assert rows(store) == before


def test_what_sqlite_left_of_another_store_is_not_taken_in(made: Path, tmp_path: Path) -> None:
    left = tmp_path / "back.db-wal"
    left.write_bytes(b"left")
    with pytest.raises(StoreError, match=r"back\.db-wal is left"):
        put_back(made, f"sqlite:///{tmp_path / 'back.db'}", tmp_path)
    assert left.read_bytes() == b"left"


def test_a_store_of_another_zone_is_refused(sqlite_store: Store, tmp_path: Path) -> None:
    fill(sqlite_store)
    back_up(sqlite_store, tmp_path / "b.zip", {}, now=NOW)
    with pytest.raises(ConfigurationError, match="counts its days in Asia/Jakarta"):
        put_back(tmp_path / "b.zip", f"sqlite:///{tmp_path / 'back.db'}", tmp_path, "Asia/Makassar")
    assert not (tmp_path / "back.db").exists()


def test_a_restore_that_breaks_off_leaves_nothing(
    made: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgresql_url: str
) -> None:
    def full(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(StoreError, match="No space left"):
        put_back(made, f"sqlite:///{tmp_path / 'back.db'}", tmp_path)
    assert not list(tmp_path.glob("*back.db*"))
    monkeypatch.setattr("store.transfer._compare", full)
    with pytest.raises(OSError, match="No space left"):
        put_back(made, postgresql_url, tmp_path)
    with closing(open_store(postgresql_url)) as target:
        assert not any(rows(target).values())


def test_a_damaged_store_is_not_backed_up(sqlite_store: Store, tmp_path: Path) -> None:
    put(sqlite_store, [review(str(i), "teks " * 50) for i in range(200)])
    url, path = url_of(sqlite_store), tmp_path / "simak.db"
    sqlite_store.close()
    damage_page(path, b"teks teks")
    with closing(open_store(url)) as damaged, pytest.raises(StoreError, match="damaged"):
        back_up(damaged, tmp_path / "b.zip", {}, now=NOW)
    assert not (tmp_path / "b.zip").exists()


def test_what_was_erased_is_not_in_the_pages_between(sqlite_store: Store, tmp_path: Path) -> None:
    from store.tables import mention

    put(sqlite_store, [review(f"m{i}", f"rahasia nomor {i} " * 20) for i in range(200)])
    with sqlite_store.write() as connection:
        connection.execute(mention.delete())
        connection.exec_driver_sql("INSERT INTO mention_search(mention_search) VALUES ('rebuild')")
    back_up(sqlite_store, tmp_path / "b.zip", {}, now=NOW)
    with opened_archive(tmp_path / "b.zip") as archive:
        archive.unpack(STORE, tmp_path / "copy.db")
    assert (
        b"rahasia nomor"
        in (tmp_path / "simak.db").read_bytes() + (tmp_path / "simak.db-wal").read_bytes()
    )
    assert b"rahasia nomor" not in (tmp_path / "copy.db").read_bytes()


def test_what_a_killed_backup_left_is_cleared_away(tmp_path: Path) -> None:
    from store.runs import own_name

    host = own_name().rsplit(":", 2)[0]
    dead, alive, other = (
        tmp_path / f".{name}:0123abcd.part" for name in (f"{host}:999999999", f"{host}:1", "far:1")
    )
    for folder in (dead, alive, other):
        folder.mkdir()
    with work_folder(tmp_path) as own:
        assert stat.S_IMODE(own.stat().st_mode) == 0o700
        assert not dead.exists()
    assert not own.exists()
    assert alive.exists()
    assert other.exists()


def test_a_store_whose_labels_were_being_derived_is_completed(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from store import labels

    fill(store)
    monkeypatch.setattr(labels, "ROWS_PER_WRITE", 4)
    whole, done = labels.relabel, [0]

    def killed(*arguments: Any) -> None:
        done[0] += 1
        if done[0] == 3:
            raise KeyboardInterrupt
        whole(*arguments)

    monkeypatch.setattr(labels, "relabel", killed)
    with pytest.raises(KeyboardInterrupt):
        labels.rebuild(store)
    monkeypatch.setattr(labels, "relabel", whole)
    back_up(store, tmp_path / "b.zip", {}, now=NOW)
    put_back(tmp_path / "b.zip", f"sqlite:///{tmp_path / 'back.db'}", tmp_path)
    for url in (url_of(store), f"sqlite:///{tmp_path / 'back.db'}"):
        with closing(open_store(url)) as again:
            assert rollups.verify(again) == 15
            assert count(again, Filter(touchpoints=("delivery",))).n > 0
