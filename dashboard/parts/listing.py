"""The parts of the Mentions page: its own filters, the count, the pages."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.i18n import N_, _, ngettext
from dashboard.labels import SENTIMENTS, SYMBOLS
from dashboard.parts import cards, filters, narrowed, words
from dashboard.parts.shell import View
from dashboard.reading import MAX_SEARCH_CHARS
from dashboard.state import NEWEST, ORDERS, USEFUL
from simak.tags import SENTIMENTS as POLARITIES
from store.lists import Count, MentionRow, count, list_mentions
from store.selection import Position
from store.tables import UNPLACED
from store.useful import useful

PAGE_ROWS = 25

_ALL = "all"
_COMPLAINTS = {_ALL: N_("All"), "yes": N_("Complaints"), "no": N_("No complaints")}
_YES = {None: _ALL, True: "yes", False: "no"}
_ORDERS = {NEWEST: N_("Newest first"), USEFUL: N_("Most useful to correct next")}
_TRAIL = "trail"


def draw_filters(view: View) -> None:
    """Draw what narrows the list beyond the filters that every page shares."""
    chosen = view.state.chosen
    st.text_input(
        _("Search in the texts"),
        key=filters.put("w_search", chosen.search or ""),
        placeholder=_('words that all occur, "words in a row", begin*'),
        max_chars=MAX_SEARCH_CHARS,
        icon=":material/search:",
        on_change=lambda: filters.change(search=st.session_state["w_search"].strip() or None),
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.pills(
            _("Sentiment"),
            tuple(SENTIMENTS),
            selection_mode="multi",
            key=filters.put("w_sentiments", list(chosen.sentiments)),
            format_func=lambda key: f"{SYMBOLS[key]} {labels.name(SENTIMENTS, key)}",
            on_change=lambda: filters.change(sentiments=tuple(st.session_state["w_sentiments"])),
        )
        st.segmented_control(
            _("Complaint"),
            tuple(_COMPLAINTS),
            key=filters.put("w_complaint", _YES[chosen.complaint]),
            format_func=lambda key: labels.name(_COMPLAINTS, key),
            required=True,
            on_change=lambda: filters.change(
                complaint={"yes": True, "no": False}.get(st.session_state["w_complaint"])
            ),
        )
        st.multiselect(
            _("Touchpoint"),
            (*view.taxonomy.ids, UNPLACED),
            key=filters.put("w_touchpoints", list(chosen.touchpoints)),
            format_func=lambda id: labels.touchpoint(view.taxonomy, id),
            placeholder=_("All"),
            width=260,
            on_change=_touchpoints_changed,
        )
        if chosen.touchpoints:
            st.segmented_control(
                _("Spoken of"),
                (_ALL, *POLARITIES),
                key=filters.put("w_polarity", chosen.polarity or _ALL),
                format_func=lambda key: (
                    _("All") if key == _ALL else f"{SYMBOLS[key]} {labels.name(SENTIMENTS, key)}"
                ),
                required=True,
                on_change=_polarity_changed,
            )
        st.checkbox(
            _("With stars only"),
            key=filters.put("w_rating", chosen.has_rating),
            on_change=lambda: filters.change(has_rating=st.session_state["w_rating"]),
        )
        st.segmented_control(
            _("Order"),
            ORDERS,
            key=filters.put("w_order", view.state.order),
            format_func=lambda key: labels.name(_ORDERS, key),
            required=True,
            on_change=lambda: filters.move(
                filters.current().but(order=st.session_state["w_order"], after=None)
            ),
        )
    narrowed.draw(view)


def draw_list(view: View) -> bool:
    """Draw the count, one page of cards and the way to the next; False where nothing matches."""
    return _draw_useful(view) if view.state.order == USEFUL else _draw_newest(view)


def _draw_newest(view: View) -> bool:
    filter = view.state.list_filter(view.facets.last)
    total = view.ask(count, filter)
    if not total.n:
        return False
    rows = view.ask(list_mentions, filter, limit=PAGE_ROWS + 1, after=view.state.after)
    text = (
        _("More than {n} mentions", n=i18n.number(total.n))
        if total.capped
        else ngettext("{n} mention", "{n} mentions", total.n)
    )
    words.finding(text, _("newest first"), count=total.n)
    _draw_page(view, rows, repr(filter))
    return True


def _draw_useful(view: View) -> bool:
    filter = view.state.list_filter(view.facets.last)
    found = view.ask(useful, filter, limit=PAGE_ROWS + 1, after=view.state.after)
    if not found.left.n and not view.ask(count, filter).n:
        return False
    words.finding(
        _left(found.left),
        _(
            "The model is unsure of these texts and nobody has corrected them: those that most "
            "mentions say come first, one for all that say exactly the same."
        ),
        count=found.left.n,
    )
    if found.left.n:
        _draw_page(view, found.rows, f"{USEFUL} {filter!r}")
    return True


def _left(left: Count) -> str:
    if left.capped:
        return _("More than {n} texts are left to correct", n=i18n.number(left.n))
    if not left.n:
        return _("No text is left to correct here")
    return ngettext("{n} text is left to correct", "{n} texts are left to correct", left.n)


def _draw_page(view: View, rows: Sequence[MentionRow], about: str) -> None:
    """Draw the cards of a page, of which one more than is shown was asked for."""
    shown, more = rows[:PAGE_ROWS], len(rows) > PAGE_ROWS
    if not shown:  # an address from before rows were deleted, or typed by hand
        words.note(_("This page of the list is empty."))
    else:
        cards.legend()
        cards.draw(view, shown)
    _pager(view, about, shown[-1].position if shown and more else None)


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
                on_click=lambda: filters.move(filters.current().but(after=back)),
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
    filters.move(filters.current().but(after=following))


def _touchpoints_changed() -> None:
    chosen = tuple(st.session_state["w_touchpoints"])
    polarity = filters.current().chosen.polarity if chosen else None
    filters.change(touchpoints=chosen, polarity=polarity, alone=False)


def _polarity_changed() -> None:
    chosen = st.session_state["w_polarity"]
    filters.change(polarity=None if chosen == _ALL else chosen, alone=False)
