from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.job import Job
from collectors.recheck import DAYS as RECHECK_DAYS
from collectors.services.mastodon.api import BATCH, PAGE, SEARCHED, MastodonApi
from collectors.services.mastodon.items import mention_of
from simak.errors import BadRecord, ConfigurationError, SourceChanged
from simak.reasons import NO_WORDS, NOT_A_CUSTOMER, NOT_SAID, REPOST
from store import runs
from store.engine import Store
from store.runs import Run
from tests.collectors.conformance import NOW, clock, gather, row, rows
from tests.collectors.replay import Answer, Asked, Replay, Routes, as_json
from tests.collectors.test_mastodon_conformance import (
    ACCOUNT,
    LISTINGS,
    MENTIONS,
    OURS,
    SEARCH,
    STATUSES,
    TAG,
    TOKEN,
    found,
    linked,
    mastodon,
    recorded,
    served,
)

GONE = Answer(b'{"error": "Record not found"}', status=404)


def toot(n: int, *, text: str | None = None, at: datetime | None = None) -> dict[str, Any]:
    status: dict[str, Any] = recorded(LISTINGS[0])[0]
    created = (at or NOW - timedelta(minutes=n)).isoformat()
    status |= {"id": str(10_000 - n), "uri": f"https://kabar.example/s/{n}", "created_at": created}
    return status | {"content": f"<p>{text or f'Kiriman ke-{n}'}</p>"}


def run(store: Store, replay: Replay, routes: Routes, **options: Any) -> Run:
    replay.serve({ACCOUNT: as_json(recorded(OURS)), **routes})
    given = {"search": [], "mentions": False} | options
    return gather(store, mastodon(replay.url, **given))[0]


def paths(replay: Replay) -> list[str]:
    return [asked.path for asked in replay.asked]


def test_an_open_server_is_read_without_a_token(sqlite_store: Store, replay: Replay) -> None:
    replay.serve({TAG: linked([toot(1)], None)})
    source = type(mastodon(replay.url))(
        name="m", brand="Senandika", options={"url": replay.url + "/", "hashtags": "senandika"}
    )
    assert gather(sqlite_store, source)[0].new == 1
    assert paths(replay) == ["/api/v1/timelines/tag/senandika"]
    assert "authorization" not in replay.asked[0].headers


def test_every_request_has_the_token_and_asks_for_as_much_as_there_is(
    sqlite_store: Store, replay: Replay
) -> None:
    replay.serve(served(*map(recorded, LISTINGS)))
    gather(sqlite_store, mastodon(replay.url))
    assert {asked.headers["authorization"] for asked in replay.asked} == {f"Bearer {TOKEN}"}
    listings = [asked for asked in replay.asked if "verify" not in asked.path]
    assert {asked.query["limit"] for asked in listings} == {str(PAGE)}
    (mentions,) = [asked for asked in listings if asked.path.endswith("notifications")]
    assert mentions.lists["types[]"] == ["mention"]
    (first, _) = [asked for asked in listings if asked.path.endswith("search")]
    assert (first.query["type"], first.query["q"]) == ("statuses", "senandika")


def test_what_is_stored_of_a_status(sqlite_store: Store, replay: Replay) -> None:
    replay.serve(served(*map(recorded, LISTINGS)))
    done = gather(sqlite_store, mastodon(replay.url))[0]
    assert done.skipped == {NOT_A_CUSTOMER: 1, REPOST: 1, NOT_SAID: 1}
    assert done.quota_left == 287
    late = row(sqlite_store, having="telat 5 hari")
    assert late["external_id"] == "https://kabar.example/users/rani/statuses/000008"
    assert (
        late["text"] == "Kopi #senandika gayo enak, tapi paketnya telat 5 hari & dusnya penyok 😤"
    )
    assert (late["channel"], late["kind"], late["language"]) == ("mastodon", "post", "id")
    assert late["published_at"] == datetime(2026, 6, 1, 9, 10, tzinfo=UTC)
    assert late["url"] == "https://kabar.example/@rani/000008"
    warned = row(sqlite_store, having="Sempat kecewa")
    assert warned["text"].startswith("keluhan belanja\nSempat kecewa.\nCS #senandika lama")
    assert warned["text"].endswith("cek https://warung.example/foto-struk-pembelian")
    assert warned["language"] is None
    assert row(sqlite_store, having="refund dari")["kind"] == "comment"
    assert row(sqlite_store, having="nomor resi")["kind"] == "message"


def test_a_handle_is_written_with_its_server() -> None:
    assert [mention_of(s).author for s in recorded(LISTINGS[0])[:3]] == [  # type: ignore[union-attr]
        "rani@kabar.example",
        "senandika@kabar.example",
        "dimas@warung.example",
    ]


def test_a_post_that_two_servers_know_is_stored_once(sqlite_store: Store, replay: Replay) -> None:
    run(sqlite_store, replay, {TAG: linked([toot(1)], None)})
    elsewhere = toot(1) | {"id": "778899", "url": "https://lain.example/@rani@kabar.example/1"}
    run(sqlite_store, replay, {TAG: linked([elsewhere], None)})
    assert len(rows(sqlite_store)) == 1


def test_what_one_server_calls_its_posts_is_not_asked_of_another(
    sqlite_store: Store, replay: Replay
) -> None:
    run(sqlite_store, replay, {TAG: linked([toot(1)], None)})
    # The settings name another address now, where nothing of it is known.
    replay.serve({f"GET /lain{route[4:]}": answer for route, answer in {
        ACCOUNT: as_json(recorded(OURS)), TAG: linked([], None)}.items()})  # fmt: skip
    moved = mastodon(f"{replay.url}/lain", search=[], mentions=False)
    done = gather(sqlite_store, moved)[0]
    assert (done.status, done.deleted) == (runs.DONE, 0)
    assert not [path for path in paths(replay) if path.endswith("statuses")]
    assert row(sqlite_store, having="Kiriman ke-1")


def test_a_next_page_on_another_host_is_asked_of_the_configured_one(
    sqlite_store: Store, replay: Replay
) -> None:
    link = '<https://jahat.example/api/v1/timelines/tag/senandika?max_id=77>; rel="next"'
    first = as_json([toot(1)], Link=link)
    done = run(sqlite_store, replay, {TAG: first, f"{TAG}?max_id=77": linked([toot(2)], None)})
    assert (done.status, done.new) == (runs.DONE, 2)


def test_a_next_page_that_is_named_in_an_unknown_way_is_no_end(
    sqlite_store: Store, replay: Replay
) -> None:
    first = as_json([toot(1)], Link='<{url}/api/v1/timelines/tag/senandika?page=2>; rel="next"')
    done = run(sqlite_store, replay, {TAG: first})
    assert done.status == runs.FAILED
    assert "next page" in (done.error or "")


def test_a_server_without_rate_limits_says_nothing_of_them(
    sqlite_store: Store, replay: Replay
) -> None:
    assert run(sqlite_store, replay, {TAG: as_json([toot(1)])}).quota_left is None


def test_the_end_of_a_limit_is_read(sqlite_store: Store, replay: Replay, naps: list[float]) -> None:
    later = NOW + timedelta(minutes=4)
    busy = Answer(b"{}", status=429, headers={"X-RateLimit-Reset": later.isoformat()})
    done = run(sqlite_store, replay, {TAG: busy})
    assert (done.status, done.retry_at, naps) == (runs.FAILED, later, [])


def test_an_error_is_told_by_its_status(sqlite_store: Store, replay: Replay) -> None:
    refused = Answer(b'{"error": "Kamu harus masuk"}', status=422)
    assert "status 422" in (run(sqlite_store, replay, {TAG: refused}).error or "")


def test_a_server_that_leads_elsewhere_is_not_followed(sqlite_store: Store, replay: Replay) -> None:
    moved = Answer(status=301, headers={"Location": f"https://baru.example{TAG[4:]}"})
    done = run(sqlite_store, replay, {TAG: moved})
    assert "set 'url'" in (done.error or "")


def test_a_post_that_arrives_late_is_found(sqlite_store: Store, replay: Replay) -> None:
    first, second = [toot(n) for n in (1, 2)], [toot(n) for n in (30, 40)]
    routes = {TAG: linked(first, "50"), f"{TAG}?max_id=50": linked(second, None)}
    run(sqlite_store, replay, routes)
    second.insert(1, toot(35, text="dari server lain"))
    done = run(sqlite_store, replay, {**routes, f"{TAG}?max_id=50": linked(second, None)})
    assert done.new == 1


def test_a_second_run_reads_no_further_than_it_must(sqlite_store: Store, replay: Replay) -> None:
    old = [toot(n, at=NOW - timedelta(days=n)) for n in (3, 4)]
    routes: Routes = {
        TAG: linked([toot(1)], "50"),
        f"{TAG}?max_id=50": linked(old, "40"),
        f"{TAG}?max_id=40": linked([toot(9, at=NOW - timedelta(days=9))], None),
        STATUSES: lambda asked: as_json(
            [toot(9, at=NOW - timedelta(days=9))] if "9991" in asked.lists["id[]"] else []
        ),
    }
    assert run(sqlite_store, replay, routes).new == 4
    again = run(sqlite_store, replay, routes)
    assert (again.status, again.new) == (runs.DONE, 0)
    assert "40" not in [asked.query.get("max_id") for asked in replay.asked]


def test_a_clock_that_is_ahead_hides_nothing_that_comes_after(
    sqlite_store: Store, replay: Replay
) -> None:
    ahead = toot(1, at=NOW + timedelta(days=900))
    run(sqlite_store, replay, {TAG: linked([ahead], None)})
    later = {
        TAG: linked([toot(3)], "50"),
        f"{TAG}?max_id=50": linked([toot(4), ahead], None),
    }
    assert run(sqlite_store, replay, later).new == 2


def test_a_status_without_words(sqlite_store: Store, replay: Replay) -> None:
    picture = toot(1) | {"content": ""}
    only_warning = toot(2) | {"content": "<p></p>", "spoiler_text": "kopi tumpah"}
    done = run(sqlite_store, replay, {TAG: linked([picture, only_warning], None)})
    assert done.skipped == {NO_WORDS: 1}
    assert row(sqlite_store, having="kopi tumpah")["text"] == "kopi tumpah"
    # Its writer takes the words out of it.
    emptied = only_warning | {"spoiler_text": "", "edited_at": NOW.isoformat()}
    assert run(sqlite_store, replay, {TAG: linked([picture, emptied], None)}).deleted == 1


def test_an_unknown_record_among_others_is_kept_for_inspection(
    sqlite_store: Store, replay: Replay
) -> None:
    strange = {"id": "5", "type": "hologram"}
    done = run(sqlite_store, replay, {TAG: linked([toot(1), strange, None], None)})
    assert (done.status, done.new, sum(done.skipped.values())) == (runs.DONE, 1, 2)


def test_notifications_of_an_old_server(sqlite_store: Store, replay: Replay) -> None:
    follow = {"id": "1", "type": "follow", "account": {"id": "4"}}
    gone = {"id": "2", "type": "mention", "status": None}
    mention = {"id": "3", "type": "mention", "status": toot(1)}
    routes = {MENTIONS: linked([follow, gone, mention], None)}
    done = run(sqlite_store, replay, routes, hashtags=[], mentions=True)
    assert (done.new, done.skipped) == (1, {NOT_SAID: 2})


def test_a_search_that_finds_nothing_says_why_that_may_be(
    sqlite_store: Store, replay: Replay
) -> None:
    done = run(sqlite_store, replay, {SEARCH: found([])}, hashtags=[], search=["x"])
    assert done.status == runs.DONE
    assert "full-text" in done.notes[0]


def test_a_search_that_gives_the_same_again_and_again_ends(
    sqlite_store: Store, replay: Replay
) -> None:
    routes = {SEARCH: found([toot(1), toot(2)])}
    done = run(sqlite_store, replay, routes, hashtags=[], search=["x"])
    assert (done.status, done.new) == (runs.DONE, 2)
    assert "may be lost" in done.notes[0]


def test_a_server_that_does_not_say_whose_token_it_is(sqlite_store: Store, replay: Replay) -> None:
    routes = {ACCOUNT: Answer(status=404), TAG: linked([toot(1), toot(2)], None)}
    done = run(sqlite_store, replay, routes)
    assert (done.status, done.new) == (runs.DONE, 2)
    assert "whose token" in done.notes[0]


def test_a_token_that_is_not_valid(sqlite_store: Store, replay: Replay) -> None:
    refused = Answer(b'{"error": "Token tidak sah"}', status=401)
    done = run(sqlite_store, replay, {ACCOUNT: refused, TAG: linked([toot(1)], None)})
    assert (done.status, done.new) == (runs.FAILED, 0)
    assert "check the source's keys" in (done.error or "")


def test_a_search_ends_where_servers_give_no_more(replay: Replay) -> None:
    replay.serve({SEARCH: found([toot(n) for n in range(PAGE)])})
    with Job(source=mastodon(replay.url)).client(clock) as http:
        api = MastodonApi(http, url=replay.url, token=TOKEN)
        last = str(SEARCHED - PAGE)
        assert api.search("x", str(SEARCHED - 2 * PAGE)).after == last
        assert api.search("x", last).after is None


def test_posts_are_asked_for_again_on_an_old_server_some_in_each_run(
    sqlite_store: Store, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.services.mastodon.run.ONE_BY_ONE", 4)
    new = toot(99)
    old = [toot(n, at=NOW - timedelta(days=2, minutes=n)) for n in range(8)]
    assert run(sqlite_store, replay, {TAG: linked([new, *old], None)}).new == 9
    # The newest is gone, the oldest is edited.
    old[-1] |= {"content": "<p>sudah beres</p>", "edited_at": NOW.isoformat()}
    single = {f"{STATUSES}/{status['id']}": as_json(status) for status in old}
    later = {TAG: linked([new], None), STATUSES: GONE, **single}
    later[f"{STATUSES}/{old[0]['id']}"] = GONE
    counts = []
    for _ in range(2):
        done = run(sqlite_store, replay, later)
        asked = {path for path in paths(replay) if path.startswith("/api/v1/statuses/")}
        counts.append((done.deleted, done.edited, len(asked)))
    assert counts == [(1, 0, 4), (0, 1, 4)]


def test_a_server_that_gives_other_statuses_than_asked_for_deletes_nothing(
    sqlite_store: Store, replay: Replay
) -> None:
    old = [toot(n, at=NOW - timedelta(days=2)) for n in (1, 2)]
    run(sqlite_store, replay, {TAG: linked(old, None)})
    single = {f"{STATUSES}/{status['id']}": as_json(status) for status in old}
    routes: Routes = {TAG: linked([], None), STATUSES: as_json([toot(77)]), **single}
    done = run(sqlite_store, replay, routes)
    assert (done.status, done.deleted) == (runs.DONE, 0)


def test_that_nothing_is_left_is_asked_twice(sqlite_store: Store, replay: Replay) -> None:
    old = [toot(n, at=NOW - timedelta(days=2)) for n in range(BATCH)]
    run(sqlite_store, replay, {TAG: linked(old, None)})
    # The server hiccups: it knows none of them, and each of them.
    hiccup = {
        TAG: linked([], None),
        STATUSES: as_json([]),
        **{f"{STATUSES}/{status['id']}": as_json(status) for status in old},
    }
    assert run(sqlite_store, replay, hiccup).deleted == 0
    gone = {**hiccup, **{f"{STATUSES}/{status['id']}": GONE for status in old}}
    assert run(sqlite_store, replay, gone).deleted == BATCH


def test_the_posts_of_one_who_blocks_the_account_are_not_deleted(
    sqlite_store: Store, replay: Replay
) -> None:
    blocked, gone, there = (toot(n, at=NOW - timedelta(days=2)) for n in (1, 2, 3))
    run(sqlite_store, replay, {TAG: linked([blocked, gone, there], None)})

    def single(asked: Asked) -> Answer:
        return GONE if "authorization" in asked.headers else as_json(blocked)

    routes: Routes = {
        TAG: linked([], None),
        STATUSES: as_json([there]),
        f"{STATUSES}/{blocked['id']}": single,
        f"{STATUSES}/{gone['id']}": Answer(b'{"error": "Harus masuk"}', status=401),
    }
    done = run(sqlite_store, replay, routes)
    assert (done.status, done.deleted) == (runs.DONE, 1)
    assert [r["external_id"] for r in rows(sqlite_store) if r["deleted_at"]] == [gone["uri"]]


def test_a_web_page_that_is_not_there_deletes_nothing(sqlite_store: Store, replay: Replay) -> None:
    old = [toot(n, at=NOW - timedelta(days=2)) for n in (1, 2)]
    run(sqlite_store, replay, {TAG: linked(old, None)})
    parked = Answer(b"<html>domain for sale</html>", status=404)
    routes: Routes = {
        TAG: linked([], None),
        STATUSES: parked,
        **{f"{STATUSES}/{status['id']}": parked for status in old},
    }
    done = run(sqlite_store, replay, routes)
    assert (done.status, done.deleted) == (runs.FAILED, 0)
    assert "is not there (404)" in (done.error or "")


def test_old_posts_are_not_asked_for_again(sqlite_store: Store, replay: Replay) -> None:
    old = toot(1, at=NOW - timedelta(days=RECHECK_DAYS + 1))
    run(sqlite_store, replay, {TAG: linked([old], None)})
    run(sqlite_store, replay, {TAG: linked([], None)})
    assert [path for path in paths(replay) if "statuses" in path] == []


def test_one_listing_that_fails_keeps_no_other_from_being_read(
    sqlite_store: Store, replay: Replay
) -> None:
    closed = Answer(b'{"error": "Tidak boleh"}', status=403)
    searched = {SEARCH: found([toot(1)]), f"{SEARCH}?offset=1": found([])}
    done = run(sqlite_store, replay, {TAG: closed, **searched}, search=["senandika"])
    assert (done.status, done.new) == (runs.FAILED, 1)
    assert "(403)" in (done.error or "")


def test_a_token_of_nobody_is_an_error(sqlite_store: Store, replay: Replay) -> None:
    done = run(sqlite_store, replay, {ACCOUNT: as_json({}), TAG: linked([toot(1)], None)})
    assert (done.status, done.new) == (runs.FAILED, 0)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"url": 7}, "'url'"),
        ({"url": "mastodon.social"}, "'url'"),
        ({"token": ""}, "'token'"),
        ({"hashtags": ["dua kata"]}, "no hashtag"),
        ({"hashtags": ["123"]}, "no hashtag"),
        ({"hashtags": ["../../x"]}, "no hashtag"),
        ({"hashtags": [], "search": [], "mentions": False}, "give 'hashtags'"),
        ({"mentions": "ya"}, "'mentions'"),
        ({"sandi": "x"}, "'sandi' is not known"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        mastodon(**{"url": "https://kabar.example"} | options)


def test_what_a_token_is_needed_for() -> None:
    source = type(mastodon("https://kabar.example"))
    for option in ({"search": ["x"]}, {"mentions": True}):
        with pytest.raises(ConfigurationError, match="'token' is missing"):
            source(name="m", brand="S", options={"url": "https://kabar.example", **option})


@pytest.mark.parametrize("status", [None, 3, {}, {"account": {}, "content": None, "uri": "a"}])
def test_what_is_no_status(status: Any) -> None:
    with pytest.raises(BadRecord):
        mention_of(status)


def test_another_status_than_asked_for_is_an_error(replay: Replay) -> None:
    def other(_: Asked) -> Answer:
        return as_json(toot(2))

    replay.serve({f"{STATUSES}/77": other})
    with Job(source=mastodon(replay.url)).client(clock) as http:
        api = MastodonApi(http, url=replay.url, token=None)
        with pytest.raises(SourceChanged):
            api.status("77")
