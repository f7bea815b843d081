"""Walks what a page shows: every mark and every link, with how many mentions it says it opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyarrow as pa
from streamlit.testing.v1 import AppTest

from dashboard.reading import read, read_brand
from simak.taxonomy import Taxonomy
from store.engine import Store
from store.filter import Filter
from store.lists import count
from store.mentions import brand_names
from store.rollups import facets
from tests.dashboard.conftest import html


@dataclass(frozen=True)
class Door:
    """One mark or link that opens a list.

    Attributes:
        where: the page's part, for the message of a test.
        to: the parameters of the list's address.
        count: how many mentions it says it opens; None where it names no number.
    """

    where: str
    to: str
    count: int | None


def press(app: AppTest, label: str) -> AppTest:
    """Press the button with these words."""
    next(button for button in app.button if button.label == label).click()
    return app.run()


def doors(app: AppTest) -> list[Door]:
    """Return every mark and link of a page."""
    return [*_marks(app), *_links(app)]


def charts(app: AppTest) -> list[list[dict[str, Any]]]:
    """Return the rows of all data of each chart."""
    found = []
    for element in app.get("vega_lite_chart"):
        proto = element.proto
        sets = [one.data.data for one in proto.datasets] or [proto.data.data]
        rows: list[dict[str, Any]] = []
        for body in sets:
            rows += pa.ipc.open_stream(body).read_all().to_pylist()
        found.append(rows)
    return found


def _marks(app: AppTest) -> Iterator[Door]:
    for number, rows in enumerate(charts(app)):
        for row in rows:
            if row.get("to"):
                counted = row.get("count")
                yield Door(f"chart {number}", row["to"], None if counted is None else int(counted))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Door] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = dict(attributes)
        target = urlsplit(said.get("href") or "")
        if tag == "a" and target.path == "mentions" and not target.netloc:
            counted = said.get("data-count")
            self.found.append(Door("link", target.query, None if counted is None else int(counted)))


def _links(app: AppTest) -> list[Door]:
    parser = _Links()
    parser.feed(html(app))
    return parser.found


def listed(store: Store, taxonomy: Taxonomy, to: str) -> tuple[int, list[str]]:
    """Return how many mentions an address lists, and what it says that is not understood."""
    query = parse_qs(unescape(to))
    brands = brand_names(store)
    last = facets(store, (read_brand(query, brands) or "",)).last
    state, notes = read(
        query, lang="en", brands=brands, there=facets(store, ()), touchpoints=taxonomy.ids
    )
    return _count(store, state.list_filter(last)), notes


def _count(store: Store, filter: Filter) -> int:
    found = count(store, filter)
    assert not found.capped
    return found.n
