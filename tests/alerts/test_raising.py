"""What is found, once, and what is no news."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete

from alerts.language import Language
from alerts.messages import verbatims
from alerts.raising import raise_alerts
from alerts.rules import rules_of
from alerts.sentences import told
from alerts.sources import BUDGETS
from collectors.sources import x
from collectors.sources.youtube import YouTubeSource
from simak.alert_settings import AlertRule
from simak.errors import ConfigurationError
from simak.settings import Settings, SourceSettings
from simak.taxonomy import load_taxonomy
from store.alerts import Alert, alerts
from store.copies import find_copies
from store.engine import Store
from store.promises import add_promise, refresh_promises
from store.runs import DONE, FAILED, save_run, start_run
from store.tables import mention
from tests.alerts.world import BURST, LAST, LOST, SAID, fill, night, say, settings
from tests.builders import NOW, put, review, tag_all, tagged
from tests.dashboard.walk import listed

SPIKE = AlertRule("spikes", "spike", cooldown=3)
DAY = timedelta(days=1)
DEARER = "ongkirnya naik terus tiap minggu ya"


def behind(store: Store, alert: Alert) -> int:
    """How many mentions an alert's link opens, as the dashboard reads it."""
    assert alert.query is not None
    n, notes = listed(store, load_taxonomy(), alert.query)
    assert notes == []
    return n


def test_a_spike_is_told_once_with_its_reason_words_and_link(store: Store) -> None:
    fill(store)
    assert raise_alerts(store, settings(SPIKE), night(BURST - 2 * DAY)) == []
    (found,) = raise_alerts(store, settings(SPIKE), night(BURST))
    assert (found.brand, found.kind, found.subject) == ("Senandika", "spike", "negative more")
    assert "delivery" in found.touchpoints
    assert found.key == f"spike/negative more/{BURST}"
    said = told(found, Language("en", load_taxonomy()), store.zone)
    assert said.title.startswith("Senandika: negative spike about")
    assert any("“hilang" in one or "hilang" in one for one in said.sentences)
    assert LOST in [row.text for row in verbatims(store, found)]
    assert behind(store, found) == found.facts["seen"]
    for later in range(5):
        assert raise_alerts(store, settings(SPIKE), night(BURST + later * DAY)) == []
    assert [one.id for one in alerts(store)] == [found.id]


def test_an_event_of_several_days_is_one_alert(world: Store) -> None:
    for later in (1, 2):
        say(world, BURST + later * DAY, *[LOST] * 15)
    tag_all(world, SAID)
    told_on = [
        found.key
        for later in range(6)
        for found in raise_alerts(world, settings(SPIKE), night(BURST + later * DAY))
    ]
    assert told_on == [f"spike/negative more/{BURST}"]
    (one,) = alerts(world)
    assert (one.since, one.until) == (BURST, BURST + 2 * DAY)


@pytest.mark.parametrize(
    ("gap", "text", "cooldown", "n"),
    [(2, LOST, 3, 1), (2, LOST, 0, 2), (2, DEARER, 3, 2)],
)
def test_within_the_cooldown_the_same_is_no_news_and_another_touchpoint_is(
    world: Store, gap: int, text: str, cooldown: int, n: int
) -> None:

    said = {
        **SAID,
        "ongkirnya naik terus tiap minggu ya": tagged("negative", {"price": "negative"}),
    }
    say(world, BURST + gap * DAY, *[text] * 20)
    tag_all(world, said)
    rule = AlertRule("spikes", "spike", cooldown=cooldown)
    for later in range(4):
        raise_alerts(world, settings(rule), night(BURST + later * DAY))
    assert len(alerts(world)) == n


def test_what_was_known_long_ago_is_no_news(world: Store) -> None:
    late = night(BURST + timedelta(days=30))
    assert raise_alerts(world, settings(SPIKE), late) == []


def test_copies_of_one_text_are_no_spike(sqlite_store: Store) -> None:
    fill(sqlite_store, burst=0)
    long = "kurirnya hilang dan paket saya tidak sampai sampai padahal sudah bayar ongkir mahal"
    put(
        sqlite_store,
        [review(f"c{n}", long, BURST.isoformat(), author=f"akun {n}") for n in range(20)],
    )
    tag_all(sqlite_store, {**SAID, long: SAID[LOST]})
    find_copies(sqlite_store)
    assert raise_alerts(sqlite_store, settings(SPIKE), night(BURST)) == []


def test_a_rule_of_one_touchpoint_and_of_one_brand(world: Store) -> None:
    price = AlertRule("prices", "spike", touchpoint="price")
    rival = AlertRule("rival", "spike", brand="Griyakita")
    assert raise_alerts(world, settings(price, rival), night(BURST)) == []
    parcels = AlertRule("parcels", "spike", touchpoint="delivery", brand="Senandika")
    assert len(raise_alerts(world, settings(parcels), night(BURST))) == 1


def test_a_threshold_is_judged_by_the_lower_end(world: Store) -> None:
    common = {"touchpoint": "delivery", "metric": "complaint_share", "days": 7, "minimum": 30}
    # 34 late and lost parcels of 41 complaints: 83 %, at least 69 %.
    high = AlertRule("high", "threshold", above=0.75, **common)  # type: ignore[arg-type]
    low = AlertRule("low", "threshold", above=0.65, cooldown=7, **common)  # type: ignore[arg-type]
    assert raise_alerts(world, settings(high), night(LAST - DAY)) == []
    (found,) = raise_alerts(world, settings(low), night(LAST - DAY))
    assert found.facts["share"][1] > 0.65
    assert behind(world, found) == found.facts["k"]
    assert raise_alerts(world, settings(low), night(LAST)) == []
    many = AlertRule("many", "threshold", above=0.1, minimum=10_000)
    assert raise_alerts(world, settings(many), night(LAST)) == []


@pytest.mark.parametrize("metric", ["complaint_rate", "negative_rate"])
def test_shares_of_all_mentions(world: Store, metric: str) -> None:
    rule = AlertRule("a", "threshold", metric=metric, above=0.4)  # type: ignore[arg-type]
    (found,) = raise_alerts(world, settings(rule), night(LAST - DAY))
    assert behind(world, found) == found.facts["k"]


def test_a_promise_that_more_say_was_broken(sqlite_store: Store) -> None:
    fill(sqlite_store, burst=0)
    broken = "dijanjikan sampai hari ini, ternyata tidak sampai juga"
    add_promise(
        sqlite_store, brand="Senandika", text="sampai hari ini", touchpoint="delivery",
        since=date(2026, 1, 1), now=NOW,
    )  # fmt: skip
    say(sqlite_store, BURST - timedelta(days=8), broken)
    say(sqlite_store, BURST, *[broken] * 9)
    tag_all(sqlite_store, {**SAID, broken: SAID[LOST]})
    refresh_promises(sqlite_store)
    rule = AlertRule("promises", "promise", cooldown=7)
    (found,) = raise_alerts(sqlite_store, settings(rule), night(BURST))
    assert (found.facts["broken"], found.facts["before"]) == (9, 1)
    assert behind(sqlite_store, found) == 9
    assert raise_alerts(sqlite_store, settings(rule), night(BURST + DAY)) == []


def ended(store: Store, at: datetime, status: str = DONE, **fields: object) -> None:
    run = start_run(store, source="berita", kind="collect", asked="", now=at)
    run.status, run.finished_at = status, at
    for name, value in fields.items():
        setattr(run, name, value)
    with store.write() as connection:
        save_run(connection, run)


BERITA = SourceSettings("berita", "rss", "Senandika", {}, 1)
SILENT = AlertRule("silent", "silent", cooldown=2)


def test_a_source_that_fails_is_told_once_until_it_worked_again(store: Store) -> None:
    given = settings(SILENT, sources=(BERITA,))
    ended(store, night(LAST))
    assert raise_alerts(store, given, night(LAST)) == []
    for later in (1, 2, 3):
        ended(store, night(LAST + later * DAY), FAILED, error="refuses access (403)")
    assert raise_alerts(store, given, night(LAST + DAY)) == []  # one night may fail
    (found,) = raise_alerts(store, given, night(LAST + 2 * DAY))
    assert "403" in " ".join(told(found, Language("id", load_taxonomy()), store.zone).sentences)
    assert raise_alerts(store, given, night(LAST + 3 * DAY)) == []
    ended(store, night(LAST + 4 * DAY))
    ended(store, night(LAST + 9 * DAY), FAILED, error="refuses access (403)")
    assert raise_alerts(store, given, night(LAST + 4 * DAY)) == []
    assert len(raise_alerts(store, given, night(LAST + 9 * DAY))) == 1


def test_a_source_that_waits_as_it_was_told_is_not_silent_yet(sqlite_store: Store) -> None:
    given = settings(SILENT, sources=(BERITA,))
    ended(sqlite_store, night(LAST))
    later = night(LAST + 3 * DAY)
    ended(sqlite_store, later, FAILED, error="busy", retry_at=later + 5 * DAY)
    assert raise_alerts(sqlite_store, given, later) == []


def test_a_source_without_anything_new_for_long(sqlite_store: Store) -> None:
    given = settings(SILENT, sources=(BERITA,))
    for back in range(40):
        put(
            sqlite_store,
            [review(f"b{back}", "biasa", (LAST - back * DAY).isoformat())],
            source="berita",
        )
    for later in range(6):
        ended(sqlite_store, night(LAST + later * DAY))
    found = [
        one
        for later in range(6)
        for one in raise_alerts(sqlite_store, given, night(LAST + later * DAY))
    ]
    (one,) = found
    assert (one.facts["why"], one.facts["silent"], one.facts["longest"]) == ("nothing", 3, 0)


def test_a_budget_that_runs_out(sqlite_store: Store) -> None:
    source = SourceSettings("berita", "x", "Senandika", {"monthly_posts": 1_000}, 1)
    given = settings(AlertRule("budget", "budget", cooldown=7), sources=(source,))
    ended(sqlite_store, night(LAST), quota_left=400)
    assert raise_alerts(sqlite_store, given, night(LAST)) == []
    ended(sqlite_store, night(LAST + DAY), quota_left=90)
    (found,) = raise_alerts(sqlite_store, given, night(LAST + DAY))
    assert (found.facts["left"], found.facts["whole"]) == (90, 1_000)
    assert raise_alerts(sqlite_store, given, night(LAST + DAY)) == []


def test_the_budgets_are_those_of_the_sources() -> None:
    assert BUDGETS["x"] == ("monthly_posts", x._POSTS)
    made = YouTubeSource(name="a", brand="A", options={"key": "k", "search": ["a"]})
    assert BUDGETS["youtube"] == ("daily_units", made._daily)


def test_rules_of_the_settings_take_the_place_of_their_kinds_default() -> None:
    own = Settings(alerts=(AlertRule("mine", "spike"), AlertRule("off", "shift", enabled=False)))
    assert [rule.name for rule in rules_of(own)] == [
        "mine", "default: promise", "default: silent", "default: budget",
    ]  # fmt: skip
    wrong = Settings(alerts=(AlertRule("mine", "spike", touchpoint="pengiriman"),))
    with pytest.raises(ConfigurationError, match="no touchpoint 'pengiriman'"):
        rules_of(wrong)


def test_nothing_is_told_of_an_empty_store(sqlite_store: Store) -> None:
    assert raise_alerts(sqlite_store, Settings(), night(LAST)) == []


def test_late_words_are_read_masked_and_vanish_with_their_mention(world: Store) -> None:
    (found,) = raise_alerts(world, settings(SPIKE), night(BURST))
    assert found.mentions
    with world.write() as connection:
        connection.execute(delete(mention).where(mention.c.id.in_(found.mentions)))
    (left,) = alerts(world)
    assert left.mentions == ()
    assert verbatims(world, left) == []
