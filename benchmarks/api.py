"""The HTTP API: whether anything that may be asked breaks it, and what it adds to an answer.

Requests are made up by schemathesis from the API's own description, right ones and wrong ones, and
each answer is held to that description. The time of an answer stands beside that of the same
command in the same process.

    python -m benchmarks.api
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import numpy as np
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from starlette.testclient import TestClient

from api.app import make_app
from api.questions import questions
from benchmarks.report import Figure, finish, say
from benchmarks.world import BRANDS, filled
from simak.cli.common import answer
from store.engine import open_store
from store.tokens import give_token
from tests.insights import world

COMMAND = "python -m benchmarks.api"
OFTEN = 30


def _faults(examples: int) -> Iterator[Figure]:
    tried = failed = 0
    now = datetime.now(UTC)
    with (
        TemporaryDirectory() as folder,
        closing(open_store(f"sqlite:///{Path(folder) / 'simak.db'}")) as store,
    ):
        world.fill(store, "Senandika", 250, seed=1)
        world.fill(store, "Griyakita", 120, seed=2)
        world.record(store, "Senandika")
        token = give_token(store, "b", per_minute=10**6, expires_at=None, by="b", now=now)
        app = make_app(store, now=lambda: now, tick=lambda: 0.0)
        api = schemathesis.openapi.from_asgi("/v1/openapi.json", app)
        for name in ("brands", *questions()):

            @given(case=api[f"/v1/{name}"]["GET"].as_strategy())
            @settings(
                max_examples=examples,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            def ask(case: Any) -> None:
                nonlocal tried
                tried += 1
                case.call_and_validate(headers={"Authorization": f"Bearer {token}"})

            try:
                ask()
            except Exception as error:
                failed += 1
                say(f"{name}: {error}")
    yield Figure(
        "API: questions of which schemathesis breaks one", failed, "", COMMAND, at_most=0,
        note=f"{len(questions()) + 1} questions, {tried:,} requests",
    )  # fmt: skip


def _times(mentions: int) -> Iterator[Figure]:
    known = questions()
    brand = next(iter(BRANDS))
    with filled("sqlite", mentions) as store:
        now = datetime.now(UTC)
        name = f"benchmark {now.isoformat()}"
        token = give_token(store, name, per_minute=10**6, expires_at=None, by="b", now=now)
        client = TestClient(make_app(store, now=lambda: now))
        taken: dict[str, list[float]] = {"http": [], "command": []}
        for _ in range(OFTEN):
            start = time.perf_counter()
            found = client.get(
                f"/v1/touchpoints?brand={brand}", headers={"Authorization": f"Bearer {token}"}
            )
            taken["http"].append(time.perf_counter() - start)
            found.raise_for_status()
            start = time.perf_counter()
            answer(known["touchpoints"].command, [f"--brand={brand}"], store)
            taken["command"].append(time.perf_counter() - start)
    http, command = (float(np.percentile(taken[key], 95)) * 1000 for key in ("http", "command"))
    yield Figure(
        "API: touchpoints of a brand, p95", http, "ms", COMMAND,
        note=f"{http / command:.2f} × the command in the same process; {mentions:,} mentions",
    )  # fmt: skip


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--examples", default=100, show_default=True, help="Requests of each question.")
@click.option("--mentions", default=20_000, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(examples: int, mentions: int, as_json: bool) -> None:
    finish([*_faults(examples), *_times(mentions)], as_json=as_json)


if __name__ == "__main__":
    main()
