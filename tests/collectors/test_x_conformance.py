from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from collectors.sources.x import XSource
from tests.collectors.conformance import HttpConformance
from tests.collectors.replay import Answer, Asked, Routes, recording

TOKEN = "AAAA-token-rahasia-77120"
BRAND = "70010099"
SEARCH = "GET /2/tweets/search/recent"
MENTIONS = f"GET /2/users/{BRAND}/mentions"
LOOKUP = "GET /2/tweets"
NEXT = "b26v89c19zqg8o3kopisatu"


def page(name: str) -> Any:
    return json.loads(recording(name))


def service() -> dict[str, Any]:
    """Every page of the first state, by its route."""
    return {
        SEARCH: page("x/search_1.json"),
        f"{SEARCH}?next_token={NEXT}": page("x/search_2.json"),
        MENTIONS: page("x/mentions.json"),
    }


def posts_of(pages: Mapping[str, Any]) -> dict[str, Any]:
    """Every post and every one that comes along, by id."""
    found = {}
    for answer in pages.values():
        for post in [*answer.get("data", ()), *answer.get("includes", {}).get("tweets", ())]:
            found[post["id"]] = post
    return found


def users_of(pages: Mapping[str, Any]) -> list[Any]:
    users = [u for answer in pages.values() for u in answer.get("includes", {}).get("users", ())]
    return list({user["id"]: user for user in users}.values())


def no_such(id: str, title: str = "Not Found Error") -> dict[str, str]:
    return {
        "value": id,
        "detail": f"Could not find tweet with ids: [{id}].",
        "title": title,
        "resource_type": "tweet",
        "parameter": "ids",
        "resource_id": id,
        "type": "https://api.twitter.com/2/problems/resource-not-found",
    }


def packed(answer: Any) -> Answer:
    return Answer(
        gzip.compress(json.dumps(answer).encode()),
        headers={"Content-Type": "application/json", "Content-Encoding": "gzip"},
    )


def refused(name: str, message: str) -> Answer:
    body = {
        "errors": [{"parameters": {name: ["…"]}, "message": message}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": "https://api.twitter.com/2/problems/invalid-request",
    }
    return Answer(json.dumps(body).encode(), status=400)


def served(pages: Mapping[str, Any], known: dict[str, Any] | None = None) -> Routes:
    """X with these pages, which give what is newer than `since_id`; `known` are asked for by id."""
    items = posts_of(pages) if known is None else known

    def listing(route: str) -> Any:
        def answer(asked: Asked) -> Answer:
            since = int(asked.query.get("since_id", 0))
            whole = pages[route]
            data = [post for post in whole["data"] if int(post["id"]) > since]
            meta = {k: v for k, v in whole["meta"].items() if data}
            if not data:
                return packed({"meta": {"result_count": 0}})
            if len(data) < len(whole["data"]):
                meta.pop("next_token", None)
            return packed({**whole, "data": data, "meta": {**meta, "result_count": len(data)}})

        return answer

    def lookup(asked: Asked) -> Answer:
        ids = asked.query["ids"].split(",")
        assert len(ids) <= 100
        answer: dict[str, Any] = {"includes": {"users": users_of(pages)}}
        if data := [items[id] for id in ids if id in items]:
            answer["data"] = data
        if errors := [no_such(id) for id in ids if id not in items]:
            answer["errors"] = errors
        return packed(answer)

    return {**{route: listing(route) for route in pages}, LOOKUP: lookup}


def x(url: str, **options: Any) -> XSource:
    return XSource(
        name="x",
        brand="Senandika",
        options={
            "bearer_token": TOKEN,
            "url": url,
            **({"search": "senandika", "users": [BRAND]} | options),
        },
    )


class TestX(HttpConformance):
    pages: ClassVar[int] = 3
    edited: ClassVar[tuple[str, str]] = ("nyasar lagi", "akhirnya sampai")
    deleted: ClassVar[str] = "app force close"
    secrets: ClassVar[tuple[str, ...]] = (TOKEN,)
    broken: ClassVar[dict[str, bytes]] = {
        "empty": b"",
        "web page": b"<!doctype html><title>Something went wrong</title>",
        "half": b'{"data": [{"id": "17',
        "no listing": b'{"title": "ok"}',
        "a list": b"[]",
        "null": b"null",
        "no posts and no count": b'{"meta": {}}',
        "a count and no posts": b'{"meta": {"result_count": 10}}',
        "no posts and errors": b'{"errors": [{"title": "Service Unavailable"}]}',
        "errors in a strange shape": b'{"errors": ["no"], "meta": {"result_count": 0}}',
        "null posts": b'{"data": null}',
        "one post": b'{"data": {"id": "1", "text": "a"}, "meta": {"result_count": 1}}',
        "strange posts": b'{"data": [3, {}, null, {"id": "1"}], "meta": {"result_count": 4}}',
        "strange token": b'{"data": [{"id": "9", "text": "a"}], "meta": {"next_token": 7}}',
        "deep": b"[" * 200_000,
        "deep posts": b'{"data": ' + b"[" * 200_000,
    }

    def source(self, url: str) -> XSource:
        return x(url)

    def first_page(self) -> str:
        return SEARCH

    def serve(self, world: Any, state: str) -> None:
        routes = dict(self.routes(state))
        if state == "first":
            # Later runs ask for what is newer, of which there is nothing.
            pages = service()
            for route in (SEARCH, MENTIONS):
                newest = pages[route]["data"][0]["id"]
                routes[f"{route}?since_id={newest}"] = served(pages)[route]
        world.serve(routes)

    def routes(self, state: str) -> Routes:
        pages = service()
        known = posts_of(pages)
        if state == "edited":
            # An edit is a post of its own, which names those before it.
            first = pages[SEARCH]["data"][1]
            again = {
                **first,
                "id": str(int(first["id"]) + (600_000 << 22)),
                "created_at": "2026-06-01T10:25:30.000Z",
                "text": "Kurir Senandika akhirnya sampai, cuma salah blok. Maaf ya min",
            }
            history = [first["id"], again["id"]]
            again["edit_history_tweet_ids"] = history
            pages[SEARCH]["data"][1] = again
            known |= {
                first["id"]: {**first, "edit_history_tweet_ids": history},
                again["id"]: again,
            }
        elif state == "deleted":
            gone = pages[MENTIONS]["data"].pop()
            del known[gone["id"]]
        elif state == "gap":
            routes = dict(served(pages, known))
            newest = refused(
                "since_id",
                "'since_id' must be a tweet id created after 2026-05-25T12:00Z. Please use a "
                "'since_id' that is larger than 2058883940000000000",
            )
            for route in (SEARCH, MENTIONS):
                routes[f"{route}?since_id={pages[route]['data'][0]['id']}"] = newest
            return routes
        elif state == "first":
            return {
                **served(pages, known),
                **{route: packed(answer) for route, answer in pages.items()},
            }
        return served(pages, known)
