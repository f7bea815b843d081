"""The commands of docs/api.md do what they say."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from click.testing import CliRunner
from starlette.testclient import TestClient

from api.app import make_app
from simak.cli import commands
from store.engine import Store
from tests.builders import put, review

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


def test_a_program_reads_as_it_is_written(sqlite_store: Store) -> None:
    put(sqlite_store, [review("a")])
    address = sqlite_store.engine.url.render_as_string()
    add, serve = re.findall(r"^simak (.*)$", PAGE, re.MULTILINE)
    made = CliRunner().invoke(commands, [*shlex.split(add), "--db", address])
    assert made.exit_code == 0, made.output
    asked = CliRunner().invoke(commands, [*shlex.split(serve), "--help"])
    assert asked.exit_code == 0
    _curl, _h, header, url = shlex.split(re.findall(r"^(curl .*)$", PAGE, re.MULTILINE)[0])
    name, _, value = header.replace("$SIMAK_TOKEN", made.stdout.strip()).partition(": ")
    client = TestClient(make_app(sqlite_store, now=lambda: datetime.now(UTC)))
    parts = urlsplit(url)
    found = client.get(f"{parts.path}?{parts.query}", headers={name: value})
    assert found.status_code == 200, found.text
    assert "touchpoints" in found.json()
    revoke = re.findall(r"`simak (token revoke \w+)`", PAGE)[0]
    done = CliRunner().invoke(commands, [*shlex.split(revoke), "--db", address])
    assert done.exit_code == 0
    assert client.get(parts.path, headers={name: value}).status_code == 401
