"""Google Business Profile: what a review becomes, and what is looked for again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from collectors.gone import AT_MOST
from collectors.services.google.business import mention_of, original
from simak.errors import BadRecord, ConfigurationError
from simak.reasons import NO_CONTENT, NO_ID
from store import runs
from store.engine import Store
from store.runs import Run
from tests.collectors.conformance import NOW, gather, row, rows
from tests.collectors.google import TOKEN, TOKENS, token
from tests.collectors.replay import Answer, Asked, Replay, Routes, as_json
from tests.collectors.test_google_business_conformance import (
    FIRST,
    LATER,
    OTHER,
    PAGE,
    SECOND,
    SHOP,
    answer,
    business,
    gone,
    path,
    review,
)


def serve(replay: Replay, *reviews: Any, total: int | None, **routes: Any) -> None:
    replay.serve({TOKENS: token(), PAGE: answer(*reviews, total=total), **routes})


def run_with(store: Store, replay: Replay, *reviews: Any, total: int | None, **options: Any) -> Run:
    serve(replay, *reviews, total=total)
    return gather(store, business(replay.url, locations=SHOP), **options)[0]


def pages_asked(replay: Replay) -> list[str | None]:
    return [asked.query.get("pageToken") for asked in replay.asked if asked.path != "/token"]


def test_what_a_review_becomes(sqlite_store: Store, replay: Replay) -> None:
    run_with(sqlite_store, replay, *FIRST, *LATER, total=4)
    stored = row(sqlite_store, having="ramah")
    assert (stored["external_id"], stored["source"]) == ("r2", "google_business")
    assert (stored["channel"], stored["kind"], stored["stars"]) == ("google_maps", "review", 5)
    assert stored["published_at"] == NOW - timedelta(days=3)
    assert stored["edited_at"] is None
    assert stored["reply"] == "Makasih kak Dewi!"
    assert stored["reply_at"].isoformat() == "2026-05-31T09:00:00+00:00"
    assert stored["attributes"] == {"location": SHOP}
    assert stored["author_key"]
    (stars,) = [one for one in rows(sqlite_store) if one["external_id"] == "r3"]
    assert (stars["text"], stars["stars"], stars["reply"]) == ("", 4, None)


def test_requests_are_as_published(sqlite_store: Store, replay: Replay) -> None:
    run_with(sqlite_store, replay, *FIRST, total=2)
    asked = replay.asked[-1]
    assert asked.query == {"pageSize": "50", "orderBy": "updateTime desc"}
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("(Translated by Google) Dirty table\n\n(Original)\nMeja kotor", "Meja kotor"),
        ("Meja kotor\n\n(Translated by Google)\nDirty table", "Meja kotor"),
        ("Meja kotor", "Meja kotor"),
        ("(Translated by Google) Dirty\n\n(Original)\nKotor (Original) banget",
         "Kotor (Original) banget"),
        ("(Translated by Google) Dirty table", "Dirty table"),
        ("(Translated by Google) Dirty table\n\n(Original)\n", "Dirty table"),
        ("(Original) resep nenek", "(Original) resep nenek"),
    ],
)  # fmt: skip
def test_the_original_is_kept(text: str, kept: str) -> None:
    assert original(text) == kept
    both = mention_of(review("r", text, 1, reply=text), SHOP)
    assert (both.text, both.reply) == (kept, kept)


def test_no_name_of_an_anonymous_reviewer_is_kept() -> None:
    one = review("r", "Oke", 1)
    one["reviewer"]["isAnonymous"] = True
    assert mention_of(one, SHOP).author is None


def test_an_edit_has_its_time() -> None:
    one = mention_of(review("r", "Oke", 9, changed=2), SHOP)
    assert (one.published_at, one.edited_at) == (NOW - timedelta(days=9), NOW - timedelta(days=2))


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"reviewId": "r", "starRating": "STAR_RATING_UNSPECIFIED"}, NO_CONTENT),
        ({"reviewId": "r", "starRating": 5}, NO_CONTENT),
        ({"starRating": "FIVE"}, NO_ID),
    ],
)
def test_reviews_that_say_nothing(record: Any, reason: str) -> None:
    with pytest.raises(BadRecord, match=reason):
        mention_of(record, SHOP)


def test_a_location_without_reviews_is_no_error(sqlite_store: Store, replay: Replay) -> None:
    replay.serve({TOKENS: token(), PAGE: as_json({})})
    run = gather(sqlite_store, business(replay.url, locations=SHOP))[0]
    assert (run.status, run.got) == (runs.DONE, 0)


def test_a_count_without_reviews_is_said(sqlite_store: Store, replay: Replay) -> None:
    replay.serve({TOKENS: token(), PAGE: as_json({"totalReviewCount": 8, "averageRating": 4})})
    run = gather(sqlite_store, business(replay.url, locations=SHOP))[0]
    assert [note for note in run.notes if "counts 8 more than it shows" in note]


def flaky(pages: dict[str | None, list[Answer]]) -> Callable[[Asked], Answer]:
    """Answers that come in turn, by the page that is asked for."""

    def service(asked: Asked) -> Answer:
        answers = pages[asked.query.get("pageToken")]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    return service


def test_what_a_later_page_missed_is_found_by_another_look(
    sqlite_store: Store, replay: Replay
) -> None:
    page_1 = answer(*FIRST, total=4, after="hal-2")
    page_2 = [answer(LATER[0], total=4), answer(*LATER, total=4)]
    replay.serve({TOKENS: token(), PAGE: flaky({None: [page_1], "hal-2": page_2})})
    run = gather(sqlite_store, business(replay.url, locations=SHOP))[0]
    assert (run.status, run.new) == (runs.DONE, 4)
    assert not [note for note in run.notes if "lost" in note]
    assert pages_asked(replay) == [None, "hal-2", None, "hal-2"]


def test_what_no_look_finds_is_said_and_not_looked_for_every_night(
    sqlite_store: Store, replay: Replay
) -> None:
    run = run_with(sqlite_store, replay, *FIRST, total=4)
    assert [note for note in run.notes if "counts 2 more than it shows" in note]
    assert len(pages_asked(replay)) == 2
    later = run_with(sqlite_store, replay, *FIRST, total=4)
    assert [note for note in later.notes if "counts 2 more than it shows" in note]
    assert len(pages_asked(replay)) == 1


def test_a_count_that_does_not_add_up_makes_it_look_at_all(
    sqlite_store: Store, replay: Replay
) -> None:
    old = review("r0", "Dulu enak", 400)
    pages = {
        PAGE: answer(*FIRST, total=4, after="dua"),
        f"{PAGE}?pageToken=dua": answer(*LATER, total=4),
    }
    replay.serve({TOKENS: token(), **pages})
    gather(sqlite_store, business(replay.url, locations=SHOP))
    # One of long ago is let in now: nothing on the first page tells.
    pages = {
        PAGE: answer(*FIRST, total=5, after="dua"),
        f"{PAGE}?pageToken=dua": answer(*LATER, total=5, after="tiga"),
        f"{PAGE}?pageToken=tiga": answer(old, total=5),
    }
    replay.serve({TOKENS: token(), **pages})
    run = gather(sqlite_store, business(replay.url, locations=SHOP))[0]
    assert (run.status, run.new) == (runs.DONE, 1)
    assert not [note for note in run.notes if "lost" in note]


def test_what_is_new_adds_up(sqlite_store: Store, replay: Replay) -> None:
    pages = {
        PAGE: answer(*FIRST, total=4, after="dua"),
        f"{PAGE}?pageToken=dua": answer(*LATER, total=4, after="tiga"),
        f"{PAGE}?pageToken=tiga": answer(total=4),
    }
    replay.serve({TOKENS: token(), **pages})
    gather(sqlite_store, business(replay.url, locations=SHOP))
    new = review("r9", "Wifi kenceng", 0)
    pages[PAGE] = answer(new, *FIRST, total=5, after="dua")
    pages[f"{PAGE}?pageToken=dua"] = answer(*LATER, total=5, after="tiga")
    replay.serve({TOKENS: token(), **pages})
    run = gather(sqlite_store, business(replay.url, locations=SHOP))[0]
    assert run.new == 1
    # All of the second page is older than what is read again, and the third is not asked for.
    assert pages_asked(replay) == [None, "dua"]


def test_a_location_is_read_whole_once_a_week(sqlite_store: Store, replay: Replay) -> None:
    def pages(reply: str | None) -> Routes:
        older = review("r5", "Toiletnya bersih", 90, reply=reply)
        return {
            TOKENS: token(),
            PAGE: answer(*FIRST, total=4, after="dua"),
            f"{PAGE}?pageToken=dua": answer(LATER[1], total=4, after="tiga"),
            f"{PAGE}?pageToken=tiga": answer(older, total=4),
        }

    source = business(replay.url, locations=SHOP)
    for day, reply in ((0, None), (3, "Terima kasih"), (8, "Terima kasih")):
        replay.serve(pages(reply))
        gather(sqlite_store, source, now=lambda day=day: NOW + timedelta(days=day))
        stored = row(sqlite_store, having="Toiletnya")
        assert stored["reply"] == (reply if day == 8 else None)


def test_a_review_that_is_only_not_listed_stays(sqlite_store: Store, replay: Replay) -> None:
    run_with(sqlite_store, replay, *FIRST, total=2)
    serve(replay, FIRST[0], total=2, **{f"{PAGE}/r2": as_json(FIRST[1])})
    run = gather(sqlite_store, business(replay.url, locations=SHOP))[0]
    assert (run.status, run.deleted) == (runs.DONE, 0)
    assert row(sqlite_store, having="ramah")


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"error": {"status": "ABORTED"}}'])
def test_a_404_of_another_kind_deletes_nothing(
    sqlite_store: Store, replay: Replay, body: bytes
) -> None:
    run_with(sqlite_store, replay, *FIRST, total=2)
    serve(replay, FIRST[0], total=2, **{f"{PAGE}/r2": Answer(body, status=404)})
    run = gather(sqlite_store, business(replay.url, locations=SHOP))[0]
    assert (run.status, run.deleted) == (runs.FAILED, 0)


def test_too_many_at_once_are_no_deletions(sqlite_store: Store, replay: Replay) -> None:
    many = [review(f"m{number}", "Oke", 1) for number in range(AT_MOST + 1)]
    run_with(sqlite_store, replay, *many, total=len(many))
    run = run_with(sqlite_store, replay, total=0)
    assert (run.status, run.deleted) == (runs.DONE, 0)
    assert [note for note in run.notes if "recent ones are not listed" in note]


@pytest.mark.parametrize("nothing", [{}, {"totalReviewCount": 4, "averageRating": 4}])
def test_none_all_at_once_is_an_error(sqlite_store: Store, replay: Replay, nothing: Any) -> None:
    old = [review(f"t{number}", "Oke", 40 + number) for number in range(4)]
    run_with(sqlite_store, replay, *old, total=4)
    before = rows(sqlite_store)
    for _ in range(2):
        replay.serve({TOKENS: token(), PAGE: as_json(nothing)})
        run = gather(sqlite_store, business(replay.url, locations=SHOP))[0]
        assert (run.status, run.deleted) == (runs.FAILED, 0)
        assert "counted 4 before and gives none now" in (run.error or "")
    assert rows(sqlite_store) == before
    assert run_with(sqlite_store, replay, *old, total=4).status == runs.DONE
    replay.serve({TOKENS: token(), PAGE: as_json({})})
    source = business(replay.url, locations=SHOP)
    assert gather(sqlite_store, source, full=True)[0].status == runs.DONE
    assert gather(sqlite_store, source)[0].status == runs.DONE


def test_the_last_ones_are_deleted_where_each_is_gone(sqlite_store: Store, replay: Replay) -> None:
    run_with(sqlite_store, replay, *FIRST, total=2)
    routes = {f"{PAGE}/{name}": gone() for name in ("r1", "r2")}
    for deleted in (2, 0):
        replay.serve({TOKENS: token(), PAGE: as_json({}), **routes})
        run = gather(sqlite_store, business(replay.url, locations=SHOP))[0]
        assert (run.status, run.deleted) == (runs.DONE, deleted)


def test_a_location_that_takes_several_runs_comes_to_its_end(
    sqlite_store: Store, replay: Replay
) -> None:
    whole = [review(f"b{number}", f"Ulasan {number}", number / 10) for number in range(600)]

    def service(asked: Asked) -> Answer:
        start = int(asked.query.get("pageToken", "0"))
        after = str(start + 50) if start + 50 < len(whole) else None
        return answer(*whole[start : start + 50], total=len(whole), after=after)

    replay.serve({TOKENS: token(), PAGE: service})
    source = business(replay.url, locations=SHOP)
    done = [gather(sqlite_store, source, max_items=250)[0] for _ in range(3)]
    assert len(rows(sqlite_store)) == 600
    assert "stopped after" not in " ".join(done[-1].notes)
    # Neither lost nor looked for again, though the last run read a part.
    assert not [note for run in done for note in run.notes if "lost" in note]
    assert not [asked for asked in replay.asked if "/reviews/" in asked.path]


@pytest.mark.parametrize(
    ("state", "kept"), [("PENDING", None), ("REJECTED", None), ("APPROVED", "Makasih kak Dewi!")]
)
def test_a_reply_that_nobody_can_read_is_none(state: str, kept: str | None) -> None:
    one = review("r", "Oke", 1, reply="Makasih kak Dewi!")
    one["reviewReply"]["reviewReplyState"] = state
    found = mention_of(one, SHOP)
    assert (found.reply, found.reply_at is None) == (kept, kept is None)


def test_a_lost_page_begins_again(sqlite_store: Store, replay: Replay, naps: list[float]) -> None:
    page_1, page_2 = answer(*FIRST, total=4, after="dua"), answer(*LATER, total=4)
    replay.serve({TOKENS: token(), PAGE: page_1, f"{PAGE}?pageToken=dua": Answer(status=500)})
    assert gather(sqlite_store, business(replay.url, locations=SHOP))[0].status == runs.FAILED
    refused = Answer(b'{"error": {"status": "INVALID_ARGUMENT"}}', status=400)
    replay.serve({TOKENS: token(), PAGE: page_1, f"{PAGE}?pageToken=dua": [refused, page_2]})
    assert gather(sqlite_store, business(replay.url, locations=SHOP))[0].status == runs.DONE
    assert len(rows(sqlite_store)) == 4


def test_pages_without_end_are_an_error(sqlite_store: Store, replay: Replay) -> None:
    replay.serve({TOKENS: token(), PAGE: answer(*FIRST, total=2, after="dua")})
    run = gather(sqlite_store, business(replay.url, locations=SHOP))[0]
    assert "without end" in (run.error or "")


def test_one_location_that_is_closed_does_not_stop_the_other(
    sqlite_store: Store, replay: Replay
) -> None:
    replay.serve({TOKENS: token(), PAGE: gone(), path(SECOND): answer(*OTHER, total=1)})
    run = gather(sqlite_store, business(replay.url))[0]
    assert (run.status, run.new) == (runs.FAILED, 1)
    assert SHOP in (run.error or "")


@pytest.mark.parametrize(
    "given",
    [token(expires_in="3599.5"), Answer(token().body.decode().encode("utf-16"))],
)
def test_a_token_that_cannot_be_read_is_no_mistake_of_ours(
    sqlite_store: Store, replay: Replay, given: Answer
) -> None:
    replay.serve({TOKENS: given})
    run = gather(sqlite_store, business(replay.url))[0]
    assert "Google gives no token" in (run.error or "")


def test_a_refresh_token_that_was_withdrawn(sqlite_store: Store, replay: Replay) -> None:
    refused = Answer(b'{"error": "invalid_grant", "error_description": "x"}', status=400)
    replay.serve({TOKENS: refused})
    run = gather(sqlite_store, business(replay.url))[0]
    assert "(400, invalid_grant): the key or the refresh token was withdrawn" in (run.error or "")


def test_an_unreadable_review_is_counted_as_shown(sqlite_store: Store, replay: Replay) -> None:
    run = run_with(sqlite_store, replay, {"starRating": "ONE"}, *FIRST, total=3)
    assert (run.status, run.new, run.skipped) == (runs.DONE, 2, {NO_ID: 1})
    assert not [note for note in run.notes if "lost" in note]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"locations": []}, "'locations' is missing"),
        ({"locations": "Senandika Bandung"}, "no name of a location"),
        ({"refresh_token": ""}, "'refresh_token' must be a text"),
        ({"kunci": "x"}, "'kunci' is not known"),
        ({"token_uri": "google"}, "must be an address"),
    ],
)
def test_wrong_options(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        business("https://api.example", **changes)
