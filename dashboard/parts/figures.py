"""The four figures at the top of Reputation: value, change, interval, n, and what is behind."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from dashboard import i18n, labels, sentences
from dashboard.charts import units
from dashboard.i18n import _
from dashboard.labels import METRICS
from dashboard.links import linked
from dashboard.parts.shell import View
from insights.reputation import Reputation
from insights.values import Value
from simak.tags import SENTIMENTS
from store.filter import Filter

_ORDER = ("volume", "complaint_rate", "net_sentiment", "stars")


def draw(view: View, result: Reputation) -> None:
    """Draw the figures of `result`."""
    cards = "".join(
        _card(
            view,
            metric,
            result.now[metric],
            result.change.get(metric),
            result.before[metric] if result.before else None,
            result.corrected.get(metric),
        )
        for metric in _ORDER
    )
    st.html(f'<div class="sm-figures">{cards}</div>')


def behind(filter: Filter, metric: str) -> Filter:
    """Return the mentions behind a figure: as many mentions as its n, or its numerator."""
    if metric == "volume":
        return filter
    if metric == "complaint_rate":
        return filter.but(complaint=True)
    if metric == "net_sentiment":
        return filter.but(sentiments=SENTIMENTS)
    return filter.but(has_rating=True)


def _card(
    view: View,
    metric: str,
    value: Value,
    change: Value | None,
    before: Value | None,
    corrected: Value | None,
) -> str:
    few = metric != "volume" and not value.enough
    shown = "–"
    if value.value is not None:
        shown = units.show(value.value, units.METRIC_UNITS[metric])
    rest = _rest(metric, value, view.filter, change)
    moved, tone = sentences.change(metric, change, before)
    link = ""
    if value.n:
        count = (value.k if metric == "complaint_rate" else value.n) or 0
        text = _("Read {n}", n=i18n.number(count))
        link = linked(text, view.to(behind(view.filter, metric)), count)
    return (
        f'<section class="sm-figure{" few" if few else ""}" data-metric="{metric}">'
        f'<span class="label">{escape(labels.name(METRICS, metric))}</span>'
        f'<span class="value">{escape(shown)}</span>'
        f'<span class="change {tone}">{escape(moved)}</span>'
        f'<span class="rest">{escape(rest)}</span>{_corrected(metric, corrected)}{link}</section>'
    )


def _corrected(metric: str, value: Value | None) -> str:
    """Say what would be counted without the model's errors."""
    if value is None or value.value is None or value.low is None or value.high is None:
        return ""
    show = partial(units.show, unit=units.METRIC_UNITS[metric])
    text = _(
        "corrected: {value} ({interval})",
        value=show(value.value),
        interval=i18n.between(show(value.low), show(value.high)),
    )
    why = _("Estimated from how often the model was wrong on texts whose labels are known.")
    return f'<span class="rest" title="{escape(why)}">{escape(text)}</span>'


def _rest(metric: str, value: Value, filter: Filter, change: Value | None) -> str:
    if metric == "volume":
        compared = change is not None and change.value is not None
        if not compared or filter.since is None or filter.until is None:
            return _("in this selection")
        return _(
            "compared with the {days} days before",
            days=i18n.number((filter.until - filter.since).days + 1),
        )
    return sentences.sureness(metric, value)
