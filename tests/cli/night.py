"""One night in a process of its own, over sources whose services a test plays on loopback.

    python -m tests.cli.night STORE NIGHT SOURCES

SOURCES is a JSON object: the name of a conformance class, with the number of a brand after a
colon, to the address of its service.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import collectors.http
import simak.cli.nightly
from collectors.job import Job
from simak.settings import Settings, SourceSettings
from store.engine import open_store
from store.runs import hold_lease
from tests.collectors.conformance import NOW, HttpConformance


def conformances() -> dict[str, type[HttpConformance]]:
    """The tests of every source that asks a service over HTTP, by name."""
    folder = Path(__file__).parents[1] / "collectors"
    for path in sorted(folder.glob("test_*.py")):
        if "HttpConformance)" in path.read_text():
            import_module(f"tests.collectors.{path.stem}")
    return {
        made.__name__: made
        for made in sorted(HttpConformance.__subclasses__(), key=lambda made: made.__name__)
    }


def main(url: str, night: int, sources: dict[str, str]) -> int:
    """Run one night as `simak nightly` does; nobody waits for anything."""
    known = conformances()
    jobs = []
    for name, address in sources.items():
        kind, _, number = name.partition(":")
        source = known[kind]().source(address)
        source.name, source.brand = name, f"{source.brand} {number}"
        jobs.append(Job(source=source, per_minute=1_000_000))
    settings = Settings(
        store_url=url,
        sources=tuple(SourceSettings(j.source.name, "rss", j.source.brand, {}, 1) for j in jobs),
        folder=Path(url.removeprefix("sqlite:///")).parent,
    )
    at = NOW + timedelta(hours=2 * night)
    simak.cli.nightly.jobs_of = lambda _: jobs  # type: ignore[attr-defined, assignment]
    collectors.http.sleep = lambda _: None  # type: ignore[attr-defined, assignment]
    sys.modules["tenacity.nap"].time = type("Clock", (), {"sleep": staticmethod(lambda _: None)})  # type: ignore[attr-defined]
    collectors.http._TIMEOUT = 0.5  # type: ignore[assignment]
    store = open_store(url)
    with hold_lease(store) as lease:
        result = simak.cli.nightly.run_night(store, settings, lease, now=lambda: at)
    store.close()
    failed = {run.source: run.error for run in result.sources if run.error}
    print(json.dumps({"failed": failed, "steps": result.failed, "tagged": result.tagged}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])))
