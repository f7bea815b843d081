"""X: posts asked for again by id, to follow edits and deletions."""

from __future__ import annotations

from datetime import timedelta

from collectors.services.x.recheck import DOUBTFUL
from store import runs
from store.engine import Store
from store.mentions import versions
from tests.collectors.conformance import NOW, row, rows
from tests.collectors.replay import Answer, Replay, as_json, asked
from tests.collectors.test_x_conformance import BRAND, LOOKUP, MENTIONS, SEARCH, no_such
from tests.collectors.x_posts import id_at, lookup, pages, post, run


def test_every_version_of_an_edited_post_is_one_mention(
    sqlite_store: Store, replay: Replay
) -> None:
    first = post(50)
    run(sqlite_store, replay, {SEARCH: pages([first])})
    ids = [first["id"], id_at(NOW - timedelta(minutes=40)), id_at(NOW - timedelta(minutes=30))]
    newest = post(30, id=ids[2], text="kopi yang disunting", edit_history_tweet_ids=ids)
    middle = post(40, id=ids[1], text="kopi sementara", edit_history_tweet_ids=ids)
    old = first | {"edit_history_tweet_ids": ids}
    routes = {SEARCH: pages([newest, middle, old]), LOOKUP: lookup([newest, middle, old])}
    second = run(sqlite_store, replay, routes)
    assert (second.new, second.edited, second.skipped) == (0, 1, {"duplicate": 1})
    stored = row(sqlite_store, having="disunting")
    assert stored["external_id"] == first["id"]
    assert stored["published_at"] == NOW - timedelta(minutes=50)
    assert stored["edited_at"] == NOW - timedelta(minutes=30)
    assert [text for text, _ in versions(sqlite_store, stored["id"])] == ["kopi 50"]
    # Asked for again by its first id, it is followed to its newest.
    third = run(sqlite_store, replay, routes)
    assert (third.status, third.new, third.edited) == (runs.DONE, 0, 0)
    assert [a["ids"] for a in asked(replay, LOOKUP)] == [ids[0], ids[2]]


def test_an_edit_that_the_search_does_not_find_is_found_by_id(
    sqlite_store: Store, replay: Replay
) -> None:
    first = post(50)
    run(sqlite_store, replay, {SEARCH: pages([first])})
    ids = [first["id"], id_at(NOW - timedelta(minutes=40))]
    newest = post(40, id=ids[1], text="sudah beres", edit_history_tweet_ids=ids)
    old = first | {"edit_history_tweet_ids": ids}
    second = run(sqlite_store, replay, {SEARCH: pages([]), LOOKUP: lookup([newest, old])})
    assert (second.new, second.edited) == (0, 1)
    assert row(sqlite_store, having="sudah beres")["external_id"] == first["id"]


def test_deleted_and_hidden_posts_lose_their_text(sqlite_store: Store, replay: Replay) -> None:
    posts = [post(n) for n in range(1, 6)]
    run(sqlite_store, replay, {SEARCH: pages(posts)})
    gone = {posts[1]["id"]: "Authorization Error", posts[2]["id"]: "Forbidden"}
    routes = {SEARCH: pages([]), LOOKUP: lookup(posts[3:], gone)}
    second = run(sqlite_store, replay, routes)
    assert (second.status, second.deleted, second.edited) == (runs.DONE, 3, 0)
    assert [r["text"] for r in rows(sqlite_store) if r["text"]] == ["kopi 5", "kopi 4"]
    third = run(sqlite_store, replay, routes)
    assert third.deleted == 0
    assert asked(replay, LOOKUP)[0]["ids"] == ",".join(sorted(p["id"] for p in posts[3:]))


def test_an_error_of_another_kind_deletes_nothing(sqlite_store: Store, replay: Replay) -> None:
    posts = [post(1), post(2)]
    run(sqlite_store, replay, {SEARCH: pages(posts)})
    told = [no_such(posts[1]["id"], "Service Unavailable")]
    answer = as_json({"data": posts[:1], "errors": told})
    second = run(sqlite_store, replay, {SEARCH: pages([]), LOOKUP: answer})
    assert (second.status, second.deleted) == (runs.DONE, 0)
    unasked = as_json({"data": [post(77)]})
    third = run(sqlite_store, replay, {SEARCH: pages([]), LOOKUP: unasked})
    assert (third.status, third.new, third.deleted) == (runs.FAILED, 0, 0)


def test_all_gone_at_once_is_not_believed(sqlite_store: Store, replay: Replay) -> None:
    posts = [post(n) for n in range(DOUBTFUL)]
    run(sqlite_store, replay, {SEARCH: pages(posts)})
    second = run(sqlite_store, replay, {SEARCH: pages([]), LOOKUP: lookup([])})
    assert (second.status, second.deleted) == (runs.DONE, 0)
    assert [note for note in second.notes if "asked again next time" in note]


def test_posts_asked_for_again_take_their_share_and_take_turns(
    sqlite_store: Store, replay: Replay
) -> None:
    posts = [post(n) for n in range(90)]
    routes = {SEARCH: pages(posts), LOOKUP: lookup(posts)}
    # A quarter of 6,000 a month is 50 on its first day.
    given = {"monthly_posts": 6_000}
    run(sqlite_store, replay, routes, **given)
    done = run(sqlite_store, replay, routes, **given)
    (first,) = (a["ids"].split(",") for a in asked(replay, LOOKUP))
    assert (len(first), done.quota_left) == (50, 6_000 - 90 - 50)
    run(sqlite_store, replay, routes, **given)
    assert asked(replay, LOOKUP) == []
    run(sqlite_store, replay, routes, now=NOW + timedelta(days=1), **given)
    (second,) = (a["ids"].split(",") for a in asked(replay, LOOKUP))
    assert len(second) == 50
    assert set(first) | set(second) == {p["id"] for p in posts}
    # Where nothing is left, nothing is asked, and it is no failure.
    run(sqlite_store, replay, {SEARCH: pages([])}, search="lain", monthly_posts=10)
    assert asked(replay, LOOKUP) == []


def test_a_failing_place_does_not_stop_the_next_nor_the_rechecks(
    sqlite_store: Store, replay: Replay
) -> None:
    posts = [post(1), post(2)]
    run(sqlite_store, replay, {SEARCH: pages(posts)})
    routes = {SEARCH: Answer(status=403), MENTIONS: pages([post(3)]), LOOKUP: lookup(posts[:1])}
    failed = run(sqlite_store, replay, routes, users=[BRAND])
    assert (failed.status, failed.new, failed.deleted) == (runs.FAILED, 1, 1)
    assert "403" in (failed.error or "")
