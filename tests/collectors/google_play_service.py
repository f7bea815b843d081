"""Answers as Google Play gives them, about an app that does not exist."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from collectors.services.google.play import PATH, form_of
from collectors.sources.google_play import GooglePlaySource
from tests.collectors.replay import Answer

APP = "id.senandika.pesan"


def at(day: int, hour: int = 9) -> int:
    return int(datetime(2026, 5, day, hour, tzinfo=UTC).timestamp())


def review(id: str, text: str | None, *, stars: int = 3, time: int = 0, **more: Any) -> list[Any]:
    """One review; `more` may name author, version and reply (text, time)."""
    author = more.get("author", f"Pelanggan {id}")
    reply = more.get("reply")
    picture = [None, 2, None, [None, None, "https://gambar.example/a"]]
    return [
        id,
        [author, picture],
        stars,
        None,
        text,
        [time or at(20), 77_000_000],
        0,
        None if reply is None else ["PT Senandika Rasa", reply[0], [reply[1], 174_000_000]],
        None,
        ["1104", author, None, [picture, True], picture],
        more.get("version"),
        None,
        None,
        None,
        None,
        None,
        1,
    ]


def payload(reviews: Any, token: str | None = None) -> list[Any]:
    return [reviews, [None, token]]


def framed(payload: Any, rpc: str = "UsvDTd", *, chunked: bool = False) -> bytes:
    text = None if payload is None else json.dumps(payload)
    frames = [["wrb.fr", rpc, text, None, None, None, "generic"], ["di", 42]]
    rest = [["af.httprm", 42, "c", 13]]
    if not chunked:
        return f")]}}'\n\n{json.dumps(frames + rest)}".encode()
    chunks = [json.dumps([["e", 4, None, None, 131]]), json.dumps(frames), json.dumps([rest])]
    return b")]}'\n\n" + "".join(f"{len(c) + 1}\n{c}\n" for c in chunks).encode()


def answer(reviews: Any, token: str | None = None) -> Answer:
    return Answer(framed(payload(reviews, token)))


def route(token: str | None = None, *, app: str = APP, hl: str = "id", gl: str = "id") -> str:
    return f"POST {PATH}?{urlencode({'hl': hl, 'gl': gl, **form_of(app, token)})}"


def play(url: str, **options: Any) -> GooglePlaySource:
    return GooglePlaySource(
        name="play", brand="Senandika", options={"apps": [APP], "url": url, **options}
    )
