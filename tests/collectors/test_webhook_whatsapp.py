"""WhatsApp's deliveries, read by themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from simak.mention import RawMention
from simak.reasons import NO_ID, NO_TEXT, NO_WORDS, NOBODY_WROTE, NOT_A_CUSTOMER, UNKNOWN_SHAPE
from tests.collectors.deliveries import (
    BUSINESS,
    CUSTOMER,
    SENT,
    edited,
    message,
    only,
    read,
    revoked,
    said,
    source,
    whatsapp,
)


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
