"""The App Store: the newest public reviews of apps, by storefront."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from collectors.newest_first import Listing, PlaceLost, newest_first
from collectors.options import Options
from collectors.payload import number_in, object_of, read_all
from collectors.places import State, Step, walk
from collectors.services.app_store.feed import FeedPage, mention_of, page_of
from collectors.source import Context, Cursor, Facts, Page
from simak.errors import ConfigurationError, SimakError, SourceChanged

SITE = "https://itunes.apple.com"

PAGES = 10
"""Deeper pages are refused."""

RESCAN = timedelta(days=7)
"""So far behind what is known each run reads again: a review is listed under the time it was sent
in, some days after it."""

TRIES = 3
"""Times that a page without entries is asked for: now and then the service gives one for a page
that has some."""

_APP = re.compile(r"\d{1,20}", re.ASCII)
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_REFUSED = 400
_TOO_DEEP = b"page depth is limited"


@dataclass(frozen=True, slots=True)
class _Shop:
    """The feed of an app in a storefront."""

    app: str
    country: str

    @property
    def label(self) -> str:
        return f"app {self.app} in storefront {self.country}"


class AppStoreSource:
    """Reads the feeds of customer reviews: the newest 500 of an app in each storefront.

    Options:
        apps: numbers of apps, as in the address of their page (`id...`).
        countries: storefronts, two letters each; "id" where not given.
        url: where the feeds are, and the store's catalogue (`/lookup`).

    Cursor: as `walk`, for each app and storefront as `newest_first`, with pages by number.

    Example:
        >>> AppStoreSource(
        ...     name="ios", brand="Kopi Senja", options={"apps": "1234567890"}
        ... ).asks()
        'App Store: reviews of 1234567890, in storefront id'
    """

    source = "app_store"
    facts = Facts(
        title="Newest public reviews of apps, by storefront",
        per_minute=20,
        gaps=True,
        own=True,
        handles=(
            "Ten pages of 50 a storefront, never an eleventh; that pages so deep are refused is "
            "an end, any other refusal an error.",
            "A feed without entries is asked for again and is then an error, unless the feed says "
            "that its last page came before, or the store's catalogue that nobody has rated the "
            "app there; and it is an error all the same where reviews were known.",
            "Whether an app that gives nothing is in a storefront at all is asked of it too.",
            "Addresses of pages are made here: the feed's own lead to another format and host.",
            "The app's own description, which older feeds begin with, is no review.",
            "One entry alone, which comes without a list.",
            "Times are turned from the feed's zone into UTC; reviews without one stay undated.",
            "An edited review has its old id and a new time, and comes at the top.",
            "More new reviews than the feed shows are a gap.",
            "The last seven days are read again, for reviews that are listed late.",
            "A run that was stopped reads one page again: deletions move later reviews up.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        self.name, self.brand = name, brand
        given = Options(name, options, ("apps", "countries", "url"))
        self._apps = given.texts("apps")
        self._countries = [text.lower() for text in given.texts("countries")] or ["id"]
        self._url = given.address("url", SITE)
        if not self._apps:
            raise ConfigurationError(f"source {name!r}: option 'apps' is missing")
        for key, values, form, what in (
            ("apps", self._apps, _APP, "the number behind id in the address of the app's page"),
            ("countries", self._countries, _COUNTRY, 'two letters, such as "id"'),
        ):
            for value in values:
                if not form.fullmatch(value):
                    raise ConfigurationError(
                        f"source {name!r}: option {key!r}: {value!r} is none of the App "
                        f"Store's; write {what}"
                    )

    def asks(self) -> str:
        """Say which apps and storefronts."""
        apps, countries = ", ".join(self._apps), ", ".join(self._countries)
        return f"App Store: reviews of {apps}, in storefront {countries}"

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield the reviews of every app and storefront, back to what is known.

        Raises:
            RetryLater: the App Store cannot answer now.
            AccessDenied, ConfigurationError, SourceChanged: of one or more; the others were read.
        """
        shops = [_Shop(app, country) for app in self._apps for country in self._countries]
        yield from walk(
            cursor, context, {shop.label: partial(self._read, context, shop) for shop in shops}
        )

    def _read(self, context: Context, shop: _Shop, state: State) -> Iterator[Step]:
        return newest_first(
            state,
            _Pages(context, shop, self._url, had_some=state.get("mark") is not None),
            label=shop.label,
            overlap=RESCAN,
            window=True,
        )


class _Pages:
    """Fetches the pages of one feed in one run."""

    def __init__(self, context: Context, shop: _Shop, url: str, *, had_some: bool) -> None:
        self._http, self._shop, self._url = context.http, shop, url
        self._had_some = had_some
        self._base = f"{url}/{shop.country}/rss/customerreviews"
        self._last: int | None = None
        self._is_first = True

    def __call__(self, after: str | None) -> Listing:
        is_first, self._is_first = self._is_first, False
        if after is None:
            return self._listing(1)
        number = int(after)
        try:
            listing = self._listing(number)
            if is_first:
                # What was deleted since the page before was read has moved later reviews onto it.
                listing.mentions[:0] = self._listing(number - 1).mentions
        except SourceChanged as error:
            # There may be fewer pages than when the number was noted.
            raise PlaceLost(str(error)) from error
        return listing

    def _listing(self, number: int) -> Listing:
        page = self._page(number)
        if page is None:
            return Listing(mentions=[])
        label = self._shop.label
        mentions, bad = read_all(
            page.reviews,
            partial(mention_of, app=self._shop.app, country=self._shop.country),
            label,
        )
        more = page.is_full and number < PAGES
        notes = (f"{label} has no reviews",) if number == 1 and not page.reviews else ()
        return Listing(
            mentions=mentions, bad=bad, after=str(number + 1) if more else None, notes=notes
        )

    def _page(self, number: int) -> FeedPage | None:
        """Return a page; None behind the last.

        Raises:
            SourceChanged: it is not there, and should be.
        """
        for wait in range(TRIES):
            self._http.wait(wait, why=f"{self._shop.label}: the feed is empty")
            page = self._ask(number)
            if page is None:
                return None
            self._last = page.last or self._last
            if not page.is_missing:
                return page
            if self._last is not None and self._last < number:
                return None
        if number == 1 and not self._had_some and self._is_unrated():
            return page
        raise SourceChanged(
            f"{self._shop.label}: page {number} of the feed has no entries: the app has stars "
            "without reviews there, or Apple does not give them now; check the app's number and "
            "the storefront"
        )

    def _is_unrated(self) -> bool:
        """Whether nobody has rated the app, so that there can be no review.

        Raises:
            ConfigurationError: the storefront has no such app.
        """
        try:
            answer = object_of(
                self._http.get(
                    f"{self._url}/lookup",
                    params={"id": self._shop.app, "country": self._shop.country},
                )
            )
        except SimakError:
            # As long as nothing proves that there are none, that is not taken for granted.
            return False
        if answer.get("resultCount") == 0 and answer.get("results") == []:
            raise ConfigurationError(
                f"{self._shop.label}: the App Store has no such app there: check the app's number, "
                "and leave out storefronts where it is not offered"
            )
        return number_in(answer, "results", 0, "userRatingCount") == 0

    def _ask(self, number: int) -> FeedPage | None:
        response = self._http.request(
            "GET",
            f"{self._base}/page={number}/id={self._shop.app}/sortby=mostrecent/json",
            follow_redirects=True,
            also=[_REFUSED],
        )
        if response.status == _REFUSED:
            if number > 1 and _TOO_DEEP in response.body:
                return None
            raise SourceChanged(
                f"{self._shop.label}: the App Store refuses page {number} of the feed "
                f"({_REFUSED}): check the app's number and the storefront"
            )
        return page_of(response, self._shop.label)
