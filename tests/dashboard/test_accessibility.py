"""Everybody can use every page: with a screen reader, by keyboard, in the dark, on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dashboard.pages import PAGES
from tests.dashboard import kept_world
from tests.dashboard.browsing import browser, go, page, serve

__all__ = ["browser", "page"]

pytestmark = pytest.mark.browser

VIEW = "lang=id&brand=Senandika&days=all"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server shows a store of which every page has something to say."""
    folder = tmp_path_factory.mktemp("accessibility")
    url = f"sqlite:///{folder / 'simak.db'}"
    kept_world.build(url)
    yield from serve(url, folder)


def serious(page: Page) -> list[str]:
    """Return what axe finds serious or critical, each with the first element it is of."""
    return [
        f"{found['id']}: {found['nodes'][0]['html'][:200]}"
        for found in Axe().run(page).response["violations"]
        if found["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page: Page, address: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = {}
    for path in PAGES:
        go(page, address, path, VIEW)
        found[path] = serious(page)
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_the_phone_has_no_sideways_scroll(page: Page, address: str) -> None:
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    wider = {}
    for path in PAGES:
        go(page, address, path, VIEW)
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
