"""What is most useful to correct next, as the page of mentions shows it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from simak.tags import Tags
from tests.dashboard.conftest import Rows, html, row

Show = Callable[..., AppTest]


@pytest.fixture
def unsure(made: Callable[[Rows], str]) -> str:
    """URL of a store with 60 mentions: of 30 texts, each said twice, the model is unsure."""
    rows: Rows = []
    for number in range(60):
        raw, _tags = row(number, text=f"Ragu {number % 30}", external_id=f"u{number}")
        scores = {"negative": 0.96, "neutral": 0.02, "positive": 0.02, "delivery": 0.5}
        rows.append((raw, Tags("negative", True, scores=scores)))
    return made([*rows, row(100)])


@pytest.mark.parametrize(
    ("lang", "left", "alike", "doubt"),
    [
        ("en", "30 texts are left to correct", "2 mentions say exactly this", "Delivery 50%"),
        ("id", "30 teks tersisa untuk dikoreksi", "2 sebutan bunyinya persis begini", "50%"),
    ],
)
def test_what_is_most_useful_to_correct_next(
    show: Show, unsure: str, lang: str, left: str, alike: str, doubt: str
) -> None:
    app = show(unsure, "mentions", lang=lang, days="all", order="useful")
    shown = html(app)
    assert not app.exception
    assert 'data-count="30"' in shown
    assert left in shown
    assert shown.count(alike) == shown.count("<article") == 25
    assert shown.count(doubt) == 25
    app.button(key="next").click().run()
    assert html(app).count("<article") == 5
    assert app.query_params["order"] == "useful"


def test_the_order_is_chosen_on_the_page_and_stands_in_the_address(show: Show, unsure: str) -> None:
    app = show(unsure, "mentions", lang="en", days="all")
    assert 'data-count="61"' in html(app)
    app.selectbox(key="w_order").set_value("useful").run()
    assert app.query_params["order"] == "useful"
    assert 'data-count="30"' in html(app)
    app.selectbox(key="w_order").set_value("newest").run()
    assert "order" not in app.query_params
    assert 'data-count="61"' in html(app)


def test_the_number_of_mentions_that_say_the_same_opens_them(show: Show, unsure: str) -> None:
    shown = html(show(unsure, "mentions", lang="en", days="all", order="useful"))
    link = re.search(r"same=([0-9a-f]{32})", shown)
    assert link
    app = show(unsure, "mentions", lang="en", days="all", same=link[1])
    assert 'data-count="2"' in html(app)
    app.button(key="narrowed-0").click().run()
    assert "same" not in app.query_params
    assert 'data-count="61"' in html(app)


def test_nothing_left_to_correct_is_said(show: Show, filled_url: str) -> None:
    app = show(filled_url, "mentions", lang="en", order="useful")
    assert not app.exception
    assert "No text is left to correct here" in html(app)
    nothing = show(filled_url, "mentions", lang="en", order="useful", q="zzz")
    assert "Nothing matches" in html(nothing)
