"""What the page Response is about: its choices, its figures and its first sentence."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import cast

import streamlit as st

from dashboard import labels
from dashboard.i18n import N_, _
from dashboard.parts import filters, shell, words
from dashboard.parts.response import sentences, unseen
from dashboard.parts.shell import View
from insights.response import Response, response
from insights.response.parts import Over, Part, parts
from insights.touchpoints import touchpoints
from store.lists import count

WHICH = {"complaints": N_("Complaints"), "all": N_("All mentions")}
OVER = {"channel": N_("Channel"), "touchpoint": N_("Touchpoint")}

_TOUCHPOINTS = 8
"""Touchpoints told apart: those most is said of."""


@dataclass(frozen=True)
class Measured:
    """What the page shows.

    Attributes:
        complaints: whether it is about complaints alone.
        over: what `parts` are.
        whole: all of them together.
        parts: the slowest first, those of too few last.
        names: of the parts, for readers.
        response: everything else that is known of answers.
    """

    complaints: bool
    over: Over
    whole: Part
    parts: tuple[Part, ...]
    names: dict[str, str]
    response: Response


def measure(view: View) -> Measured:
    """Return the figures for the view; where there are none, say so and end the run."""
    if not view.ask(count, view.filter).n:
        shell.nothing_matches(view)
    settings = view.settings
    found = view.ask(
        response,
        view.filter,
        hours=settings.business_hours,
        after_days=settings.unanswered_after_days,
    )
    if found.behind is None or not found.reply_rate.n:
        unseen.nowhere(view, found)
        st.stop()
    complaints = view.choice("which", tuple(WHICH), "complaints") == "complaints"
    over = cast("Over", view.choice("over", tuple(OVER), "channel"))
    asked = view.filter.but(complaint=True) if complaints else view.filter
    names = _names(view, over, complaints=complaints)
    told = view.ask(parts, asked, over, tuple(names) if over == "touchpoint" else ())
    if not told:
        shell.empty(
            _("No complaint could have been answered here"),
            escape(_("Take a longer period, or look at all mentions.")),
        )
        draw_choices(view)
        unseen.draw(view, found)
        st.stop()
    return Measured(complaints, over, told[0], _ordered(told[1:]), names, found)


def draw_finding(found: Measured) -> None:
    """Say how many are answered within a day, how long half wait, and who waits longest."""
    apart = sentences.apart(found.parts, found.names, over=found.over)
    text = sentences.answered(found.whole, complaints=found.complaints)
    words.finding(text, apart, count=found.whole.reply_rate.n)


def draw_choices(view: View) -> None:
    """Let the reader choose whose waits are shown, and told apart by what."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for label, name, options, default in (
            (_("Waits of"), "which", WHICH, "complaints"),
            (_("By"), "over", OVER, "channel"),
        ):
            _choice(view, label, name, options, default)


def _choice(view: View, label: str, name: str, options: dict[str, str], default: str) -> None:
    key = f"w_{name}"
    st.segmented_control(
        label,
        tuple(options),
        key=filters.put(key, view.choice(name, tuple(options), default)),
        format_func=lambda one: labels.name(options, one),
        required=True,
        on_change=lambda: filters.choose(name, st.session_state[key]),
    )


def _names(view: View, over: Over, *, complaints: bool) -> dict[str, str]:
    """Return the parts' names: of all channels, or of the touchpoints most is said of."""
    if over == "channel":
        return {name: labels.channel(name) for name in view.facets.channels}
    rows = view.ask(touchpoints, view.taxonomy, view.filter).rows
    said = {row.id: (row.complaint_share.k or 0) if complaints else row.mentions for row in rows}
    most = sorted((id for id in said if said[id]), key=lambda id: (-said[id], id))
    return {id: labels.touchpoint(view.taxonomy, id) for id in most[:_TOUCHPOINTS]}


def _ordered(told: tuple[Part, ...]) -> tuple[Part, ...]:
    def place(part: Part) -> tuple[bool, float, int]:
        quick = 1.0 if part.within.value is None else part.within.value
        return not part.within.enough, quick, -part.reply_rate.n

    return tuple(sorted(told, key=place))
