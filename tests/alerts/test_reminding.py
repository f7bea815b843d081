"""What nobody has taken note of is told once more, by the same quiet hours, and never a third
time."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from alerts.reminding import LATE
from simak.alert_settings import AlertRule
from simak.quiet import QuietHours
from simak.settings import Settings
from store.alerts import Alert, acknowledge, add_alert, alerts, mute
from store.deliveries import FAILED, MUTED, SENDING, SENT, UNSURE, WAITING, Delivery
from store.engine import Store
from tests.alerts.world import BURST, night, run, run_killed, settings, with_channels
from tests.collectors.replay import Answer, Replay, replaying

SPIKE = AlertRule("spikes", "spike", cooldown=3)
AT = night(BURST)
DAY = timedelta(days=1)


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Replay]:
    with replaying() as service:
        service.serve({"POST /rahasia": Answer()})
        address = service.url.replace("http://", "json://") + "/rahasia"
        monkeypatch.setenv("HOOK_URL", address)
        monkeypatch.setenv("OTHER_URL", address)
        yield service


def given(*names: str, rule: AlertRule = SPIKE, hours: int = 24) -> Settings:
    made = settings(rule, dashboard_url="https://simak.example/", remind_after_hours=hours)
    return with_channels(made, *names or ("hook",))


def reminders(store: Store) -> dict[str, str]:
    return {
        sent.channel: sent.status
        for one in alerts(store)
        for sent in one.deliveries
        if sent.reminder
    }


def titles(hook: Replay) -> list[str]:
    return [json.loads(asked.body)["title"] for asked in hook.asked]


def test_after_a_day_it_is_told_once_more_and_then_never_again(world: Store, hook: Replay) -> None:
    run(world, given(), AT)
    assert run(world, given(), AT + timedelta(hours=23)).reminded == 0
    done = run(world, given(), AT + DAY)
    assert (done.alerts, done.reminded, done.delivered.sent) == ((), 1, 1)
    first, again = titles(hook)
    assert again == f"Reminder: {first}"
    message = json.loads(hook.asked[1].body)["message"]
    assert message.startswith("Nobody has taken note of it since 29 May 2026 02:00 WIB.")
    assert f"simak alert ack {alerts(world)[0].id}" in message
    for later in (DAY, 2 * DAY, 3 * DAY):
        assert run(world, given(), AT + DAY + later).delivered.sent == 0
    assert len(hook.asked) == 2
    (one,) = alerts(world)
    assert [(sent.channel, sent.reminder, sent.status) for sent in one.deliveries] == [
        ("hook", False, SENT),
        ("hook", True, SENT),
    ]


@pytest.mark.parametrize("hours", [0, 48])
def test_it_is_turned_off_or_told_later(world: Store, hook: Replay, hours: int) -> None:
    run(world, given(hours=hours), AT)
    assert run(world, given(hours=hours), AT + DAY).reminded == 0
    assert run(world, given(hours=hours), AT + 2 * DAY).reminded == (hours > 0)


def test_who_has_taken_note_is_not_reminded(world: Store, hook: Replay) -> None:
    run(world, given(), AT)
    acknowledge(world, alerts(world)[0].id, by="Rina", now=AT)
    assert run(world, given(), AT + DAY).reminded == 0
    assert len(hook.asked) == 1


def test_a_note_taken_before_it_goes_takes_it_back(world: Store, hook: Replay) -> None:
    run(world, given(), AT)
    hook.serve({"POST /rahasia": Answer(status=403)})
    assert "hook" in run(world, given(), AT + DAY).delivered.failed
    assert reminders(world) == {"hook": WAITING}
    acknowledge(world, alerts(world)[0].id, by="Rina", now=AT)
    hook.serve({"POST /rahasia": Answer()})
    assert run(world, given(), AT + 2 * DAY).delivered.sent == 0
    assert (hook.asked, reminders(world)) == ([], {})


def test_it_is_only_where_the_first_arrived_and_the_channel_still_is(
    world: Store, hook: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER_URL", "json://127.0.0.1:9/")
    names = ("hook", "other", "third")
    monkeypatch.setenv("THIRD_URL", os.environ["HOOK_URL"])
    run(world, given(*names), AT)
    run(world, given("hook", "other"), AT + DAY)
    assert reminders(world) == {"hook": SENT}


def test_a_mute_holds_for_it_too(world: Store, hook: Replay) -> None:
    run(world, given(), AT)
    mute(world, kind="spike", until=BURST + 3 * DAY, by="Rina", now=AT)
    assert run(world, given(), AT + DAY).delivered.muted == 1
    assert reminders(world) == {"hook": MUTED}
    assert run(world, given(), AT + 6 * DAY).delivered.sent == 0
    assert len(hook.asked) == 1


def test_in_quiet_hours_it_waits_for_their_end(world: Store, hook: Replay) -> None:
    late = datetime(2026, 5, 29, 15, 30, tzinfo=UTC)  # 22:30 in Jakarta
    run(world, given(), late)
    rule = replace(SPIKE, quiet=QuietHours(time(21), time(7)))
    assert run(world, given(rule=rule), late + DAY).delivered.sent == 0
    assert run(world, given(rule=rule), late + DAY + timedelta(hours=8)).delivered.sent == 0
    assert run(world, given(rule=rule), late + DAY + timedelta(hours=9)).delivered.sent == 1


def test_it_goes_with_the_next_day_s_digest(world: Store, hook: Replay) -> None:
    rule = replace(SPIKE, digest="daily")
    run(world, given(rule=rule), AT)
    morning = datetime(2026, 5, 29, 1, 0, 7, tzinfo=UTC)  # just after 8 in Jakarta
    assert run(world, given(rule=rule), morning).delivered.sent == 1
    assert run(world, given(rule=rule), morning + timedelta(hours=23.5)).delivered.sent == 0
    assert run(world, given(rule=rule), morning + timedelta(hours=24)).delivered.sent == 1
    assert titles(hook) == ["Simak: 1 alert today", "Simak: 1 alert today, 1 of them again"]
    assert json.loads(hook.asked[1].body)["message"].startswith("1. Reminder: Senandika")


def test_old_news_stays_old(world: Store, hook: Replay) -> None:
    run(world, given(), AT)
    assert run(world, given(), AT + DAY + LATE + timedelta(hours=1)).reminded == 0


def test_a_rule_that_is_gone_reminds_nobody(world: Store, hook: Replay) -> None:
    run(world, given(), AT)
    assert run(world, given(rule=replace(SPIKE, name="other")), AT + DAY).reminded == 0
    assert run(world, given(rule=replace(SPIKE, enabled=False)), AT + DAY).reminded == 0


@pytest.mark.parametrize("lasts", [True, False])
def test_a_source_that_works_again_is_no_news(store: Store, hook: Replay, lasts: bool) -> None:
    rule = AlertRule("silent", "silent")
    again = AT + DAY
    until = again.astimezone(store.zone).date() if lasts else BURST
    facts = {"why": "failing", "source": "x", "since": AT.isoformat(), "succeeded": True,
             "error": None}  # fmt: skip
    new = Alert("Senandika", "silent/x", "silent", "silent", "x", (), BURST, until, facts, None, AT)
    add_alert(store, replace(new, deliveries=(Delivery(new.id, "hook", "", AT),)))
    assert run(store, given(rule=rule), AT).delivered.sent == 1
    assert run(store, given(rule=rule), again).delivered.sent == lasts


def test_what_fails_is_tried_again_and_given_up_like_the_first(world: Store, hook: Replay) -> None:
    run(world, given(), AT)
    hook.serve({"POST /rahasia": Answer(status=403)})
    at = AT + DAY
    for _ in range(9):
        run(world, given(), at)
        at += timedelta(hours=6)
    assert reminders(world) == {"hook": FAILED}
    assert len(hook.asked) == 8


def test_a_run_killed_while_it_reminds_never_reminds_again(world: Store, hook: Replay) -> None:
    """The service kills the run as the reminder reaches it: it was claimed, and nobody knows."""
    run(world, given(), AT)
    run_killed(world, hook, AT + DAY)
    assert reminders(world) == {"hook": SENDING}
    done = run(world, given(), AT + 2 * DAY)
    assert (done.reminded, done.delivered.unsure, done.delivered.sent) == (0, 1, 0)
    assert (hook.asked, reminders(world)) == ([], {"hook": UNSURE})
