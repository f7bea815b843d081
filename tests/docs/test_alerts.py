"""The settings and commands of docs/alerts.md and docs/operating.md do what they say."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.raising import raise_alerts
from alerts.rules import rules_of
from simak.alert_settings import KINDS, AlertRule
from simak.cli.alert import alert
from simak.settings import load_settings
from store.alerts import alerts
from store.engine import open_store
from tests.alerts.world import BURST, fill, night, settings
from tests.cli.conftest import Simak, simak
from tests.collectors.replay import Answer, Replay, replaying

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "alerts.md").read_text()
OPERATING = (DOCS / "operating.md").read_text()

__all__ = ["simak"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Replay]:
    with replaying() as service:
        service.serve({"POST /": Answer()})
        monkeypatch.chdir(tmp_path)
        for name in ("SIMAK_DB", "SIMAK_CONFIG"):
            monkeypatch.setenv(name, "")
            monkeypatch.delenv(name)
        for name in ("SLACK_URL", "GUDANG_URL"):
            monkeypatch.setenv(name, service.url.replace("http://", "json://"))
        yield service


def block(text: str, having: str, language: str = "") -> str:
    """The code block of a page with these words."""
    blocks = [part.partition("\n") for part in text.split("```")[1::2]]
    (found,) = [body for kind, _, body in blocks if kind == language and having in body]
    return found


def test_the_rules_are_read(home: Replay, tmp_path: Path) -> None:
    (tmp_path / "simak.toml").write_text(block(PAGE, "[[alert]]", "toml"))
    held = rules_of(load_settings())
    assert [rule.name for rule in held if rule.line] == ["keluhan pengiriman", "lonjakan"]
    assert {rule.kind for rule in held} == set(KINDS) - {"shift"}


def test_the_commands_run(home: Replay, tmp_path: Path, simak: Simak) -> None:
    (tmp_path / "simak.toml").write_text(block(PAGE, "[[alert]]", "toml"))
    store = open_store("sqlite:///data/simak.db")
    fill(store)
    (known,) = raise_alerts(store, settings(AlertRule("spikes", "spike")), night(BURST))
    store.close()
    lines = block(PAGE, "simak alert ack").splitlines()
    assert {line.split()[2] for line in lines} == set(alert.commands)
    for line in lines:
        result = simak(*shlex.split(line.replace(" ID ", f" {known.id} "))[1:])
        assert result.exit_code == 0, f"{line}: {result.output}"
    assert len(home.asked) == 1  # the test


def test_a_channel_is_set_up_as_operating_says(home: Replay, tmp_path: Path, simak: Simak) -> None:
    (tmp_path / "simak.toml").write_text(block(OPERATING, "[[channel]]", "toml"))
    for line in block(OPERATING, "simak alert").splitlines():
        assert simak(*shlex.split(line)[1:]).exit_code == 0, line
    assert len(home.asked) == 1
    store = open_store("sqlite:///data/simak.db")
    assert alerts(store) == []
    store.close()
