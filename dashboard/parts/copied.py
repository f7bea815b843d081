"""The part of a page on copied texts: how many, which, and how to leave them out."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n, links, sentences
from dashboard.i18n import _
from dashboard.links import linked
from dashboard.parts import tables, words
from dashboard.parts.shell import View
from store.copies import CopyGroup, copy_groups, repeats
from store.filter import Filter
from store.lists import count

_SHOWN = 10
_TEXT_CHARS = 160


def behind(filter: Filter, group: CopyGroup) -> Filter:
    """Return a group's mentions in the period, the first and its repeats."""
    return filter.but(copies=True, copy_group=group.id)


def draw(view: View) -> None:
    """Say how many mentions repeat what others wrote, where some do."""
    everything = view.filter.but(copies=True)
    found = view.ask(repeats, everything)
    if not found.n:
        return
    total = view.ask(count, everything).n
    left_out = not view.filter.copies
    label = _("Count them too") if left_out else _("Leave them out")
    other = links.href("", view.state.narrowed(copies=left_out))
    words.alert(
        sentences.copied(found, total, left_out=left_out),
        f'<a href="{other}">{escape(label)}</a>',
    )
    with st.expander(_("Which texts were copied most")):
        _table(view, view.ask(copy_groups, everything, limit=_SHOWN))


def _table(view: View, groups: list[CopyGroup]) -> None:
    zone = view.store.zone
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
                    linked(i18n.number(group.n), view.to(behind(view.filter, group)), group.n),
                    i18n.number(group.accounts),
                ],
                False,
            )
        )
    tables.table([_("Text"), _("Mentions"), _("Accounts")], rows)
