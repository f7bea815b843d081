"""The reviews API of the Play Console (androidpublisher v3), through Google's own client."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from google.oauth2 import service_account
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from collectors.files.values import read_language
from collectors.http import HttpClient
from collectors.newest_first import Listing, PlaceLost
from collectors.payload import id_in, list_in, read_all, stars_in, text_in, time_in, value_in
from collectors.services.google.api import TOKEN_URI, GoogleHttp
from simak.errors import BadRecord, ConfigurationError, SourceChanged
from simak.mention import RawMention
from simak.reasons import NO_CONTENT, UNKNOWN_SHAPE

ADDRESS = "https://androidpublisher.googleapis.com"
PAGE = 100
"""Reviews Google gives at most per request."""

_ACCOUNT: Any = service_account.Credentials  # which has no types of its own
_SCOPE = "https://www.googleapis.com/auth/androidpublisher"
_ENVELOPE = frozenset({"reviews", "pageInfo", "tokenPagination", "kind", "etag"})


def read_key(name: str, *, path: Path | None, text: str) -> Mapping[str, Any]:
    """Return the key of a service account, from a file or from the settings.

    Args:
        name: of the source, for the error.

    Raises:
        ConfigurationError: there is none, or it is no such key.
    """
    try:
        info = json.loads(path.read_text("utf-8") if path is not None else text)
    except OSError as error:
        raise ConfigurationError(
            f"source {name!r}: option 'key_file' cannot be read ({error.strerror})", path=path
        ) from error
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(_no_key(name), path=path) from error
    if not isinstance(info, dict) or info.get("type") != "service_account":
        raise ConfigurationError(_no_key(name), path=path)
    return info


def _no_key(name: str) -> str:
    return (
        f"source {name!r}: this is not the key of a service account: make one in the Google Cloud "
        "console (JSON) and give it whole"
    )


class PlayConsoleApi:
    """Reads the reviews of the last week with the rights of a service account.

    Args:
        http: every request goes through it.
        name: of the source, for errors.
        key: as `read_key` returns it.
        url: where the API is.
        token_uri: where tokens are given; None takes what the key says.

    Raises:
        ConfigurationError: the key cannot be used.

    Example:
        >>> api = PlayConsoleApi(http, name="play", key=key)  # doctest: +SKIP
        >>> api.reviews("id.senandika.app").mentions[0].text  # doctest: +SKIP
        'Aplikasinya lemot'
    """

    def __init__(
        self,
        http: HttpClient,
        *,
        name: str,
        key: Mapping[str, Any],
        url: str = ADDRESS,
        token_uri: str | None = None,
    ) -> None:
        try:
            credentials = _ACCOUNT.from_service_account_info(
                {**key, "token_uri": token_uri or key.get("token_uri") or TOKEN_URI},
                scopes=[_SCOPE],
            )
        except (ValueError, TypeError, AttributeError) as error:
            raise ConfigurationError(_no_key(name)) from error
        self._reviews = build(
            "androidpublisher",
            "v3",
            http=GoogleHttp(http, credentials),
            static_discovery=True,  # what it knows of the API comes with it
            cache_discovery=False,
            client_options={"api_endpoint": f"{url}/"},
        ).reviews()

    def reviews(self, package: str, after: str | None = None) -> Listing:
        """Return a page of reviews with text, those written or changed last first.

        Raises:
            PlaceLost: `after` is not known any more.
            AccessDenied: the key is wrong, or has not the right "Reply to reviews".
            ConfigurationError: there is no such app.
            RetryLater: unreachable, rate limited or out of order.
            SourceChanged: the answer holds no reviews.
        """
        what = f"the Play Console's answer for {package}"
        try:
            answer = self._reviews.list(packageName=package, maxResults=PAGE, token=after).execute(
                num_retries=0
            )
        except HttpError as error:
            if after is not None:
                raise PlaceLost(f"{what}: the page that it was to go on at is not known") from error
            raise SourceChanged(f"{what} is that the request is wrong (400)") from error
        return read_page(answer, package, what)


def read_page(answer: Any, package: str, what: str) -> Listing:
    """Return what is in an answer of `reviews.list`.

    Google leaves out empty lists, so that an answer with nothing in it is one without reviews.

    Raises:
        SourceChanged: it is no such answer, or nothing in it can be read.

    Example:
        >>> read_page({}, "id.senandika.app", "the answer").mentions
        []
    """
    if isinstance(answer, Mapping) and "reviews" not in answer and answer.keys() <= _ENVELOPE:
        answer = {**answer, "reviews": []}
    reviews = list_in(answer, "reviews", what)
    after = value_in(answer, "tokenPagination", "nextPageToken")
    if not isinstance(after, str | None):
        raise SourceChanged(f"{what} names its next page in a way that is not known")
    mentions, bad = read_all(reviews, lambda review: mention_of(review, package), what)
    return Listing(mentions=mentions, bad=bad, after=after or None)


def mention_of(review: Any, package: str) -> RawMention:
    """Return a review with its reply.

    The API says when it was last written, and not when first.

    Raises:
        BadRecord: it has no id, or neither text nor stars.

    Example:
        >>> said = {"userComment": {"text": "Lemot\\tSering keluar sendiri", "starRating": 2}}
        >>> one = mention_of({"reviewId": "r1", "comments": [said]}, "id.senandika.app")
        >>> one.title, one.text, one.stars
        ('Lemot', 'Sering keluar sendiri', 2.0)
    """
    name = id_in(review, "reviewId")
    comments = value_in(review, "comments")
    if not isinstance(comments, list):
        raise BadRecord(UNKNOWN_SHAPE, record=review)
    said = _newest(comments, "userComment")
    replied = _newest(comments, "developerComment")
    if said is None:
        raise BadRecord(UNKNOWN_SHAPE, record=review)
    # A headline, where there is one, stands before a tab.
    first, _, rest = text_in(said, "text").partition("\t")
    title, text = (first, rest.strip()) if rest.strip() else ("", first.strip())
    stars = stars_in(said, "starRating")
    if not text and stars is None:
        raise BadRecord(NO_CONTENT, record=review)
    version_code = value_in(said, "appVersionCode")
    kept = {
        # Named as in the CSV exports.
        "Device": text_in(said, "device"),
        "App Version Code": str(version_code) if isinstance(version_code, int) else "",
    }
    reply = text_in(replied, "text")
    return RawMention(
        external_id=name,
        text=text,
        title=title.strip() or None,
        stars=stars,
        channel="google_play",
        author=text_in(review, "authorName") or None,
        published_at=_time(said),
        reply=reply or None,
        reply_at=_time(replied) if reply else None,
        language=read_language(text_in(said, "reviewerLanguage")),
        product=package,
        version=text_in(said, "appVersionName") or None,
        attributes={key: value for key, value in kept.items() if value},
    )


def _newest(comments: list[Any], key: str) -> Mapping[str, Any] | None:
    found = [value for one in comments if isinstance(value := value_in(one, key), Mapping)]
    return max(found, key=lambda one: at.timestamp() if (at := _time(one)) else 0, default=None)


def _time(comment: Any) -> datetime | None:
    return time_in(comment, "lastModified", "seconds")
