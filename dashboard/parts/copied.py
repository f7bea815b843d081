"""The part of the Overview on copied texts: how many, which, and how to leave them out."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n, sentences
from dashboard.i18n import _
from dashboard.markup import address
from dashboard.parts import tables, words
from dashboard.parts.shell import View
from dashboard.state import State
from store.copies import CopyGroup

_SHOWN = 10
_TEXT_CHARS = 160


def behind(state: State, group: CopyGroup) -> State:
    """Return the list of a group's mentions in the period, the first and its repeats."""
    return state.shared().but(copies=True, copies_of=group.id)


def draw(view: View) -> None:
    """Say how many mentions repeat what others wrote, where some do."""
    everything = view.filter.but(copies=True)
    found = view.queries.repeats(everything)
    if not found.n:
        return
    total = view.queries.count(everything).n
    left_out = not view.state.copies
    label = _("Count them too") if left_out else _("Leave them out")
    other = address("", view.state.but(copies=left_out).query())
    words.alert(
        sentences.copied(found, total, left_out=left_out),
        f'<a href="{other}">{escape(label)}</a>',
    )
    with st.expander(_("Which texts were copied most")):
        _table(view, view.queries.copy_groups(everything, _SHOWN))


def _table(view: View, groups: list[CopyGroup]) -> None:
    zone = view.queries.store.zone
    rows = []
    for group in groups:
        text = group.text or _("deleted at the source")
        if len(text) > _TEXT_CHARS:
            text = text[:_TEXT_CHARS].rsplit(None, 1)[0] + "…"
        first, last = (at.astimezone(zone).date() for at in (group.first, group.last))
        rows.append(
            (
                [
                    f'<span dir="auto">{escape(text)}</span> '
                    f"<small>{escape(i18n.days(first, last))}</small>",
                    tables.linked(i18n.number(group.n), behind(view.state, group)),
                    i18n.number(group.accounts),
                ],
                False,
            )
        )
    tables.table([_("Text"), _("Mentions"), _("Accounts")], rows)
