from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.sources.freshdesk import FreshdeskSource
from simak.errors import AccessDenied, ConfigurationError, SourceChanged
from simak.mention import RawMention
from simak.reasons import NOT_A_CUSTOMER
from tests.collectors.page_reading import by_id, pages_of, total
from tests.collectors.replay import Answer, Asked, Replay, as_json
from tests.collectors.test_freshdesk_conformance import (
    RATINGS,
    TICKETS,
    entry,
    freshdesk,
    rating,
    ticket,
)

NONE = as_json([])
QUIET = {TICKETS + "?filter=deleted": NONE, TICKETS + "?filter=spam": NONE, RATINGS: NONE}
STATS = {
    "first_responded_at": "2026-05-20T09:00:00+07:00",
    "resolved_at": None,
    "closed_at": "2026-05-20T11:30:00+07:00",
}


def world(*tickets: dict[str, Any], **routes: Any) -> dict[str, Any]:
    return {TICKETS: as_json(list(tickets)), **QUIET, **routes}


def read(
    replay: Replay, one: dict[str, Any], talk: list[Any], ratings: list[Any] | None = None
) -> RawMention | None:
    """The mention of a ticket of which this was said."""
    place = f"GET /api/v2/tickets/{one['id']}"
    replay.serve(
        world(one)
        | {
            f"{place}/conversations": as_json(talk),
            f"{place}/satisfaction_ratings": as_json(ratings or []),
        }
    )
    return by_id(pages_of(freshdesk(replay.url))).get(str(one["id"]))


def test_a_ticket_is_read_whole(replay: Replay) -> None:
    one = ticket(7, "Gelas pecah", stats=STATS, status=5, source=13, tags=["kurir"])
    talk = [entry("Kami ganti kak", created_at="2026-05-20T09:00:00+07:00")]
    raw = read(replay, one, talk, [rating(7, -102, "Kelamaan")])
    assert raw is not None
    assert raw.external_id == "127.0.0.1/tickets/7"
    assert (raw.text, raw.title, raw.kind, raw.channel) == (
        "Gelas pecah",
        "Tiket 7",
        "ticket",
        "whatsapp",
    )
    assert (raw.reply, raw.reply_at) == ("Kami ganti kak", datetime(2026, 5, 20, 2, tzinfo=UTC))
    assert raw.published_at == datetime(2026, 5, 20, 1, tzinfo=UTC)
    assert raw.url == f"{replay.url}/a/tickets/7"
    assert raw.attributes == {
        "status": "closed",
        "first_response_minutes": "60",
        "resolution_minutes": "210",
        "satisfaction": "bad",
        "satisfaction_comment": "Kelamaan",
        "tags": "kurir",
    }
    asked = replay.asked[0]
    assert asked.query == {
        "updated_since": "2000-01-01T00:00:00Z",
        "order_by": "updated_at",
        "order_type": "asc",
        "include": "stats,description",
        "per_page": "100",
        "page": "1",
    }


def test_a_private_note_is_never_read(replay: Replay) -> None:
    secret = "JANGAN DIBACA"
    talk = [
        entry(f"{secret} 1", private=True),
        entry(f"{secret} 2", private=None),
        entry(f"{secret} 3", private=True, incoming=True),
        entry("Kok belum dibalas?", incoming=True),
        entry(f"{secret} 4", source=8),
        entry("Maaf lama kak"),
    ]
    raw = read(replay, ticket(7, "Halo", stats=STATS), talk)
    assert raw is not None
    assert (raw.text, raw.reply) == ("Halo", "Maaf lama kak")
    outbound = ticket(7, f"{secret} 0", stats=STATS, source=10)
    raw = read(replay, outbound, talk)
    assert raw is not None
    assert (raw.text, raw.reply) == ("Kok belum dibalas?", "Maaf lama kak")
    assert secret not in str(raw)
    assert read(replay, outbound, talk[:3]) is None


def test_an_outbound_ticket_without_an_answer_is_counted(replay: Replay) -> None:
    replay.serve(world(ticket(7, "Kak, boleh minta ulasannya?", source=10)))
    assert total(pages_of(freshdesk(replay.url)), "skipped") == {NOT_A_CUSTOMER: 1}


def test_nothing_is_asked_of_a_ticket_nobody_answered(replay: Replay) -> None:
    replay.serve(world(ticket(7, "Halo")))
    assert by_id(pages_of(freshdesk(replay.url)))["7"].attributes == {"status": "open"}
    assert not any("conversations" in asked.path for asked in replay.asked)


def test_html_is_plain_text(replay: Replay) -> None:
    one = ticket(7, "", description="<p>Paket <b>rusak</b></p><p>Kapok</p>")
    del one["description_text"]
    raw = read(replay, one, [])
    assert raw is not None
    assert raw.text == "Paket rusak\nKapok"


@pytest.mark.parametrize(
    ("score", "said"), [(103, "good"), (101, "good"), (100, "neutral"), (-101, "bad")]
)
def test_ratings_have_three_kinds(replay: Replay, score: int, said: str) -> None:
    earlier = rating(7, -103, "Awalnya kesal", created_at="2026-05-01T00:00:00Z")
    raw = read(replay, ticket(7, "Halo", status=4), [], [rating(7, score), earlier])
    assert raw is not None
    assert raw.attributes["satisfaction"] == said
    assert "satisfaction_comment" not in raw.attributes


def test_a_rating_brings_its_ticket_again(replay: Replay) -> None:
    one = ticket(7, "Halo", status=5)
    replay.serve(world(one))
    *_, last = pages_of(freshdesk(replay.url))
    replay.serve(
        world()
        | {
            RATINGS: as_json([rating(7, 103, "Mantap"), rating(8, 100)]),
            "GET /api/v2/tickets/7": as_json(one),
            "GET /api/v2/tickets/7/satisfaction_ratings": as_json([rating(7, 103, "Mantap")]),
        }
    )
    found = by_id(pages_of(freshdesk(replay.url), last.cursor))
    # The other's ticket is gone for good.
    assert list(found) == ["7"]
    assert found["7"].attributes["satisfaction_comment"] == "Mantap"


def test_a_plan_without_ratings_is_not_asked_for_each_ticket(replay: Replay) -> None:
    closed = [ticket(id, "Halo", status=5) for id in (7, 8, 9)]
    refused = {
        f"GET /api/v2/tickets/{id}/satisfaction_ratings": Answer(status=403) for id in (7, 8, 9)
    }
    replay.serve(world(*closed) | refused)
    assert set(by_id(pages_of(freshdesk(replay.url)))) == {"7", "8", "9"}
    assert sum(asked.path.endswith("/satisfaction_ratings") for asked in replay.asked) == 2


def test_a_plan_without_ratings_is_noted(replay: Replay) -> None:
    replay.serve(world(ticket(7, "Halo", status=5)) | {RATINGS: Answer(status=403)})
    pages = list(pages_of(freshdesk(replay.url)))
    assert "satisfaction" not in by_id(pages)["7"].attributes
    assert "plan" in pages[-1].notes[0]


def test_a_wrong_key_is_named(replay: Replay) -> None:
    replay.serve({TICKETS: Answer(status=401), **QUIET})
    with pytest.raises(AccessDenied, match="401"):
        list(pages_of(freshdesk(replay.url), probe=True))
    assert replay.asked[0].headers["authorization"].startswith("Basic ")


def test_deleted_tickets_and_spam_lose_their_text(replay: Replay) -> None:
    gone = [ticket(7, "Halo", deleted=True), ticket(8, "Hai"), ticket(9, "Hei")]
    replay.serve(
        world(ticket(6, "Judi", spam=True))
        | {
            TICKETS + "?filter=deleted": as_json(gone),
            TICKETS + "?filter=spam": as_json([ticket(5, "Judi", spam=True)]),
            "GET /api/v2/tickets/8": as_json(ticket(8, "Hai")),
        }
    )
    found = by_id(pages_of(freshdesk(replay.url)))
    # 8 does not say that it is deleted, here or there; 9 is there no more.
    assert {id: raw.deleted for id, raw in found.items()} == dict.fromkeys("6795", True)
    assert not any(raw.text for raw in found.values())


class Desk:
    """Tickets as Freshdesk lists them; the list stops after some pages."""

    def __init__(self, tickets: list[dict[str, Any]], *, stops: int = 300) -> None:
        self.tickets, self.stops = tickets, stops
        self.given: list[int] = []

    def __call__(self, asked: Asked) -> Answer:
        page = int(asked.query["page"])
        if page > self.stops:
            return Answer(b'{"description": "Validation failed"}', status=400)
        since = asked.query["updated_since"]
        found = sorted(
            (one for one in self.tickets if one["updated_at"] >= since),
            key=lambda one: (one["updated_at"], one["id"]),
        )
        start = (page - 1) * 100
        self.given += [one["id"] for one in found[start : start + 100]]
        return as_json(found[start : start + 100])


def at(second: int) -> str:
    start = datetime(2026, 5, 1, tzinfo=UTC) + timedelta(seconds=second)
    return start.strftime("%Y-%m-%dT%H:%M:%SZ")


def collected(replay: Replay, desk: Desk, cursor: Any = None) -> tuple[list[str], list[Any]]:
    replay.serve({TICKETS: desk, **QUIET})
    pages = list(pages_of(freshdesk(replay.url), cursor))
    read = [raw.external_id.rpartition("/")[2] for page in pages for raw in page.mentions]
    return read, pages


def test_long_lists_are_read_by_the_time_they_came_to(replay: Replay) -> None:
    desk = Desk([ticket(n, "Halo", at(n // 3)) for n in range(1, 1001)], stops=1)
    read, _ = collected(replay, desk)
    assert sorted(map(int, read)) == list(range(1, 1001))
    assert len(read) == 1000  # none twice, though the border seconds came twice
    assert len(desk.given) > 1000


def test_many_tickets_of_one_second_are_neither_lost_nor_doubled(replay: Replay) -> None:
    early = [ticket(n, "Halo", at(0)) for n in range(1, 31)]
    crowd = [ticket(n, "Massal", at(60)) for n in range(31, 381)]
    late = [ticket(n, "Nanti", at(90)) for n in range(381, 391)]
    read, pages = collected(replay, Desk(early + crowd + late))
    assert sorted(map(int, read)) == list(range(1, 391))
    assert len(read) == 390
    assert not any(page.missed for page in pages)


def test_a_list_that_stops_in_a_second_is_a_gap_and_the_rest_is_read(replay: Replay) -> None:
    crowd = [ticket(n, "Massal", at(60)) for n in range(1, 1201)]
    late = [ticket(n, "Nanti", at(90)) for n in range(1201, 1211)]
    read, pages = collected(replay, Desk(crowd + late, stops=10))
    assert sorted(map(int, read)) == [*range(1, 1001), *range(1201, 1211)]
    assert [what for page in pages for what in page.missed] == [
        "the list of tickets stops after some pages, so that some of one second may be lost"
    ]
    # No later run is held up by it.
    read, _ = collected(replay, Desk(crowd + late, stops=10), pages[-1].cursor)
    assert read == []


def test_a_later_run_reads_what_changed_since(replay: Replay) -> None:
    tickets = [ticket(n, "Halo", at(n)) for n in range(1, 21)]
    _, pages = collected(replay, Desk(tickets))
    tickets[3] |= {"updated_at": at(500), "description_text": "Halo lagi"}
    tickets.append(ticket(21, "Susulan di detik yang sama", at(20)))
    desk = Desk(tickets)
    read, _ = collected(replay, desk, pages[-1].cursor)
    assert sorted(read) == ["21", "4"]
    assert len(desk.given) == 4


def test_a_run_stopped_after_a_page_goes_on_there(replay: Replay) -> None:
    desk = Desk([ticket(n, "Massal", at(5)) for n in range(1, 251)])
    replay.serve({TICKETS: desk, **QUIET})
    first, second, *_ = pages_of(freshdesk(replay.url))
    read, _ = collected(replay, desk, second.cursor)
    seen = [raw.external_id.rpartition("/")[2] for page in (first, second) for raw in page.mentions]
    assert sorted(map(int, {*seen, *read})) == list(range(1, 251))


def test_a_list_in_another_order_is_read_by_its_pages(replay: Replay) -> None:
    tickets = [ticket(n, "Halo", at(1000 - n)) for n in range(1, 151)]
    replay.serve(
        {TICKETS: as_json(tickets[:100]), TICKETS + "?page=2": as_json(tickets[100:]), **QUIET}
    )
    assert len(by_id(pages_of(freshdesk(replay.url)))) == 150


def test_pages_that_repeat_themselves_are_an_error(replay: Replay) -> None:
    replay.serve({TICKETS: as_json([ticket(n, "Halo", at(0)) for n in range(100)]), **QUIET})
    with pytest.raises(SourceChanged, match="without end"):
        list(pages_of(freshdesk(replay.url)))


@pytest.mark.parametrize("body", [b'{"tickets": []}', b'{"code": "x", "message": "Gangguan"}'])
def test_an_answer_that_is_no_list_is_an_error(replay: Replay, body: bytes) -> None:
    replay.serve({TICKETS: Answer(body), **QUIET})
    with pytest.raises(SourceChanged, match="no list"):
        list(pages_of(freshdesk(replay.url)))


def test_an_account_that_moved_is_an_error(replay: Replay) -> None:
    moved = Answer(status=301, headers={"Location": "https://lain.example/"})
    replay.serve({TICKETS: moved, **QUIET})
    with pytest.raises(SourceChanged, match="leads elsewhere"):
        list(pages_of(freshdesk(replay.url)))


def test_one_unreadable_ticket_costs_no_other(replay: Replay) -> None:
    replay.serve(world(3, {"id": None}, ticket(7, "Halo"), {"id": 8}))  # type: ignore[arg-type]
    page, *_ = pages_of(freshdesk(replay.url))
    assert ([raw.text for raw in page.mentions], len(page.bad)) == (["Halo"], 3)


def test_no_text_of_an_unreadable_ticket_is_kept_for_inspection(replay: Replay) -> None:
    wrong = ticket(7, "JANGAN DIBACA", custom_fields={"cf_catatan": "JANGAN DIBACA"}) | {"id": None}
    replay.serve(world(ticket(6, "Halo"), wrong))
    page, *_ = pages_of(freshdesk(replay.url))
    (bad,) = page.bad
    assert "JANGAN" not in str(bad.record)
    assert "'status': 2" in str(bad.record)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "'url'"),
        ({"url": ["https://a.example", "https://b.example"]}, "one address"),
        ({"url": "https://a.example"}, "'key'"),
        ({"url": "https://a.example", "password": "x"}, "'password'"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        FreshdeskSource(name="bantuan", brand="Senandika", options=options)
