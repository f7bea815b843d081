"""Each alert goes to a channel once; what fails is tried again, then given up and shown."""

from __future__ import annotations

import email
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from email.policy import default

import pytest

from alerts.run import run_alerts
from alerts.timing import FIRST_WAIT, MOST_RUNS
from simak.alert_settings import AlertRule
from simak.quiet import QuietHours
from simak.settings import Settings
from store import deliveries
from store.alerts import alerts, mute, unmute
from store.deliveries import FAILED, MUTED, SENT, UNSURE, WAITING, Delivery, claim, due, settle
from store.engine import Store
from tests.alerts.world import (
    BURST,
    LOST,
    SAID,
    Clock,
    fill,
    mail_sink,
    night,
    run,
    run_killed,
    say,
    settings,
    with_channels,
)
from tests.builders import tag_all, tagged
from tests.collectors.replay import Answer, Replay, replaying

SPIKE = AlertRule("spikes", "spike", cooldown=3)
AT = night(BURST)


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Replay]:
    with replaying() as service:
        service.serve({"POST /rahasia": Answer()})
        address = service.url.replace("http://", "json://") + "/rahasia"
        monkeypatch.setenv("HOOK_URL", address)
        monkeypatch.setenv("OTHER_URL", address)
        yield service


def given(*names: str, rule: AlertRule = SPIKE) -> Settings:
    return with_channels(
        settings(rule, dashboard_url="https://simak.example/"), *names or ("hook",)
    )


def statuses(store: Store) -> dict[str, str]:
    return {sent.channel: sent.status for one in alerts(store) for sent in one.deliveries}


def test_a_message_holds_the_reason_the_words_and_the_link(world: Store, hook: Replay) -> None:
    done = run(world, given(), AT)
    assert (len(done.alerts), done.delivered.sent) == (1, 1)
    (asked,) = hook.asked
    sent = json.loads(asked.body)
    assert sent["title"].startswith("Senandika: negative spike about")
    assert "Said more often than before" in sent["message"]
    assert f"“{LOST}”" in sent["message"]
    assert "https://simak.example/mentions?lang=en&brand=Senandika" in sent["message"]
    assert statuses(world) == {"hook": SENT}
    assert run(world, given(), AT).delivered.sent == 0
    assert len(hook.asked) == 1


def test_what_fails_is_tried_again_with_growing_waits(world: Store, hook: Replay) -> None:
    hook.serve({"POST /rahasia": [Answer(status=503), Answer(status=503), Answer()]})
    clock = Clock(AT)
    done = run_alerts(world, given(), now=clock, rest=clock.rest)
    assert done.delivered.sent == 1
    assert len(hook.asked) == 3
    assert clock.rests == sorted(set(clock.rests))  # each longer than the one before
    assert len(clock.rests) == 2


def test_what_fails_in_every_run_is_given_up_and_shown(world: Store, hook: Replay) -> None:
    hook.serve({"POST /rahasia": Answer(status=503)})
    clock = Clock(AT)
    waits = []
    for _ in range(MOST_RUNS):
        done = run_alerts(world, given(), now=clock, rest=clock.rest)
        assert done.delivered.failed == {"hook": "the service answered 503 Service Unavailable"}
        ((one,),) = (found.deliveries for found in alerts(world))
        waits.append(one.due_at - clock.now)
        clock.now = max(clock.now, one.due_at)
    assert waits[:3] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT]
    assert (one.status, one.tries) == (FAILED, MOST_RUNS)
    assert done.delivered.given_up == 1
    tried = len(hook.asked)
    run(world, given(), clock.now + timedelta(days=1))
    assert len(hook.asked) == tried


def test_a_refusal_is_not_tried_again_at_once(world: Store, hook: Replay) -> None:
    hook.serve({"POST /rahasia": Answer(status=403)})
    done = run(world, given(), AT)
    assert "refuses it (403 Forbidden)" in done.delivered.failed["hook"]
    assert len(hook.asked) == 1
    assert statuses(world) == {"hook": WAITING}


def test_one_channel_that_fails_stops_no_other(
    world: Store, hook: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_URL", "json://127.0.0.1:9/")
    done = run(world, given("hook", "other"), AT)
    assert statuses(world) == {"hook": WAITING, "other": SENT}
    assert "cannot be reached" in done.delivered.failed["hook"]


def test_a_channel_without_an_address_is_named_and_waits(
    world: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOOK_URL", raising=False)
    done = run(world, given(), AT)
    assert "the environment has no HOOK_URL" in done.delivered.failed["hook"]
    assert statuses(world) == {"hook": WAITING}


@pytest.mark.parametrize(
    "address",
    [
        "json://user:SANDI-RAHASIA@127.0.0.1:9/TOKEN-RAHASIA?key=KUNCI-RAHASIA",
        "slack://SANDI-RAHASIA",
        "mailto://user:SANDI-RAHASIA@127.0.0.1:9?from=a@b.id&to=c@d.id&mode=insecure",
        "https://hooks.slack.com/services/SANDI-RAHASIA",
        "SANDI-RAHASIA",
    ],
)
def test_no_secret_is_in_a_log_an_error_or_the_store(
    world: Store,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    address: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("HOOK_URL", address)
    done = run(world, given(), AT)
    assert done.delivered.failed["hook"]
    told = [*done.delivered.failed.values(), caplog.text, *capfd.readouterr(), str(given())]
    told += [str(sent.error) for one in alerts(world) for sent in one.deliveries]
    assert "RAHASIA" not in "".join(told)


def test_quiet_hours_hold_a_message_back_across_midnight(world: Store, hook: Replay) -> None:
    rule = AlertRule("spikes", "spike", quiet=QuietHours(time(21), time(7)))
    late = datetime(2026, 5, 28, 16, 30, tzinfo=UTC)  # 23:30 in Jakarta
    run(world, given(rule=rule), late)
    for hours in (0, 1, 7):
        assert run(world, given(rule=rule), late + timedelta(hours=hours)).delivered.sent == 0
    assert hook.asked == []
    assert run(world, given(rule=rule), late + timedelta(hours=7.5)).delivered.sent == 1


def test_a_digest_gathers_what_came(world: Store, hook: Replay) -> None:
    dear = "ongkirnya naik terus tiap minggu ya, keterlaluan"
    say(world, BURST + timedelta(days=1), *[dear] * 20)
    tag_all(world, {**SAID, dear: tagged("negative", {"price": "negative"})})
    rule = AlertRule("spikes", "spike", digest="daily", cooldown=0)
    evening = datetime(2026, 5, 28, 16, 0, tzinfo=UTC)  # 23:00 in Jakarta
    run(world, given(rule=rule), evening)
    threshold = AlertRule("many", "threshold", above=0.2, digest="daily")
    both = with_channels(settings(rule, threshold), "hook")
    run(world, both, evening + timedelta(hours=1))
    assert hook.asked == []
    morning = evening + timedelta(hours=9)  # 08:00
    assert run(world, both, morning).delivered.sent == len(alerts(world)) >= 2
    (asked,) = hook.asked
    sent = json.loads(asked.body)
    assert sent["title"] == f"Simak: {len(alerts(world))} alerts today"
    assert sent["message"].startswith("1. ")


def test_a_muted_touchpoint_is_on_record_and_not_sent(world: Store, hook: Replay) -> None:
    first = fill_one(world)
    made = mute(
        world, touchpoint=first or None, kind="spike", until=BURST + timedelta(days=3), by="Rina",
        now=AT,
    )  # fmt: skip
    assert run(world, given(), AT).delivered.muted == 1
    assert (hook.asked, statuses(world)) == ([], {"hook": MUTED})
    unmute(world, made.id)
    assert run(world, given(), AT).delivered.sent == 0  # it stays so


def fill_one(store: Store) -> str:
    """What the spike is mostly about."""
    from alerts.raising import _find

    rule = SPIKE
    day = AT.astimezone(store.zone).date()
    return next(_find(store, settings(rule), rule, "Senandika", AT, day)).touchpoints[0]


def test_rules_of_one_event_go_to_their_channels_and_twice_to_none(
    world: Store, hook: Replay
) -> None:
    parcels = AlertRule("parcels", "spike", touchpoint="delivery", channels=("hook",))
    every = AlertRule("all", "spike", channels=("hook", "other"))
    both = with_channels(settings(parcels, every), "hook", "other")
    assert len(run(world, both, AT).alerts) == 1
    assert len(hook.asked) == 2
    assert statuses(world) == {"hook": SENT, "other": SENT}


def test_a_run_killed_while_it_sends_leaves_it_unsure_and_never_sends_it_again(
    world: Store, hook: Replay
) -> None:
    """The service kills the run as the message reaches it: it has arrived, and nobody knows."""
    run_killed(world, hook, AT)
    assert statuses(world) == {"hook": deliveries.SENDING}
    done = run(world, given(), AT + timedelta(days=1))
    assert (done.delivered.unsure, done.delivered.sent, hook.asked) == (1, 0, [])
    assert statuses(world) == {"hook": UNSURE}


def test_mail_arrives(world: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_sink() as (port, kept):
        monkeypatch.setenv(
            "HOOK_URL",
            f"mailto://127.0.0.1:{port}?from=simak@toko.id&to=cx@toko.id&mode=insecure"
            "&smtp=127.0.0.1",
        )
        done = run(world, given(), AT)
    assert done.delivered.failed == {}
    (raw,) = kept
    mail = email.message_from_string(raw, policy=default)
    assert str(mail["Subject"]).startswith("Senandika: negative spike about")
    body = mail.get_body(("plain", "html"))
    assert body is not None
    assert LOST in body.get_content()


def test_deliveries_are_claimed_once(store: Store) -> None:
    fill(store)
    run(store, given(rule=AlertRule("spikes", "spike", digest="daily")), AT)
    soon = AT + timedelta(days=2)
    (waiting,) = due(store, soon)
    assert due(store, AT) == []
    assert claim(store, [waiting], soon) == [waiting]
    assert claim(store, [waiting], soon) == []
    settle(store, [waiting], WAITING, now=soon, error="no", again_at=soon + timedelta(days=1))
    (again,) = due(store, soon + timedelta(days=1))
    assert (again.tries, again.error) == (1, "no")
    assert claim(store, [Delivery("none", "hook", "", soon)], soon) == []
