"""Everything a page asks of the store and the insights, cached until the store changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from simak.access import Access
from simak.errors import NotAllowed
from simak.settings import Settings
from store import members, mentions, rollups
from store.engine import Store, file_of, open_store
from store.filter import Filter
from store.restricted import restrict
from store.rollups import Facets

KEPT = 1_000
"""Answers at most."""

Key = tuple[str, str, str]
P = ParamSpec("P")
T = TypeVar("T")


def store_at(url: str, zone: str) -> Store:
    """Open a store once per process, and again where another file has taken its place.

    Who removes the file, or puts a backup there, would otherwise be shown what is no more, and
    what a reader corrects would be lost with it.

    Raises:
        ConfigurationError, StoreError: as `open_store`; nothing is cached then.
    """
    return _opened(url, zone, file_of(url))


def store_of(settings: Settings, email: str | None) -> Store:
    """Open the store as somebody may see it.

    Args:
        email: of a member who has logged in; None where nobody has to.

    Raises:
        ConfigurationError, StoreError: as `open_store`.
        NotAllowed: they have no role.
    """
    owners = store_at(settings.store_url, settings.timezone)
    if email is None:
        return owners
    access = members.access_of(owners, email)
    if not access.is_member:
        raise NotAllowed(f"{access.who} has no role")
    url, zone = settings.store_url, settings.timezone
    return replace(_restricted(url, zone, file_of(url), access.scope, access), access=access)


@st.cache_resource(show_spinner=False, max_entries=4)
def _opened(url: str, zone: str, file: tuple[int, int] | None) -> Store:
    return open_store(url, zone=zone)


@st.cache_resource(show_spinner=False, max_entries=32, on_release=Store.close)
def _restricted(
    url: str, zone: str, file: tuple[int, int] | None, scope: str, _access: Access
) -> Store:
    return restrict(_opened(url, zone, file), _access)


@dataclass(frozen=True)
class Queries:
    """The questions of one run of the script, all of them about one state of the store.

    Attributes:
        store: the open store.
        key: the store's address, what whoever asks may see of it, and its state: where anybody
            has written, all is asked anew.
    """

    store: Store
    key: Key

    @classmethod
    def of(cls, store: Store) -> Queries:
        """Look at the store as it is now."""
        return cls(store, (store.url, store.access.scope, store.state()))

    def ask(
        self, question: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return `question(store, *args, **kwargs)`, from the cache where it was asked before.

        Args:
            question: an insight or a query of the store; what it returns can be pickled, and
                its arguments are told apart by how they are written (`repr`).
        """
        name = f"{question.__module__}.{question.__qualname__}"
        asked = repr((args, sorted(kwargs.items())))
        answer: T = _answer(name, self.key, asked, question, self.store, args, kwargs)
        return answer

    def brands(self) -> list[str]:
        """Return every brand, most mentions first."""
        return self.ask(_brands)

    def facets(self, brand: str | None) -> Facets:
        """Return what there is to filter by."""
        return self.ask(rollups.facets, (brand,) if brand else ())


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _answer(
    name: str,
    key: Key,
    asked: str,
    _question: Callable[..., Any],
    _store: Store,
    _args: tuple[Any, ...],
    _kwargs: Mapping[str, Any],
) -> Any:
    return _question(_store, *_args, **_kwargs)


def _brands(store: Store) -> list[str]:
    volumes = {cell["brand"]: cell["n"] for cell in rollups.counts(store, Filter(), by=("brand",))}
    return sorted(mentions.brand_names(store), key=lambda name: (-volumes.get(name, 0), name))
