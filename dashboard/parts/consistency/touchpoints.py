"""Touchpoint by channel: what was found against what was to be expected."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import matrix, units
from dashboard.i18n import _
from dashboard.parts import frame, tables, words
from dashboard.parts.consistency import sentences
from dashboard.parts.shell import View
from insights.consistency import ChannelCell, Consistency, TouchpointRow
from insights.consistency.answers import MIN_DIFFERENCE
from insights.values import MIN_N, Value


def draw(view: View, found: Consistency) -> None:
    """Draw the map, and the same as a table."""
    st.header(_("Which touchpoint is another experience where"), anchor=False)
    channels = {
        row.channel: labels.channel(row.channel)
        for row in sorted(found.channels, key=lambda row: -row.complaint_rate.n)
    }
    cells = [
        _cell(view, row, cell)
        for row in found.rows
        for cell in row.cells
        if cell.beyond.value is not None
    ]
    table = _table(view, found)
    if not cells:
        words.note(_("No touchpoint is spoken of often enough on two channels to compare."))
        tables.table(table.heads, table.rows, text=table.text)
        return
    frame.chart(
        view,
        matrix.matrix(
            cells,
            rows={row.touchpoint: labels.touchpoint(view.taxonomy, row.touchpoint)
                  for row in found.rows},
            columns=channels,
            title=_("Bad words beyond what was expected, points"),
            unit="points",
            middle=0,
            about=_("Found and expected"),
            dark=view.dark,
        ),
        key="touchpoints",
        about=_(
            "Touchpoint by channel: by how many points more, or fewer, speak badly of it than the "
            "touchpoint elsewhere and the channel otherwise lead to expect"
        ),
        table=table,
        width="content",
    )  # fmt: skip
    words.note(
        _(
            "+10: ten points more speak badly than was to be expected there. Only the strong cells "
            "are more than chance, by {least} points at least, all of them taken into account; "
            "pale ones are not. Grey: fewer than {n} mentions, shown as how many of how many. A "
            "cell opens those who speak badly.",
            least=i18n.number(100 * MIN_DIFFERENCE),
            n=MIN_N,
        )
    )


def _cell(view: View, row: TouchpointRow, cell: ChannelCell) -> matrix.Cell:
    k = cell.negative_rate.k or 0
    beyond = cell.beyond
    return matrix.Cell(
        row.touchpoint,
        cell.channel,
        # How many are behind it is the found share's, not the difference's.
        Value(beyond.value, beyond.low, beyond.high, n=cell.negative_rate.n, k=k),
        view.to(cell.behind) if k else None,
        k or None,
        clear=cell.own,
        about=_found(cell),
    )


def _found(cell: ChannelCell) -> str:
    text = _(
        "found {found}, expected {expected}",
        found=sentences.with_interval(cell.negative_rate),
        expected=units.show(cell.expected.value, "percent"),
    )
    return f"{text}: {sentences.outlying(cell)}" if cell.outlying else text


def _table(view: View, found: Consistency) -> frame.Table:
    rows = []
    for row in found.rows:
        name = escape(labels.touchpoint(view.taxonomy, row.touchpoint))
        verdict = escape(labels.name(sentences.VERDICTS, row.verdict))
        for cell in row.cells:
            said = sentences.outlying(cell)
            tone = cell.outlying or "same"
            rows.append(
                (
                    [
                        name,
                        escape(labels.channel(cell.channel)),
                        f'<span class="{tone}">{escape(said)}</span>' if said else verdict,
                        tables.counted(cell.negative_rate, view.to(cell.behind)),
                        tables.share(cell.expected),
                        escape(_points(cell.beyond)),
                        escape(_points(cell.against_rest)),
                    ],
                    not cell.negative_rate.enough,
                )
            )
    return frame.Table(
        [
            _("Touchpoint"),
            _("Channel"),
            _("Finding"),
            _("Speak badly"),
            _("Expected"),
            _("Beyond, points"),
            _("Against the other channels, points"),
        ],
        rows,
        text=3,
    )


def _points(value: Value) -> str:
    if value.value is None:
        return "–"
    return f"{units.show(value.value, 'points')} ({units.interval(value, 'points')})"
