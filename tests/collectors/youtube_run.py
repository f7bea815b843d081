"""Comments of some hours ago, and a run over them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from store.engine import Store
from store.runs import Run
from tests.collectors.conformance import NOW, gather
from tests.collectors.replay import Replay, Routes, as_json
from tests.collectors.youtube_service import (
    CHANNELS,
    PLAYLIST,
    UPLOADS,
    comment,
    page,
    thread,
    upload,
    videos,
    youtube,
)

VIDEO, OTHER = "vidSenan001", "vidSenan002"


def run(store: Store, replay: Replay, routes: Routes, **options: Any) -> Run:
    replay.serve(routes)
    return gather(store, youtube(replay.url, **options))[0]


def said(id: str, text: str = "kopinya enak", *, hours: float = 1, **more: Any) -> dict[str, Any]:
    """A comment of so many hours ago."""
    return comment(id, text, f"{NOW - timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}", **more)


def begun(id: str, text: str = "kopinya enak", *, hours: float = 1, **more: Any) -> dict[str, Any]:
    """A thread of so many hours ago, without replies."""
    return thread(said(id, text, hours=hours, **more), video=VIDEO)


def channel_routes(pages: dict[str, list[Any]], days: dict[str, int] | None = None) -> Routes:
    """A channel with these videos, so many days old."""
    ages = days or dict.fromkeys(pages, 1)
    uploads = [upload(id, f"{NOW - timedelta(days=ages[id]):%Y-%m-%dT%H:%M:%SZ}") for id in ages]
    return {
        **videos(pages),
        CHANNELS: as_json(page([{"contentDetails": {"relatedPlaylists": {"uploads": UPLOADS}}}])),
        PLAYLIST: as_json(page(uploads)),
    }
