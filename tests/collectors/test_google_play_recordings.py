"""Google Play against recorded answers of the real service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from store import runs
from store.engine import Store
from tests.collectors.conformance import gather, rows
from tests.collectors.google_play_service import answer, framed, payload, play, review, route
from tests.collectors.replay import Answer, Replay

TRANSLATE = "com.google.android.apps.translate"


def recorded(shared: Path, name: str) -> bytes:
    return (shared / "fixtures" / "google_play" / name).read_bytes()


def content(body: bytes) -> list[Any]:
    frames = json.loads(body.partition(b"\n\n")[2])
    found: list[Any] = json.loads(frames[0][2])
    return found


def test_a_page_of_150_in_both_shapes(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    body = recorded(shared, "translate-initial.txt")
    reviews, (_, token) = content(body)
    first, following = route(app=TRANSLATE), route(token, app=TRANSLATE)
    bodies = [body, framed([reviews, [None, None], [7, token], []], "oCPfdb", chunked=True)]
    for number, page in enumerate(bodies):
        last = answer([review("terakhir", "Sip", time=1_700_000_000)])
        replay.serve({first: Answer(page), following: last})
        run = gather(sqlite_store, play(replay.url, apps=TRANSLATE))[0]
        assert (run.status, run.skipped, run.edited) == (runs.DONE, {}, 0)
        assert run.new == (0 if number else 151)
        # What is a week older than the newest ends the second.
        assert len(replay.asked) == 2
    found = [one for one in rows(sqlite_store) if one["external_id"] != "terakhir"]
    assert {one["external_id"] for one in found} == {one[0] for one in reviews}
    assert len(found) == 150
    assert sum(one["reply"] is not None for one in found) == 42
    assert sum(one["version"] is None for one in found) == 33
    assert any(one["reply"] and one["reply_at"] < one["published_at"] for one in found)
    assert all(one["text"] and one["stars"] and one["published_at"] for one in found)
    assert {one["text"] for one in found} >= {"جميل بس ما فيه أوف لاين ترجمة", "niec"}


def test_a_recorded_page_whose_token_is_lost(
    sqlite_store: Store, replay: Replay, shared: Path
) -> None:
    reviews, _ = content(recorded(shared, "translate-initial.txt"))
    for lost in (payload(reviews), [reviews], [reviews, None], [reviews, []]):
        replay.serve({route(app=TRANSLATE): Answer(framed(lost))})
        run = gather(sqlite_store, play(replay.url, apps=TRANSLATE))[0]
        assert run.status == runs.FAILED
        assert "without the token" in (run.error or "")
    assert len(rows(sqlite_store)) == 150


def test_chunks_of_another_call(sqlite_store: Store, replay: Replay, shared: Path) -> None:
    body = recorded(shared, "batch-chunked.txt")
    replay.serve({route(): Answer(body)})
    run = gather(sqlite_store, play(replay.url))[0]
    assert (run.status, run.got) == (runs.FAILED, 0)
    assert "without a frame of reviews" in (run.error or "")
    # The same layout around reviews.
    inner = json.dumps([[review("r1", "Oke")], [None, None]])
    call = json.dumps([["wrb.fr", "UsvDTd", inner, None, None, None, "generic"], ["di", 42]])
    lines = body.decode().split("\n")
    place = next(n for n, line in enumerate(lines) if "wrb.fr" in line)
    lines[place] = call
    replay.serve({route(): Answer("\n".join(lines).encode())})
    run = gather(sqlite_store, play(replay.url))[0]
    assert (run.status, run.new) == (runs.DONE, 1)
