"""Many deliveries at once, and senders who send too much or too slowly."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from collectors.runner import receive
from collectors.source import Page
from collectors.sources.webhook import WebhookSource
from collectors.webhooks import app as webhook_app
from simak import http_server as webhook_server
from simak.http_server import MAX_CONNECTIONS
from simak.mention import RawMention
from store import rollups, runs
from store.engine import Store
from tests.collectors.conformance import PRIVACY, clock, rows
from tests.collectors.deliveries import (
    BODY,
    SECRET,
    TOKEN,
    edited,
    keeping,
    post,
    qiscus,
    said,
    serving,
    signed,
    source,
    whatsapp,
)


@pytest.mark.parametrize("same", [True, False])
def test_many_deliveries_at_once_lose_and_double_nothing(store: Store, same: bool) -> None:
    """Through two servers, as while one takes over from the other, and beside a run at work."""
    of, senders, each = source(), 6, 5
    own = replace_name(of)

    def send(sender: int) -> None:
        place = sender if not same else 0
        url = f"http://127.0.0.1:{ports[sender % 2]}"
        with httpx2.Client(base_url=url, timeout=60) as http:
            for n in range(each):
                body = whatsapp(
                    said(f"w{place}-{n}", "belum sampai", at=100),
                    edited(f"w{place}-{n}", "sudah sampai", 160),
                    said("bersama", "sama"),
                )
                assert post(http, of, body) == 200

    def beside() -> None:
        for n in range(senders * each):
            page = Page(mentions=(RawMention(external_id=f"lain{n}", text="sama"),))
            receive(store, own, page, privacy=PRIVACY, now=clock)

    with serving(keeping(store), of) as one, serving(keeping(store), of) as two:
        ports = (one, two)
        with ThreadPoolExecutor(senders + 1) as pool:
            tasks = [pool.submit(send, sender) for sender in range(senders)]
            tasks.append(pool.submit(beside))
            for task in tasks:
                task.result()
    wanted = (1 if same else senders) * each
    found = [row for row in rows(store) if row["external_id"].startswith("w")]
    assert len(found) == wanted
    assert {row["text"] for row in found} == {"sudah sampai"}
    assert len(rows(store)) == wanted + 1 + senders * each
    assert rollups.verify(store) == len(rows(store))
    counted = [run for run in runs.runs(store) if run.source == of.name]
    assert sum(run.got for run in counted) == senders * each * 3
    assert sum(run.new for run in counted) == wanted + 1
    assert sum(run.new + run.edited + run.unchanged for run in counted) == senders * each * 3


def replace_name(of: WebhookSource) -> WebhookSource:
    options = {"format": "whatsapp", "secret": SECRET, "verify_token": TOKEN}
    return WebhookSource(name=f"{of.name}-lain", brand=of.brand, options=options)


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_without_end_is_not_taken_in(
    monkeypatch: pytest.MonkeyPatch, declared: bool
) -> None:
    monkeypatch.setattr(webhook_app, "MAX_BODY_BYTES", 10_000)
    of, kept = source("qiscus"), []
    body = qiscus("x" * 9_000)

    def parts() -> Any:
        yield from (b"x" * 1_000 for _ in range(50))

    with serving(lambda _, page: kept.append(page), of) as port:
        address = f"http://127.0.0.1:{port}{of.path}"
        long = b"x" * 50_000 if declared else parts()
        assert httpx2.post(address, content=long).status_code == 413
        assert httpx2.post(address, content=body, headers=signed(of, body)).status_code == 200
    assert len(kept) == 1


def test_a_body_that_drips_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_app, "BODY_SECONDS", 0.05)
    of, kept = source(), []
    with serving(lambda _, page: kept.append(page), of) as port:
        head = f"POST {of.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc"
        assert b" 408 " in _raw(port, head)
    assert kept == []


@pytest.mark.parametrize("head", ["", "POST / HT"])
def test_a_head_that_drips_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, head: str) -> None:
    monkeypatch.setattr(webhook_server, "HEADER_SECONDS", 0.05)
    with serving(lambda *_: None, source()) as port:
        assert _raw(port, head) == b""
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(65_536).startswith(b"HTTP/1.1 404")
            connection.sendall(b"GET")
            assert b"HTTP" not in connection.recv(65_536)


def test_a_sender_who_hangs_up_half_way_harms_nobody(sqlite_store: Store) -> None:
    of = source()
    with serving(keeping(sqlite_store), of) as port:
        with socket.create_connection(("127.0.0.1", port)) as half:
            head = f"POST {of.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
            half.sendall(head.encode() + b"{")
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as http:
            assert post(http, of, BODY) == 200
    assert len(rows(sqlite_store)) == 1


def test_more_connections_than_are_served_are_told_to_come_again() -> None:
    of, gate = source("qiscus"), threading.Event()

    def keep(_: WebhookSource, __: Page) -> None:
        assert gate.wait(30)

    def send(text: str) -> int:
        body = qiscus(text)
        address = f"http://127.0.0.1:{port}{of.path}"
        return httpx2.post(address, content=body, headers=signed(of, body), timeout=60).status_code

    with serving(keep, of) as port, ThreadPoolExecutor(MAX_CONNECTIONS) as pool:
        try:
            tasks = [pool.submit(send, str(n)) for n in range(MAX_CONNECTIONS + 10)]
            while not any(task.done() for task in tasks):
                time.sleep(0.01)
        finally:
            gate.set()
        answers = [task.result() for task in tasks]
    assert set(answers) == {200, 503}


def _raw(port: int, head: str) -> bytes:
    """Send the beginning of a request, and return what comes until the server hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(head.encode())
        found = b""
        while part := connection.recv(65_536):
            found += part
        return found
