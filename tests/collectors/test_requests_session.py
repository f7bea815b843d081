from __future__ import annotations

import pytest
import requests

from collectors.http import HttpClient, Response
from collectors.requests_session import session_through
from simak.errors import AccessDenied, RetryLater
from tests.collectors.replay import Answer, Replay, as_json


def test_an_answer_comes_as_requests_gives_it(replay: Replay) -> None:
    replay.serve({"GET /a?x=1": as_json({"kata": "apik"}, ETag='"1"')})
    with HttpClient() as http:
        answer = session_through(http).get(f"{replay.url}/a", params={"x": 1})
    assert isinstance(answer, requests.Response)
    assert (answer.status_code, answer.json(), answer.headers["etag"]) == (
        200,
        {"kata": "apik"},
        '"1"',
    )


def test_headers_and_bodies_are_sent(replay: Replay) -> None:
    replay.serve({"POST /a": Answer(b"ya")})
    with HttpClient() as http:
        session = session_through(http)
        session.headers["Authorization"] = "Bearer rahasia"
        session.post(f"{replay.url}/a", json={"q": "kopi"})
    (asked,) = replay.asked
    assert asked.headers["authorization"] == "Bearer rahasia"
    assert asked.headers["content-length"] == str(len('{"q": "kopi"}'))


def test_errors_are_the_projects_own(replay: Replay, naps: list[float]) -> None:
    replay.serve({"GET /403": Answer(status=403), "GET /500": Answer(status=500)})
    with HttpClient() as http:
        with pytest.raises(AccessDenied):
            session_through(http).get(f"{replay.url}/403")
        with pytest.raises(RetryLater):
            session_through(http).get(f"{replay.url}/500")
        assert naps
        assert session_through(http, also=[403]).get(f"{replay.url}/403").status_code == 403


def test_a_library_that_knows_one_host_is_led_to_the_one_of_the_settings(replay: Replay) -> None:
    replay.serve({"GET /proxy/2/tweets": as_json({})})
    seen: list[Response] = []
    with HttpClient() as http:
        session = session_through(http, base=f"{replay.url}/proxy/", on_answer=seen.append)
        assert session.get("https://api.x.com/2/tweets?q=a").json() == {}
    assert seen[0].status == 200
    assert replay.asked[0].query == {"q": "a"}


def test_a_redirect_cannot_lead_to_another_host_than_the_settings(replay: Replay) -> None:
    replay.serve(
        {
            "GET /a": Answer(status=302, headers={"Location": "https://evil.example/b"}),
            "GET /b": as_json({"ok": True}),
        }
    )
    with HttpClient() as http:
        assert session_through(http, base=replay.url).get(f"{replay.url}/a").json() == {"ok": True}
