"""Recorded deliveries of the real services, over loopback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx2

from simak.reasons import NO_WORDS, NOBODY_WROTE
from store import runs
from store.engine import Store, open_store
from tests.collectors.conformance import NOW, rows
from tests.collectors.deliveries import client, keeping, post, serving, source

# A text, or the reason for which there is none.
WHATSAPP = {
    "callback_button__button": "title",
    "callback_button__quick_reply": "title",
    "callback_button__quick_reply_without_context": "title",
    "message__audio": NO_WORDS,
    "message__current_location": NO_WORDS,
    "message__document": "caption",
    "message__forwarded": "forwarded text",
    "message__image": NO_WORDS,
    "message__reaction": NO_WORDS,
    "message__reply": "replied text",
    "message__static_sticker": NO_WORDS,
    "message__text": "Body Text",
    "message__video": "caption",
    "message_status__delivered": NOBODY_WROTE,
    "message_status__read": NOBODY_WROTE,
    "message_status__sent": NOBODY_WROTE,
    "system__identity_change": NOBODY_WROTE,
}


def recordings(shared: Path, folder: str) -> dict[str, bytes]:
    paths = sorted((shared / "fixtures" / folder).glob("*.json"))
    assert paths
    return {path.stem: path.read_bytes() for path in paths}


def test_every_delivery_of_whatsapp_is_understood(sqlite_store: Store, shared: Path) -> None:
    recorded = recordings(shared, "whatsapp")
    assert set(WHATSAPP) <= set(recorded)
    of = source()
    with client(keeping(sqlite_store), of) as http:
        for name, body in recorded.items():
            page = of.read(body, NOW)
            assert page.bad == (), name
            found = [raw.text for raw in page.mentions] or list(page.skipped)
            if name in WHATSAPP:
                assert found == [WHATSAPP[name]], name
            assert post(http, of, body) == 200
    (run,) = runs.runs(sqlite_store)
    assert run.got == len(recorded)
    assert run.skipped == {NO_WORDS: 5, NOBODY_WROTE: 4}


def test_recorded_deliveries_again_and_in_another_order_end_the_same(
    sqlite_store: Store, shared: Path, tmp_path: Path
) -> None:
    """Each with an id of its own: in the recordings most have the same."""
    of = source()
    bodies = [unlike(body, name) for name, body in recordings(shared, "whatsapp").items()]
    other = open_store(f"sqlite:///{tmp_path / 'other.db'}")
    for store, order in ((sqlite_store, bodies), (other, [*reversed(bodies), *bodies])):
        with (
            serving(keeping(store), of) as port,
            httpx2.Client(base_url=f"http://127.0.0.1:{port}") as http,
        ):
            for body in order:
                assert post(http, of, body) == 200
    assert rows(sqlite_store) == rows(other)
    found = rows(sqlite_store)
    assert len(found) == 8
    for row in found:
        assert row["channel"] == "whatsapp"
        assert row["author_key"]
        assert row["published_at"].year == 2023
        assert "972987654321" not in str(row)
    other.close()


def test_the_documented_delivery_of_qiscus_is_stored_once(
    sqlite_store: Store, shared: Path
) -> None:
    of = source("qiscus")
    for body in recordings(shared, "qiscus").values():
        with client(keeping(sqlite_store), of) as http:
            for _ in range(3):
                assert post(http, of, body) == 200
    (row,) = rows(sqlite_store)
    assert row["text"] == "ini pesan"
    (run,) = runs.runs(sqlite_store)
    assert (run.new, run.unchanged) == (1, 2)


def test_the_documentation_as_it_was_published_is_no_json_and_kept(
    sqlite_store: Store, shared: Path
) -> None:
    of = source("qiscus")
    (path,) = (shared / "fixtures" / "qiscus").glob("webhook*.md")
    with client(keeping(sqlite_store), of) as http:
        assert post(http, of, path.read_bytes()) == 200
    (run,) = runs.runs(sqlite_store)
    assert (run.got, run.new) == (1, 0)
    assert len(runs.bad_records(sqlite_store, run.id)) == 1


def unlike(body: bytes, name: str) -> bytes:
    payload: Any = json.loads(body)
    for message in payload["entry"][0]["changes"][0]["value"].get("messages", []):
        message["id"] = f"wamid.{name}"
    return json.dumps(payload).encode()
