"""What was just changed: said in a line, with the way back and the way on."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from dashboard.i18n import _, ngettext
from dashboard.parts.mentions import changes
from dashboard.parts.mentions.card import button
from dashboard.parts.mentions.changes import Done
from dashboard.parts.shell import View
from store.lists import MentionRow, get_mentions

_LAST = "mentions_done"


def keep(one: Done) -> None:
    """Keep what was changed last."""
    st.session_state[_LAST] = one


def forget() -> None:
    """Leave what was changed as it is: the reader has gone on."""
    st.session_state.pop(_LAST, None)


def last() -> Done | None:
    """Return what was changed last in this session."""
    found: Done | None = st.session_state.get(_LAST)
    return found


def told(view: View, one: Done) -> dict[str, Any]:
    """Return the line: a key that is new with every change, plain words, and HTML."""
    words = _words(view, one)
    parts = [f'<span dir="auto">{escape(words)}</span>']
    if one.can_be_undone:
        parts.append(button(_("Undo"), "undo"))
        row = _only(view, one)
        if row is not None:
            parts += _further(row)
    parts.append(button("×", "hush", kind="plain last", label=_("Close")))
    key = f"{one.at.isoformat()} {one.n} {one.taken_back}"
    return {"key": key, "said": words, "html": "".join(parts)}


def _words(view: View, one: Done) -> str:
    change = changes.in_words(one.change, view.taxonomy)
    if one.taken_back:
        return ngettext(
            "Taken back on {n} mention: {change}",
            "Taken back on {n} mentions: {change}",
            one.n,
            change=change,
        )
    if not one.n:
        return _("Nothing was changed: it says so already, or nobody has said its sentiment yet.")
    words = ngettext(
        "Changed on {n} mention: {change}", "Changed on {n} mentions: {change}", one.n,
        change=change,
    )  # fmt: skip
    return _("Stopped. {words}", words=words) if one.stopped else words


def _only(view: View, one: Done) -> MentionRow | None:
    rows = get_mentions(view.store, [one.only]) if one.only is not None else []
    return rows[0] if rows else None


def _further(row: MentionRow) -> list[str]:
    """Offer the same change for what says the same, or nearly."""
    found = []
    if row.alike > 1:
        words = ngettext(
            "And the {n} that says exactly the same",
            "And the {n} that say exactly the same",
            row.alike - 1,
        )
        found.append(button(words, "same"))
    if row.text:
        found.append(button(_("See others like it"), "like", id=row.id, focus="like-done"))
    return found
