"""A server upon a small store, a browser, and what a person does in it."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from dashboard import launch
from tests.dashboard.conftest import environment

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WINDOW: ViewportSize = {"width": 1440, "height": 900}
PATIENCE = 60_000
IDLE = """() => {
  const idle = () => new Promise(done => requestIdleCallback(done, { timeout: 1000 }));
  return document.fonts.ready
    .then(idle).then(() => new Promise(requestAnimationFrame)).then(idle);
}"""
"""Resolves when the browser has drawn everything and has nothing left to do.

Chromium may never tell a page that rests already; it is taken to rest after a second each.
"""

ALL = "brand=Senandika&days=all"


def serve(url: str, folder: Path, *, port: int | None = None) -> Iterator[str]:
    """Serve a store from a folder, for as long as the address is wanted.

    Args:
        port: where it must not be any.
    """
    with socket.socket() as probe:
        probe.bind((launch.HOST, port or 0))
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


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """What pages share: the app's own files, which take longer to load than most tests."""
    shared = browser.new_context(viewport=WINDOW, locale="id-ID")
    shared.set_default_timeout(PATIENCE)
    yield shared
    shared.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page of its own, which must ask nothing of other hosts and run no script of a mention."""
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
    # The next page comes as a new reader: nothing is kept of this one but files.
    opened.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    opened.close()
    context.clear_cookies()


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
