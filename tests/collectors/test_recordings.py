"""The sources against recorded answers of the real services; and no recording unused."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from collectors.job import Job
from collectors.runner import collect
from collectors.services.feeds.feed import parse_feed
from collectors.sources.rss import RssSource
from simak.errors import SourceChanged
from store import runs
from store.engine import Store
from store.mentions import versions
from store.runs import Run
from tests.collectors.cassettes import exchanges
from tests.collectors.conformance import PRIVACY, gather, row, rows
from tests.collectors.replay import FIXTURES, Answer, Replay, as_json
from tests.collectors.test_reddit_conformance import COMMENTS, NEW, SEARCH, TOKENS, reddit


def test_every_recording_of_the_project_is_used() -> None:
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    for path in FIXTURES.glob("*/*"):
        name = path.relative_to(FIXTURES).as_posix()
        assert name in tests or f'listing("{path.stem}")' in tests, f"{name} is used by no test"


def feed_paths(shared: Path, folder: str) -> list[Path]:
    paths = sorted((shared / "fixtures" / "rss_atom" / folder).rglob("*"))
    found = [path for path in paths if path.is_file()]
    assert found
    return found


def poll(store: Store, replay: Replay, path: Path, **headers: str) -> Run:
    replay.serve({"GET /feed": Answer(path.read_bytes(), headers=headers)})
    source = RssSource(name="rekaman", brand="Senandika", options={"url": f"{replay.url}/feed"})
    return gather(store, source)[0]


@pytest.mark.parametrize("section", ["cekfakta", "wawancara"])
def test_days_of_tempo_neither_double_nor_swallow(
    sqlite_store: Store, replay: Replay, shared: Path, section: str
) -> None:
    numbers: set[str] = set()
    entries = 0
    for path in feed_paths(shared, f"tempo/{section}"):
        run = poll(sqlite_store, replay, path)
        assert run.status == runs.DONE
        items = re.findall(r"<item>.*?</item>", path.read_text(), re.DOTALL)
        links = [re.search(r"<link>(.*?)</link>", item) for item in items]
        found = {link[1].strip().rpartition("-")[2] for link in links if link}
        # The day's window had something in common with what came before, or the gap is told.
        assert not entries or found & numbers or any("lost" in note for note in run.notes)
        numbers |= found
        entries += run.got
    stored = [row["url"].rpartition("-")[2] for row in rows(sqlite_store)]
    assert sorted(stored) == sorted(numbers)
    assert entries > len(numbers)
    assert all(row["published_at"] and row["text"] for row in rows(sqlite_store))


def test_edits_of_tempo_are_seen_under_their_old_dates(
    sqlite_store: Store, replay: Replay, shared: Path
) -> None:
    days = feed_paths(shared, "tempo/cekfakta")
    edits = [poll(sqlite_store, replay, path).edited for path in days]
    # A description and a headline with its link on the fifth day, another headline on the sixth.
    assert edits == [0, 0, 0, 0, 2, 1, 0]
    edited = row(sqlite_store, having="upaya phishing")
    assert "newstoolsss.com" in versions(sqlite_store, edited["id"])[0][0]
    renamed = row(sqlite_store, having="Keliru: Vladimir Putin")
    assert "/keliru-vladimir-putin-minta" in renamed["url"]


def test_feeds_of_real_sites(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    for path in [*feed_paths(shared, "real_feeds"), *feed_paths(shared, "google_news")]:
        run = poll(sqlite_store, replay, path)
        assert (run.status, run.edited) == (runs.DONE, 0), path.name
        assert run.new == run.got > 0, path.name
        again = poll(sqlite_store, replay, path)
        assert (again.new, again.edited, again.unchanged) == (0, 0, run.new), path.name
    for stored in rows(sqlite_store):
        assert stored["text"]
        assert not re.search(r"</?(?:p|div|a|img|br)[ >]", stored["text"]), stored["url"]


def test_google_news_as_recorded(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    (path,) = feed_paths(shared, "google_news")
    poll(sqlite_store, replay, path)
    outlets = {row["attributes"]["outlet"] for row in rows(sqlite_store)}
    assert outlets == {"countynewscenter.com", "The Guardian"}
    assert not any(row["text"].endswith("The Guardian") for row in rows(sqlite_store))


@pytest.mark.parametrize("folder", ["feedparser/wellformed", "feedparser/illformed"])
def test_every_kind_of_feed_gives_entries_or_says_why_not(shared: Path, folder: str) -> None:
    refused = []
    for path in feed_paths(shared, folder):
        header = re.search(r"Header:\s*([\w-]+):\s*(.*)", path.read_bytes().decode("latin-1"))
        headers = {header[1].lower(): header[2].strip()} if header else {}
        try:
            feed = parse_feed(
                path.read_bytes(), url="https://a.example/feed", place="the feed", headers=headers
            )
        except SourceChanged:
            refused.append(path.name)
            continue
        assert feed.entries or feed.bad or feed.is_whole, path
        assert all(entry.text for entry in feed.entries), path
    if folder.endswith("wellformed"):
        assert refused == []


def serve_as(
    replay: Replay, recordings: Path, route: str, store: Store, **options: Any
) -> tuple[Run, list[dict[str, Any]]]:
    """Replay the listings of a recording as those of `route`, and return what was in them."""
    routes: dict[str, Answer] = {}
    items: list[dict[str, Any]] = []
    after = None
    for asked, answer in exchanges(recordings):
        if asked == TOKENS:
            routes[TOKENS] = answer
            continue
        routes[f"{route}?after={after}" if after else route] = answer
        if answer.status == 200 and (data := json.loads(answer.body)).get("kind") == "Listing":
            items += data["data"]["children"]
            after = data["data"]["after"]
    if after:
        # The recording ends before the listing does.
        routes[f"{route}?after={after}"] = as_json({"data": {"children": [], "after": None}})
    replay.serve(routes)
    given = {"subreddits": ["kopi"], "search": [], "comments": False} | options
    # The clock of the time of the recordings, when all of it was recent.
    (run,) = collect(
        store,
        [Job(source=reddit(replay.url, **given))],
        privacy=PRIVACY,
        now=lambda: datetime(2017, 4, 20, tzinfo=UTC),
    )
    return run, items


@pytest.mark.parametrize(
    "name",
    [
        "praw/TestSubredditListings.test_new",
        "praw/TestSubredditListings.test_hot",
        "praw/TestListingGenerator.test_exhaust_items",
        "praw/TestRedditorListings.test_comments__new",
        "prawcore/get",
    ],
)
def test_listings_of_reddit(sqlite_store: Store, replay: Replay, shared: Path, name: str) -> None:
    run, items = serve_as(
        replay, shared / "fixtures" / "reddit" / f"{name}.json", NEW, sqlite_store
    )
    fullnames = {item["data"]["name"] for item in items}
    assert (run.status, run.got) == (runs.DONE, len(items))
    assert {row["external_id"] for row in rows(sqlite_store)} == fullnames
    assert replay.unused() == []
    edited = {item["data"]["name"] for item in items if isinstance(item["data"]["edited"], float)}
    # Old comments say that they were edited and not when.
    assert {row["external_id"] for row in rows(sqlite_store) if row["edited_at"]} == edited


def test_comments_of_reddit(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    path = shared / "fixtures/reddit/praw/TestSubredditListings.test_comments.json"
    run, items = serve_as(replay, path, COMMENTS, sqlite_store, comments=True)
    # The posts have no recording: they fail, and the comments are stored all the same.
    assert run.status == runs.FAILED
    assert len(rows(sqlite_store)) == len(items) == 100
    assert all(row["kind"] == "comment" and row["parent_id"] for row in rows(sqlite_store))


def test_a_search_of_reddit(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    path = shared / "fixtures/reddit/praw/TestSubreddit.test_search.json"
    run, items = serve_as(replay, path, SEARCH, sqlite_store, subreddits=[], search=["praw"])
    assert (run.status, len(rows(sqlite_store))) == (runs.DONE, len(items))


def test_an_empty_listing_of_reddit(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    path = shared / "fixtures/reddit/praw/TestListingGenerator.test_no_items.json"
    run, items = serve_as(replay, path, NEW, sqlite_store)
    assert (run.status, run.got, items) == (runs.DONE, 0, [])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bad_gateway", "(502)"),
        ("service_unavailable", "(503)"),
        ("forbidden", "refuses access (403)"),
        ("not_found", "is not there (404)"),
        ("too__many_requests__with_retry_headers", "asked too often (429)"),
        ("../praw/TestReddit.test_bare_badrequest", "status 400"),
    ],
)
def test_errors_of_reddit(
    sqlite_store: Store, replay: Replay, shared: Path, name: str, words: str, naps: list[float]
) -> None:
    recordings = shared / "fixtures" / "reddit" / "prawcore" / f"{name}.json"
    run, _ = serve_as(replay, recordings, NEW, sqlite_store)
    assert run.status == runs.FAILED
    assert words in (run.error or "")
    if name.startswith("too"):
        assert naps == [4.0, 4.0, 4.0]


def test_an_invalid_token_of_reddit(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    path = shared / "fixtures/reddit/prawcore/with_invalid_access_token__retry.json"
    answers = list(exchanges(path))
    tokens = [answer for route, answer in answers if route == TOKENS]
    pages = [answer for route, answer in answers if route != TOKENS]
    after = json.loads(pages[-1].body)["data"]["after"]
    replay.serve(
        {
            TOKENS: tokens,
            NEW: pages,
            f"{NEW}?after={after}": as_json({"data": {"children": [], "after": None}}),
        }
    )
    source = reddit(replay.url, search=[], comments=False)
    run = gather(sqlite_store, source)[0]
    assert (run.status, run.new) == (runs.DONE, 25)
    assert [asked.path for asked in replay.asked].count("/api/v1/access_token") == 2
