"""Feeds as the App Store gives them, about an app that does not exist."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from collectors.sources.app_store import AppStoreSource
from tests.collectors.replay import Answer, as_json

APP = "1592550999"
ZONE = timezone(timedelta(hours=-7))
DEPTH = Answer(b"CustomerReviews RSS page depth is limited to 10", status=400)


def at(day: int, hour: int = 20, minute: int = 0) -> str:
    return datetime(2026, 5, day, hour, minute, tzinfo=ZONE).isoformat()


def label(value: Any) -> dict[str, Any]:
    return {"label": value}


def entry(
    id: str, text: str, *, title: str = "Ulasan", stars: int = 3, updated: str | None = None
) -> dict[str, Any]:
    return {
        "author": {
            "uri": label(f"https://itunes.apple.com/id/reviews/id{id}"),
            "name": label(f"Pelanggan {id}"),
            "label": "",
        },
        **({} if updated == "" else {"updated": label(updated or at(20))}),
        "im:rating": label(str(stars)),
        "im:version": label("4.2.0"),
        "id": label(id),
        "title": label(title),
        "content": {"label": text, "attributes": {"type": "text"}},
        "link": {
            "attributes": {"rel": "related", "href": "https://itunes.apple.com/id/review?id=1"}
        },
        "im:voteSum": label("3"),
        "im:contentType": {"attributes": {"term": "Application", "label": "Aplikasi"}},
        "im:voteCount": label("4"),
    }


def the_app() -> dict[str, Any]:
    """What older feeds begin with."""
    return {
        "im:name": label("Senandika: Pesan Kopi"),
        "rights": label("© PT Senandika Rasa"),
        "id": {"label": f"https://itunes.apple.com/id/app/id{APP}", "attributes": {"im:id": APP}},
        "title": label("Senandika: Pesan Kopi - PT Senandika Rasa"),
    }


def many(start: int, count: int = 50, *, day: int = 20) -> list[dict[str, Any]]:
    return [
        entry(str(7_000 + n), f"Ulasan nomor {n}", updated=at(day, 20 - n // 60, 59 - n % 60))
        for n in range(start, start + count)
    ]


def feed(entries: Any = None, *, last: int | None = None) -> dict[str, Any]:
    """A feed; without entries it has no `entry`, and without `last` no links."""
    inside = f"https://mzstoreservices-int-st.example/id/rss/customerreviews/id={APP}/json"
    links = [
        {"attributes": {"rel": "self", "href": inside}},
        {"attributes": {"rel": "next", "href": inside.replace("/id=", "/page=2/id=")}},
        {
            "attributes": {
                "rel": "last",
                "href": f"https://itunes.apple.com/id/rss/customerreviews/page={last}/id={APP}"
                "/sortby=mostrecent/xml?urlDesc=/customerreviews/json",
            }
        },
    ]
    return {
        "feed": {
            "author": {"name": label("iTunes Store")},
            **({} if entries is None else {"entry": entries}),
            "updated": label(at(31)),
            **({} if last is None else {"link": links}),
        }
    }


def answer(entries: Any = None, *, last: int | None = None) -> Answer:
    return as_json(feed(entries, last=last))


def route(page: int = 1, *, app: str = APP, country: str = "id") -> str:
    return f"GET /{country}/rss/customerreviews/page={page}/id={app}/sortby=mostrecent/json"


def store_of(url: str, **options: Any) -> AppStoreSource:
    return AppStoreSource(
        name="ios", brand="Senandika", options={"apps": APP, "url": url, **options}
    )
