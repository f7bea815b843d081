"""Posts as X lists and looks them up, and a run over them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.runner import Job, collect
from store.engine import Store
from store.runs import Run
from tests.collectors.conformance import NOW, PRIVACY
from tests.collectors.replay import Answer, Asked, Replay, Routes, as_json
from tests.collectors.test_x_conformance import no_such, x

EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657_000, tzinfo=UTC)


def id_at(at: datetime, n: int = 0) -> str:
    return str((int((at - EPOCH).total_seconds() * 1000) << 22) + n)


def post(n: int, *, at: datetime | None = None, **fields: Any) -> dict[str, Any]:
    at = at or NOW - timedelta(minutes=n)
    id = id_at(at, n)
    return {
        "id": id,
        "text": f"kopi {n}",
        "author_id": "7001",
        "lang": "in",
        "created_at": f"{at:%Y-%m-%dT%H:%M:%S}.000Z",
        "edit_history_tweet_ids": [id],
    } | fields


def pages(posts: list[dict[str, Any]]) -> Any:
    """The search as it is: the newest first, of the last seven days."""
    everything = sorted(posts, key=lambda post: -int(post["id"]))

    def answer(asked: Asked) -> Answer:
        assert not ("since_id" in asked.query and "start_time" in asked.query)
        found = [p for p in everything if int(p["id"]) > int(asked.query.get("since_id", 0))]
        if start := asked.query.get("start_time"):
            found = [p for p in found if p["created_at"] >= start]
        size = int(asked.query["max_results"])
        assert 10 <= size <= 100
        first = int(asked.query.get("next_token", 0))
        data = found[first : first + size]
        meta: dict[str, Any] = {"result_count": len(data)}
        if first + size < len(found):
            meta["next_token"] = str(first + size)
        return as_json({"data": data, "meta": meta} if data else {"meta": meta})

    return answer


def lookup(posts: list[dict[str, Any]], gone: dict[str, str] | None = None) -> Any:
    known = {post["id"]: post for post in posts}

    def answer(asked: Asked) -> Answer:
        ids = asked.query["ids"].split(",")
        told = [
            no_such(id, (gone or {}).get(id, "Not Found Error")) for id in ids if id not in known
        ]
        data = [known[id] for id in ids if id in known]
        return as_json({**({"data": data} if data else {}), **({"errors": told} if told else {})})

    return answer


def run(
    store: Store,
    replay: Replay,
    routes: Routes,
    *,
    now: datetime = NOW,
    max_items: int = 100_000,
    **options: Any,
) -> Run:
    replay.serve(routes)
    source = x(replay.url, **({"users": []} | options))
    jobs = [Job(source=source, max_items=max_items)]
    return collect(store, jobs, privacy=PRIVACY, now=lambda: now)[0]
