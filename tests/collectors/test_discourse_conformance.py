from __future__ import annotations

from copy import deepcopy
from typing import Any, ClassVar

from collectors.sources.discourse import DiscourseSource
from tests.collectors.conformance import HttpConformance
from tests.collectors.replay import Answer, Asked, Routes, as_json

KEY = "kunci-forum-rahasia-4471"
LATEST = "GET /latest.json?page=0"


def post(id: int, number: int, text: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "username": f"warga{id % 7}",
        "user_id": 40 + id % 7,
        "created_at": f"2026-05-30T{number % 24:02}:10:00.000+07:00",
        "updated_at": f"2026-05-30T{number % 24:02}:10:00.000+07:00",
        "cooked": f"<p>{text}</p>",
        "post_number": number,
        "post_type": 1,
        "version": 1,
        "hidden": False,
        "deleted_at": None,
        "user_deleted": False,
    } | more


def topic(id: int, title: str, posts: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": id, "title": title, "posts": posts}


def forum() -> dict[int, dict[str, Any]]:
    """Three topics by number: one longer than what comes at once, and two short ones."""
    long = [post(1000, 1, "Paket Senandika saya belum sampai juga, sudah 9 hari")]
    long += [post(1000 + n, n + 1, f"Sama kak, nomor antrian {n}") for n in range(1, 23)]
    long[2] |= {"username": "cs_senandika", "cooked": "<p>Mohon maaf kak, kami cek ya</p>"}
    short = [
        post(2000, 1, "Aplikasinya sering force close habis update"),
        post(2001, 2, "Di HP saya aman aja sih"),
    ]
    other = [post(3000, 1, "Kurirnya ramah banget, makasih Senandika")]
    return {
        101: topic(101, "Paket belum sampai", long),
        102: topic(102, "Aplikasi nutup sendiri", short),
        103: topic(103, "Pujian buat kurir", other),
    }


def listed(id: int, bumped_at: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "title": "?", "bumped_at": bumped_at, "pinned": False} | more


def a_list(topics: list[dict[str, Any]], more: bool = False) -> Answer:
    url = {"more_topics_url": "/latest?page=1"} if more else {}
    return as_json({"users": [], "topic_list": {"topics": topics, **url}})


def topic_routes(topics: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """The routes of topics and of their posts."""
    routes: dict[str, Any] = {}
    for id, one in topics.items():
        posts = one["posts"]
        stream = [post["id"] for post in posts]

        def by_id(_: Asked, posts: list[dict[str, Any]] = posts) -> Answer:
            return as_json({"post_stream": {"posts": posts[20:]}})

        routes[f"GET /t/{id}.json"] = as_json(
            {
                "id": id,
                "title": one["title"],
                "post_stream": {"posts": posts[:20], "stream": stream},
            }
        )
        routes[f"GET /t/{id}/posts.json"] = by_id
    return routes


def service(topics: dict[int, dict[str, Any]]) -> dict[str, Any]:
    return {
        LATEST: a_list(
            [
                listed(101, "2026-06-01T03:00:00.000Z"),
                listed(102, "2026-05-31T03:00:00.000Z"),
            ],
            more=True,
        ),
        "GET /latest.json?page=1": a_list([listed(103, "2026-05-30T03:00:00.000Z")]),
        **topic_routes(topics),
    }


def discourse(url: str, **options: Any) -> DiscourseSource:
    given = {"url": url, "own_users": ["CS_Senandika"]} | options
    return DiscourseSource(name="forum", brand="Senandika", options=given)


class TestDiscourse(HttpConformance):
    pages: ClassVar[int] = 4
    edited: ClassVar[tuple[str, str]] = ("force close", "Sudah beres")
    deleted: ClassVar[str] = "aman aja"
    secrets: ClassVar[tuple[str, ...]] = (KEY,)
    broken: ClassVar[dict[str, bytes]] = {
        "empty": b"",
        "web page": b"<!DOCTYPE html><html><title>Masuk</title></html>",
        "half": b'{"topic_list": {"topics": [{"id": 101, "bum',
        "null": b"null",
        "a list": b"[3, 4]",
        "errors": b'{"errors": ["maaf"], "error_type": "invalid_parameters"}',
        "no topics": b'{"topic_list": {"topics": null}}',
        "strange topics": b'{"topic_list": {"topics": [3, {"id": "../admin"}]}}',
        "no list": b'{"topic_list": [], "users": []}',
        "deep": b"[" * 200_000,
    }

    def source(self, url: str) -> DiscourseSource:
        return discourse(url, api_key=KEY, api_user="simak")

    def first_page(self) -> str:
        return LATEST

    def routes(self, state: str) -> Routes:
        topics = deepcopy(forum())
        if state == "edited":
            topics[102]["posts"][0] |= {
                "cooked": "<p>Sudah beres di versi baru</p>",
                "version": 2,
                "updated_at": "2026-06-01T01:00:00Z",
            }
        elif state == "deleted":
            del topics[102]["posts"][1]
        return service(topics)
