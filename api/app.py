"""The server of the API: who asks, how often they may, and what the commands answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from threading import Lock

import click
import structlog
from pyrate_limiter import Duration, InMemoryBucket, Rate, RateItem
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.questions import Question, Unanswerable, described, questions
from simak import __version__
from simak.cli.common import answer
from simak.errors import ConfigurationError, NotAllowed, StoreError
from store.engine import Store
from store.mentions import brand_names
from store.restricted import restrict
from store.tokens import Granted, granted

_log = structlog.get_logger("simak.api")

_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


class _Refused(Exception):
    """A request that gets no answer."""

    def __init__(self, status: int, why: str, **headers: str) -> None:
        super().__init__(why)
        self.status, self.headers = status, headers


class Door:
    """Lets in who has a token that holds, as often as it may.

    Args:
        store: as its owner has it.
        now: the clock, aware UTC.
        tick: seconds that never go back.
    """

    def __init__(
        self, store: Store, *, now: Callable[[], datetime], tick: Callable[[], float]
    ) -> None:
        self._store, self._now, self._tick = store, now, tick
        self._buckets: dict[tuple[str, int], InMemoryBucket] = {}
        self._stores: dict[str, Store] = {}
        self._lock = Lock()

    def enter(self, request: Request) -> Store:
        """Return the store as whoever asks may see it.

        Raises:
            _Refused: there is no token, it does not hold, or it came too often.
        """
        scheme, _, said = request.headers.get("authorization", "").partition(" ")
        found = granted(self._store, said.strip(), self._now()) if said else None
        if scheme.lower() != "bearer" or found is None:
            raise _Refused(
                401, "send a token that holds: Authorization: Bearer simak_…",
                **{"www-authenticate": "Bearer"},
            )  # fmt: skip
        with self._lock:
            self._count(found)
            scope = found.access.scope
            if scope not in self._stores:
                self._stores[scope] = restrict(self._store, found.access)
            return replace(self._stores[scope], access=found.access)

    def _count(self, found: Granted) -> None:
        key = found.name, found.per_minute
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = InMemoryBucket([Rate(found.per_minute, Duration.MINUTE)])
            self._buckets[key] = bucket
        item = RateItem("request", round(self._tick() * 1000))
        bucket.leak(item.timestamp)
        if bucket.put(item):
            return
        wait = bucket.waiting(item)
        assert isinstance(wait, int)
        seconds = str(-(-wait // 1000))
        why = f"at most {found.per_minute} requests a minute: come back in {seconds} s"
        raise _Refused(429, why, **{"retry-after": seconds})


def make_app(
    store: Store,
    *,
    now: Callable[[], datetime],
    tick: Callable[[], float] = time.monotonic,
) -> Starlette:
    """Return the application.

    Args:
        store: as its owner has it.
        now: the clock, aware UTC.
        tick: seconds that never go back.
    """
    door, known = Door(store, now=now, tick=tick), questions()
    text = described(known, __version__)

    def describe(request: Request) -> Response:
        return JSONResponse(text, headers=_HEADERS)

    def brands(request: Request) -> Response:
        seen = door.enter(request)
        if request.query_params:
            raise _Refused(400, "there is nothing to say along")
        return JSONResponse(brand_names(seen), headers=_HEADERS)

    def about(question: Question) -> Callable[[Request], Response]:
        def ask(request: Request) -> Response:
            seen = door.enter(request)
            try:
                arguments = question.arguments(request.query_params.multi_items())
                return JSONResponse(answer(question.command, arguments, seen), headers=_HEADERS)
            except Unanswerable as error:
                raise _Refused(400, str(error)) from error
            except click.BadParameter as error:
                raise _Refused(400, error.format_message()) from error
            except click.ClickException as error:  # each is right, and together they are not
                raise _Refused(409, error.format_message()) from error

        return ask

    routes = [
        Route("/v1/openapi.json", _guarded(describe)),
        Route("/v1/brands", _guarded(brands)),
        *(Route(f"/v1/{name}", _guarded(about(one))) for name, one in known.items()),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: _not_there})


def _guarded(ask: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Let every failure be JSON with what to do; what is a fault of Simak stands in its log."""

    def endpoint(request: Request) -> Response:
        try:
            return ask(request)
        except _Refused as error:
            return _failed(error.status, str(error), error.headers)
        except ConfigurationError as error:
            return _failed(404, str(error))  # what it asks about is not there
        except NotAllowed as error:
            return _failed(403, str(error))
        except StoreError as error:
            _log.error("the store refuses", error=str(error))
            return _failed(503, "the store cannot answer now: come back later")
        except Exception:
            _log.exception("failed", path=request.url.path)
            return _failed(500, "that is a fault of Simak: what happened stands in its log")

    return endpoint


async def _not_there(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    why = {404: "there is nothing here: see /v1/openapi.json", 405: "only GET is answered"}
    return _failed(error.status_code, why.get(error.status_code, error.detail), error.headers)


def _failed(status: int, why: str, headers: object = None) -> JSONResponse:
    more = dict(headers) if isinstance(headers, dict) else {}
    return JSONResponse({"error": why}, status, headers={**_HEADERS, **more})
