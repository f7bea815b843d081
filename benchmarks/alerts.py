"""How many alerts the default rules give, and how many of them are worth one.

Two years of Gojek's reviews on Google Play, and the recorded answers of the App Store, are replayed
day by day: at the end of each the rules see what there was by then, and nothing later. Every alert
was read with up to fourteen of its mentions: it is true where about half of them share one
complaint. `alerts_judged.jsonl` says so by key, with the reason. The store with the tags is kept in
the temporary folder, so that only the first run tags.

    python -m benchmarks.alerts --data ../shared/data --recordings ../shared/fixtures/app_store
    python -m benchmarks.alerts --data ../shared/data --show    # every alert, to be read
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from datetime import time as clock
from pathlib import Path

import click

from alerts.language import Language
from alerts.messages import verbatims
from alerts.raising import raise_alerts
from alerts.rules import rules_of
from alerts.sentences import told
from benchmarks.report import Figure, finish, say
from collectors.http import HttpClient
from collectors.job import Job, make_context
from collectors.runner import run_source
from collectors.services.app_store.feed import mention_of
from collectors.source import make_source
from insights.intervals import share
from models.checkpoint import load_tagger
from models.tagging import tag_store
from simak.settings import Settings
from simak.taxonomy import load_taxonomy
from store.alerts import Alert
from store.copies import find_copies
from store.engine import Store, open_store
from store.mentions import Privacy, brand_names, save
from store.rollups import span
from store.runs import hold_lease

JUDGED = Path(__file__).with_name("alerts_judged.jsonl")
REVIEWS = "exports/gojek_google_play_reviews.csv.gz"
COLUMNS = {"id": "review_id", "text": "content", "stars": "rating", "time": "review_date"}
RECORDINGS = {
    "ing_nl_474495017_excerpt_oldest.json": "ING",
    "boat_in_1592550875_two_entries.json": "boAt",
}
DAYS = 730
EVENING = clock(23, 59)
_COMMAND = "python -m benchmarks.alerts --data DATA"


def tagged(data: Path, recordings: Path | None, folder: Path) -> Path:
    """Return the store with all reviews, tagged; what an earlier run has kept is not done again."""
    made, path = folder / "complete", folder / "simak.db"
    tagger = load_tagger(None, threads=1)
    stamp = f"{tagger.version} {data.resolve()} {recordings and recordings.resolve()}"
    if made.exists() and made.read_text() == stamp:
        return path
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    store = open_store(f"sqlite:///{path}")
    options = {"path": str(data / REVIEWS), "mapping": COLUMNS, "channel": "google_play"}
    source = make_source("file", name="gojek", brand="Gojek", options=options)
    with hold_lease(store) as lease, HttpClient() as http:
        context = make_context("gojek", http=http)
        privacy = Privacy(b"benchmark")
        run_source(store, Job(source=source), context, privacy=privacy, lease=lease, kind="import")
        if recordings is not None:
            for name, brand in RECORDINGS.items():
                _recorded(store, recordings / name, brand, privacy)
        say("the reviews are stored; tagging takes a few minutes")
        tag_store(store, tagger, lease)
        find_copies(store, renew=lease.renew)
    store.close()
    made.write_text(stamp)
    return path


def _recorded(store: Store, path: Path, brand: str, privacy: Privacy) -> None:
    country, app = path.name.split("_")[1:3]
    entries = json.loads(path.read_text())["feed"]["entry"]
    found = [mention_of(entry, app, country) for entry in entries if "im:rating" in entry]
    with store.write() as connection:
        now = datetime.now(store.zone)
        save(store, connection, found, brand=brand, source=brand, privacy=privacy, now=now)


def replay(store: Store, days: int) -> tuple[list[Alert], float]:
    """Return what each brand's last days told, and how long a run took (seconds).

    Args:
        days: at most so many of a brand.
    """
    found: list[Alert] = []
    began, runs = time.perf_counter(), 0
    for brand in brand_names(store):
        rules = tuple(replace(rule, brand=brand) for rule in rules_of(Settings()))
        first, last = span(store, (brand,))
        assert first is not None
        assert last is not None
        for before in range(min(days, (last - first).days + 1) - 1, -1, -1):
            now = datetime.combine(last - timedelta(days=before), EVENING, store.zone)
            found += raise_alerts(store, Settings(alerts=rules), now)
            runs += 1
            if before % 90 == 0:
                say(f"{brand}, {now.date()}: {len(found)} alerts")
    return found, (time.perf_counter() - began) / runs


def judged() -> dict[str, bool]:
    """Return what was made of each alert that was read: whether it was worth one."""
    rows = map(json.loads, JUDGED.read_text(encoding="utf-8").splitlines())
    return {row["key"]: row["true"] for row in rows}


def figures(found: Sequence[Alert], each: float, days: int) -> Iterator[Figure]:
    """Yield how many there were, how many were right, and what a run costs."""
    months = days / 30.44
    yield Figure("alerts a month", len(found) / months, "", _COMMAND, at_most=8)
    for month, n in sorted(Counter(f"{one.found_at:%Y-%m}" for one in found).items()):
        yield Figure(f"alerts in {month}", n, "", _COMMAND)
    for kind, n in sorted(Counter(one.kind for one in found).items()):
        yield Figure(f"alerts of kind {kind}", n, "", _COMMAND)
    known = judged()
    read = [one for one in found if _name(one) in known]
    unread = len(found) - len(read)
    for title, some in (
        ("all", read),
        *((kind, [one for one in read if one.kind == kind]) for kind in ("spike", "shift")),
    ):
        value = share(sum(known[_name(one)] for one in some), len(some))
        if value.value is None or value.low is None or value.high is None:
            continue
        note = f"{value.k} of {value.n} read; 95% {value.low:.2f} to {value.high:.2f}"
        if title == "all" and unread:
            note += f"; {unread} not read"
        yield Figure(f"precision, {title}", value.value, "", _COMMAND, note=note)
    yield Figure("a run of the rules", each, "s", _COMMAND)


def _name(alert: Alert) -> str:
    return f"{alert.brand}/{alert.key}"


def _show(store: Store, found: Sequence[Alert]) -> None:
    language = Language("en", load_taxonomy())
    known = judged()
    for one in found:
        said = told(one, language, store.zone)
        click.echo(f"\n{_name(one)}  {known.get(_name(one), 'not read')}\n{said.title}")
        for sentence in said.sentences:
            click.echo(f"  {sentence}")
        for row in verbatims(store, one):
            click.echo(f"  - {' '.join(row.text.split())}")


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--recordings", type=click.Path(path_type=Path, exists=True))
@click.option("--days", default=DAYS, show_default=True, help="That are replayed, the last ones.")
@click.option("--show", is_flag=True, help="Print every alert, to be read.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(data: Path, recordings: Path | None, days: int, show: bool, as_json: bool) -> None:
    kept = tagged(data, recordings, Path(tempfile.gettempdir()) / "simak-benchmark-alerts")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(kept, folder)
        store = open_store(f"sqlite:///{folder}/simak.db")
        found, each = replay(store, days)
        if show:
            _show(store, found)
        store.close()
    finish([*figures(found, each, days)], as_json=as_json)


if __name__ == "__main__":
    main()
