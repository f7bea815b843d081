"""The Play Console: an app's own reviews, from its API and from its monthly CSV exports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from collectors.newest_first import Listing, newest_first
from collectors.options import Options
from collectors.places import State, Step, walk
from collectors.services.google.play_console import ADDRESS, PlayConsoleApi, read_key
from collectors.services.google.play_exports import Exports
from collectors.source import Context, Cursor, Facts, Page
from simak.errors import ConfigurationError

WINDOW = timedelta(days=7)
"""What the API gives: reviews written or changed in the last week."""

_PACKAGE = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)+")
_OPTIONS = ("packages", "key_file", "key", "exports", "url", "token_uri")


class GooglePlayConsoleSource:
    """Reads what the Play Console knows of an app's reviews.

    The API gives the last week and no stars without a text; the exports give all months. Where
    both are read, what the API gave in a run is taken from it, and the rest from the exports.

    Options:
        packages: names of apps, such as `id.senandika.app`. Without a key they say which files of
            a folder are read.
        key_file: path of the JSON key of a service account with the right "Reply to reviews";
            or `key`, the same as text.
        exports: files `reviews_PACKAGE_YYYYMM.csv`, or folders of them.
        url, token_uri: where the API is, and where it gives tokens.

    Cursor: as `walk`; of an app `list`, where its listing stands, and `read`, when it was last
    read to its end; of the exports `files`, a hash of each that was read, and `at`, the rows read
    of one.

    Example:
        >>> GooglePlayConsoleSource(
        ...     name="play", brand="Senandika", options={"exports": "unduhan"}
        ... ).asks()
        'Play Console: exports in unduhan'
    """

    source = "google_play_console"
    facts = Facts(
        title="Reviews of own Android apps: the Play Console's API and its CSV exports",
        keys='service account with the right "Reply to reviews" (JSON key); none for exports',
        per_minute=3,  # 200 an hour (developers.google.com/android-publisher/reply-to-reviews)
        replies=True,
        gaps=True,
        own=True,
        handles=(
            "The API gives one week only: longer between two runs is a gap, and the exports fill "
            "it.",
            "The whole week is read at every run, so that edits and late replies are seen.",
            "An answer without a list is one without reviews, and the run says so.",
            "Headline and text are told apart by the tab between them.",
            "The id of an export's row is taken out of its Review Link; stars without a text have "
            "no link and get an id of their submission, which stays.",
            "Exports are UTF-16, and their cells hold line breaks.",
            "Exports are read again when their content changes, for Google builds them anew daily.",
            "Of a review that is in several months, the latest row counts.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        self.name, self.brand = name, brand
        given = Options(name, options, _OPTIONS)
        self._packages = given.texts("packages")
        for package in self._packages:
            if not _PACKAGE.fullmatch(package):
                raise ConfigurationError(
                    f"source {name!r}: option 'packages': {package!r} is no name of an app; write "
                    "it as in the app's address, such as id.senandika.app"
                )
        self._key_file = (
            Path(given.text("key_file")).expanduser() if "key_file" in options else None
        )
        self._key = given.text("key") if "key" in options else ""
        if self._key_file is not None and self._key:
            raise ConfigurationError(f"source {name!r}: give 'key_file' or 'key', not both")
        exports = [Path(path).expanduser() for path in given.texts("exports")]
        self._exports = Exports(exports, self._packages, brand) if exports else None
        self._labels = [f"reviews of {package}" for package in self._packages if self._has_key]
        if self._has_key and not self._packages:
            raise ConfigurationError(f"source {name!r}: option 'packages' is missing")
        if not self._labels and not exports:
            raise ConfigurationError(
                f"source {name!r}: give 'packages' with 'key_file', or 'exports', or both"
            )
        self._asks = [*self._labels, *(f"exports in {path}" for path in given.texts("exports"))]
        self._url, self._token_uri = given.address("url", ADDRESS), given.addresses("token_uri")

    @property
    def _has_key(self) -> bool:
        return bool(self._key_file or self._key)

    def asks(self) -> str:
        """Say which apps and exports."""
        return "Play Console: " + ", ".join(self._asks)

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield the last week of every app, then the exports that have changed.

        Raises:
            RetryLater: Google cannot answer now.
            AccessDenied, ConfigurationError, SourceChanged: of one or more apps or exports; the
                others were read.
        """
        places: dict[str, Callable[[State], Iterator[Step]]] = {}
        known: dict[str, float] = {}
        if self._has_key:
            api = PlayConsoleApi(
                context.http,
                name=self.name,
                key=read_key(self.name, path=self._key_file, text=self._key),
                url=self._url,
                token_uri=self._token_uri[0] if self._token_uri else None,
            )
            for package in self._packages:
                known |= cursor.get("places", {}).get(package, {}).get("times", {})
                places[package] = partial(_week, api, package, context, known)
        if self._exports is not None:
            places["exports"] = partial(self._exports.read, known=known)
        yield from walk(cursor, context, places)


_REMEMBERED = 1_000
"""Reviews of an app whose time is kept: an export that comes later may hold an older text."""


def _week(
    api: PlayConsoleApi, package: str, context: Context, known: dict[str, float], state: State
) -> Iterator[Step]:
    """Read all that the API gives of an app, and say whether the week was longer than that."""
    now, read = context.now(), state.get("read")
    times: dict[str, float] = dict(state.get("times", {}))
    missed = _gap(package, now.timestamp() - read if read is not None else 0)

    def fetch(after: str | None) -> Listing:
        listing = api.reviews(package, after)
        if not listing.mentions and not listing.bad and after is None:
            return replace(listing, notes=(_nothing(package, state, now),))
        given = {
            raw.external_id: raw.published_at.timestamp()
            for raw in listing.mentions
            if raw.published_at
        }
        known.update(given)
        times.update(given)
        for id in sorted(times, key=times.__getitem__)[:-_REMEMBERED]:
            del times[id]
        return listing

    steps = newest_first(
        state.get("list", {}), fetch, label=f"reviews of {package}", overlap=2 * WINDOW
    )
    for step in steps:
        # A pass that was resumed and is at its end lets the next app have its turn.
        ended = step.state["after"] is None
        read = now.timestamp() if step.done else read
        yield Step(
            page=replace(step.page, missed=step.page.missed + missed),
            state={"list": step.state, "read": read, "times": dict(times)},
            done=step.done or ended,
        )
        missed = ()


def _nothing(package: str, state: State, now: datetime) -> str:
    mark = state.get("list", {}).get("mark")
    if mark is not None and now.timestamp() - mark < WINDOW.total_seconds():
        return (
            f"Google gives no review of {package} any more, though one that it gave is not a week "
            "old: check in the Play Console whether reviews are lost"
        )
    return f"Google has no review of {package} with a text from the last week"


def _gap(package: str, seconds: float) -> tuple[str, ...]:
    if seconds <= WINDOW.total_seconds():
        return ()
    return (
        f"reviews of {package}: the last run was {seconds / 86_400:.0f} days ago and Google gives "
        "one week, so that some in between may be lost: import the CSV exports of those months",
    )
