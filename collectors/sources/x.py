"""X (Twitter): recent posts found by searches and those that mention accounts, by API v2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from collectors.failures import combined
from collectors.options import Options
from collectors.places import State, Step, walk
from collectors.recheck import DAYS, Recent
from collectors.services.x.api import ADDRESS, XApi
from collectors.services.x.budget import MOST, Budget
from collectors.services.x.items import code_of
from collectors.services.x.polling import Place, Poll
from collectors.services.x.recheck import ask_again
from collectors.source import SPENT, Context, Cursor, Facts, Page
from simak.errors import ConfigurationError, RetryLater, SimakError

_OPTIONS = ("bearer_token", "search", "languages", "users", "monthly_posts", "url")

_POSTS = 10_000
_LEAST_SEARCH, _LEAST_MENTIONS = 10, 5
_MENTIONS_REACH = 800


class XSource:
    """Reads recent searches and the mentions of accounts with an application's bearer token.

    Options:
        bearer_token: of an application (https://console.x.com).
        search: what to search for, in X's own query language. Each finds posts of the last seven
            days. `-is:retweet` in it keeps reposts from being counted as read, `-from:` with the
            name of the brand's account what it writes itself.
        languages: only posts in these languages are searched for, such as `["id", "en"]`.
        users: ids of accounts (numbers, not names) whose mentions are read; what they write
            themselves is left out. X tells the id of a name to who asks, with the token,
            https://api.x.com/2/users/by/username/NAME.
        monthly_posts: how many posts may be read in a calendar month (UTC), so that the bill is
            known before it comes; 10000 where not given. Everything that X sends counts, but
            for the few posts of a `simak sources check`. Each source counts for itself.
        url: where X's API is.

    Cursor: as `walk`; `recent`, the posts that are asked for again, and `rechecked`, the last of
        them that was; `spent`, what was read this month.

    Example:
        >>> XSource(
        ...     name="x", brand="Kopi Senja", options={"bearer_token": "abc", "search": "senandika"}
        ... ).asks()
        "X: posts found by 'senandika'"
    """

    source = "x"
    facts = Facts(
        title="Recent posts found by searches, and mentions of accounts (API v2)",
        keys="bearer token of an application",
        per_minute=30,
        deletions=True,
        deletion_days=DAYS,
        gaps=True,
        handles=(
            "Pages by next_token; later runs ask by since_id for what is new alone.",
            "A since_id that X refuses since it is older than seven days is left out, and what "
            "may be lost for it is a gap.",
            "Errors within an answer (200) are counted, and the posts beside them kept.",
            "An answer without posts is nothing only where X says that it counted none.",
            "Indonesian is asked for and read as X calls it (in); undetermined (und) is none.",
            "Reposts are skipped, and the whole text of what they pass on is taken once.",
            "Long posts come with all of their text.",
            "Every edit is a post of its own at X: it updates the first.",
            "Posts deleted, or no longer to be seen, lose their text: recent ones are asked for "
            "again by id, with a quarter of the month's posts at most.",
            "A monthly number of posts is never passed: the run ends before, until next month.",
            "Limits of 15 minutes are waited for as x-rate-limit-reset says.",
            "What the named accounts write themselves is left out.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        self.name, self.brand = name, brand
        given = Options(name, options, _OPTIONS)
        self._token = given.token("bearer_token")
        self._queries = given.texts("search")
        self._languages = given.texts("languages")
        self._users = given.texts("users")
        for user in self._users:
            if not (user.isascii() and user.isdecimal()):
                raise ConfigurationError(
                    f"source {name!r}: option 'users': {user!r} is no id of an account: write the "
                    "number that X has for it"
                )
        if not (self._queries or self._users):
            raise ConfigurationError(f"source {name!r}: give 'search', 'users' or both")
        self._limit = options.get("monthly_posts", _POSTS)
        if type(self._limit) is not int or self._limit < _LEAST_SEARCH:
            raise ConfigurationError(
                f"source {name!r}: option 'monthly_posts' must be a whole number from "
                f"{_LEAST_SEARCH} on"
            )
        self._url = given.address("url", ADDRESS)

    def asks(self) -> str:
        """Say which searches and accounts."""
        asked = [_label(query) for query in self._queries]
        asked += [f"mentions of user {user}" for user in self._users]
        languages = f" (in {', '.join(self._languages)})" if self._languages else ""
        return "X: " + ", ".join(asked) + languages

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield every listing from its newest post back to what is known, then the rechecks.

        Raises:
            RetryLater: X cannot answer now, or the month's posts are used up.
            AccessDenied, ConfigurationError, SourceChanged: of one or more listings; the others
                were read.
        """
        api = XApi(context.http, context.now, bearer_token=self._token, url=self._url)
        run = _Run(api, context, cursor, self._limit, self._users)
        errors: list[SimakError] = []
        at = cursor
        try:
            for page in walk(
                cursor,
                context,
                {place.label: partial(run.read, place) for place in self._places(api)},
            ):
                at = page.cursor
                yield run.page(page)
        except SimakError as error:
            errors.append(error)
        try:
            if not context.probe and not any(isinstance(error, RetryLater) for error in errors):
                yield from run.recheck(at)
        except SimakError as error:
            errors.append(error)
        if errors:
            if run.owes:
                # What was read and could not be used counts too.
                yield run.page(Page(cursor=at))
            raise combined(errors)

    def _places(self, api: XApi) -> Iterator[Place]:
        for query in self._queries:
            yield Place(
                label=_label(query),
                fetch=partial(api.search, _in_languages(query, self._languages)),
                least=_LEAST_SEARCH,
                reach=None,
                option="search",
            )
        for user in self._users:
            yield Place(
                label=f"mentions of user {user}",
                fetch=partial(api.mentions, user),
                least=_LEAST_MENTIONS,
                reach=_MENTIONS_REACH,
                option="users",
            )


def _label(query: str) -> str:
    return f"posts found by {query!r}"


def _in_languages(query: str, languages: list[str]) -> str:
    if not languages:
        return query
    # In brackets: at X an OR binds less than the blank that stands for AND.
    return f"({query}) ({' OR '.join(f'lang:{code_of(language)}' for language in languages)})"


class _Run:
    """One run over all listings: what was read, and what is asked for again."""

    def __init__(
        self, api: XApi, context: Context, cursor: Cursor, limit: int, own: list[str]
    ) -> None:
        self._api, self._context, self._own = api, context, frozenset(own)
        self._budget = Budget(cursor.get(SPENT, {}), limit, context.now)
        self._stored = self._budget.state()
        self._recent = Recent(cursor.get("recent", {}), context.now())
        self._rechecked = str(cursor.get("rechecked", ""))

    def page(self, page: Page) -> Page:
        """Take note of a page; its cursor gets what is recent and what was read."""
        self._recent.saw(page.mentions)
        self._stored = self._budget.state()
        more = {
            "recent": self._recent.state(),
            "rechecked": self._rechecked,
            SPENT: self._stored,
        }
        return replace(page, cursor={**page.cursor, **more}, quota_left=self._budget.left())

    @property
    def owes(self) -> bool:
        """Whether posts were read that no page has told of."""
        return self._budget.state() != self._stored

    def read(self, place: Place, state: State) -> Iterator[Step]:
        """Read one listing."""
        context = self._context
        return Poll(
            place, state, self._budget, context.now, own=self._own, probe=context.probe
        ).steps()

    def recheck(self, cursor: Cursor) -> Iterator[Page]:
        """Ask by id for what is recent and did not come by, as far as the month's posts allow.

        Where they do not allow for all, the next run goes on with the others.
        """
        due = sorted(self._recent.due())
        later = [name for name in due if name > self._rechecked]
        due = (later + due[: len(due) - len(later)])[: self._budget.spare()]
        for start in range(0, len(due), MOST):
            asked = due[start : start + MOST]
            page = ask_again(self._api, self._budget, asked)
            self._rechecked = asked[-1]
            yield self.page(replace(page, cursor=cursor))
