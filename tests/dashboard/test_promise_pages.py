"""Promises, Consistency and Actions: what they say, what opens, and what their forms take."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from html import escape
from io import BytesIO
from typing import Any

import pytest
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from simak.taxonomy import load_taxonomy
from store.actions import actions
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import count
from store.promises import promises
from tests.dashboard import kept_world
from tests.dashboard.conftest import fill, html, row
from tests.dashboard.kept_world import ALONE, BRAND, DAY, PROMISE, RIVAL, SILENT, UNSPOKEN
from tests.dashboard.walk import charts, doors, listed

Show = Callable[..., AppTest]

PAGES = ("promises", "consistency", "actions")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The planted store, which no test of this module changes."""
    found = f"sqlite:///{tmp_path_factory.mktemp('kept') / 'simak.db'}"
    kept_world.build(found)
    return found


@pytest.fixture(scope="module")
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def own_url(sqlite_url: str) -> str:
    """A small store of its own, for forms to write to."""
    opened = open_store(sqlite_url)
    fill(opened, BRAND, [row(n) for n in range(60)])
    opened.close()
    return sqlite_url


VIEWS: dict[str, dict[str, Any]] = {
    "all": {"days": "all"},
    "90 days": {},
    "own days": {"since": "2026-02-10", "until": "2026-04-05"},
    "two channels": {"days": "all", "channel": ["instagram", "whatsapp"]},
    "unspoken": {"days": "all", "promise": "2", "action": "2", "rival": RIVAL},
    "rival": {"days": "all", "rival": RIVAL, "left": "whatsapp", "right": "google_play"},
    "alone": {"days": "all", "brand": ALONE},
    "silent": {"days": "all", "brand": SILENT},
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("page", PAGES)
def test_every_door_opens_what_it_says(
    show: Show, url: str, store: Store, page: str, view: str
) -> None:
    app = show(url, page, lang="en", **{"brand": BRAND, **VIEWS[view]})
    assert not app.exception
    assert "cannot be drawn" not in html(app)
    found = [door for door in doors(app) if door.count is not None]
    if view not in ("alone", "silent"):
        assert len(found) >= 4
        assert "unspoken" in view or any(door.where.startswith("chart") for door in found)
    for door in {(door.to, door.count): door for door in found}.values():
        assert door.count, f"{door} opens nothing"
        n, notes = listed(store, load_taxonomy(), door.to)
        assert notes == [], door
        assert n == door.count, door


@pytest.mark.parametrize("page", PAGES)
def test_pages_draw_in_both_languages(show: Show, url: str, page: str) -> None:
    shown = [html(show(url, page, lang=lang, brand=BRAND, days="all")) for lang in ("id", "en")]
    assert shown[0] != shown[1]
    assert not any("cannot be drawn" in one or "tidak dapat digambar" in one for one in shown)
    for word in ("customers", "mentions", "expected", "speak badly", "95% interval"):
        assert word not in re.sub("<[^>]*>", "", shown[0]), word


def test_a_promise_is_told_with_its_interval_and_both_sides(show: Show, url: str) -> None:
    app = show(url, "promises", lang="en", brand=BRAND, days="all")
    shown = html(app)
    # 30 kept of 90: Wilson's interval 24.4 % to 43.6 %
    assert escape(f"“{PROMISE}”: of 90 who say whether it was kept, 33% say that it was") in shown
    assert "(95% interval 24%–44%)" in shown
    assert PROMISE not in shown
    assert 'data-count="60"' in shown
    assert 'data-count="30"' in shown
    assert "not of all customers" in shown
    months = charts(app)[1]
    assert [one["cases"] for one in months if one.get("period")] != []
    assert sum(one["count"] or 0 for one in months if one.get("period")) == 30


def test_a_promise_nobody_speaks_of_says_so_and_draws_nothing(show: Show, url: str) -> None:
    app = show(url, "promises", lang="en", brand=BRAND, days="all", promise="2")
    assert f"Nobody says yet whether “{UNSPOKEN}” is kept" in html(app)
    assert len(charts(app)) == 1  # the one of all promises


def test_a_period_without_a_promise_says_when_the_first_began(show: Show, url: str) -> None:
    app = show(url, "promises", lang="en", brand=BRAND, since="2026-01-05", until="2026-02-01")
    assert "No promise held in these days." in html(app)
    assert "2 Mar 2026" in html(app)


@pytest.mark.parametrize(("page", "words"), [
    ("promises", "No promise is registered yet"), ("actions", "No action is on record yet"),
])  # fmt: skip
def test_with_nothing_recorded_the_form_stands_open(
    show: Show, url: str, page: str, words: str
) -> None:
    app = show(url, page, lang="en", brand=RIVAL, days="all")
    assert words in html(app)
    labels = [one.label for one in app.button]
    assert any(label.startswith("Save the") for label in labels)
    assert "Cancel" not in labels


def test_a_channel_that_is_worse_than_expected_is_named(show: Show, url: str) -> None:
    app = show(url, "consistency", lang="en", brand=BRAND, days="all")
    shown = html(app)
    name = load_taxonomy()["packaging"].names["en"]
    assert f"{name} is worse on Instagram than it should be: 80%" in shown
    cells = [one for one in charts(app)[1] if one.get("row") == "packaging"]
    assert {one["column"]: one["clear"] for one in cells}["instagram"]
    assert not all(one["clear"] for one in charts(app)[1] if "clear" in one)


def test_two_channels_are_told_apart_by_their_answers(show: Show, url: str) -> None:
    query = {"brand": BRAND, "days": "all", "left": "instagram", "right": "whatsapp"}
    shown = html(show(url, "consistency", lang="en", **query))
    told = shown[shown.index("Instagram answers ") :]
    assert "of its complaints, WhatsApp" in told.split("</p>")[0]
    assert "no clear difference" not in told.split("</p>")[0]
    same = html(show(url, "consistency", lang="en", **{**query, "right": "instagram"}))
    assert "Instagram answers" in same  # beside another one, not beside itself


def test_the_same_touchpoint_stands_in_two_columns(show: Show, url: str) -> None:
    query = {"left": "whatsapp", "right": "instagram", "about": "packaging"}
    app = show(url, "consistency", lang="en", brand=BRAND, days="all", **query)
    names = [one.value for one in app.subheader]
    assert names == ["WhatsApp", "Instagram"]
    cards = [one.proto.body for one in app.get("html") if "sm-card" in one.proto.body]
    assert ["WhatsApp" in cards[0], "Instagram" in cards[0]] == [True, False]
    assert ["WhatsApp" in cards[1], "Instagram" in cards[1]] == [False, True]


def test_the_slide_says_what_the_page_says(
    show: Show, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, ...]] = []
    monkeypatch.setattr(
        "dashboard.parts.consistency.slides.st.download_button",
        lambda *args, **kwargs: asked.append(args),
    )
    query = {"brand": BRAND, "days": "all", "left": "instagram", "right": "whatsapp"}
    shown = html(show(url, "consistency", lang="en", **query))
    (_label, made, name, mime) = next(args for args in asked if str(args[2]).endswith(".pptx"))
    assert (name, "presentationml" in mime) == ("simak-instagram-whatsapp.pptx", True)
    (slide,) = Presentation(BytesIO(made())).slides
    title = slide.shapes.title.text_frame.text
    assert title.startswith("Instagram answers ")
    assert escape(title.replace("\xa0", " ")) in shown.replace("\xa0", " ")
    notes = slide.notes_slide.notes_text_frame.text
    assert "Complaints answered: " in notes
    written = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    assert "Senandika · all time" in written
    assert "95% intervals" in written
    assert any(shape.shape_type is not None and "PICTURE" in str(shape.shape_type)
               for shape in slide.shapes)  # fmt: skip


def test_with_one_channel_nothing_is_compared(show: Show, url: str) -> None:
    shown = html(show(url, "consistency", lang="en", brand=ALONE, days="all"))
    assert "All of this is from X: with one channel there is nothing to compare." in shown
    assert "No answer of the brand has come with any of these mentions" in shown
    assert "no answer ever seen" in shown


def test_consistency_offers_a_way_out_where_nothing_matches(show: Show, url: str) -> None:
    app = show(url, "consistency", lang="en", brand=BRAND, since="2020-01-01", until="2020-01-02")
    assert "Nothing matches these filters" in html(app)


def test_an_action_that_helped_is_said_to_have(show: Show, url: str) -> None:
    query = {"lang": "en", "brand": BRAND, "action": "1"}
    app = show(url, "actions", **query)
    shown = html(app)
    assert "“bayar sekali klik” seems to have helped: " in shown
    assert "was to be expected" in shown
    assert "It goes with the action in time" in shown
    weeks = charts(app)[0]
    names = {one["name"] for one in weeks if one.get("name")}
    assert "to be expected" in names
    expected = [one for one in weeks if one.get("name") == "to be expected"]
    assert len(expected) == kept_world.WEEKS
    assert all(one["dashed"] and not one["to"] for one in expected)
    first = next(one for one in weeks if one.get("kind") == "action")
    assert first["at"].startswith(DAY.isoformat())
    # Whatever the period: 90 days back, there is nothing before the day.
    late = html(show(url, "actions", **query, since="2026-04-01", until="2026-04-20"))
    assert "seems to have helped" in late


def test_an_action_nobody_speaks_of_is_not_judged(show: Show, url: str) -> None:
    shown = html(show(url, "actions", lang="en", brand=BRAND, action="2"))
    assert "It cannot be said yet whether “kartu ucapan” helped" in shown
    assert "? not enough data yet" in shown
    assert "✓ helped" in shown


def test_an_address_that_names_what_is_not_there_is_told_and_left_out(show: Show, url: str) -> None:
    for page, query in (
        ("promises", {"promise": "99"}),
        ("actions", {"action": "99"}),
        ("consistency", {"left": "nowhere", "right": "x", "about": "nothing"}),
    ):
        app = show(url, page, lang="en", brand=BRAND, days="all", **query)
        assert "which is not known here" in html(app)
        assert "cannot be drawn" not in html(app)


def test_a_promise_is_refused_beside_its_fields_and_nothing_is_lost(
    show: Show, own_url: str
) -> None:
    app = show(own_url, "promises", lang="en", brand=BRAND, days="all")
    app.text_input(key="promise_kept").set_value('"tak tertutup').run()
    assert "This cannot be read" in html(app)
    button(app, "Save the promise").click().run()
    shown = html(app)
    for wrong in ("Write down what is promised.", "Choose what it is about.",
                  "Choose the first day that it holds.", "This cannot be read"):  # fmt: skip
        assert shown.count(f"</b> {wrong}") == 1
    app.text_input(key="promise_text").set_value("  cepat  ").run()
    app.selectbox(key="promise_touchpoint").set_value("delivery").run()
    app.date_input(key="promise_since").set_value(date(2026, 6, 1)).run()
    app.date_input(key="promise_until").set_value(date(2026, 5, 1)).run()
    button(app, "Save the promise").click().run()
    assert "The last day is before the first." in html(app)
    assert "Write down what is promised." not in html(app)
    assert app.text_input(key="promise_text").value == "  cepat  "
    assert app.text_input(key="promise_kept").value == '"tak tertutup'
    with_store(own_url, lambda opened: promises(opened) == [])


def test_a_promise_is_saved_as_its_trial_foretold(show: Show, own_url: str) -> None:
    app = show(own_url, "promises", lang="en", brand=BRAND, days="all")
    app.text_input(key="promise_text").set_value("cepat").run()
    app.selectbox(key="promise_touchpoint").set_value("delivery").run()
    app.date_input(key="promise_since").set_value(date(2026, 1, 1)).run()
    app.text_input(key="promise_broken").set_value("lama").run()
    app.text_input(key="promise_kept").set_value("cepat OR rapi").run()
    foretold = html(app)
    assert not with_store(own_url, promises)
    button(app, "Save the promise").click().run()
    (made,) = with_store(own_url, promises)
    assert (made.text, made.touchpoint, made.since) == ("cepat", "delivery", date(2026, 1, 1))
    assert (made.broken, made.kept, made.until) == ("lama", "cepat OR rapi", None)
    for side, title in (("broken", "Would count as broken"), ("kept", "Would count as kept")):
        behind = made.behind(Filter(), side)  # type: ignore[arg-type]
        n = with_store(own_url, lambda opened, behind=behind: count(opened, behind).n)
        assert n > 0
        assert f"{title}: {n}</h3>" in foretold
    shown = html(app)
    assert "“cepat” is registered." in shown
    assert "Would count" not in shown


def test_a_promise_can_be_ended_and_removed(show: Show, own_url: str) -> None:
    app = show(own_url, "promises", lang="en", brand=BRAND, days="all")
    app.text_input(key="promise_text").set_value("cepat").run()
    app.selectbox(key="promise_touchpoint").set_value("delivery").run()
    app.date_input(key="promise_since").set_value(date(2026, 1, 1)).run()
    button(app, "Save the promise").click().run()
    app.date_input(key="end-day-1").set_value(date(2026, 9, 30)).run()
    app.button(key="end-1").click().run()
    assert "“cepat” has a last day now." in html(app)
    (ended,) = with_store(own_url, promises)
    assert ended.until == date(2026, 9, 30)
    app.button(key="remove-1").click().run()
    assert with_store(own_url, promises) == []
    assert "No promise is registered yet" in html(app)


def test_an_action_is_refused_beside_its_fields_saved_and_removed(show: Show, own_url: str) -> None:
    app = show(own_url, "actions", lang="en", brand=BRAND, days="all")
    button(app, "Save the action").click().run()
    for wrong in ("Write down what was done.", "Choose what it is to help.",
                  "Choose the first day with it.", "Say who puts it on record."):  # fmt: skip
        assert html(app).count(wrong) == 1
    app.text_input(key="action_text").set_value("<i>kurir</i>").run()
    app.selectbox(key="action_touchpoint").set_value("all").run()
    app.date_input(key="action_day").set_value(date(2026, 10, 1)).run()
    button(app, "Save the action").click().run()
    assert "Say who puts it on record." in html(app)
    assert app.text_input(key="action_text").value == "<i>kurir</i>"
    app.text_input(key="action_by").set_value("Sari").run()
    button(app, "Save the action").click().run()
    (made,) = with_store(own_url, actions)
    assert (made.text, made.touchpoint, made.day) == ("<i>kurir</i>", None, date(2026, 10, 1))
    assert made.created_by == "Sari"
    assert "<i>kurir</i>" not in html(app)
    assert escape("“<i>kurir</i>” is on record.") in html(app)
    app.button(key=f"remove-{made.id}").click().run()
    assert with_store(own_url, actions) == []
    assert "No action is on record yet" in html(app)


def button(app: AppTest, label: str) -> Any:
    """Return the button of a label."""
    return next(one for one in app.button if one.label == label)


def with_store(url: str, ask: Callable[[Store], Any]) -> Any:
    """Ask a store that a page writes to."""
    opened = open_store(url)
    try:
        return ask(opened)
    finally:
        opened.close()
