"""How long a new user waits: from an empty store to the first chart of a file of their own.

Drives a browser (Debian's chromium, else Playwright's own) through the guide of the dashboard with
a file of 500 reviews, as fast as a person could who never stops to read. Then the first start on
the bundled sample: from `simak dashboard` to a drawn Overview. Everything happens in a temporary
folder and is removed.

    python -m benchmarks.first_run
"""

from __future__ import annotations

import csv
import random
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from psutil import Process

from benchmarks.browser import CHROMIUM, QUIET, environment, served, wait
from benchmarks.report import Figure, finish, say

REVIEWS = 500
GUIDE_SECONDS, SAMPLE_SECONDS = 180, 10
_COMMAND = "python -m benchmarks.first_run"
_PATIENCE_MS = 170_000

_TEXTS = (
    ("Paket {n} belum sampai juga, sudah {d} hari, kecewa sekali", 1),
    ("Aplikasinya error terus waktu bayar pesanan {n}", 1),
    ("CS tidak membalas chat saya soal pesanan {n}", 2),
    ("Barang {n} bagus tapi kemasannya penyok", 3),
    ("Pengiriman cepat, {d} hari sudah sampai, mantap", 5),
    ("Harga murah dan promonya banyak, langganan terus", 5),
)


def write_reviews(path: Path, rows: int) -> None:
    """Write a file of reviews with a text, stars and a day."""
    chance = random.Random(7)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "ulasan", "bintang", "tanggal"])
        for number in range(rows):
            text, stars = chance.choice(_TEXTS)
            day = date(2026, 10, 31) - timedelta(days=chance.randrange(90))
            said = text.format(n=number, d=chance.randrange(1, 9))
            out.writerow([number, said, stars, f"{day:%Y-%m-%d} 08:00:00"])


def launched(playwright: Playwright) -> Browser:
    """Start a browser."""
    return playwright.chromium.launch(
        executable_path=CHROMIUM if CHROMIUM.exists() else None, args=list(QUIET)
    )


def guided(page: Page, address: str, server: Process, reviews: Path) -> list[tuple[str, float]]:
    """Go from the empty store to the first chart; return the seconds of each step."""
    watch = _Watch()
    wait(address, server)
    _open(page, address)
    expect(page.get_by_test_id("stFileUploader")).to_be_visible()
    watch.lap("start to the guide")
    page.locator('input[type="file"]').set_input_files(reviews)
    expect(page.locator(".sm-table")).to_contain_text("ulasan")
    watch.lap("file to its columns")
    brand = page.get_by_role("textbox", name="Whose reviews are these?")
    brand.fill("Kopi Senja")
    brand.press("Enter")
    button = page.get_by_test_id("stButton").get_by_role("button", name="Import and tag")
    expect(button).to_be_enabled()
    button.click()
    watch.lap("brand to the import's start")
    expect(page.get_by_role("progressbar").first).to_be_visible()
    page.get_by_role("link", name="See how the reputation moves").click()
    _drawn(page)
    watch.lap("import and tagging to the first chart")
    return watch.laps


def opened(page: Page, address: str, server: Process) -> float:
    """Return the seconds until the charts of a filled store are drawn."""
    watch = _Watch()
    wait(address, server)
    _open(page, address, "reputation")
    _drawn(page)
    watch.lap("first start on the sample")
    return watch.laps[0][1]


class _Watch:
    def __init__(self) -> None:
        self.laps: list[tuple[str, float]] = []
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps.append((name, now - self._last))
        self._last = now


def _open(page: Page, address: str, path: str = "") -> None:
    page.goto(f"{address}{path}?lang=en", wait_until="commit")


def _drawn(page: Page) -> None:
    chart = page.get_by_test_id("stVegaLiteChart").first
    expect(chart.locator("canvas, svg").first).to_be_visible()


def _store(folder: Path) -> str:
    return f"sqlite:///{folder / 'simak.db'}"


def measure(browser: Browser, folder: Path) -> list[Figure]:
    """Measure both ways, each on a store of its own in `folder`."""
    reviews = folder / "ulasan.csv"
    write_reviews(reviews, REVIEWS)
    guide, sample = folder / "guide", folder / "sample"
    guide.mkdir()
    sample.mkdir()
    say("from an empty store through the guide")
    with served(_store(guide), guide) as (address, server), browser.new_page() as page:
        page.set_default_timeout(_PATIENCE_MS)
        laps = guided(page, address, server, reviews)
    say("the sample")
    subprocess.run(
        [sys.executable, "-m", "simak", "sample"],
        cwd=sample, env=environment(_store(sample)), check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    with served(_store(sample), sample) as (address, server), browser.new_page() as page:
        page.set_default_timeout(_PATIENCE_MS)
        seconds = opened(page, address, server)
    whole = sum(seconds for _name, seconds in laps)
    return [
        *(Figure(f"guide: {name}", lap, "s", _COMMAND) for name, lap in laps),
        Figure(
            "guide: all of it", whole, "s", _COMMAND,
            at_most=GUIDE_SECONDS, note=f"{REVIEWS} reviews",
        ),
        Figure("first start on the sample", seconds, "s", _COMMAND, at_most=SAMPLE_SECONDS),
    ]  # fmt: skip


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(as_json: bool) -> None:
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as playwright, TemporaryDirectory() as folder:
        browser = launched(playwright)
        figures = measure(browser, Path(folder))
        browser.close()
    finish(figures, as_json=as_json)


if __name__ == "__main__":
    main()
