from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.files.columns import recognise
from collectors.newest_first import IDLE_PAGES
from simak.errors import ConfigurationError
from simak.reasons import NO_CONTENT, NO_ID
from store import runs
from store.engine import Store
from store.runs import Run
from tests.collectors.conformance import NOW, gather, row, rows
from tests.collectors.reading import read, write
from tests.collectors.replay import Answer, Replay, Routes, as_json
from tests.collectors.trustpilot_service import (
    DOMAIN,
    FIND,
    KEY,
    OTHERS,
    REVIEWS,
    UNIT,
    by_id,
    page,
    review,
    trustpilot,
)

WAF = b"<!DOCTYPE html><html><head><title>Verifying your connection...</title></head></html>"


def run(store: Store, replay: Replay, routes: Routes, **options: Any) -> Run:
    replay.serve(routes)
    return gather(store, trustpilot(replay.url, **options))[0]


def one(id: str, *, days: float = 1, text: str = "Lama, sekali", **more: Any) -> dict[str, Any]:
    """A review of so many days ago."""
    return review(id, text, f"{NOW - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}", **more)


def test_reviews_become_mentions(sqlite_store: Store, replay: Replay) -> None:
    reply = {"text": "Terima kasih Kak", "createdAt": "2026-06-01T06:00:00.000Z", "updatedAt": None}
    full = one(
        "a1",
        stars=2,
        text="Dingin, datang dingin semua",
        companyReply=reply,
        isVerified=True,
        updatedAt="2026-06-01T09:00:00Z",
    )
    stars_alone = one("a2", text="", stars=5)
    run(sqlite_store, replay, {REVIEWS: as_json(page([full, stars_alone]))})
    found = row(sqlite_store, having="datang dingin")
    assert (found["source"], found["channel"], found["kind"]) == ("trustpilot",) * 2 + ("review",)
    assert (found["external_id"], found["stars"], found["language"]) == ("a1", 2.0, "id")
    assert found["text"] == "Dingin, datang dingin semua"
    assert found["published_at"] == datetime(2026, 5, 31, 12, tzinfo=UTC)
    assert found["edited_at"] == datetime(2026, 6, 1, 9, tzinfo=UTC)
    assert found["reply"] == "Terima kasih Kak"
    assert found["reply_at"] == datetime(2026, 6, 1, 6, tzinfo=UTC)
    assert found["url"] == "https://www.trustpilot.com/reviews/a1"
    assert found["attributes"] == {"verified": "yes"}
    assert sorted(r["stars"] for r in rows(sqlite_store)) == [2.0, 5.0]


def test_the_key_is_in_no_address_and_goes_to_no_other_host(
    sqlite_store: Store, replay: Replay
) -> None:
    routes = {
        f"{REVIEWS}?page=1": as_json(page([one("a1")], 2)),
        f"{REVIEWS}?page=2": as_json(page([one("a2", days=2)])),
    }
    assert run(sqlite_store, replay, routes).new == 2
    first, second = replay.asked
    assert first.headers["apikey"] == KEY
    assert KEY not in str(first.query)
    assert first.query == {
        "orderBy": "createdat.desc",
        "perPage": "100",
        "page": "1",
        "includeReportedReviews": "true",
    }
    assert second.query["page"] == "2"
    elsewhere = {REVIEWS: Answer(status=302, headers={"Location": "{url}/v1/elsewhere"})}
    done = run(sqlite_store, replay, elsewhere)
    assert "leads elsewhere (302)" in (done.error or "")
    assert len(replay.asked) == 1


def test_a_full_page_is_followed_without_a_link(sqlite_store: Store, replay: Replay) -> None:
    full = [one(f"a{n}", days=n / 100) for n in range(100)]
    routes = {
        f"{REVIEWS}?page=1": as_json({"reviews": full}),
        f"{REVIEWS}?page=2": as_json({"reviews": []}),
    }
    assert run(sqlite_store, replay, routes).new == 100
    assert replay.unused() == []


def test_a_company_is_found_once_by_its_domain(sqlite_store: Store, replay: Replay) -> None:
    routes = {
        f"{FIND}?name={DOMAIN}": as_json({"id": UNIT}),
        REVIEWS: as_json(page([one("a1")])),
    }
    assert run(sqlite_store, replay, routes, domains=[DOMAIN.upper()]).new == 1
    again = run(sqlite_store, replay, {REVIEWS: routes[REVIEWS]}, domains=[DOMAIN])
    assert (again.status, again.unchanged) == (runs.DONE, 1)


def test_a_company_that_is_not_there_is_named_and_others_are_read(
    sqlite_store: Store, replay: Replay
) -> None:
    routes = {FIND: Answer(status=404), REVIEWS: as_json(page([one("a1")]))}
    done = run(sqlite_store, replay, routes, domains=[DOMAIN], business_units=[UNIT])
    assert (done.status, done.new) == (runs.FAILED, 1)
    assert f"knows no company '{DOMAIN}' (404)" in (done.error or "")
    nameless = run(sqlite_store, replay, {FIND: as_json({"name": "x"})}, domains=[DOMAIN])
    assert "has no id" in (nameless.error or "")


def test_languages_are_asked_for_one_by_one(sqlite_store: Store, replay: Replay) -> None:
    routes = {
        f"{REVIEWS}?language=id": as_json(page([one("a1")])),
        f"{REVIEWS}?language=en": as_json(page([one("a2", language="en")])),
    }
    options = {"business_units": [UNIT], "languages": ["id", "en"]}
    done = run(sqlite_store, replay, routes, **options)
    assert (done.new, replay.unused()) == (2, [])
    assert done.asked.endswith(f"business unit {UNIT} (id), business unit {UNIT} (en)")


@pytest.mark.parametrize(("status", "word"), [(200, "web page"), (403, "refuses access (403)")])
def test_the_wall_of_the_web_pages_says_what_to_do(
    sqlite_store: Store, replay: Replay, status: int, word: str
) -> None:
    done = run(sqlite_store, replay, {REVIEWS: Answer(WAF, status=status)})
    assert done.status == runs.FAILED
    assert word in (done.error or "")
    assert "import its CSV export" in (done.error or "")


def test_a_late_reply_and_a_late_edit_are_found(sqlite_store: Store, replay: Replay) -> None:
    first = {
        f"{REVIEWS}?page=1": as_json(page([one("a1")], 2)),
        f"{REVIEWS}?page=2": as_json(page([one("a2", days=20), one("a3", days=25)])),
    }
    run(sqlite_store, replay, first)
    reply = {"text": "Sudah kami ganti ya Kak", "createdAt": "2026-06-01T06:00:00Z"}
    changed = [
        one("a2", days=20, companyReply=reply),
        one("a3", days=25, text="Lama, tapi sudah beres", updatedAt="2026-06-01T07:00:00Z"),
    ]
    later = first | {f"{REVIEWS}?page=2": as_json(page(changed))}
    done = run(sqlite_store, replay, later)
    assert (done.status, done.edited) == (runs.DONE, 2)
    stored = {r["external_id"]: r for r in rows(sqlite_store)}
    assert stored["a2"]["reply"] == "Sudah kami ganti ya Kak"
    assert "sudah beres" in stored["a3"]["text"]


def test_what_is_known_is_not_read_again_beyond_a_month(
    sqlite_store: Store, replay: Replay
) -> None:
    routes = {
        f"{REVIEWS}?page={n}": as_json(page([one(f"a{n}", days=20 * n)], n + 1 if n < 5 else None))
        for n in range(1, 6)
    }
    assert run(sqlite_store, replay, routes).new == 5
    assert run(sqlite_store, replay, routes).unchanged == 3
    assert [asked.query["page"] for asked in replay.asked] == ["1", "2", "3"]


def test_a_review_that_moves_over_the_border_of_a_page_is_not_lost(
    sqlite_store: Store, replay: Replay
) -> None:
    known = [one(f"a{n}", days=n) for n in range(1, 7)]

    def served(reviews: list[Any]) -> Routes:
        return {
            f"{REVIEWS}?page={n}": as_json(
                page(reviews[2 * n - 2 : 2 * n], n + 1 if 2 * n < len(reviews) else None)
            )
            for n in (1, 2, 3)
        }

    replay.serve(served(known))
    for _ in range(2):
        gather(sqlite_store, trustpilot(replay.url), max_items=1)
    # One that was read is deleted before the third page is.
    left = [known[0], *known[2:]]
    replay.serve({**served(left), "GET /v1/reviews/a2": Answer(status=404)})
    (done,) = gather(sqlite_store, trustpilot(replay.url))
    assert (done.status, done.deleted) == (runs.DONE, 1)
    assert {r["external_id"] for r in rows(sqlite_store)} == {f"a{n}" for n in range(1, 7)}


def test_vanished_and_reported_reviews(sqlite_store: Store, replay: Replay) -> None:
    known = {f"a{n}": one(f"a{n}", days=n) for n in range(1, 5)}
    run(sqlite_store, replay, {REVIEWS: as_json(page(list(known.values())))})
    routes = {
        REVIEWS: as_json(page([known["a1"]])),
        **by_id({"a2": known["a2"] | {"status": "Reported"}, "a4": known["a4"]}),
        "GET /v1/reviews/a3": Answer(status=404),
    }
    done = run(sqlite_store, replay, routes)
    assert (done.status, done.edited, done.deleted, done.unchanged) == (runs.DONE, 1, 1, 2)
    stored = {r["external_id"]: r for r in rows(sqlite_store)}
    assert stored["a2"]["attributes"]["status"] == "reported"
    assert stored["a2"]["text"]
    assert (stored["a3"]["text"], stored["a3"]["deleted_at"]) == ("", NOW)
    # Set free, it is read as before; taken away, it loses its text.
    back = {REVIEWS: as_json(page([known["a1"], known["a2"], known["a4"] | {"status": "removed"}]))}
    done = run(sqlite_store, replay, back)
    assert (done.edited, done.deleted) == (1, 1)


def test_many_that_vanish_at_once_are_not_believed(sqlite_store: Store, replay: Replay) -> None:
    known = [one(f"a{n}", days=n / 10) for n in range(26)]
    run(sqlite_store, replay, {REVIEWS: as_json(page(known))})
    gone = {f"GET /v1/reviews/a{n}": Answer(status=404) for n in range(26)}
    done = run(sqlite_store, replay, {REVIEWS: as_json(page(known[:1])), **gone})
    assert (done.status, done.deleted) == (runs.DONE, 0)
    assert "knows none of 25 recent reviews" in str(done.notes)


def test_no_review_is_asked_for_where_its_company_could_not_be_read(
    sqlite_store: Store, replay: Replay
) -> None:
    options = {"business_units": [UNIT, OTHERS.split("/")[3]]}
    routes = {REVIEWS: as_json(page([one("a1")])), OTHERS: as_json(page([one("b1")]))}
    assert run(sqlite_store, replay, routes, **options).new == 2
    done = run(sqlite_store, replay, routes | {OTHERS: Answer(WAF)}, **options)
    assert (done.status, done.deleted) == (runs.FAILED, 0)
    assert not any("/v1/reviews/" in asked.path for asked in replay.asked)


def test_the_end_of_what_is_given_is_told(
    sqlite_store: Store, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = {
        f"{REVIEWS}?page=1": as_json(page([one("a1")], 2)),
        f"{REVIEWS}?page=2": Answer(b'{"message": "page too high"}', status=400),
    }
    done = run(sqlite_store, replay, refused)
    assert (done.status, done.new) == (runs.DONE, 1)
    assert "gives no reviews after page 1" in str(done.notes)
    wrong = run(sqlite_store, replay, {f"{REVIEWS}?page=1": Answer(status=400)})
    assert "status 400" in (wrong.error or "")
    monkeypatch.setattr("collectors.sources.trustpilot.PAGES", 1)
    done = run(sqlite_store, replay, {REVIEWS: as_json(page([one("a1")], 2))})
    assert (done.status, len(replay.asked)) == (runs.DONE, 1)
    assert "gives no reviews after page 1" in str(done.notes)


def test_pages_without_end_are_an_error(sqlite_store: Store, replay: Replay) -> None:
    done = run(sqlite_store, replay, {REVIEWS: as_json(page([one("a1")], 2))})
    assert done.status == runs.FAILED
    assert "without end" in (done.error or "")
    assert len(replay.asked) == IDLE_PAGES + 2


def test_what_cannot_be_read_is_told_apart(sqlite_store: Store, replay: Replay) -> None:
    reviews = [one("a1"), {"stars": 5}, {"id": "a2", "stars": 9}, one("a3", title=None, text="")]
    done = run(sqlite_store, replay, {REVIEWS: as_json(page(reviews))})
    assert (done.status, done.new) == (runs.DONE, 2)
    assert done.skipped == {NO_ID: 1, NO_CONTENT: 1}


def test_nobody_wrote_a_review(sqlite_store: Store, replay: Replay) -> None:
    done = run(sqlite_store, replay, {REVIEWS: as_json(page([]))})
    assert (done.status, done.got) == (runs.DONE, 0)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"languages": "id"}, "give 'domains', 'business_units' or both"),
        ({"domains": "https://senandika.example"}, "'domains': 'https://senandika.example' is no"),
        ({"business_units": "a/../b"}, "'business_units': 'a/../b' is no id"),
        ({"domains": DOMAIN, "languages": "Indonesia"}, "'languages': 'Indonesia' is no"),
        ({"domains": DOMAIN, "url": "trustpilot"}, "must be an address"),
        ({"domains": DOMAIN, "stars": 5}, "'stars' is not known"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=r"source 'tp'") as error:
        trustpilot("http://127.0.0.1:9", **options)
    assert words in str(error.value)


EXPORT = """\
Review Id,Review Created (UTC),Review Stars,Review Title,Review Content,Review Username,\
Business Reply Date (UTC),Referral Email
a1,2026-05-31 12:00:00,1,Lama,"Lama, sekali",Sari,2026-06-01 06:00:00,sari@mail.example
a2,2026-05-30 12:00:00,5,Enak,Enak banget kopinya,Budi,,
"""


def test_the_export_is_imported_as_the_same_reviews(tmp_path: Path) -> None:
    found = read(write(tmp_path / "reviews.csv", EXPORT))
    assert (found.source.source, found.bad, found.rows) == ("trustpilot", [], 2)
    first, second = found.mentions
    assert (first.external_id, first.stars, first.text) == ("a1", 1.0, "Lama, sekali")
    assert (first.title, first.author, first.channel) == ("Lama", "Sari", "trustpilot")
    assert first.published_at == datetime(2026, 5, 31, 12, tzinfo=UTC)
    assert first.reply_at == datetime(2026, 6, 1, 6, tzinfo=UTC)
    assert (second.reply_at, second.attributes) == (None, {})
    assert recognise(EXPORT.splitlines()[0].split(",")).left_out == ("Referral Email",)
