"""The form of a new action."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any

import streamlit as st

from dashboard import i18n, labels
from dashboard.i18n import N_, _
from dashboard.parts import fields, filters, shell, words
from dashboard.parts.shell import View
from store.actions import add_action

_FORM = "action"
_FIELDS = ("text", "touchpoint", "day", "by")
_ALL = "all"
_NAME = "action_by_name"
_MAX_CHARS = 200


def draw(view: View, *, first: bool) -> None:
    """Draw the form where it was asked for.

    Args:
        first: whether nothing is on record yet: then what an action is is said, and the form
            stands open.
    """
    asked = view.choice("add", ("yes",), "") == "yes"
    if first:
        shell.empty(
            _("No action is on record yet"),
            escape(
                _(
                    "An action is something you did for your customers: new packaging, another "
                    "courier, more people in the chat. Write down what and since when, and this "
                    "page holds the weeks after it against the weeks before."
                )
            ),
        )
    if not (asked or first) or not view.may("analyst"):
        return
    if fields.problems(_FORM):  # what has been put right since is no longer complained of
        fields.refuse(_FORM, _wrong(_typed()))
    st.header(_("Add an action"), anchor=False)
    _draw_fields(view)
    with st.container(horizontal=True, gap="small"):
        saving = st.button(_("Save the action"), type="primary", on_click=_check)
        if not first:
            st.button(_("Cancel"), on_click=_leave)
    if fields.problems(_FORM):
        fields.say(_("Not saved yet: see what is said beside the fields."))
    elif saving:
        _save(view)


def _draw_fields(view: View) -> None:
    st.text_input(
        _("What was done"),
        key=_key("text"),
        max_chars=_MAX_CHARS,
        placeholder=_("new packaging"),
    )
    fields.problem(_FORM, "text")
    left, middle, right = st.columns(3)
    with left:
        st.selectbox(
            _("What it is to help"),
            (*view.taxonomy.ids, _ALL),
            index=None,
            key=_key("touchpoint"),
            placeholder=_("Choose a touchpoint"),
            format_func=lambda id: (
                _("the brand as a whole") if id == _ALL else labels.touchpoint(view.taxonomy, id)
            ),
        )
        fields.problem(_FORM, "touchpoint")
    with middle:
        st.date_input(
            _("The first day with it"),
            value=None,
            min_value=fields.EARLIEST,
            max_value=fields.LATEST,
            format="DD/MM/YYYY",
            key=_key("day"),
        )
        fields.problem(_FORM, "day")
    with right:
        if _key("by") not in st.session_state:
            st.session_state[_key("by")] = st.session_state.get(_NAME, "")
        st.text_input(_("Your name, for the record"), key=_key("by"), max_chars=_MAX_CHARS)
        fields.problem(_FORM, "by")
    first, last = view.facets.first, view.facets.last
    if first and last:
        words.note(
            _(
                "There are mentions from {days}. Weeks on both sides of the day are compared, so "
                "an action of today can be judged some weeks from now.",
                days=i18n.days(first, last),
            )
        )


def _key(name: str) -> str:
    return f"{_FORM}_{name}"


def _typed() -> dict[str, Any]:
    found: dict[str, Any] = {name: st.session_state.get(_key(name)) for name in _FIELDS}
    return {
        name: (value or "").strip() if name in ("text", "by") else value
        for name, value in found.items()
    }


def _check() -> None:
    fields.refuse(_FORM, _wrong(_typed()))


def _wrong(typed: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong, to be translated."""
    asked = {
        "text": N_("Write down what was done."),
        "touchpoint": N_("Choose what it is to help."),
        "day": N_("Choose the first day with it."),
        "by": N_("Say who puts it on record."),
    }
    return {name: text for name, text in asked.items() if not typed[name]}


def _leave() -> None:
    fields.refuse(_FORM, {})
    filters.choose("add", None)


def _save(view: View) -> None:
    typed = _typed()
    made = add_action(
        view.store,
        brand=view.state.brand or "",
        text=typed["text"],
        touchpoint=None if typed["touchpoint"] == _ALL else typed["touchpoint"],
        day=typed["day"],
        by=typed["by"],
        now=datetime.now(UTC),
    )
    st.session_state[_NAME] = made.created_by
    fields.done(_("“{text}” is on record.", text=made.text))
    filters.move(filters.current().choosing("add", None).choosing("action", str(made.id)))
    st.rerun()
