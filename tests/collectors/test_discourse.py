"""Discourse: topics read in parts, followed, and what is gone from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.services.discourse.posts import own_words
from collectors.sources.discourse import DiscourseSource
from simak.errors import AccessDenied, ConfigurationError, SourceChanged
from simak.reasons import NO_WORDS, NOBODY_WROTE, NOT_A_CUSTOMER
from tests.collectors.page_reading import by_id, pages_of, total
from tests.collectors.replay import Answer, Asked, Replay, as_json
from tests.collectors.test_discourse_conformance import (
    KEY,
    LATEST,
    a_list,
    discourse,
    forum,
    listed,
    post,
    service,
    topic,
    topic_routes,
)

AT = "2026-05-31T03:00:00Z"


def one_topic(posts: list[dict[str, Any]], **routes: Any) -> dict[str, Any]:
    return {
        LATEST: a_list([listed(9, AT)]),
        **topic_routes({9: topic(9, "Judul", posts)}),
        **routes,
    }


def paths(replay: Replay) -> list[str]:
    return [asked.path for asked in replay.asked]


def test_a_post_is_read_whole(replay: Replay) -> None:
    replay.serve(service(forum()))
    found = by_id(pages_of(discourse(replay.url)))
    first, answer = found["1000"], found["1001"]
    assert first.external_id == "127.0.0.1/p/1000"
    assert (first.kind, first.channel, first.title) == ("post", "forum", "Paket belum sampai")
    assert first.published_at == datetime(2026, 5, 29, 18, 10, tzinfo=UTC)
    assert (first.edited_at, first.parent_id) == (None, None)
    assert first.url == f"{replay.url}/t/101/1"
    assert (first.reply, first.reply_at) == (
        "Mohon maaf kak, kami cek ya",
        datetime(2026, 5, 29, 20, 10, tzinfo=UTC),
    )
    assert (answer.kind, answer.title, answer.parent_id, answer.reply) == (
        "comment",
        None,
        first.external_id,
        None,
    )
    # The brand's own answer is no customer's.
    assert "1002" not in found
    assert len(found) == 25


def test_long_topics_are_read_in_parts_of_twenty(replay: Replay) -> None:
    posts = [post(100 + n, n + 1, f"Komentar {n}") for n in range(65)]
    asked: list[str] = []

    def some(request: Asked) -> Answer:
        asked.append(request.query["post_ids[]"])
        last = int(request.query["post_ids[]"]) - 100
        return as_json({"post_stream": {"posts": posts[last // 20 * 20 : last + 1]}})

    replay.serve(one_topic(posts) | {"GET /t/9/posts.json": some})
    assert len(by_id(pages_of(discourse(replay.url)))) == 65
    # From the newest back, each part with the same ones in it however many follow.
    assert asked == ["164", "159", "139"]


def test_only_what_is_new_of_a_long_topic_is_asked_for(replay: Replay) -> None:
    posts = [post(100 + n, n % 24 + 1, f"Komentar {n}") for n in range(65)]
    for n, one in enumerate(posts):
        at = datetime(2026, 5, 1, tzinfo=UTC) + timedelta(hours=n)
        one |= {"created_at": at.isoformat(), "post_number": n + 1}

    def some(request: Asked) -> Answer:
        last = int(request.query["post_ids[]"]) - 100
        return as_json({"post_stream": {"posts": posts[last // 20 * 20 : last + 1]}})

    routes = one_topic(posts) | {"GET /t/9/posts.json": some}
    replay.serve(routes)
    *_, last = pages_of(discourse(replay.url))
    posts.append(post(165, 66, "Kabar terbaru?", created_at="2026-06-01T02:00:00Z"))
    changed = one_topic(posts) | {
        "GET /t/9/posts.json": some,
        LATEST: a_list([listed(9, "2026-06-01T02:00:00Z")]),
    }
    replay.serve(changed)
    cursor = {"places": last.cursor["places"]}
    pages = list(pages_of(discourse(replay.url), cursor))
    assert "165" in by_id(pages)
    # The newest part, and the one before it, in which nothing is new.
    assert paths(replay).count("/t/9/posts.json") == 2


def test_a_second_run_reads_only_topics_in_which_something_happened(replay: Replay) -> None:
    replay.serve(service(forum()))
    *_, last = pages_of(discourse(replay.url))
    topics = forum()
    topics[103]["posts"].append(post(3001, 2, "Setuju!"))
    routes = service(topics) | {
        LATEST: a_list(
            [listed(103, "2026-06-01T09:00:00Z"), listed(101, "2026-06-01T03:00:00Z")], more=True
        ),
        "GET /latest.json?page=1": a_list([listed(102, "2026-05-31T03:00:00Z")]),
    }
    replay.serve(routes)
    # Without the posts that are looked at again.
    pages = list(pages_of(discourse(replay.url), {"places": last.cursor["places"]}))
    assert "3001" in by_id(pages)
    assert "/t/102.json" not in paths(replay)


def test_a_run_stopped_in_a_topic_goes_on_there(replay: Replay) -> None:
    replay.serve(service(forum()))
    first, *rest = pages_of(discourse(replay.url))
    replay.serve(service(forum()))
    again = list(pages_of(discourse(replay.url), {"places": first.cursor["places"]}))
    assert by_id(again).keys() >= by_id(rest).keys()
    # The first twenty came with the page before: of 101 only the rest is read.
    assert [raw.external_id[-4:] for raw in again[0].mentions] == ["1020", "1021", "1022"]


def test_a_topic_that_moves_up_while_a_run_is_stopped_is_not_lost(replay: Replay) -> None:
    replay.serve(service(forum()))
    pages = pages_of(discourse(replay.url))
    next(pages)
    stopped = next(pages).cursor
    topics = forum()
    topics[103]["posts"].append(post(3001, 2, "Eh ternyata rusak"))
    replay.serve(
        service(topics)
        | {
            LATEST: a_list(
                [
                    listed(103, "2026-06-01T09:00:00Z"),
                    listed(101, "2026-06-01T03:00:00Z"),
                    listed(102, "2026-05-31T03:00:00Z"),
                ]
            )
        }
    )
    found = by_id(pages_of(discourse(replay.url), {"places": stopped["places"]}))
    assert found.keys() >= {"2000", "2001", "3000", "3001"}


def test_a_topic_deleted_while_a_page_is_read_hides_no_other(replay: Replay) -> None:
    topics = {n: topic(n, "Judul", [post(10 * n, 1, f"Isi {n}")]) for n in (1, 2, 3, 4)}
    shown = [listed(n, f"2026-05-2{9 - n}T03:00:00Z") for n in topics]

    def latest(asked: Asked) -> Answer:
        # The second topic is deleted once it was read.
        there = [one for one in shown if one["id"] != 2 or "/t/2.json" not in paths(replay)]
        start = 2 * int(asked.query["page"])
        return a_list(there[start : start + 2], more=start + 2 < len(there))

    replay.serve({"GET /latest.json": latest, **topic_routes(topics)})
    assert by_id(pages_of(discourse(replay.url))).keys() == {"10", "20", "30", "40"}


def test_pinned_topics_neither_end_a_run_nor_hold_it_up(replay: Replay) -> None:
    replay.serve(service(forum()))
    *_, last = pages_of(discourse(replay.url))
    topics = forum() | {104: topic(104, "Aturan", [post(4000, 1, "Harap sopan ya")])}
    replay.serve(
        service(topics)
        | {
            LATEST: a_list(
                [
                    listed(101, "2020-01-01T00:00:00Z", pinned=True),
                    listed(104, "2026-06-01T09:00:00Z"),
                ]
            )
        }
    )
    found = by_id(pages_of(discourse(replay.url), {"places": last.cursor["places"]}))
    assert "4000" in found
    assert "1000" not in found


def test_quotes_previews_and_pictures_are_not_the_authors_words() -> None:
    cooked = (
        '<aside class="quote" data-username="budi"><div class="title">budi:</div><blockquote>'
        "<p>Bagus banget</p><aside class='quote'><p>dalam</p></aside></blockquote></aside>"
        '<p>Masa sih? Punyaku rusak <img src="x" class="emoji" alt=":sob:"></p>'
        '<aside class="onebox"><h3>Toko lain</h3></aside>'
        '<div class="lightbox-wrapper"><a><img src="y"><div class="meta"><svg></svg>'
        '<span class="filename">IMG_1</span><span>690×388</span></div></a></div>'
        '<p><a class="mention" href="/u/cs">@cs</a> tolong</p>'
    )
    assert own_words(cooked) == "Masa sih? Punyaku rusak :sob:\n@cs tolong"
    assert own_words("<p>Satu</p></aside><p>dua</p>") == "Satu\ndua"
    assert own_words("<p>Satu</p><aside><p>tak ditutup</p>") == "Satu"


@pytest.mark.parametrize(
    "more",
    [
        {"deleted_at": "2026-05-31T00:00:00Z"},
        {"user_deleted": True},
        {"hidden": True},
        {"cooked": "<p>(post deleted by author)</p>"},
        {"cooked": "<p>(post withdrawn by author, will be deleted in 24 hours unless flagged)</p>"},
    ],
)
def test_what_is_gone_has_no_text(replay: Replay, more: dict[str, Any]) -> None:
    replay.serve(one_topic([post(1, 1, "Halo"), post(2, 2, "Hapus saja", **more)]))
    found = by_id(pages_of(discourse(replay.url)))
    assert (found["1"].deleted, found["2"].deleted, found["2"].text) == (False, True, "")


def test_what_no_customer_wrote_is_counted(replay: Replay) -> None:
    posts = [
        post(1, 1, "Halo"),
        post(2, 2, "menutup topik ini", post_type=3),
        post(3, 3, "Selamat datang", user_id=-1, username="system"),
        post(4, 4, "Catatan staf", post_type=4),
        post(5, 5, "Topik disematkan", post_type=2),
        post(6, 6, "Kami bantu", username="CS_Senandika"),
        post(7, 7, "", cooked='<p><img src="x"></p>'),
        post(8, 8, "", cooked=None),
    ]
    routes = one_topic(posts)
    answer: dict[str, Any] = {"id": 9, "title": "Judul"}
    answer["post_stream"] = {"posts": [*posts, {"post_number": 9}], "stream": [1, 2, 3]}
    replay.serve(routes | {"GET /t/9.json": as_json(answer)})
    pages = list(pages_of(discourse(replay.url)))
    assert list(by_id(pages)) == ["1"]
    assert total(pages, "skipped") == {NOBODY_WROTE: 2, NOT_A_CUSTOMER: 3, NO_WORDS: 1}
    assert [len(page.bad) for page in pages if page.bad] == [2]


def test_old_offsets_and_edits(replay: Replay) -> None:
    old = post(1, 1, "Halo", created_at="2013-02-04T15:26:26.278-05:00", version=5)
    replay.serve(one_topic([old | {"updated_at": "2013-04-30T14:33:37.273-04:00"}]))
    raw = by_id(pages_of(discourse(replay.url)))["1"]
    assert raw.published_at == datetime(2013, 2, 4, 20, 26, 26, 278000, tzinfo=UTC)
    assert raw.edited_at == datetime(2013, 4, 30, 18, 33, 37, 273000, tzinfo=UTC)


def test_an_answer_beyond_the_first_posts_is_found_and_stays(replay: Replay) -> None:
    posts = [post(100 + n, n + 1, f"Komentar {n}") for n in range(25)]
    posts[23] |= {"username": "cs_senandika", "cooked": "<p>Kami hubungi ya</p>"}
    routes = one_topic(posts)
    theirs = {
        "id": 9,
        "title": "Judul",
        "post_stream": {"posts": [posts[0], posts[23]], "stream": []},
    }
    routes["GET /t/9.json?username_filters=cs_senandika"] = as_json(theirs)
    replay.serve(routes)
    found = by_id(pages_of(discourse(replay.url)))
    assert found["100"].reply == "Kami hubungi ya"
    assert "123" not in found
    replay.serve(routes)
    assert by_id(pages_of(discourse(replay.url, own_users=[])))["100"].reply is None


def test_a_post_moved_to_another_topic_is_not_deleted(replay: Replay) -> None:
    replay.serve(one_topic([post(1, 1, "Halo"), post(2, 2, "Pindahan"), post(3, 3, "Hapus")]))
    *_, last = pages_of(discourse(replay.url))
    replay.serve(
        one_topic([post(1, 1, "Halo")]) | {"GET /posts/2.json": as_json(post(2, 1, "Pindahan"))}
    )
    pages = list(pages_of(discourse(replay.url), last.cursor))
    assert [(raw.external_id[-1], raw.deleted) for raw in pages[-1].mentions] == [
        ("3", True),
    ]
    assert set(pages[-1].cursor["recent"]) == {"9/1"}


def test_a_topic_that_is_gone_takes_its_posts_along(replay: Replay) -> None:
    replay.serve(one_topic([post(1, 1, "Halo"), post(2, 2, "Sama")]))
    *_, last = pages_of(discourse(replay.url))
    replay.serve({LATEST: a_list([])})
    *_, page = pages_of(discourse(replay.url), last.cursor)
    assert {(raw.external_id[-1], raw.deleted) for raw in page.mentions} == {
        ("1", True),
        ("2", True),
    }


def test_a_topic_that_is_not_for_all_any_more_is_not_deleted(replay: Replay) -> None:
    replay.serve(one_topic([post(1, 1, "Halo"), post(2, 2, "Sama")]))
    *_, last = pages_of(discourse(replay.url))
    closed = Answer(b'{"errors": ["maaf"], "error_type": "invalid_access"}', status=403)
    replay.serve({LATEST: a_list([]), "GET /t/9.json": closed, "GET /posts/1.json": closed})
    *_, page = pages_of(discourse(replay.url), last.cursor)
    assert [(raw.external_id[-1], raw.deleted) for raw in page.mentions] == [("2", True)]
    assert set(page.cursor["recent"]) == {"9/1"}


def test_categories_tags_and_searches_are_places_of_their_own(replay: Replay) -> None:
    hits = {"posts": [{"id": 1, "topic_id": 9, "created_at": AT}], "grouped_search_result": {}}
    replay.serve(
        {
            "GET /c/keluhan/5/l/latest.json": Answer(
                status=302, headers={"Location": "/c/keluhan-pelanggan/5/l/latest.json"}
            ),
            "GET /c/keluhan-pelanggan/5/l/latest.json": a_list([listed(9, AT)]),
            "GET /tag/promo/l/latest.json": a_list([listed(9, AT)]),
            "GET /search.json": as_json(hits),
            **topic_routes({9: topic(9, "Judul", [post(1, 1, "Halo")])}),
        }
    )
    source = discourse(
        replay.url,
        categories=["keluhan/5"],
        tags="promo",
        search="senandika",
        api_key=KEY,
        api_user="x",
    )
    assert source.asks() == (
        "127.0.0.1: topics of keluhan/5, topics with the tag promo, topics found by 'senandika'"
    )
    pages = list(pages_of(source))
    assert len(pages[-1].cursor["places"]) == 3
    assert replay.unused() == []
    assert all(asked.headers["api-key"] == KEY for asked in replay.asked)
    assert replay.asked[-2].query["q"] == "senandika order:latest"
    assert len(list(pages_of(source, probe=True))) == 3


def test_pages_without_end_are_an_error(replay: Replay) -> None:
    replay.serve(
        {
            "GET /latest.json": a_list([listed(9, AT)], more=True),
            **topic_routes({9: topic(9, "Judul", [post(1, 1, "Halo")])}),
        }
    )
    with pytest.raises(SourceChanged, match="without end"):
        list(pages_of(discourse(replay.url)))
    assert len(replay.asked) < 20


def test_a_topic_gone_since_it_was_listed_is_noted(replay: Replay) -> None:
    replay.serve({LATEST: a_list([listed(9, AT)])})
    assert next(pages_of(discourse(replay.url))).notes == (
        "a topic on the list is gone, or not for all to read",
    )


def test_the_key_goes_to_no_other_host(replay: Replay) -> None:
    moved = Answer(status=301, headers={"Location": "https://lain.example/latest.json"})
    replay.serve({LATEST: moved})
    with pytest.raises(ConfigurationError, match=r"lain\.example"):
        list(pages_of(discourse(replay.url, api_key=KEY, api_user="x")))
    replay.serve({LATEST: Answer(status=302, headers={"Location": "/login"})})
    with pytest.raises(AccessDenied, match="api_key"):
        list(pages_of(discourse(replay.url)))
    replay.serve({LATEST: Answer(status=302, headers={"Location": "/latest.json?page=0"})})
    with pytest.raises(SourceChanged, match="without end"):
        list(pages_of(discourse(replay.url)))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "'url'"),
        ({"url": ["https://a.example", "https://b.example"]}, "one address"),
        ({"url": "forum"}, "https://"),
        ({"url": "https://a.example", "api_key": "x"}, "'api_user'"),
        ({"url": "https://a.example", "token": "x"}, "'token'"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        DiscourseSource(name="forum", brand="Senandika", options=options)
