"""How much each brand is spoken of, and how."""

from __future__ import annotations

from datetime import timedelta
from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import bars, lines, units
from dashboard.i18n import _, ngettext
from dashboard.labels import METRICS
from dashboard.links import linked
from dashboard.parts import filters, frame, several, shell, tables, words
from dashboard.parts.shell import View
from insights.share_of_voice import BrandVoice, Month, Voice, share_of_voice
from insights.values import MIN_N, Value
from simak.tags import SENTIMENTS as POLARITIES

UNSURE = 0.05
"""From this chance on a difference is not told as one."""

_LINES = 5
_NAMED = 4
"""Brands that a sentence names."""

_FIGURES = ("share", "complaint_rate", "net_sentiment")


def measure(view: View) -> Voice:
    """Let the reader choose the rivals, and return how the brands stand; the run may end here."""
    others = [name for name in view.brands if name != view.state.brand]
    if not others:
        shell.empty(
            _("There is only one brand in the store"),
            escape(_("Import or collect what is said of a rival, under the rival’s name.")),
            f"<code>{escape('simak import FILE --brand NAME')}</code>",
        )
        st.stop()
    several.choose(view, "rivals", others, label=_("Rivals"), none=_("all"))
    chosen = several.chosen(view, "rivals", others) or tuple(others)
    asked = view.filter.but(brands=(view.state.brand or "", *chosen))
    found = view.ask(share_of_voice, view.taxonomy, asked)
    if not any(row.share.k for row in found.brands):
        shell.nothing_matches(view)
    return found


def draw_finding(found: Voice) -> None:
    """Say how much of what was collected is about the brand, and how it stands."""
    own, *rivals = found.brands
    share = own.share
    text = ngettext(
        "{share} of what was collected of {n} brand is about {brand} (95% interval {low}–{high}, "
        "n = {all}).",
        "{share} of what was collected of {n} brands is about {brand} (95% interval {low}–{high}, "
        "n = {all}).",
        len(found.brands),
        share=i18n.percent(share.value or 0),
        brand=own.brand,
        low=i18n.percent(share.low or 0),
        high=i18n.percent(share.high or 0),
        all=i18n.number(share.n),
    )
    words.finding(text, " ".join(_compared(own, rivals)))


def _compared(own: BrandVoice, rivals: list[BrandVoice]) -> list[str]:
    told = []
    clear = [row for row in rivals if row.p.get("complaint_rate", 1) < UNSURE]
    for form, names in (
        (
            _("Complaints are clearly rarer than at {names}."),
            [row.brand for row in clear if (row.against["complaint_rate"].value or 0) > 0],
        ),
        (
            _("Complaints are clearly more frequent than at {names}."),
            [row.brand for row in clear if (row.against["complaint_rate"].value or 0) < 0],
        ),
    ):
        if names:
            told.append(form.format(names=", ".join(names)))
    if not told and any(row.p for row in rivals):
        told.append(_("The complaint rates differ no more than chance explains."))
    apart = [row.brand for row in rivals if row.share.k and not row.against]
    if len(apart) > _NAMED:
        n = len(apart) - _NAMED
        apart = [*apart[:_NAMED], ngettext("{n} more", "{n} more", n)]
    if apart:
        told.append(
            _(
                "Not compared with {brand}, as most of it is from other months or channels: "
                "{names}.",
                brand=own.brand,
                names=", ".join(apart),
            )
        )
    return [*told, _("Shares are of what was collected, not of all that was said.")]


def draw_share(view: View, found: Voice) -> None:
    """Draw the share of each brand, and its figures as a table."""
    st.header(_("Share of voice"), anchor=False)
    rows = [
        bars.Bar(
            row.brand,
            row.brand,
            row.share,
            to=view.to(row.behind),
            count=row.share.k,
            about=_("without copied texts {share}", share=_plain(row.without_copies)),
        )
        for row in sorted(found.brands, key=lambda row: -(row.share.k or 0))
        if row.share.k
    ]
    frame.chart(
        view,
        bars.ranked(
            rows,
            title=_("Share of voice"),
            about=_("Copied texts"),
            dark=view.dark,
            strong=view.state.brand,
            tone="positive",
        ),
        key="voice",
        about=_("Share of voice of each brand with its 95% interval"),
    )
    _table(view, found)


def _table(view: View, found: Voice) -> None:
    rows = [
        (
            [
                escape(row.brand),
                linked(i18n.number(row.share.k or 0), view.to(row.behind), row.share.k),
                tables.share(row.share),
                _measured(row.complaint_rate, row, "complaint_rate"),
                linked(
                    i18n.number(row.complaint_rate.k or 0),
                    view.to(row.behind_complaints),
                    row.complaint_rate.k or 0,
                ),
                _measured(row.net_sentiment, row, "net_sentiment"),
                i18n.percent(row.alike),
            ],
            not row.complaint_rate.enough,
        )
        for row in found.brands
    ]
    tables.table(
        [
            _("Brand"),
            _("Mentions"),
            _("Share of voice"),
            _("Complaint rate"),
            _("Complaints"),
            _("Net sentiment"),
            _("Alike"),
        ],
        rows,
    )
    words.note(
        _(
            "▲ ▼ more or less than {brand}, and more than chance explains. Alike: how far the "
            "mentions come from the same months and channels as those of {brand}; below half the "
            "two are not compared. Grey rows: fewer than {least} tagged mentions.",
            brand=found.brands[0].brand,
            least=MIN_N,
        )
    )


def _measured(value: Value, row: BrandVoice, metric: str) -> str:
    unit = units.METRIC_UNITS[metric]
    if value.value is None or value.low is None or value.high is None:
        return "–"
    sign = ""
    if row.p.get(metric, 1) < UNSURE:
        sign = "▲ " if (row.against[metric].value or 0) > 0 else "▼ "
    shown, low, high = (units.show(one, unit) for one in (value.value, value.low, value.high))
    return sign + tables.with_interval(value, shown, low, high)


def draw_trend(view: View, found: Voice) -> None:
    """Draw a figure of the brands month by month."""
    st.header(_("Over time"), anchor=False)
    months = sorted({row.month for row in found.trend})
    if len(months) < 2:
        words.note(_("All of it is of one month: no trend."))
        return
    figure = view.choice("figure", _FIGURES, _FIGURES[0])
    names = {"share": _("Share of voice")} | {
        key: labels.name(METRICS, key) for key in _FIGURES[1:]
    }
    st.segmented_control(
        _("Figure"),
        _FIGURES,
        key=filters.put("w_figure", figure),
        format_func=names.__getitem__,
        required=True,
        on_change=lambda: filters.choose("figure", st.session_state["w_figure"]),
    )
    own, *rivals = (row.brand for row in found.brands)
    series = []
    for brand in (own, *rivals[: _LINES - 1]):
        points = _points(view, found, brand, figure)
        if any(point.value.value is not None for point in points):
            series.append(lines.Series(brand, brand, points))
    if series:
        frame.chart(
            view,
            lines.lines(
                series,
                title=names[figure],
                unit="points" if figure == "net_sentiment" else "percent",
                dark=view.dark,
                height=300,
            ),
            key="months",
            about=_("{figure} of each brand by month with its 95% interval", figure=names[figure]),
        )
    if len(rivals) >= _LINES:
        words.note(
            _(
                "Drawn: the {n} rivals with the most mentions. Choose others above.",
                n=i18n.number(_LINES - 1),
            )
        )


def _points(view: View, found: Voice, brand: str, figure: str) -> list[lines.Point]:
    """Return every month of all brands, empty where the brand was not collected (yet)."""
    of = {row.month: row for row in found.trend if row.brand == brand}
    collected = [month for month, row in of.items() if row.share.k]
    points = []
    month, last = min(row.month for row in found.trend), max(row.month for row in found.trend)
    while month <= last:
        after = (month + timedelta(days=31)).replace(day=1)
        row = of.get(month)
        if row is not None and collected and collected[0] <= month <= collected[-1]:
            points.append(_point(view, row, figure))
        else:
            points.append(lines.Point(month, after - timedelta(days=1)))
        month = after
    return points


def _point(view: View, row: Month, figure: str) -> lines.Point:
    value: Value = getattr(row, figure)
    behind, n = row.behind, row.share.k or 0
    if figure == "complaint_rate":
        behind, n = behind.but(complaint=True), value.k or 0
    elif figure == "net_sentiment":
        behind, n = behind.but(sentiments=POLARITIES), value.n
    assert behind.since is not None
    assert behind.until is not None
    return lines.Point(behind.since, behind.until, value, view.to(behind) if n else None, n)


def _plain(value: Value) -> str:
    return "–" if value.value is None else i18n.percent(value.value)
