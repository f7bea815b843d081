"""Google Play: the public reviews of apps with the developer's replies. Unofficial."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from collectors.http import Response
from collectors.newest_first import Listing, PlaceLost, newest_first
from collectors.options import Options
from collectors.payload import read_all
from collectors.places import State, Step, walk
from collectors.services.google.play import (
    PATH,
    RPC,
    SITE,
    Answer,
    answer_of,
    form_of,
    mention_of,
)
from collectors.source import Context, Cursor, Facts, Page
from simak.errors import ConfigurationError, RetryLater, SourceChanged

_APP = re.compile(r"[A-Za-z]\w*(\.[A-Za-z0-9_]+)+", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}([-_][A-Za-z0-9]{2,8})?")
_COUNTRY = re.compile(r"[A-Za-z]{2}")

RESCAN = timedelta(days=7)
"""So far behind what is known each run reads again: the newest are not complete when they are
listed, and a reply does not move its review to the top."""

RESTS = (5.0, 10.0)
"""Seconds to wait after a refusal that comes as an answer; after one more the run is left."""


class _TokenLost(PlaceLost):
    """A full page without what to ask the next one with; what it holds is good."""

    def __init__(self, message: str, page: Page) -> None:
        super().__init__(message)
        self.page = page


@dataclass(frozen=True, slots=True)
class _Corpus:
    """The reviews of an app that are listed for a language and a country."""

    app: str
    language: str
    country: str

    @property
    def label(self) -> str:
        return f"{self.app} ({self.language} of {self.country})"


class GooglePlaySource:
    """Reads the reviews of apps, newest first, in each language and country asked for.

    Options:
        apps: ids of apps, as in the address of their page (`id=...`).
        languages: in which reviews are asked for; "id" where not given.
        countries: the same of countries; "id" where not given.
        url: where Google Play is.

    Cursor: as `walk`, for each app, language and country as `newest_first`.

    Example:
        >>> GooglePlaySource(
        ...     name="play", brand="Kopi Senja", options={"apps": "id.kopisenja.app"}
        ... ).asks()
        'Google Play: reviews of id.kopisenja.app, in id of id'
    """

    source = "google_play"
    facts = Facts(
        title="Public reviews of apps with the developer's replies (unofficial)",
        per_minute=30,
        replies=True,
        own=True,
        opt_in=True,
        handles=(
            "Collects only where it is turned on: the service is not a documented one.",
            "Each app is asked for in every language and country; a review that comes in several "
            "is known by its id.",
            "The next page's token is read in both places where it is seen, answers in chunks and "
            "in one piece.",
            'No reviews ("[]" or null) is an error and not an end, and so is a full page without '
            "a token; what such a page holds is kept.",
            "A refusal that comes as an answer (PlayGatewayError) is waited for, and then left for "
            "the next run, which goes on at the same page.",
            "A token that is not known any more begins at the top again.",
            "An edited review has its old id and a new time, and comes at the top.",
            "The last seven days are read again, for reviews listed late and for replies.",
            "Pages that repeat themselves after some thousand reviews are the end, with a note.",
            "Reviews without version, reply or text, and replies older than their review.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        self.name, self.brand = name, brand
        given = Options(name, options, ("apps", "languages", "countries", "url"))
        self._apps = given.texts("apps")
        self._languages = given.texts("languages") or ["id"]
        self._countries = given.texts("countries") or ["id"]
        self._url = given.address("url", SITE)
        if not self._apps:
            raise ConfigurationError(f"source {name!r}: option 'apps' is missing")
        for key, values, form, what in (
            ("apps", self._apps, _APP, "what stands behind id= in the address of the app's page"),
            ("languages", self._languages, _LANGUAGE, 'a language\'s code, such as "id"'),
            ("countries", self._countries, _COUNTRY, 'two letters, such as "id"'),
        ):
            for value in values:
                if not form.fullmatch(value):
                    raise ConfigurationError(
                        f"source {name!r}: option {key!r}: {value!r} is not one of Google Play's; "
                        f"write {what}"
                    )

    def asks(self) -> str:
        """Say which apps, languages and countries."""
        apps, languages, countries = map(", ".join, (self._apps, self._languages, self._countries))
        return f"Google Play: reviews of {apps}, in {languages} of {countries}"

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield the reviews of every app, language and country, back to what is known.

        Raises:
            RetryLater: Google Play cannot answer now.
            AccessDenied, ConfigurationError, SourceChanged: of one or more; the others were read.
        """
        corpora = [
            _Corpus(app, language, country)
            for app in self._apps
            for language in self._languages
            for country in self._countries
        ]
        yield from walk(
            cursor,
            context,
            {corpus.label: partial(self._read, context, corpus) for corpus in corpora},
        )

    def _read(self, context: Context, corpus: _Corpus, state: State) -> Iterator[Step]:
        def fetch(token: str | None) -> Listing:
            try:
                listing = self._page(context, corpus, token)
            except SourceChanged as error:
                if token is None:
                    raise
                # An old token may not be known any more, which is not told apart.
                raise PlaceLost(str(error)) from error
            if token is None and not listing.mentions and state.get("mark") is not None:
                raise SourceChanged(f"{corpus.label} has no reviews, and had some before")
            return listing

        at = state
        try:
            for step in newest_first(
                state, fetch, label=corpus.label, overlap=RESCAN, repeats_end=True
            ):
                at = step.state
                yield step
        except SourceChanged as error:
            lost = error.__cause__
            if isinstance(lost, _TokenLost) and not context.probe:
                yield Step(page=lost.page, state=at)
            raise

    def _page(self, context: Context, corpus: _Corpus, token: str | None) -> Listing:
        answer = self._answer(context, corpus, token)
        mentions, bad = read_all(answer.reviews, partial(mention_of, app=corpus.app), corpus.label)
        if answer.is_cut:
            raise _TokenLost(
                f"{corpus.label}: a full page comes without the token for the next one, so that "
                "older reviews cannot be asked for: the next run tries again",
                Page(mentions=tuple(mentions), bad=tuple(bad)),
            )
        notes = () if token or mentions else (f"{corpus.label} has no reviews",)
        return Listing(mentions=mentions, bad=bad, after=answer.token, notes=notes)

    def _answer(self, context: Context, corpus: _Corpus, token: str | None) -> Answer:
        for rest in RESTS:
            response = self._ask(context, corpus, token)
            try:
                return answer_of(response, corpus.label)
            except RetryLater as error:
                context.http.wait(rest, why=str(error))
        return answer_of(self._ask(context, corpus, token), corpus.label)

    def _ask(self, context: Context, corpus: _Corpus, token: str | None) -> Response:
        return context.http.request(
            "POST",
            self._url + PATH,
            params={"rpcids": RPC, "hl": corpus.language, "gl": corpus.country},
            data=form_of(corpus.app, token),
        )
