"""The parts of the Overview that compare: the brands side by side, the channels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import bars, units
from dashboard.i18n import _
from dashboard.links import linked
from dashboard.parts import frame, tables, words
from dashboard.parts.shell import View
from insights.reputation import by
from insights.values import MIN_N, Value
from store.filter import Filter

_RIVALS = 8
"""Brands shown beside the reader's own at most."""


def draw_brands(view: View) -> None:
    """Draw the brands side by side, where there is more than one."""
    rivals = view.ask(by, view.filter.but(brands=()), "brand")
    if len(rivals) < 2:
        return
    own = view.state.brand or ""

    def about(name: str) -> Filter:
        return view.filter.but(brands=(name,))

    names = [own, *(name for name in rivals if name != own)][:_RIVALS]
    rows = [
        bars.Bar(
            name,
            name,
            rivals[name]["complaint_rate"],
            to=view.to(about(name).but(complaint=True)),
            count=rivals[name]["complaint_rate"].k,
            said=_said(rivals[name]["complaint_rate"]),
            about=_("net sentiment {value}", value=_net(rivals[name]["net_sentiment"])),
        )
        for name in names
        if name in rivals and rivals[name]["complaint_rate"].value is not None
    ]
    st.header(_("Beside the other brands"), anchor=False)
    if rows:
        frame.chart(
            view,
            bars.ranked(
                rows,
                title=_("Complaint rate"),
                about=_("Net sentiment"),
                dark=view.dark,
                strong=own,
            ),
            key="brands",
            about=_("Complaint rate of each brand with its 95% interval"),
        )
    _table(view, _("Brand"), {name: rivals[name] for name in names if name in rivals}, str, about)


def draw_channels(view: View) -> None:
    """Draw the figures of each channel."""
    st.header(_("By channel"), anchor=False)
    _table(
        view,
        _("Channel"),
        view.ask(by, view.filter, "channel"),
        labels.channel,
        lambda key: view.filter.but(channels=(key,)),
    )


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
