"""What happens when something is pressed in the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard import reader
from dashboard.parts import cards, filters
from dashboard.parts.mentions import bulk, changes, done, like
from dashboard.parts.mentions.changes import MOST, Change, Done
from dashboard.parts.shell import View
from store import corrections
from store.lists import get_mentions, list_ids

OPEN = "open"
"""The choice in the address: the mention whose details are shown."""

_TURN, _ALIKE = "desk_turn", "mentions_alike"


def opened(view: View) -> int | None:
    """Return the mention whose details the address asks for."""
    said = view.state.choice(OPEN) or ""
    return int(said) if said.isdecimal() and len(said) < 10 else None


def asked_alike(id: int) -> bool:
    """Whether the reader wants to see what is like this mention."""
    return bool(st.session_state.get(_ALIKE) == id)


def turn() -> int:
    """Return a number that is new after everything pressed."""
    found: int = st.session_state.get(_TURN, 0)
    return found


def follow(view: View, did: Mapping[str, Any], every: int) -> None:
    """Do what was pressed.

    Args:
        did: as the browser reports it.
        every: how many mentions `all` means; 0 where it means none.
    """
    st.session_state[_TURN] = turn() + 1
    what = str(did.get("do"))
    id = did.get("id")
    id = id if isinstance(id, int) and not isinstance(id, bool) else None
    plain: Mapping[str, Callable[[], None]] = {
        "undo": lambda: _undo(view),
        "same": lambda: _same(view),
        "close": lambda: filters.choose(OPEN, None),
    }
    of_one: Mapping[str, Callable[[int], None]] = {
        "open": lambda id: filters.choose(OPEN, str(id)),
        "like": _like,
        "withdraw": lambda id: _withdraw(view, id),
    }
    reading = ("open", "close", "like")
    if what not in reading and not view.may("analyst"):
        return  # the browser of a reader who may not has no button for it
    if what in plain:
        plain[what]()
    elif what in of_one and id is not None:
        of_one[what](id)
    elif what in ("change", "case"):
        _change(view, did, every)


def _change(view: View, did: Mapping[str, Any], every: int) -> None:
    change: Change
    if did["do"] == "case":
        fields = did.get("fields")
        case = changes.read_case(
            fields if isinstance(fields, dict) else {}, whole=not did.get("bulk")
        )
        if case is None:
            return
        change = Change(case=case)
    else:
        tags = changes.read_tags(did, view.taxonomy)
        if tags is None:
            return
        change = Change(tags=tags)
    said = did.get("ids")
    if said == "all":
        if every:
            filter = view.state.list_filter(view.facets.last)
            bulk.ask(change, list_ids(view.store, filter, limit=every))
        return
    ids = [id for id in said if isinstance(id, int)] if isinstance(said, list) else []
    _on(view, change, ids[:MOST])


def _on(view: View, change: Change, ids: Sequence[int]) -> None:
    """Change some mentions: at once where they are few, after asking where they are many."""
    if len(ids) > bulk.ASK_ABOVE:
        bulk.ask(change, ids)
        return
    if not ids:
        return
    if len(ids) == 1 and change.tags is not None:
        for row in get_mentions(view.store, ids):
            like.remember(view.store, row)
    by, at = reader.name(), changes.now()
    n = change.apply(view.store, ids, by=by, at=at)
    done.keep(Done(change, n, by, at, only=ids[0] if len(ids) == 1 else None))


def _undo(view: View) -> None:
    last = done.last()
    if last is None or not last.can_be_undone:
        return
    if last.n > bulk.ASK_ABOVE:
        bulk.take_back(last)
        return
    done.keep(replace(last, n=last.undo(view.store), taken_back=True))


def _same(view: View) -> None:
    """Make the last change to all that say the very same."""
    last = done.last()
    if last is None or last.only is None:
        return
    for row in get_mentions(view.store, [last.only]):
        ids = list_ids(view.store, cards.same(row), limit=MOST)
        _on(view, last.change, [id for id in ids if id != row.id])


def _like(id: int) -> None:
    st.session_state[_ALIKE] = id
    filters.choose(OPEN, str(id))


def _withdraw(view: View, id: int) -> None:
    corrections.withdraw(view.store, id, by=reader.name(), now=changes.now())
