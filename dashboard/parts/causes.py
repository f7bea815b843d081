"""The parts of the Touchpoints page: the ranking, the map by channel, the customers' words."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from dashboard import i18n, labels, sentences
from dashboard.charts import bars, heatmap
from dashboard.i18n import _
from dashboard.parts import cards, filters, picks, tables, words
from dashboard.parts.shell import MENTIONS, View
from dashboard.state import State
from insights.touchpoints import TouchpointRow, Touchpoints
from insights.values import MIN_N
from store.tables import UNPLACED


def blamed(state: State, touchpoint: str) -> State:
    """Return the list of the complaints that speak badly of a touchpoint."""
    return state.shared().but(touchpoint=touchpoint, polarity="negative", complaint=True)


def cell(state: State, mark: Mapping[str, Any]) -> State:
    """Return the list behind a cell of the map."""
    return blamed(state, str(mark["touchpoint"])).but(channels=(str(mark["channel"]),))


def draw_ranking(view: View, result: Touchpoints) -> None:
    """Draw the touchpoints by their share of the complaints."""
    st.header(_("What is behind the complaints"), anchor=False)
    rows = [_bar(view, row) for row in result.rows if row.complaint_share.k]
    if result.unplaced.k:
        rows.append(bars.Bar(UNPLACED, labels.touchpoint(view.taxonomy, UNPLACED), result.unplaced))
    if not rows:  # they name touchpoints that the taxonomy no longer has
        words.note(_("No complaint names a touchpoint."))
        return
    picks.chart(
        bars.ranked(
            rows,
            title=_("Share of complaints"),
            about=_("Phase · owner"),
            counted=_("Complaints"),
            dark=view.dark,
        ),
        key="ranking",
        opens=lambda mark: blamed(view.state, str(mark["key"])),
        description=_("Touchpoints by their share of the complaints, with 95% intervals"),
    )
    text = _(
        "One complaint may name several touchpoints, so the shares add up to more than 100%. "
        "▲▼: points against the period before, where the change is clear. Click a bar to read "
        "its complaints."
    )
    if result.complaints < MIN_N:
        text = _(
            "Only {n} complaints: fewer than {least}, too few to rank.",
            n=i18n.number(result.complaints),
            least=MIN_N,
        )
    words.note(text)
    with st.expander(_("The same as a table, with phase and owner")):
        _table(view, result)


def draw_map(view: View, result: Touchpoints) -> None:
    """Draw touchpoint by channel."""
    st.header(_("Where they are said"), anchor=False)
    order = [row.id for row in result.rows if row.complaint_share.k]
    if not order:
        words.note(_("No complaint names a touchpoint."))
        return
    picks.chart(
        heatmap.heatmap(
            result.by_channel,
            touchpoints={id: labels.touchpoint(view.taxonomy, id) for id in order},
            channels={c: labels.channel(c) for c in set(result.by_channel["channel"])},
            order=order,
            dark=view.dark,
        ),
        key="map",
        opens=lambda mark: cell(view.state, mark),
        description=_("Share of each channel's complaints by touchpoint"),
        width="content",
    )
    text = _(
        "Each column: of the channel's complaints, how many speak badly of the touchpoint. "
        "Grey: fewer than {least} complaints in the channel, shown as how many of how many.",
        least=MIN_N,
    )
    words.note(text)
    with st.expander(_("The same as a table")):
        _map_table(view, result, order)


def draw_examples(view: View, result: Touchpoints) -> None:
    """Draw telling complaints about the touchpoint that the reader chooses."""
    st.header(_("In the customers' words"), anchor=False)
    choices = [row.id for row in result.rows if row.complaint_share.k]
    if not choices:
        words.note(_("No complaint names a touchpoint."))
        return
    chosen = view.state.touchpoint if view.state.touchpoint in choices else choices[0]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Touchpoint"),
            choices,
            key=filters.put("w_example", chosen),
            format_func=lambda id: labels.touchpoint(view.taxonomy, id),
            width=320,
            on_change=lambda: filters.change(touchpoint=st.session_state["w_example"]),
        )
        count = next(row.complaint_share.k or 0 for row in result.rows if row.id == chosen)
        st.page_link(
            MENTIONS,
            label=_("Read all {n}", n=i18n.number(count)),
            icon=":material/arrow_forward:",
            query_params=blamed(view.state, chosen).query(),
        )
    cards.legend()
    cards.draw(view, view.queries.examples(view.filter, chosen))


def _bar(view: View, row: TouchpointRow) -> bars.Bar:
    share = row.complaint_share
    said = i18n.percent(share.value or 0)
    move = row.change.value if row.change is not None else None
    if share.enough and move is not None and sentences.is_clear(row.change):
        said += f" {sentences.arrow(move)} {i18n.signed(100 * move)}"
    return bars.Bar(
        row.id,
        labels.touchpoint(view.taxonomy, row.id),
        share,
        said=said,
        about=f"{labels.phase(row.phase)} · {labels.owner(row.owner)}",
    )


def _table(view: View, result: Touchpoints) -> None:
    rows = []
    for row in result.rows:
        about = view.state.shared().but(touchpoint=row.id)
        text, tone = sentences.change("complaint_rate", row.change)
        rows.append(
            (
                [
                    escape(labels.touchpoint(view.taxonomy, row.id)),
                    escape(labels.phase(row.phase)),
                    escape(labels.owner(row.owner)),
                    tables.linked(
                        i18n.number(row.complaint_share.k or 0), blamed(view.state, row.id)
                    ),
                    tables.share(row.complaint_share),
                    f'<span class="{tone}">{escape(text)}</span>',
                    tables.linked(i18n.number(row.mentions), about),
                    tables.linked(
                        i18n.number(row.negative_rate.k or 0), about.but(polarity="negative")
                    ),
                    tables.share(row.negative_rate),
                ],
                not row.complaint_share.enough,
            )
        )
    if result.unplaced.k:
        unplaced = tables.linked(i18n.number(result.unplaced.k), blamed(view.state, UNPLACED))
        name = escape(labels.touchpoint(view.taxonomy, UNPLACED))
        cells = [name, "–", "–", unplaced, tables.share(result.unplaced), *["–"] * 4]
        rows.append((cells, not result.unplaced.enough))
    tables.table(
        [
            _("Touchpoint"),
            _("Phase"),
            _("Owner"),
            _("Complaints"),
            _("Share of complaints"),
            _("Change"),
            _("Mentions"),
            _("Negative"),
            _("Negative rate"),
        ],
        rows,
        text=3,
    )


def _map_table(view: View, result: Touchpoints, order: list[str]) -> None:
    found = {
        (str(row["touchpoint"]), str(row["channel"])): int(row["complaints"])
        for _place, row in result.by_channel.iterrows()
    }
    channels = sorted({channel for _id, channel in found}, key=labels.channel)
    rows = []
    for id in order:
        cells = [escape(labels.touchpoint(view.taxonomy, id))]
        for channel in channels:
            n = found.get((id, channel), 0)
            there = cell(view.state, {"touchpoint": id, "channel": channel})
            cells.append(tables.linked(i18n.number(n), there) if n else "–")
        rows.append((cells, False))
    tables.table([_("Touchpoint"), *(labels.channel(c) for c in channels)], rows)
