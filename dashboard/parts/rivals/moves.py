"""Who is left for whom, with the texts that say so."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard import i18n
from dashboard.i18n import _, ngettext
from dashboard.links import linked
from dashboard.parts import cards, tables, words
from dashboard.parts.rivals.voice import UNSURE
from dashboard.parts.shell import View
from insights.share_of_voice import Move, Voice, moves
from insights.telling import telling
from store.filter import Filter

_QUOTED = 3


def draw(view: View, found: Voice) -> None:
    """Draw the moves between brands that anybody names."""
    st.header(_("Who leaves for whom"), anchor=False)
    names = {entry.name: entry.relevance.names() for entry in view.settings.brands}
    # In one order: the moves are the same for each of these brands.
    asked = found.filter.but(brands=tuple(sorted(found.filter.brands)))
    moved = view.ask(moves, asked, names)
    if not moved:
        words.note(_("Nobody who says that they leave names another of these brands."))
        return
    own = view.state.brand or ""
    gone = sum(move.going.k or 0 for move in moved if move.brand == own)
    words.note(
        ngettext(
            "{n} mention of {brand} says in plain words that somebody goes to a rival.",
            "{n} mentions of {brand} say in plain words that somebody goes to a rival.",
            gone,
            brand=own,
        )
    )
    _table(view, [move for move in moved if own in (move.brand, move.rival)])
    others = [move for move in moved if own not in (move.brand, move.rival)]
    if others:
        with st.expander(_("Between the others")):
            _table(view, others)
    words.note(
        _(
            "Of the mentions that say that somebody leaves. Most name no way in plain words, so "
            "that both directions are too low; a text may say both. ▲: clearly more go than come, "
            "of what was said of each; unmarked it may be chance, or the two cannot be compared."
        )
    )
    _quotes(view, moved, own)


def _table(view: View, rows: Sequence[Move]) -> None:
    heads = (
        _("From brand"),
        _("To brand"),
        _("Leave and name it"),
        _("Say they go there"),
        _("Say they came from there"),
        _("The other way"),
    )
    if rows:
        tables.table(heads, [(_row(view, move), False) for move in rows], text=2)


def _row(view: View, move: Move) -> list[str]:
    clear = move.p is not None and move.p < UNSURE
    more = (move.going.value or 0) > (move.back.value or 0)
    sign = "▲ " if clear and more else ""
    return [
        escape(move.brand),
        escape(move.rival),
        _number(view, move.named.k or 0, move.behind_named),
        sign + _number(view, move.going.k or 0, move.behind_going),
        _number(view, move.coming.k or 0, move.behind_coming),
        i18n.number(move.back.k or 0),
    ]


def _number(view: View, n: int, behind: Filter) -> str:
    text = i18n.number(n)
    return linked(text, view.to(behind), n) if n else text


def _quotes(view: View, moved: Sequence[Move], own: str) -> None:
    """Show what is said of the way that most go."""
    ways = [move for move in moved if move.brand == own and move.going.k]
    if ways:
        most = max(ways, key=lambda move: move.going.k or 0)
        st.subheader(_("From {brand} to {rival}", brand=own, rival=most.rival), anchor=False)
        cards.draw(view, view.ask(telling, most.ids_going, limit=_QUOTED))
