"""Long work, run as `simak` commands beside the dashboard: one job at a time for each store.

The server keeps the jobs, so that every reader sees them and a page that is loaded again still
does. Commands that are stopped lose nothing: what they have stored stays, and the next run goes on.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock, Thread
from typing import IO, Any

import streamlit as st

from dashboard.attended import GRACE_SECONDS
from dashboard.i18n import N_
from dashboard.launch import environment
from simak.errors import SimakError, StoreBusy
from simak.settings import Settings

RUNNING, DONE, FAILED, CANCELLED = "running", "done", "failed", "cancelled"

ASK_SECONDS = 120

Arguments = Sequence[str]


class CommandFailed(SimakError):
    """A command ended with an error; the message is in the command's own words."""


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a job.

    Attributes:
        arguments: what follows `simak`; `--json` is added.
        title: what it does, a msgid.
    """

    arguments: tuple[str, ...]
    title: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a command has come.

    Attributes:
        done: how many of `unit` (`rows`, `texts`, `items`).
        total: how many there are; None where that is not known.
    """

    done: int
    total: int | None
    unit: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job stands at one moment.

    Attributes:
        state: `running`, `done`, `failed` or `cancelled`.
        step: which of its steps is at work or was the last.
        progress: of that step; None until it says anything.
        results: what the steps that ended well printed as JSON.
        error: why it failed, in the command's own words.
        ended_at: None while it runs.
    """

    state: str = RUNNING
    step: int = 0
    progress: Progress | None = None
    results: tuple[Any, ...] = ()
    error: str | None = None
    ended_at: datetime | None = None


class Job:
    """Commands that run one after the other until one fails or somebody cancels.

    Attributes:
        kind: what it is for, such as `guide`: a page that started one finds it again.
        standing: as it stands now.
    """

    def __init__(
        self,
        settings: Settings,
        kind: str,
        steps: Sequence[Step],
        *,
        clean: Callable[[], None] | None = None,
        member: str | None = None,
    ) -> None:
        self._member = member
        self.kind, self.steps = kind, tuple(steps)
        self.started_at = datetime.now(UTC)
        self.standing = Standing()
        self._settings, self._clean = settings, clean
        self._process: subprocess.Popen[str] | None = None
        self._cancelled = False
        self._lock = Lock()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self.standing.state == RUNNING

    def cancel(self) -> None:
        """Stop it; what was stored stays. Returns at once."""
        with self._lock:
            self._cancelled = True
            process = self._process
        if process is not None:
            process.terminate()
            Thread(target=_kill_late, args=(process,), daemon=True).start()

    def wait(self, seconds: float | None = None) -> Standing:
        """Wait until it ends, or so many seconds; return how it stands then."""
        self._thread.join(seconds)
        return self.standing

    def _run(self) -> None:
        try:
            for place, step in enumerate(self.steps):
                self.standing = replace(self.standing, step=place, progress=None)
                result, error = self._command(step)
                if self._cancelled:
                    self._end(CANCELLED)
                    return
                if error is not None:
                    self._end(FAILED, error)
                    return
                self.standing = replace(self.standing, results=(*self.standing.results, result))
            self._end(DONE)
        except OSError as error:  # the command cannot even be started
            self._end(FAILED, str(error))
        finally:
            if self._clean is not None:
                self._clean()

    def _end(self, state: str, error: str | None = None) -> None:
        self.standing = replace(self.standing, state=state, error=error, ended_at=datetime.now(UTC))

    def _command(self, step: Step) -> tuple[Any, str | None]:
        """Run one command; return what it printed, and its error."""
        with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
            with self._lock:
                if self._cancelled:
                    return None, None
                self._process = subprocess.Popen(
                    command(step.arguments),
                    stdin=subprocess.PIPE,  # it ends when this closes, with the server
                    stdout=printed,
                    stderr=subprocess.PIPE,
                    text=True,
                    errors="replace",
                    env=_environment(self._settings, self._member),
                )
            process = self._process
            said: list[str] = []
            assert process.stderr is not None
            with process:
                for line in process.stderr:
                    progress = read_progress(line)
                    if progress is None:
                        said = [*said[-50:], line]
                    else:
                        self.standing = replace(self.standing, progress=progress)
            text = _content(printed)
        result = _json(text)
        if process.returncode:
            return None, words("".join(said)) or failure(result) or text.strip() or _NO_WORDS
        return result, None


_NO_WORDS = N_("The command ended without saying why.")


class Jobs:
    """The jobs of one server: at most one at a time for each store."""

    def __init__(self) -> None:
        self._last: dict[str, Job] = {}
        self._lock = Lock()

    def start(
        self,
        settings: Settings,
        kind: str,
        steps: Sequence[Step],
        *,
        clean: Callable[[], None] | None = None,
        member: str | None = None,
    ) -> Job:
        """Begin a job.

        Args:
            member: who begins it, where members log in: it may do what they may.
            clean: called when it has ended, however it did; not where it cannot begin.

        Raises:
            StoreBusy: another one is at work on this store.
        """
        with self._lock:
            last = self._last.get(settings.store_url)
            if last is not None and last.running:
                raise StoreBusy("another job is at work on this store: wait until it ends")
            job = self._last[settings.store_url] = Job(
                settings, kind, steps, clean=clean, member=member
            )
            return job

    def last(self, settings: Settings) -> Job | None:
        """Return the job at work on a store, or the last one that was; None without any."""
        return self._last.get(settings.store_url)


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """Return the jobs of this server."""
    return Jobs()


def ask(settings: Settings, arguments: Arguments, *, member: str | None = None) -> Any:
    """Run a command that is soon done, and return what it prints as JSON.

    Args:
        member: who asks, where members log in: it may do what they may.

    Raises:
        CommandFailed: it ended with an error, or took too long.
    """
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as printed,
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said,
        subprocess.Popen(
            command(arguments),
            stdin=subprocess.PIPE,
            stdout=printed,
            stderr=said,
            env=_environment(settings, member),
        ) as process,
    ):
        try:
            status = process.wait(ASK_SECONDS)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise CommandFailed(f"simak {arguments[0]} gave no answer") from error
        result = _json(_content(printed))
        if status and result is None:
            raise CommandFailed(words(_content(said)) or _NO_WORDS)
    return result


def command(arguments: Arguments) -> list[str]:
    """Return the command line that runs `simak` with these arguments."""
    return [sys.executable, "-m", "dashboard.attended", *arguments, "--json"]


def read_progress(line: str) -> Progress | None:
    """Return what a line of `simak.cli.progress` says; None where it is another.

    Example:
        >>> read_progress('{"progress": {"done": 2, "total": 5, "unit": "texts"}}')
        Progress(done=2, total=5, unit='texts')
    """
    found = _json(line)
    if not isinstance(found, dict) or not isinstance(found.get("progress"), dict):
        return None
    return Progress(**found["progress"])


def words(said: str) -> str | None:
    """Return the words of an error among what a command said, without its log.

    Example:
        >>> words("simak: reviews.csv: the file is empty: export it again")
        'reviews.csv: the file is empty: export it again'
    """
    lines = [line for line in said.splitlines() if line.strip() and _json(line) is None]
    for sign in ("simak: ", "Error: "):
        for place, line in enumerate(lines):
            if line.startswith(sign):
                return "\n".join([line.removeprefix(sign), *lines[place + 1 :]])
    return lines[-1].strip() if lines else None


def failure(result: Any) -> str | None:
    """Return the errors of the runs that a command printed; None without any."""
    runs = result if isinstance(result, list) else [result]
    errors = [run["error"] for run in runs if isinstance(run, dict) and run.get("error")]
    return "\n".join(errors) or None


def _environment(settings: Settings, member: str | None) -> dict[str, str]:
    found = {**environment(), "SIMAK_DB": settings.store_url, "SIMAK_PROGRESS": "json"}
    if settings.path is not None:
        found["SIMAK_CONFIG"] = str(settings.path)
    if member is not None:
        found["SIMAK_MEMBER"] = member
    return found


def _content(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


def _json(text: str) -> Any:
    with suppress(ValueError):
        return json.loads(text)
    return None


def _kill_late(process: subprocess.Popen[str]) -> None:
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
