"""A filter as the parameters of a web address, which the dashboard reads and messages link to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from urllib.parse import quote, urlencode

from store.filter import Answered, CaseIs, Filter

MENTIONS = "mentions"
"""The page that lists mentions."""

Parameters = dict[str, str | list[str]]


def parameters(filter: Filter, when: Parameters) -> Parameters:
    """Return what an address says of a filter.

    Args:
        when: what it says of the days, which may be a preset; else of `days`.

    Example:
        >>> parameters(Filter(brands=("Senandika",), complaint=True), {"days": "90"})
        {'brand': ['Senandika'], 'days': '90', 'complaint': 'yes'}
    """
    found: Parameters = {key: values for key, values in _many(filter).items() if values}
    return found | when | {key: text for key, text in _one(filter).items() if text}


def days(filter: Filter) -> Parameters:
    """Return what an address says of a filter's days."""
    ends = (("since", filter.since), ("until", filter.until))
    return {key: day.isoformat() for key, day in ends if day}


def listing(filter: Filter) -> str:
    """Return the parameters of the list of exactly the mentions of a filter, in no language yet.

    Example:
        >>> listing(Filter(brands=("Senandika",), since=date(2026, 5, 1)))
        'brand=Senandika&since=2026-05-01'
    """
    when: Parameters = days(filter) if filter.dated else {"days": "all"}
    return urlencode(parameters(filter, when), doseq=True)


def _many(chosen: Filter) -> Mapping[str, list[str]]:
    return {
        "brand": list(chosen.brands),
        "channel": list(chosen.channels),
        "source": list(chosen.sources),
        "language": list(chosen.languages),
        "sentiment": list(chosen.sentiments),
        "touchpoint": list(chosen.touchpoints),
        "signal": list(chosen.signals),
        "with": [f"{quote(name)}:{value}" for name, value in chosen.facets],
    }


def _one(chosen: Filter) -> Mapping[str, str | None]:
    return {
        "copies": None if chosen.copies else "no",
        "complaint": _yes(chosen.complaint),
        "replied": _yes(chosen.replied),
        "rating": "yes" if chosen.has_rating else None,
        "polarity": chosen.polarity,
        "alone": "yes" if chosen.alone else None,
        "mark": ":".join(chosen.mark) if chosen.mark else None,
        "answered": _answered(chosen.answered) if chosen.answered else None,
        "case": _case(chosen.case) if chosen.case else None,
        "q": chosen.search,
        "same": chosen.text_hash,
        "copies_of": None if chosen.copy_group is None else str(chosen.copy_group),
    }


def _yes(value: bool | None) -> str | None:
    return None if value is None else "yes" if value else "no"


def _answered(answered: Answered) -> str:
    """Return the question and the scores as JSON, what is as usual left out."""
    return _unusual(answered, Answered(metric="", low=0, high=0, at_least=0, at_most=0))


def _case(case: CaseIs) -> str:
    """Return which cases as JSON, what any may be left out."""
    return _unusual(case, CaseIs())


def _unusual(one: Answered | CaseIs, usual: Answered | CaseIs) -> str:
    said = {
        name: list(value) if isinstance(value, tuple) else value
        for name in one.__slots__
        if (value := getattr(one, name)) != getattr(usual, name)
    }
    return json.dumps(
        said, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=date.isoformat
    )


NAMES = frozenset((*_many(Filter()), *_one(Filter())))
"""The parameters that a filter may have, but for its days."""
