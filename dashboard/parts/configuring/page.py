"""The Settings page: which part of it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.i18n import N_, _
from dashboard.parts import filters, words
from dashboard.parts.configuring import (
    alerting,
    answering,
    brands,
    display,
    members,
    promises,
    retention,
    saving,
    sources,
    touchpoints,
)
from simak.errors import SimakError

if TYPE_CHECKING:
    from dashboard.parts.shell import View

CHOICE = "part"

PARTS = {
    "brands": N_("Brands"),
    "sources": N_("Sources"),
    "touchpoints": N_("Own touchpoints"),
    "promises": N_("Promises"),
    "answering": N_("Answering"),
    "alerts": N_("Alerts"),
    "retention": N_("Data retention"),
    "display": N_("Display"),
    "members": N_("Members"),
}


def draw(view: View) -> None:
    """Draw the part that the reader chose."""
    saving.draw()
    access = view.store.access
    if not access.may("admin"):
        words.finding(_("The settings are an admin's."), _("Ask one for what you want changed."))
        return
    parts = tuple(PARTS) if access.is_owner else ("members",)
    part = view.choice(CHOICE, parts, parts[0])
    st.segmented_control(
        _("What to set"),
        parts,
        required=True,
        key=filters.put("settings_part", part),
        format_func=lambda key: _(PARTS[key]),
        label_visibility="collapsed",
        on_change=lambda: filters.choose(CHOICE, st.session_state["settings_part"]),
    )
    if part == "touchpoints":
        touchpoints.draw(view)
    elif part == "promises":
        promises.draw(view)
    elif part == "members":
        members.draw(view)
    else:
        try:
            file = saving.opened(view)
        except SimakError as error:
            words.alert(str(error))
            return
        drawn = {
            "brands": brands.draw,
            "sources": sources.draw,
            "answering": answering.draw,
            "alerts": alerting.draw,
            "retention": retention.draw,
            "display": display.draw,
        }
        drawn[part](view, file)
