"""How long a person waits for the dashboard on a large store, in a real browser.

A page counts as there when the script has ended and all its charts are drawn. One person opens
every page for the first time after the start (cold), switches between the pages (warm), and
changes the period and the brand to what nobody has asked for yet. Then ten people open it together,
and once all have it do as they like, each with some seconds to read; the server's memory is read
at the end. Beside these, in the same run: a bare page of Streamlit with two charts and no data of
ours.

    python -m benchmarks.dashboard
    python -m benchmarks.dashboard --mentions 50000
"""

from __future__ import annotations

import asyncio
import random
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import click
import numpy as np
from playwright.async_api import Browser, Locator, Page
from psutil import Process

from benchmarks.browser import (
    act,
    free_port,
    memory,
    new_page,
    opened,
    quiet,
    served,
    visit,
    wait,
)
from benchmarks.report import Figure, finish, say
from benchmarks.world import BRANDS, filled
from dashboard.pages import PAGES

WARM_S, COLD_S, FILTER_S, LIST_S, CROWD_S, MEMORY_GB = 1.5, 3.0, 1.0, 1.0, 3.0, 2.0
PEOPLE, CLICKS, ROUNDS, LISTED = 10, 12, 3, 20
THINKING_S = (2.0, 6.0)
"""Between two clicks of a person who reads."""

PERIODS = ("30 hari terakhir", "90 hari terakhir", "365 hari terakhir", "Sepanjang waktu")
NAMES = tuple(BRANDS)
_SEED = 7

_BARE = """
import altair as alt, pandas as pd, streamlit as st
st.title("bare")
turn = st.session_state.get("turn", 0)
st.button("again", on_click=lambda: st.session_state.update(turn=turn + 1))
for place in range(2):
    data = pd.DataFrame({"x": range(50), "y": [(x + turn) ** 2 % 17 for x in range(50)]})
    st.altair_chart(alt.Chart(data).mark_line().encode(x="x", y="y"))
"""


async def go(page: Page, name: str) -> float:
    """Switch to a page by its link in the navigation."""
    begins = f"{name}?" if name != next(iter(PAGES)) else "?"
    link = page.locator(f'[data-testid="stSidebar"] a[href^="{begins}"]')
    return await act(page, lambda: link.evaluate("link => link.click()"))


async def choose(page: Page, box: int, option: str) -> float:
    """Choose an option of a select box of the filters by keys; its opening is not timed."""
    await quiet(page)
    await _box(page, box).click()
    await _box(page, box).fill(option)
    await page.get_by_role("option", name=option, exact=True).wait_for()
    return await act(page, lambda: _box(page, box).press("Enter"))


async def chosen(page: Page, box: int) -> str:
    """Return what a select box of the filters shows, once the page has come to rest."""
    await quiet(page)
    return await _box(page, box).input_value()


def _box(page: Page, box: int) -> Locator:
    return page.locator(".st-key-filters [data-testid=stSelectbox] input").nth(box)


async def alone(browser: Browser, address: str) -> Mapping[str, Mapping[str, list[float]]]:
    """Measure one person: kind of wait to page to seconds."""
    times: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    page = await new_page(browser)
    for name in PAGES:
        start = f"{address}{name}?{urlencode({'lang': 'id', 'brand': NAMES[0], 'days': '365'})}"
        times["cold"][name].append(await visit(page, start))
    _explain("cold", times)
    for _round in range(ROUNDS):
        for name in random.Random(_SEED + _round).sample(list(PAGES), len(PAGES)):
            times["warm"][name].append(await go(page, name))
    _explain("warm", times)
    for name, shown in PAGES.items():
        if not shown.filtered:
            continue
        await go(page, name)
        for brand, period in zip(NAMES[1:], PERIODS, strict=False):
            times["filter"][name].append(await choose(page, 0, brand))
            if shown.dated:
                times["filter"][name].append(await choose(page, 1, period))
        await choose(page, 0, NAMES[0])
    _explain("filter", times)
    times["list"]["next page"] = await _paged(page, address)
    _explain("list", times)
    await page.context.close()
    return times


async def _paged(page: Page, address: str) -> list[float]:
    """Go on in the list of the largest brand's mentions that are not positive."""
    asked = [("lang", "en"), ("brand", NAMES[0]), ("days", "all")]
    asked += [("sentiment", name) for name in ("negative", "neutral")]
    await visit(page, f"{address}mentions?{urlencode(asked)}")
    found = await page.locator("[data-count]").first.get_attribute("data-count")
    say(f"  a list of {found} mentions")
    on = page.get_by_role("button", name="Next", exact=True)
    return [await act(page, lambda: on.evaluate("button => button.click()")) for _ in range(LISTED)]


async def crowd(browser: Browser, address: str) -> tuple[list[float], list[tuple[str, float]]]:
    """Let `PEOPLE` open the dashboard together, and once all have it click about.

    Returns the seconds of each opening, and what was clicked with its seconds.
    """
    all_there = asyncio.Barrier(PEOPLE)
    found = await asyncio.gather(
        *(person(browser, address, _SEED + place, all_there) for place in range(PEOPLE))
    )
    return [opening for opening, _ in found], [one for _, done in found for one in done]


async def person(
    browser: Browser, address: str, seed: int, all_there: asyncio.Barrier
) -> tuple[float, list[tuple[str, float]]]:
    """Open the dashboard and click about as one of several."""
    draw = random.Random(seed)
    page = await new_page(browser)
    start = urlencode({"lang": "id", "brand": draw.choice(NAMES), "days": "90"})
    opening = await visit(page, f"{address}?{start}")
    await all_there.wait()
    done = []
    for _click in range(CLICKS):
        await asyncio.sleep(draw.uniform(*THINKING_S))
        here = await page.evaluate("location.pathname.split('/').pop()")
        shown = PAGES.get(here or next(iter(PAGES)))
        if shown is not None and shown.filtered and draw.random() < 0.4:
            box, names = draw.choice([(0, NAMES), (1, PERIODS)][: 1 + shown.dated])
            others = [name for name in names if name != await chosen(page, box)]
            done.append(("filter", await choose(page, box, draw.choice(others))))
        else:
            name = draw.choice([name for name in PAGES if name != (here or next(iter(PAGES)))])
            done.append((name, await go(page, name)))
    await page.context.close()
    return opening, done


async def measure(url: str, folder: Path) -> list[Figure]:
    """Measure the bare page, one person, then ten."""
    async with opened() as browser:
        bare = await _bare(browser, folder)
        with served(url, folder) as (address, server):
            wait(address, server)
            times = await alone(browser, address)
            openings, clicks = await crowd(browser, address)
            held = memory(server)
    found = [
        _figure(f"{what}, p95", _all(times[kind]), most, note)
        for what, kind, most, note in (
            ("first visit of a page", "cold", COLD_S, "after the start, the page itself too"),
            ("switch to a page", "warm", WARM_S, "seen before"),
            ("change of brand or period", "filter", FILTER_S, "not asked before"),
            ("next page of a list", "list", LIST_S, "the largest brand's that are not positive"),
        )
    ]
    waits = [taken for _what, taken in clicks]
    note = f"any click; they had opened it together in {statistics.median(openings):.1f} s"
    found.append(_figure(f"{PEOPLE} people clicking at once, p95", waits, CROWD_S, note))
    gigabytes = held / 2**30
    found.append(Figure("memory of the server", gigabytes, "GiB", _command(), at_most=MEMORY_GB))
    ratio = statistics.median(_all(times["warm"])) / bare
    found.append(
        Figure(
            "switch to a page against a bare page of Streamlit", ratio, "x", _command(),
            note=f"median; the bare page is drawn again in {bare:.2f} s",
        )
    )  # fmt: skip
    return found


async def _bare(browser: Browser, folder: Path) -> float:
    """Return the median seconds in which a page with two charts and nothing to count is redrawn."""
    script = folder / "bare.py"
    script.write_text(_BARE)
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}",
         "--server.headless=true", "--server.address=127.0.0.1", "--browser.gatherUsageStats=false",
         "--server.fileWatcherType=none"],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}/"
            wait(address, Process(server.pid))
            page = await new_page(browser)
            await visit(page, address)
            button = page.get_by_role("button", name="again")
            taken = [
                await act(page, lambda: button.evaluate("button => button.click()"))
                for _turn in range(10)
            ]
            await page.context.close()
        finally:
            server.terminate()
    return statistics.median(taken)


def _all(times: Mapping[str, Sequence[float]]) -> list[float]:
    return [taken for waits in times.values() for taken in waits]


def _figure(what: str, waits: Sequence[float], most: float, note: str) -> Figure:
    p50, p95 = np.percentile(waits, (50, 95))
    return Figure(
        what, float(p95), "s", _command(), at_most=most,
        note=f"{note}; p50 {p50:.2f}, max {max(waits):.2f}, {len(waits)} times",
    )  # fmt: skip


def _explain(kind: str, times: Mapping[str, Mapping[str, Sequence[float]]]) -> None:
    say(f"  {kind}")
    for name, waits in sorted(times[kind].items(), key=lambda one: -statistics.median(one[1])):
        say(f"    {name:12} {statistics.median(waits):.2f} (max {max(waits):.2f}) s")


def _command() -> str:
    return "python -m benchmarks.dashboard"


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--mentions", "size", default=1_000_000, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(size: int, as_json: bool) -> None:
    with filled("sqlite", size) as store, TemporaryDirectory() as folder:
        figures = asyncio.run(measure(store.url, Path(folder)))
    finish(figures, as_json=as_json)


if __name__ == "__main__":
    main()
