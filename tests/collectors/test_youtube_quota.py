"""YouTube: the units of a day, and what a refusal says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from collectors.runner import Job, collect
from store import runs
from store.engine import Store
from tests.collectors.conformance import NOW, PRIVACY, gather, rows
from tests.collectors.replay import Answer, Replay, Routes, as_json
from tests.collectors.youtube_run import OTHER, VIDEO, begun, run, said
from tests.collectors.youtube_service import (
    REPLIES,
    SEARCH,
    THREADS,
    hit,
    named,
    page,
    refusal,
    thread,
    videos,
    youtube,
)

MIDNIGHT = datetime(2026, 6, 2, 7, tzinfo=UTC)  # in Los Angeles, in summer


@pytest.mark.parametrize("reason", ["quotaExceeded", "dailyLimitExceeded"])
def test_used_up_units_end_the_run_until_midnight_pacific_time(
    sqlite_store: Store, replay: Replay, reason: str
) -> None:
    routes = {f"{THREADS}?videoId={VIDEO}": refusal(403, reason)}
    done = run(sqlite_store, replay, routes, videos=[VIDEO, OTHER])
    assert (done.status, done.retry_at, done.quota_left) == (runs.FAILED, MIDNIGHT, 0)
    assert len(replay.asked) == 1
    # Nobody asks again before.
    assert run(sqlite_store, replay, routes, videos=[VIDEO]).retry_at == MIDNIGHT
    assert replay.asked == []


def test_the_budget_of_units_is_not_passed_and_the_next_day_goes_on(
    sqlite_store: Store, replay: Replay
) -> None:
    pages = {
        f"{THREADS}?videoId={VIDEO}" + (f"&pageToken={n}" if n else ""): as_json(
            page(
                [thread(said(f"Ug{n}", hours=n), video=VIDEO, total=1)],
                str(n + 1) if n < 4 else None,
            )
        )
        for n in range(5)
    }
    replies = {f"{REPLIES}?parentId=Ug{n}": as_json(page([said(f"Ug{n}.a")])) for n in range(5)}
    known = [thread(said(f"Ug{n}", hours=n), video=VIDEO, total=1) for n in range(5)]
    routes: Routes = {**pages, **replies, THREADS: named(known)}
    spent = []
    for day in range(5):
        replay.serve(routes)
        now = NOW + timedelta(days=day)
        source = youtube(replay.url, videos=[VIDEO], daily_units=3)
        (done,) = collect(
            sqlite_store, [Job(source=source)], privacy=PRIVACY, now=lambda now=now: now
        )
        spent.append(len(replay.asked))
        assert done.status == runs.FAILED
        assert done.retry_at == MIDNIGHT + timedelta(days=day)
        assert done.quota_left == 0
        assert "the 3 units of YouTube's API for a day are used up" in (done.error or "")
    assert spent == [3] * 5
    assert len(rows(sqlite_store)) == 10


def test_units_are_counted_over_the_runs_of_a_day(sqlite_store: Store, replay: Replay) -> None:
    routes = {
        **videos({VIDEO: [begun("UgA")]}),
        f"{SEARCH}?q=kopi": as_json(page([hit(VIDEO, "2026-05-30T00:00:00Z")])),
    }
    left = [
        run(sqlite_store, replay, routes, search=["kopi"], daily_units=250).quota_left
        for _ in range(3)
    ]
    assert left == [149, 48, 48]
    assert replay.asked == []
    # Nor are they there again where all is read from the beginning.
    source = youtube(replay.url, search=["kopi"], daily_units=250)
    (again,) = gather(sqlite_store, source, full=True)
    assert (again.retry_at, again.quota_left, replay.asked) == (MIDNIGHT, 48, [])


NEW_STYLE = {
    "error": {
        "code": 400,
        "message": "API key not valid. Please pass a valid API key.",
        "errors": [{"reason": "badRequest"}],
        "details": [{"reason": "API_KEY_INVALID"}],
        "status": "INVALID_ARGUMENT",
    }
}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            refusal(400, "keyInvalid"),
            "wants a valid credential (400, keyInvalid)",
        ),
        (Answer(as_json(NEW_STYLE).body, status=400), "API_KEY_INVALID"),
        (refusal(403, "accessNotConfigured"), "403, accessNotConfigured): turn the API on"),
        (Answer(b'{"error": "invalid_request"}', status=400), "answered with status 400, inv"),
        (Answer(b'{"error": "invalid_request"}'), "answered with status 200, invalid_req"),
        (Answer(b"<html>no</html>", status=400), "status 400, which is not known"),
        (Answer(b'{"error": {"errors": {"reason": 3}}}', status=403), "refuses access (403)"),
        (Answer(b'{"error": {"errors": [{"reason": "<b>"}]}}', status=404), "not there (404)"),
        (refusal(404, "videoNotFound"), "check the option 'videos'"),
        (refusal(400, "processingFailure"), "cannot give the page it is asked for (processing"),
        (Answer(status=302, headers={"Location": "https://a.example"}), "leads elsewhere (302)"),
    ],
)
def test_errors_say_what_to_do(
    sqlite_store: Store, replay: Replay, answer: Answer, words: str, naps: list[float]
) -> None:
    done = run(sqlite_store, replay, {f"{THREADS}?videoId={VIDEO}": answer}, videos=[VIDEO])
    assert (done.status, done.retry_at) == (runs.FAILED, None)
    assert words in (done.error or "")
    assert naps == []


def test_asked_too_often_is_a_matter_of_waiting(sqlite_store: Store, replay: Replay) -> None:
    routes = {f"{THREADS}?videoId={VIDEO}": refusal(403, "rateLimitExceeded")}
    done = run(sqlite_store, replay, routes, videos=[VIDEO, OTHER])
    assert done.error == "YouTube says it is asked too often: try again later"
    assert len(replay.asked) == 1


def test_a_key_that_may_not_be_used_here_is_an_error(sqlite_store: Store, replay: Replay) -> None:
    body = {"code": 403, "errors": [{"reason": "forbidden"}], "status": "PERMISSION_DENIED",
            "details": [{"reason": "API_KEY_IP_ADDRESS_BLOCKED"}]}  # fmt: skip
    answer = Answer(as_json({"error": body}).body, status=403)
    done = run(sqlite_store, replay, {f"{THREADS}?videoId={VIDEO}": answer}, videos=[VIDEO])
    assert "API_KEY_IP_ADDRESS_BLOCKED" in (done.error or "")
