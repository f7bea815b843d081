"""The widgets that choose a view. Each is set from the address and writes to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import i18n, labels
from dashboard.i18n import N_, _
from dashboard.queries import Queries
from dashboard.state import CUSTOM, PRESETS, State
from simak.near_duplicates import MIN_ACCOUNTS
from simak.taxonomy import INTERFACE_LANGUAGES
from store.rollups import Facets

_STATE, _QUERIES = "state", "queries"

_PERIODS = {
    "30": N_("Last 30 days"),
    "90": N_("Last 90 days"),
    "365": N_("Last 365 days"),
    "all": N_("All time"),
    CUSTOM: N_("Own dates"),
}

_LANGUAGE_NAMES = {"id": "Indonesia", "en": "English"}


def remember(state: State, queries: Queries) -> None:
    """Keep what the address said, for the widgets' callbacks."""
    st.session_state[_STATE] = state
    st.session_state[_QUERIES] = queries


def change(**changes: Any) -> None:
    """Move to the same view with some fields of its filter changed, at the start of its lists."""
    move(current().narrowed(**changes).but(after=None))


def choose(name: str, value: str | None) -> None:
    """Make a page's own choice, or take it back with None."""
    move(current().choosing(name, value))


def current() -> State:
    """Return the view as the last click has left it."""
    state: State = st.session_state[_STATE]
    return state


def move(state: State) -> None:
    """Move to another view."""
    # Kept at once: a second click may come before this run has read the address again.
    st.session_state[_STATE] = state
    st.query_params.from_dict(state.query())


def put(key: str, value: Any) -> str:
    """Set a widget from the address, and return its key."""
    st.session_state[key] = value
    return key


def language_switch(state: State) -> None:
    """Draw the switch between the interface's languages."""
    st.segmented_control(
        _("Language of this page"),
        INTERFACE_LANGUAGES,
        key=put("w_lang", state.lang),
        format_func=_LANGUAGE_NAMES.__getitem__,
        label_visibility="collapsed",
        required=True,
        on_change=lambda: move(current().but(lang=st.session_state["w_lang"] or state.lang)),
    )


def bar(
    state: State, facets: Facets, brands: Sequence[str], *, copied: bool, dated: bool
) -> DeltaGenerator:
    """Draw the filters that every page shares, and return their row.

    Args:
        copied: whether there are copied texts to leave out.
        dated: whether the reader chooses the days.
    """
    row = st.container(
        horizontal=True,
        horizontal_alignment="right",
        vertical_alignment="bottom",
        gap="small",
        key="filters",
        width="content",
    )
    with row:
        st.selectbox(
            _("Brand"),
            brands,
            key=put("w_brand", state.brand),
            on_change=_brand_changed,
            width=210,
            label_visibility="collapsed",
        )
        if dated:
            _period(state, facets)
        narrowing = (state.chosen.channels, state.chosen.languages, not state.chosen.copies)
        n = sum(map(bool, narrowing))
        label = _("Filters ({n})", n=i18n.number(n)) if n else _("Filters")
        with st.popover(label, icon=":material/tune:"):
            _narrowing(state, facets, copied=copied)
    return row


def _period(state: State, facets: Facets) -> None:
    st.selectbox(
        _("Period"),
        (*PRESETS, CUSTOM),
        key=put("w_period", state.period),
        format_func=lambda key: labels.name(_PERIODS, key),
        on_change=lambda: _period_changed(facets),
        width=180,
        label_visibility="collapsed",
    )
    if state.period == CUSTOM:
        _dates(state, facets)


def _narrowing(state: State, facets: Facets, *, copied: bool) -> None:
    for title, field, options, names in (
        (_("Channel"), "channels", facets.channels, labels.channel),
        (_("Text language"), "languages", facets.languages, labels.spoken),
    ):
        key, shown = f"w_{field}", list(getattr(state.chosen, field))
        st.multiselect(
            title,
            [*options, *(value for value in shown if value not in options)],
            key=put(key, shown),
            format_func=names,
            placeholder=_("All"),
            select_all=False,  # its words are English in every language
            on_change=_many_changed,
            args=(key, field),
        )
    if copied or not state.chosen.copies:
        st.toggle(
            _("Leave out copied texts"),
            key=put("w_copies", not state.chosen.copies),
            help=_(
                "Of a text that at least {n} accounts wrote, word for word or nearly, only "
                "the first is counted.",
                n=MIN_ACCOUNTS,
            ),
            on_change=lambda: change(copies=not st.session_state["w_copies"]),
        )


def _dates(state: State, facets: Facets) -> None:
    first = state.chosen.since or facets.first or date.today()
    until = state.chosen.until or max(facets.last or first, first)
    st.date_input(
        _("From and until"),
        key=put("w_dates", (first, until)),
        format="DD/MM/YYYY",
        on_change=_dates_changed,
        width=230,
        label_visibility="collapsed",
    )


def _brand_changed() -> None:
    brand, chosen = st.session_state["w_brand"], current().chosen
    there: Facets = st.session_state[_QUERIES].facets(brand)
    change(
        brands=(brand,),
        channels=tuple(c for c in chosen.channels if c in there.channels),
        languages=tuple(c for c in chosen.languages if c in there.languages),
    )


def _period_changed(facets: Facets) -> None:
    period, state = st.session_state["w_period"], current().but(after=None)
    if period != CUSTOM:
        move(state.but(period=period).narrowed(since=None, until=None))
        return
    shown = state.filter(facets.last)
    move(_between(state, shown.since or facets.first, shown.until or facets.last))


def _dates_changed() -> None:
    chosen = st.session_state["w_dates"]
    if len(chosen) == 2:  # one day alone: the other is still to be picked
        move(_between(current().but(after=None), *chosen))


def _between(state: State, since: date | None, until: date | None) -> State:
    return state.but(period=CUSTOM).narrowed(since=since, until=until)


def _many_changed(key: str, field: str) -> None:
    change(**{field: tuple(st.session_state[key])})
