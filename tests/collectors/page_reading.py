"""Reads a source without a store: its pages as it yields them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from collectors.http import HttpClient
from collectors.runner import make_context
from collectors.source import Page, Source
from simak.mention import RawMention
from tests.collectors.conformance import clock


def pages_of(
    source: Source, cursor: Mapping[str, Any] | None = None, *, probe: bool = False
) -> Iterator[Page]:
    with HttpClient(now=clock) as http:
        context = replace(make_context(source.name, http=http, now=clock), probe=probe)
        yield from source.collect(cursor or {}, context)


def by_id(pages: Iterable[Page]) -> dict[str, RawMention]:
    """The last state of each mention, by the end of its id."""
    return {raw.external_id.rpartition("/")[2]: raw for page in pages for raw in page.mentions}


def total(pages: Iterable[Page], what: str) -> dict[str, int]:
    """The counts of all pages together."""
    counts: dict[str, int] = {}
    for page in pages:
        for reason, count in getattr(page, what).items():
            counts[reason] = counts.get(reason, 0) + count
    return counts


def pages_with(source: Source, http: Any) -> list[Page]:
    """All pages of a source that asks this object instead of the network."""
    return list(source.collect({}, make_context(source.name, http=http, now=clock)))
