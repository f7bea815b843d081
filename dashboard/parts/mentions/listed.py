"""The list: how many mentions match, one page of them, and the way to the next."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard import i18n, labels, reader
from dashboard.i18n import _, ngettext
from dashboard.parts import filters, words
from dashboard.parts.mentions import bulk, desk, done, export, press
from dashboard.parts.shell import View
from dashboard.state import USEFUL
from store.filter import Filter
from store.lists import Count, MentionRow, count, get_mentions, list_mentions
from store.selection import Position
from store.useful import useful

PAGE_ROWS = 25

_TRAIL = "trail"


def draw(view: View) -> bool:
    """Draw the list; False where nothing matches."""
    bulk.draw(view)
    filter = view.state.list_filter(view.facets.last)
    found = _useful(view, filter) if view.state.order == USEFUL else _newest(view, filter)
    if not found and done.last():  # the last correction may have emptied the list
        desk.draw(view, [], name=repr(filter), total=Count(0), linked=_linked(view, []))
    return found


def _newest(view: View, filter: Filter) -> bool:
    total = view.ask(count, filter)
    if not total.n:
        return False
    rows = view.ask(list_mentions, filter, limit=PAGE_ROWS + 1, after=view.state.after)
    text = (
        _("More than {n} mentions", n=i18n.number(total.n))
        if total.capped
        else ngettext("{n} mention", "{n} mentions", total.n)
    )
    _head(view, filter, text, _("newest first"), total)
    _page(view, rows, repr(filter), total)
    return True


def _useful(view: View, filter: Filter) -> bool:
    found = view.ask(useful, filter, limit=PAGE_ROWS + 1, after=view.state.after)
    total = view.ask(count, filter)
    if not found.left.n and not total.n:
        return False
    explained = _(
        "The model is unsure of these texts and nobody has corrected them: those that most "
        "mentions say come first, one for all that say exactly the same."
    )
    _head(view, filter, _left(found.left), explained, total, shown=found.left.n)
    if found.left.n:
        _page(view, found.rows, f"{USEFUL} {filter!r}", found.left)
    return True


def _left(left: Count) -> str:
    if left.capped:
        return _("More than {n} texts are left to correct", n=i18n.number(left.n))
    if not left.n:
        return _("No text is left to correct here")
    return ngettext("{n} text is left to correct", "{n} texts are left to correct", left.n)


def _head(
    view: View, filter: Filter, text: str, further: str, total: Count, *, shown: int | None = None
) -> None:
    """Draw how many there are, and beside it who reads, and the way to take them along."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="list-head"):
        words.finding(text, further, count=total.n if shown is None else shown)
        if view.settings.login is None:
            _reader()
        export.draw(view, filter, total)


def _reader() -> None:
    with st.popover(
        labels.plain(_("As {name}", name=reader.name())),
        icon=":material/person:",
        type="tertiary",
    ):
        st.text_input(
            _("Your name"),
            key=filters.put("w_reader", reader.name()),
            max_chars=reader.LONGEST,
            help=_("Corrections and cases are kept under it."),
            on_change=lambda: reader.rename(st.session_state["w_reader"]),
        )


def _page(view: View, rows: Sequence[MentionRow], about: str, total: Count) -> None:
    """Draw the cards of a page, of which one more than is shown was asked for."""
    shown, more = rows[:PAGE_ROWS], len(rows) > PAGE_ROWS
    linked = _linked(view, shown)
    if linked is not None:
        words.note(_("A link has opened the first mention below; then the list begins."))
    if not shown:  # an address from before rows were deleted, or typed by hand
        words.note(_("This page of the list is empty."))
    if shown or linked:
        desk.draw(view, shown, name=f"{about} {view.state.after}", total=total, linked=linked)
    _pager(view, about, shown[-1].position if shown and more else None)


def _linked(view: View, shown: Sequence[MentionRow]) -> MentionRow | None:
    """Return the mention that the address opens, where it is not among those shown."""
    id = press.opened(view)
    if id is None or any(row.id == id for row in shown):
        return None
    found = view.ask(get_mentions, [id])
    return found[0] if found else None


def _pager(view: View, about: str, following: Position | None) -> None:
    """Draw the buttons. The trail holds where each page of this list began, to go back."""
    kept: tuple[str, list[Position | None]] = st.session_state.get(_TRAIL, ("", []))
    trail: list[Position | None] = kept[1] if kept[0] == about else [None]
    after = view.state.after
    place = trail.index(after) if after in trail else None
    if place is None and following is None and after is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if after is not None:
            back = trail[place - 1] if place else None
            st.button(
                _("Previous") if place else _("First page"),
                icon=":material/chevron_left:",
                on_click=_move,
                args=(back,),
            )
        if place is not None and (following or place):
            text = escape(_("Page {number}", number=i18n.number(place + 1)))
            st.html(f'<span class="sm-note">{text}</span>', width="content")
        if following is not None:
            st.button(
                _("Next"),
                icon=":material/chevron_right:",
                icon_position="right",
                key="next",
                on_click=_forward,
                args=(about, trail, place, following),
            )


def _forward(
    about: str, trail: list[Position | None], place: int | None, following: Position
) -> None:
    known = trail[: place + 1] if place is not None else [None]
    st.session_state[_TRAIL] = (about, [*known, following])
    _move(following)


def _move(after: Position | None) -> None:
    done.forget()
    filters.move(filters.current().choosing(press.OPEN, None).but(after=after))
