"""The commands of docs/operating.md do what they say."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
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
from tests.stores import damage_page

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()


def test_a_store_is_moved_as_it_is_written(
    sqlite_store: Store, postgresql_store: Store, tmp_path: Path
) -> None:
    put(sqlite_store, [review("a"), review("b")])
    (line,) = re.findall(r"```\nsimak (db copy .*)\n```", PAGE)
    content, *_ = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
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
    (content,) = (
        body for body in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL) if "[login]" in body
    )
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
        key.column.table.name not in ("brand", "alert")
        for table in keyed
        for key in table.foreign_keys
    )


def shell(lines: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run commands as they are written, with `simak` found as it is once installed."""
    tools = folder.parent / "tools"
    tools.mkdir(exist_ok=True)
    simak = tools / "simak"
    simak.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m simak "$@"\n')
    simak.chmod(0o755)
    named = {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "OMP_NUM_THREADS": "1",
        "HOME": str(folder),
    }
    return subprocess.run(
        ["sh", "-c", f"set -e\n{lines}"],
        cwd=folder, env=named, capture_output=True, text=True, check=False,
    )  # fmt: skip


def written(section: str, language: str = "") -> list[str]:
    """The commands of a section, block by block."""
    (text,) = re.findall(rf"## {section}\n(.*?)(?=\n## |\Z)", PAGE, re.DOTALL)
    blocks = re.findall(r"```(\w*)\n(.*?)```", text, re.DOTALL)
    return [block for named, block in blocks if named == language]


def test_backup_and_restore_are_as_they_are_written(tmp_path: Path, postgresql_url: str) -> None:
    opt = tmp_path / "opt"
    (opt / "data").mkdir(parents=True)
    store = open_store(f"sqlite:///{opt / 'data' / 'simak.db'}")
    put(store, [review(f"m{n}", f"paket nomor {n} " * 20) for n in range(60)])
    store.close()
    (opt / ".venv" / "bin").mkdir(parents=True)
    (opt / ".venv" / "bin" / "simak").symlink_to(opt.parent / "tools" / "simak")
    (old := opt / "backups" / "simak-2020-01-01.zip").parent.mkdir()
    old.touch()
    os.utime(old, (0, 0))
    (cron,) = written("Backup and restore", "cron")
    nightly = cron.split(maxsplit=5)[5].replace(r"\%", "%").replace("/opt/simak", str(opt))
    assert shell(nightly, opt).returncode == 0
    (made,) = (opt / "backups").iterdir()
    made.unlink()

    make, restore, into, again, drill = written("Backup and restore")
    assert again.startswith(restore.strip())  # tests/cli/test_backup.py runs the rest of it
    assert shell(make, opt).returncode == 0
    assert made.exists()

    def here(block: str) -> str:
        named = block.replace("backups/simak-2026-06-01.zip", f"backups/{made.name}")
        return named.replace("/tmp/drill", str(tmp_path / "drill")).replace("/opt/simak", str(opt))

    refused = shell(here(restore), opt)
    assert refused.returncode == 1
    assert "is not empty" in refused.stderr
    (address,) = re.findall(r"--db (\S+)", into)
    into = into.replace(address, postgresql_url)
    for block in (into, drill):
        done = shell(here(block), opt)
        assert done.returncode == 0, done.stderr
    assert "60 mentions" in done.stdout
    moved = open_store(postgresql_url)
    assert count(moved, Filter()).n == 60
    moved.close()

    damage_page(opt / "data" / "simak.db", b"paket nomor")
    (replaced,) = written("When something breaks")
    well = shell(here(replaced), opt)
    assert well.returncode == 0, well.stderr
    assert "60 mentions" in well.stdout


def test_every_message_that_is_explained_is_one() -> None:
    root = Path(__file__).parents[2]
    code = "".join(
        path.read_text() for folder in ("store", "simak") for path in (root / folder).rglob("*.py")
    )
    said = re.sub(r'"\s*\n\s*f?"', "", code)
    (table,) = re.findall(r"\| what it says .*?\n\n", PAGE, re.DOTALL)
    signs = [
        sign
        for row in table.strip().splitlines()[2:]
        for sign in re.findall(r'"(.*?)"', row.split("|")[1])
    ]
    assert len(signs) >= 8
    assert [sign for sign in signs if sign not in said] == []
