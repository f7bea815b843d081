"""Empty stores, copied from one that is made once: to make one takes longer than most tests."""

from __future__ import annotations

import atexit
import gzip
import shutil
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

from alembic import command
from sqlalchemy import Engine, MetaData, create_engine, func, insert, make_url, select, text

from store import migrations
from store.engine import Store, open_store


def empty_store(path: Path) -> Store:
    """Open an empty SQLite store at `path`."""
    shutil.copyfile(_sqlite_template(), path)
    return open_store(f"sqlite:///{path}")


def copying(upgrade: Callable[[Store], None]) -> Callable[[Store], None]:
    """Return what upgrades a store as `upgrade` does, but copies one where there is none yet."""

    @wraps(upgrade)
    def copy_or_upgrade(store: Store) -> None:
        url = store.engine.url
        is_file = store.is_sqlite and url.database not in (None, ":memory:") and not url.query
        if is_file and not Path(url.database or "").exists():
            shutil.copyfile(_sqlite_template(), url.database or "")
            with store.write():
                pass  # a state of its own
        upgrade(store)

    return copy_or_upgrade


def empty_database(server: str, *, template: bool) -> str:
    """Make a PostgreSQL database, empty or as an empty store is; return its URL."""
    name = f"simak_{uuid4().hex[:12]}"
    copied = f'TEMPLATE "{_postgresql_template(server)}"' if template else ""
    run_on(server, f'CREATE DATABASE "{name}" {copied}')
    return url_on(server, name)


def drop_database(server: str, url: str) -> None:
    """Drop what `empty_database` made."""
    run_on(server, f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')


def old_store(url: str, revision: str, scratch: Path) -> None:
    """Put a store of an earlier revision, made by the code of its time, where nothing is yet.

    Args:
        scratch: a folder for the file whose rows are copied into PostgreSQL.
    """
    packed = Path(__file__).parent / "store" / "stores" / f"{revision}.db.gz"
    is_file = url.startswith("sqlite:///")
    path = Path(url.removeprefix("sqlite:///")) if is_file else scratch / f"{revision}.db"
    path.write_bytes(gzip.decompress(packed.read_bytes()))
    if is_file:
        return
    old, new = create_engine(f"sqlite:///{path}"), create_engine(url)
    with old.connect() as given, new.begin() as taking:
        config = migrations._config()
        config.attributes["connection"] = taking
        command.upgrade(config, revision)
        tables = MetaData()
        tables.reflect(taking, only=lambda name, _: not name.startswith("mention_search"))
        for table in tables.sorted_tables:
            if table.name == "alembic_version":
                continue
            rows = [dict(row) for row in given.execute(select(table)).mappings()]
            taking.execute(table.delete())
            if rows:
                taking.execute(insert(table), rows)
            if [column.name for column in table.primary_key] == ["id"]:
                last = max((row["id"] for row in rows), default=1)
                taking.execute(
                    select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last))
                )
    old.dispose()
    new.dispose()
    path.unlink()


def damage_page(path: Path, sign: bytes) -> None:
    """Overwrite the page of an SQLite file in which `sign` stands first, as a bad disk would."""
    data = bytearray(path.read_bytes())
    page = data.index(sign) // 4096 * 4096
    data[page : page + 4096] = b"\xa5" * 4096
    path.write_bytes(data)


def hurry(server: str) -> None:
    """Let a server that ends with the tests leave its writing to the disk to the system."""
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        run_on(server, f"ALTER SYSTEM SET {setting} = off")
    run_on(server, "SELECT pg_reload_conf()")


@cache
def _sqlite_template() -> Path:
    folder = Path(mkdtemp(prefix="simak-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "simak.db").touch()  # else it would be copied from itself
    open_store(f"sqlite:///{folder / 'simak.db'}").close()
    return folder / "simak.db"


@cache
def _postgresql_template(server: str) -> str:
    name = f"template_{uuid4().hex[:12]}"
    run_on(server, f'CREATE DATABASE "{name}"')
    open_store(url_on(server, name)).close()
    return name


def url_on(server: str, name: str) -> str:
    """Return the URL of a database of a PostgreSQL server."""
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def run_on(server: str, statement: str) -> None:
    """Run a statement on a PostgreSQL server, outside any transaction."""
    with _admin(server).connect() as connection:
        connection.execute(text(statement))


@cache
def _admin(server: str) -> Engine:
    """Kept, for to connect takes as long as to make a database; the server may be another."""
    return create_engine(server, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
