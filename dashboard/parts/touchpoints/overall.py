"""All touchpoints: what to fix first, the ranking, where, how badly, how they move, whose words."""

from __future__ import annotations

import streamlit as st

from dashboard import i18n, labels, links, sentences
from dashboard.i18n import _
from dashboard.parts import cards, words
from dashboard.parts.shell import View
from dashboard.parts.touchpoints import ranking, spread, trends, where
from dashboard.parts.touchpoints.chosen import Chosen
from dashboard.parts.touchpoints.names import PAGE
from dashboard.parts.touchpoints.sentences import first, themes_of
from insights.drivers import drivers
from insights.priorities import Priorities, priorities
from insights.themes.reading import themes
from insights.touchpoints import Touchpoints, examples
from store.lists import count


def draw(view: View, chosen: Chosen, result: Touchpoints) -> None:
    """Draw the touchpoints of the owner chosen, by the rank chosen."""
    found = view.ask(priorities, view.taxonomy, view.filter, by=chosen.rank, owner=chosen.owner)
    words.finding(first(found, view.taxonomy), _further(view, found, result))
    if not found.complaints.n:
        return
    if chosen.rank == "impact":
        weighed = view.ask(drivers, view.taxonomy, view.filter).parts[0]
        ranking.draw_impacts(view, found, weighed)
    else:
        ranking.draw_shares(view, found, result)
    owned = [row for row in result.rows if chosen.owner in (None, row.owner)]
    shown = [row.id for row in owned if row.complaint_share.k]
    if shown:
        where.draw(view, result, shown)
        spread.draw(view, result.rows, {row.id for row in owned})
        trends.draw_many(view, shown)
        _words(view, found.rows[0].id if found.rows else shown[0])


def _further(view: View, found: Priorities, result: Touchpoints) -> str:
    """Say what the first is about, and what moved."""
    told = []
    if found.first is not None:
        bad = view.filter.but(touchpoints=(found.first.id,), polarity="negative")
        told.append(themes_of(view.ask(themes, bad)))
    if found.owner is None:
        told.append(sentences.moved(result, view.taxonomy) or "")
    return " ".join(filter(None, told))


def _words(view: View, id: str) -> None:
    name = labels.touchpoint(view.taxonomy, id)
    st.header(_("In the customers' words: {name}", name=name), anchor=False)
    blames = ranking.blamed(view.filter, id)
    rows = view.ask(examples, view.filter, id)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.page_link(
            f"views/{PAGE}.py",
            label=_("Look closer at {name}", name=labels.plain(name)),
            icon=":material/zoom_in:",
            query_params=view.state.shared().choosing("about", id).query(),
        )
        st.page_link(
            f"views/{links.MENTIONS}.py",
            label=_("Read all {n}", n=i18n.number(view.ask(count, blames).n)),
            icon=":material/arrow_forward:",
            query_params=links.parameters(view.to(blames)),
        )
    cards.legend()
    cards.draw(view, rows)
