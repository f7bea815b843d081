"""Trustpilot: reviews of companies with the companies' replies, through its API."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from collectors.http import Response, looks_like, shown
from collectors.newest_first import Listing, newest_first
from collectors.options import Options
from collectors.payload import id_in, list_in, object_of, read_all
from collectors.places import State, Step, walk
from collectors.recheck import Recent
from collectors.source import Context, Cursor, Facts, Page
from collectors.trustpilot_items import review_of
from simak.errors import AccessDenied, BadRecord, ConfigurationError, SourceChanged
from simak.mention import RawMention

PAGE = 100
PAGES = 1_000
"""Trustpilot gives the newest 100,000 reviews of a company and no more."""

OVERLAP = timedelta(days=30)
"""A review that is edited or replied to stays where it is: so much further back is read again."""

_AT_ONCE = 25
"""Vanished reviews that are asked for before a page is stored."""

_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/[\w.-]+)?")
_UNIT = re.compile(r"[0-9A-Za-z]{8,40}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_OPTIONS = ("key", "domains", "business_units", "languages", "base_url")
_CLOSED = (
    "Trustpilot's web pages are closed to programs: give the address of its API as 'base_url' "
    "and a key, or import its CSV export with `simak import`"
)


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
        base_url: where the API is.

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
        self._key = given.text("key")
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
        urls = given.addresses("base_url")
        self._url = (urls or ["https://api.trustpilot.com"])[0].rstrip("/")
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
        run = _Run(self._url, self._key, context, cursor)
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

    def __init__(self, url: str, key: str, context: Context, cursor: Cursor) -> None:
        self._url, self._key, self._http = url, key, context.http
        self._recent = Recent(cursor.get("recent", {}), context.now())

    def page(self, page: Page) -> Page:
        """Take note of a page; its cursor gets what is recent."""
        self._recent.saw(page.mentions)
        return replace(page, cursor={**page.cursor, "recent": self._recent.state()})

    def company(self, company: _Company, state: State) -> Iterator[Step]:
        """Read the reviews of one company."""
        unit = company.unit or state.get("unit") or self._find(company.domain or "")
        what = f"Trustpilot's answer for the reviews of {company.label}"

        def fetch(after: str | None) -> Listing:
            number = int(after or 1)
            response = self._get(
                f"/v1/business-units/{quote(unit, safe='')}/reviews",
                {
                    "orderBy": "createdat.desc",
                    "perPage": PAGE,
                    "page": number,
                    "includeReportedReviews": "true",
                    **({"language": company.language} if company.language else {}),
                },
                also=(400,) if number > 1 else (),
            )
            if response.status == 400:
                return Listing(mentions=[], notes=(_end_of(company, number - 1),))
            answer = object_of(response)
            reviews = list_in(answer, "reviews", what)
            mentions, bad = read_all(reviews, review_of, what)
            more = bool(reviews) and (len(reviews) >= PAGE or _has_next(answer))
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
                done=step.state["after"] is None,
            )

    def recheck(self, cursor: Cursor) -> Iterator[Page]:
        """Ask by id for what is recent and did not come by in this run."""
        due = self._recent.due()
        for start in range(0, len(due), _AT_ONCE):
            asked = due[start : start + _AT_ONCE]
            mentions: list[RawMention] = []
            bad: list[BadRecord] = []
            for name in asked:
                response = self._get(f"/v1/reviews/{quote(name, safe='')}", {}, also=(404, 410))
                if response.status in (404, 410):
                    mentions.append(
                        RawMention(external_id=name, channel="trustpilot", deleted=True)
                    )
                    continue
                what = f"Trustpilot's answer for review {name}"
                found, unread = read_all([object_of(response)], review_of, what)
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

    def _find(self, domain: str) -> str:
        """Return the id of the company with this domain."""
        response = self._get("/v1/business-units/find", {"name": domain}, also=(404,))
        if response.status == 404:
            raise ConfigurationError(
                f"Trustpilot knows no company {domain!r} (404): write the domain as in the "
                "address of its page there"
            )
        try:
            return id_in(object_of(response), "id")
        except BadRecord as error:
            raise SourceChanged(f"Trustpilot's answer for {domain} has no id") from error

    def _get(self, path: str, params: Mapping[str, Any], *, also: tuple[int, ...]) -> Response:
        response = self._http.request(
            "GET",
            self._url + path,
            params=params,
            headers={"apikey": self._key, "Accept": "application/json"},
            also=(403, *also),
        )
        place = shown(response.url)
        is_web_page = looks_like(response.body) == "a web page"
        if response.status == 403:
            why = _CLOSED if is_web_page else "check the key and its rights"
            raise AccessDenied(f"{place} refuses access (403): {why}")
        if 300 <= response.status < 400:
            # The key is for nobody else.
            raise SourceChanged(f"{place} leads elsewhere ({response.status}): check 'base_url'")
        if response.status == 200 and is_web_page:
            raise SourceChanged(f"{place} answers with a web page: {_CLOSED}")
        return response


def _has_next(answer: Mapping[str, Any]) -> bool:
    links = answer.get("links")
    return isinstance(links, list) and any(
        isinstance(link, Mapping) and link.get("rel") == "next-page" for link in links
    )


def _end_of(company: _Company, pages: int) -> str:
    return (
        f"{company.label}: Trustpilot gives no reviews after page {pages}: import older ones from "
        "its CSV export"
    )
