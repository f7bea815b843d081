"""Google Business Profile: the reviews of own locations on Google Maps, with the replies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from collectors.gone import missing
from collectors.newest_first import Listing, changed, newest_first
from collectors.options import Options
from collectors.places import State, Step, walk
from collectors.recheck import DAYS, Recent
from collectors.services.google.api import TOKEN_URI
from collectors.services.google.business import ADDRESS, GoogleBusinessApi
from collectors.source import Context, Cursor, Facts, Page
from simak.errors import ConfigurationError, SourceChanged
from simak.mention import RawMention

LOOK_BACK = timedelta(days=30)
"""A late reply does not move a review to the top: so much is read again at every run."""

SCAN_AGAIN = timedelta(days=7)
"""A location is read whole so often, whatever the counts say."""

_WHOLE = timedelta(days=100_000)
_LOCATION = re.compile(r"accounts/\d+/locations/\d+")
_OPTIONS = ("client_id", "client_secret", "refresh_token", "locations", "url", "token_uri")


class GoogleBusinessSource:
    """Reads the reviews of locations that an account manages.

    Options:
        client_id, client_secret: of an OAuth client whose project may use the Business Profile
            APIs: Google lets it in on request, and answers 429 until it has.
        refresh_token: of the account, for the scope
            `https://www.googleapis.com/auth/business.manage`.
        locations: their names, such as `accounts/123/locations/456`: the account's as the Account
            Management API lists it, and the location's as the Business Information API does.
        url, token_uri: where the API is, and where it gives tokens.

    Cursor: as `walk`; of a location `list`, where its listing stands; `recent`, the reviews that
    are looked for again; `total`, how many Google counted; `newest`, when the newest that was
    read was written; `scanned`, when all was last read; `short`, how many were counted then and
    not shown.

    Example:
        >>> keys = {"client_id": "a", "client_secret": "b", "refresh_token": "c"}
        >>> GoogleBusinessSource(
        ...     name="peta",
        ...     brand="Senandika",
        ...     options={**keys, "locations": "accounts/1/locations/2"},
        ... ).asks()
        'Google Business Profile: reviews of accounts/1/locations/2'
    """

    source = "google_business"
    facts = Facts(
        title="Reviews of own locations on Google Maps: the Business Profile API",
        keys="OAuth client with the refresh token of an account that manages the locations",
        per_minute=300,
        deletions=True,
        deletion_days=DAYS,
        replies=True,
        gaps=True,
        own=True,
        handles=(
            "Pages are known to miss reviews: what was read is compared with what Google counts.",
            "Where the two do not agree a location is read whole, twice if need be; what is "
            "counted and not shown is said in the run record.",
            "A location is read whole once a week besides, for late replies to old reviews.",
            "Of a text that Google has translated the original is kept, and so of a reply.",
            "Stars without a text are kept.",
            "A reply that waits for Google's check, or did not pass it, is not stored.",
            "Of anonymous reviewers no name is kept.",
            "An answer without a list is a location without reviews, but an error where more were "
            "counted before than can be asked for by id.",
            "A recent review that is no longer listed is asked for by id before it counts as "
            "deleted.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        self.name, self.brand = name, brand
        given = Options(name, options, _OPTIONS)
        self._account = {
            key: given.text(key) for key in ("client_id", "client_secret", "refresh_token")
        }
        self._account["url"] = given.address("url", ADDRESS)
        self._account["token_uri"] = given.address("token_uri", TOKEN_URI)
        self._locations = given.texts("locations")
        for location in self._locations:
            if not _LOCATION.fullmatch(location):
                raise ConfigurationError(
                    f"source {name!r}: option 'locations': {location!r} is no name of a location; "
                    "write accounts/NUMBER/locations/NUMBER"
                )
        if not self._locations:
            raise ConfigurationError(f"source {name!r}: option 'locations' is missing")

    def asks(self) -> str:
        """Say which locations."""
        return "Google Business Profile: reviews of " + ", ".join(self._locations)

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield every location's reviews from the newest back to what is known, and 30 days more.

        Raises:
            RetryLater: Google cannot answer now.
            AccessDenied, ConfigurationError, SourceChanged: of one or more locations; the others
                were read.
        """
        api = GoogleBusinessApi(context.http, **self._account)
        yield from walk(
            cursor,
            context,
            {location: partial(_reviews, api, location, context) for location in self._locations},
        )


def _reviews(
    api: GoogleBusinessApi, location: str, context: Context, state: State
) -> Iterator[Step]:
    return _Run(api, location, context, state).read()


class _Run:
    """One run over one location."""

    def __init__(
        self, api: GoogleBusinessApi, location: str, context: Context, state: State
    ) -> None:
        self._api, self._location, self._state = api, location, dict(state)
        self._label, self._now = f"reviews of {location}", context.now()
        self._recent = Recent(state.get("recent", {}), self._now)
        self._written: dict[str, float | None] = {}
        # Where an earlier run read a part, this one cannot say what was not listed.
        self._in_part = state.get("list", {}).get("after") is not None
        self._unread = 0
        self._total: int | None = None

    def read(self) -> Iterator[Step]:
        """Read what is new; all of it where that does not add up, or was long ago."""
        scanned = self._state.get("scanned")
        is_due = scanned is None or self._now.timestamp() - scanned > SCAN_AGAIN.total_seconds()
        yield from self._pass(_WHOLE if is_due else LOOK_BACK)
        if not self._in_part:
            if not is_due and not self._adds_up():
                is_due = True
                yield from self._pass(_WHOLE)
            if is_due and self._short():
                # Another look often shows what the first one did not.
                yield from self._pass(_WHOLE)
        if is_due:
            short = self._state.get("short", 0) if self._in_part else self._short()
            self._state |= {"scanned": self._now.timestamp(), "short": short}
        newest = [at for at in self._written.values() if at is not None]
        self._state |= {
            "total": self._total,
            "newest": max([*newest, self._state.get("newest") or 0.0]),
        }
        gone = None if self._in_part else missing(self._recent, self._ask, self._label)
        page, said = gone or Page(), self._said()
        page = replace(page, missed=(*page.missed, *said)) if is_due else replace(page, notes=said)
        yield self._step(page, done=True)

    def _pass(self, overlap: timedelta) -> Iterator[Step]:
        self._unread = 0
        for step in newest_first(
            self._state.get("list", {}),
            self._fetch,
            label=self._label,
            order=changed,
            overlap=overlap,
        ):
            self._recent.saw(step.page.mentions)
            self._state["list"] = step.state
            # Stopped after a whole pass, the next run begins with another location.
            yield self._step(step.page, done=step.done or step.state["after"] is None)

    def _fetch(self, after: str | None) -> Listing:
        page = self._api.reviews(self._location, after)
        before = self._state.get("total") or 0
        is_empty = after is None and not page.listing.mentions and not page.listing.bad
        if is_empty and before > len(self._recent.due()):
            raise SourceChanged(
                f"{self._label}: Google counted {before} before and gives none now: check that the "
                "location is still verified and shown; where it has truly none, collect it once "
                "with --full"
            )
        self._total = page.total if page.total is not None else self._total
        self._unread += len(page.listing.bad)
        self._written |= {
            raw.external_id: raw.published_at.timestamp() if raw.published_at else None
            for raw in page.listing.mentions
        }
        return page.listing

    def _ask(self, name: str) -> RawMention | None:
        return self._api.review(self._location, name)

    def _adds_up(self) -> bool:
        """Whether there are as many as there were, and those written since."""
        before, newest = self._state.get("total"), self._state.get("newest", 0.0)
        new = sum(at is not None and at > newest for at in self._written.values())
        return self._total is None or (before is not None and self._total == before + new)

    def _short(self) -> int:
        """How many are counted that no page of this run had."""
        return max((self._total or 0) - len(self._written) - self._unread, 0)

    def _said(self) -> tuple[str, ...]:
        short = self._state["short"]
        if not short:
            return ()
        return (
            f"{self._label}: Google counts {short} more than it shows, which may be lost or "
            "hidden by Google",
        )

    def _step(self, page: Page, *, done: bool) -> Step:
        return Step(page=page, state={**self._state, "recent": self._recent.state()}, done=done)
