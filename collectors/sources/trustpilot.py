"""Trustpilot: reviews of companies with the companies' replies, through its API."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from collectors.newest_first import Listing, newest_first
from collectors.options import Options
from collectors.payload import list_in, read_all
from collectors.places import State, Step, walk
from collectors.recheck import DAYS, Recent
from collectors.services.trustpilot.api import PAGE, TrustpilotApi, has_next
from collectors.services.trustpilot.items import review_of
from collectors.source import Context, Cursor, Facts, Page
from simak.errors import BadRecord, ConfigurationError
from simak.mention import RawMention

PAGES = 1_000
"""Trustpilot gives the newest 100,000 reviews of a company and no more."""

OVERLAP = timedelta(days=30)
"""A review that is edited or replied to stays where it is: so much further back is read again."""

_AT_ONCE = 25
"""Vanished reviews that are asked for before a page is stored."""

_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/[\w.-]+)?")
_UNIT = re.compile(r"[0-9A-Za-z]{8,40}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_OPTIONS = ("key", "domains", "business_units", "languages", "url")


@dataclass(frozen=True, slots=True)
class _Company:
    """One company's reviews, in one language where `language` is set.

    Attributes:
        domain: by which it is found; None where `unit`, Trustpilot's own id, is given.
    """

    domain: str | None
    unit: str | None
    language: str | None

    @property
    def label(self) -> str:
        name = self.domain or f"business unit {self.unit}"
        return f"{name} ({self.language})" if self.language else name


class TrustpilotSource:
    """Reads the reviews of companies with an API key.

    Options:
        key: API key of an application (https://businessapp.b2b.trustpilot.com/applications).
        domains: the companies' domains, as in the address of their page at Trustpilot.
        business_units: ids of companies, in place of domains or beside them.
        languages: codes of two letters; reviews in all languages where not given.
        url: where the API is.

    Cursor: as `walk`, and `recent`, the reviews that are asked for where they have vanished.

    Example:
        >>> TrustpilotSource(
        ...     name="t", brand="Kopi Senja", options={"key": "abc", "domains": "kopisenja.example"}
        ... ).asks()
        'Trustpilot: reviews of kopisenja.example'
    """

    source = "trustpilot"
    facts = Facts(
        title="Reviews of companies, with the companies' replies",
        keys="API key",
        per_minute=160,
        deletions=True,
        deletion_days=DAYS,
        replies=True,
        own=True,
        handles=(
            "Its web pages are closed to programs: a page in place of JSON is an error that says "
            "to use the API or an export.",
            "The next page's address may name another host: it is made here, and the key goes "
            "nowhere else.",
            "Reviews of the last 30 days are read again for edits and replies.",
            "A review that has vanished is asked for by id: gone, it loses its text.",
            "A review that was reported keeps its text while it is looked into.",
            "No more than 100,000 reviews are given: the end before the last one is told.",
            "The CSV export is imported as the same reviews.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        self.name, self.brand = name, brand
        given = Options(name, options, _OPTIONS)
        self._key = given.token("key")
        domains = [text.lower() for text in given.texts("domains")]
        units, languages = given.texts("business_units"), given.texts("languages")
        for key, values, pattern, what in (
            ("domains", domains, _DOMAIN, "no domain, such as kopisenja.example"),
            ("business_units", units, _UNIT, "no id"),
            ("languages", languages, _LANGUAGE, "no language, such as id"),
        ):
            for value in values:
                if not pattern.fullmatch(value):
                    raise ConfigurationError(
                        f"source {name!r}: option {key!r}: {value!r} is {what}"
                    )
        if not domains and not units:
            raise ConfigurationError(f"source {name!r}: give 'domains', 'business_units' or both")
        self._url = given.address("url", "https://api.trustpilot.com")
        wanted: list[str | None] = [*languages] or [None]
        names = [(domain, None) for domain in domains] + [(None, unit) for unit in units]
        self._companies = [
            _Company(domain, unit, language) for domain, unit in names for language in wanted
        ]

    def asks(self) -> str:
        """Say which companies."""
        return "Trustpilot: reviews of " + ", ".join(one.label for one in self._companies)

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield the reviews of every company from the newest on, then those that vanished.

        Raises:
            RetryLater: Trustpilot cannot answer now.
            AccessDenied, ConfigurationError, SourceChanged: of one or more companies; the others
                were read.
        """
        api = TrustpilotApi(context.http, key=self._key, url=self._url)
        run = _Run(api, context, cursor)
        at = cursor
        places = {one.label: partial(run.company, one) for one in self._companies}
        for page in walk(cursor, context, places):
            at = page.cursor
            yield run.page(page)
        # Not where a company could not be read: all of its reviews would have vanished.
        if not context.probe:
            yield from run.recheck(at)


class _Run:
    """One run over all companies."""

    def __init__(self, api: TrustpilotApi, context: Context, cursor: Cursor) -> None:
        self._api = api
        self._recent = Recent(cursor.get("recent", {}), context.now())

    def page(self, page: Page) -> Page:
        """Take note of a page; its cursor gets what is recent."""
        self._recent.saw(page.mentions)
        return replace(page, cursor={**page.cursor, "recent": self._recent.state()})

    def company(self, company: _Company, state: State) -> Iterator[Step]:
        """Read the reviews of one company."""
        unit = company.unit or state.get("unit") or self._api.find(company.domain or "")
        what = f"Trustpilot's answer for the reviews of {company.label}"
        is_first = True

        def fetch(after: str | None) -> Listing:
            nonlocal is_first
            number = int(after or 1)
            earlier: list[Any] = []
            if is_first and number > 1:
                # What was deleted since the last run moved as many to the page before.
                before = self._api.reviews(unit, number - 1, company.language)
                earlier = [] if before is None else list_in(before, "reviews", what)
            is_first = False
            answer = self._api.reviews(unit, number, company.language)
            if answer is None:
                mentions, bad = read_all(earlier, review_of, what)
                return Listing(mentions=mentions, bad=bad, notes=(_end_of(company, number - 1),))
            reviews = list_in(answer, "reviews", what)
            mentions, bad = read_all([*earlier, *reviews], review_of, what)
            more = bool(reviews) and (len(reviews) >= PAGE or has_next(answer))
            is_end = more and number >= PAGES
            return Listing(
                mentions=mentions,
                bad=bad,
                after=str(number + 1) if more and not is_end else None,
                notes=(_end_of(company, number),) if is_end else (),
            )

        steps = newest_first(
            state.get("listed", {}), fetch, label=f"reviews of {company.label}", overlap=OVERLAP
        )
        for step in steps:
            # A pass that came to its end is enough for now, where a run may take few pages: with
            # the days that are read again there would always be another to begin.
            yield Step(
                page=step.page,
                state={"unit": unit, "listed": step.state},
                done=step.done or step.state["after"] is None,
            )

    def recheck(self, cursor: Cursor) -> Iterator[Page]:
        """Ask by id for what is recent and did not come by in this run."""
        due = self._recent.due()
        for start in range(0, len(due), _AT_ONCE):
            asked = due[start : start + _AT_ONCE]
            mentions: list[RawMention] = []
            bad: list[BadRecord] = []
            for name in asked:
                answer = self._api.review(name)
                if answer is None:
                    mentions.append(
                        RawMention(external_id=name, channel="trustpilot", deleted=True)
                    )
                    continue
                what = f"Trustpilot's answer for review {name}"
                found, unread = read_all([answer], review_of, what)
                mentions += found
                bad += unread
            missed: tuple[str, ...] = ()
            if len(asked) == _AT_ONCE and all(raw.deleted for raw in mentions):
                # So many deletions at once are likelier a failure to answer.
                missed = (f"Trustpilot knows none of {len(asked)} recent reviews: asked again "
                          "next time",)  # fmt: skip
                mentions = []
            yield self.page(
                Page(mentions=tuple(mentions), bad=tuple(bad), missed=missed, cursor=cursor)
            )


def _end_of(company: _Company, pages: int) -> str:
    return (
        f"{company.label}: Trustpilot gives no reviews after page {pages}: import older ones from "
        "its CSV export"
    )
