"""The first-run guide of an empty store: three ways to a first chart, step by step."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NoReturn

import streamlit as st

from dashboard.i18n import N_, _
from dashboard.jobs import Step, jobs
from dashboard.parts import filters, guide_file, words, working
from dashboard.parts.configuring import adding, saving
from simak.errors import SimakError

if TYPE_CHECKING:
    from dashboard.parts.shell import View

GUIDE = "guide"
"""Kind of the jobs that the guide starts."""

_SAMPLE = Step(("sample",), N_("Filling in the sample"))

CHOICE = "way"

FILE, FEED, SAMPLE = WAYS = ("file", "feed", "sample")

_TITLES = {
    FILE: N_("Import a file"),
    FEED: N_("Follow a feed or an app"),
    SAMPLE: N_("Try the sample"),
}


def wanted(view: View) -> bool:
    """Whether the guide stands in place of the page: nothing is stored, or it is at work."""
    job = jobs().last(view.settings)
    return not view.brands or (job is not None and job.kind == GUIDE and job.running)


def draw(view: View) -> NoReturn:
    """Draw the guide and end the run."""
    words.finding(
        _("Three ways to your first chart"),
        _("All of it stays on this machine. You can do the others later, too."),
    )
    if working.draw(view):
        words.note(_("The first chart is drawn here by itself. You may close this page meanwhile."))
        st.stop()
    saving.draw()
    way = view.choice(CHOICE, WAYS, FILE)
    st.segmented_control(
        _("How do you want to begin?"),
        WAYS,
        required=True,
        key=filters.put("guide_way", way),
        format_func=lambda key: _(_TITLES[key]),
        on_change=lambda: filters.choose(CHOICE, st.session_state["guide_way"]),
    )
    if way == FILE:
        guide_file.draw(view, job=GUIDE)
    elif way == FEED:
        _draw_feed(view)
    else:
        _draw_sample(view)
    st.stop()


def _draw_feed(view: View) -> None:
    try:
        file = saving.opened(view)
    except SimakError as error:
        words.alert(str(error))
        return
    sources = [entry.name for entry in view.settings.sources if entry.enabled is not False]
    if sources:
        said = _("These are set up already:")
        st.html(f"<p>{escape(said)} <b>{escape(', '.join(sources))}</b></p>")
        st.button(
            _("Collect from them now"),
            key="guide_collect",
            on_click=working.start,
            args=(view, GUIDE, [Step(("collect",), N_("Collecting")), working.TAG]),
        )
    adding.draw(view, file, job=GUIDE)


def _draw_sample(view: View) -> None:
    words.note(
        _(
            "A year of reviews, posts and tickets about Senandika, a furniture shop that does not "
            "exist, and its rival. Look around in it; for your own data use another store."
        )
    )
    st.button(
        _("Fill in the sample"),
        type="primary",
        key="guide_sample",
        on_click=working.start,
        args=(view, GUIDE, [_SAMPLE]),
    )
