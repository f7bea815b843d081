"""Copied texts on the pages: said, opened and left out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from store.engine import open_store
from tests.dashboard.conftest import COPIED, add_copied, fill, html, row

Show = Callable[..., AppTest]


@pytest.fixture
def copied(sqlite_url: str) -> str:
    """URL of a store with two brands, one of which has copied texts."""
    add_copied(sqlite_url)
    store = open_store(sqlite_url)
    fill(store, "Griyakita", [row(n) for n in range(3)])
    store.close()
    return sqlite_url


@pytest.mark.parametrize(
    ("lang", "counted", "left_out"),
    [
        ("en", "14 of 56 mentions repeat what others wrote, word for word or nearly (2 texts)",
         "Left out: 14 of 56 mentions"),
        ("id", "14 dari 56 sebutan mengulang tulisan orang lain", "Tidak dihitung: 14 dari 56"),
    ],
)  # fmt: skip
def test_copied_texts_are_said_and_left_out_on_every_page(
    show: Show, copied: str, lang: str, counted: str, left_out: str
) -> None:
    app = show(copied, lang=lang, brand=COPIED, days="all")
    shown = html(app)
    assert counted in shown
    assert "jangan pernah belanja" in shown
    assert re.search(r'href="mentions\?[^"]*copies_of=\d+">12</a></td><td class="num">12<', shown)
    app.toggle(key="w_copies").set_value(True).run()
    assert app.query_params["copies"] == "no"
    assert left_out in html(app)
    assert not app.exception
    for page in ("touchpoints", "mentions"):
        there = show(copied, page, lang=lang, brand=COPIED, days="all", copies="no")
        assert there.toggle(key="w_copies").value
        assert not there.exception
    assert 'data-count="42"' in html(there)
    there.toggle(key="w_copies").set_value(False).run()
    assert "copies" not in there.query_params
    assert 'data-count="56"' in html(there)


def test_the_choice_of_copies_shows_only_where_there_are_some(show: Show, copied: str) -> None:
    def toggles(**query: str) -> int:
        return len(show(copied, "mentions", lang="en", **query).toggle)

    assert toggles(brand="Griyakita", days="all") == 0
    assert toggles(brand="Griyakita", days="all", copies="no") == 1
    assert toggles(brand=COPIED, days="all", channel="google_play") == 1
    assert toggles(brand=COPIED, since="2026-10-31") == 1
    assert toggles(brand=COPIED, until="2026-09-16") == 0  # the first of all is no repeat
    assert "repeat what others wrote" not in html(show(copied, lang="en", brand="Griyakita"))


@pytest.mark.parametrize(
    ("lang", "chip"), [("en", "copied text: 12 mentions"), ("id", "teks salinan: 12 sebutan")]
)
def test_a_mention_that_was_copied_opens_the_others(
    show: Show, copied: str, lang: str, chip: str
) -> None:
    shown = html(show(copied, "mentions", lang=lang, brand=COPIED, days="30", copies="no"))
    assert chip not in shown
    shown = html(show(copied, "mentions", lang=lang, brand=COPIED, days="30"))
    link = re.search(r'data-count="12" href="mentions\?([^"]*copies_of=(\d+))">≈ ' + chip, shown)
    assert link
    app = show(copied, "mentions", lang=lang, brand=COPIED, days="all", copies_of=link[2])
    assert 'data-count="12"' in html(app)
    assert html(app).count("<article") == 12
    app.button(key="narrowed-0").click().run()
    assert "copies_of" not in app.query_params
    assert 'data-count="56"' in html(app)
