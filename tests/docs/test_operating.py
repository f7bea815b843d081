"""The commands of docs/operating.md do what they say."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

from click.testing import CliRunner

from simak.cli import commands
from simak.settings import load_settings
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import count
from tests.builders import put, review

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()


def test_a_store_is_moved_as_it_is_written(
    sqlite_store: Store, postgresql_store: Store, tmp_path: Path
) -> None:
    put(sqlite_store, [review("a"), review("b")])
    (line,) = re.findall(r"```\nsimak (db copy .*)\n```", PAGE)
    content = next(
        body for body in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL) if "[store]" in body
    )
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
