"""The commands of docs/operating.md do what they say."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Table, UniqueConstraint

from simak.cli import commands
from simak.errors import ConfigurationError
from simak.settings import load_settings
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import count
from store.members import members
from store.tables import metadata
from tests.builders import put, review

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()


def test_a_store_is_moved_as_it_is_written(
    sqlite_store: Store, postgresql_store: Store, tmp_path: Path
) -> None:
    put(sqlite_store, [review("a"), review("b")])
    (line,) = re.findall(r"```\nsimak (db copy .*)\n```", PAGE)
    content = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[0]
    written = tomllib.loads(content)["store"]["url"]
    assert written in line
    for place, store in (("sqlite:///data/simak.db", sqlite_store), (written, postgresql_store)):
        address = store.engine.url.render_as_string(hide_password=False)
        line, content = line.replace(place, address), content.replace(place, address)
    done = CliRunner().invoke(commands, shlex.split(line))
    assert done.exit_code == 0, done.output
    settings = tmp_path / "simak.toml"
    settings.write_text(content)
    moved = open_store(load_settings(settings).store_url)
    assert count(moved, Filter()).n == 2
    moved.close()


def test_members_log_in_as_it_is_written(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(sqlite_store, [review("a")])
    content = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[1]
    settings = tmp_path / "simak.toml"
    settings.write_text(content)
    with pytest.raises(ConfigurationError, match="SIMAK_LOGIN_SECRET"):
        load_settings(settings)
    monkeypatch.setenv("SIMAK_LOGIN_SECRET", "rahasia")
    login = load_settings(settings).login
    assert login is not None
    assert login.client_secret == "rahasia"
    monkeypatch.setenv("SIMAK_CONFIG", str(settings))
    monkeypatch.setenv("SIMAK_DB", sqlite_store.engine.url.render_as_string())
    lines = re.findall(r"^simak (member .*)$", PAGE, re.MULTILINE)
    assert len(lines) == 4
    for line in lines:
        done = CliRunner().invoke(commands, shlex.split(line))
        assert done.exit_code == 0, done.output
    roles = {one.email: (one.role, one.brand) for one in members(sqlite_store)}
    assert roles == {
        "siti@contoh.id": ("admin", None),
        "rina@contoh.id": ("analyst", "Senandika"),
    }


def test_tagging_with_ray_is_asked_for_as_it_is_written(sqlite_store: Store) -> None:
    lines = re.findall(r"^simak (tag --engine ray[^#\n]*)", PAGE, re.MULTILINE)
    assert len(lines) == 2
    for line in lines:  # nothing waits, so that no cluster is asked
        url = sqlite_store.engine.url.render_as_string(hide_password=False)
        done = CliRunner().invoke(commands, [*shlex.split(line), "--db", url])
        assert done.exit_code == 0, done.output


def test_what_is_said_of_the_tables_and_citus_is_so() -> None:
    section = PAGE.partition("Citus\n")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| ([^|]+) \| (`[^|]+`) \|$", section, re.MULTILINE))
    keyed, unkeyed, bound, bare, reference, local = (
        [metadata.tables[name] for name in re.findall(r"`(\w+)`", names)] for names in rows.values()
    )

    def distributes(table: Table) -> bool:
        keys = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
        return all("brand_id" in one.columns for one in (table.primary_key, *keys))

    assert all(distributes(table) for table in (*keyed, *bound))
    assert not any(distributes(table) for table in unkeyed)
    assert all("brand_id" in table.c for table in unkeyed)
    assert not any("brand_id" in table.c for table in (*bare, *reference, *local[:-2]))
    named = [*keyed, *unkeyed, *bound, *bare, *reference, *local]
    assert {table.name for table in named} == set(metadata.tables)
    towards = {table.name: {key.column.table.name for key in table.foreign_keys} for table in bare}
    assert all(towards[table.name] & {"mention", "theme", "vector_space"} for table in bare)
    assert not any(
        key.column.table.name != "brand" for table in keyed for key in table.foreign_keys
    )
