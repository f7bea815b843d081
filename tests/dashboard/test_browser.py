"""The dashboard in a real browser: clicks, addresses, languages, and a script that must not run."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from dashboard import launch
from tests.dashboard.conftest import PAYLOAD, environment

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60_000
IDLE = (
    "() => document.fonts.ready.then(() => new Promise(done =>"
    " requestIdleCallback(() => requestAnimationFrame(() => requestIdleCallback(done)))))"
)
"""Resolves when the browser has drawn everything and has nothing left to do."""

PAGES = ("", "reputation", "rivals", "touchpoints", "mentions", "sources", "model")
ALL = "brand=Senandika&days=all"


@pytest.fixture(scope="module")
def address(filled_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server shows the small store."""
    yield from serve(filled_url, tmp_path_factory.mktemp("server"))


def serve(url: str, folder: Path) -> Iterator[str]:
    """Serve a store from a folder, for as long as the address is wanted."""
    with socket.socket() as probe:
        probe.bind((launch.HOST, 0))
        port = probe.getsockname()[1]
    with subprocess.Popen(
        launch.command(port=port),
        env=environment(url),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            started = any("URL:" in line for line in server.stdout)
            assert started, f"the server ended with {server.wait()}"
            yield f"http://{launch.HOST}:{port}/"
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:  # it waits for browsers that have gone
                server.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium where it is, else Playwright's own."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM if CHROMIUM.exists() else None, args=list(QUIET)
        )
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own, which must ask nothing of other hosts and run no script of a mention."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="id-ID")
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    opened = context.new_page()
    elsewhere: list[str] = []
    opened.on(
        "request",
        lambda request: (
            elsewhere.append(request.url)
            if urlsplit(request.url).hostname not in (launch.HOST, None)
            else None
        ),
    )
    yield opened
    assert opened.evaluate("window.hacked") is None
    assert elsewhere == []
    context.close()


def go(page: Page, address: str, path: str = "", query: str = "") -> None:
    """Open a page and wait until it is drawn."""
    page.goto(f"{address}{path}?{query}", wait_until="commit")
    settled(page)


def settled(page: Page) -> None:
    """Wait until the script has run, and check that it ended well."""
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stException")).to_have_count(0)
    page.evaluate(IDLE)


def choose(page: Page, label: str) -> None:
    """Press a button of a group until it is chosen.

    A click just while the group is drawn anew falls between the two drawings; a person clicks
    again.
    """
    button = page.locator('[data-testid="stButtonGroup"] button').filter(has_text=label).first
    for _attempt in range(10):
        button.click()
        try:
            expect(button).to_have_attribute("data-selected", "true", timeout=3_000)
        except AssertionError:
            continue
        return
    raise AssertionError(f"{label} cannot be chosen")


def count_listed(page: Page) -> int:
    """Return the count above the list of mentions, once that page is there."""
    expect(page).to_have_url(re.compile("/mentions"))
    expect(page.locator("h1")).to_have_text(re.compile("Reviews|Ulasan"))
    finding = page.locator(".sm-finding[data-count]")
    expect(finding).to_be_visible()
    settled(page)
    return int(finding.get_attribute("data-count") or "")


def number(text: str) -> int:
    """Return how many cases a mark says it has: the 52 of `52 of 121`, else its last number."""
    part = re.search(r"(\d+) of \d+", text)
    return int(part[1] if part else re.findall(r"\d+", text)[-1])


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def marks(page: Page, chart: int, kind: str) -> Locator:
    """Return the marks of a chart that can be picked; they are described for screen readers."""
    group = page.get_by_test_id("stVegaLiteChart").nth(chart).locator(f"g.mark-{kind}.role-mark")
    return group.locator("path[aria-label]")


def click(mark: Locator) -> str:
    """Click a mark in its middle; returns what it says of itself."""
    said = mark.get_attribute("aria-label") or ""
    mark.scroll_into_view_if_needed()
    mark.click(force=True)
    return said


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_page_draws(page: Page, address: str, lang: str) -> None:
    titles = set()
    for path in PAGES:
        go(page, address, path, f"lang={lang}&{ALL}")
        titles.add(page.locator("h1").inner_text())
    assert len(titles) == len(PAGES)
    expect(page.get_by_test_id("stAppDeployButton")).to_have_count(0)


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


def test_the_phone_has_no_sideways_scroll(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for path in PAGES:
        go(page, address, path, f"lang=id&{ALL}")
        wider = page.evaluate(
            "() => { const m = document.querySelector('[data-testid=stMain]');"
            " return m.scrollWidth - m.clientWidth; }"
        )
        assert wider <= 0, path


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
