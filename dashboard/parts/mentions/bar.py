"""What narrows the list beyond the filters that every page shares, in one bar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard import i18n, labels, reader
from dashboard.i18n import N_, _
from dashboard.labels import SENTIMENTS, SYMBOLS
from dashboard.parts import filters
from dashboard.parts.mentions import narrowed
from dashboard.parts.mentions.press import OPEN
from dashboard.parts.shell import View
from dashboard.reading import MAX_SEARCH_CHARS
from dashboard.state import NEWEST, ORDERS, USEFUL
from simak.tags import SENTIMENTS as POLARITIES
from simak.tags import SIGNALS
from store.case_list import late
from store.cases import STATUSES, UNFINISHED, owners
from store.filter import CaseIs
from store.tables import UNPLACED

_ALL = "all"
_COMPLAINTS = {"yes": N_("Complaints"), "no": N_("No complaints")}
_REPLIED = {"yes": N_("Answered"), "no": N_("Not answered")}
_YES: Mapping[bool | None, str | None] = {None: None, True: "yes", False: "no"}
_ORDERS = {NEWEST: N_("Newest first"), USEFUL: N_("Most useful to correct next")}
_CASES = {
    _ALL: N_("With or without a case"),
    "mine": N_("Mine, to be done"),
    "overdue": N_("Overdue"),
    "unfinished": N_("All to be done"),
}
_OWNER = "owner:"
"""Begins the option of what somebody has to do; no status holds a colon."""

_EXAMPLES = (
    ("kurir lambat", N_("both words")),
    ("kurir OR driver", N_("one of them, or both")),
    ("kurir -ramah", N_("the first without the second")),
    ('"tidak sampai"', N_("the words in a row")),
    ("kirim*", N_("all words that begin so")),
    ("refund (lama OR belum)", N_("parentheses group")),
)


def draw(view: View) -> None:
    """Draw the bar, and below it what else narrows the list."""
    chosen = view.state.chosen
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="list-search"):
        st.text_input(
            _("Search in the texts"),
            key=filters.put("w_search", chosen.search or ""),
            placeholder=_("Search in the texts"),
            max_chars=MAX_SEARCH_CHARS,
            icon=":material/search:",
            label_visibility="collapsed",
            on_change=lambda: _change(search=st.session_state["w_search"].strip() or None),
        )
        with st.popover("", icon=":material/help:", help=_("How to search"), type="tertiary"):
            _search_help()
        st.selectbox(
            _("Order"),
            ORDERS,
            key=filters.put("w_order", view.state.order),
            format_func=lambda key: labels.name(_ORDERS, key),
            label_visibility="collapsed",
            width=250,
            on_change=lambda: filters.move(
                filters.current().but(order=st.session_state["w_order"], after=None)
            ),
        )
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="list-filters"
    ):
        st.pills(
            _("Sentiment"),
            tuple(SENTIMENTS),
            selection_mode="multi",
            key=filters.put("w_sentiments", list(chosen.sentiments)),
            format_func=lambda key: f"{SYMBOLS[key]} {labels.name(SENTIMENTS, key)}",
            label_visibility="collapsed",
            width="content",
            on_change=lambda: _change(sentiments=tuple(st.session_state["w_sentiments"])),
        )
        _yes_or_no("complaint", _("Complaint"), _COMPLAINTS, chosen.complaint)
        with st.popover(_touchpoint_label(view)):
            _touchpoints(view)
        n = _more_count(view)
        with st.popover(_("More ({n})", n=i18n.number(n)) if n else _("More")):
            _more(view)
    narrowed.draw(view)


def _change(**changes: Any) -> None:
    """Narrow the list; what was open closes."""
    filters.move(filters.current().narrowed(**changes).choosing(OPEN, None).but(after=None))


def _search_help() -> None:
    """Say how to search, by examples that can be copied."""
    st.text(_("Words must all occur, wherever they stand. More is possible:"))
    for example, words in _EXAMPLES:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button(
                labels.plain(example),
                key=f"try-{example}",
                on_click=_change,
                kwargs={"search": example},
            )
            st.text(_(words))


def _yes_or_no(
    field: str, title: str, names: Mapping[str, str], now: bool | None, *, shown: bool = False
) -> None:
    key = f"w_{field}"
    st.pills(
        title,
        tuple(names),
        key=filters.put(key, _YES[now]),
        format_func=lambda one: labels.name(dict(names), one),
        label_visibility="visible" if shown else "collapsed",
        width="content",
        on_change=lambda: _change(**{field: {"yes": True, "no": False}.get(st.session_state[key])}),
    )


def _touchpoint_label(view: View) -> str:
    chosen = view.state.chosen
    if not chosen.touchpoints:
        return _("Touchpoint")
    first = labels.touchpoint(view.taxonomy, chosen.touchpoints[0])
    sign = f"{SYMBOLS[chosen.polarity]} " if chosen.polarity else ""
    more = f" +{len(chosen.touchpoints) - 1}" if len(chosen.touchpoints) > 1 else ""
    return labels.plain(f"{sign}{first}{more}")


def _touchpoints(view: View) -> None:
    chosen = view.state.chosen
    st.multiselect(
        _("Touchpoint"),
        (*view.taxonomy.ids, UNPLACED),
        key=filters.put("w_touchpoints", list(chosen.touchpoints)),
        format_func=lambda id: labels.touchpoint(view.taxonomy, id),
        placeholder=_("All"),
        select_all=False,  # its words are English in every language
        on_change=_touchpoints_changed,
    )
    if chosen.touchpoints:
        st.pills(
            _("Spoken of"),
            POLARITIES,
            key=filters.put("w_polarity", chosen.polarity),
            format_func=lambda key: f"{SYMBOLS[key]} {labels.name(SENTIMENTS, key)}",
            on_change=lambda: _change(polarity=st.session_state["w_polarity"], alone=False),
        )


def _touchpoints_changed() -> None:
    chosen = tuple(st.session_state["w_touchpoints"])
    polarity = filters.current().chosen.polarity if chosen else None
    _change(touchpoints=chosen, polarity=polarity, alone=False)


def _more_count(view: View) -> int:
    chosen = view.state.chosen
    narrowing = (chosen.signals, chosen.replied is not None, chosen.has_rating, chosen.case)
    return sum(map(bool, narrowing))


def _more(view: View) -> None:
    chosen = view.state.chosen
    st.selectbox(
        _("Case"),
        _case_options(view),
        key=filters.put("w_case", _case_key(view)),
        format_func=_case_name,
        on_change=lambda: _change(case=_case(view, st.session_state["w_case"])),
    )
    st.multiselect(
        _("Signals"),
        SIGNALS,
        key=filters.put("w_signals", list(chosen.signals)),
        format_func=labels.signal,
        placeholder=_("All"),
        select_all=False,
        on_change=lambda: _change(signals=tuple(st.session_state["w_signals"])),
    )
    _yes_or_no("replied", _("Answer of the brand"), _REPLIED, chosen.replied, shown=True)
    st.checkbox(
        _("With stars only"),
        key=filters.put("w_rating", chosen.has_rating),
        on_change=lambda: _change(has_rating=st.session_state["w_rating"]),
    )


def _case_options(view: View) -> tuple[str, ...]:
    """Return the options: of this reader and of all, of each other owner, by status."""
    others = (name for name in owners(view.store) if name != reader.name())
    return (*_CASES, *(f"{_OWNER}{name}" for name in others), *STATUSES)


def _case_name(key: str) -> str:
    if key.startswith(_OWNER):
        return labels.plain(_("{name}, to be done", name=key.removeprefix(_OWNER)))
    return _(_CASES[key]) if key in _CASES else labels.case_status(key)


def _case(view: View, key: str) -> CaseIs | None:
    """Return which cases an option means, today and for this reader."""
    today = datetime.now(view.store.zone).date()
    if key == _ALL:
        return None
    if key == "mine":
        return CaseIs(statuses=UNFINISHED, owner=reader.name())
    if key == "overdue":
        return late(today)
    if key.startswith(_OWNER):
        return CaseIs(statuses=UNFINISHED, owner=key.removeprefix(_OWNER))
    return CaseIs(statuses=UNFINISHED if key == "unfinished" else (key,))


def _case_key(view: View) -> str:
    """Return the option that means what the address says; without one, what is shown is all."""
    case = view.state.chosen.case
    if case is None:
        return _ALL
    return next((key for key in _case_options(view) if _case(view, key) == case), _ALL)
