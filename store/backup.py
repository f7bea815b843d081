"""Backs a store up while it is in use, and restores it, into either database."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from simak import __version__
from simak.errors import StoreError
from store import migrations, rollups
from store.archive import STORE, Archive, Manifest, work_folder, write_archive
from store.engine import Store, open_store
from store.snapshot import count_tables, revision_of, take_snapshot
from store.transfer import Advance, copy_snapshot


def back_up(
    store: Store,
    path: Path,
    files: Mapping[str, Path],
    *,
    now: datetime,
    advance: Advance = lambda rows: None,
) -> Manifest:
    """Write the store as it is now, and files that belong to it, into one new file.

    Nobody waits for it: collecting, tagging and correcting go on, and what they write after the
    beginning is not in it. It is written beside its place, read again, and put there whole.

    Args:
        path: a new file, on a disk with room for the store and the backup of it.
        files: name in the backup to file, such as `data/author.key`.
        advance: called with the rows that are copied and compared; of PostgreSQL alone.

    Raises:
        StoreError: `path` is there, the store is damaged, or the disk is full.
    """
    if path.exists():
        raise StoreError(f"{path} is there already; no backup is written over: choose a new name")
    with work_folder(path.parent) as folder:
        snapshot = folder / STORE
        take_snapshot(store, snapshot, advance=advance)
        manifest = write_archive(
            folder / "backup",
            {STORE: snapshot, **files},
            {
                "simak": __version__,
                "revision": revision_of(snapshot),
                "zone": str(store.zone),
                "made_at": now.isoformat(),
                "rows": count_tables(snapshot),
            },
        )
        _put_in_place(folder / "backup", path)
    return manifest


def restore(
    archive: Archive,
    url: str,
    *,
    zone: str,
    scratch: Path,
    cleaned: Callable[[Store], None] = lambda store: None,
    advance: Advance = lambda rows: None,
) -> None:
    """Bring a store back into an empty place, whole or not at all, as this version has it.

    The checksum of what is read, the rows of each table and the counts of mentions are held to
    what they must be before anything is in its place; into a database that is there already,
    every row is copied and read again.

    Args:
        url: of the store it becomes: an SQLite file that is not there, or a store that is empty.
        scratch: a folder on a disk with room for the store, where `url` is no new file.
        cleaned: takes out of the store what must not come back, before it is in its place.
        advance: called with the rows that are copied and compared into a database.

    Raises:
        ConfigurationError: the store counts its days in another zone.
        StoreError: the backup is damaged or of a newer Simak, or the place is not empty.
    """
    new = _new_file(url)
    with work_folder(scratch if new is None else new.parent) as folder:
        unpacked = folder / STORE
        archive.unpack(STORE, unpacked)
        manifest = archive.manifest
        if not migrations.is_known(manifest.revision):
            raise StoreError(
                f"{archive.path} was made by Simak {manifest.simak}, which is newer than this "
                "one: upgrade Simak"
            )
        if count_tables(unpacked) != manifest.rows:
            raise StoreError(f"{archive.path}: its tables do not hold the rows that it says")
        with closing(open_store(f"sqlite:///{unpacked}", zone=zone)) as store:
            cleaned(store)
            rollups.verify(store)
            with store.write():
                pass  # its `state` becomes another: no answer kept of the old store is taken
            if new is None:
                with closing(open_store(url, zone=zone)) as target:
                    copy_snapshot(store, target, advance=advance)
        if new is not None:
            _put_in_place(unpacked, new)


def _new_file(url: str) -> Path | None:
    """Return the file that a store will be, if it is one that is not there yet.

    Raises:
        StoreError: what a store leaves beside its file is there without it: SQLite would read it
            into the new one.
    """
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite" or not parts.database or "uri" in parts.query:
        return None
    path = Path(parts.database)
    if str(path) == ":memory:" or path.exists():
        return None
    for end in ("-wal", "-shm", "-journal"):
        left = path.with_name(path.name + end)
        if left.exists():
            raise StoreError(f"{left} is left from a store that is not there: move it away first")
    return path


def _put_in_place(written: Path, path: Path) -> None:
    """Give a file that is on the disk its name, unless something has it by now."""
    try:
        if path.exists():
            raise StoreError(f"{path} is there by now: it stays as it is")
        written.rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}") from error
