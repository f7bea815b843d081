"""`simak serve-webhooks`: what is answered is stored, also where the server is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from simak.errors import ConfigurationError
from store import rollups
from store.engine import open_store
from store.filter import Filter
from store.lists import list_mentions
from store.runs import hold_lease, runs
from tests.cli.conftest import Simak
from tests.collectors.deliveries import SECRET, TOKEN, said, signed, source, whatsapp

SETTINGS = """
[[source]]
name = "dari-whatsapp"
type = "webhook"
brand = "Senandika"
format = "whatsapp"
secret = "env:WA_SECRET"
verify_token = "env:WA_TOKEN"

[[source]]
name = "libur"
type = "webhook"
brand = "Senandika"
enabled = false
format = "qiscus"
secret = "x"
"""

DIES = """
import os, signal, sys
from {module} import {holder}
real = {holder}.{name}
def dying(*arguments, **options):
    {before}
    found = real(*arguments, **options)
    os.kill(os.getpid(), signal.SIGKILL)
{holder}.{name} = dying
sys.argv = ["simak", "serve-webhooks", "--port", "0", "--json"]
from simak.cli import main
main()
"""

STORED = DIES.format(module="collectors", holder="runner", name="receive", before="pass")
HALF = DIES.format(module="store", holder="runs", name="save_run", before="pass")


@pytest.fixture
def settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WA_SECRET", SECRET)
    monkeypatch.setenv("WA_TOKEN", TOKEN)
    (folder / "simak.toml").write_text(SETTINGS)
    return folder


@contextmanager
def running(*command: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    arguments = command or ("-m", "simak", "serve-webhooks", "--port", "0", "--json")
    with subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        said = ""
        while not said.rstrip().endswith("}"):
            line = server.stdout.readline()
            assert line, server.stderr and server.stderr.read()
            said += line
        try:
            yield server, json.loads(said)["dari-whatsapp"]
        finally:
            server.kill()


def stored(folder: Path) -> list[str]:
    store = open_store(f"sqlite:///{folder / 'data' / 'simak.db'}")
    try:
        found = list_mentions(store, Filter(), limit=50)
        assert rollups.verify(store) == len(found)
        return sorted(row.text for row in found)
    finally:
        store.close()


def deliver(address: str, body: bytes) -> int:
    status: int = httpx2.post(address, content=body, headers=signed(source(), body)).status_code
    return status


def test_it_says_where_it_receives_and_stores_what_it_answers(settings: Path) -> None:
    body = whatsapp(said("wamid.1", "Paket belum sampai"))
    with running() as (server, address):
        assert address.endswith("/webhooks/dari-whatsapp")
        assert deliver(address, body) == 200
        assert stored(settings) == ["Paket belum sampai"]
        assert httpx2.post(address, content=body).status_code == 401
        query = {"hub.mode": "subscribe", "hub.verify_token": TOKEN, "hub.challenge": "77"}
        assert httpx2.get(address, params=query).text == "77"
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=30)
    assert server.returncode == 0
    assert "Traceback" not in err
    assert SECRET not in out + err
    assert TOKEN not in out + err


def test_it_stores_while_a_run_is_at_work(settings: Path) -> None:
    store = open_store(f"sqlite:///{settings / 'data' / 'simak.db'}")
    with hold_lease(store), running() as (_, address):
        assert deliver(address, whatsapp(said("wamid.1", "halo"))) == 200
    store.close()
    assert stored(settings) == ["halo"]


@pytest.mark.parametrize(
    ("dying", "left"), [(STORED, ["Paket belum sampai"]), (HALF, [])], ids=["stored", "half"]
)
def test_what_was_not_answered_because_it_was_killed_comes_again_and_is_stored_once(
    settings: Path, dying: str, left: list[str]
) -> None:
    body = whatsapp(said("wamid.1", "Paket belum sampai"))
    with running("-c", dying) as (server, address):
        with pytest.raises(httpx2.TransportError):
            deliver(address, body)
        assert server.wait(30) == -signal.SIGKILL
    assert stored(settings) == left
    with running() as (_, address):
        for _ in range(2):
            assert deliver(address, body) == 200
    assert stored(settings) == ["Paket belum sampai"]
    store = open_store(f"sqlite:///{settings / 'data' / 'simak.db'}")
    (run,) = runs(store)
    assert (run.status, run.new, run.unchanged) == ("done", 1, 1 + len(left))
    store.close()


def test_a_source_that_is_sent_to_is_never_collected(
    simak: Simak, asked: Callable[..., Any], settings: Path
) -> None:
    assert asked("collect") == []
    error = simak("collect", "dari-whatsapp").exception
    assert isinstance(error, ConfigurationError)
    assert "serve-webhooks" in str(error)
    store = open_store(f"sqlite:///{settings / 'data' / 'simak.db'}")
    assert runs(store) == []
    store.close()


def test_what_is_set_up_for_it_can_be_checked(asked: Callable[..., Any], settings: Path) -> None:
    (all_on,), (named,) = asked("sources", "check"), asked("sources", "check", "dari-whatsapp")
    for found in (all_on, named):
        assert (found["source"], found["error"]) == ("dari-whatsapp", None)
        assert "sends by itself" in found["notes"][0]


def test_the_doctor_says_that_nothing_came_yet(simak: Simak, settings: Path) -> None:
    lines = simak("doctor").output.splitlines()
    (line,) = [line for line in lines if "dari-whatsapp" in line]
    assert line.startswith("! sources")
    assert "simak serve-webhooks" in line


@pytest.mark.parametrize(
    "content", ["", SETTINGS.replace("brand =", "enabled = false\nbrand =", 1)]
)
def test_without_a_source_to_receive_for_it_does_not_start(
    simak: Simak, settings: Path, content: str
) -> None:
    (settings / "simak.toml").write_text(content)
    error = simak("serve-webhooks").exception
    assert isinstance(error, ConfigurationError)
    assert 'type "webhook"' in str(error)


def test_a_wrong_option_is_named_with_its_line(simak: Simak, settings: Path) -> None:
    (settings / "simak.toml").write_text(SETTINGS.replace("verify_token", "verify"))
    assert "simak.toml, line 2" in str(simak("serve-webhooks", "--port", "0").exception)
    assert os.environ["WA_SECRET"] not in str(simak("serve-webhooks").exception)
