"""What is most useful to correct next: texts the model is unsure of, said most often first.

A text that many mentions share stands there once, and no longer after a person has corrected one
of them. What a text is worth is in `wording.usefulness`, by `store.wordings`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, tuple_

from store import lists, selection
from store.engine import Store
from store.filter import Filter
from store.hits import kept
from store.lists import Count, MentionRow
from store.read import driver_rows
from store.selection import Position
from store.tables import USEFUL, label, wording

FEW_TEXTS = 10_000
"""So many texts are all held against the filter; of more, as many as it takes to fill a page."""

STEPS = 14
"""Down the order, a page of 21 texts takes 21 looks for each mention that is meant among all; from
the mentions, about 1.5 for each that is meant: the square of their number tells which is less."""

SOME_MENTIONS = 2_000
"""Where both are many, the texts of so many mentions are counted."""

LEFT_CAP = 1_000
"""They are counted no further than this."""


@dataclass(frozen=True, slots=True)
class Useful:
    """A page of the texts to correct.

    Attributes:
        left: how many texts there are to correct, on all pages.
        rows: the newest mention of each text that the filter means; `alike` says how many more
            say the same. `position` is hers in this order.
    """

    left: Count
    rows: list[MentionRow]


def useful(
    store: Store, filter: Filter, *, limit: int = 50, after: Position | None = None
) -> Useful:
    """Return what is most useful to correct among the mentions that `filter` selects.

    Args:
        limit: at most so many texts.
        after: the `position` of the last row of the page before; None starts at the top.
    """
    unsure = _unsure(store, filter)
    whole = filter == Filter(brands=filter.brands)
    few = None if whole else kept(store, ("useful", filter), lambda: _few(store, filter, unsure))
    if few is not None:
        left = Count(len(few))
        page = [row for row in few if after is None or (row[0], row[1]) < after][:limit]
    else:
        with store.read() as connection:
            left = (
                Count(connection.execute(lists.counted(unsure)).scalar_one())
                if whole
                else _counted_by_date(store, connection, filter)
            )
            found = _in_order(_down_the_order(store, filter, unsure), after).limit(limit)
            page = driver_rows(connection, found)
    places = {mention_id: (usefulness, id) for usefulness, id, mention_id in page}
    rows = {row.id: row for row in lists.get_mentions(store, list(places))}
    return Useful(left, [replace(rows[id], position=place) for id, place in places.items()])


def _few(
    store: Store, filter: Filter, unsure: Select[tuple[float, int]]
) -> list[tuple[float, int, int]] | None:
    """Return (usefulness, id, mention_id) of all texts to correct that the filter means, most
    useful first; None where there is too much to look at."""
    with store.read() as connection:
        texts = connection.execute(lists.counted(unsure.limit(FEW_TEXTS))).scalar_one()
    if texts < FEW_TEXTS:
        found = _down_the_order(store, filter, unsure)
    else:
        mentions = lists.count(store, filter)
        among = lists.count(store, Filter(brands=filter.brands))
        if mentions.capped or mentions.n**2 > STEPS * among.n:
            return None
        found = _from_the_mentions(store, filter)
    with store.read() as connection:
        return driver_rows(connection, _in_order(found, None))


def _in_order(
    texts: Select[tuple[float, int, int]], after: Position | None
) -> Select[tuple[float, int, int]]:
    """Select of some texts those that come after a place, in the order in which they are shown."""
    text = texts.subquery()
    shown = select(text).order_by(text.c.usefulness.desc(), text.c.id.desc())
    if after is None:
        return shown
    return shown.where(tuple_(text.c.usefulness, text.c.id) < tuple_(*after))


def _unsure(store: Store, filter: Filter) -> Select[tuple[float, int]]:
    """Select the texts to correct of the filter's brands, whatever else it says.

    Several brands are picked out of the order of all: their own would have to be sorted into one.
    """
    unsure = select(wording.c.usefulness, wording.c.id).where(USEFUL)
    if not filter.brands:
        return unsure
    owners = selection.brand_ids(store, filter)
    return unsure.where(
        wording.c.brand_id == owners[0]
        if len(owners) == 1
        else (wording.c.brand_id + 0).in_(owners)
    )


def _down_the_order(
    store: Store, filter: Filter, unsure: Select[tuple[float, int]]
) -> Select[tuple[float, int, int]]:
    """Select (usefulness, id, mention_id) of the texts, most useful first, a look at each.

    A page is full long before the end where the filter means much.
    """
    newest = (
        select(label.c.mention_id)
        .where(
            label.c.text_hash == wording.c.text_hash,
            label.c.brand_id == wording.c.brand_id,
            *selection.conditions(store, filter, label),
        )
        .order_by(label.c.sort_at.desc(), label.c.mention_id.desc())
        .limit(1)
        .correlate(wording)
        .scalar_subquery()
    )
    text = unsure.add_columns(newest.label("mention_id")).subquery()
    return select(text.c.usefulness, text.c.id, text.c.mention_id).where(
        text.c.mention_id.is_not(None)
    )


def _from_the_mentions(store: Store, filter: Filter) -> Select[tuple[float, int, int]]:
    """Select the same, beginning with the mentions that the filter means.

    An offset keeps PostgreSQL from looking up what they say while it finds them, which an index
    alone can tell.
    """
    mentions = selection.rows(store, filter).offset(0)
    place = func.row_number().over(
        partition_by=wording.c.id, order_by=(label.c.sort_at.desc(), label.c.mention_id.desc())
    )
    text = _texts_of(mentions, label.c.mention_id, place.label("place")).subquery()
    return select(text.c.usefulness, text.c.id, text.c.mention_id).where(text.c.place == 1)


def _counted_by_date(store: Store, connection: Connection, filter: Filter) -> Count:
    """Count the texts of some mentions: mostly more than anyone will correct."""
    some = _texts_of(selection.rows(store, filter)).limit(SOME_MENTIONS).subquery()
    mentions, texts = connection.execute(
        select(func.count(), func.count(some.c.id.distinct())).select_from(some)
    ).one()
    return Count(min(texts, LEFT_CAP), True) if mentions == SOME_MENTIONS else Count(texts)


def _texts_of(rows: Select[Any], *more: ColumnElement[int]) -> Select[tuple[float, int]]:
    """Select (usefulness, id, …) of the text to correct of each of some mentions."""
    mentions = rows.subquery()
    return (
        select(wording.c.usefulness, wording.c.id, *more)
        .select_from(mentions)
        .join(label, label.c.mention_id == mentions.c.mention_id)
        .join(
            wording,
            (wording.c.text_hash == label.c.text_hash) & (wording.c.brand_id == label.c.brand_id),
        )
        # Looked up by their text: a sum with 0 keeps the order by usefulness out.
        .where(wording.c.usefulness + 0 > 0)
    )
