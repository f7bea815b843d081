"""A brand's ten weeks with a day on which parcels were late, and what alerts go to."""

from __future__ import annotations

import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count as numbers
from pathlib import Path
from typing import Any

from alerts.run import AlertRun, run_alerts
from simak.alert_settings import AlertRule, ChannelSettings
from simak.settings import Settings
from store.engine import Store
from tests.builders import put, review, tag_all, tagged
from tests.collectors.replay import Answer, Replay

LAST = date(2026, 5, 31)
BURST = date(2026, 5, 28)
LATE, DEAR = "paket saya lama sekali sampainya, padahal dekat", "ongkirnya makin mahal saja ya min"
GOOD = "wajannya bagus, tidak lengket sama sekali"
LOST = "kurirnya hilang, paket tidak sampai juga sudah seminggu"
SAID = {
    LATE: tagged("negative", {"delivery": "negative"}),
    LOST: tagged("negative", {"delivery": "negative"}),
    DEAR: tagged("negative", {"price": "negative"}),
    GOOD: tagged("positive", {"product_quality": "positive"}),
}
_ID = numbers()


def fill(store: Store, *, burst: int = 20) -> Store:
    """Seventy days of 2 late parcels, 1 dear one and 3 praises, and on `BURST` lost ones."""
    texts = {
        LAST - timedelta(days=back): [LATE, LATE, DEAR, GOOD, GOOD, GOOD] for back in range(70)
    }
    texts[BURST] += [LOST] * burst
    rows = [
        review(f"r{next(_ID)}", text, day.isoformat())
        for day, said in texts.items()
        for text in said
    ]
    put(store, rows)
    tag_all(store, SAID)
    return store


def say(store: Store, day: date, *texts: str, brand: str = "Senandika") -> None:
    """Store what was said on a day."""
    put(store, [review(f"r{next(_ID)}", text, day.isoformat()) for text in texts], brand=brand)


def night(day: date, hour: int = 2) -> datetime:
    """Two at night (Jakarta) after a day."""
    return datetime(day.year, day.month, day.day, 17, tzinfo=UTC) + timedelta(hours=hour)


def settings(*rules: AlertRule, **fields: Any) -> Settings:
    """Settings with these rules; the kinds without any are turned off."""
    kinds = ("spike", "shift", "promise", "silent", "budget")
    off = [
        AlertRule(f"no {kind}", kind, enabled=False)  # type: ignore[arg-type]
        for kind in kinds
        if kind not in {rule.kind for rule in rules}
    ]
    return Settings(alerts=(*rules, *off), language="en", **fields)


def channel(name: str = "hook") -> ChannelSettings:
    """A channel whose address is in HOOK_URL."""
    return ChannelSettings(name, f"env:{name.upper()}_URL", 1)


class Clock:
    """Time that moves when somebody waits."""

    def __init__(self, now: datetime) -> None:
        self.now, self.rests = now, list[float]()

    def __call__(self) -> datetime:
        return self.now

    def rest(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.now += timedelta(seconds=seconds)


def run(store: Store, given: Settings, at: datetime) -> AlertRun:
    """One run, in which nobody waits."""
    clock = Clock(at)
    return run_alerts(store, given, now=clock, rest=clock.rest)


def with_channels(given: Settings, *names: str) -> Settings:
    return replace(given, channels=tuple(channel(name) for name in names))


@contextmanager
def mail_sink() -> Iterator[tuple[int, list[str]]]:
    """A mail server on loopback that keeps what it gets."""
    kept: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            def say(text: str) -> None:
                self.wfile.write(f"{text}\r\n".encode())

            say("220 loopback")
            for line in iter(self.rfile.readline, b""):
                word = line.split()[0].upper() if line.split() else b""
                if word == b"DATA":
                    say("354 go on")
                    kept.append("".join(_until_dot(self.rfile)))
                elif word == b"QUIT":
                    say("221 bye")
                    return
                say("250 ok")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_address[1], kept
        finally:
            server.shutdown()
            thread.join()


def _until_dot(file: Any) -> Iterator[str]:
    for line in iter(file.readline, b".\r\n"):
        yield line.decode()


def run_killed(world: Store, hook: Replay, at: datetime) -> None:
    """Run in a process that the service kills as the message reaches it; it serves on after it."""
    url = world.engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.alerts.killed", url, at.isoformat()],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )

    def kill(_asked: object) -> Answer:
        process.kill()
        process.wait()
        return Answer()

    hook.serve({"POST /rahasia": kill})
    assert process.wait(60) != 0
    assert len(hook.asked) == 1
    hook.serve({"POST /rahasia": Answer()})
