"""App Store Connect: all reviews of own apps, with the replies that Apple has published."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from collectors.gone import missing
from collectors.newest_first import Listing, newest_first
from collectors.options import Options
from collectors.places import State, Step, walk
from collectors.recheck import DAYS, Recent
from collectors.services.app_store.connect import ADDRESS, AppStoreConnectApi
from collectors.source import Context, Cursor, Facts, Page
from simak.errors import ConfigurationError, SourceChanged

LOOK_BACK = timedelta(days=30)
"""An edit and a reply do not move a review to the top: so much is read again at every run."""

_APP = re.compile(r"\d{5,12}")
_OPTIONS = ("key_id", "issuer_id", "key_file", "key", "apps", "url")


class AppStoreConnectSource:
    """Reads the customer reviews of apps with an API key of the account that owns them.

    Options:
        key_id, issuer_id: of the API key (App Store Connect, Users and Access, Integrations).
        key_file: path of its private key (`AuthKey_….p8`); or `key`, the same as text.
        apps: Apple IDs of apps, the number in their App Store address.
        url: where the API is.

    Cursor: as `walk`; of an app `list`, where its listing stands, and `recent`, the reviews that
    are looked for again.

    Example:
        >>> keys = {"key_id": "A1", "issuer_id": "69a6", "key_file": "AuthKey_A1.p8"}
        >>> AppStoreConnectSource(
        ...     name="ios", brand="Senandika", options={**keys, "apps": "1234567890"}
        ... ).asks()
        'App Store Connect: reviews of app 1234567890'
    """

    source = "app_store_connect"
    facts = Facts(
        title="Reviews of own iOS apps: the App Store Connect API",
        keys="API key of the team (key_id, issuer_id, private key)",
        per_minute=60,  # 3,600 an hour (App Store Connect API, "Identifying Rate Limits")
        deletions=True,
        deletion_days=DAYS,
        replies=True,
        own=True,
        handles=(
            "A token is made for fifteen minutes, and anew in a run that takes longer.",
            "Apple does not move an edited review to the top: those of the last 30 days are read "
            "again at every run.",
            "A reply that waits to be published is not stored before it is.",
            "Times with the offset of California are turned into UTC.",
            "Of the link to the next page its cursor is used, never its host.",
            "A recent review that is no longer listed is asked for by id before it counts as "
            "deleted.",
            "A list that is empty all at once is an error, unless each recent review is confirmed "
            "to be gone.",
            "The requests that the hour has left are recorded.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        self.name, self.brand = name, brand
        given = Options(name, options, _OPTIONS)
        self._key_id, self._issuer_id = given.text("key_id"), given.text("issuer_id")
        if ("key_file" in options) == ("key" in options):
            raise ConfigurationError(f"source {name!r}: give 'key_file' or 'key', one of the two")
        self._key = given.text("key") if "key" in options else ""
        self._key_file = given.text("key_file") if "key_file" in options else ""
        self._apps = given.texts("apps")
        for app in self._apps:
            if not _APP.fullmatch(app):
                raise ConfigurationError(
                    f"source {name!r}: option 'apps': {app!r} is no Apple ID of an app; it is the "
                    "number in its App Store address"
                )
        if not self._apps:
            raise ConfigurationError(f"source {name!r}: option 'apps' is missing")
        self._url = given.address("url", ADDRESS)

    def asks(self) -> str:
        """Say which apps."""
        return "App Store Connect: reviews of " + ", ".join(f"app {app}" for app in self._apps)

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield every app's reviews from the newest back to what is known, and 30 days more.

        Raises:
            RetryLater: Apple cannot answer now.
            AccessDenied, ConfigurationError, SourceChanged: of one or more apps; the others were
                read.
        """
        api = AppStoreConnectApi(
            context.http,
            context.now,
            key_id=self._key_id,
            issuer_id=self._issuer_id,
            private_key=self._private_key(),
            url=self._url,
        )
        yield from walk(
            cursor, context, {app: partial(_reviews, api, app, context) for app in self._apps}
        )

    def _private_key(self) -> str:
        if not self._key_file:
            return self._key
        path = Path(self._key_file).expanduser()
        try:
            return path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "no text"
            raise ConfigurationError(
                f"source {self.name!r}: option 'key_file' cannot be read ({reason})", path=path
            ) from error


def _reviews(api: AppStoreConnectApi, app: str, context: Context, state: State) -> Iterator[Step]:
    """Read one app, then look for what is recent and was not listed any more."""
    recent = Recent(state.get("recent", {}), context.now())
    label = f"reviews of app {app}"
    stands = state.get("list", {})
    # Where an earlier run read a part, this one cannot say what was not listed.
    in_part, had_some = stands.get("after") is not None, stands.get("mark") is not None
    is_empty = True

    def fetch(after: str | None) -> Listing:
        listing = api.reviews(app, after)
        nothing = after is None and not listing.mentions and not listing.bad
        if nothing and had_some and not recent.due():
            raise SourceChanged(
                f"{label}: Apple gives none any more: check that the app is still in the account; "
                "where it has truly none, collect it once with --full"
            )
        return listing

    for step in newest_first(stands, fetch, label=label, overlap=LOOK_BACK):
        recent.saw(step.page.mentions)
        stands = step.state
        is_empty = is_empty and not step.page.mentions
        # A pass that was resumed and is at its end lets the next app have its turn.
        ended = stands["after"] is None
        yield Step(
            page=step.page,
            state={"list": stands, "recent": recent.state()},
            done=step.done or ended,
        )
    page = None if in_part else missing(recent, lambda name: api.review(name, app), label)
    if page is not None:
        if is_empty and not recent.state():
            # Each was confirmed to be gone: there are none, as if there had never been any.
            stands = {}
        yield Step(page=page, state={"list": stands, "recent": recent.state()}, done=True)
