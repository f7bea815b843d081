"""Finds where what is derived is not what it is derived from, and derives it anew."""

from __future__ import annotations

from collections.abc import Callable

from simak.errors import StoreError
from store import copies, labels, rollups, search
from store.engine import Store

_SAID = 5
"""Lines of what SQLite finds that are passed on."""


def check_pages(store: Store) -> None:
    """Look whether SQLite can read every page of its file; PostgreSQL watches over its own.

    Raises:
        StoreError: it cannot; with what it found.
    """
    if not store.is_sqlite:
        return
    with store.read() as connection:
        found = connection.exec_driver_sql(f"PRAGMA quick_check({_SAID})").scalars().all()
    # A newer SQLite looks into the search index too, which can be made anew.
    found = [line for line in found if line != "ok" and "mention_search" not in line]
    if found:
        raise StoreError(
            f"the store {store.url} is damaged: restore it from a backup ({'; '.join(found)})"
        )


def differing(store: Store, *, renew: Callable[[], None] = lambda: None) -> dict[str, int]:
    """Return what is derived and not as it must be, each with the number of places.

    Args:
        renew: called now and then, to hold on to a lease.

    Returns:
        `label` (mentions whose labels are not what their tags and corrections say), each rollup
        by name, `mention_search` (1 where the index is not what the texts say), `copy`; those
        that differ alone.
    """
    found = {"label": labels.differing(store, renew=renew), **rollups.differing(store)}
    renew()
    found["mention_search"] = int(search.index_differs(store))
    renew()
    found["copy"] = copies.differing(store)
    return {name: places for name, places in found.items() if places}


def repair(store: Store, *, renew: Callable[[], None] = lambda: None) -> int:
    """Derive all of it anew: labels and rollups, the search index, groups of copies.

    Mentions, tags and corrections are read and never changed.

    Args:
        renew: called now and then, to hold on to a lease.

    Returns:
        How many mentions were labelled.
    """
    mentions = labels.rebuild(store, renew=renew)
    search.rebuild_index(store)
    renew()
    copies.find_copies_anew(store, renew=renew)
    return mentions
