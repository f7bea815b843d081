"""Everybody can use every page: with a screen reader, by keyboard, in the dark, on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from dashboard import i18n
from dashboard.i18n import _
from dashboard.pages import PAGES
from store.engine import open_store
from tests.dashboard import kept_world, survey_store, themed
from tests.dashboard.browsing import ALL, browser, context, go, page, serve, settled

__all__ = ["browser", "context", "page"]

pytestmark = pytest.mark.browser

VIEW = f"lang=id&{ALL}"
PHONE: ViewportSize = {"width": 390, "height": 844}
LAPTOP: ViewportSize = {"width": 1280, "height": 720}

BRIEF = {"resultTypes": ["violations"]}  # of what is in order nothing is told


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server shows a store of which every page has something to say."""
    folder = tmp_path_factory.mktemp("accessibility")
    url = f"sqlite:///{folder / 'simak.db'}"
    kept_world.build(url)
    themed.build(url)
    store = open_store(url)
    survey_store.add(store)
    store.close()
    yield from serve(url, folder)


def serious(page: Page) -> list[str]:
    """Return what axe finds serious or critical, each with the first element it is of."""
    return [
        f"{found['id']}: {found['nodes'][0]['html'][:200]}"
        for found in Axe().run(page, options=BRIEF).response["violations"]
        if found["impact"] in ("serious", "critical")
    ]


def test_every_page_draws_and_axe_finds_nothing_serious_by_day_or_by_night(
    page: Page, address: str
) -> None:
    i18n.use("en")  # in the other language they are drawn on the phone
    found = {}
    for path, shown in PAGES.items():
        page.emulate_media(color_scheme="light")
        go(page, address, path, f"lang=en&{ALL}")
        assert page.locator("h1").inner_text() == _(shown.title)
        found[path, "light"] = serious(page)
        page.emulate_media(color_scheme="dark")
        expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", "dark")
        settled(page)
        found[path, "dark"] = serious(page)
    expect(page.get_by_test_id("stAppDeployButton")).to_have_count(0)
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_no_chart_needs_to_be_scrolled_on_a_laptop(page: Page, address: str) -> None:
    page.set_viewport_size(LAPTOP)
    wider = {}
    for path in ("touchpoints", "journey", "consistency", "rivals"):
        go(page, address, path, VIEW)
        wider[path] = page.locator('[data-testid="stVegaLiteChart"]').evaluate_all(
            "charts => charts.map(one => one.scrollWidth - one.clientWidth)"
        )
    assert all(wider.values())
    assert {path: more for path, more in wider.items() if max(more) > 0} == {}


def test_every_page_draws_on_the_phone_without_sideways_scroll(page: Page, address: str) -> None:
    page.set_viewport_size(PHONE)
    i18n.use("id")
    wider = {}
    for path, shown in PAGES.items():
        go(page, address, path, VIEW)
        assert page.locator("h1").inner_text() == _(shown.title)
        wider[path] = page.evaluate(
            "() => { const m = document.querySelector('[data-testid=stMain]');"
            " return m.scrollWidth - m.clientWidth; }"
        )
    assert {path: pixels for path, pixels in wider.items() if pixels > 0} == {}


def test_the_keyboard_alone_leads_from_page_to_page_and_into_a_list(
    page: Page, address: str
) -> None:
    go(page, address, "reputation", VIEW)
    page.locator('[data-testid="stSidebar"] a[href^="journey"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Perjalanan pelanggan")
    link = page.locator('[data-testid="stMain"] a[data-count]:visible').first
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Ulasan & sebutan")
