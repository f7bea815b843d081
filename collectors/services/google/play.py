"""Asks Google Play for reviews and reads its answers, which are lists without names.

The service is the one behind the store's own pages and is not documented. An answer holds frames,
one of them the call's, and in that frame a text of JSON: `[reviews, [null, token], ...]`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from collectors.http import Response, looks_like, shown
from collectors.payload import id_in, number_in, stars_in, text_in, time_in, value_in
from simak.errors import BadRecord, RetryLater, SourceChanged
from simak.mention import RawMention
from simak.reasons import NO_CONTENT, OFF_SCALE, UNKNOWN_SHAPE

PATH = "/_/PlayStoreUi/data/batchexecute"

SITE = "https://play.google.com"

PAGE = 150
"""Reviews a page: what the store's own pages ask for."""

RPC = "UsvDTd"
"""The call asked; the other one answers in the same shape."""

_RPCS = frozenset({RPC, "oCPfdb"})

_NEWEST = 2

# Stands in a frame, with status 200, where too much was asked.
_BUSY = "PlayGatewayError"

_NEVER = frozenset({3, 5})
"""Codes of gRPC with which it stands for an app that is not known, whatever the hour."""

# Shown for an account that is gone, in the language asked for: nobody's name.
_NOBODY = frozenset({"A Google user", "Pengguna Google"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One page.

    Attributes:
        token: what to ask the next page with; None where there is none.
    """

    reviews: list[Any]
    token: str | None

    @property
    def is_cut(self) -> bool:
        """Whether there must be more and what to ask for it with is lost.

        The last page is shorter than what was asked for.
        """
        return self.token is None and len(self.reviews) >= PAGE


def form_of(app: str, token: str | None) -> dict[str, str]:
    """Return the form that asks for a page of an app's newest reviews.

    Example:
        >>> form_of("id.senandika", None)["f.req"]
        '[[["UsvDTd","[null,null,[2,2,[150,null,null],null,[]],[\\\\"id.senandika\\\\",7]]",null,"generic"]]]'
    """
    arguments = [None, None, [2, _NEWEST, [PAGE, None, token], None, []], [app, 7]]
    return {"f.req": _compact([[[RPC, _compact(arguments), None, "generic"]]])}


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def answer_of(response: Response, label: str) -> Answer:
    """Return the page in an answer, whole or in chunks.

    Args:
        label: names the listing in errors.

    Raises:
        RetryLater: the service refuses for now, as it says in place of a page.
        SourceChanged: there is none. No reviews at all ("[]", null) is what Google Play answers
            for an app that it does not know, or where it fails: never an end.
    """
    payload = _payload(response)
    if not payload:
        raise SourceChanged(
            f"{label}: Google Play answers with nothing where reviews should be: check the app's "
            "id, and that its page has reviews in this language and country; if so, the service "
            "refuses or has changed"
        )
    reviews = value_in(payload, 0)
    if not isinstance(reviews, list):
        raise SourceChanged(f"{label}: Google Play's answer has no list of reviews")
    return Answer(reviews, _token(payload, label))


def _payload(response: Response) -> Any:
    place = shown(response.url)
    try:
        for frame in _frames(response.body.decode()):
            if value_in(frame, 0) == "wrb.fr" and value_in(frame, 1) in _RPCS:
                text = value_in(frame, 2)
                code = value_in(frame, 5, 0)
                if text is None and _BUSY in _compact(frame) and code not in _NEVER:
                    raise RetryLater(
                        f"{place} refuses for now ({_BUSY}), as it does where it is asked too "
                        "often: try again later"
                    )
                return None if text is None else json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise SourceChanged(
            f"{place} answers with {looks_like(response.body)} that cannot be read"
        ) from error
    raise SourceChanged(
        f"{place} answers with {looks_like(response.body)} without a frame of reviews"
    )


def _frames(text: str) -> Iterator[Any]:
    """Each frame of every chunk; lengths and the guard before them stand between the chunks."""
    decoder = json.JSONDecoder()
    end = 0
    while (start := text.find("[", end)) >= 0:
        chunk, end = decoder.raw_decode(text, start)
        yield from chunk


def _token(payload: Any, label: str) -> str | None:
    """The token of the next page, which is in the second place or in the last but one."""
    for places in ((1, 1), (-2, -1)):
        token = value_in(payload, *places)
        if isinstance(token, str) and token:
            return token
    if value_in(payload, 1, 1) not in (None, ""):
        raise SourceChanged(f"{label}: Google Play's token for the next page is of a new shape")
    return None


def mention_of(review: Any, app: str) -> RawMention:
    """Return a review.

    Its time is that of its last edit: an edit has the old id and a new time. The language and
    country it was asked in are left out, for the same review comes in several.

    Raises:
        BadRecord: it is none that can be read.

    Example:
        >>> mention_of(["r1", ["Budi"], 2, None, "Sering keluar sendiri", [1780300800, 0]], "a.b")
        ... # doctest: +ELLIPSIS
        RawMention(external_id='r1', text='Sering keluar sendiri', title=None, stars=2.0, ...
    """
    if not isinstance(review, list):
        raise BadRecord(UNKNOWN_SHAPE, record=review)
    id_ = id_in(review, 0)
    said, score = value_in(review, 4), value_in(review, 2)
    if not isinstance(said, str | None):
        raise BadRecord(UNKNOWN_SHAPE, record=review)
    stars = stars_in(score)
    if score is not None and stars is None:
        raise BadRecord(OFF_SCALE, record=review)
    text = text_in(review, 4)
    if not text and stars is None:
        raise BadRecord(NO_CONTENT, record=review)
    author = text_in(review, 1, 0)
    reply = text_in(review, 7, 1) or None
    return RawMention(
        external_id=id_,
        text=text,
        stars=stars,
        channel="google_play",
        author=author if author and author not in _NOBODY else None,
        published_at=_time(review, 5),
        url=f"{SITE}/store/apps/details?id={app}&reviewId={quote(id_, safe='')}",
        reply=reply,
        reply_at=_time(review, 7, 2) if reply else None,
        product=app,
        version=text_in(review, 10) or None,
    )


def _time(review: Any, *path: int) -> datetime | None:
    """Seconds and nanoseconds since 1970."""
    at = time_in(review, *path, 0)
    nanoseconds = number_in(review, *path, 1)
    if at is None or nanoseconds is None or not 0 <= nanoseconds < 1e9:
        return at
    return at.replace(microsecond=0) + timedelta(microseconds=nanoseconds // 1000)
