"""Reviews of a Business Profile (My Business API v4), which no client of Google's has any more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from google.oauth2.credentials import Credentials

from collectors.http import HttpClient
from collectors.newest_first import Listing, PlaceLost
from collectors.payload import (
    id_in,
    list_in,
    number_in,
    object_of,
    read_all,
    text_in,
    time_in,
    value_in,
)
from collectors.services.google.api import TOKEN_URI, GoogleHttp, reasons_of
from simak.errors import BadRecord, SourceChanged
from simak.mention import RawMention
from simak.reasons import NO_CONTENT

ADDRESS = "https://mybusiness.googleapis.com"
PAGE = 50
"""Reviews Google gives at most per request."""

_USER: Any = Credentials  # which has no types of its own
_BAD_REQUEST, _NOT_FOUND = 400, 404
_STARS = {"ONE": 1.0, "TWO": 2.0, "THREE": 3.0, "FOUR": 4.0, "FIVE": 5.0}
_ENVELOPE = frozenset({"reviews", "averageRating", "totalReviewCount", "nextPageToken"})
_UNSEEN = frozenset({"PENDING", "REJECTED"})
"""States of a reply that nobody can read: it waits for Google's check, or did not pass it."""

_TRANSLATED = re.compile(r"\(Translated by Google\)", re.I)
_ORIGINAL = re.compile(r"\(Original\)", re.I)


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A page of a location's reviews.

    Attributes:
        total: how many Google counts in all; None where it does not say.
    """

    listing: Listing
    total: int | None


class GoogleBusinessApi:
    """Reads with the rights of an account that manages the locations.

    Args:
        http: every request goes through it.
        client_id, client_secret: of the OAuth client.
        refresh_token: of the account, for the scope `business.manage`.
        url: where the API is.
        token_uri: where tokens are given.

    Example:
        >>> api = GoogleBusinessApi(http, client_id="…", client_secret="…",
        ...                         refresh_token="…")  # doctest: +SKIP
        >>> api.reviews("accounts/1/locations/2").total  # doctest: +SKIP
        214
    """

    def __init__(
        self,
        http: HttpClient,
        *,
        client_id: str,
        client_secret: str,
        refresh_token: str,
        url: str = ADDRESS,
        token_uri: str = TOKEN_URI,
    ) -> None:
        credentials = _USER(
            None,
            refresh_token=refresh_token,
            client_id=client_id,
            client_secret=client_secret,
            token_uri=token_uri,
        )
        self._http, self._url = GoogleHttp(http, credentials), url

    def reviews(self, location: str, after: str | None = None) -> ReviewPage:
        """Return a page of reviews, those written or changed last first.

        Raises:
            PlaceLost: `after` is not known any more.
            AccessDenied: a credential is wrong, or may not see the location.
            ConfigurationError: there is no such location.
            RetryLater: unreachable, out of order, or the quota is used up.
            SourceChanged: the answer holds no reviews.
        """
        params = {"pageSize": str(PAGE), "orderBy": "updateTime desc"}
        what = f"Google's answer for {location}"
        answer = self._http.send(
            "GET",
            f"{self._url}/v4/{location}/reviews",
            params=params if after is None else {**params, "pageToken": after},
            also=(_BAD_REQUEST,) if after is not None else (),
        )
        if answer.status == _BAD_REQUEST:
            raise PlaceLost(f"{what}: the page that it was to go on at is not known")
        return read_page(object_of(answer), location, what)

    def review(self, location: str, name: str) -> RawMention | None:
        """Return one review as it stands; None where Google says that it is gone.

        Raises:
            BadRecord: it cannot be read.
            SimakError: as `reviews`.
        """
        url = f"{self._url}/v4/{location}/reviews/{quote(name, safe='')}"
        answer = self._http.send("GET", url, also=(_NOT_FOUND,))
        if answer.status != _NOT_FOUND:
            return mention_of(object_of(answer), location)
        if "NOT_FOUND" not in reasons_of(answer):
            raise SourceChanged("Google answers 404 to what was a review, and not as it should")
        return None


def read_page(answer: Mapping[str, Any], location: str, what: str) -> ReviewPage:
    """Return what is in an answer of `reviews.list`.

    Google leaves out empty lists, so that an answer with nothing in it is one without reviews.

    Raises:
        SourceChanged: it is no such answer, or nothing in it can be read.

    Example:
        >>> read_page({}, "accounts/1/locations/2", "the answer").total
        0
    """
    total = number_in(answer, "totalReviewCount")
    if "reviews" not in answer and answer.keys() <= _ENVELOPE:
        answer = {**answer, "reviews": []}
        total = total if total is not None or "nextPageToken" in answer else 0
    reviews = list_in(answer, "reviews", what)
    after = answer.get("nextPageToken")
    if not isinstance(after, str | None):
        raise SourceChanged(f"{what} names its next page in a way that is not known")
    mentions, bad = read_all(reviews, lambda review: mention_of(review, location), what)
    return ReviewPage(
        Listing(mentions=mentions, bad=bad, after=after or None),
        None if total is None else int(total),
    )


def mention_of(review: Any, location: str) -> RawMention:
    """Return a review with its reply.

    Raises:
        BadRecord: it has no id, or neither text nor stars.

    Example:
        >>> one = mention_of({"reviewId": "a", "starRating": "TWO"}, "accounts/1/locations/2")
        >>> one.stars, one.text
        (2.0, '')
    """
    name = id_in(review, "reviewId")
    text = original(text_in(review, "comment"))
    stars = _STARS.get(text_in(review, "starRating"))
    if not text and stars is None:
        raise BadRecord(NO_CONTENT, record=review)
    published, updated = time_in(review, "createTime"), time_in(review, "updateTime")
    is_named = value_in(review, "reviewer", "isAnonymous") is not True
    is_seen = text_in(review, "reviewReply", "reviewReplyState") not in _UNSEEN
    reply = original(text_in(review, "reviewReply", "comment")) if is_seen else ""
    return RawMention(
        external_id=name,
        text=text,
        stars=stars,
        channel="google_maps",
        author=(text_in(review, "reviewer", "displayName") or None) if is_named else None,
        published_at=published or updated,
        edited_at=updated if published and updated != published else None,
        reply=reply or None,
        reply_at=time_in(review, "reviewReply", "updateTime") if reply else None,
        attributes={"location": location},
    )


def original(text: str) -> str:
    """Return what was written, without what Google made of it in another language.

    The translation stands first with the original behind it, or behind the original.

    Example:
        >>> original("(Translated by Google) Very good\\n\\n(Original)\\nBagus banget")
        'Bagus banget'
        >>> original("Bagus banget\\n\\n(Translated by Google)\\nVery good")
        'Bagus banget'
    """
    translated = _TRANSLATED.search(text)
    if translated is None:
        return text
    before = text[: translated.start()].strip()
    if before:
        return before
    marks = list(_ORIGINAL.finditer(text, translated.end()))
    behind = text[marks[0].end() :].strip() if marks else ""
    # A translation alone is better than nothing.
    return behind or _ORIGINAL.sub("", text[translated.end() :]).strip()
