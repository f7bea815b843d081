"""Ending and removing what is registered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from dashboard.i18n import _
from dashboard.parts import fields, filters, words
from dashboard.parts.promises import sentences
from dashboard.parts.shell import View
from store.promises import Promise, end_promise, remove_promise


def draw(view: View, known: Sequence[Promise]) -> None:
    """Draw each promise of the brand with what can be done about it, and the way to a new one."""
    st.header(_("The register"), anchor=False)
    for promise in known:
        text = f"<b>{escape(promise.text)}</b><br>"
        facts = f"<small>{escape(sentences.facts(promise, view.taxonomy))}</small>"
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(f'<p class="sm-note">{text}{facts}</p>', width=420)
            if view.may("analyst"):
                _end(view, promise)
                _remove(view, promise)
    if view.state.choice("add") is None and view.may("analyst"):
        st.button(
            _("Add a promise"),
            icon=":material/add:",
            type="primary",
            on_click=filters.choose,
            args=("add", "yes"),
        )


def _end(view: View, promise: Promise) -> None:
    with st.popover(_("End it"), icon=":material/event_busy:", key=f"end-ask-{promise.id}"):
        day: date | None = st.date_input(
            _("Its last day"),
            value=promise.until,
            min_value=promise.since,
            max_value=fields.LATEST,
            format="DD/MM/YYYY",
            key=f"end-day-{promise.id}",
        )
        words.note(_("What is said after this day no longer counts; what was said before does."))
        if st.button(_("End the promise"), key=f"end-{promise.id}", disabled=day is None) and day:
            end_promise(view.store, promise.id, day)
            fields.done(_("“{text}” has a last day now.", text=promise.text))
            st.rerun()


def _remove(view: View, promise: Promise) -> None:
    question = _(
        "Remove “{text}” from the register? What was found of it is forgotten; the mentions stay. "
        "A promise that has run out is better ended: what was said of it stays to be seen.",
        text=promise.text,
    )
    if fields.confirmed(
        _("Remove"), question, key=f"remove-{promise.id}", icon=":material/delete:"
    ):
        remove_promise(view.store, promise.id)
        if view.state.choice("promise") == str(promise.id):
            filters.choose("promise", None)
        fields.done(_("“{text}” is removed.", text=promise.text))
        st.rerun()
