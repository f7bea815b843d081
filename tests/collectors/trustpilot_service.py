"""Trustpilot's answers about fictional companies, for the tests of its source."""

from __future__ import annotations

from typing import Any

from collectors.sources.trustpilot import TrustpilotSource
from tests.collectors.replay import Answer, Asked, as_json

KEY = "kunci-trustpilot-rahasia-77"
UNIT, OTHER = "5f1a2b3c4d5e6f7a8b9c0d1e", "6a1b2c3d4e5f6a7b8c9d0e1f"
DOMAIN = "senandika.example"
FIND = "GET /v1/business-units/find"
REVIEWS = f"GET /v1/business-units/{UNIT}/reviews"
OTHERS = f"GET /v1/business-units/{OTHER}/reviews"


def review(id: str, text: str, at: str, *, stars: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "stars": stars,
        "title": text.partition(",")[0],
        "text": text,
        "language": "id",
        "createdAt": at,
        "updatedAt": None,
        "companyReply": None,
        "consumer": {"id": f"c-{id}", "displayName": f"Pelanggan {id}"},
        "isVerified": False,
        "status": "active",
        **more,
    }


def page(reviews: list[Any], following: int | None = None) -> dict[str, Any]:
    """A page; the address of the next is that of a host which is not to be asked."""
    links = [{"rel": "self", "href": "https://api.tp-staging.example/v1/x", "method": "GET"}]
    if following:
        href = f"https://api.tp-staging.example/v1/x?page={following}&apikey=…"
        links.append({"rel": "next-page", "href": href, "method": "GET"})
    return {"reviews": reviews, "links": links}


def by_id(reviews: dict[str, dict[str, Any]]) -> dict[str, Answer | Any]:
    """Routes of single reviews; those that are not known are gone."""

    def answer(asked: Asked) -> Answer:
        name = asked.path.rpartition("/")[2]
        return as_json(reviews[name]) if name in reviews else Answer(status=404)

    return {f"GET /v1/reviews/{id}": answer for id in reviews}


def trustpilot(at: str, **options: Any) -> TrustpilotSource:
    return TrustpilotSource(
        name="tp",
        brand="Senandika",
        options={"key": KEY, "url": at, **(options or {"business_units": [UNIT]})},
    )
