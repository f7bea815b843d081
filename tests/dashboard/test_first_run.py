"""From an empty store through the guide to the first chart, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from benchmarks import first_run
from benchmarks.browser import served
from store import rollups
from store.engine import open_store

pytestmark = pytest.mark.browser

ROWS = 60


def test_a_new_user_comes_to_a_chart_of_their_own(tmp_path: Path) -> None:
    reviews = tmp_path / "ulasan.csv"
    first_run.write_reviews(reviews, ROWS)
    expect.set_options(timeout=150_000)
    url = f"sqlite:///{tmp_path / 'simak.db'}"
    with sync_playwright() as playwright, served(url, tmp_path) as (address, server):
        browser = first_run.launched(playwright)
        page: Page = browser.new_page(viewport={"width": 390, "height": 844})
        page.set_default_timeout(150_000)
        laps = first_run.guided(page, address, server, reviews)
        assert [name for name, _seconds in laps] == [
            "start to the guide",
            "file to its columns",
            "brand to the import's start",
            "import and tagging to the first chart",
        ]
        expect(page.get_by_text("Done.")).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.reload()
        expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
        browser.close()
    store = open_store(url)
    assert rollups.verify(store) == ROWS
    store.close()
