"""Trustpilot's API, with an API key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from collectors.http import HttpClient, Response, looks_like, shown
from collectors.payload import id_in, object_of
from simak.errors import AccessDenied, BadRecord, ConfigurationError, SourceChanged

PAGE = 100
"""Reviews Trustpilot gives at most per page."""

_NO_PAGE = frozenset({400, 404})
"""What a page behind the last one, or too deep, may be answered with."""

_GONE = (404, 410)
_CLOSED = (
    "Trustpilot's web pages are closed to programs: give the address of its API as 'url' "
    "and a key, or import its CSV export with `simak import`"
)


class TrustpilotApi:
    """Asks for companies and their reviews.

    Args:
        http: every request goes through it.
        url: where the API is.

    Example:
        >>> api = TrustpilotApi(HttpClient(), key="…", url="…")  # doctest: +SKIP
        >>> api.find("kopisenja.example")  # doctest: +SKIP
        '5f1a2b3c4d5e6f7a8b9c0d1e'
    """

    def __init__(self, http: HttpClient, *, key: str, url: str) -> None:
        self._http, self._key, self._url = http, key, url

    def find(self, domain: str) -> str:
        """Return the id of the company with this domain.

        Raises:
            ConfigurationError: there is none.
            AccessDenied, RetryLater, SourceChanged: as `simak.errors` says.
        """
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

    def reviews(self, unit: str, page: int, language: str | None) -> Mapping[str, Any] | None:
        """Return a page of a company's reviews, the newest first; None where there is none left.

        Raises:
            SimakError: as `find`.
        """
        response = self._get(
            f"/v1/business-units/{quote(unit, safe='')}/reviews",
            {
                "orderBy": "createdat.desc",
                "perPage": PAGE,
                "page": page,
                "includeReportedReviews": "true",
                **({"language": language} if language else {}),
            },
            also=_NO_PAGE if page > 1 else (),
        )
        return None if response.status in _NO_PAGE else object_of(response)

    def review(self, id: str) -> Mapping[str, Any] | None:
        """Return a review, None where it is gone.

        Raises:
            SimakError: as `find`.
        """
        response = self._get(f"/v1/reviews/{quote(id, safe='')}", {}, also=_GONE)
        return None if response.status in _GONE else object_of(response)

    def _get(self, path: str, params: Mapping[str, Any], *, also: Iterable[int]) -> Response:
        response = self._http.request(
            "GET",
            self._url + path,
            params=params,
            # A key belongs here: an address is logged, a header is not.
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
            raise SourceChanged(f"{place} leads elsewhere ({response.status}): check 'url'")
        if is_web_page:
            raise SourceChanged(f"{place} answers with a web page: {_CLOSED}")
        return response


def has_next(answer: Mapping[str, Any]) -> bool:
    """Say whether a page names a next one; its address is not used, it may be another host's."""
    links = answer.get("links")
    return isinstance(links, list) and any(
        isinstance(link, Mapping) and link.get("rel") == "next-page" for link in links
    )
