"""The widgets that choose a view. Each is set from the address and writes to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboard import labels
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
    """Move to the same view with some fields changed, at the start of its lists."""
    changes.setdefault("after", None)
    state: State = st.session_state[_STATE].but(**changes)
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
        on_change=lambda: change(lang=st.session_state["w_lang"] or state.lang, after=state.after),
    )


def sidebar(state: State, facets: Facets, brands: Sequence[str], *, copied: bool) -> None:
    """Draw the filters that every page shares.

    Args:
        copied: whether there are copied texts to leave out.
    """
    with st.sidebar:
        st.selectbox(_("Brand"), brands, key=put("w_brand", state.brand), on_change=_brand_changed)
        st.selectbox(
            _("Period"),
            (*PRESETS, CUSTOM),
            key=put("w_period", state.period),
            format_func=lambda key: labels.name(_PERIODS, key),
            on_change=lambda: _period_changed(facets),
        )
        if state.period == CUSTOM:
            _dates(state, facets)
        for title, key, field, options, names in (
            (_("Channel"), "w_channels", "channels", facets.channels, labels.channel),
            (
                _("Text language"),
                "w_languages",
                "languages",
                facets.languages,
                labels.spoken,
            ),
        ):
            st.multiselect(
                title,
                options,
                key=put(key, list(getattr(state, field))),
                format_func=names,
                placeholder=_("All"),
                on_change=_many_changed,
                args=(key, field),
            )
        if copied or not state.copies:
            st.toggle(
                _("Leave out copied texts"),
                key=put("w_copies", not state.copies),
                help=_(
                    "Of a text that at least {n} accounts wrote, word for word or nearly, only "
                    "the first is counted.",
                    n=MIN_ACCOUNTS,
                ),
                on_change=lambda: change(copies=not st.session_state["w_copies"]),
            )


def _dates(state: State, facets: Facets) -> None:
    first = state.since or facets.first or date.today()
    until = state.until or max(facets.last or first, first)
    st.date_input(
        _("From and until"),
        key=put("w_dates", (first, until)),
        format="DD/MM/YYYY",
        on_change=_dates_changed,
    )


def _brand_changed() -> None:
    brand = st.session_state["w_brand"]
    state: State = st.session_state[_STATE]
    there: Facets = st.session_state[_QUERIES].facets(brand)
    change(
        brand=brand,
        channels=tuple(c for c in state.channels if c in there.channels),
        languages=tuple(c for c in state.languages if c in there.languages),
    )


def _period_changed(facets: Facets) -> None:
    period = st.session_state["w_period"]
    state: State = st.session_state[_STATE]
    if period != CUSTOM:
        change(period=period, since=None, until=None)
        return
    shown = state.filter(facets.last)
    change(period=CUSTOM, since=shown.since or facets.first, until=shown.until or facets.last)


def _dates_changed() -> None:
    chosen = st.session_state["w_dates"]
    if len(chosen) == 2:  # one day alone: the other is still to be picked
        change(period=CUSTOM, since=chosen[0], until=chosen[1])


def _many_changed(key: str, field: str) -> None:
    change(**{field: tuple(st.session_state[key])})
