"""Where the touchpoints are complained of: touchpoint by channel, as shares or as lifts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import matrix
from dashboard.i18n import N_, _
from dashboard.links import linked
from dashboard.parts import filters, frame, words
from dashboard.parts.shell import View
from dashboard.parts.touchpoints.names import looked_at
from insights.lifts import ChannelCell, channel_cells
from insights.touchpoints import Touchpoints
from insights.values import MIN_N

SURE = 0.05

_CELLS = {"share": N_("Share"), "lift": N_("Against the other channels")}


def draw(view: View, result: Touchpoints, shown: Sequence[str]) -> None:
    """Draw touchpoint by channel.

    Where one channel is all there is, there is nothing to see.

    Args:
        shown: the touchpoints, in the order of their rows.
    """
    st.header(_("Where they are said"), anchor=False)
    cells = [cell for cell in channel_cells(result) if cell.touchpoint in shown and cell.share.k]
    if not cells:
        words.note(_("No complaint speaks badly of a touchpoint."))
        return
    sizes = {cell.channel: cell.share.n for cell in cells}
    columns = {name: labels.channel(name) for name in sorted(sizes, key=lambda c: -sizes[c])}
    if len(columns) == 1:
        (name,) = columns.values()
        words.note(_("All of it is from one channel, {name}: nothing to compare.", name=name))
        return
    lifts = _measure(view) == "lift" and any(cell.times.value is not None for cell in cells)
    rows = {id: labels.touchpoint(view.taxonomy, id) for id in shown}
    frame.chart(
        view,
        matrix.matrix(
            [_cell(view, cell, lifts=lifts) for cell in cells],
            rows=rows,
            columns=columns,
            title=_("As often as in the other channels") if lifts else _("Share of complaints"),
            unit="times" if lifts else "percent",
            middle=1.0 if lifts else None,
            dark=view.dark,
        ),
        key="map",
        about=_("Share of each channel's complaints by touchpoint"),
        table=_table(view, cells, shown, columns),
        width="content",
    )
    words.note(_lifts() if lifts else _shares())


def _measure(view: View) -> str:
    chosen = view.choice("cells", tuple(_CELLS), "share")
    st.segmented_control(
        _("Shown in the cells"),
        tuple(_CELLS),
        key=filters.put("w_cells", chosen),
        format_func=lambda key: labels.name(_CELLS, key),
        required=True,
        on_change=lambda: filters.choose(
            "cells", "lift" if st.session_state["w_cells"] == "lift" else None
        ),
    )
    return chosen


def _shares() -> str:
    return _(
        "Each column: of the channel's complaints, how many speak badly of the touchpoint. "
        "Grey: fewer than {least} complaints in the channel, shown as how many of how many.",
        least=MIN_N,
    )


def _lifts() -> str:
    return _(
        "How many times as large a part of the channel's complaints this is as of the other "
        "channels'. Faint: may be chance. Blank: fewer than {least} complaints.",
        least=MIN_N,
    )


def _cell(view: View, cell: ChannelCell, *, lifts: bool) -> matrix.Cell:
    return matrix.Cell(
        cell.touchpoint,
        cell.channel,
        cell.times if lifts else cell.share,
        to=view.to(cell.behind),
        count=cell.share.k,
        clear=not lifts or (cell.p is not None and cell.p < SURE),
    )


def _table(
    view: View, cells: Sequence[ChannelCell], shown: Sequence[str], columns: Mapping[str, str]
) -> frame.Table:
    found = {(cell.touchpoint, cell.channel): cell for cell in cells}
    rows = []
    for id in shown:
        line = [looked_at(view, id)]
        for channel in columns:
            cell = found.get((id, channel))
            line.append(_said(view, cell) if cell else "–")
        rows.append((line, False))
    return frame.Table([_("Touchpoint"), *columns.values()], rows)


def _said(view: View, cell: ChannelCell) -> str:
    k = cell.share.k or 0
    text = linked(i18n.number(k), view.to(cell.behind), k)
    if not cell.share.enough:
        return text
    more = i18n.percent(cell.share.value or 0)
    if cell.times.value is not None:
        more += f" · {i18n.number(cell.times.value, 1)}×"
        more += "" if cell.p is not None and cell.p < SURE else " ?"
    return f"{text} <small>{escape(more)}</small>"
