"""What the page lets choose: the facet, the order, and one segment to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from dashboard import i18n, labels
from dashboard.i18n import N_, _
from dashboard.parts import filters
from dashboard.parts.shell import View
from insights.segments import SegmentRow, Segments

ALL = "all"

_SORTS = {
    "size": N_("Most mentions"),
    "rate": N_("Highest rate"),
    "newest": N_("Newest"),
}
_VERSION = "version"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address says of the page's own choices.

    Attributes:
        sort: what the segments are ordered by.
        about: the segment that is looked at; None for all.
    """

    facet: str
    sort: str
    about: str | None

    def ordered(self, result: Segments) -> list[SegmentRow]:
        """Return the segments in the order chosen; what is too small to compare comes last."""
        if self.sort == "newest":
            return list(result.rows)  # as they come
        if self.sort == "rate":
            return sorted(
                result.rows,
                key=lambda row: (not row.complaint_rate.enough, -(row.complaint_rate.value or 0)),
            )
        return sorted(result.rows, key=lambda row: -row.volume.n)


def facet(view: View, known: Mapping[str, int]) -> str:
    """Return the facet chosen; else the one with the fewest values to tell apart: most is known
    of each of them."""
    several = {name: n for name, n in known.items() if n > 1} or known
    return view.choice("by", tuple(known), min(several, key=lambda name: (several[name], name)))


def read(view: View, result: Segments) -> Chosen:
    """Return what the address chooses.

    Args:
        result: of the facet chosen.
    """
    sorts = _sorts(result.facet)
    about = view.choice("about", (ALL, *_options(result)), ALL)
    return Chosen(
        result.facet,
        view.choice("sort", sorts, sorts[0]),
        None if about == ALL else about.removeprefix("="),
    )


def written(value: str) -> str:
    """Return a segment as the address holds it: none may be taken for `ALL`."""
    return f"={value}"


def draw(chosen: Chosen, known: Mapping[str, int], result: Segments) -> None:
    """Draw the choices; one segment has no order."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            _("Segment by"),
            sorted(known, key=lambda name: (name not in ("product", _VERSION), name)),
            key=filters.put("w_by", chosen.facet),
            format_func=lambda name: f"{labels.facet(name)} ({i18n.number(known[name])})",
            width=230,
            on_change=_facet_changed,
        )
        st.selectbox(
            _("Segment"),
            (ALL, *_options(result)),
            key=filters.put("w_about", ALL if chosen.about is None else written(chosen.about)),
            format_func=lambda key: _("All segments") if key == ALL else key.removeprefix("="),
            width=260,
            on_change=lambda: _choose("about", ALL),
        )
        if chosen.about is not None:
            return
        sorts = _sorts(chosen.facet)
        st.segmented_control(
            _("Order"),
            sorts,
            key=filters.put("w_sort", chosen.sort),
            format_func=lambda key: labels.name(_SORTS, key),
            required=True,
            on_change=lambda: _choose("sort", sorts[0]),
        )


def _options(result: Segments) -> list[str]:
    return [written(row.value) for row in result.rows]


def _sorts(facet: str) -> tuple[str, ...]:
    return ("newest", "size", "rate") if facet == _VERSION else ("size", "rate")


def _choose(name: str, default: str) -> None:
    value = st.session_state[f"w_{name}"] or default
    filters.choose(name, None if value == default else value)


def _facet_changed() -> None:
    """Move to another facet: the segment looked at and the order are of the one before."""
    state = filters.current().choosing("about", None).choosing("sort", None)
    filters.move(state.choosing("by", st.session_state["w_by"]))
