"""Hacker News' search, and its items one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from collectors.http import HttpClient, Response, shown
from collectors.newest_first import Listing
from collectors.payload import json_of, list_in, number_in, object_of, read_all, text_in
from collectors.services.hacker_news.items import mention_of, mention_of_item
from simak.errors import ConfigurationError, SourceChanged
from simak.mention import RawMention

ADDRESS = "https://hn.algolia.com"

HITS = 1_000
"""Hits of a search that can be had; older ones take a search that ends before."""


class HackerNewsApi:
    """Asks Hacker News' search.

    Example:
        >>> api = HackerNewsApi(HttpClient(), ADDRESS)  # doctest: +SKIP
        >>> api.search("senandika", None, None).mentions[0].text  # doctest: +SKIP
        'Senandika ships beans with a note of thanks'
    """

    def __init__(self, http: HttpClient, url: str) -> None:
        self._http, self._url = http, url

    def search(self, query: str, floor: int | None, after: str | None) -> Listing:
        """Return the newest stories and comments that a search finds.

        Args:
            floor: only those later than this second.
            after: where the hits before these ended, as their `Listing` said.

        Raises:
            ConfigurationError: the search is refused.
            RetryLater, SourceChanged: as `HttpClient.get`, or no hits come and none is said.
        """
        cut = Cut.read(after) if after is not None else None
        bounds = [f"created_at_i>{floor}"] if floor is not None else []
        bounds += [f"created_at_i<={cut.second}"] if cut is not None else []
        response = self._http.request(
            "GET",
            f"{self._url}/api/v1/search_by_date",
            params={
                "query": query,
                "tags": "(story,comment)",
                "hitsPerPage": HITS,
                **({"numericFilters": ",".join(bounds)} if bounds else {}),
            },
            follow_redirects=True,
            also=(400,),
        )
        return listing_of(_answer(response), cut, f"posts found by {query!r}")

    def item(self, id: str) -> RawMention | None:
        """Return a story or comment; None where it is not known, deleted or not.

        Raises:
            BadRecord: it cannot be read.
            RetryLater, SourceChanged: as `HttpClient.get`.
        """
        response = self._http.request(
            "GET", f"{self._url}/api/v1/items/{id}", follow_redirects=True, also=(404,)
        )
        if response.status == 404:
            return None
        return mention_of_item(json_of(response), id)


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a search is cut: hits of `second` and older come next, but for `ids`, which came.

    Example:
        >>> str(Cut.read("1780272000:7,8"))
        '1780272000:7,8'
    """

    second: int
    ids: frozenset[str]

    @classmethod
    def read(cls, text: str) -> Cut:
        """Return what `str` wrote."""
        second, _, ids = text.partition(":")
        return cls(int(second), frozenset(ids.split(",")) - {""})

    def __str__(self) -> str:
        return f"{self.second}:{','.join(sorted(self.ids))}"


def listing_of(answer: Mapping[str, Any], cut: Cut | None, label: str) -> Listing:
    """Return what is in an answer of the search.

    Args:
        cut: where the search was cut.
        label: names the search in errors.

    Raises:
        SourceChanged: there is no list of hits, or not one can be read.

    Example:
        >>> listing_of({"hits": [], "nbHits": 0}, None, "posts found by 'kopi'").after is None
        True
    """
    hits = list_in(answer, "hits", "Hacker News' answer")
    total = number_in(answer, "nbHits")
    if not hits and total:
        raise SourceChanged(f"{label}: Hacker News counts {total:.0f} hits and gives none")
    mentions, bad = read_all(hits, mention_of, f"Hacker News' answer ({label})")
    has_more = len(hits) >= HITS or (total is not None and total > len(hits))
    after, lost = _next(hits, cut, label) if has_more else (None, ())
    known = cut.ids if cut is not None else frozenset()
    return Listing(
        mentions=[raw for raw in mentions if raw.external_id not in known],
        bad=bad,
        after=after,
        notes=lost,
    )


def _next(hits: list[Any], cut: Cut | None, label: str) -> tuple[str | None, tuple[str, ...]]:
    """Where the hits after these begin, and what is lost on the way."""
    times = [int(at) for hit in hits if (at := number_in(hit, "created_at_i")) is not None]
    if not times:
        raise SourceChanged(f"{label}: Hacker News' hits have no time, so that no more can be had")
    second = min(times)
    ids = frozenset(
        text_in(hit, "objectID") for hit in hits if number_in(hit, "created_at_i") == second
    )
    if cut is None or cut.second != second:
        return str(Cut(second, ids)), ()
    if max(times) > second or not ids <= cut.ids:
        return str(Cut(second, ids | cut.ids)), ()
    # Nothing but what came already: the count was a guess, or the second holds more than is shown.
    if len(hits) < HITS:
        return None, ()
    lost = f"{label}: more than {HITS} hits of one second, of which some are lost"
    return str(Cut(second - 1, frozenset())), (lost,)


def _answer(response: Response) -> Mapping[str, Any]:
    answer = object_of(response)
    if response.status == 400:
        raise ConfigurationError(
            f"{shown(response.url)} refuses the search (400): "
            f"{text_in(answer, 'message')[:300] or 'it does not say why'}"
        )
    if "hits" not in answer and (message := text_in(answer, "message")):
        raise SourceChanged(f"{shown(response.url)} answers {message[:300]!r} instead of hits")
    return answer
