"""Discourse: the posts of a forum's topics, all or by category, tag and search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from collectors.options import Options
from collectors.payload import list_in, read_all, text_in, time_in, value_in
from collectors.places import State, Step, walk
from collectors.recheck import DAYS, Recent
from collectors.services.discourse.api import CHUNK, DiscourseApi, Topic, category_path, tag_path
from collectors.services.discourse.posts import Posts, first_answer
from collectors.services.discourse.topics import read_topics
from collectors.sites import base_of, site_of
from collectors.source import Context, Cursor, Facts, Page
from simak.errors import AccessDenied
from simak.mention import RawMention

_OPTIONS = ("url", "categories", "tags", "search", "own_users", "api_key", "api_user")


class DiscourseSource:
    """Reads one forum: every topic in which something happened since the last run.

    Options:
        url: address of the forum.
        categories: as they stand in their addresses after `/c/`, such as `keluhan/5`.
        tags: topics with these.
        search: words, or a search as the forum's own search box takes it; several are several
            searches. Without categories, tags and search all topics are read.
        own_users: names of those who answer for the brand. Their first answer in a topic is kept
            as the reply to its first post; what they write is no customer's.
        api_key, api_user: for a forum with a login, and for more requests a minute.

    Cursor: as `walk`, and `recent`, the posts (topic/post) that are looked at again.

    Example:
        >>> DiscourseSource(
        ...     name="f",
        ...     brand="Kopi Senja",
        ...     options={"url": "https://forum.example", "tags": "susu"},
        ... ).asks()
        'forum.example: topics with the tag susu'
    """

    source = "discourse"
    facts = Facts(
        title="Posts of a Discourse forum, by category, tag or search",
        keys="none; api_key and api_user for a forum with a login",
        per_minute=60,
        deletions=True,
        deletion_days=DAYS,
        replies=True,
        handles=(
            "A topic's first 20 posts come with it, the rest by their ids, newest first, back to "
            "what is known.",
            "A post was edited if its version is above 1: its id stays.",
            "Recent posts are looked at again for edits and deletions; one that was moved to "
            "another topic, or is not for all to read any more, is not taken for deleted.",
            "Deleted, withdrawn and hidden posts lose their text.",
            "Quotes of others and previews of links are not the author's words.",
            "Times with any offset (old posts: -05:00) are UTC.",
            "Pinned topics, which stand first whatever their time, do not end a run early.",
            "Ten pages of hits are all that a search gives: it goes on before the day it came to; "
            "a day with more hits than that is a gap.",
            "\"closed this topic\" and the forum's robots are nobody's words; whispers are not "
            "read.",
            "Redirects are followed on the forum's own host alone; one to a login is an error.",
        ),
    )  # fmt: skip

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        self.name, self.brand = name, brand
        given = Options(name, options, _OPTIONS)
        self._url = base_of(given.address("url"))
        self._site = site_of(self._url)
        self._key = given.text("api_key") if "api_key" in options else ""
        self._user = given.text("api_user") if self._key or "api_user" in options else ""
        self._own = frozenset(user.lstrip("@").lower() for user in given.texts("own_users"))
        self._lists = {f"topics of {x}": category_path(x) for x in given.texts("categories")}
        self._lists |= {f"topics with the tag {x}": tag_path(x) for x in given.texts("tags")}
        self._searches = {f"topics found by {x!r}": x for x in given.texts("search")}
        if not self._lists and not self._searches:
            self._lists = {"latest topics": "/latest.json"}

    def asks(self) -> str:
        """Say which topics of which forum."""
        return f"{self._site}: {', '.join([*self._lists, *self._searches])}"

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield the topics of every list from the last activity back, then the rechecks.

        Raises:
            RetryLater: the forum cannot answer now.
            AccessDenied, ConfigurationError, SourceChanged: of one or more lists; the others
                were read.
        """
        api = DiscourseApi(context.http, self._url, self._key, self._user)
        run = _Run(
            api, partial(Posts, self._url, self._site, self._own), self._own, context, cursor
        )
        places = {
            label: partial(run.read, label, partial(api.latest, path))
            for label, path in self._lists.items()
        } | {
            label: partial(run.read, label, partial(api.search, words))
            for label, words in self._searches.items()
        }
        at = cursor
        for page in walk(cursor, context, places):
            at = page.cursor
            yield run.noted(page)
        if not context.probe:
            yield from run.recheck(at)


class _Run:
    """One run over all lists: what was seen, and what is looked at again."""

    def __init__(
        self,
        api: DiscourseApi,
        posts: Any,
        own_users: Iterable[str],
        context: Context,
        cursor: Cursor,
    ) -> None:
        self._api, self._own_users = api, sorted(own_users)
        self._skipped: Counter[str] = Counter()
        self._posts: Posts = posts(self._skip)
        self._recent = Recent(cursor.get("recent", {}), context.now())

    def _skip(self, reason: str) -> None:
        self._skipped[reason] += 1

    def noted(self, page: Page) -> Page:
        """Return a page whose cursor knows what is recent."""
        return replace(page, cursor={**page.cursor, "recent": self._recent.state()})

    def read(self, label: str, fetch: Any, state: State) -> Iterator[Step]:
        """Read one list of topics."""
        return read_topics(state, fetch, self._topic, label=label)

    def _topic(
        self, topic: Topic, floor: float | None, left: int | None
    ) -> Iterator[tuple[Page, int | None]]:
        """Read a topic: its first posts, and the others from the newest back to `floor`."""
        answer = self._api.topic(topic.id)
        if answer is None:
            yield Page(notes=("a topic on the list is gone, or not for all to read",)), None
            return
        posts, stream = _parts(answer)
        loaded = {_id(post) for post in posts}
        others = [id for id in stream if id not in loaded]
        if left is None:
            page = self._page(topic.id, answer, posts)
            if not posts and not others:
                page = replace(page, notes=(f"topic {topic.id} has no posts",))
            yield page, len(others) or None
        count = min(len(others) if left is None else left, len(others))
        while count:
            start = (count - 1) // CHUNK * CHUNK
            some = self._some(topic.id, others[start:count])
            times = [at.timestamp() for post in some if (at := time_in(post, "created_at"))]
            count = 0 if floor is not None and times and max(times) <= floor else start
            yield self._page(topic.id, answer, some), count or None

    def _some(self, topic: str, ids: list[str]) -> list[Any]:
        """Return those of the posts that are still there, and no others."""
        wanted = set(ids)
        return [post for post in self._api.posts(topic, ids) or [] if _id(post) in wanted]

    def _page(self, topic: str, answer: Mapping[str, Any], posts: list[Any]) -> Page:
        """Return posts of a topic as mentions, and take note of them."""
        first = next(iter(_parts(answer)[1]), None)
        is_first = any(_id(post) == first for post in posts)
        reply = self._answer(topic, answer) if is_first else None

        def mention(post: Any) -> RawMention | None:
            raw = self._posts.mention(
                post, topic=topic, title=text_in(answer, "title"), first=first, answer=reply
            )
            if raw is not None:
                self._recent.saw([replace(raw, external_id=f"{topic}/{_id(post)}")])
            return raw

        self._skipped.clear()
        mentions, bad = read_all(posts, mention, f"topic {topic}")
        return Page(mentions=tuple(mentions), bad=tuple(bad), skipped=dict(self._skipped))

    def _answer(self, topic: str, answer: Mapping[str, Any]) -> Any:
        """Return the brand's first answer in a topic."""
        if not self._own_users:
            return None
        posts, stream = _parts(answer)
        found = first_answer(posts, self._posts.is_own)
        if found is None and len(stream) > len(posts):
            theirs = self._api.topic(topic, only=self._own_users)
            found = first_answer(_parts(theirs)[0] if theirs else [], self._posts.is_own)
        return found

    def recheck(self, cursor: Cursor) -> Iterator[Page]:
        """Look again at what is recent and did not come by in this run."""
        topics: dict[str, list[str]] = {}
        for name in self._recent.due():
            topic, _, id = name.partition("/")
            topics.setdefault(topic, []).append(id)
        for topic, ids in topics.items():
            yield self.noted(replace(self._again(topic, ids), cursor=cursor))

    def _again(self, topic: str, ids: list[str]) -> Page:
        answer = self._api.topic(topic)
        found: list[Any] = []
        page = Page()
        if answer is not None:
            posts, stream = _parts(answer)
            found = [post for post in posts if _id(post) in ids]
            others = [id for id in ids if id in stream and id not in {_id(post) for post in posts}]
            for start in range(0, len(others), CHUNK):
                found += self._some(topic, others[start : start + CHUNK])
            page = self._page(topic, answer, found)
        gone = []
        for id in set(ids) - {_id(post) for post in found}:
            # Not here any more: it may have been moved, and then comes with its new topic.
            deleted = self._posts.deleted(id)
            try:
                if self._api.post(id) is None:
                    gone.append(deleted)
            except AccessDenied:
                # Its category is not for all any more: that is no deletion.
                continue
            self._recent.saw([replace(deleted, external_id=f"{topic}/{id}")])
        return replace(page, mentions=(*page.mentions, *gone))


def _parts(answer: Mapping[str, Any]) -> tuple[list[Any], list[str]]:
    """Return the posts of a topic that are there, and the ids of all."""
    stream = value_in(answer, "post_stream")
    ids = [str(id) for id in list_in(stream, "stream", "a topic") if isinstance(id, int)]
    return list_in(stream, "posts", "a topic"), ids


def _id(post: Any) -> str:
    return str(value_in(post, "id"))
