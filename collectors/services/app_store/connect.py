"""The App Store Connect API: signs in with a key of one's own, and reads customer reviews."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import jwt

from collectors.http import HttpClient, Response, shown
from collectors.newest_first import Listing, PlaceLost
from collectors.payload import (
    id_in,
    list_in,
    object_of,
    read_all,
    stars_in,
    text_in,
    time_in,
    value_in,
)
from simak.errors import AccessDenied, BadRecord, ConfigurationError, SourceChanged
from simak.mention import RawMention
from simak.reasons import NO_CONTENT, UNKNOWN_SHAPE

ADDRESS = "https://api.appstoreconnect.apple.com"
PAGE = 200
"""Reviews Apple gives at most per request."""

_TOKEN_LASTS = timedelta(minutes=15)
"""Apple takes twenty at most."""

_RENEW_BEFORE = timedelta(minutes=3)
_BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND = 400, 401, 403, 404
_REPLY = ("relationships", "response", "data", "id")
_CODE = re.compile(r"[A-Z_.]{1,80}")
_LEFT = re.compile(r"user-hour-rem:(\d{1,9})")


class AppStoreConnectApi:
    """Reads with the rights of an API key (role "Customer Support" or above).

    Args:
        http: every request goes through it.
        now: the clock, for the tokens.
        key_id, issuer_id, private_key: of the API key; the private one as PEM.
        url: where the API is; what its answers say of other places is not followed.

    Example:
        >>> api = AppStoreConnectApi(http, now, key_id="…", issuer_id="…",
        ...                          private_key="…")  # doctest: +SKIP
        >>> api.reviews("1234567890").mentions[0].stars  # doctest: +SKIP
        2.0
    """

    def __init__(
        self,
        http: HttpClient,
        now: Callable[[], datetime],
        *,
        key_id: str,
        issuer_id: str,
        private_key: str,
        url: str = ADDRESS,
    ) -> None:
        self._http, self._now, self._url = http, now, url
        self._key_id, self._issuer_id, self._private_key = key_id, issuer_id, private_key
        self._token = ""
        self._ends: datetime | None = None

    def reviews(self, app: str, after: str | None = None) -> Listing:
        """Return a page of an app's reviews, the last written first.

        Raises:
            PlaceLost: `after` is not known any more.
            AccessDenied: the key is wrong or lacks a right.
            ConfigurationError: there is no such app, or the key is none.
            RetryLater: unreachable, rate limited or out of order.
            SourceChanged: the answer holds no reviews.
        """
        params = {"include": "response", "sort": "-createdDate", "limit": str(PAGE)}
        what = f"App Store Connect's answer for app {app}"
        answer = self._get(f"/v1/apps/{app}/customerReviews", params | cursor_of(after))
        if answer.status == _NOT_FOUND:
            raise ConfigurationError(
                f"App Store Connect knows no app {app} (404): check 'apps' (the Apple ID of the "
                "app), and that the key may see it"
            )
        if answer.status == _BAD_REQUEST:
            if after is not None:
                raise PlaceLost(f"{what}: the page that it was to go on at is not known")
            raise SourceChanged(f"{what} is that the request is wrong (400{_codes(answer)})")
        listing = read_page(object_of(answer), app, what)
        left = _LEFT.search(answer.headers.get("x-rate-limit", ""))
        return replace(listing, quota_left=int(left[1]) if left else None)

    def review(self, name: str, app: str) -> RawMention | None:
        """Return one review as it stands; None where Apple says that it is gone.

        Raises:
            BadRecord: it cannot be read.
            SimakError: as `reviews`.
        """
        answer = self._get(f"/v1/customerReviews/{quote(name, safe='')}", {"include": "response"})
        if answer.status == _NOT_FOUND and "NOT_FOUND" in _codes(answer):
            return None
        if answer.status != 200:
            raise SourceChanged(
                f"App Store Connect answers {answer.status}{_codes(answer)} to what was a review"
            )
        found = object_of(answer)
        return mention_of(value_in(found, "data"), _replies(found), app)

    def _get(self, path: str, params: Mapping[str, str]) -> Response:
        answer = self._http.request(
            "GET",
            self._url + path,
            params=params,
            headers={"Authorization": f"Bearer {self._signed()}"},
            also=(_BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND),
        )
        place, said = shown(answer.url), f"{answer.status}{_codes(answer)}"
        if answer.status == _UNAUTHORIZED:
            raise AccessDenied(
                f"{place} wants a valid credential ({said}): check key_id, issuer_id and the "
                "private key, and this machine's clock"
            )
        if answer.status == _FORBIDDEN:
            raise AccessDenied(
                f"{place} refuses access ({said}): the key's role must be allowed to read customer "
                "reviews, and the account's agreements must be signed"
            )
        if 300 <= answer.status < 400:
            raise ConfigurationError(f"{place} leads elsewhere ({said}): check the address")
        return answer

    def _signed(self) -> str:
        """Return a token, made anew when the last one is about to end."""
        now = self._now()
        if self._ends is None or now >= self._ends - _RENEW_BEFORE:
            self._ends = now + _TOKEN_LASTS
            claims = {"iss": self._issuer_id, "iat": now, "exp": self._ends,
                      "aud": "appstoreconnect-v1"}  # fmt: skip
            try:
                self._token = jwt.encode(
                    claims, self._private_key, algorithm="ES256", headers={"kid": self._key_id}
                )
            except (jwt.PyJWTError, ValueError, TypeError) as error:
                raise ConfigurationError(
                    "the private key is none of App Store Connect: give the whole .p8 file that "
                    "was downloaded when the key was made"
                ) from error
        return self._token


def cursor_of(after: str | None) -> dict[str, str]:
    """Return what asks for the page `after`."""
    return {} if after is None else {"cursor": after}


def _codes(answer: Response) -> str:
    """What Apple calls the error, to put behind its status; "" where it does not say."""
    try:
        errors = value_in(object_of(answer), "errors")
    except SourceChanged:
        return ""
    listed = errors if isinstance(errors, list) else []
    codes = [code for one in listed if _CODE.fullmatch(code := text_in(one, "code"))]
    return "".join(f", {code}" for code in dict.fromkeys(codes[:3]))


def read_page(answer: Mapping[str, Any], app: str, what: str) -> Listing:
    """Return what is in an answer of `customerReviews`.

    Raises:
        SourceChanged: it is no such answer, or nothing in it can be read.

    Example:
        >>> read_page({"data": []}, "1", "the answer").mentions
        []
    """
    reviews, replies = list_in(answer, "data", what), _replies(answer)
    mentions, bad = read_all(reviews, lambda one: mention_of(one, replies, app), what)
    named = [text_in(one, *_REPLY) for one in reviews]
    absent = sum(bool(name) and name not in replies for name in named)
    note = f"{what}: {absent} replies did not come along"
    return Listing(
        mentions=mentions,
        bad=bad,
        after=_after(answer, what),
        notes=(note,) if absent else (),
    )


def _after(answer: Mapping[str, Any], what: str) -> str | None:
    """The cursor in the link to the next page: its host may be another, and is not asked."""
    link = value_in(answer, "links", "next")
    if link is None:
        return None
    try:
        return parse_qs(urlsplit(str(link)).query)["cursor"][0]
    except (ValueError, KeyError) as error:
        raise SourceChanged(f"{what} names its next page in a way that is not known") from error


def _replies(answer: Any) -> Mapping[str, Any]:
    included = value_in(answer, "included")
    return {
        text_in(one, "id"): value_in(one, "attributes")
        for one in (included if isinstance(included, list) else [])
        if value_in(one, "type") == "customerReviewResponses"
    }


def mention_of(review: Any, replies: Mapping[str, Any], app: str) -> RawMention:
    """Return a review, with its reply where that is published.

    Args:
        replies: what else came in the answer: attributes by id.

    Raises:
        BadRecord: it is none, or has neither text nor stars.

    Example:
        >>> said = {"rating": 2, "title": "Lemot", "body": "Sering gagal bayar",
        ...         "createdDate": "2026-05-01T06:00:00-07:00", "territory": "IDN"}
        >>> one = mention_of({"type": "customerReviews", "id": "a", "attributes": said}, {}, "1")
        >>> one.title, one.published_at.isoformat()
        ('Lemot', '2026-05-01T13:00:00+00:00')
    """
    name = id_in(review, "id")
    said = value_in(review, "attributes")
    if value_in(review, "type") != "customerReviews" or not isinstance(said, Mapping):
        raise BadRecord(UNKNOWN_SHAPE, record=review)
    title, text, stars = text_in(said, "title"), text_in(said, "body"), stars_in(said, "rating")
    if not text:
        title, text = "", title
    if not text and stars is None:
        raise BadRecord(NO_CONTENT, record=review)
    reply = replies.get(text_in(review, *_REPLY))
    # Others wait for Apple to publish them: nobody has read them yet.
    body = text_in(reply, "responseBody") if text_in(reply, "state") == "PUBLISHED" else ""
    territory = text_in(said, "territory")
    return RawMention(
        external_id=name,
        text=text,
        title=title or None,
        stars=stars,
        channel="app_store",
        author=text_in(said, "reviewerNickname") or None,
        published_at=time_in(said, "createdDate"),
        reply=body or None,
        reply_at=time_in(reply, "lastModifiedDate") if body else None,
        product=app,
        attributes={"territory": territory} if territory else {},
    )
