from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from collectors.sources.hacker_news import HackerNewsSource
from tests.collectors.conformance import HttpConformance
from tests.collectors.replay import Answer, Asked, Routes, as_json, recording

SEARCH = "GET /api/v1/search_by_date"
SENANDIKA = f"{SEARCH}?query=senandika"
APP = f"{SEARCH}?query=senandika%20app"
CUTS = (1_780_306_200, 1_780_301_742)


def page(name: str) -> Any:
    return json.loads(recording(name))


def slices() -> dict[str, Any]:
    """Every page of the first state, by its route."""
    return {
        SENANDIKA: page("hacker_news/search_1.json"),
        f"{SENANDIKA}&numericFilters=created_at_i<={CUTS[0]}": page("hacker_news/search_2.json"),
        f"{SENANDIKA}&numericFilters=created_at_i<={CUTS[1]}": page("hacker_news/search_3.json"),
        APP: page("hacker_news/app.json"),
    }


def hits_of(pages: Mapping[str, Any], query: str = SEARCH) -> list[Any]:
    found = {
        hit["objectID"]: hit
        for route, answer in pages.items()
        if route.startswith(query)
        for hit in answer["hits"]
    }
    return sorted(found.values(), key=lambda hit: -hit["created_at_i"])


def item_of(hit: Mapping[str, Any]) -> dict[str, Any]:
    """A hit as it is asked for by id."""
    is_comment = "comment_text" in hit
    return {
        "id": int(hit["objectID"]),
        "type": "comment" if is_comment else "story",
        "author": hit["author"],
        "created_at": hit.get("created_at"),
        "created_at_i": hit["created_at_i"],
        "title": hit.get("title"),
        "text": hit.get("comment_text") or hit.get("story_text"),
        "url": hit.get("url"),
        "points": hit["points"],
        "parent_id": hit.get("parent_id"),
        "story_id": hit.get("story_id"),
        "children": [],
        "options": [],
    }


def searching(hits: list[Any], most: int = 1_000) -> Any:
    """The search as it is: the newest first, by time, `most` at once."""

    def answer(asked: Asked) -> Answer:
        assert asked.query["tags"] == "(story,comment)"
        assert asked.query["hitsPerPage"] == "1000"
        found = hits
        for bound in filter(None, asked.query.get("numericFilters", "").split(",")):
            if bound.startswith("created_at_i<="):
                found = [h for h in found if h["created_at_i"] <= int(bound[14:])]
            else:
                assert bound.startswith("created_at_i>")
                found = [h for h in found if h["created_at_i"] > int(bound[13:])]
        return as_json({"hits": found[:most], "nbHits": len(found), "hitsPerPage": most})

    return answer


def items(hits: list[Any]) -> Routes:
    return {f"GET /api/v1/items/{h['objectID']}": lambda _, h=h: as_json(item_of(h)) for h in hits}


def hacker_news(url: str, **options: Any) -> HackerNewsSource:
    return HackerNewsSource(
        name="hn",
        brand="Senandika",
        options={"url": url, **({"search": ["senandika", "senandika app"]} | options)},
    )


class TestHackerNews(HttpConformance):
    pages: ClassVar[int] = 4
    edited: ClassVar[tuple[str, str]] = ("take ages", "took three weeks")
    deleted: ClassVar[str] = "Ongkirnya"
    broken: ClassVar[dict[str, bytes]] = {
        "empty": b"",
        "web page": b"<!doctype html><title>503</title>",
        "half": b'{"hits": [{"objectID": "48',
        "an error": b'{"message": "Index is not allowed", "status": 403}',
        "no hits": b'{"nbHits": 0}',
        "null hits": b'{"hits": null, "nbHits": 0}',
        "hits that are not there": b'{"hits": [], "nbHits": 12}',
        "a list": b"[]",
        "null": b"null",
        "strange hits": b'{"hits": [3, {}, null, {"objectID": "1"}], "nbHits": 4}',
        "deep": b"[" * 200_000,
        "deep hits": b'{"hits": ' + b"[" * 200_000,
    }

    def source(self, url: str) -> HackerNewsSource:
        return hacker_news(url)

    def first_page(self) -> str:
        return SENANDIKA

    def serve(self, world: Any, state: str) -> None:
        routes = dict(self.routes(state))
        if state == "first":
            # Later runs search the last two weeks: without the cut of the recordings.
            for route, at in ((SENANDIKA, 1_780_308_005), (APP, 1_780_308_005)):
                found = [h for h in hits_of(slices(), route) if h["created_at_i"] > at - 1_209_600]
                filters = f"numericFilters=created_at_i>{at - 1_209_600}"
                routes[f"{route}&{filters}"] = searching(found)
        world.serve(routes)

    def steady(self) -> Routes:
        pages = slices()
        found = hits_of(pages, SENANDIKA)
        return {
            SENANDIKA: searching(found), APP: searching(hits_of(pages, APP)), **items(found)
        }  # fmt: skip

    def routes(self, state: str) -> Routes:
        pages = slices()
        if state == "first":
            found = hits_of(pages, SENANDIKA)
            return {route: as_json(answer) for route, answer in pages.items()} | items(found)
        found = hits_of(pages, SENANDIKA)
        app = hits_of(pages, APP)
        if state == "edited":
            (edited,) = [hit for hit in found if hit["objectID"] == "48200140"]
            edited["comment_text"] = "<p>Used them for a year. My refund took three weeks."
        elif state == "deleted":
            found = [hit for hit in found if "Ongkirnya" not in hit.get("comment_text", "")]
        return {SENANDIKA: searching(found), APP: searching(app), **items(found)}
