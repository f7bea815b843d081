"""Deliveries of any service as JSON, read by a mapping."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from simak.mention import RawMention
from simak.reasons import NO_ID, NO_TEXT, NOT_A_CUSTOMER, UNKNOWN_SHAPE
from tests.collectors.deliveries import SENT, only, read, source

MAPPING = {
    "id": "review.id",
    "text": "review.texts.0.body",
    "title": "review.title",
    "stars": "rating",
    "author": "by.name",
    "time": "at",
    "edit_time": "changed",
    "channel": "where",
    "reply": "answer.text",
    "reply_time": "answer.at",
    "parent_id": "thread",
    "deleted": "gone",
    "product": "item",
}

RECORD = {
    "review": {"id": 17, "texts": [{"body": "Kecewa berat"}], "title": "Kapok"},
    "rating": "2",
    "by": {"name": "Sekar"},
    "at": "2026-06-01T08:53:20+07:00",
    "changed": 1_780_300_060_000,
    "where": "tokopedia",
    "answer": {"text": "Maaf kak", "at": 1_780_300_120},
    "thread": 9,
    "item": "Kopi 250 g",
}


def test_every_field_is_found_where_the_mapping_says() -> None:
    raw = only(read(json.dumps(RECORD).encode(), source("json", mapping=MAPPING)))
    assert raw == RawMention(
        external_id="dari-json:17",
        text="Kecewa berat",
        title="Kapok",
        stars=2,
        channel="tokopedia",
        author="Sekar",
        published_at=datetime(2026, 6, 1, 1, 53, 20, tzinfo=UTC),
        edited_at=SENT + timedelta(minutes=1),
        reply="Maaf kak",
        reply_at=SENT + timedelta(minutes=2),
        parent_id="dari-json:9",
        product="Kopi 250 g",
    )


def test_a_list_of_records_is_a_batch_also_further_in() -> None:
    records = [{"id": n, "isi": f"ulasan {n}"} for n in range(3)]
    plain = read(json.dumps(records).encode(), source("json"))
    inner = read(
        json.dumps({"data": {"rows": records}}).encode(), source("json", items="data.rows")
    )
    assert plain.mentions == inner.mentions
    assert [raw.text for raw in plain.mentions] == ["ulasan 0", "ulasan 1", "ulasan 2"]
    assert {raw.channel for raw in plain.mentions} == {"dari-json"}


def test_stars_alone_and_a_title_alone_are_enough() -> None:
    of = source("json", mapping=MAPPING)
    raw = only(read(b'{"review": {"id": "a"}, "rating": 5}', of))
    assert (raw.text, raw.stars) == ("", 5)
    assert only(read(b'{"review": {"id": "a", "title": "Kapok"}}', of)).text == "Kapok"


@pytest.mark.parametrize("gone", [True, 1, "true", "2026-06-01T00:00:00Z"])
def test_a_deletion_needs_no_text(gone: Any) -> None:
    body = json.dumps({"review": {"id": 17}, "gone": gone}).encode()
    raw = only(read(body, source("json", mapping=MAPPING)))
    assert (raw.external_id, raw.deleted, raw.channel) == ("dari-json:17", True, None)


@pytest.mark.parametrize("gone", [False, 0, "false", "0", "", None, []])
def test_what_is_not_deleted_is_a_text(gone: Any) -> None:
    body = json.dumps(RECORD | {"gone": gone}).encode()
    assert not only(read(body, source("json", mapping=MAPPING))).deleted


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"isi": "tanpa id"}, NO_ID),
        ({"id": True, "isi": "x"}, NO_ID),
        ({"id": 1}, NO_TEXT),
        ({"id": 1, "isi": {"a": 1}}, NO_TEXT),
        ("teks", UNKNOWN_SHAPE),
    ],
)
def test_an_unreadable_record_among_good_ones_is_kept_too(record: Any, reason: str) -> None:
    page = read(json.dumps([{"id": 1, "isi": "a"}, record]).encode(), source("json"))
    assert len(page.mentions) == 1
    assert [str(bad) for bad in page.bad] == [reason]


def test_without_an_id_the_content_and_the_day_make_one() -> None:
    of = source("json", mapping={"text": "isi"})
    one, same = read(b'{"isi": "a", "n": 1}', of), read(b'{"n": 1,  "isi": "a"}', of)
    assert only(one).external_id == only(same).external_id
    assert only(one).external_id != only(read(b'{"isi": "a", "n": 2}', of)).external_id


def test_agents_of_any_service_are_left_out() -> None:
    of = source("json", mapping=MAPPING, agents=["sekar"])
    assert read(json.dumps(RECORD).encode(), of).skipped == {NOT_A_CUSTOMER: 1}


def test_ids_and_times_that_no_database_takes_are_mended() -> None:
    of = source("json", mapping={"id": "id", "text": "isi", "time": "at", "channel": "di"})
    record = {"id": "a\x00\ud800", "isi": "x", "at": "9999-12-31T23:59:59Z", "di": "\ud800"}
    raw = only(read(json.dumps(record).encode(), of))
    assert (raw.external_id, raw.channel, raw.published_at) == ("dari-json:a?", "?", None)
