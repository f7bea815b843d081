"""A dashboard that is served, and a browser that says when a page of it is drawn."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from weakref import WeakKeyDictionary

import psutil
from playwright.async_api import Browser, Page, async_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard import launch

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update",
         "--disable-sync")  # fmt: skip
PATIENCE_MS = 60_000
_QUIET_S, _LOOK_S = 0.3, 0.01

_runs: WeakKeyDictionary[Page, int] = WeakKeyDictionary()
"""How many runs of the script each page has seen the end of, by the messages that say so.

What the page shows of a run does not tell: one that is quick, or comes while the browser is busy,
may be over before its beginning has been drawn.
"""

_DRAWN = """patience => new Promise((done, failed) => {
  const end = performance.now() + patience;
  const settled = () => {
    const app = document.querySelector('[data-testid=stApp]');
    const charts = [...document.querySelectorAll('[data-testid=stVegaLiteChart]')];
    return app && app.dataset.testScriptState === 'notRunning'
      && document.querySelector('h1')
      && !document.querySelector('[data-testid=stSkeleton]')
      && charts.every(chart => chart.querySelector('svg, canvas'));
  };
  const look = () => settled()
    ? requestAnimationFrame(() => requestAnimationFrame(() => done()))
    : performance.now() > end ? failed(new Error(`not drawn: ${location}`)) : setTimeout(look, 10);
  look();
})"""


@contextmanager
def served(url: str, folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Serve the store at `url` from `folder`; gives the address and the process at once.

    `wait` until it answers.
    """
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "simak", "dashboard", "--port", str(port)],
        cwd=folder,
        env=environment(url),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            yield f"http://{launch.HOST}:{port}/", psutil.Process(server.pid)
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def environment(url: str) -> dict[str, str]:
    """Return the environment for the store at `url`, without the settings of whoever measures."""
    own = {k: v for k, v in launch.environment().items() if not k.startswith("SIMAK_")}
    return {**own, "SIMAK_DB": url}


def wait(address: str, server: psutil.Process) -> None:
    """Wait until a server answers at its address.

    Raises:
        RuntimeError: it has ended.
    """
    port = int(address.rstrip("/").rpartition(":")[2])
    while not _answers(port):
        if not server.is_running() or server.status() == psutil.STATUS_ZOMBIE:
            raise RuntimeError("the dashboard ended before it answered")
        time.sleep(0.05)


@asynccontextmanager
async def opened() -> AsyncIterator[Browser]:
    """Debian's chromium where it is, else Playwright's own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM if CHROMIUM.exists() else None, args=list(QUIET)
        )
        yield browser
        await browser.close()


async def new_page(browser: Browser) -> Page:
    """Return a page of its own, as large as a laptop's screen."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="id-ID")
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    _runs[page] = 0

    def count(message: str | bytes) -> None:
        if isinstance(message, bytes):
            _runs[page] += ForwardMsg.FromString(message).WhichOneof("type") == "script_finished"

    page.on("websocket", lambda socket: socket.on("framereceived", count))
    return page


async def visit(page: Page, address: str) -> float:
    """Open an address anew; return the seconds until all its charts are drawn."""
    before, start = _runs[page], time.perf_counter()
    await page.goto(address, wait_until="commit")
    await _drawn(page, before)
    return time.perf_counter() - start


async def act(page: Page, do: Callable[[], Awaitable[object]]) -> float:
    """Do something on a page that was visited; return the seconds until all charts are drawn."""
    await _drawn(page)
    before, start = _runs[page], time.perf_counter()
    await do()
    await _drawn(page, before)
    return time.perf_counter() - start


async def quiet(page: Page) -> None:
    """Wait until a page that was visited has not been drawn again for a while.

    A run that comes late, such as that after the first cookie, closes an open list of options.
    """
    runs = None
    while runs != (runs := _runs[page]):
        await asyncio.sleep(_QUIET_S)
        await _drawn(page)


async def _drawn(page: Page, before: int = 0) -> None:
    """Wait until a page has seen the end of more runs than before, and its charts are drawn."""
    async with asyncio.timeout(PATIENCE_MS / 1000):
        while _runs[page] <= before:
            await asyncio.sleep(_LOOK_S)
    await page.evaluate(_DRAWN, PATIENCE_MS)


def memory(server: psutil.Process) -> int:
    """Return the bytes that the server and its children hold.

    The proportional set size: each connection maps the store's file, and what is resident of it
    would count as often as it is mapped.
    """
    return sum(one.memory_full_info().pss for one in (server, *server.children(recursive=True)))


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((launch.HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((launch.HOST, port)) == 0
