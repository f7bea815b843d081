"""The Journey page: where it breaks, and how it stands beside another period or brand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from simak.taxonomy import load_taxonomy
from store.engine import Store, open_store
from tests.dashboard.conftest import Rows, fill, html, row
from tests.dashboard.test_touchpoints_page import said
from tests.dashboard.walk import charts, doors, listed

Show = Callable[..., AppTest]

TAXONOMY = load_taxonomy()


def rows(*, late: int, start: int = 0, days: int = 0) -> Rows:
    """Return 100 mentions of delivery, `late` of them bad, among praise of other phases."""
    kinds = [
        (late, {"bad": "delivery"}),
        (100 - late, {"good": "delivery"}),
        (60, {"good": "product_quality"}),
        (10, {"bad": "product_quality"}),
        (40, {"good": "price"}),
        (35, {"good": "customer_service"}),
        (5, {"bad": "promotion"}),
    ]
    made: Rows = []
    for times, kind in kinds:
        for _ in range(times):
            number = start + len(made)
            made.append(said(number, days=days + len(made) * 7 % 80, **kind))  # type: ignore[arg-type]
    return made


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store in which delivery got worse, and a rival in which it is good."""
    address = f"sqlite:///{tmp_path_factory.mktemp('journey') / 'simak.db'}"
    store = open_store(address)
    fill(store, "Senandika", [*rows(late=80), *rows(late=30, start=1_000, days=92)])
    fill(store, "Griyakita", rows(late=20, start=5_000), source="rival")
    fill(store, "Sepi", [said(9_000, bad="delivery")], source="sepi")
    store.close()
    return address


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """The store, open."""
    opened = open_store(url)
    yield opened
    opened.close()


VIEWS: dict[str, dict[str, str]] = {
    "alone": {},
    "beside the period before": {"beside": "previous"},
    "beside a rival": {"beside": "Griyakita"},
    "beside a rival of few": {"beside": "Sepi"},
    "all time": {"days": "all"},
}


@pytest.mark.parametrize("view", VIEWS)
def test_every_door_counts_what_it_says(show: Show, url: str, store: Store, view: str) -> None:
    app = show(url, "journey", lang="en", **VIEWS[view])
    assert not app.exception
    found = doors(app)
    marks = [door for door in found if door.where.startswith("chart")]
    assert len(marks) >= 3
    assert all(door.count for door in marks)
    for door in set(found):
        count, notes = listed(store, TAXONOMY, door.to)
        assert not notes, (door.where, notes)
        if door.count is not None:
            assert count == door.count, (door.where, door.to)


@pytest.mark.parametrize("view", VIEWS)
def test_it_draws_in_both_languages(show: Show, url: str, view: str) -> None:
    apps = [show(url, "journey", lang=lang, **VIEWS[view]) for lang in ("id", "en")]
    assert not any(app.exception for app in apps)
    headers = [{header.value for header in app.header} for app in apps]
    between = {header for header in headers[1] if " beside " in header}
    assert not headers[0] & (headers[1] - between)
    assert [app.title[0].value for app in apps] == ["Perjalanan pelanggan", "Journey"]


def test_where_it_breaks_is_told_with_its_number(show: Show, url: str) -> None:
    shown = unescape(html(show(url, "journey", lang="en")))
    # Transaction: 80 of 140; of the rest 15 of 110.
    assert "The journey breaks in Transaction: 57% of the 140 mentions of it speak badly" in shown
    assert "44 points more than of the rest" in shown
    assert "Its weakest touchpoint is Delivery (80%), clearly behind Price" in shown
    assert "Clearly better than the rest: " in shown
    assert "After-sales (14%)" in shown


def test_the_path_has_every_phase_and_its_strength(show: Show, url: str) -> None:
    path = [mark for mark in charts(show(url, "journey", lang="en"))[0] if mark.get("side")]
    said = {mark["name"]: mark["said"] for mark in path if mark["side"] == "here"}
    assert said["Transaction"] == "57% weak"
    assert said["After-sales"] == "14% strong"
    # Five mentions of promotion: drawn, and said to be few.
    few = next(mark for mark in path if mark["name"] == "Awareness")
    assert (few["tone"], few["count"]) == ("few", 5)


def test_two_periods(show: Show, url: str) -> None:
    app = show(url, "journey", lang="en", beside="previous")
    shown = unescape(html(app))
    # 80 of 140 against 30 of 140.
    assert "Transaction 36 points worse" in shown
    assert "No other phase clearly differs" in shown
    assert {mark["side"] for mark in charts(app)[0] if mark.get("side")} == {"here", "there"}


def test_two_brands(show: Show, url: str) -> None:
    shown = unescape(html(show(url, "journey", lang="en", beside="Griyakita")))
    assert "Beside Griyakita: Transaction 43 points worse" in shown
    mirrored = unescape(
        html(show(url, "journey", lang="en", brand="Griyakita", beside="Senandika"))
    )
    assert "Beside Senandika: Transaction 43 points better (32.2–52.1)" in mirrored
    alike = unescape(html(show(url, "journey", lang="en", brand="Griyakita")))
    assert "No phase is clearly weaker than the rest" in alike


def test_a_rival_with_one_mention_is_not_compared(show: Show, url: str) -> None:
    shown = unescape(html(show(url, "journey", lang="en", beside="Sepi")))
    assert "Too few mentions on either side to compare with Sepi" in shown
    assert "points worse" not in shown


def test_all_time_has_no_period_before(show: Show, url: str) -> None:
    app = show(url, "journey", lang="en", days="all", beside="previous")
    assert not app.exception
    assert "beside=previous, which is not known here" in html(app)


def test_the_choice_writes_the_address(show: Show, url: str) -> None:
    app = show(url, "journey", lang="en")
    app.selectbox(key="w_beside").set_value("Griyakita").run()
    assert app.query_params["beside"] == "Griyakita"
    assert "Senandika beside Griyakita" in {header.value for header in app.header}
    app.selectbox(key="w_beside").set_value("none").run()
    assert "beside" not in app.query_params
    assert not app.exception


@pytest.mark.parametrize("lang", ["id", "en"])
def test_states(show: Show, tmp_path_factory: pytest.TempPathFactory, lang: str) -> None:
    expected = {
        "id": ("simak import", "Tidak ada sebutan di sini", "terlalu sedikit"),
        "en": ("simak import", "No mention here speaks of a touchpoint", "too few"),
    }[lang]
    untagged: Rows = [(row(number)[0], None) for number in range(30)]
    for made, words in zip(([], untagged, [row(0)]), expected, strict=True):
        address = f"sqlite:///{tmp_path_factory.mktemp('state') / 'simak.db'}"
        opened = open_store(address)
        if made:
            fill(opened, "Senandika", made)
        opened.close()
        app = show(address, "journey", lang=lang)
        assert not app.exception
        assert words in html(app)
    nothing = show(address, "journey", lang="en", since="2001-01-01", until="2001-01-02")
    assert "Nothing matches these filters" in html(nothing)
