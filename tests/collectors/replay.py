"""Serves recordings on 127.0.0.1, and remembers what was asked and what was never asked for."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

FIXTURES = Path(__file__).parent / "fixtures"


@dataclass(frozen=True)
class Answer:
    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False  # the connection ends before the body does


@dataclass(frozen=True)
class Asked:
    """A request; the fields of a form are in `query` too."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""
    lists: Mapping[str, list[str]] = field(default_factory=dict)  # what the query has repeatedly


Service = Callable[[Asked], Answer]
Routes = Mapping[str, "Answer | Sequence[Answer] | Service"]


def recording(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def as_json(value: Any, **headers: str) -> Answer:
    return Answer(
        json.dumps(value).encode(), headers={"Content-Type": "application/json", **headers}
    )


class Replay:
    """Routes are written "GET /path?key=value": a request matches the one with most of its query.

    A route's answers are given in turn; the last one stays. A function stands for a service that
    need not be asked.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._routes: dict[str, list[Answer] | Service] = {}
        self._used: set[str] = set()
        self._lock = threading.Lock()
        self.url = ""

    def serve(self, routes: Routes) -> None:
        """Take these routes in place of all before."""
        with self._lock:
            self._routes = {
                route: [answers]
                if isinstance(answers, Answer)
                else answers
                if callable(answers)
                else list(answers)
                for route, answers in routes.items()
            }
            self._used = set()
            self.asked = []

    def unused(self) -> list[str]:
        """Routes never asked for, and those of which answers are left."""
        return [
            route
            for route, answers in self._routes.items()
            if not callable(answers) and (route not in self._used or len(answers) > 1)
        ]

    def answer(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            best = max(self._routes, key=lambda route: _fit(route, asked), default=None)
            if best is None or _fit(best, asked) < 0:
                return Answer(f"no recording of {asked.method} {asked.path}".encode(), status=404)
            self._used.add(best)
            answers = self._routes[best]
            if callable(answers):
                return answers(asked)
            return answers.pop(0) if len(answers) > 1 else answers[0]


def _fit(route: str, asked: Asked) -> int:
    method, _, target = route.partition(" ")
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query))
    if (method, parts.path.rstrip("/")) != (asked.method, asked.path.rstrip("/")):
        return -1
    return len(query) if query.items() <= asked.query.items() else -1


@contextmanager
def replaying() -> Iterator[Replay]:
    replay = Replay()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else a body waits 40 ms for its headers to be known

        def _reply(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            if self.headers.get_content_type() == "application/x-www-form-urlencoded":
                query |= dict(parse_qsl(body.decode(), keep_blank_values=True))
            given = replay.answer(
                Asked(
                    self.command,
                    parts.path,
                    query,
                    {name.lower(): value for name, value in self.headers.items()},
                    body,
                    parse_qs(parts.query),
                )
            )
            self.send_response(given.status)
            for name, value in given.headers.items():
                self.send_header(name, value.replace("{url}", replay.url))
            if given.status != 304:
                self.send_header("Content-Length", str(len(given.body) + (10 if given.cut else 0)))
            self.end_headers()
            self.wfile.write(given.body)
            if given.cut:
                self.close_connection = True

        do_GET = do_POST = _reply  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    replay.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield replay
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def asked(replay: Replay, route: str) -> list[dict[str, str]]:
    """The queries of all requests of a route."""
    path = route.partition(" ")[2]
    return [dict(one.query) for one in replay.asked if one.path == path]
