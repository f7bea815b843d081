from __future__ import annotations

import gzip
import logging
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from collectors import http
from collectors.http import ATTEMPTS, MAX_WAIT, HttpClient, looks_like, shown
from collectors.pace import retry_after
from simak import __version__
from simak.errors import AccessDenied, ConfigurationError, RetryLater, SourceChanged
from tests.collectors.conformance import NOW, clock
from tests.collectors.replay import Answer, Replay


@pytest.fixture
def client() -> HttpClient:
    return HttpClient(now=clock)


def test_it_says_who_asks(client: HttpClient, replay: Replay) -> None:
    replay.serve({"GET /a": Answer(b"isi")})
    response = client.get(f"{replay.url}/a", params={"q": "kopi senja"}, headers={"X-Y": "1"})
    assert response.body == b"isi"
    asked = replay.asked[0]
    assert asked.headers["user-agent"] == f"Simak/{__version__}"
    assert asked.headers["x-y"] == "1"
    assert asked.query == {"q": "kopi senja"}


def test_a_passing_failure_is_tried_again(
    client: HttpClient, replay: Replay, naps: list[float]
) -> None:
    replay.serve({"GET /a": [Answer(status=503), Answer(b"x", cut=True), Answer(b"isi")]})
    assert client.get(f"{replay.url}/a").body == b"isi"
    assert len(replay.asked) == 3
    assert len(naps) == 2
    # Backoff grows; jitter is at most a second.
    assert 0.5 <= naps[0] <= 1.5 <= naps[1] + 0.5 <= 2.5


def test_it_gives_up_and_says_why(client: HttpClient, replay: Replay) -> None:
    replay.serve({"GET /a": Answer(status=503)})
    with pytest.raises(RetryLater, match=r"problem of its own \(503\)"):
        client.get(f"{replay.url}/a")
    assert len(replay.asked) == ATTEMPTS


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed_as_seconds_and_as_a_date(
    client: HttpClient, replay: Replay, naps: list[float], status: int
) -> None:
    date = format_datetime(NOW + timedelta(seconds=11), usegmt=True)
    replay.serve(
        {
            "GET /a": [
                Answer(status=status, headers={"Retry-After": "3"}),
                Answer(status=status, headers={"Retry-After": date}),
                Answer(b"isi"),
            ]
        }
    )
    assert client.get(f"{replay.url}/a").body == b"isi"
    assert naps == [3.0, 11.0]


def test_a_long_retry_after_is_left_to_the_next_run(
    client: HttpClient, replay: Replay, naps: list[float]
) -> None:
    later = NOW + timedelta(hours=2)
    replay.serve(
        {"GET /a": Answer(status=429, headers={"Retry-After": format_datetime(later, usegmt=True)})}
    )
    with pytest.raises(RetryLater) as caught:
        client.get(f"{replay.url}/a")
    assert caught.value.retry_at == later
    assert naps == []
    assert len(replay.asked) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "9" * 400}, None),
        ({"retry-after": "Mon, 01 Jun 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "Mon, 01 Jun 2026 12:00:05 -0000"}, 5.0),
        ({"x-ratelimit-reset": "30"}, 30.0),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 42)}, 42.0),
        ({"x-rate-limit-reset": str(int(NOW.timestamp()) + 42)}, 42.0),
        ({"retry-after": "4", "x-ratelimit-reset": "30"}, 4.0),
        ({"x-ratelimit-reset": (NOW + timedelta(minutes=4)).isoformat()}, 240.0),
        ({"x-ratelimit-reset": "2026-13-01T00:00:00Z"}, None),
        ({"ratelimit-reset": str(int(NOW.timestamp()) + 42)}, 42.0),
    ],
)
def test_the_time_to_wait_is_read(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (401, AccessDenied, "credential"),
        (403, AccessDenied, "refuses access"),
        (451, AccessDenied, "refuses access"),
        (404, ConfigurationError, "check the address"),
        (410, ConfigurationError, "check the address"),
        (400, SourceChanged, "status 400"),
        (422, SourceChanged, "status 422"),
    ],
)
def test_a_refusal_is_told_at_once(
    client: HttpClient, replay: Replay, status: int, error: type[Exception], words: str
) -> None:
    replay.serve({"GET /a": Answer(status=status)})
    with pytest.raises(error, match=words):
        client.get(f"{replay.url}/a")
    assert len(replay.asked) == 1
    assert client.request("GET", f"{replay.url}/a", also=(status,)).status == status


def test_redirects_are_followed_and_end(client: HttpClient, replay: Replay) -> None:
    replay.serve(
        {
            "GET /old": Answer(status=301, headers={"Location": "/new"}),
            "GET /new": Answer(b"isi"),
            "GET /loop": Answer(status=302, headers={"Location": "/loop"}),
            "GET /away": Answer(status=302, headers={"Location": "ftp://example.org/"}),
        }
    )
    response = client.get(f"{replay.url}/old")
    assert (response.body, response.url) == (b"isi", f"{replay.url}/new")
    assert client.request("GET", f"{replay.url}/old").status == 301
    with pytest.raises(SourceChanged, match="redirects"):
        client.get(f"{replay.url}/loop")
    with pytest.raises(SourceChanged, match="redirects"):
        client.get(f"{replay.url}/away")


def test_a_body_without_end_is_not_read(
    client: HttpClient, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "MAX_BODY_BYTES", 1024 * 1024)
    replay.serve(
        {
            "GET /big": Answer(b"x" * (1024 * 1024 + 1)),
            # Small on the way, large when unpacked.
            "GET /bomb": Answer(
                gzip.compress(b"\0" * 4 * 1024 * 1024), headers={"Content-Encoding": "gzip"}
            ),
            "GET /fits": Answer(b"x" * 1024 * 1024),
        }
    )
    for path in ("big", "bomb"):
        with pytest.raises(SourceChanged, match="more than 1 MB"):
            client.get(f"{replay.url}/{path}")
    assert len(client.get(f"{replay.url}/fits").body) == 1024 * 1024


def test_a_body_that_drips_is_left(
    client: HttpClient, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "MAX_SECONDS", -1.0)
    replay.serve({"GET /a": Answer(b"isi")})
    with pytest.raises(RetryLater, match="takes too long"):
        client.get(f"{replay.url}/a")


def test_a_damaged_body_is_the_services_fault(client: HttpClient, replay: Replay) -> None:
    replay.serve({"GET /a": Answer(b"no gzip", headers={"Content-Encoding": "gzip"})})
    with pytest.raises(SourceChanged, match="damaged"):
        client.get(f"{replay.url}/a")


@pytest.mark.parametrize(
    "url",
    ["feed.xml", "ftp://example.org/a", "https://", "http://[::1/a", "file:///etc/passwd", ""],
)
def test_what_is_no_address_is_named(client: HttpClient, url: str) -> None:
    with pytest.raises(ConfigurationError, match="no address"):
        client.get(url)


def test_an_unknown_host_is_named(
    client: HttpClient, naps: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    def getaddrinfo(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(RetryLater, match=r"nowhere\.invalid cannot be reached"):
        client.get("http://nowhere.invalid/feed?key=rahasia")
    assert len(naps) == ATTEMPTS - 1


def test_secrets_stay_out_of_errors_and_logs(
    client: HttpClient, replay: Replay, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    replay.serve({"GET /a": Answer(b"isi"), "GET /gone": Answer(status=404)})
    place = replay.url.replace("http://", "http://saya:rahasia@")
    assert client.get(f"{place}/a?key=rahasia").body == b"isi"
    with pytest.raises(ConfigurationError) as caught:
        client.get(f"{place}/gone?key=rahasia")
    assert "rahasia" not in str(caught.value) + caplog.text
    assert replay.asked[0].query == {"key": "rahasia"}


def test_a_short_wait_is_taken_and_a_long_one_is_not(client: HttpClient, naps: list[float]) -> None:
    client.wait(-3, why="limit")
    client.wait(MAX_WAIT, why="limit")
    assert naps == [MAX_WAIT]
    with pytest.raises(RetryLater, match="limit") as caught:
        client.wait(MAX_WAIT + 1, why="limit")
    assert caught.value.retry_at == NOW + timedelta(seconds=MAX_WAIT + 1)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "an empty document"),
        (b"\n <HTML><body>", "a web page"),
        (b'<?xml version="1.0"?><html xmlns="x">', "a web page"),
        (b' {"a": 1', "JSON, whole or broken"),
        (b"%PDF-1.7", "a document of another kind"),
    ],
)
def test_other_documents_are_called_by_name(body: bytes, words: str) -> None:
    assert looks_like(body) == words


def test_an_address_is_shown_without_what_may_be_secret() -> None:
    assert shown("https://a:b@example.org:8443/x/y?z=1#f") == "https://example.org:8443/x/y"
    assert shown("http://[::1") == "the address"


def test_the_real_clock_is_utc(replay: Replay) -> None:
    replay.serve({"GET /a": Answer(status=429, headers={"Retry-After": "3600"})})
    before = datetime.now(UTC)
    with HttpClient() as client, pytest.raises(RetryLater) as caught:
        client.get(f"{replay.url}/a")
    assert caught.value.retry_at is not None
    assert before + timedelta(seconds=3600) <= caught.value.retry_at


@pytest.mark.parametrize("key", ["rahasia-7\nsambung", "rahasia-é7", "rahasia-7\x00"])
def test_a_key_that_cannot_be_sent_is_not_shown(
    client: HttpClient, replay: Replay, naps: list[float], key: str
) -> None:
    replay.serve({"GET /a": Answer(b"isi")})
    with pytest.raises(ConfigurationError, match="cannot be sent") as raised:
        client.get(f"{replay.url}/a", headers={"Authorization": f"Bearer {key}"})
    assert "rahasia" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert (replay.asked, naps) == ([], [])
