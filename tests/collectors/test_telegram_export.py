from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from collectors.sources.telegram_export import TelegramExportSource
from simak.errors import ConfigurationError, SimakError, SourceChanged
from simak.mention import RawMention
from simak.reasons import (
    NO_TEXT,
    NO_WORDS,
    NOBODY_WROTE,
    NOT_A_CUSTOMER,
    NOT_ABOUT,
    REPOST,
    UNKNOWN_SHAPE,
)
from store.engine import Store
from tests.collectors.conformance import gather, rows


def message(number: int, text: Any = "Kapan dikirim?", **more: Any) -> dict[str, Any]:
    given = {"id": number, "type": "message", "date": "2026-05-12T10:00:00",
             "date_unixtime": str(1778554800 + number), "from": "Sari", "from_id": "user1",
             "text": text}  # fmt: skip
    return {key: value for key, value in (given | more).items() if value is not ...}


def chat(*messages: Any, **more: Any) -> dict[str, Any]:
    return {"name": "Pelanggan", "type": "private_supergroup", "id": 77, **more,
            "messages": list(messages)}  # fmt: skip


class Found:
    def __init__(self, tmp_path: Path, document: Any, **options: Any) -> None:
        path = tmp_path / "result.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        source = TelegramExportSource(
            name="grup", brand="Senandika", options={"path": str(tmp_path), **options}
        )
        pages = list(source.collect({}, Anything()))
        self.all = [raw for page in pages for raw in page.mentions]
        self.ids = [raw.external_id for raw in self.all]
        self.skipped = {key: n for page in pages for key, n in page.skipped.items()}
        self.bad = [str(bad) for page in pages for bad in page.bad]

    def __getitem__(self, number: int) -> RawMention:
        return next(raw for raw in self.all if raw.external_id.endswith(f":{number}"))


class Anything:
    probe = False

    def __getattr__(self, name: str) -> Any:
        raise AssertionError("a file needs nothing of the world")


def test_a_message_becomes_a_mention(tmp_path: Path) -> None:
    found = Found(tmp_path, chat(message(1, edited_unixtime="1778559999")))
    assert found.all == [
        RawMention(
            external_id="77:1",
            text="Kapan dikirim?",
            channel="telegram",
            kind="message",
            author="user1",
            published_at=datetime(2026, 5, 12, 3, 0, 1, tzinfo=UTC),
            edited_at=datetime(2026, 5, 12, 4, 26, 39, tzinfo=UTC),
            attributes={"chat": "Pelanggan"},
        )
    ]


def test_texts_of_pieces_are_put_together(tmp_path: Path) -> None:
    pieces = ["Cek ", {"type": "link", "text": "senandika.example"}, " ya ", {"type": "mention",
              "text": "@senandika"}]  # fmt: skip
    found = Found(
        tmp_path,
        chat(
            message(1, pieces),
            message(2, ..., text_entities=[{"type": "plain", "text": "Rusak"}]),
            message(3, {"a": 1}),
            message(4, ["a", 5]),
        ),
    )
    assert [raw.text for raw in found.all] == ["Cek senandika.example ya @senandika", "Rusak"]
    assert found.bad == [UNKNOWN_SHAPE, UNKNOWN_SHAPE]


def test_what_nobody_said_is_counted(tmp_path: Path) -> None:
    found = Found(
        tmp_path,
        chat(
            message(1),
            {"id": 2, "type": "service", "action": "join_group_by_link", "text": ""},
            message(3, "", photo="photos/1.jpg"),
            message(4, "", media_type="sticker", sticker_emoji="😡"),
            message(5, "", poll={"question": "Suka?"}),
            message(6, ""),
            message(7, "Awas penipuan", forwarded_from="Kanal", forwarded_from_id="channel5"),
            message(8, "Awas penipuan", forwarded_from=None),
            message(9, "Kata saya kemarin", forwarded_from="Sari"),
            message(10, "Fotonya ini", photo="photos/2.jpg"),
            message(11, type="story"),
            message(12, "tanpa nomor", id=None),
        ),
    )
    assert found.ids == ["77:1", "77:9", "77:10"]
    assert found.skipped == {NOBODY_WROTE: 1, NO_WORDS: 3, NO_TEXT: 1, REPOST: 2}
    assert len(found.bad) == 2


def test_a_time_without_a_zone_is_no_time(tmp_path: Path) -> None:
    found = Found(tmp_path, chat(message(1, date_unixtime=...), message(2, edited_unixtime="0")))
    assert found[1].published_at is None
    assert found[2].edited_at is None


def test_topics_of_a_forum_are_kept_and_are_no_answers(tmp_path: Path) -> None:
    opened = {"id": 1, "type": "service", "action": "topic_created", "title": "Keluhan", "text": ""}
    found = Found(
        tmp_path,
        chat(
            opened,
            message(2, reply_to_message_id=1),
            message(3, reply_to_message_id=2),
            message(4),
            message(5, reply_to_message_id=2, reply_to_peer_id="channel9"),
        ),
    )
    assert [found[n].parent_id for n in (2, 3, 4, 5)] == [None, "77:2", None, None]
    assert [found[n].attributes.get("topic") for n in (2, 3, 4, 5)] == [
        "Keluhan", "Keluhan", None, None]  # fmt: skip


@pytest.mark.parametrize("own", ["Admin", "user9", ["user8", "Admin"]])
def test_the_brands_people_reply(tmp_path: Path, own: Any) -> None:
    admin = {"from": "Admin", "from_id": "user9"}
    found = Found(
        tmp_path,
        chat(
            message(1),
            message(2),
            message(3, "Besok, Kak", reply_to_message_id=1, **admin),
            message(4, "Sudah dikirim", reply_to_message_id=1, **admin),
            message(5, "Promo hari ini!", **admin),
        ),
        own_users=own,
    )
    assert found.ids == ["77:1", "77:2"]
    assert found.skipped == {NOT_A_CUSTOMER: 3}
    assert (found[1].reply, found[1].reply_at) == (
        "Besok, Kak",
        datetime(2026, 5, 12, 3, 0, 3, tzinfo=UTC),
    )
    assert found[2].reply is None


def test_administrators_without_a_name_are_no_customers_and_reply(tmp_path: Path) -> None:
    admin = {"from": "Pelanggan", "from_id": "channel77"}
    told = [
        message(1),
        message(2, "Besok kak", reply_to_message_id=1, **admin),
        message(3, "Promo akhir bulan!", **admin),
    ]
    found = Found(tmp_path, chat(*told))
    assert (found.ids, found.skipped) == (["77:1"], {NOT_A_CUSTOMER: 2})
    assert found[1].reply == "Besok kak"
    # A channel that others run is read as it is.
    assert Found(tmp_path, chat(*told, type="public_channel")).ids == ["77:1", "77:2", "77:3"]


def test_in_a_chat_of_two_the_last_message_is_answered(tmp_path: Path) -> None:
    admin = {"from": "Admin", "from_id": "user9"}
    found = Found(
        tmp_path,
        chat(
            message(1, "Halo Kak", **admin),
            message(2),
            message(3, "Halo?"),
            message(4, "Sebentar ya", **admin),
            message(5, "Sudah dikirim", **admin),
            type="personal_chat",
            name="Sari Wulandari",
        ),
        own_users="Admin",
    )
    assert [(raw.external_id, raw.reply) for raw in found.all] == [
        ("77:2", None),
        ("77:3", "Sebentar ya"),
    ]
    assert "Wulandari" not in str(found.all)


def test_an_account_with_its_chats(tmp_path: Path) -> None:
    account = {
        "about": "Ini ekspor",
        "personal_information": {"user_id": 9, "first_name": "CS"},
        "contacts": {"list": [{"first_name": "Budi"}]},
        "chats": {
            "about": "x",
            "list": [
                chat(message(1), message(2, "Ya?", from_id="user9"), type="personal_chat", id=1),
                chat(message(1), id=2, name="Grup pelanggan"),
            ],
        },
        "left_chats": {"about": "x", "list": [chat(message(1), id=3, name="Lama")]},
    }
    found = Found(tmp_path, account)
    assert found.ids == ["1:1", "2:1", "3:1"]
    assert found.all[0].reply == "Ya?"
    chosen = Found(tmp_path, account, chats=["Grup pelanggan", "3"])
    assert chosen.ids == ["2:1", "3:1"]
    assert chosen.skipped == {NOT_ABOUT: 2}
    with pytest.raises(ConfigurationError, match="Grup lain"):
        Found(tmp_path, account, chats="Grup lain")


def test_keys_in_another_order_and_odd_values(tmp_path: Path) -> None:
    text = json.dumps(message(1, "Ku\ud800 \x00rus\U0001f621", from_id=None, **{"from": None}))
    found = Found(tmp_path, '\ufeff{"messages": [' + text + ' ], "id" : 7 , "x": -1.5e3}')
    assert found.ids == ["7:1"]
    assert found.all[0].author is None


def test_a_newer_export_adds_what_is_new(sqlite_store: Store, tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    options = {"path": str(path)}
    source = TelegramExportSource(name="grup", brand="Senandika", options=options)
    path.write_text(json.dumps(chat(message(1), message(2))))
    assert gather(sqlite_store, source)[0].new == 2
    path.write_text(json.dumps(chat(message(2), message(3))))
    run = gather(sqlite_store, source)[0]
    assert (run.new, run.unchanged, len(rows(sqlite_store))) == (1, 1, 3)


def test_a_file_that_was_changed_in_between_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.exports.PAGE_RECORDS", 2)
    path = tmp_path / "result.json"
    source = TelegramExportSource(name="g", brand="Senandika", options={"path": str(path)})
    path.write_text(json.dumps(chat(*(message(n) for n in range(4)))))
    first = next(iter(source.collect({}, Anything())))
    (rest,) = source.collect(first.cursor, Anything())
    assert [raw.external_id for raw in rest.mentions] == ["77:2", "77:3"]
    path.write_text(json.dumps(chat(*(message(n) for n in range(3)))))
    again = list(source.collect(first.cursor, Anything()))
    assert [raw.external_id for page in again for raw in page.mentions] == ["77:0", "77:1", "77:2"]


def test_a_file_of_any_length_is_read_a_piece_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = [message(n, 'Rusak \\" 😡 ' * (n % 7)) for n in range(1, 60)]
    whole = Found(tmp_path, chat(*messages)).all
    assert len(whole) == len([n for n in range(1, 60) if n % 7])
    for size in (1, 2, 3, 7, 50):
        monkeypatch.setattr("collectors.json_stream.CHUNK", size)
        assert Found(tmp_path, chat(*messages)).all == whole
    monkeypatch.setattr("collectors.json_stream.MAX_VALUE", 200)
    with pytest.raises(ConfigurationError, match=r"result\.json"):
        Found(tmp_path, chat(message(1, "x" * 5_000)))


@pytest.mark.parametrize("cut", [1, 20, 70, 150, 250])
def test_half_a_file_is_named(tmp_path: Path, cut: int) -> None:
    text = json.dumps(chat(message(1), message(2)))
    with pytest.raises(ConfigurationError, match=r"result\.json"):
        Found(tmp_path, text[:cut])


def test_a_file_that_is_not_there_or_another_is_named(tmp_path: Path) -> None:
    source = TelegramExportSource(name="g", brand="S", options={"path": str(tmp_path)})
    with pytest.raises(ConfigurationError, match=r"result\.json.*no such file"):
        list(source.collect({}, Anything()))
    with pytest.raises(SourceChanged, match="format JSON"):
        Found(tmp_path, '{"features": []}')
    for wrong in ({}, {"path": 5}, {"path": "a", "own_users": 5}, {"path": "a", "own": "x"}):
        with pytest.raises(SimakError):
            TelegramExportSource(name="g", brand="S", options=wrong)
