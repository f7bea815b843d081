"""The register of promises: list, try, add, remove."""

from __future__ import annotations

from datetime import UTC, date, datetime
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard import i18n, labels
from dashboard.i18n import _, ngettext
from dashboard.parts import tables, words
from dashboard.parts.configuring import saving
from dashboard.parts.outcomes import example
from dashboard.queries import forget
from simak.errors import SimakError
from simak.promised import GENERAL
from store.promise_trial import Found, try_promise
from store.promises import Promise, add_promise, promises, remove_promise

if TYPE_CHECKING:
    from dashboard.parts.shell import View

_FIELDS = ("text", "brand", "touchpoint", "since", "until", "broken", "kept")


def draw(view: View) -> None:
    """Draw the register and the form of a new promise."""
    store = view.store
    known = promises(store)
    words.finding(
        ngettext("{n} promise is registered.", "{n} promises are registered.", len(known))
        if known
        else _("No promise is registered yet."),
        _("What a brand promises, and how often customers say that it was kept or broken."),
    )
    if known:
        _draw_known(view, known)
    if not view.brands:
        words.note(_("A promise is about a brand of which something is stored: import first."))
        return
    st.header(_("Register a promise"), anchor=False)
    _draw_new(view)


def _draw_known(view: View, known: list[Promise]) -> None:
    tables.table(
        [_("Brand"), _("Promise"), _("Touchpoint"), _("Holds"), _("Query of breaches")],
        [
            (
                [
                    escape(one.brand),
                    escape(one.text),
                    escape(labels.touchpoint(view.taxonomy, one.touchpoint)),
                    escape(_holds(one)),
                    escape(one.broken or _("the general one")),
                ],
                False,
            )
            for one in known
        ],
        text=5,
    )
    with st.popover(_("Remove a promise")):
        by_id = {one.id: one for one in known}
        id = st.selectbox(
            _("Promise"),
            tuple(by_id),
            format_func=lambda id: f"{by_id[id].brand}: {by_id[id].text}",
            key="promise_chosen",
        )
        words.note(_("The mentions stay; only the promise and what was found of it go."))
        st.button(_("Remove this promise"), key="promise_remove", on_click=_remove, args=(view, id))


def _holds(one: Promise) -> str:
    if one.until is None:
        return _("since {day}", day=i18n.day(one.since))
    return i18n.days(one.since, one.until)


def _draw_new(view: View) -> None:
    typed = {name: f"promise_{name}" for name in _FIELDS}
    st.text_input(
        _("The promise, in the brand's own words"),
        key=typed["text"],
        max_chars=200,
        placeholder=_("Sent on the same day"),
    )
    places = st.columns(2)
    brand = places[0].selectbox(_("Brand"), view.brands, key=typed["brand"])
    touchpoint = places[1].selectbox(
        _("What it is about"),
        view.taxonomy.ids,
        format_func=lambda id: labels.touchpoint(view.taxonomy, id),
        key=typed["touchpoint"],
    )
    places[0].date_input(
        _("Its first day"), value=date.today(), format="DD/MM/YYYY", key=typed["since"]
    )
    places[1].date_input(
        _("Its last day (optional)"), value=None, format="DD/MM/YYYY", key=typed["until"]
    )
    help = _("Empty takes the general one: texts that name any promise or estimate.")
    broken = places[0].text_input(
        _("Query of breaches (optional)"), key=typed["broken"], help=help,
        placeholder='"same day" OR sameday',
    )  # fmt: skip
    kept = places[1].text_input(
        _("Query of confirmations (optional)"), key=typed["kept"], help=help,
        placeholder='"same day" OR sameday',
    )  # fmt: skip
    with st.container(horizontal=True):
        tried = st.button(_("Try it on the stored texts"), key="promise_try")
        st.button(_("Register it"), type="primary", key="promise_add", on_click=_add, args=(view,))
    words.note(_("Kept in the store, and counted at once from the texts there are."))
    if not tried:
        return
    queries = {"broken": broken.strip() or GENERAL, "kept": kept.strip() or GENERAL}
    try:
        found = try_promise(view.store, brand, touchpoint, queries)  # type: ignore[arg-type]
    except SimakError as error:
        words.alert(str(error))
        return
    columns = st.columns(2)
    for place, title, one in (
        (columns[0], _("▲ Broken"), found["broken"]),
        (columns[1], _("✓ Kept"), found["kept"]),
    ):
        with place:
            _draw_found(title, one)


def _draw_found(title: str, one: Found) -> None:
    st.html(f"<h3>{escape(title)}</h3>")
    words.finding(
        ngettext("{n} text would count.", "{n} texts would count.", one.counted),
        ngettext(
            "{n} is found; the others speak otherwise of the touchpoint, or of another.",
            "{n} are found; the others speak otherwise of the touchpoint, or of another.",
            one.texts,
        ),
        count=one.counted,
    )
    if one.examples:
        st.html("".join(example(text) for text in one.examples))


def _add(view: View) -> None:
    i18n.use(view.state.lang)  # a callback runs before the page does
    typed: dict[str, Any] = {name: st.session_state[f"promise_{name}"] for name in _FIELDS}
    for name in ("text", "broken", "kept"):
        typed[name] = typed[name].strip()
    if not typed["text"]:
        saving.refuse(_("Say what is promised."))
        return
    try:
        add_promise(view.store, **typed, now=datetime.now(UTC))
    except SimakError as error:
        saving.refuse(str(error), typed=typed["text"])
        return
    forget()
    st.session_state["promise_text"] = ""
    saving.done(_("The promise is registered."))


def _remove(view: View, id: int) -> None:
    i18n.use(view.state.lang)  # a callback runs before the page does
    try:
        remove_promise(view.store, id)
    except SimakError as error:
        saving.refuse(str(error))
        return
    forget()
    saving.done(_("The promise is removed."))
