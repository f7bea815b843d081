"""The insight on stores that hold a planted event."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from insights.spikes import explain, spikes, verbatims
from insights.spikes.findings import _events
from simak.cli import commands
from simak.tags import Tags
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import count, get_mentions
from store.runs import FAILED, save_run, start_run
from tests.builders import put, review, tag_all, tagged

FIRST = date(2026, 1, 5)
BURST = FIRST + timedelta(days=72)
DAYS = 78


def _fill(
    store: Store,
    *,
    days: int = DAYS,
    burst: int = 14,
    source: str = "google_play",
    words: str = "kurir hilang paket",
    level: float = 5,
    seed: int = 0,
    first: int = 0,
) -> None:
    """Delivery complaints each day and praise; on `BURST` more of them, in other words."""
    generator = np.random.default_rng(seed)
    mentions, tags = [], dict[str, Tags]()
    bad = tagged("negative", {"delivery": "negative"})
    good = tagged("positive", {"product_quality": "positive"})
    for place in range(first, days):
        day = FIRST + timedelta(days=place)
        n, m = generator.poisson(level), generator.poisson(3)
        said = [f"kirim lama nomor {place} {i}" for i in range(n)]
        if day == BURST:
            said += [f"{words} {place} {i}" for i in range(burst)]
        tags |= dict.fromkeys(said, bad)
        praise = [f"bagus {place} {i}" for i in range(m)]
        tags |= dict.fromkeys(praise, good)
        for i, text in enumerate([*said, *praise]):
            mentions.append(
                review(
                    f"{source}{place}-{i}",
                    text,
                    day.isoformat(),
                    product="ekspres" if words in text else "reguler",
                    version="5.38" if words in text else "5.37",
                    parent_id="post" if words in text else None,
                    attributes={
                        "thumbs_up": "7" if words in text else str(i % 3),
                        "region": "Riau" if words in text else "Bali",
                    },
                )
            )
    put(store, mentions, source=source)
    tag_all(store, tags)


@pytest.fixture(scope="module")
def burst(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Read by several tests, changed by none."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('spikes')}/s.db")
    _fill(store)
    yield store
    store.close()


def test_a_burst_is_found_and_opens_its_mentions(burst: Store) -> None:
    result = spikes(burst, Filter())
    (event,) = [one for one in result.events if one.head.since == BURST]
    assert event.head.polarity == "negative"
    assert {event.head.touchpoint, *(one.touchpoint for one in event.also)} == {None, "delivery"}
    late = replace(event.head, found=BURST + timedelta(days=3))
    (told,) = _events([late, *event.also])
    assert (told.head.found, told.known) == (late.found, BURST)
    for one in (event.head, *event.also):
        assert (one.kind, one.since, one.until, one.found) == ("spike", BURST, BURST, BURST)
        assert count(burst, one.behind).n == one.seen.k == one.ratio.k
        assert one.expected.value == pytest.approx(5, rel=0.3)
        assert one.expected.low < one.expected.value < one.expected.high < one.seen.k
        assert one.p < 1e-4
    assert result.judged_from == FIRST + timedelta(days=56)
    assert result.not_collected == ()


def test_what_made_it_is_told(store: Store) -> None:
    burst = store
    _fill(burst)
    (event,) = [one for one in spikes(burst, Filter()).events if one.head.since == BURST]
    whole = next(one for one in (event.head, *event.also) if one.touchpoint is None)
    why = explain(burst, whole)
    assert [part.name for part in why.touchpoints] == ["delivery"]
    assert {one.word.word for one in why.words} == {"kurir", "hilang", "paket"}
    assert [(part.dimension, part.name, part.seen.k) for part in why.facets if part.excess > 0] == [
        ("version", "5.38", 14),
        ("region", "Riau", 14),
        ("product", "ekspres", 14),
    ]
    assert {part.dimension for part in why.facets} == {"product", "region", "version"}
    # All of it comes from where all came from before.
    assert [part.apart for part in (*why.sources, *why.channels)] == [False, False]
    assert all(part.apart for part in why.facets)
    assert [(part.name, part.seen.k) for part in why.sources] == [("google_play", whole.seen.k)]
    (post,) = why.posts
    assert (post.id, post.n, len(get_mentions(burst, post.ids))) == ("post", 14, 14)
    parts = [*why.touchpoints, *why.sources, *why.channels, *why.facets, *why.words]
    assert len(parts) >= 7
    for part in parts:
        assert count(burst, part.behind).n == part.seen.k
        assert part.seen.n == whole.seen.k
    assert count(burst, why.behind_own).n == why.own.k == whole.seen.k
    assert not why.copied
    assert not why.collection.changed
    assert all("kurir hilang" in row.text for row in verbatims(burst, explain(burst, whole)))


def test_a_filter_looks_back_but_never_ahead(burst: Store) -> None:
    whole = {one.head.since: one for one in spikes(burst, Filter()).events}
    day = Filter(since=BURST, until=BURST)
    (event,) = spikes(burst, day).events
    assert event.head.expected == whole[BURST].head.expected
    assert event.head.p == whole[BURST].head.p
    assert all(
        one.head.since < BURST
        for one in spikes(burst, Filter(until=BURST - timedelta(days=1))).events
    )


def test_another_brand_changes_nothing_of_what_was_expected(sqlite_store: Store) -> None:
    burst = sqlite_store
    _fill(burst)
    before = spikes(burst, Filter(brands=("Senandika",)))
    put(burst, [review(f"o{i}", "mahal", "2026-03-15") for i in range(80)], brand="Griyakita")
    tag_all(burst, {"mahal": tagged("negative", {"price": "negative"})})
    assert spikes(burst, Filter(brands=("Senandika",))) == before


def test_a_new_source_is_told_apart(sqlite_store: Store) -> None:
    _fill(sqlite_store, burst=0)
    _fill(sqlite_store, burst=0, source="x", level=12, seed=1, first=64)
    risen = [
        event
        for event in spikes(sqlite_store, Filter()).events
        if event.head.kind == "shift" and event.head.polarity == "negative"
    ]
    assert len(risen) == 1
    why = explain(sqlite_store, risen[0].head)
    (begun,) = why.collection.begun
    assert (begun.source, begun.day) == ("x", FIRST + timedelta(days=64))
    assert count(sqlite_store, begun.behind).n == begun.n
    assert why.collection.changed


def test_days_without_collection_are_unknown_and_not_silent(sqlite_store: Store) -> None:
    _fill(sqlite_store, burst=0, days=66)
    _fill(sqlite_store, burst=0, first=74)
    result = spikes(sqlite_store, Filter())
    assert [event.head.kind for event in result.events if event.head.kind == "shift"] == []
    gap = {FIRST + timedelta(days=place) for place in range(66, 74)}
    assert set(result.not_collected) == gap


def test_a_failed_run_makes_an_empty_day_unknown_at_once(sqlite_store: Store) -> None:
    _fill(sqlite_store, burst=0, days=66, level=0.8)
    _fill(sqlite_store, burst=0, first=67, level=0.8)
    day = FIRST + timedelta(days=66)
    assert spikes(sqlite_store, Filter()).not_collected == ()
    at = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    run = start_run(sqlite_store, source="play", kind="collect", asked="all", now=at)
    run.status = FAILED
    with sqlite_store.write() as connection:
        save_run(connection, run)
    assert spikes(sqlite_store, Filter()).not_collected == (day,)


def test_the_strongest_comes_first(sqlite_store: Store) -> None:
    _fill(sqlite_store, days=140, burst=40)
    more = [
        review(f"m{day}-{i}", "kurir hilang", (FIRST + timedelta(days=day)).isoformat())
        for day, n in ((90, 15), (110, 90), (130, 30))
        for i in range(n)
    ]
    put(sqlite_store, more)
    tag_all(sqlite_store, {"kurir hilang": tagged("negative", {"delivery": "negative"})})
    events = spikes(sqlite_store, Filter()).events
    places = [(event.head.since - FIRST).days for event in events[:4]]
    assert places == [110, 72, 130, 90]
    strengths = [event.strength for event in events]
    assert strengths == sorted(strengths, reverse=True)
    ((alone,),) = [
        spikes(sqlite_store, Filter(since=day, until=day)).events
        for day in [FIRST + timedelta(days=110)]
    ]
    assert alone.strength == strengths[0]


def test_nothing_or_too_little_is_said_to_be_so(sqlite_store: Store) -> None:
    nothing = spikes(sqlite_store, Filter())
    assert (nothing.events, nothing.series, nothing.judged_from) == ((), 0, None)
    _fill(sqlite_store, days=30)
    little = spikes(sqlite_store, Filter())
    assert (little.events, little.series, little.judged_from) == ((), 0, None)
    assert little.too_small > 0


def test_the_table_is_limited_to_the_strongest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/s.db"
    store = open_store(url)
    _fill(store, burst=40)
    _fill(store, burst=0, first=DAYS, days=130, seed=9)
    put(store, [review(f"m{i}", "kurir hilang", "2026-04-20") for i in range(30)])
    tag_all(store, {"kurir hilang": tagged("negative", {"delivery": "negative"})})
    store.close()
    # By its name in full: the package's attribute of that name is the command.
    monkeypatch.setattr(import_module("simak.cli.show.spikes"), "LISTED", 1)
    asked = ["show", "spikes", "--explain", "0", "--db", url]
    said = CliRunner().invoke(commands, asked, catch_exceptions=False).output
    data = json.loads(CliRunner().invoke(commands, [*asked, "--json"]).stdout)
    events = data["spikes"]["events"]
    assert len(events) > 1
    assert f"{len(events) - 1} more, less strong" in said
    assert events[0]["head"]["since"] in said
    assert events[0]["strength"] >= events[1]["strength"] > 0
    assert events[1]["head"]["since"] not in said


def test_the_command_tells_it_in_words_and_in_json(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/s.db"
    store = open_store(url)
    _fill(store)
    store.close()
    asked = ["show", "spikes", "--since", BURST.isoformat(), "--until", BURST.isoformat()]
    said = CliRunner().invoke(commands, [*asked, "--db", url], catch_exceptions=False).output
    assert "were to be expected" in said
    assert "kurir" in said
    assert "kurir hilang paket 72" in said
    data = json.loads(
        CliRunner().invoke(commands, [*asked, "--db", url, "--json"], catch_exceptions=False).stdout
    )
    assert data["spikes"]["events"][0]["head"]["since"] == BURST.isoformat()
    assert len(data["explained"][0]["examples"]) == 3
