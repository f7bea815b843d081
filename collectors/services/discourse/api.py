"""A Discourse forum's JSON: lists of topics, searches, topics and their posts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from collectors.http import HttpClient, Response, shown
from collectors.payload import id_in, json_of, list_in, text_in, time_in, value_in
from simak.errors import AccessDenied, BadRecord, ConfigurationError, RetryLater, SourceChanged
from simak.reasons import NO_ID

CHUNK = 20
"""Posts that a topic comes with, and that are asked for at once after them."""

SEARCH_PAGES = 10
"""Pages of hits that Discourse gives at most for one search."""

MAX_REDIRECTS = 5

Position = Mapping[str, Any]
"""Where a list goes on: plain JSON; `{}` at its newest."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as a list names it.

    Attributes:
        at: when something last happened in it, as far as the list's order goes; None where the
            list does not say.
        pinned: it stands where it was put, whatever happened in it.
    """

    id: str
    at: datetime | None
    pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """One page of a list, newest first.

    Attributes:
        next: where the next page is; None at the end.
        missed: what the forum does not let one see, in words.
    """

    topics: list[Topic]
    bad: list[BadRecord] = field(default_factory=list)
    next: Position | None = None
    missed: tuple[str, ...] = ()


class DiscourseApi:
    """Asks one forum.

    Args:
        http: every request goes through it.
        url: the forum's address, without a slash at its end.
        key, user: of an API key, where there is one.

    Example:
        >>> with HttpClient() as http:  # doctest: +SKIP
        ...     DiscourseApi(http, "https://forum.example").topic("57")["title"]
        'Paket saya belum sampai'
    """

    def __init__(self, http: HttpClient, url: str, key: str = "", user: str = "") -> None:
        self._http, self._url = http, url
        self._host = urlsplit(url).hostname
        self._headers = {"Accept": "application/json"}
        if key:
            self._headers |= {"Api-Key": key, "Api-Username": user}

    def latest(self, path: str, position: Position) -> Topics:
        """Return a page of the topics under `path`, the one with the last activity first.

        Raises:
            SimakError: as `HttpClient.get`; SourceChanged where the answer is no list of topics.
        """
        number = int(position.get("page", 0))
        answer = self._get(path, {"order": "activity", "page": number})
        topics = value_in(answer, "topic_list")
        found, bad = _read(list_in(topics, "topics", f"the answer to {path}"), _listed)
        more = bool(found) and bool(text_in(topics, "more_topics_url"))
        return Topics(topics=found, bad=bad, next={"page": number + 1} if more else None)

    def search(self, words: str, position: Position) -> Topics:
        """Return a page of the topics with a post that has `words`, the newest post first.

        Discourse gives `SEARCH_PAGES` pages of a search. Beyond them it is asked for what was
        said before the day that the last page came to.

        Raises:
            SimakError: as `latest`.
        """
        number, before = int(position.get("page", 1)), position.get("before")
        query = f"{words} order:latest" + (f" before:{before}" if before else "")
        answer = self._get("/search.json", {"q": query, "page": number})
        if isinstance(answer, list):
            return _old_search(answer)
        if error := text_in(answer, "grouped_search_result", "error"):
            raise RetryLater(f"{self._host} cannot search now ({error[:200]}): try again later")
        found, bad = _read(list_in(answer, "posts", "the answer to the search"), _hit)
        if not found or not value_in(answer, "grouped_search_result", "more_full_page_results"):
            return Topics(topics=found, bad=bad)
        if number < SEARCH_PAGES:
            following: Position = {"page": number + 1, **({"before": before} if before else {})}
            return Topics(topics=found, bad=bad, next=following)
        oldest = min((topic.at for topic in found if topic.at), default=None)
        if oldest is None:
            return Topics(topics=found, bad=bad, missed=(_too_many(words),))
        day = oldest.date()
        missed: tuple[str, ...] = ()
        if before and day >= date.fromisoformat(before) - timedelta(days=1):
            # A day with more hits than are given: what is left of it cannot be reached.
            missed = (f"{_too_many(words)} of {day}, so that some may be lost",)
            day -= timedelta(days=1)
        following = {"page": 1, "before": (day + timedelta(days=1)).isoformat()}
        return Topics(topics=found, bad=bad, next=following, missed=missed)

    def topic(self, id: str, only: Iterable[str] = ()) -> Mapping[str, Any] | None:
        """Return a topic with its first posts, or with those of the users `only`.

        Returns:
            None where it is gone or not for us.

        Raises:
            SimakError: as `HttpClient.get`; SourceChanged where the answer is no topic.
        """
        answer = self._get(
            f"/t/{id}.json", {"username_filters": ",".join(only)} if only else {}, may_be_gone=True
        )
        if answer is None:
            return None
        stream = value_in(answer, "post_stream")
        list_in(stream, "posts", f"topic {id}")
        list_in(stream, "stream", f"topic {id}")
        assert isinstance(answer, Mapping)
        return answer

    def posts(self, topic: str, ids: list[str]) -> list[Any] | None:
        """Return posts of a topic by id; those that are gone are left out.

        Returns:
            None where the topic is gone or not for us.

        Raises:
            SimakError: as `topic`.
        """
        answer = self._get(f"/t/{topic}/posts.json", {"post_ids[]": ids}, may_be_gone=True)
        if answer is None:
            return None
        return list_in(value_in(answer, "post_stream"), "posts", f"posts of topic {topic}")

    def post(self, id: str) -> Mapping[str, Any] | None:
        """Return one post wherever it is; None where it is gone.

        Raises:
            AccessDenied: it is there, but not for us.
            SimakError: as `topic`.
        """
        response = self._send(f"{self._url}/posts/{id}.json", {}, (404, 410))
        answer = None if response.status in (404, 410) else json_of(response)
        if answer is not None and not isinstance(answer, Mapping):
            raise SourceChanged(f"the answer for post {id} is no post")
        return answer

    def _get(self, path: str, params: Mapping[str, Any], *, may_be_gone: bool = False) -> Any:
        response = self._send(self._url + path, params, (403, 404, 410) if may_be_gone else ())
        return None if response.status in (403, 404, 410) else json_of(response)

    def _send(self, url: str, params: Mapping[str, Any] | None, also: tuple[int, ...]) -> Response:
        """Follow redirects on the forum's host alone: the key goes nowhere else."""
        for _ in range(MAX_REDIRECTS):
            response = self._http.request(
                "GET", url, params=params, headers=self._headers, also=also
            )
            if response.status < 300 or response.status in also:
                return response
            url = urljoin(response.url, response.headers.get("location", ""))
            params = None
            if urlsplit(url).path.rstrip("/").endswith(("/login", "/session/sso")):
                raise AccessDenied(
                    f"{self._host} wants a login: give 'api_key' and 'api_user' of the forum"
                )
            if urlsplit(url).hostname != self._host:
                raise ConfigurationError(
                    f"{self._host} leads to {shown(url)}: write the forum's own address as 'url'"
                )
        raise SourceChanged(f"{shown(url)} redirects without end: check the address")


def category_path(name: str) -> str:
    """Return where the topics of a category are; `name` as it stands in its address.

    Example:
        >>> category_path("keluhan/5")
        '/c/keluhan/5/l/latest.json'
    """
    return f"/c/{quote(name.strip('/'))}/l/latest.json"


def tag_path(name: str) -> str:
    """Return where the topics with a tag are.

    Example:
        >>> tag_path("promo")
        '/tag/promo/l/latest.json'
    """
    return f"/tag/{quote(name.strip('/'))}/l/latest.json"


def _listed(record: Any) -> Topic:
    at = time_in(record, "bumped_at") or time_in(record, "last_posted_at")
    pinned = bool(value_in(record, "pinned") or value_in(record, "pinned_globally"))
    return Topic(_number(record, "id"), at or time_in(record, "created_at"), pinned)


def _hit(record: Any) -> Topic:
    return Topic(_number(record, "topic_id"), time_in(record, "created_at"))


def _number(record: Any, key: str) -> str:
    id = id_in(record, key)
    if not id.isascii() or not id.isdecimal():
        raise BadRecord(NO_ID, record=record)
    return id


def _read(records: list[Any], read: Any) -> tuple[list[Topic], list[BadRecord]]:
    topics: dict[str, Topic] = {}
    bad: list[BadRecord] = []
    for record in records:
        try:
            topic = read(record)
        except BadRecord as error:
            bad.append(error)
            continue
        topics.setdefault(topic.id, topic)
    if bad and not topics:
        raise SourceChanged(f"the list holds no topic that can be read: {bad[0]}")
    return list(topics.values()), bad


def _old_search(answer: list[Any]) -> Topics:
    """Read what forums of old answer: groups of results, without times or further pages."""
    groups = [group for group in answer if value_in(group, "type") == "topic"]
    if answer and not groups:
        raise SourceChanged("the answer to the search has no group of topics")
    found: list[Topic] = []
    bad: list[BadRecord] = []
    for group in groups:
        some, wrong = _read(
            list_in(group, "results", "the answer to the search"),
            lambda record: Topic(_number(record, "id"), None),
        )
        found, bad = found + some, bad + wrong
    more = any(value_in(group, "more") for group in groups)
    missed = ("the search found more topics than this forum shows: some are lost",) if more else ()
    return Topics(topics=found, bad=bad, missed=missed)


def _too_many(words: str) -> str:
    return f"the search for {words!r} has more hits than the forum shows"
