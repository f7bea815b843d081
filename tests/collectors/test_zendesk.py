from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.services.zendesk.tickets import channel_of
from collectors.sources.zendesk import PART, ZendeskSource
from simak.errors import AccessDenied, ConfigurationError, SourceChanged
from simak.mention import RawMention
from simak.reasons import NOT_A_CUSTOMER
from tests.collectors.page_reading import by_id, pages_of, total
from tests.collectors.replay import Answer, Replay, as_json
from tests.collectors.test_zendesk_conformance import (
    AGENT,
    BOSS,
    CUSTOMER,
    EXPORT,
    account,
    comment,
    export,
    metrics,
    service,
    ticket,
    users,
    zendesk,
)

OTHER = 777


def read(replay: Replay, one: dict[str, Any], *comments: dict[str, Any]) -> RawMention | None:
    """The mention of a ticket with these comments; without any, with its first message."""
    comments = comments or (comment(one["requester_id"], one["description"]),)
    replay.serve(
        {
            EXPORT: as_json(export([one], "A")),
            f"GET /api/v2/tickets/{one['id']}/comments.json": as_json({"comments": list(comments)}),
            "GET /api/v2/users/show_many.json": users,
        }
    )
    return by_id(pages_of(zendesk(replay.url))).get(str(one["id"]))


def answered(id: int = 5, **more: Any) -> dict[str, Any]:
    return ticket(id, "Pesanan salah", **({"metric_set": metrics(1, 30, 95)} | more))


def test_a_ticket_is_read_whole(replay: Replay) -> None:
    one = answered(
        via={"channel": "whatsapp"},
        status="solved",
        tags=["kurir", "refund"],
        satisfaction_rating={"score": "bad", "comment": "Lama banget balesnya"},
    )
    reply = comment(AGENT, "Maaf kak, kami proses", created_at="2026-05-30T02:30:00Z")
    raw = read(replay, one, comment(CUSTOMER, "Pesanan salah"), reply)
    assert raw is not None
    assert raw.external_id == "127.0.0.1/tickets/5"
    assert (raw.text, raw.title, raw.kind, raw.channel) == (
        "Pesanan salah",
        "Keluhan 5",
        "ticket",
        "whatsapp",
    )
    assert (raw.reply, raw.reply_at) == (
        "Maaf kak, kami proses",
        datetime(2026, 5, 30, 2, 30, tzinfo=UTC),
    )
    assert raw.published_at == datetime(2026, 5, 30, 2, tzinfo=UTC)
    assert raw.url == f"{replay.url}/agent/tickets/5"
    assert raw.attributes == {
        "status": "solved",
        "first_response_minutes": "30",
        "resolution_minutes": "95",
        "satisfaction": "bad",
        "satisfaction_comment": "Lama banget balesnya",
        "tags": "kurir, refund",
    }


def test_a_private_note_is_never_read(replay: Replay) -> None:
    secret = "JANGAN DIBACA"
    notes = [
        comment(CUSTOMER, f"{secret} 1", public=False),
        comment(AGENT, f"{secret} 2", public=False),
        comment(AGENT, f"{secret} 3", public=None),
        comment(CUSTOMER, "Halo, pesanan saya mana"),
        comment(AGENT, f"{secret} 4", public=False),
        comment(AGENT, "Sedang dikirim kak"),
    ]
    # The description is the first comment, private as it is.
    raw = read(replay, answered() | {"description": f"{secret} 1"}, *notes)
    assert raw is not None
    assert (raw.text, raw.reply) == ("Halo, pesanan saya mana", "Sedang dikirim kak")
    assert secret not in str(raw)
    assert read(replay, answered(is_public=False), *notes) is None
    assert read(replay, answered() | {"description": secret}, *notes[:3]) is None


def test_a_first_message_that_was_made_a_note_is_not_read(replay: Replay) -> None:
    # Nobody has answered yet, and the export does not say which message is private.
    one = ticket(5, "Nomor kartu saya 4111 JANGAN DIBACA", metric_set=metrics(0))
    raw = read(
        replay,
        one,
        comment(CUSTOMER, one["description"], public=False),
        comment(CUSTOMER, "Maaf, salah kirim. Pesanan saya mana?"),
    )
    assert raw is not None
    assert raw.text == "Maaf, salah kirim. Pesanan saya mana?"
    assert "JANGAN DIBACA" not in str(raw)


def test_no_text_of_an_unreadable_ticket_is_kept_for_inspection(replay: Replay) -> None:
    secret = "JANGAN DIBACA"
    wrong = [
        ticket(7, secret, status=None),
        ticket(8, secret, subject=None),
        ticket(9, secret, via={"source": {"from": {"address": secret}}}) | {"id": "x"},
        secret,
    ]
    only_notes = comment(CUSTOMER, "", public=True), comment(AGENT, secret, public=False)
    replay.serve(
        {
            EXPORT: as_json(export([ticket(5, "Halo"), *wrong], "A")),
            "GET /api/v2/tickets/8/comments.json": as_json({"comments": only_notes}),
        }
    )
    bad = [record for page in pages_of(zendesk(replay.url)) for record in page.bad]
    assert len(bad) == 4
    assert secret not in str([one.record for one in bad])


def test_a_ticket_that_an_agent_opened_has_the_customers_first_words(replay: Replay) -> None:
    one = ticket(5, "Kami mau mengonfirmasi alamat", submitter_id=AGENT)
    raw = read(
        replay,
        one,
        comment(AGENT, "Kami mau mengonfirmasi alamat"),
        comment(CUSTOMER, "Alamat saya salah tulis kak"),
    )
    assert raw is not None
    assert raw.text == "Alamat saya salah tulis kak"
    assert read(replay, one, comment(AGENT, "Kami mau mengonfirmasi alamat")) is None


def test_only_an_agents_answer_is_a_reply(replay: Replay) -> None:
    words = comment(CUSTOMER, "Pesanan salah")
    friend = comment(OTHER, "Saya juga kena")
    raw = read(replay, answered(), words, friend, comment(BOSS, "Kami ganti"))
    assert raw is not None
    assert raw.reply == "Kami ganti"
    raw = read(replay, answered(), words, friend)
    assert raw is not None
    assert raw.reply is None
    # Who is in charge is known without asking.
    raw = read(replay, answered(assignee_id=OTHER), words, friend)
    assert raw is not None
    assert raw.reply == "Saya juga kena"
    assert not any("users" in asked.path for asked in replay.asked)


def test_agents_are_asked_for_once(replay: Replay) -> None:
    talk = as_json({"comments": [comment(CUSTOMER, "Pesanan salah"), comment(AGENT, "Maaf")]})
    replay.serve(
        {
            EXPORT: as_json(export([answered(1), answered(2)], "A")),
            "GET /api/v2/tickets/1/comments.json": talk,
            "GET /api/v2/tickets/2/comments.json": talk,
            "GET /api/v2/users/show_many.json": users,
        }
    )
    found = by_id(pages_of(zendesk(replay.url)))
    assert [found[id].reply for id in ("1", "2")] == ["Maaf", "Maaf"]
    assert [asked.path for asked in replay.asked].count("/api/v2/users/show_many.json") == 1


def test_metrics_that_are_empty_at_first(replay: Replay) -> None:
    empty: dict[str, Any] = {"replies": None, "reply_time_in_minutes": None}
    raw = read(replay, ticket(5, "Halo", metric_set=empty))
    assert raw is not None
    assert raw.attributes == {"status": "new"}


def test_metrics_beside_the_tickets_serve_too(replay: Replay) -> None:
    one = {k: v for k, v in ticket(5, "Halo", status="open").items() if k != "metric_set"}
    beside = [{"ticket_id": 5, **metrics(0, None, 7)}]
    replay.serve({EXPORT: as_json(export([one], "A", metric_sets=beside))})
    raw = by_id(pages_of(zendesk(replay.url)))["5"]
    assert raw.attributes["resolution_minutes"] == "7"
    assert replay.asked[0].query["include"] == "metric_sets"


def test_a_rating_that_was_only_offered_is_none(replay: Replay) -> None:
    raw = read(replay, ticket(5, "Halo", satisfaction_rating={"score": "offered"}))
    assert raw is not None
    assert "satisfaction" not in raw.attributes


def test_a_conversation_that_is_gone_leaves_the_ticket(replay: Replay) -> None:
    replay.serve({EXPORT: as_json(export([answered()], "A"))})
    pages = list(pages_of(zendesk(replay.url)))
    assert by_id(pages)["5"].text == "Pesanan salah"
    assert total(pages, "warnings") == {"a ticket whose conversation is gone": 1}


def test_a_deleted_ticket_has_no_text(replay: Replay) -> None:
    raw = read(replay, ticket(5, "SCRUBBED", status="deleted"))
    assert raw is not None
    assert (raw.deleted, raw.text, raw.title) == (True, "", None)


def test_a_later_run_asks_from_the_cursor(replay: Replay) -> None:
    replay.serve(service(account()))
    *_, last = pages_of(zendesk(replay.url))
    replay.serve({EXPORT: as_json(export([], "B"))})
    assert not any(page.mentions for page in pages_of(zendesk(replay.url), last.cursor))
    (asked,) = replay.asked
    assert asked.query == {"cursor": "B", "include": "metric_sets"}


def test_an_export_without_a_new_cursor_keeps_the_old_one(replay: Replay) -> None:
    replay.serve({EXPORT: as_json(export([], "A") | {"after_cursor": None})})
    *_, last = pages_of(zendesk(replay.url), {"places": {"tickets": {"after": "Z"}}})
    assert last.cursor["places"]["tickets"] == {"after": "Z"}


@pytest.mark.parametrize("after", ["A", None])
def test_more_without_a_place_is_an_error(replay: Replay, after: str | None) -> None:
    pages = export([ticket(5, "Halo")], "A", more=True) | {"after_cursor": after}
    replay.serve({EXPORT: as_json(pages)})
    with pytest.raises(SourceChanged, match="not where"):
        list(pages_of(zendesk(replay.url)))


def test_pages_that_go_in_a_circle_are_an_error(replay: Replay) -> None:
    replay.serve(
        {
            EXPORT: as_json(export([ticket(5, "Halo")], "A", more=True)),
            EXPORT + "?cursor=A": as_json(export([ticket(6, "Hai")], "B", more=True)),
            EXPORT + "?cursor=B": as_json(export([ticket(7, "Hei")], "A", more=True)),
        }
    )
    with pytest.raises(SourceChanged, match="not where"):
        list(pages_of(zendesk(replay.url)))


def test_a_large_export_is_read_in_parts_and_goes_on_in_it(replay: Replay) -> None:
    tickets = [ticket(n, f"Keluhan nomor {n}") for n in range(1, 2 * PART + 11)]
    replay.serve({EXPORT: as_json(export(tickets, "A"))})
    first, *rest = pages_of(zendesk(replay.url))
    assert [len(page.mentions) for page in (first, *rest)] == [PART, PART, 10]
    again = list(pages_of(zendesk(replay.url), first.cursor))
    assert by_id(again) == by_id(rest)
    # The ticket it came to has changed meanwhile, and stands elsewhere: all of it again.
    del tickets[PART - 1]
    replay.serve({EXPORT: as_json(export(tickets, "A"))})
    assert len(by_id(pages_of(zendesk(replay.url), first.cursor))) == len(tickets)


def test_one_unreadable_ticket_costs_no_other(replay: Replay) -> None:
    tickets = [3, {"id": None, "status": "new"}, ticket(5, "Halo"), {"id": 6, "api": 1, "via": 2}]
    replay.serve({EXPORT: as_json(export(tickets, "A"))})
    (page,) = pages_of(zendesk(replay.url))
    assert ([raw.text for raw in page.mentions], len(page.bad)) == (["Halo"], 3)


def test_no_other_host_is_asked_and_the_login_is_the_librarys(replay: Replay) -> None:
    replay.serve(service(account()))
    list(pages_of(zendesk(replay.url)))
    assert replay.unused() == []
    assert all(asked.headers["authorization"].startswith("Basic ") for asked in replay.asked)


def test_a_wrong_token_is_named_in_a_probe(replay: Replay) -> None:
    replay.serve({EXPORT: Answer(b'{"error": "Couldn\'t authenticate you"}', status=401)})
    with pytest.raises(AccessDenied, match="401"):
        list(pages_of(zendesk(replay.url), probe=True))
    replay.serve({EXPORT: as_json(export([answered()], "A", more=True))})
    assert len(list(pages_of(zendesk(replay.url), probe=True))) == 1
    assert len(replay.asked) == 1


def test_the_library_writes_no_answers_into_logs(
    replay: Replay, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    read(replay, answered(), comment(AGENT, "Catatan rahasia", public=False))
    assert "Catatan rahasia" not in caplog.text


def test_channels() -> None:
    assert channel_of({"via": {"channel": "twitter_dm"}}) == "x"
    assert channel_of({"via": {"channel": "native_messaging"}}) == "chat"
    assert channel_of({"via": None}) == "helpdesk"


def test_what_no_customer_wrote_is_counted(replay: Replay) -> None:
    replay.serve({EXPORT: as_json(export([ticket(5, "x", is_public=False)], "A"))})
    assert total(pages_of(zendesk(replay.url)), "skipped") == {NOT_A_CUSTOMER: 1}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "'url'"),
        ({"url": ["https://a.example", "https://b.example"]}, "one address"),
        ({"url": "https://a.example"}, "'email'"),
        ({"url": "https://a.example", "email": "a@b.example"}, "'token'"),
        ({"url": "https://a.example", "password": "x"}, "'password'"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        ZendeskSource(name="bantuan", brand="Senandika", options=options)
