"""The server that services send to: takes a delivery in, has it stored, and only then says so."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

import anyio.to_thread
import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from collectors.source import Page
from collectors.sources.webhook import WebhookSource
from simak.errors import ConfigurationError, StoreError

MAX_BODY_BYTES = 4 * 1024 * 1024
"""The longest delivery that is taken in; WhatsApp's have up to 3 MB."""

BODY_SECONDS = 20.0
"""How long a delivery may take to come in."""

RETRY_SECONDS = "60"

QUIET_SECONDS = 60.0
"""How long refusals of a source are only counted after one was logged: strangers fill no disk."""

Keep = Callable[[WebhookSource, Page], object]
"""Stores a page of a source; returns once it is stored, and raises StoreError where it is not."""


class _Refused(Exception):
    """A request that is answered with `status` and these words."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class _Refusals:
    """Logs what was refused, seldom enough."""

    def __init__(self) -> None:
        self._since: Counter[str] = Counter()
        self._quiet_until: dict[str, float] = {}

    def log(self, source: WebhookSource, why: str) -> None:
        self._since[source.name] += 1
        if time.monotonic() >= self._quiet_until.get(source.name, 0.0):
            self._quiet_until[source.name] = time.monotonic() + QUIET_SECONDS
            structlog.get_logger("simak.webhooks").warning(
                f"refused: {why}", source=source.name, refused=self._since.pop(source.name)
            )


def make_app(
    sources: Sequence[WebhookSource], keep: Keep, *, now: Callable[[], datetime]
) -> Starlette:
    """Return the application that receives for `sources`.

    It answers 200 where all of a delivery is stored or counted; 401 where it is not signed by
    its service, 503 where it cannot be stored now, 500 where reading it shows a mistake in the
    code (after both it comes again); 404, 405, 408, 413 as usual.

    Args:
        keep: called in a thread, by one delivery at a time.
        now: the clock, aware UTC.

    Raises:
        ConfigurationError: two sources are received at the same path.

    Example:
        >>> from datetime import UTC
        >>> options = {"format": "qiscus", "secret": "rahasia"}
        >>> source = WebhookSource(name="chat", brand="Senandika", options=options)
        >>> app = make_app([source], lambda source, page: None, now=lambda: datetime.now(UTC))
        >>> type(app).__name__
        'Starlette'
    """
    by_path: dict[str, WebhookSource] = {}
    for source in sources:
        other = by_path.setdefault(source.path, source)
        if other is not source:
            raise ConfigurationError(
                f"sources {other.name!r} and {source.name!r} are both received at {source.path}: "
                "give one of them another option 'path'"
            )
    # Deliveries write one after the other: they would only wait for each other in the store.
    turn = anyio.CapacityLimiter(1)
    refusals = _Refusals()

    def take(source: WebhookSource, body: bytes) -> None:
        keep(source, source.read(body, now()))

    async def receive(request: Request) -> Response:
        source = by_path.get(request.scope["path"])
        if source is None:
            return PlainTextResponse("nothing is received here\n", status_code=404)
        log = structlog.get_logger("simak.webhooks").bind(source=source.name)
        if request.method == "GET":
            return _answer_challenge(source, request, refusals)
        try:
            body = await _body(request)
            if not source.is_signed(body, request.headers):
                name = source.signature_header
                refusals.log(source, f"{name} is missing, or not made with the secret that is set")
                raise _Refused(401, "the signature is missing or wrong")
            await anyio.to_thread.run_sync(take, source, body, limiter=turn)
        except _Refused as error:
            # What is left of a body that is not taken in must not keep the connection.
            headers = {"Connection": "close"}
            return PlainTextResponse(f"{error}\n", status_code=error.status, headers=headers)
        except StoreError as error:
            log.error("could not store a delivery, which will come again", error=str(error))
            return PlainTextResponse(
                "not stored: send it again\n",
                status_code=503,
                headers={"Retry-After": RETRY_SECONDS},
            )
        except ClientDisconnect:
            return Response(status_code=400)  # which nobody reads
        except Exception as error:
            # The place in the code and no message: that could hold what a customer wrote.
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("a delivery broke this", error=type(error).__name__, where=where)
            return PlainTextResponse("not stored: this is a mistake here\n", status_code=500)
        return PlainTextResponse("stored\n")

    return Starlette(routes=[Route("/{path:path}", receive, methods=["GET", "POST"])])


def _answer_challenge(source: WebhookSource, request: Request, refusals: _Refusals) -> Response:
    if not source.is_challenged:
        return PlainTextResponse("deliveries come by POST\n", 405, headers={"Allow": "POST"})
    challenge = source.challenged(request.query_params)
    if challenge is None:
        refusals.log(source, "the verify token is another than the one that is set")
        return PlainTextResponse("the verify token is another\n", status_code=403)
    # What a stranger wrote must not be taken for a page.
    return PlainTextResponse(challenge, headers={"X-Content-Type-Options": "nosniff"})


async def _body(request: Request) -> bytes:
    declared = request.headers.get("content-length", "0")
    body = bytearray()
    if len(declared) < 19 and declared.isdecimal() and int(declared) > MAX_BODY_BYTES:
        raise _Refused(413, "longer than any delivery")
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    raise _Refused(413, "longer than any delivery")
    except TimeoutError:
        raise _Refused(408, "it took too long to come in") from None
    return bytes(body)
