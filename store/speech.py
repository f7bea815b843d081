"""What a mention says, all labels together: one row of `profile` for each combination."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from store.engine import Store
from store.filter import Filter
from store.tables import profile

Spoken = tuple[str, str, str, bool]
"""Touchpoints, signals, sentiment and complaint, as a row of `profile` holds them."""


@dataclass(frozen=True, slots=True)
class Profile:
    """All that a reader sees of a mention.

    Attributes:
        touchpoints: touchpoint to polarity; `UNPLACED` of a complaint that speaks badly of none.
        signals: in the order of `simak.tags.SIGNALS`.
    """

    sentiment: str
    complaint: bool
    touchpoints: Mapping[str, str]
    signals: tuple[str, ...]


def profiles(store: Store, ids: Iterable[int] | None = None) -> dict[int, Profile]:
    """Return what profiles say, all of them or those with these ids.

    A row of `profile` never changes and is never deleted: what was read once is kept by the store.
    """
    known: dict[int, Profile] = store.profiles
    wanted = None if ids is None else set(ids)
    if wanted is None or not wanted <= known.keys():
        with store.read() as connection:
            for row in connection.execute(select(profile)):
                if row.id not in known:
                    known[row.id] = Profile(
                        row.sentiment,
                        row.complaint,
                        dict(entry.split(":") for entry in row.touchpoints.split()),
                        tuple(row.signals.split()),
                    )
    return dict(known) if wanted is None else {id: known[id] for id in sorted(wanted)}


def spoken(
    sentiment: str, complaint: bool, touchpoints: Mapping[str, str], signals: Sequence[str]
) -> Spoken:
    """Return the row of `profile` that holds what a mention says.

    Example:
        >>> spoken("negative", True, {"price": "neutral", "delivery": "negative"}, ["anxiety"])
        (' delivery:negative price:neutral ', ' anxiety ', 'negative', True)
    """
    placed = sorted(f"{name}:{polarity}" for name, polarity in touchpoints.items())
    return _spaced(placed), _spaced(sorted(signals)), sentiment, complaint


def profile_ids(connection: Connection, wanted: Iterable[Spoken]) -> dict[Spoken, int]:
    """Return the ids of profiles, made where they are new, in the caller's transaction."""
    names = ("touchpoints", "signals", "sentiment", "complaint")
    missing = set(wanted)
    found: dict[Spoken, int] = {}
    while missing:
        found |= known_profiles(connection, missing)
        missing -= found.keys()
        if missing:
            dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
            # One order everywhere: no deadlock.
            rows = [dict(zip(names, one, strict=True)) for one in sorted(missing)]
            connection.execute(dialect.insert(profile).on_conflict_do_nothing(), rows)
    return found


def known_profiles(connection: Connection, wanted: Iterable[Spoken]) -> dict[Spoken, int]:
    """Return the ids of those profiles that there are."""
    wanted = set(wanted)
    touchpoints = {one[0] for one in wanted}
    rows = connection.execute(select(profile).where(profile.c.touchpoints.in_(touchpoints)))
    found = {(row.touchpoints, row.signals, row.sentiment, row.complaint): row.id for row in rows}
    return {one: id for one, id in found.items() if one in wanted}


def asks_profile(filter: Filter) -> bool:
    """Whether a filter asks for what only profiles can tell together."""
    return bool(
        filter.signals
        or filter.alone
        or len(filter.touchpoints) > 1
        or (filter.touchpoints and (filter.sentiments or filter.has_rating))
    )


def speaks(filter: Filter, column: ColumnElement[int]) -> list[ColumnElement[bool]]:
    """Return the conditions on a profile id that a filter's labels set; none without any."""
    asked: list[ColumnElement[bool]] = []
    if filter.touchpoints:
        polarity = f"{filter.polarity} " if filter.polarity else ""
        asked.append(
            or_(
                *(
                    profile.c.touchpoints.contains(f" {name}:{polarity}", autoescape=True)
                    for name in filter.touchpoints
                )
            )
        )
    if filter.alone:
        others: ColumnElement[str] = profile.c.touchpoints
        for name in filter.touchpoints:
            others = func.replace(others, f" {name}:{filter.polarity} ", " ")
        asked.append(~others.contains(f":{filter.polarity} ", autoescape=True))
    if filter.signals:
        asked.append(
            or_(
                *(
                    profile.c.signals.contains(f" {name} ", autoescape=True)
                    for name in filter.signals
                )
            )
        )
    if filter.sentiments:
        asked.append(profile.c.sentiment.in_(filter.sentiments))
    if filter.complaint is not None:
        asked.append(profile.c.complaint == filter.complaint)
    return [column.in_(select(profile.c.id).where(*asked))] if asked else []


def _spaced(names: Sequence[str]) -> str:
    return f" {' '.join(names)} " if names else ""
