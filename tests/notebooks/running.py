"""Runs the notebooks in kernels of their own, and reads what their cells computed."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"
PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))

_OFFLINE = """
import socket

_connect = socket.socket.connect

def connect(self, address):
    if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise OSError(f"a notebook asks the network: {address}")
    return _connect(self, address)

socket.socket.connect = connect
"""

_SAMPLE = """
import os, shutil, sys
from common import begin
store, _ = begin()
store.close()
shutil.copy(os.environ["SIMAK_DB"].removeprefix("sqlite:///"), sys.argv[1])
print(os.environ["SIMAK_DB"])
"""

PROBES = {
    "reputation": """{
        "whole": {name: found.now for name, found in whole.items()},
        "trend": {name: found.trend for name, found in whole.items()},
        "against": against, "unlike": unlike, "days": [first, last],
        "lately": {name: found.now for name, found in lately.items()}, "channels": channels,
    }""",
    "complaint_touchpoints": """{
        "weighed": weighed, "phases": path.phases, "cells": cells, "words": words,
        "ranked": [row.id for row in ranked],
    }""",
    "incident": """{
        "incident": incident, "evenings": {day: len(found) for day, found in evenings.items()},
        "known": known, "daily": daily, "made": made, "own": why.own,
        "words": {one.word.word: one.seen.k for one in why.words}, "copied": why.copied,
    }""",
    "action_effect": """{
        "effect": effect, "recorded": len(actions(store)), "content": quotes(content),
        "stars": [before, after, stars_change], "months": months, "needed": needed(0.4),
        "longer": longer,
    }""",
}
"""What the tests ask of each notebook's kernel, after its last cell."""


@dataclass(frozen=True)
class Ran:
    """A notebook that was run: what was asked of it, and what each cell printed and showed."""

    values: dict[str, Any]
    printed: dict[str, str]
    shown: dict[str, str]


def fill(target: Path, folder: Path) -> str:
    """Let a notebook's first cell fill its own store; copy that, and return where it was."""
    environment = _environment(folder)
    environment.pop("SIMAK_DB", None)
    done = subprocess.run(
        [sys.executable, "-c", _SAMPLE, str(target)],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-1].removeprefix("sqlite:///")


def run_all(sample: Path, folder: Path) -> dict[str, Ran | BaseException]:
    """Run every notebook on a copy of the sample's store, two at a time."""

    async def run() -> list[Ran | BaseException]:
        two = asyncio.Semaphore(2)

        async def one(path: Path) -> Ran:
            async with two:
                return await _run(path, sample, folder)

        return await asyncio.gather(*(one(path) for path in PATHS), return_exceptions=True)

    return dict(zip((path.stem for path in PATHS), asyncio.run(run()), strict=True))


async def _run(path: Path, sample: Path, folder: Path) -> Ran:
    work = folder / path.stem
    work.mkdir()
    database = work / "simak.db"
    shutil.copy(sample, database)
    notebook = nbformat.read(path, as_version=4)
    cells = {cell["id"]: cell for cell in notebook.cells}
    if "record" in cells:  # run again, it must not record the action twice
        notebook.cells.append(nbformat.v4.new_code_cell(cells["record"].source))
    notebook.cells.append(
        nbformat.v4.new_code_cell(
            "import json\nfrom insights.values import plain\n"
            f"print(json.dumps(plain({PROBES[path.stem]})))"
        )
    )
    client = NotebookClient(
        notebook,
        timeout=60,
        startup_timeout=60,
        kernel_name="python3",
        resources={"metadata": {"path": str(work)}},
    )
    await client.async_execute(
        env=_environment(folder) | {"SIMAK_DB": f"sqlite:///{database}"}, cwd=str(work)
    )
    printed, shown = {}, {}
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        printed[cell["id"]] = "".join(
            output["text"] for output in outputs if output.get("name") == "stdout"
        )
        shown[cell["id"]] = "".join(
            output["data"].get("text/html", "") for output in outputs if "data" in output
        )
    return Ran(json.loads(printed[notebook.cells[-1]["id"]]), printed, shown)


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment without settings or network, that writes to the folder alone."""
    (folder / "sitecustomize.py").write_text(_OFFLINE)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SIMAK_")}
    paths = (folder, NOTEBOOKS, ROOT)
    return kept | {
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        "IPYTHONDIR": str(folder / "ipython"),
        "OMP_NUM_THREADS": "1",
    }
