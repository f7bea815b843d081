"""YouTube's answers about a few fictional videos, for the tests of its source."""

from __future__ import annotations

from typing import Any

from collectors.sources.youtube import YouTubeSource
from tests.collectors.replay import Answer, Asked, Routes, as_json

KEY = "AIzaSy-kunci-rahasia-4471"
OWN = "UCsenandikaresmi00000000"
CHANNEL = "UCkopikeliling0000000000"
UPLOADS = "UUkopikeliling0000000000"
THREADS = "GET /youtube/v3/commentThreads"
REPLIES = "GET /youtube/v3/comments"
CHANNELS = "GET /youtube/v3/channels"
PLAYLIST = "GET /youtube/v3/playlistItems"
SEARCH = "GET /youtube/v3/search"


def comment(
    id: str,
    text: str,
    at: str,
    *,
    author: str = "@budi-kopi",
    channel: str = "UCbudi000000000000000000",
    updated: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    return {
        "kind": "youtube#comment",
        "id": id,
        "snippet": {
            "authorDisplayName": author,
            "authorChannelId": {"value": channel},
            "textDisplay": text,
            "textOriginal": text,
            "likeCount": 0,
            "publishedAt": at,
            "updatedAt": updated or at,
            **more,
        },
    }


def thread(
    top: dict[str, Any],
    replies: list[dict[str, Any]] | None = None,
    *,
    video: str,
    total: int | None = None,
) -> dict[str, Any]:
    replies = replies or []
    found: dict[str, Any] = {
        "kind": "youtube#commentThread",
        "id": top["id"],
        "snippet": {
            "videoId": video,
            "topLevelComment": top,
            "totalReplyCount": len(replies) if total is None else total,
            "isPublic": True,
        },
    }
    return found | ({"replies": {"comments": replies}} if replies else {})


def page(items: list[Any], token: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": "youtube#listResponse",
        # As YouTube counts: what is on the page.
        "pageInfo": {"totalResults": len(items), "resultsPerPage": len(items)},
        "items": items,
    }
    return found | ({"nextPageToken": token} if token else {})


def upload(video: str, at: str) -> dict[str, Any]:
    return {
        "kind": "youtube#playlistItem",
        "snippet": {"publishedAt": at, "resourceId": {"videoId": video}},
        "contentDetails": {"videoId": video, "videoPublishedAt": at},
    }


def hit(video: str, at: str) -> dict[str, Any]:
    return {
        "kind": "youtube#searchResult",
        "id": {"kind": "youtube#video", "videoId": video},
        "snippet": {"publishedAt": at, "title": "Nyobain Senandika"},
    }


def refusal(status: int, reason: str, message: str = "no") -> Answer:
    error = {"code": status, "message": message, "errors": [{"reason": reason}]}
    return Answer(as_json({"error": error}).body, status=status)


def named(threads: list[dict[str, Any]]) -> Any:
    """What answers who asks for threads by id."""
    known = {one["id"]: one for one in threads}

    def answer(asked: Asked) -> Answer:
        ids = asked.query["id"].split(",")
        assert len(ids) <= 50
        return as_json(page([known[id] for id in ids if id in known]))

    return answer


def videos(pages: dict[str, list[dict[str, Any]]]) -> Routes:
    """Routes of videos, each with one page of threads."""
    everything = [one for threads in pages.values() for one in threads]
    return {
        **{f"{THREADS}?videoId={id}": as_json(page(threads)) for id, threads in pages.items()},
        THREADS: named(everything),
    }


def youtube(at: str, **options: Any) -> YouTubeSource:
    return YouTubeSource(
        name="video",
        brand="Senandika",
        options={"key": KEY, "url": at, "own_channels": [OWN], **options},
    )
