"""Items collected and stored per second over loopback, and whether memory stays flat.

A process of its own answers as Google Play does, 150 reviews a page; `google_play` reads all pages
into an empty store, as `simak collect` does it. Beside it the same service read and parsed with
nothing stored, so that what storing costs can be seen.

    python -m benchmarks.collecting
"""

from __future__ import annotations

import json
import multiprocessing
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs

import click

from benchmarks.databases import opened
from benchmarks.report import Figure, finish, say
from benchmarks.texts import recombined
from collectors.job import Job, make_context
from collectors.runner import collect
from collectors.services.google.play import PAGE
from collectors.sources.google_play import GooglePlaySource
from store.mentions import Privacy
from store.runs import DONE, Run

TARGET = 2_000
FLAT = 1.1
"""The most memory of the second half over that at its beginning, when SQLite's cache is full."""

COMMAND = "python -m benchmarks.collecting"


def measure(items: int) -> Iterator[Figure]:
    """Yield items a second and the growth of memory."""
    with _service(items) as url, TemporaryDirectory() as home:
        job = Job(
            source=GooglePlaySource(
                name="play", brand="Senandika", options={"apps": ["id.senandika"], "url": url}
            ),
            max_items=items + 1,
            per_minute=10_000_000,
        )
        start = time.perf_counter()
        with job.client() as http:
            pages = job.source.collect({}, make_context("play", http=http))
            read = sum(len(page.mentions) for page in pages)
        reading = read / (time.perf_counter() - start)
        say(f"read and parsed, nothing stored: {reading:,.0f} items/s")
        with opened("sqlite", Path(home)) as store:
            memory: list[tuple[int, float]] = []

            def on_page(run: Run) -> None:
                memory.append((run.got, _resident()))

            start = time.perf_counter()
            (run,) = collect(store, [job], privacy=Privacy(b"benchmark"), on_page=on_page)
            speed = items / (time.perf_counter() - start)
    if run.status != DONE or run.new != items or read != items:
        raise RuntimeError(f"{run.new} of {items} items were stored: {run}")
    half = next(size for got, size in memory if got >= items / 2)
    peak = max(size for _, size in memory)
    yield Figure(
        "collect over loopback into SQLite",
        speed,
        "items/s",
        COMMAND,
        at_least=TARGET,
        note=f"{items:,} items, {PAGE} a page; {speed / reading:.2f} of reading without storing",
    )
    yield Figure(
        "memory of it, at its most over after half",
        peak / half,
        "×",
        COMMAND,
        at_most=FLAT,
        note=f"{half:.0f} MB after {items // 2:,} items, {peak:.0f} MB at its most",
    )


def _resident() -> float:
    """Memory of this process, MB, without the pages of the store's file that are mapped into it."""
    status = Path("/proc/self/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("RssAnon")]
    return int(line.split()[1]) / 1024


@contextmanager
def _service(items: int) -> Iterator[str]:
    """Serve so many reviews from another process; yields its address."""
    mine, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(items, theirs), daemon=True
    )
    process.start()
    try:
        yield mine.recv()
    finally:
        process.terminate()
        process.join()


def _serve(items: int, told: Connection) -> None:
    # Made before, so that what is measured is not this.
    bodies = [_page(n, reviews, items) for n, reviews in enumerate(_pages(items))]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            asked = json.loads(json.loads(form["f.req"][0])[0][0][1])
            token = next((part for part in _texts(asked) if part.startswith("page-")), "page-0")
            body = bodies[int(token.removeprefix("page-"))]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.send(f"http://127.0.0.1:{server.server_address[1]}")
    server.serve_forever()


def _pages(items: int) -> Iterator[list[Any]]:
    source = random.Random(1)
    at = datetime(2026, 6, 30, tzinfo=UTC)
    texts = islice(recombined(), items)
    for start in range(0, items, PAGE):
        page = []
        for n, text in enumerate(islice(texts, PAGE), start):
            at -= timedelta(seconds=source.randrange(1, 600))
            reply = None
            if source.random() < 0.3:
                answered = int((at + timedelta(hours=5)).timestamp())
                reply = ["PT Senandika", "Halo Kak, mohon maaf atas kendalanya.", [answered, 0]]
            page.append(
                [
                    f"ulasan-{n:09}",
                    [f"Pelanggan {source.randrange(items)}"],
                    source.randint(1, 5),
                    None,
                    text,
                    [int(at.timestamp()), 0],
                    0,
                    reply,
                    None,
                    None,
                    "5.12.0",
                ]
            )
        yield page


def _page(number: int, reviews: list[Any], items: int) -> bytes:
    more = (number + 1) * PAGE < items
    payload = [reviews, [None, f"page-{number + 1}"] if more else [None, None]]
    frames = [["wrb.fr", "UsvDTd", json.dumps(payload), None, None, None, "generic"]]
    return f")]}}'\n\n{json.dumps(frames)}".encode()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--items", default=100_100, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(items: int, as_json: bool) -> None:
    finish(list(measure(items)), as_json=as_json)


if __name__ == "__main__":
    main()
