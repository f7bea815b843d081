"""The figures of each channel, or of each language, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from typing import Literal, cast

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import bars, units
from dashboard.i18n import _
from dashboard.links import linked
from dashboard.parts import filters, frame, tables, words
from dashboard.parts.shell import View
from insights.reputation import by
from insights.values import MIN_N, Value
from store.filter import Filter

BY = ("channel", "language")


def draw(view: View) -> None:
    """Draw the figures by channel or by language, as the reader chooses."""
    chosen = view.choice("by", BY, BY[0])
    titles = {"channel": _("Channel"), "language": _("Text language")}
    names = {"channel": labels.channel, "language": labels.spoken}[chosen]
    fields = {"channel": "channels", "language": "languages"}
    st.header(_("Where and in which language"), anchor=False)
    st.segmented_control(
        _("By"),
        BY,
        key=filters.put("w_by", chosen),
        format_func=titles.__getitem__,
        label_visibility="collapsed",
        required=True,
        on_change=lambda: filters.choose("by", st.session_state["w_by"]),
    )
    parts = view.ask(by, view.filter, cast("Literal['channel', 'language']", chosen))

    def about(key: str) -> Filter:
        return view.filter.but(**{fields[chosen]: (key,)})

    rows = [
        bars.Bar(
            key,
            names(key),
            values["complaint_rate"],
            to=view.to(about(key).but(complaint=True)),
            count=values["complaint_rate"].k,
            said=_said(values["complaint_rate"]),
            about=_("net sentiment {value}", value=_net(values["net_sentiment"])),
        )
        for key, values in parts.items()
        if values["complaint_rate"].value is not None
    ]
    if len(rows) > 1:
        frame.chart(
            view,
            bars.ranked(rows, title=_("Complaint rate"), about=_("Net sentiment"), dark=view.dark),
            key="parts",
            about=_("Complaint rate of each part with its 95% interval"),
        )
    _table(view, titles[chosen], parts, names, about)


def _table(
    view: View,
    title: str,
    parts: Mapping[str, Mapping[str, Value]],
    name: Callable[[str], str],
    behind: Callable[[str], Filter],
) -> None:
    rows = []
    for key, values in parts.items():
        there, rate = behind(key), values["complaint_rate"]
        n, complaints = values["volume"].n, rate.k or 0
        rows.append(
            (
                [
                    escape(name(key)),
                    linked(i18n.number(n), view.to(there), n),
                    linked(i18n.number(complaints), view.to(there.but(complaint=True)), complaints),
                    tables.share(rate),
                    _measured(values["net_sentiment"], "net_sentiment"),
                    _measured(values["stars"], "stars"),
                ],
                not rate.enough,
            )
        )
    tables.table(
        [
            title,
            _("Mentions"),
            _("Complaints"),
            _("Complaint rate"),
            _("Net sentiment"),
            _("Stars"),
        ],
        rows,
    )
    if any(few for _cells, few in rows):
        text = _("Grey rows: fewer than {least} tagged mentions, too few to compare.", least=MIN_N)
        words.note(text)


def _measured(value: Value, metric: str) -> str:
    if value.value is None:
        return "–"
    show = partial(units.show, unit=units.METRIC_UNITS[metric])
    if value.low is None or value.high is None:
        return escape(show(value.value))
    return tables.with_interval(value, show(value.value), show(value.low), show(value.high))


def _said(value: Value) -> str:
    return _("{share} of {n}", share=i18n.percent(value.value or 0), n=i18n.number(value.n))


def _net(value: Value) -> str:
    return "–" if value.value is None else i18n.signed(100 * value.value)
