"""What the page lets choose: complaints or praise, whose touchpoint, and one theme to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard import labels
from dashboard.i18n import N_, _
from dashboard.parts import filters
from dashboard.parts.shell import View
from store.filter import Filter
from store.themes import Polarity, Theme

ALL = "all"

_SAID: dict[str, Polarity] = {"complaints": "negative", "praise": "positive"}
_NAMES = {"complaints": N_("Complaints"), "praise": N_("Praise")}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address says of the page's own choices.

    Attributes:
        of: the touchpoint whose themes are looked at; None for all.
        about: the theme that is looked at, by its id; None for all.
    """

    polarity: Polarity
    of: str | None
    about: Theme | None

    def filter(self, view: View) -> Filter:
        """Return whose themes they are."""
        if self.of is None:
            return view.filter
        return view.filter.but(touchpoints=(self.of,), polarity=self.polarity)


def polarity(view: View) -> Polarity:
    """Return whether the page is about complaints or praise."""
    return _SAID[view.choice("said", tuple(_SAID), "complaints")]


def said(polarity: Polarity) -> str | None:
    """Return the choice of a polarity as the address holds it."""
    return None if polarity == "negative" else "praise"


def read(view: View, polarity: Polarity, known: Sequence[Theme]) -> Chosen:
    """Return what the address chooses.

    Args:
        known: the themes that there are.
    """
    by_id = {str(theme.id): theme for theme in known}
    of = view.choice("of", (ALL, *view.taxonomy.ids), ALL)
    about = view.choice("about", (ALL, *by_id), ALL)
    return Chosen(polarity, None if of == ALL else of, by_id.get(about))


def draw(view: View, chosen: Chosen, known: Sequence[Theme]) -> None:
    """Draw the choices."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.segmented_control(
            _("What is said"),
            tuple(_SAID),
            key=filters.put("w_said", said(chosen.polarity) or "complaints"),
            format_func=lambda key: labels.name(_NAMES, key),
            required=True,
            on_change=_said_changed,
        )
        if not known:
            return
        phrases = {str(theme.id): theme.words[0] for theme in _largest_first(known)}
        about = ALL if chosen.about is None else str(chosen.about.id)
        _select("about", _("Theme"), {ALL: _("All themes"), **phrases}, about)
        names = {id: labels.touchpoint(view.taxonomy, id) for id in view.taxonomy.ids}
        _select("of", _("Touchpoint"), {ALL: _("All touchpoints"), **names}, chosen.of or ALL)


def _select(name: str, title: str, names: Mapping[str, str], value: str) -> None:
    st.selectbox(
        title,
        tuple(names),
        key=filters.put(f"w_{name}", value),
        format_func=names.__getitem__,
        width=260,
        on_change=_chosen,
        args=(name,),
    )


def _largest_first(known: Sequence[Theme]) -> list[Theme]:
    return sorted(known, key=lambda theme: (-theme.n, theme.id))


def _chosen(name: str) -> None:
    value = st.session_state[f"w_{name}"]
    filters.choose(name, None if value == ALL else value)


def _said_changed() -> None:
    """Move to the other themes: the one looked at is not among them."""
    value = st.session_state["w_said"]
    state = filters.current().choosing("about", None)
    filters.move(state.choosing("said", said(_SAID[value])))
