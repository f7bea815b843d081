"""Deliveries of services as they send them, signed; and a server for them on loopback."""

from __future__ import annotations

import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx2
from starlette.testclient import TestClient

from collectors.runner import receive
from collectors.source import Page
from collectors.sources.webhook import WebhookSource
from collectors.webhooks.app import Keep, make_app
from simak.http_server import listen, make_server
from simak.mention import RawMention
from store.engine import Store
from tests.collectors.conformance import NOW, PRIVACY, clock

SECRET, TOKEN = "rahasia-aplikasi-7f3", "token-verifikasi-9c1"
BUSINESS = "6285550001111"
CUSTOMER = "6281234567890"
SENT = datetime.fromtimestamp(1_780_300_000, UTC)


def source(format: str = "whatsapp", **options: Any) -> WebhookSource:
    needed = {"whatsapp": {"verify_token": TOKEN}, "json": {"mapping": {"text": "isi", "id": "id"}}}
    given = {"format": format, "secret": SECRET, **needed.get(format, {}), **options}
    return WebhookSource(name=f"dari-{format}", brand="Senandika", options=given)


def signed(of: WebhookSource, body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {of.signature_header: "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()}


def whatsapp(*messages: Mapping[str, Any], **more: Any) -> bytes:
    """A delivery of messages, with further keys of its value."""
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "+62 855-5000-1111", "phone_number_id": "990011"},
        "contacts": [{"profile": {"name": "Sekar Ayu"}, "wa_id": CUSTOMER}],
        **more,
    }
    if messages:
        value["messages"] = list(messages)
    change = {"field": "messages", "value": value}
    payload = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
    return json.dumps(payload).encode()


def message(id: str, kind: str = "text", at: int = 1_780_300_000, **content: Any) -> dict[str, Any]:
    return {"from": CUSTOMER, "id": id, "timestamp": str(at), "type": kind, **content}


def said(id: str, text: str, **more: Any) -> dict[str, Any]:
    return message(id, text={"body": text}, **more)


def edited(original: str, text: str, at: int) -> dict[str, Any]:
    inner = {"context": {"id": "wamid.x"}, "type": "text", "text": {"body": text}}
    edit = {"original_message_id": original, "message": inner}
    return message(f"wamid.edit-{at}", "edit", at, edit=edit)


def revoked(original: str, at: int) -> dict[str, Any]:
    return message(f"wamid.revoke-{at}", "revoke", at, revoke={"original_message_id": original})


def qiscus(text: str = "ini pesan", way: str = "post_comment_mobile", **content: Any) -> bytes:
    payload = {
        "from": {"id": 1, "email": "sekar@contoh.example", "name": "Sekar"},
        "room": {"id": 1, "topic_id": 1, "type": "group", "name": "ini grup"},
        "message": {"type": "text", "text": text, "payload": {}, **content},
    }
    return json.dumps({"type": way, "payload": payload}).encode()


def keeping(store: Store) -> Keep:
    return lambda of, page: receive(store, of, page, privacy=PRIVACY, now=clock)


@contextmanager
def client(
    keep: Keep, *sources: WebhookSource, now: Callable[[], Any] = clock
) -> Iterator[TestClient]:
    with TestClient(make_app(sources, keep, now=now)) as made:
        yield made


def post(to: TestClient | httpx2.Client, of: WebhookSource, body: bytes, **more: Any) -> int:
    response = to.post(of.path, content=body, headers=signed(of, body), **more)
    status: int = response.status_code
    return status


@contextmanager
def serving(keep: Callable[[WebhookSource, Page], Any], *sources: WebhookSource) -> Iterator[int]:
    """The real server on loopback; yields its port."""
    with listen("127.0.0.1", 0) as listening:
        server = make_server(make_app(sources, keep, now=clock))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.005)
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(10)
            assert not thread.is_alive()


def read(body: bytes, of: WebhookSource | None = None, now: datetime = NOW) -> Page:
    """What is made of a delivery, by itself."""
    return (of or source()).read(body, now)


def only(page: Page) -> RawMention:
    assert (page.bad, page.skipped) == ((), {})
    (raw,) = page.mentions
    return raw


BODY = whatsapp(said("wamid.1", "Paket saya belum sampai"))
"""A delivery of WhatsApp with one message."""
