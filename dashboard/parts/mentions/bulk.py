"""A change to many mentions: asked about first, made with its progress shown, stopped at will."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import streamlit as st

from dashboard import i18n, reader
from dashboard.i18n import _, ngettext
from dashboard.parts.mentions import changes, done
from dashboard.parts.mentions.changes import Change, Done
from dashboard.parts.shell import View

ASK_ABOVE = 25
"""More mentions than this are changed only after asking."""

_AT_ONCE = 200
_PENDING = "mentions_pending"


@dataclass(frozen=True)
class _Asked:
    """A change that waits for a yes."""

    change: Change
    ids: Sequence[int]
    by: str
    at: datetime


def ask(change: Change, ids: Sequence[int]) -> None:
    """Ask about a change when the page is drawn next."""
    st.session_state[_PENDING] = _Asked(change, ids, reader.name(), changes.now())


def take_back(last: Done) -> None:
    """Take a change back when the page is drawn next."""
    st.session_state[_PENDING] = last


def draw(view: View) -> None:
    """Draw what waits: the question, or the way back."""
    waits = st.session_state.get(_PENDING)
    if isinstance(waits, Done):
        del st.session_state[_PENDING]
        with st.spinner(_("Taking it back …")):
            done.keep(replace(waits, n=waits.undo(view.store), taken_back=True))
        st.rerun()
    if isinstance(waits, _Asked):
        title = _("Change many mentions")
        st.dialog(title, on_dismiss=_leave)(_question)(view, waits)


def _question(view: View, asked: _Asked) -> None:
    if st.session_state.get(_PENDING) is not asked:  # answered, or stopped
        st.rerun()
    i18n.use(view.state.lang)  # a dialog runs by itself, without what the page has begun with
    n = len(asked.ids)
    change = changes.in_words(asked.change, view.taxonomy)
    st.text(
        ngettext("{n} mention becomes: {change}", "{n} mentions become: {change}", n, change=change)
    )
    if asked.change.tags is not None:
        st.caption(_("What says so already stays as it is. It can be undone."))
    with st.container(horizontal=True):
        go = st.button(
            ngettext("Change {n} mention", "Change {n} mentions", n), type="primary", key="bulk-go"
        )
        st.button(_("Stop") if go else _("Cancel"), on_click=_leave, key="bulk-leave")
    if not go:
        return
    bar = st.progress(0.0, text=_("Changing …"))
    changed = 0
    for start in range(0, n, _AT_ONCE):
        some = asked.ids[start : start + _AT_ONCE]
        changed += asked.change.apply(view.store, some, by=asked.by, at=asked.at)
        through = start + len(some)
        # Kept as it goes: whatever ends this early, what was done can be told and undone.
        stopped = through < n
        done.keep(Done(asked.change, changed, asked.by, asked.at, stopped=stopped))
        bar.progress(
            through / n,
            text=_("{done} of {n}", done=i18n.number(through), n=i18n.number(n)),
        )
    _leave()
    st.rerun()


def _leave() -> None:
    st.session_state.pop(_PENDING, None)
