"""One figure with its unit and target, the table of several, and the machine they hold for."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

_CPU_FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8")
_PACKAGES = ("onnxruntime", "torch", "transformers", "ray", "sqlalchemy", "psycopg")

_LOAD = os.getloadavg()[0]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number.

    Attributes:
        what: what was measured, in words.
        command: measures it again.
        at_least, at_most: the target; both None where the number is for information.
        note: what else is worth knowing of it, such as its spread.

    Example:
        >>> Figure("import", 3500.0, "rows/s", "python -m benchmarks.importing", at_least=3000).met
        True
    """

    what: str
    value: float
    unit: str
    command: str
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.at_least is not None:
            return self.value >= self.at_least
        return None if self.at_most is None else self.value <= self.at_most

    @property
    def target(self) -> str:
        """The target in words, and whether it is met."""
        if self.met is None:
            return ""
        bound = f"≥ {self.at_least:g}" if self.at_least is not None else f"≤ {self.at_most:g}"
        return f"{bound} {'met' if self.met else 'MISSED'}"


def finish(figures: Sequence[Figure], *, as_json: bool) -> None:
    """Print what a benchmark found on standard output."""
    if as_json:
        print(json.dumps([asdict(figure) for figure in figures], ensure_ascii=False))
        return
    print(machine())
    print(table(figures))


def say(text: str) -> None:
    """Tell a person on standard error how far it has come."""
    print(text, file=sys.stderr, flush=True)


def table(figures: Iterable[Figure]) -> str:
    """Return the figures in columns: what, figure, unit, target, note, command."""
    head = ("what", "figure", "unit", "target", "note", "command")
    rows = [head] + [
        (f.what, _number(f.value), f.unit, f.target, f.note, f.command) for f in figures
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    return "\n".join(
        "  ".join(
            text.rjust(width) if place == 1 else text.ljust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def machine() -> str:
    """Describe what the figures hold for: processor, cores, memory, load and versions.

    Example:
        >>> "cores" in machine()
        True
    """
    model, flags = _processor()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"{model}, {len(os.sched_getaffinity(0))} cores ({' '.join(flags) or 'no AVX2'}), "
        f"{memory:.0f} GiB, load {_LOAD:.1f} at the start; {platform.system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}"
    )


def _processor() -> tuple[str, list[str]]:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine(), []
    facts = {
        key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)
    }
    has = set(facts.get("flags", "").split())
    return facts.get("model name", platform.machine()), [flag for flag in _CPU_FLAGS if flag in has]


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
