"""The Touchpoints page: what to fix first, whose it is, and one touchpoint closely."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import i18n
from insights.touchpoints import touchpoints
from simak.mention import RawMention
from simak.tags import Tags, TouchpointTag
from simak.taxonomy import load_taxonomy
from store.engine import Store, open_store
from store.filter import Filter
from tests.dashboard.conftest import LAST, Rows, fill, html, row
from tests.dashboard.walk import charts, doors, listed

Show = Callable[..., AppTest]

TAXONOMY = load_taxonomy()


def said(
    number: int, *, bad: str = "", good: str = "", channel: str = "x", days: int = 0, stars: int = 1
) -> tuple[RawMention, Tags]:
    """Return a mention that blames and praises what is named, a complaint where it blames."""
    found = {
        name: TouchpointTag(polarity, 0.9, (0, 5))
        for names, polarity in ((bad, "negative"), (good, "positive"))
        for name in names.split()
    }
    text = f"nomor {number} {bad} {good} ceritanya panjang sekali begini"
    tone = "negative" if bad else "positive"
    raw = RawMention(
        external_id=f"m{number}",
        text=text,
        channel=channel,
        stars=stars,
        published_at=LAST - timedelta(days=days),
    )
    signals = ("no_reply",) if bad and number % 4 == 0 else ()
    return raw, Tags(tone, bool(bad), found, signals, "id", {tone: 0.9})


def rows() -> Rows:
    """120 complaints about delivery in a quarter, 40 of packaging, 36 of price, praise, others."""
    kinds: list[tuple[int, dict[str, object]]] = [
        (80, {"bad": "delivery", "channel": "x"}),
        (40, {"bad": "delivery price", "channel": "email"}),
        (40, {"bad": "packaging", "channel": "email", "stars": 2}),
        (20, {"bad": "order_handling", "channel": "x"}),
        (60, {"good": "delivery price", "stars": 5}),
        (30, {"good": "website_app packaging", "stars": 4}),
    ]
    made: Rows = []
    for times, kind in kinds:
        for _ in range(times):
            made.append(said(len(made), days=len(made) * 7 % 85, **kind))  # type: ignore[arg-type]
    for _ in range(60):  # the period before: delivery was rarer
        made.append(said(len(made), bad="packaging", channel="x", days=95 + len(made) % 80))
    return made


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store in which delivery comes first for sure, and packaging and price are tied."""
    address = f"sqlite:///{tmp_path_factory.mktemp('touchpoints') / 'simak.db'}"
    store = open_store(address)
    fill(store, "Senandika", rows())
    store.close()
    return address


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """The store, open."""
    opened = open_store(url)
    yield opened
    opened.close()


VIEWS: dict[str, dict[str, str]] = {
    "shares": {},
    "impacts": {"rank": "impact"},
    "lifts": {"cells": "lift"},
    "weeks": {"every": "week"},
    "of one function": {"owner": "operations"},
    "of one channel": {"channel": "email"},
    "of all time": {"days": "all"},
    "one touchpoint": {"about": "delivery"},
    "one touchpoint, months": {"about": "packaging", "every": "month", "days": "all"},
}


@pytest.mark.parametrize("view", VIEWS)
def test_every_door_counts_what_it_says(show: Show, url: str, store: Store, view: str) -> None:
    app = show(url, "touchpoints", lang="en", **VIEWS[view])
    assert not app.exception
    found = doors(app)
    assert len(found) > 15
    for door in set(found):
        count, notes = listed(store, TAXONOMY, door.to)
        assert not notes, (door.where, notes)
        if door.count is not None:
            assert count == door.count, (door.where, door.to)
    marks = [door for door in found if door.where.startswith("chart")]
    assert len(marks) > 2
    assert all(door.count is not None for door in marks)


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("view", VIEWS)
def test_it_draws_in_both_languages(show: Show, url: str, lang: str, view: str) -> None:
    app = show(url, "touchpoints", lang=lang, **VIEWS[view])
    assert not app.exception
    assert len(app.header) >= 4
    other = show(url, "touchpoints", lang={"id": "en", "en": "id"}[lang], **VIEWS[view])
    assert not {h.value for h in app.header} & {h.value for h in other.header}


def test_the_first_is_told_with_its_number_and_how_sure(show: Show, url: str) -> None:
    shown = unescape(html(show(url, "touchpoints", lang="en")))
    assert "Fix Delivery first: 120 of 180 complaints speak badly of it, 67%" in shown
    assert "That is clearly more than" in shown
    assert "44.4 points apart" in shown  # 120 − 40 of 180


def test_a_function_sees_its_own(show: Show, url: str) -> None:
    app = show(url, "touchpoints", lang="en", owner="operations")
    shown = unescape(html(app))
    assert "Operations should fix Packaging first: 40 of 180 complaints" in shown
    assert "That is clearly more than Order handling" in shown
    assert {mark["name"] for mark in charts(app)[0]} == {"Packaging", "Order handling"}
    # By channel too: of those on X packaging is in none.
    tied = unescape(html(show(url, "touchpoints", lang="en", owner="operations", channel="x")))
    assert "20 of 100 complaints" in tied


def test_a_tie_is_said(show: Show, made: Callable[[Rows], str]) -> None:
    close: Rows = [said(n, bad="delivery" if n < 33 else "price") for n in range(60)]
    shown = unescape(html(show(made(close), "touchpoints", lang="en")))
    assert "But that is not sure: Price may come first as well (lead 10.0 points" in shown
    assert "clearly more" not in shown


def test_a_function_with_one_touchpoint(show: Show, url: str) -> None:
    shown = unescape(html(show(url, "touchpoints", lang="en", owner="logistics")))
    assert "Logistics owns one touchpoint, Delivery: 120 of 180 complaints" in shown
    app = show(url, "touchpoints", lang="en", owner="marketing")
    assert "None of the 180 complaints speaks badly of a touchpoint of Marketing" in html(app)
    assert not app.exception


def test_impact_is_an_association_and_says_so(show: Show, url: str) -> None:
    app = show(url, "touchpoints", lang="en", rank="impact")
    shown = unescape(html(app))
    assert "without the 80 complaints that are about it alone" in shown
    assert "Association, not cause" in shown
    first = charts(app)[0]
    assert {mark["count"] for mark in first} == {80, 40, 20}


def test_the_choices_write_the_address(show: Show, url: str) -> None:
    app = show(url, "touchpoints", lang="en")
    app.selectbox(key="w_owner").set_value("operations").run()
    assert app.query_params["owner"] == "operations"
    i18n.use("en")
    app.segmented_control(key="w_rank").set_value("impact").run()
    assert app.query_params["rank"] == "impact"
    app.selectbox(key="w_about").set_value("packaging").run()
    assert app.query_params["about"] == "packaging"
    assert "Packaging (Operations" in html(app)
    app.selectbox(key="w_about").set_value("all").run()
    assert "about" not in app.query_params
    assert not app.exception


def test_names_lead_to_a_closer_look(show: Show, url: str) -> None:
    assert "touchpoints?lang=en&brand=Senandika&days=90&about=delivery" in unescape(
        html(show(url, "touchpoints", lang="en"))
    )


def test_one_touchpoint_closely(show: Show, url: str) -> None:
    shown = unescape(html(show(url, "touchpoints", lang="en", about="delivery")))
    assert "Delivery (Logistics · Transaction): 120 of 180 complaints speak badly of it" in shown
    assert "points more than in the period before" in shown
    assert "Themes are not found yet" in shown
    assert "also blamed" in shown
    assert "not cause" not in shown
    assert "which does not mean that one causes the other" in shown


def test_unknown_choices_are_said(show: Show, url: str) -> None:
    app = show(url, "touchpoints", lang="en", about="<b>", owner="gudang", rank="x")
    shown = unescape(html(app))
    assert not app.exception
    for told in ("about=<b>", "owner=gudang", "rank=x"):
        assert told in shown
    assert "about=<b>" not in html(app)


def test_too_few_to_rank(show: Show, made: Callable[[Rows], str]) -> None:
    url = made([row(number) for number in range(20)])
    for query in ({}, {"rank": "impact"}, {"about": "delivery"}):
        app = show(url, "touchpoints", lang="en", **query)
        assert not app.exception
        assert "too few" in html(app)
    assert "Only 10 complaints: too few to say what to fix first" in html(
        show(url, "touchpoints", lang="en")
    )


def test_praise_alone(show: Show, made: Callable[[Rows], str]) -> None:
    url = made([said(number, good="delivery", stars=5) for number in range(40)])
    assert "There are no complaints in this selection" in html(show(url, "touchpoints", lang="en"))
    closely = show(url, "touchpoints", lang="en", about="delivery")
    assert not closely.exception
    assert "there are no complaints here" in html(closely)


@pytest.fixture
def made(tmp_path: Path) -> Callable[[Rows], str]:
    """Build a store of rows."""

    def build(rows: Rows) -> str:
        address = f"sqlite:///{tmp_path / 'made.db'}"
        opened = open_store(address)
        fill(opened, "Senandika", rows)
        opened.close()
        return address

    return build


def test_the_ranking_shows_what_the_insight_counts(show: Show, url: str, store: Store) -> None:
    app = show(url, "touchpoints", lang="en", days="all")
    result = touchpoints(store, TAXONOMY, Filter(brands=("Senandika",)))
    counted = {row.complaint_share.k for row in result.rows if row.complaint_share.k}
    assert {mark["count"] for mark in charts(app)[0]} == counted
