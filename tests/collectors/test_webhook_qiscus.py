"""Qiscus' deliveries, read by themselves."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from simak.reasons import NO_WORDS, NOBODY_WROTE, NOT_A_CUSTOMER
from tests.collectors.conformance import NOW
from tests.collectors.deliveries import SENT, only, qiscus, read, source


def test_the_documented_payload_is_known_by_its_body_and_dated_by_its_arrival() -> None:
    raw = only(read(qiscus(), source("qiscus")))
    assert (raw.text, raw.author, raw.channel) == ("ini pesan", "sekar@contoh.example", "qiscus")
    assert raw.published_at == NOW
    again = only(read(qiscus(), source("qiscus"), NOW + timedelta(hours=7)))
    assert again.external_id == raw.external_id
    other = only(read(qiscus("pesan lain"), source("qiscus")))
    tomorrow = only(read(qiscus(), source("qiscus"), NOW + timedelta(days=1)))
    assert len({raw.external_id, other.external_id, tomorrow.external_id}) == 3


def test_the_day_of_a_key_begins_in_the_night_of_jakarta() -> None:
    ids = [
        only(read(qiscus(), source("qiscus"), datetime(2026, 6, 1, hour, tzinfo=UTC))).external_id
        for hour in (16, 17, 19, 20)
    ]
    assert ids[0] == ids[1] == ids[2] != ids[3]


def test_ids_and_times_are_used_where_there_are_some() -> None:
    body = qiscus(id=771, id_str="771", timestamp="2026-05-30T05:46:37Z", unique_temp_id="t1")
    raw = only(read(body, source("qiscus")))
    assert raw.external_id == "qiscus:771"
    assert raw.published_at == datetime(2026, 5, 30, 5, 46, 37, tzinfo=UTC)
    unset = qiscus(id=0, id_str="0", unique_temp_id="wa_wamid.A", unix_timestamp=1_780_300_000)
    raw = only(read(unset, source("qiscus")))
    assert (raw.external_id, raw.published_at) == ("qiscus:wa_wamid.A", SENT)


def test_an_answer_in_qiscus_names_what_it_answers() -> None:
    body = qiscus(type="reply", id=5, payload={"replied_comment_id": 4})
    assert only(read(body, source("qiscus"))).parent_id == "qiscus:4"


@pytest.mark.parametrize("options", [{"source": "wa"}, '{"source": "wa"}'])
def test_the_customers_channel_is_told(options: Any) -> None:
    payload = json.loads(qiscus())
    payload["payload"]["room"]["options"] = options
    assert only(read(json.dumps(payload).encode(), source("qiscus"))).channel == "whatsapp"
    payload["payload"]["room"]["options"] = "{"
    named = source("qiscus", channel="livechat")
    assert only(read(json.dumps(payload).encode(), named)).channel == "livechat"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (qiscus(way="post_comment_rest"), NOT_A_CUSTOMER),
        (qiscus(type="carousel"), NOT_A_CUSTOMER),
        (qiscus(type="system_event"), NOBODY_WROTE),
        (qiscus(type="location"), NO_WORDS),
        (qiscus("[file] https://files.example/a.jpg [/file]"), NO_WORDS),
        (qiscus("[file] https://x.example/a [/file]", type="file_attachment"), NO_WORDS),
    ],
)
def test_what_holds_no_customers_words_in_qiscus_is_counted(body: bytes, reason: str) -> None:
    page = read(body, source("qiscus"))
    assert (page.mentions, page.bad, page.skipped) == ((), (), {reason: 1})


def test_a_files_caption_is_a_text() -> None:
    body = qiscus("[file] x [/file]", type="file_attachment", payload={"caption": "rusak begini"})
    assert only(read(body, source("qiscus"))).text == "rusak begini"


def test_agents_are_left_out() -> None:
    for agents in ("SEKAR@contoh.example", ["@contoh.example"]):
        page = read(qiscus(), source("qiscus", agents=agents))
        assert page.skipped == {NOT_A_CUSTOMER: 1}
    assert only(read(qiscus(), source("qiscus", agents=["@lain.example"])))


@pytest.mark.parametrize("body", [qiscus(""), qiscus(way="room_resolved")])
def test_what_is_no_message_of_qiscus_is_kept(body: bytes) -> None:
    assert read(body, source("qiscus")).bad
