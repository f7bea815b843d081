"""What the journey is compared with: nothing, the period before, or another brand."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard import i18n, labels
from dashboard.i18n import _
from dashboard.parts import filters
from dashboard.parts.shell import View
from insights.journey.compare import Comparison, compare
from store.filter import Filter

NOTHING, PREVIOUS = "none", "previous"


@dataclass(frozen=True, slots=True)
class Beside:
    """What is compared with, and how it compares.

    Attributes:
        here, there: the names of the two sides.
        found: both journeys.
    """

    here: str
    there: str
    found: Comparison


def choose(view: View) -> str:
    """Draw the choice, and return it."""
    rivals = [name for name in view.brands if name != view.state.brand]
    # Without a first and a last day there is no period before.
    known = [NOTHING, *([PREVIOUS] if view.filter.previous() else []), *rivals]
    chosen = view.choice("beside", known, NOTHING)
    st.selectbox(
        _("Compare with"),
        known,
        key=filters.put("w_beside", chosen),
        format_func=lambda key: {
            NOTHING: _("nothing"), PREVIOUS: _("the period before"),
        }.get(key, labels.plain(key)),
        width=280,
        on_change=lambda: filters.choose(
            "beside", None if st.session_state["w_beside"] == NOTHING
            else st.session_state["w_beside"],
        ),
    )  # fmt: skip
    return chosen


def measure(view: View, chosen: str) -> Beside | None:
    """Return how the journey compares with what was chosen; None with nothing."""
    if chosen == NOTHING:
        return None
    earlier = view.filter.previous()
    if chosen == PREVIOUS and earlier is not None:
        other, here, there = earlier, _days(view.filter), _days(earlier)
    else:
        other, here, there = view.filter.but(brands=(chosen,)), view.state.brand or "", chosen
    return Beside(here, there, view.ask(compare, view.taxonomy, view.filter, other))


def _days(filter: Filter) -> str:
    assert filter.since is not None
    assert filter.until is not None
    return i18n.days(filter.since, filter.until)
