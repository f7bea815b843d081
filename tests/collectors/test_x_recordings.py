"""The collector against recorded answers of the real service."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from collectors.runner import Job, collect
from collectors.services.x.answers import found_in
from simak.errors import SourceChanged
from store import runs
from store.engine import Store
from store.runs import Run
from tests.collectors.conformance import PRIVACY, rows
from tests.collectors.replay import Answer, Replay, as_json
from tests.collectors.test_x_conformance import SEARCH, x

USER = "783214"
MENTIONS = f"GET /2/users/{USER}/mentions"
NOTHING = as_json({"meta": {"result_count": 0}})


def folder(shared: Path) -> Path:
    return shared / "fixtures" / "x_twitter"


def recorded(path: Path) -> tuple[dict[str, Any], Answer]:
    """The answer of a cassette, packed as it was, and what is in it."""
    (exchange,) = yaml.safe_load(path.read_text())["interactions"]
    given = exchange["response"]
    body = given["body"]["string"]
    headers = {
        name: given["headers"][name][0]
        for name in ("content-encoding", "content-type", "x-rate-limit-remaining",
                     "x-rate-limit-reset")
    }  # fmt: skip
    return json.loads(gzip.decompress(body)), Answer(body, headers=headers)


def run(store: Store, replay: Replay, at: datetime, **options: Any) -> Run:
    given = {"search": [], "users": []} | options
    jobs = [Job(source=x(replay.url, **given))]
    return collect(store, jobs, privacy=PRIVACY, now=lambda: at)[0]


@pytest.mark.parametrize(
    ("name", "route", "options", "token"),
    [
        ("search_recent_tweets", SEARCH, {"search": "Tweepy"}, "next_token"),
        ("get_users_mentions", MENTIONS, {"users": [USER]}, "pagination_token"),
    ],
)
def test_pages_of_x(
    sqlite_store: Store,
    replay: Replay,
    shared: Path,
    name: str,
    route: str,
    options: dict[str, Any],
    token: str,
) -> None:
    answer, page = recorded(folder(shared) / f"tweepy__test_client_{name}.yaml")
    after, newest = answer["meta"]["next_token"], answer["meta"]["newest_id"]
    ids = {post["id"] for post in answer["data"]}
    replay.serve(
        {
            route: page,
            f"{route}?{token}={after}": NOTHING,
            f"{route}?since_id={newest}": NOTHING,
            "GET /2/tweets": Answer(json.dumps({"data": answer["data"]}).encode()),
        }
    )
    at = datetime(2022, 10, 7, 22, 43, 18, tzinfo=UTC)
    done = run(sqlite_store, replay, at, **options)
    assert (done.status, done.got, done.new) == (runs.DONE, 10, 10)
    assert {row["external_id"] for row in rows(sqlite_store)} == ids
    # These were asked for without their times, which the ids say.
    assert all(row["published_at"].date() == at.date() for row in rows(sqlite_store))
    again = run(sqlite_store, replay, at, **options)
    assert (again.status, again.new, again.edited) == (runs.DONE, 0, 0)
    assert replay.unused() == []


def test_a_search_of_reposts(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    answer = json.loads((folder(shared) / "twitwi__payload-v2.json").read_text())
    after = answer["meta"]["next_token"]
    replay.serve({SEARCH: as_json(answer), f"{SEARCH}?next_token={after}": NOTHING})
    at = datetime(2021, 4, 16, 14, tzinfo=UTC)
    done = run(sqlite_store, replay, at, search="covidiot")
    # Nine pass on four posts, which come along whole; one is an answer.
    assert (done.status, done.new, done.skipped) == (
        runs.DONE,
        5,
        {"another's text passed on": 9},
    )
    stored = {row["external_id"]: row for row in rows(sqlite_store)}
    assert set(stored) == {
        "1383026700695441414",
        "1383031438912548865",
        "1383018622486863883",
        "1383042690846179329",
        "1383054846186639361",
    }
    assert not any(row["text"].startswith("RT @") for row in stored.values())
    whole = stored["1383026700695441414"]
    assert whole["text"].endswith("using unacceptable language?")
    assert whole["published_at"] == datetime(2021, 4, 16, 11, 57, 15, tzinfo=UTC)
    assert stored["1383054846186639361"]["parent_id"] == "1383054056906711040"
    assert stored["1383054846186639361"]["language"] == "sv"


def test_what_is_no_listing_is_refused(shared: Path) -> None:
    for name in ("twitwi__payload-v2-singletweet", "tweepy__testsearchtweets"):
        content = json.loads((folder(shared) / f"{name}.json").read_text())
        with pytest.raises(SourceChanged):
            found_in(content, "the search")
