"""The dashboard in a real browser: clicks, addresses, languages, and a script that must not run."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from dashboard import i18n
from dashboard.i18n import _
from dashboard.pages import PAGES
from tests.dashboard.browsing import (
    ALL,
    browser,
    choose,
    click,
    context,
    count_listed,
    go,
    marks,
    number,
    page,
    query,
    serve,
    settled,
)
from tests.dashboard.conftest import PAYLOAD

__all__ = ["browser", "context", "page"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(filled_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server shows the small store."""
    yield from serve(filled_url, tmp_path_factory.mktemp("server"))


@pytest.mark.parametrize("path", ["", "today", "rivals"])
def test_the_page_one_is_on_is_marked(page: Page, address: str, path: str) -> None:
    """The first page has two addresses."""
    i18n.use("en")
    go(page, address, path, f"lang=en&{ALL}")
    links = page.locator('[data-testid="stSidebar"] [data-testid="stPageLink-NavLink"]')
    marked = links.evaluate_all(
        "all => all.filter(a => getComputedStyle(a).backgroundColor !== 'rgba(0, 0, 0, 0)')"
        ".map(a => a.innerText.split('\\n').at(-1))"
    )
    assert marked == [_(PAGES[path or "today"].title)]


def test_a_bar_of_the_volume_opens_its_mentions(page: Page, address: str) -> None:
    go(page, address, "reputation", f"lang=en&{ALL}&every=month")
    said = click(marks(page, 1, "rect").first)
    assert count_listed(page) == number(said)
    assert query(page)["sentiment"] == ["negative"]
    assert "since" in query(page)


def test_a_point_of_the_trend_opens_its_complaints(page: Page, address: str) -> None:
    go(page, address, "reputation", f"lang=en&{ALL}&every=month")
    table = page.get_by_text("The same as a table").first
    table.click()
    complaints = page.locator("table").first.locator("tbody tr").last.locator("td").nth(5)
    expected = int(complaints.inner_text())
    click(marks(page, 0, "symbol").first)
    assert count_listed(page) == expected
    assert query(page)["complaint"] == ["yes"]


def test_a_point_of_the_net_sentiment_opens_what_it_is_of(page: Page, address: str) -> None:
    go(page, address, "reputation", f"lang=en&{ALL}&every=month&metric=net_sentiment")
    said = click(marks(page, 0, "symbol").first)
    assert count_listed(page) == number(said)


def test_a_brand_opens_what_was_said_of_it(page: Page, address: str) -> None:
    go(page, address, "rivals", f"lang=en&{ALL}")
    said = click(marks(page, 0, "rect").and_(page.locator('[aria-label^="Griyakita"]')))
    assert count_listed(page) == number(said)
    assert query(page)["brand"] == ["Griyakita"]


def test_a_touchpoint_opens_its_complaints_and_back_comes_back(page: Page, address: str) -> None:
    go(page, address, "touchpoints", f"lang=en&{ALL}")
    said = click(marks(page, 0, "rect").first)
    assert count_listed(page) == number(said)
    assert query(page)["polarity"] == ["negative"]
    page.go_back()
    expect(page.locator("h1")).to_have_text("Touchpoints")
    assert "polarity" not in query(page)
    settled(page)
    said = click(marks(page, 0, "rect").nth(1))
    assert count_listed(page) == number(said)


def test_a_cell_of_the_map_opens_its_complaints(page: Page, address: str) -> None:
    go(page, address, "touchpoints", f"lang=en&{ALL}")
    said = click(marks(page, 1, "rect").first)
    assert count_listed(page) == number(said)
    assert len(query(page)["channel"]) == 1


def test_a_link_of_a_table_leads_to_the_same_place(page: Page, address: str) -> None:
    go(page, address, "reputation", f"lang=en&{ALL}")
    link = page.locator("table").last.locator("tbody tr").first.locator("a").nth(1)
    expected = int(link.inner_text())
    link.click()
    assert count_listed(page) == expected


def test_a_figure_leads_to_its_mentions(page: Page, address: str) -> None:
    go(page, address, "reputation", f"lang=en&{ALL}")
    link = page.locator('[data-metric="complaint_rate"] a')
    expected = number(link.inner_text())
    link.click()
    assert count_listed(page) == expected


def test_the_language_switches_and_goes_along(page: Page, address: str) -> None:
    go(page, address, "reputation", f"lang=id&{ALL}")
    choose(page, "English")
    expect(page.locator("h1")).to_have_text("Reputation")
    assert query(page)["lang"] == ["en"]
    page.get_by_role("link", name="Data sources").click()
    expect(page.locator("h1")).to_have_text("Data sources")
    assert query(page)["lang"] == ["en"]
    assert query(page)["brand"] == ["Senandika"]


@pytest.mark.parametrize("opened", ["Views", "Download"])
def test_a_page_opens_while_something_else_is_open(page: Page, address: str, opened: str) -> None:
    go(page, address, "reputation", f"lang=en&{ALL}")
    settled(page)
    page.get_by_test_id("stPopoverButton").filter(has_text=opened).first.click()
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
    settled(page)
    page.get_by_role("link", name="Rivals").click()
    expect(page.locator("h1")).to_have_text("Rivals")
    settled(page)
    expect(page).to_have_url(re.compile("/rivals"))


def test_filters_live_in_the_address_and_back_undoes_them(page: Page, address: str) -> None:
    go(page, address, "mentions", f"lang=en&{ALL}")
    everything = count_listed(page)
    choose(page, "− Negative")
    expect(page).to_have_url(re.compile("sentiment=negative"))
    expect(page.locator(".sm-finding[data-count]")).not_to_have_attribute(
        "data-count", str(everything)
    )
    narrowed = count_listed(page)
    assert narrowed < everything
    page.reload(wait_until="commit")
    assert count_listed(page) == narrowed
    page.go_back()
    expect(page).not_to_have_url(re.compile("sentiment="))
    expect(page.locator(".sm-finding[data-count]")).to_have_attribute("data-count", str(everything))


def test_a_script_in_a_mention_does_not_run(page: Page, address: str) -> None:
    go(page, address, "mentions", f"lang=en&{ALL}&touchpoint=trust")
    assert count_listed(page) == 1
    card = page.locator(".sm-card")
    assert PAYLOAD[40:] in card.locator(".reply").inner_text()
    assert card.locator("img, script").count() == 0
    assert card.locator('a[href^="javascript"]').count() == 0


def test_a_link_to_the_source_opens_apart(page: Page, address: str) -> None:
    go(page, address, "mentions", f"lang=en&{ALL}&sentiment=neutral")
    link = page.locator('a[href^="https://example.org"]')
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", re.compile("noopener"))


def test_a_visit_is_kept_in_the_browser_and_known_the_next_time(page: Page, address: str) -> None:
    go(page, address, "", f"lang=en&{ALL}")
    assert "since your last visit" not in page.locator("body").inner_text()
    (kept,) = [one for one in page.context.cookies() if one["name"] == "simak_visits"]
    before, seen = map(int, kept["value"].split("."))
    assert (before, kept["sameSite"]) == (0, "Strict")
    # Two hours later; all of the store is older than that.
    page.context.add_cookies([{"name": kept["name"], "value": f"0.{seen - 7200}", "url": address}])
    go(page, address, "", f"lang=en&{ALL}")
    expect(page.locator(".sm-finding")).to_contain_text("Nothing new since your last visit")
    (kept,) = [one for one in page.context.cookies() if one["name"] == "simak_visits"]
    assert kept["value"].startswith(f"{seen - 7200}.")
    # The same visit goes on on another page and back.
    page.get_by_role("link", name="Rivals").click()
    expect(page.locator("h1")).to_have_text("Rivals")
    page.get_by_role("link", name="Today").click()
    expect(page.locator(".sm-finding")).to_contain_text("Nothing new since your last visit")
