"""Files that services export: of Telegram Desktop and Google Takeout."""

from __future__ import annotations

import json
from abc import abstractmethod
from pathlib import Path
from typing import Any, ClassVar

import pytest

from collectors.sources.google_takeout import GoogleTakeoutSource
from collectors.sources.telegram_export import TelegramExportSource
from tests.collectors.conformance import Conformance

BROKEN = {
    "empty": b"",
    "blank": b" \r\n",
    "web page": b"<!DOCTYPE html><html><body>Masuk</body></html>",
    "another object": b'{"ok": true}',
    "a list": b"[]",
    "null": b"null",
    "a text": b'"messages"',
    "text after the end": b'{"messages": [], "features": []} {"messages": []}',
    "binary": bytes(range(256)) * 4,
    "deep": b'{"messages": ' + b"[" * 100_000,
    "deep inside": b'{"features": [], "messages": [{"text": ' + b"[" * 100_000,
    "no string": b'{"messages": [{"text": "tak selesai',
    "an odd key": b'{1: 2, "messages": [], "features": []}',
}


class FileConformance(Conformance):
    @pytest.fixture
    def world(self, tmp_path: Path) -> Path:
        return tmp_path / "result.json"

    @pytest.fixture(autouse=True)
    def _small_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("collectors.exports.PAGE_RECORDS", 2)

    def serve_broken(self, world: Path, body: bytes) -> None:
        world.write_bytes(body)

    def serve(self, world: Path, state: str) -> None:
        world.write_text(json.dumps(self.document(state), indent=1, ensure_ascii=False))

    @abstractmethod
    def document(self, state: str) -> dict[str, Any]:
        """What the file holds in a state."""


class TestTelegramExport(FileConformance):
    pages: ClassVar[int] = 3
    edited: ClassVar[tuple[str, str]] = ("tiga hari", "lima hari")
    deleted: ClassVar[str] = "penyok"
    broken: ClassVar[dict[str, bytes]] = {
        **BROKEN,
        "messages that are none": b'{"id": 1, "messages": [1, null, "a", []]}',
        "messages of another shape": b'{"id": 1, "messages": [{"teks": "a"}]}',
        "no list": b'{"id": 1, "messages": {"a": 1}}',
        "null for a list": b'{"id": 1, "messages": null}',
        "no list of chats": b'{"chats": {"about": "x"}}',
        "chats that are none": b'{"chats": {"list": [1]}}',
        "a chat without messages": b'{"chats": {"list": [{"id": 1}]}}',
        "a chat without an id": b'{"messages": [{"id": 1, "type": "message", "text": "a"}]}',
        "half": b'{"id": 1, "messages": [{"id": 1, "type": "message", "text": "a"},',
    }

    def make(self, world: Path) -> TelegramExportSource:
        return TelegramExportSource(
            name="grup", brand="Senandika", options={"path": str(world), "own_users": "user9"}
        )

    def document(self, state: str) -> dict[str, Any]:
        texts = ["Kardusnya penyok", "Sudah tiga hari", ["Cek ", {"type": "link", "text": "x.id"}],
                 "Mantap kak", "Kapan buka?"]  # fmt: skip
        if state == "edited":
            texts[1] = "Sudah lima hari"
        messages = [
            {"id": n, "type": "message", "date_unixtime": str(1778000000 + n), "from_id": f"u{n}",
             "from": f"Orang {n}", "text": text}
            for n, text in enumerate(texts, 1)
        ]  # fmt: skip
        answer = {"id": 9, "type": "message", "date_unixtime": "1778000099", "from_id": "user9",
                  "text": "Maaf ya, Kak", "reply_to_message_id": 2}  # fmt: skip
        if state == "deleted":
            del messages[0]
        return {"name": "G", "type": "private_supergroup", "id": 5, "messages": [*messages, answer]}


class TestGoogleTakeout(FileConformance):
    pages: ClassVar[int] = 2
    edited: ClassVar[None] = None
    deleted: ClassVar[str] = "penyok"
    broken: ClassVar[dict[str, bytes]] = {
        **BROKEN,
        "no list": b'{"type": "FeatureCollection", "features": {"a": 1}}',
        "null for a list": b'{"features": null}',
        "reviews that are none": b'{"features": [1, null, {}]}',
        "reviews of another shape": b'{"features": [{"properties": {"a": 1}}]}',
        "half": b'{"features": [{"properties": {"date"',
    }

    def make(self, world: Path) -> GoogleTakeoutSource:
        return GoogleTakeoutSource(name="ulasan", brand="Senandika", options={"path": str(world)})

    def document(self, state: str) -> dict[str, Any]:
        texts = ["Kardusnya penyok", None, "Tempatnya nyaman"]
        features = [
            {"type": "Feature", "properties": {
                "date": f"2026-05-0{n}T01:02:03.5Z", "five_star_rating_published": n,
                "google_maps_url": f"https://www.google.com/maps/place//data=!1s0x0:0x{n}",
                "location": {"name": f"Senandika {n}"},
                **({"review_text_published": text} if text else {})}}
            for n, text in enumerate(texts, 1)
        ]  # fmt: skip
        if state == "deleted":
            del features[0]
        return {"type": "FeatureCollection", "features": features}
