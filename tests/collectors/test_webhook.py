"""Deliveries over HTTP: only what is signed, stored before it is answered, and once."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest
import structlog
from sqlalchemy import select

from collectors.runner import BAD_RECORDS_KEPT, make_context, receive
from collectors.source import Page
from collectors.sources.webhook import WebhookSource
from collectors.webhooks import app as webhook_app
from collectors.webhooks.app import make_app
from simak.errors import BadRecord, ConfigurationError, StoreError
from simak.http_server import listen
from simak.mention import RawMention
from simak.reasons import NOBODY_WROTE, UNKNOWN_SHAPE
from store import rollups, runs
from store.engine import ROWS_PER_WRITE, Store, open_store
from store.mentions import versions
from store.tables import bad_record, cursor, mention
from store.tables import run as run_table
from tests.collectors.conformance import NOW, PRIVACY, clock, row, rows
from tests.collectors.deliveries import (
    BODY,
    CUSTOMER,
    SECRET,
    TOKEN,
    client,
    edited,
    keeping,
    post,
    qiscus,
    revoked,
    said,
    serving,
    signed,
    source,
    whatsapp,
)


def texts(store: Store) -> dict[str, str]:
    return {row["external_id"]: row["text"] for row in rows(store)}


@pytest.mark.parametrize("format", ["whatsapp", "qiscus", "json"])
def test_what_is_not_signed_is_refused_and_leaves_no_trace(
    sqlite_store: Store, format: str
) -> None:
    of = source(format)
    right = signed(of, BODY)[of.signature_header]
    wrong = [
        {},
        {of.signature_header: ""},
        {of.signature_header: "sha256="},
        {of.signature_header: right[:-1]},
        {of.signature_header: right[:-1] + ("0" if right[-1] != "0" else "1")},
        {of.signature_header: right.replace("sha256=", "sha1=")},
        {of.signature_header: "é" * 64},
        {"X-Other": right},
        signed(of, BODY + b" "),
        signed(of, BODY, "rahasia lain"),
    ]
    with client(keeping(sqlite_store), of) as http:
        for headers in wrong:
            given = {name: value.encode() for name, value in headers.items()}
            assert http.post(of.path, content=BODY, headers=given).status_code == 401, headers
        assert runs.runs(sqlite_store) == []
        assert rows(sqlite_store) == []
        for headers in ({of.signature_header: right}, {of.signature_header.lower(): right[7:]}):
            assert http.post(of.path, content=BODY, headers=headers).status_code == 200


def test_the_signature_stands_in_the_header_that_the_settings_name(sqlite_store: Store) -> None:
    of = source("json", signature_header="X-Toko-Sign")
    body = b'{"id": 1, "isi": "bagus"}'
    assert set(signed(of, body)) == {"X-Toko-Sign"}
    with client(keeping(sqlite_store), of) as http:
        assert post(http, of, body) == 200
    assert texts(sqlite_store) == {"dari-json:1": "bagus"}


def test_a_source_takes_only_what_is_signed_with_its_own_secret(sqlite_store: Store) -> None:
    wa, other = source(), source("qiscus", secret="rahasia qiscus")
    with client(keeping(sqlite_store), wa, other) as http:
        response = http.post(other.path, content=BODY, headers=signed(other, BODY))
        assert response.status_code == 401


def test_refusals_are_logged_seldom_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    of, now = source(), 0.0
    monkeypatch.setattr(webhook_app.time, "monotonic", lambda: now)
    refusals = webhook_app._Refusals()
    with structlog.testing.capture_logs() as logged:
        for now in (1.0, 2.0, 3.0, 1.0 + webhook_app.QUIET_SECONDS):  # noqa: B007
            refusals.log(of, "no signature")
    assert [(entry["source"], entry["refused"]) for entry in logged] == [(of.name, 1), (of.name, 3)]


def test_the_right_token_is_answered_with_the_challenge() -> None:
    of = source()
    query = {"hub.mode": "subscribe", "hub.verify_token": TOKEN, "hub.challenge": "<b>1158</b>"}
    with client(lambda *_: None, of, source("qiscus")) as http:
        answer = http.get(of.path, params=query)
        assert (answer.status_code, answer.text) == (200, "<b>1158</b>")
        assert answer.headers["content-type"].startswith("text/plain")
        assert answer.headers["x-content-type-options"] == "nosniff"
        for wrong in ({"hub.verify_token": "lain"}, {"hub.mode": "x"}, {"hub.verify_token": "é"}):
            refused = http.get(of.path, params=query | wrong)
            assert (refused.status_code, "1158" in refused.text) == (403, False)
        assert http.get(of.path).status_code == 403
        assert http.get("/webhooks/dari-qiscus", params=query).status_code == 405
        assert http.get("/webhooks/lain", params=query).status_code == 404
        assert http.put(of.path).status_code == 405


def test_it_is_stored_when_it_is_answered(sqlite_store: Store) -> None:
    of = source()
    with client(keeping(sqlite_store), of) as http:
        assert post(http, of, BODY) == 200
        assert texts(sqlite_store) == {"wamid.1": "Paket saya belum sampai"}
    (run,) = runs.runs(sqlite_store)
    assert (run.source, run.kind, run.status) == ("dari-whatsapp", "collect", runs.DONE)
    assert (run.asked, run.got, run.new) == (of.asks(), 1, 1)
    assert (run.started_at, run.finished_at) == (NOW, NOW)


def test_a_customers_number_is_nowhere_in_the_store(sqlite_store: Store) -> None:
    of = source()
    strange = {"from": CUSTOMER, "id": "w", "type": "hologram", "timestamp": "1"}
    with client(keeping(sqlite_store), of) as http:
        assert post(http, of, whatsapp(said("wamid.1", f"WA {CUSTOMER}"), strange)) == 200
    with sqlite_store.read() as connection:
        stored = str(
            [
                list(connection.execute(select(table)).mappings())
                for table in (mention, run_table, bad_record)
            ]
        )
    assert CUSTOMER not in stored
    assert "Sekar" not in stored
    assert "hologram" in stored


@pytest.mark.parametrize("format", ["whatsapp", "qiscus", "json"])
def test_what_comes_again_changes_nothing(sqlite_store: Store, format: str) -> None:
    of = source(format)
    body = {"whatsapp": BODY, "qiscus": qiscus(), "json": b'[{"id": 1, "isi": "bagus"}]'}[format]
    with client(keeping(sqlite_store), of) as http:
        assert post(http, of, body) == 200
        before = rows(sqlite_store)
        assert len(before) == 1
        for _ in range(3):
            assert post(http, of, body) == 200
    assert rows(sqlite_store) == before
    (run,) = runs.runs(sqlite_store)
    assert (run.got, run.new, run.edited, run.unchanged) == (4, 1, 0, 3)


def test_a_repetition_after_hours_changes_nothing_though_it_has_no_time(
    sqlite_store: Store,
) -> None:
    of, times = source("qiscus"), iter([NOW, NOW + timedelta(hours=7)])
    at = NOW

    def keep(of: WebhookSource, page: Page) -> None:
        receive(sqlite_store, of, page, privacy=PRIVACY, now=lambda: at)

    with client(keep, of, now=lambda: next(times)) as http:
        assert post(http, of, qiscus()) == 200
        at = NOW + timedelta(hours=7)
        assert post(http, of, qiscus()) == 200
    (stored,) = rows(sqlite_store)
    assert stored["published_at"] == NOW


def test_an_edit_and_a_revocation_win_in_any_order(sqlite_store: Store) -> None:
    of = source()
    first = [said("a", "belum sampai", at=100), edited("a", "sudah sampai", 160)]
    second = [said("b", "kapok", at=100), revoked("b", 130)]
    deliveries = [[first[1]], [first[0]], [second[1]], [second[0]], first, second, first[:1]]
    with client(keeping(sqlite_store), of) as http:
        for messages in deliveries:
            assert post(http, of, whatsapp(*messages)) == 200
    assert texts(sqlite_store) == {"a": "sudah sampai", "b": ""}
    stored = row(sqlite_store, having="sudah")
    assert stored["published_at"].timestamp() == 100
    assert [text for text, _ in versions(sqlite_store, stored["id"])] == ["belum sampai"]
    erased = next(row for row in rows(sqlite_store) if row["external_id"] == "b")
    assert (erased["author_key"], erased["deleted_at"]) == (None, NOW)
    assert rollups.verify(sqlite_store) == 2


def test_a_batch_longer_than_a_transaction_is_stored_whole(sqlite_store: Store) -> None:
    of = source()
    many = [said(f"w{n}", f"pesan {n}") for n in range(ROWS_PER_WRITE + 5)]
    with client(keeping(sqlite_store), of) as http:
        assert post(http, of, whatsapp(*many, statuses=[{"id": "x"}])) == 200
    assert len(rows(sqlite_store)) == len(many)
    (run,) = runs.runs(sqlite_store)
    assert (run.got, run.new, run.skipped) == (len(many) + 1, len(many), {NOBODY_WROTE: 1})


def test_what_is_signed_and_not_understood_is_kept_and_answered_200(sqlite_store: Store) -> None:
    of = source()
    bodies = [b"", b"<html>", b'{"entry": 1}', b'{"entry"', b"null", b"[" * 99_999]
    with client(keeping(sqlite_store), of) as http:
        for body in bodies:
            assert post(http, of, body) == 200
    (run,) = runs.runs(sqlite_store)
    assert (run.got, run.new, run.skipped) == (len(bodies), 0, {UNKNOWN_SHAPE: len(bodies)})
    assert len(runs.bad_records(sqlite_store, run.id)) == len(bodies)


def test_no_more_than_so_many_are_kept_a_day_and_all_are_counted(sqlite_store: Store) -> None:
    bad = tuple(BadRecord(UNKNOWN_SHAPE, record=n) for n in range(BAD_RECORDS_KEPT - 1))
    for page in (Page(bad=bad), Page(bad=bad[:3]), Page(bad=bad[:3])):
        run = receive(sqlite_store, source(), page, privacy=PRIVACY, now=clock)
    assert run.skipped == {UNKNOWN_SHAPE: BAD_RECORDS_KEPT + 5}
    assert len(runs.bad_records(sqlite_store, run.id, limit=9_999)) == BAD_RECORDS_KEPT


@pytest.mark.parametrize("error", [StoreError("the store is on a full disk"), OSError(SECRET)])
def test_what_cannot_be_stored_is_not_thanked_for(sqlite_store: Store, error: Exception) -> None:
    of, broken = source(), True

    def keep(of: WebhookSource, page: Page) -> None:
        if broken:
            raise error
        keeping(sqlite_store)(of, page)

    with structlog.testing.capture_logs() as logged, client(keep, of) as http:
        response = http.post(of.path, content=BODY, headers=signed(of, BODY))
        assert response.status_code == (503 if isinstance(error, StoreError) else 500)
        assert ("retry-after" in response.headers) == isinstance(error, StoreError)
        assert rows(sqlite_store) == []
        broken = False
        assert post(http, of, BODY) == 200
    assert len(rows(sqlite_store)) == 1
    assert logged
    assert SECRET not in str(logged)


def test_a_store_that_another_writes_to_is_waited_for_and_then_given_up(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.engine._BUSY_MS", 30)
    of = source()
    with client(keeping(sqlite_store), of) as http:
        other = open_store(str(sqlite_store.engine.url))
        with other.write():
            assert post(http, of, BODY) == 503
        assert rows(sqlite_store) == []
        assert post(http, of, BODY) == 200
        other.close()
    assert len(rows(sqlite_store)) == 1


def test_the_lease_of_a_run_at_work_keeps_nothing_out(sqlite_store: Store) -> None:
    of = source()
    with runs.hold_lease(sqlite_store), client(keeping(sqlite_store), of) as http:
        assert post(http, of, BODY) == 200
    assert len(rows(sqlite_store)) == 1


def test_a_page_that_fails_half_way_is_completed_by_the_repetition(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = tuple(
        RawMention(external_id=str(n), text=f"pesan {n}") for n in range(ROWS_PER_WRITE * 2)
    )
    page = Page(mentions=many, skipped={NOBODY_WROTE: 1})
    real, calls = runs.save_run, 0

    def save_run(*args: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise StoreError("the disk is full")
        real(*args)

    monkeypatch.setattr("collectors.runner.runs.save_run", save_run)
    with pytest.raises(StoreError):
        receive(sqlite_store, source(), page, privacy=PRIVACY, now=clock)
    assert len(rows(sqlite_store)) == ROWS_PER_WRITE
    run = receive(sqlite_store, source(), page, privacy=PRIVACY, now=clock)
    assert len(rows(sqlite_store)) == len(many)
    assert (run.new, run.unchanged) == (len(many), ROWS_PER_WRITE)
    assert run.skipped == {NOBODY_WROTE: 1}


def test_one_record_a_day_and_source(sqlite_store: Store) -> None:
    wa, chat = source(), source("qiscus")
    page = Page(skipped={NOBODY_WROTE: 1})

    def at(of: WebhookSource, hours: float) -> None:
        receive(sqlite_store, of, page, privacy=PRIVACY, now=lambda: NOW + timedelta(hours=hours))

    # Midnight in Jakarta is at five hours.
    for of, hours in ((wa, 0), (chat, 1), (wa, 4.9), (wa, 5.1), (chat, 20), (wa, 28)):
        at(of, hours)
    found = [
        (run.source, run.got, (run.started_at - NOW) / timedelta(hours=1))
        for run in runs.runs(sqlite_store)
    ]
    assert found == [
        ("dari-qiscus", 1, 20),
        ("dari-whatsapp", 2, 5.1),
        ("dari-qiscus", 1, 1),
        ("dari-whatsapp", 2, 0),
    ]
    latest = {run.source: success for run, success in runs.latest_runs(sqlite_store)}
    assert latest["dari-whatsapp"] == NOW + timedelta(hours=28)


def test_two_sources_at_one_path_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"dari-whatsapp.*dari-qiscus.*/x"):
        make_app([source(path="/x"), source("qiscus", path="/x")], lambda *_: None, now=clock)


def test_a_port_in_use_is_named() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"127.0.0.1:{port}"):
            listen("127.0.0.1", port)
    for host, number in (("127.0.0.1", 99_999), ("no such host", 1)):
        with pytest.raises(ConfigurationError, match="--port"):
            listen(host, number)


def test_it_is_not_collected_and_a_probe_finds_it_in_order() -> None:
    of = source()
    context = make_context("wa", http=None, now=clock)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="serve-webhooks"):
        list(of.collect({}, context))
    (page,) = of.collect({}, replace(context, probe=True))
    assert page.notes


def test_no_secret_is_shown_or_stored(
    sqlite_store: Store, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    of = source()
    with (
        structlog.testing.capture_logs() as logged,
        serving(keeping(sqlite_store), of) as port,
        httpx2.Client(base_url=f"http://127.0.0.1:{port}") as http,
    ):
        query = {"hub.mode": "subscribe", "hub.verify_token": TOKEN, "hub.challenge": "1"}
        assert http.get(of.path, params=query).status_code == 200
        assert http.get(of.path, params=query | {"hub.mode": "x"}).status_code == 403
        assert post(http, of, BODY) == 200
        assert post(http, of, b"<html>") == 200
        wrong = http.post(of.path, content=BODY, headers={of.signature_header: SECRET})
        assert wrong.status_code == 401
    ours = [record.getMessage() for record in caplog.records if "httpx" not in record.name
            and "httpcore" not in record.name]  # fmt: skip
    with sqlite_store.read() as connection:
        stored = [
            str(list(connection.execute(select(table)).mappings()))
            for table in (run_table, bad_record, cursor)
        ]
    shown = [str(ours), str(logged), *capfd.readouterr(), of.asks(), repr(of), *stored]
    assert len(logged) == 1
    for secret in (SECRET, TOKEN, CUSTOMER, "Paket saya"):
        assert not any(secret in text for text in shown)
