"""YouTube's Data API v3 through Google's client library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from googleapiclient.discovery import build
from googleapiclient.errors import Error

from collectors.http import HttpClient, Response, shown
from collectors.newest_first import PlaceLost
from collectors.payload import list_in, text_in, value_in
from collectors.services.google.api import GoogleHttp, reasons_of, refusal
from collectors.services.youtube.quota import Quota
from simak.errors import RetryLater, SimakError, SourceChanged

IDS = 50
"""Threads YouTube gives at most when asked for by id."""

_SEARCH_UNITS = 100
_DAY_IS_OVER = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_TOO_OFTEN = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_TOKEN_LOST = frozenset({"invalidPageToken", "processingFailure"})
_CLOSED = {
    "commentsDisabled": "comments are turned off",
    "videoNotFound": "there is no such video, or it is private",
    "channelNotFound": "there is no such channel",
    "playlistNotFound": "there is no such list of videos",
}
_UNSEEN = "forbidden"
"""Of comments: those of a video that is private or for members. Of a key that may not be used here
too, which is then named beside it."""
_NOT_THERE = frozenset({"commentThreadNotFound", "commentNotFound"})

Answer = Mapping[str, Any]


class Closed(SimakError):
    """A video, channel or list cannot be read, for a reason of its own.

    Attributes:
        reason: YouTube's word for it.
        why: the same in plain words.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.why = _CLOSED.get(reason, "YouTube does not let its comments be seen")
        super().__init__(self.why)


class YouTubeApi:
    """Reads comments, and lists of videos, with an API key.

    Args:
        http: every request goes through it.
        url: where YouTube's API is.
        quota: what is spent is counted there.

    Example:
        >>> api = YouTubeApi(HttpClient(), key="…", url="…", quota=…)  # doctest: +SKIP
        >>> api.threads("dQw4w9WgXcQ")["items"][0]["id"]  # doctest: +SKIP
        'UgxKREWxIgDrw8w2e_Z4AaABAg'
    """

    def __init__(self, http: HttpClient, *, key: str, url: str, quota: Quota) -> None:
        self._quota = quota
        self._service = build(
            "youtube",
            "v3",
            http=GoogleHttp(http, headers={"X-Goog-Api-Key": key}, refused=self._refused),
            static_discovery=True,  # comes with the library: nothing is asked for it
            cache_discovery=False,
            client_options={"api_endpoint": f"{url}/"},
        )

    def threads(self, video: str, after: str | None = None) -> Answer:
        """Return a page of the comment threads of a video, the newest first.

        Raises:
            Closed: it has none to give.
            PlaceLost: `after` is not known any more.
            AccessDenied, RetryLater, SourceChanged: as `simak.errors` says.
        """
        return self._ask(
            "commentThreads",
            after,
            part="snippet,replies",
            videoId=video,
            order="time",
            maxResults=100,
        )

    def threads_named(self, ids: Iterable[str]) -> list[Any]:
        """Return what can be seen of up to `IDS` threads.

        Raises:
            SimakError: as `threads`, but `Closed`.
        """
        ids = list(ids)
        try:
            answer = self._ask("commentThreads", None, part="snippet,replies", id=",".join(ids))
        except (Closed, _NotThere):
            # One of them is enough for it to give none.
            half = len(ids) // 2
            return (
                [*self.threads_named(ids[:half]), *self.threads_named(ids[half:])] if half else []
            )
        return list_in(answer, "items", "YouTube's answer for threads asked for by id")

    def replies(self, thread: str) -> Iterator[Any]:
        """Yield every reply in a thread; none where it was deleted meanwhile.

        Raises:
            SimakError: as `threads`.
        """
        after: str | None = None
        asked: set[str] = set()
        while True:
            try:
                answer = self._ask(
                    "comments", after, part="snippet", parentId=thread, maxResults=100
                )
            except _NotThere:
                return
            yield from list_in(answer, "items", "YouTube's answer for the replies of a thread")
            after = next_page(answer)
            if after is None:
                return
            if after in asked:
                raise SourceChanged("YouTube gives the replies of a thread without end")
            asked.add(after)

    def uploads(self, channel: str) -> str:
        """Return the id of the list of a channel's videos.

        Args:
            channel: its id, or its handle beginning with "@".

        Raises:
            Closed: there is no such channel.
            SimakError: as `threads`.
        """
        which: dict[str, Any] = {"forHandle" if channel.startswith("@") else "id": channel}
        answer = self._ask("channels", None, part="contentDetails", **which)
        if "items" not in answer and value_in(answer, "pageInfo", "totalResults") == 0:
            raise Closed("channelNotFound")
        items = list_in(answer, "items", "YouTube's answer for a channel")
        if not items:
            raise Closed("channelNotFound")
        playlist = text_in(items, 0, "contentDetails", "relatedPlaylists", "uploads")
        if not playlist:
            raise SourceChanged("YouTube's answer for a channel names no list of its videos")
        return playlist

    def playlist(self, playlist: str, after: str | None = None) -> Answer:
        """Return a page of the videos of a list.

        Raises:
            SimakError: as `threads`.
        """
        return self._ask(
            "playlistItems",
            after,
            part="snippet,contentDetails",
            playlistId=playlist,
            maxResults=50,
        )

    def search(self, words: str, published_after: str, after: str | None = None) -> Answer:
        """Return a page of the videos found by `words`, the newest first.

        Raises:
            SimakError: as `threads`.
        """
        return self._ask(
            "search",
            after,
            units=_SEARCH_UNITS,
            part="snippet",
            q=words,
            type="video",
            order="date",
            publishedAfter=published_after,
            maxResults=50,
        )

    def _ask(self, what: str, after: str | None, *, units: int = 1, **params: Any) -> Answer:
        self._quota.spend(units)
        if after is not None:
            params["pageToken"] = after
        try:
            answer: Answer = getattr(self._service, what)().list(**params).execute()
            return answer
        except _TokenLost as error:
            if after is not None:
                raise PlaceLost(str(error)) from error
            raise SourceChanged(str(error)) from error
        except (Error, ValueError) as error:
            raise SourceChanged(
                f"YouTube's answer for {what} cannot be read ({type(error).__name__})"
            ) from error

    def _refused(self, response: Response) -> SimakError:
        reasons = reasons_of(response)
        if _DAY_IS_OVER.intersection(reasons):
            return self._quota.refused()
        if _TOO_OFTEN.intersection(reasons):
            return RetryLater("YouTube says it is asked too often: try again later")
        if closed := reasons & _CLOSED.keys():
            return Closed(min(closed))
        is_of_comments = "/comment" in shown(response.url)
        # Beside it stands what is wrong with the key, if it is that.
        if is_of_comments and reasons <= {_UNSEEN, "PERMISSION_DENIED"} and _UNSEEN in reasons:
            return Closed(_UNSEEN)
        if reasons & _NOT_THERE:
            return _NotThere("YouTube has no such comment")
        if lost := reasons & _TOKEN_LOST:
            return _TokenLost(f"YouTube cannot give the page it is asked for ({min(lost)})")
        return refusal(response)


class _NotThere(SimakError):
    """A comment that is asked for by id is not there."""


class _TokenLost(SimakError):
    """The page that is asked for cannot be given: perhaps its token is too old."""


def next_page(answer: Answer) -> str | None:
    """Return the token of the next page, None at the end.

    What `pageInfo` counts is not looked at: it is the size of the page or an estimate.

    Raises:
        SourceChanged: it is there and no text.
    """
    token = answer.get("nextPageToken")
    if not isinstance(token, str | None):
        raise SourceChanged("YouTube's answer has a 'nextPageToken' that is no text")
    return token or None
