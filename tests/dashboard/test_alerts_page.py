"""The page of alerts: what it says, its links, taking note, muting; and their settings."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from alerts.raising import raise_alerts
from simak.alert_settings import AlertRule
from simak.taxonomy import load_taxonomy
from store.alerts import Alert, add_alert, alerts, mutes
from store.deliveries import FAILED, SENT, UNSURE, WAITING, Delivery
from store.engine import Store, open_store
from tests.alerts.world import BURST, LOST, fill, night, settings
from tests.collectors.replay import Answer, Replay, replaying
from tests.dashboard.conftest import NOW, PAYLOAD, html
from tests.dashboard.walk import listed
from tests.stores import empty_store

Show = Callable[..., AppTest]
FAILURE = "the service refuses it (403 Forbidden)"


@pytest.fixture(scope="module")
def _alerted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("alerts") / "simak.db"
    store = empty_store(path)
    fill(store)
    raise_alerts(store, settings(AlertRule("spikes", "spike")), night(BURST))
    at = night(BURST)
    statuses = {"a": SENT, "b": WAITING, "c": FAILED, "d": UNSURE}
    odd = Alert(
        "Senandika", "silent/x", PAYLOAD, "silent", PAYLOAD, (), BURST, BURST,
        {"why": "failing", "source": PAYLOAD, "since": at.isoformat(), "succeeded": True,
         "error": PAYLOAD},
        None, at,
    )  # fmt: skip
    sent = tuple(
        Delivery(
            odd.id, name, "daily" if name == "b" else "", at, status=status,
            sent_at=at if status == SENT else None, error=FAILURE if status == FAILED else None,
        )
        for name, status in statuses.items()
    )  # fmt: skip
    add_alert(store, replace(odd, deliveries=sent))
    store.close()
    return path


@pytest.fixture
def alerted(_alerted: Path, tmp_path: Path) -> str:
    """URL of a store with a spike and a silent source, the test's own."""
    return f"sqlite:///{shutil.copy(_alerted, tmp_path / 'alerted.db')}"


@pytest.fixture
def kept(alerted: str) -> Iterator[Store]:
    store = open_store(alerted)
    yield store
    store.close()


def test_an_alert_says_why_in_whose_words_and_where_it_went(show: Show, alerted: str) -> None:
    app = show(alerted, "alerts", lang="en")
    assert not app.exception
    shown = html(app)
    assert "2 alerts wait for somebody to take note of them." in shown
    assert "2 messages did not arrive, or may not have" in shown
    assert "negative spike about" in shown
    assert LOST in shown
    assert FAILURE in shown
    assert "may not have arrived" in shown
    assert "with the day&#x27;s others" in shown
    assert "On this page alone" in shown
    assert "<img" not in shown
    assert "<script" not in shown


def test_the_link_opens_the_mentions_of_the_spike(show: Show, alerted: str, kept: Store) -> None:
    shown = html(show(alerted, "alerts", lang="id"))
    (to,) = re.findall(r'href="mentions\?([^"]+)"', shown)
    (spike,) = alerts(kept, kind="spike")
    assert listed(kept, load_taxonomy(), to.replace("&amp;", "&")) == (spike.facts["seen"], [])


def test_taking_note(show: Show, alerted: str, kept: Store) -> None:
    app = show(alerted, "alerts", lang="en")
    (spike,) = alerts(kept, kind="spike")
    app.button(key=f"ack_{spike.id}").click().run()
    assert not app.exception
    (noted,) = alerts(kept, kind="spike")
    assert noted.acknowledged_by
    assert "1 alert waits" in html(app)
    everything = html(show(alerted, "alerts", lang="en", show="all"))
    assert "has taken note" in everything


def test_muting_and_taking_it_back(show: Show, alerted: str, kept: Store) -> None:
    app = show(alerted, "alerts", lang="en")
    (spike,) = alerts(kept, kind="spike")
    app.radio(key=f"mute_what_{spike.id}").set_value("kind").run()
    app.button(key=f"mute_{spike.id}").click().run()
    assert not app.exception
    today = datetime.now(UTC).date()
    (made,) = mutes(kept, today)
    assert (made.brand, made.kind, made.touchpoint) == ("Senandika", "spike", None)
    assert mutes(kept, today + timedelta(days=9)) == []
    assert [title.value for title in app.header] == ["Muted"]
    app.button(key=f"unmute_{made.id}").click().run()
    assert mutes(kept, today) == []


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Replay]:
    with replaying() as service:
        service.serve({"POST /": Answer()})
        monkeypatch.setenv("SLACK_URL", service.url.replace("http://", "json://"))
        yield service


def test_a_channel_is_added_tried_and_removed(
    show: Show, alerted: str, tmp_path: Path, hook: Replay
) -> None:
    def written() -> dict[str, object]:
        return tomllib.loads((tmp_path / "simak.toml").read_text())

    app = show(alerted, "settings", lang="en", part="alerts")
    assert "No channel is set up yet" in html(app)
    app.text_input(key="channel_name").set_value("slack")
    app.text_input(key="channel_variable").set_value("NOT_THERE")
    app.button(key="channel_add").click().run()
    assert "has no NOT_THERE" in html(app)
    app.text_input(key="channel_variable").set_value("SLACK_URL")
    app.button(key="channel_add").click().run()
    assert written()["channel"] == [{"name": "slack", "url": "env:SLACK_URL"}]
    assert "json://" not in html(app)
    app.button(key="channel_test").click().run()
    assert not app.exception
    assert "A test message went to slack" in html(app)
    assert len(hook.asked) == 1
    hook.serve({"POST /": Answer(status=403)})
    app.button(key="channel_test").click().run()
    assert "refuses it (403 Forbidden)" in html(app)
    app.button(key="channel_remove").click().run()
    assert "channel" not in written()


def test_a_rule_is_added_and_removed(show: Show, alerted: str, tmp_path: Path) -> None:
    app = show(alerted, "settings", lang="id", part="alerts")
    assert not app.exception
    assert html(app).count("bawaan") >= 5
    app.text_input(key="rule_name").set_value("kirim")
    app.selectbox(key="rule_kind").set_value("threshold").run()
    app.selectbox(key="rule_touchpoint").set_value("delivery")
    app.text_input(key="rule_quiet").set_value("malam")
    app.button(key="rule_add").click().run()
    assert "is no quiet hours" in html(app)
    app.text_input(key="rule_quiet").set_value("21:00-07:00")
    app.selectbox(key="rule_digest").set_value("daily")
    app.button(key="rule_add").click().run()
    assert not app.exception
    (rule,) = tomllib.loads((tmp_path / "simak.toml").read_text())["alert"]
    assert rule == {
        "name": "kirim", "kind": "threshold", "touchpoint": "delivery", "digest": "daily",
        "quiet": "21:00-07:00", "metric": "complaint_rate", "above": 0.25, "minimum": 50,
    }  # fmt: skip
    assert "di atas 25%" in html(app)
    app.button(key="rule_remove").click().run()
    assert "alert" not in tomllib.loads((tmp_path / "simak.toml").read_text())


def test_the_address_that_messages_link_to(show: Show, alerted: str, tmp_path: Path) -> None:
    app = show(alerted, "settings", lang="en", part="alerts")
    (field,) = [one for one in app.text_input if str(one.key).startswith("dashboard_url")]
    field.set_value("https://simak.example")
    next(one for one in app.button if one.label == "Save").click().run()
    written = tomllib.loads((tmp_path / "simak.toml").read_text())
    assert written["dashboard"] == {"url": "https://simak.example"}


def test_when_it_is_told_again_is_set(show: Show, alerted: str, tmp_path: Path) -> None:
    app = show(alerted, "settings", lang="en", part="alerts")
    (field,) = [one for one in app.number_input if str(one.key).startswith("remind")]
    assert field.value == 24
    field.set_value(0)
    [button for button in app.button if button.label == "Save"][1].click().run()
    written = tomllib.loads((tmp_path / "simak.toml").read_text())
    assert written["alerts"] == {"remind_after_hours": 0}


def test_a_reminder_is_shown_beside_the_first_message(
    show: Show, alerted: str, kept: Store
) -> None:
    (spike,) = alerts(kept, kind="spike")
    first = Delivery(spike.id, "slack", "", NOW, status=SENT, sent_at=NOW)
    again = replace(first, status=WAITING, sent_at=None, reminder=True)
    both = replace(spike, key="spike/other", deliveries=(first, again))
    add_alert(kept, replace(both, deliveries=tuple(
        replace(one, alert_id=both.id) for one in both.deliveries
    )))  # fmt: skip
    shown = html(show(alerted, "alerts", lang="en"))
    assert "slack: sent" in shown
    assert "slack, reminder: waits until" in shown


def test_every_alert_of_a_brand_is_listed_newest_first(kept: Store) -> None:
    assert [one.kind for one in alerts(kept, ("Senandika",))] == ["silent", "spike"]
    assert alerts(kept, ("Griyakita",)) == []
