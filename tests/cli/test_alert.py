"""`simak alert …` over a store with a spike, and a channel on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from simak.errors import AccessDenied, ConfigurationError
from store.engine import open_store
from store.runs import Run
from tests.alerts.world import LOST, SAID
from tests.builders import NOW, put, review, tag_all
from tests.cli.conftest import Simak
from tests.collectors.replay import Answer, Replay, replaying

SETTINGS = """
[display]
language = "id"

[dashboard]
url = "https://simak.example"

[[channel]]
name = "slack"
url = "env:SLACK_URL"
"""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Replay]:
    with replaying() as replay:
        replay.serve({"POST /": Answer()})
        monkeypatch.setenv("SLACK_URL", replay.url.replace("http://", "json://") + "/")
        yield replay


@pytest.fixture
def spiked(folder: Path, service: Replay) -> None:
    """A store in which twenty parcels were lost yesterday, by the clock of this machine."""
    (folder / "simak.toml").write_text(SETTINGS)
    store = open_store(f"sqlite:///{folder}/data/simak.db")
    today = datetime.now(UTC).date()
    texts = {back: list(SAID) for back in range(1, 70)}
    texts[1] += [LOST] * 20
    put(
        store,
        [
            review(f"r{back}-{n}", text, (today - timedelta(days=back)).isoformat())
            for back, said in texts.items()
            for n, text in enumerate(said)
        ],
    )
    tag_all(store, SAID)
    store.close()


def test_a_run_its_list_and_who_took_note(
    simak: Simak, asked: Callable[..., Any], spiked: None, service: Replay
) -> None:
    done = asked("alert", "run")
    assert done["delivered"]["sent"] == len(done["alerts"]) == len(service.asked) > 0
    one = done["alerts"][0]
    assert one["title"].startswith("Senandika: lonjakan negatif")
    assert one["link"].startswith("https://simak.example/mentions?lang=id&brand=Senandika")
    assert LOST in one["verbatims"]
    assert asked("alert", "run")["alerts"] == []
    noted = asked("alert", "ack", one["id"], "--by", "Rina")
    assert asked("alert", "ack", one["id"], "--by", "Sari")["acknowledged_by"] == "Rina"
    assert noted["acknowledged_by"] == "Rina"
    assert one["id"] not in [row["id"] for row in asked("alert", "list", "--open")["alerts"]]
    shown = simak("alert", "list").stdout
    assert "noted by Rina" in shown
    assert "slack: sent" in shown
    assert LOST in shown


def test_what_is_muted_is_not_sent(
    simak: Simak, asked: Callable[..., Any], spiked: None, service: Replay
) -> None:
    made = asked("alert", "mute", "--brand", "Senandika", "--until", "2099-12-31", "--by", "Rina")
    done = asked("alert", "run")
    assert (done["delivered"]["sent"], service.asked) == (0, [])
    assert done["delivered"]["muted"] == len(done["alerts"]) > 0
    assert [row["id"] for row in asked("alert", "list")["mutes"]] == [made["id"]]
    simak("alert", "mute", "--remove", str(made["id"]))
    assert asked("alert", "list")["mutes"] == []
    for wrong in ([], ["--kind", "spike"], ["--touchpoint", "ekspedisi", "--until", "2099-12-31"]):
        assert isinstance(simak("alert", "mute", *wrong).exception, ConfigurationError | SystemExit)


def test_a_channel_is_tried(simak: Simak, spiked: None, service: Replay) -> None:
    assert simak("alert", "test", "slack").output == "A test message went to slack.\n"
    assert json.loads(service.asked[0].body)["title"] == "Simak: percobaan"
    service.serve({"POST /": Answer(status=401)})
    refused = simak("alert", "test", "slack").exception
    assert isinstance(refused, AccessDenied)
    assert "channel 'slack': the service refuses it (401 Unauthorized)" in str(refused)
    assert isinstance(simak("alert", "test", "teams").exception, ConfigurationError)


def test_a_channel_that_fails_is_the_exit_code_of_a_run_and_of_a_night(
    simak: Simak, spiked: None, service: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The tags stay those of the test.
    monkeypatch.setattr("simak.cli.nightly.tag_all", lambda *_: Run("tagger", "tag", "", NOW))
    service.serve({"POST /": Answer(status=404)})
    result = simak("nightly", "--json")
    night = json.loads(result.stdout)
    assert (result.exit_code, night["good"]) == (1, False)
    assert night["night"]["alerts"] > 0
    assert "refuses it (404 Not Found)" in night["night"]["channels"]["slack"]
    assert simak("alert", "run").exit_code == 0  # it is tried again later


def test_a_doctor_looks_at_the_channels(
    simak: Simak, spiked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "5 rules, 1 channels" in simak("doctor").stdout
    monkeypatch.delenv("SLACK_URL")
    result = simak("doctor")
    assert "the environment has no SLACK_URL" in result.stdout
    assert result.exit_code == 1
