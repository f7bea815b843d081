"""What the page lets choose: how to rank, whose touchpoints, and one of them to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import streamlit as st

from dashboard import labels
from dashboard.i18n import N_, _
from dashboard.parts import filters
from dashboard.parts.shell import View
from insights.priorities import Measure
from simak.taxonomy import FUNCTIONS

ALL = "all"

_RANKS = {"share": N_("Share of complaints"), "impact": N_("Impact")}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address says of the page's own choices.

    Attributes:
        rank: what the touchpoints are ranked by.
        owner: whose they are; None for all.
        about: the one that is looked at; None for all.
    """

    rank: Measure
    owner: str | None
    about: str | None


def read(view: View, known: Sequence[str]) -> Chosen:
    """Return what the address chooses.

    Args:
        known: the touchpoints that can be looked at.
    """
    owner = view.choice("owner", (ALL, *owners(view)), ALL)
    about = view.choice("about", (ALL, *known), ALL)
    return Chosen(
        cast("Measure", view.choice("rank", tuple(_RANKS), "share")),
        None if owner == ALL else owner,
        None if about == ALL else about,
    )


def owners(view: View) -> list[str]:
    """Return the functions that have touchpoints."""
    return [name for name in FUNCTIONS if view.taxonomy.owned_by(name)]


def draw(view: View, chosen: Chosen, known: Sequence[str]) -> None:
    """Draw the choices; one touchpoint has neither a rank nor another owner."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            _("Touchpoint"),
            (ALL, *known),
            key=filters.put("w_about", chosen.about or ALL),
            format_func=lambda id: (
                _("All touchpoints") if id == ALL else labels.touchpoint(view.taxonomy, id)
            ),
            width=280,
            on_change=lambda: _choose("about", ALL),
        )
        if chosen.about is not None:
            return
        st.selectbox(
            _("Owner"),
            (ALL, *owners(view)),
            key=filters.put("w_owner", chosen.owner or ALL),
            format_func=lambda name: _("All functions") if name == ALL else labels.owner(name),
            width=200,
            on_change=lambda: _choose("owner", ALL),
        )
        st.segmented_control(
            _("Rank by"),
            tuple(_RANKS),
            key=filters.put("w_rank", chosen.rank),
            format_func=lambda key: labels.name(_RANKS, key),
            required=True,
            on_change=lambda: _choose("rank", "share"),
        )


def _choose(name: str, default: str) -> None:
    value = st.session_state[f"w_{name}"] or default
    filters.choose(name, None if value == default else value)
