"""All segments of a facet: how each complains beside the whole, and where it stands out."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import dots, units
from dashboard.i18n import _, ngettext
from dashboard.links import linked
from dashboard.parts import frame, tables, words
from dashboard.parts.segments import sentences
from dashboard.parts.segments.chosen import Chosen
from dashboard.parts.segments.names import looked_at
from dashboard.parts.shell import View
from insights.segments import SegmentRow, Segments
from insights.values import MIN_N, Value

_MOST = 20
"""Segments drawn; the table has the rest."""


def draw(view: View, chosen: Chosen, result: Segments) -> None:
    """Draw the segments in the order chosen."""
    words.finding(sentences.differing(result), sentences.tested(result) if result.rows else "")
    rows = chosen.ordered(result)
    if rows:
        _chart(view, result, rows)
        _table(view, result, rows)
    n = result.without.n
    if n:
        words.note(
            ngettext(
                "{n} mention has no value of “{facet}” and is in no row.",
                "{n} mentions have no value of “{facet}” and are in no row.",
                n,
                facet=labels.facet(result.facet),
            )
        )


def _chart(view: View, result: Segments, rows: list[SegmentRow]) -> None:
    st.header(_("How much each complains"), anchor=False)
    drawn = [_dot(view, row) for row in rows if row.complaint_rate.value is not None][:_MOST]
    if not drawn:
        words.note(_("Nothing of it is tagged yet."))
        return
    whole = sentences.whole(result)
    frame.chart(
        view,
        dots.dots(
            drawn,
            title=_("Complaint rate"),
            dark=view.dark,
            line=whole.value,
            line_name=_("all: {rate}", rate=i18n.percent(whole.value or 0)),
            about=_("Beside the others"),
        ),
        key="segments",
        about=_("Complaint rate of each segment with its 95% interval, beside that of all"),
    )
    words.note(
        _(
            "Filled: clearly apart from the others. Hollow: cannot be told from them. Grey: fewer "
            "than {least} mentions. Click a dot to read the complaints.",
            least=MIN_N,
        )
    )


def _dot(view: View, row: SegmentRow) -> dots.Dot:
    sign = sentences.clear(row)
    return dots.Dot(
        row.value,
        row.value,
        row.complaint_rate,
        to=view.to(row.behind) if row.complaint_rate.k else None,
        count=row.complaint_rate.k,
        about={1: _("clearly more"), -1: _("clearly less")}.get(sign, ""),
        clear=sign != 0,
    )


def _table(view: View, result: Segments, rows: list[SegmentRow]) -> None:
    tables.table(
        [
            labels.facet(result.facet),
            _("Beside the others"),
            _("Stands out by"),
            _("Mentions"),
            _("Complaints"),
            _("Complaint rate"),
            _("Net sentiment"),
            _("Stars"),
        ],
        [(_cells(view, result, row), not row.complaint_rate.enough) for row in rows],
        text=3,
    )
    if result.segments > len(rows):
        more = result.segments - len(rows)
        text = (
            ngettext("{n} older version is not shown.", "{n} older versions are not shown.", more)
            if _are_newest(result)
            else ngettext(
                "{n} smaller segment is not shown.", "{n} smaller segments are not shown.", more
            )
        )
        words.note(text)


def _are_newest(result: Segments) -> bool:
    """Whether those shown are the newest and not the largest."""
    return result.facet == "version"


def _cells(view: View, result: Segments, row: SegmentRow) -> list[str]:
    text, tone = sentences.against(row.p, row.complaint_rate, row.others)
    n, k = row.volume.n, row.complaint_rate.k or 0
    return [
        looked_at(view, result.facet, row.value),
        f'<span class="{tone}">{escape(text)}</span>',
        _standout(view, row),
        linked(i18n.number(n), view.to(row.behind.but(complaint=None)), n),
        linked(i18n.number(k), view.to(row.behind), k) if k else "0",
        tables.share(row.complaint_rate),
        _measured(row.net_sentiment, "points"),
        _measured(row.stars, "stars"),
    ]


def _standout(view: View, row: SegmentRow) -> str:
    one = row.standout
    if one is None:
        return "–"
    sign = "▲" if (one.difference.value or 0) > 0 else "▼"
    text = _(
        "{sign} {touchpoint}: {here}, others {others}",
        sign=sign,
        touchpoint=labels.touchpoint(view.taxonomy, one.touchpoint),
        here=i18n.percent(one.here.value or 0),
        others=i18n.percent(one.others.value or 0),
    )
    return linked(text, view.to(one.behind), one.here.k) if one.here.k else escape(text)


def _measured(value: Value, unit: units.Unit) -> str:
    if value.value is None:
        return "–"
    shown = units.show(value.value, unit)
    if value.low is None or value.high is None:
        return escape(shown)
    low, high = (units.show(end, unit) for end in (value.low, value.high))
    return tables.with_interval(value, shown, low, high)
