"""What each format of webhook says, read by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.source import Page
from collectors.sources.webhook import WebhookSource
from simak.errors import ConfigurationError
from simak.mention import RawMention
from simak.reasons import (
    NO_ID,
    NO_TEXT,
    NO_WORDS,
    NOBODY_WROTE,
    NOT_A_CUSTOMER,
    UNKNOWN_SHAPE,
)
from tests.collectors.conformance import NOW
from tests.collectors.deliveries import (
    BUSINESS,
    CUSTOMER,
    SECRET,
    TOKEN,
    edited,
    message,
    qiscus,
    revoked,
    said,
    source,
    whatsapp,
)

SENT = datetime.fromtimestamp(1_780_300_000, UTC)


def read(body: bytes, of: WebhookSource | None = None, now: datetime = NOW) -> Page:
    return (of or source()).read(body, now)


def only(page: Page) -> RawMention:
    assert (page.bad, page.skipped) == ((), {})
    (raw,) = page.mentions
    return raw


# WhatsApp


def test_a_text_with_who_when_and_where() -> None:
    raw = only(read(whatsapp(said("wamid.1", " Kak, paket saya belum sampai "))))
    assert raw == RawMention(
        external_id="wamid.1",
        text="Kak, paket saya belum sampai",
        channel="whatsapp",
        kind="message",
        author=CUSTOMER,
        published_at=SENT,
        attributes={"phone_number_id": "990011"},
    )


def test_an_answer_names_what_it_answers_and_forwarding_is_noted() -> None:
    context = {"from": BUSINESS, "id": "wamid.0", "forwarded": True}
    raw = only(read(whatsapp(said("wamid.1", "sudah", context=context))))
    assert raw.parent_id == "wamid.0"
    assert raw.attributes["forwarded"] == "yes"


def test_a_batch_of_entries_and_changes_is_read_whole() -> None:
    one, two = (
        json.loads(whatsapp(said("a", "satu"), said("b", "dua"))),
        json.loads(whatsapp(said("c", "tiga"))),
    )
    one["entry"][0]["changes"] += two["entry"][0]["changes"]
    one["entry"] += two["entry"]
    page = read(json.dumps(one).encode())
    assert [raw.external_id for raw in page.mentions] == ["a", "b", "c", "c"]


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        ("image", {"image": {"caption": "penyok begini", "id": "1"}}, "penyok begini"),
        ("video", {"video": {"caption": "lihat ini", "id": "1"}}, "lihat ini"),
        ("document", {"document": {"caption": "bukti", "filename": "a.pdf"}}, "bukti"),
        ("button", {"button": {"payload": "x", "text": "Kecewa"}}, "Kecewa"),
        (
            "interactive",
            {"interactive": {"type": "button_reply", "button_reply": {"title": "Tidak puas"}}},
            "Tidak puas",
        ),
        (
            "interactive",
            {"interactive": {"type": "list_reply", "list_reply": {"id": "1", "title": "Refund"}}},
            "Refund",
        ),
        ("order", {"order": {"text": "yang merah ya", "product_items": []}}, "yang merah ya"),
    ],
)
def test_words_are_found_where_each_type_has_them(
    kind: str, content: Mapping[str, Any], text: str
) -> None:
    assert only(read(whatsapp(message("wamid.1", kind, **content)))).text == text


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (message("w", "image", image={"id": "1"}), NO_WORDS),
        (message("w", "audio", audio={"id": "1", "voice": True}), NO_WORDS),
        (message("w", "sticker", sticker={"id": "1"}), NO_WORDS),
        (message("w", "location", location={"latitude": -6.2}), NO_WORDS),
        (message("w", "contacts", contacts=[{"name": {}}]), NO_WORDS),
        (message("w", "reaction", reaction={"message_id": "x", "emoji": "😡"}), NO_WORDS),
        (message("w", "reaction", reaction={"message_id": "x"}), NO_WORDS),
        (message("w", "interactive", interactive={"type": "nfm_reply"}), NO_WORDS),
        (message("w", "system", system={"type": "user_changed_number"}), NOBODY_WROTE),
        (message("w", "request_welcome"), NOBODY_WROTE),
        (message("w", "unsupported", errors=[{"code": 131051}]), UNKNOWN_SHAPE),
        (said("w", "Baik kak") | {"from": BUSINESS}, NOT_A_CUSTOMER),
    ],
)
def test_what_holds_no_customers_words_is_counted(sent: Mapping[str, Any], reason: str) -> None:
    page = read(whatsapp(sent))
    assert (page.mentions, page.bad, page.skipped) == ((), (), {reason: 1})


@pytest.mark.parametrize(
    ("more", "field", "skipped"),
    [
        ({"statuses": [{"id": "w", "status": "read"}] * 3}, "messages", {NOBODY_WROTE: 3}),
        ({"errors": [{"code": 1}]}, "messages", {NOBODY_WROTE: 1}),
        ({"message_echoes": [said("w", "Baik")]}, "smb_message_echoes", {NOT_A_CUSTOMER: 1}),
        ({"event": "APPROVED"}, "message_template_status_update", {NOBODY_WROTE: 1}),
        ({"history": [{"errors": [{"code": 2593109}]}]}, "history", {NOBODY_WROTE: 1}),
    ],
)
def test_other_changes_are_counted(more: Any, field: str, skipped: Any) -> None:
    payload = json.loads(whatsapp(**more))
    payload["entry"][0]["changes"][0]["field"] = field
    page = read(json.dumps(payload).encode())
    assert (page.mentions, page.bad, page.skipped) == ((), (), skipped)


def test_messages_beside_statuses_are_read() -> None:
    page = read(whatsapp(said("w", "halo"), statuses=[{"id": "x", "status": "sent"}]))
    assert [raw.text for raw in page.mentions] == ["halo"]
    assert page.skipped == {NOBODY_WROTE: 1}


def test_the_history_of_a_number_is_read() -> None:
    own = said("b", "Ada yang bisa dibantu?") | {"from": BUSINESS}
    thread = {"id": CUSTOMER, "messages": [said("a", "kapan buka?"), own]}
    page = read(whatsapp(history=[{"threads": [thread, {"id": "1"}]}, {}]))
    assert [raw.text for raw in page.mentions] == ["kapan buka?"]
    assert page.skipped == {NOT_A_CUSTOMER: 1}
    assert [str(bad) for bad in page.bad] == [UNKNOWN_SHAPE] * 2


def test_an_edit_and_a_revocation_are_of_the_original() -> None:
    page = read(whatsapp(edited("wamid.1", "sudah sampai", 1_780_300_060), revoked("wamid.2", 1)))
    edit, revocation = page.mentions
    assert (edit.external_id, edit.text) == ("wamid.1", "sudah sampai")
    assert edit.edited_at == SENT + timedelta(minutes=1)
    assert (edit.published_at, edit.parent_id) == (None, None)
    assert (revocation.external_id, revocation.deleted) == ("wamid.2", True)


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (said("", "tanpa nomor"), NO_ID),
        (said("\x00", "hanya nol"), NO_ID),
        (said("w", ""), NO_TEXT),
        (message("w", "hologram", hologram={}), UNKNOWN_SHAPE),
        (message("w", "edit", edit={"message": {}}), NO_ID),
        (message("w", "edit", edit={"original_message_id": "x", "message": 1}), UNKNOWN_SHAPE),
        (message("w", "revoke", revoke=None), NO_ID),
        ("halo", UNKNOWN_SHAPE),
    ],
)
def test_an_unreadable_message_among_good_ones_is_kept(sent: Any, reason: str) -> None:
    page = read(whatsapp(said("a", "bagus"), sent))
    assert [raw.external_id for raw in page.mentions] == ["a"]
    assert [str(bad) for bad in page.bad] == [reason]


@pytest.mark.parametrize("format", ["whatsapp", "qiscus", "json"])
@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"<html>502</html>", b'{"entry": [', b"null", b"[]", b"7", b"{}", b"\xff\xfe"),
        b'{"entry": {}}',
        b'{"entry": [{"changes": []}]}',
        b'{"entry": [{"changes": [{"field": "messages", "value": {"messages": {}}}]}]}',
        b'{"type": "post_comment_mobile", "payload": [1]}',
        b"[" * 100_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    ],
)
def test_a_body_of_another_shape_is_kept_and_nothing_is_made_of_it(
    format: str, body: bytes
) -> None:
    page = read(body, source(format))
    assert page.mentions == ()
    assert page.bad


def test_what_is_kept_for_inspection_names_nobody() -> None:
    strange = message("w", "hologram", hologram={"note": f"telepon {CUSTOMER} ya"})
    unknown = whatsapp(call={"to": "+1 (555) 010-9999"})
    for body in (whatsapp(strange), unknown, b"<html>Sekar Ayu? +1 555 010 9999"):
        (bad,) = read(body).bad
        kept = str(bad.record)
        assert kept
        for person in (CUSTOMER, "9999"):
            assert person not in kept
    assert "Sekar" not in str(read(unknown).bad[0].record)


# Qiscus


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


# JSON

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


# Options


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "format"),
        ({"format": ["json"]}, "format"),
        ({"format": "xml"}, "whatsapp, qiscus, json"),
        ({"format": "qiscus"}, "secret"),
        ({"format": "qiscus", "secret": " "}, "secret"),
        ({"format": "whatsapp", "secret": SECRET}, "verify_token"),
        ({"format": "qiscus", "secret": SECRET, "verify_token": TOKEN}, "verify_token"),
        ({"format": "qiscus", "secret": SECRET, "path": "webhook"}, "path"),
        ({"format": "qiscus", "secret": SECRET, "path": "/a b"}, "path"),
        ({"format": "json", "secret": SECRET}, "mapping"),
        ({"format": "json", "secret": SECRET, "mapping": "text"}, "mapping"),
        ({"format": "json", "secret": SECRET, "mapping": {"text": 1}}, "mapping"),
        ({"format": "json", "secret": SECRET, "mapping": {"text": "a", "teks": "b"}}, "mapping"),
        ({"format": "json", "secret": SECRET, "mapping": {"id": "a"}}, "mapping"),
    ],
)
def test_a_wrong_option_is_named(options: Mapping[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as caught:
        WebhookSource(name="wa", brand="Senandika", options=options)
    assert SECRET not in str(caught.value)


def test_a_name_that_is_no_path_needs_one() -> None:
    options = {"format": "qiscus", "secret": SECRET}
    with pytest.raises(ConfigurationError, match="path"):
        WebhookSource(name="obrolan toko", brand="A", options=options)
    made = WebhookSource(name="obrolan toko", brand="A", options=options | {"path": "/obrolan"})
    assert made.asks() == "what qiscus sends to /obrolan"
