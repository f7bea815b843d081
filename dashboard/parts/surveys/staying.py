"""Who stays and who leaves, from counts of customers, beside what complains meanwhile."""

from __future__ import annotations

from datetime import date, timedelta
from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import lines
from dashboard.charts.theme import records
from dashboard.i18n import _
from dashboard.links import linked
from dashboard.parts import frame, tables, words
from dashboard.parts.shell import View
from dashboard.parts.surveys import sentences
from dashboard.parts.surveys.measured import Measured
from insights import intervals
from insights.reputation import reputation
from insights.surveys import Leaving, Month, Retention
from insights.values import Value
from store.filter import Filter


def draw(view: View, found: Measured) -> None:
    """Draw churn by month above the complaint rate of the same months, and both by segment."""
    kept = found.surveys.retention
    if not kept:
        return
    st.header(_("Who leaves"), anchor=False)
    whole = next((one for one in kept if one.segment is None), None)
    if whole is not None and len(whole.months) > 1:
        _draw_months(view, found, whole)
    _draw_groups(kept)
    _draw_leaving(view, found.surveys.leaving)


def _draw_months(view: View, found: Measured, whole: Retention) -> None:
    st.subheader(_("Churn a month"), anchor=False)
    frame.chart(
        view,
        lines.lines(
            [lines.Series("churn", _("Churn a month"), [_point(one) for one in whole.months])],
            title=_("Churn a month"),
            unit="tenths",
            dark=view.dark,
            height=180,
        ),
        key="churn",
        about=_("Churn by month with its 95% interval"),
        table=frame.Table(
            [_("Month"), _("Churn"), _("Retention"), _("Customers at its start")],
            [
                (
                    [escape(i18n.month(one.month)), _fine(one.churn), _fine(one.retention),
                     i18n.number(one.churn.n)],
                    not one.churn.enough,
                )
                for one in reversed(whole.months)
            ],
        ),
    )  # fmt: skip
    # No word of a survey: who answers one is a customer already.
    others = next((row.behind.sources for row in found.surveys.beside), ())
    days = view.filter.but(
        since=whole.months[0].month, until=_end(whole.months[-1].month), sources=others
    )
    points = _complaints(view, days, whole.months)
    if not any(point.value.n for point in points):
        return
    st.subheader(_("Complaint rate of the same months"), anchor=False)
    frame.chart(
        view,
        lines.lines(
            [lines.Series("complaints", _("Complaint rate"), points)],
            title=_("Complaint rate"),
            unit="percent",
            dark=view.dark,
            height=180,
        ),
        key="complaints",
        about=_("The complaint rate of the same months with its 95% interval"),
        table=frame.Table(
            [_("Month"), _("Complaint rate"), _("Complaints")],
            [
                (
                    [
                        escape(i18n.month(point.start)),
                        tables.share(point.value),
                        linked(i18n.number(point.count or 0), point.to, point.count)
                        if point.to
                        else "–",
                    ],
                    not point.value.enough,
                )
                for point in reversed(points)
            ],
        ),
    )
    words.note(
        _(
            "Above: of the customers at a month’s start, those who left. Below: of the mentions of "
            "the same months, the complaints; click a point to read them. That both move together "
            "is an association: it does not say that complaints make people leave."
        )
    )


def _draw_groups(kept: tuple[Retention, ...]) -> None:
    tables.table(
        [_("Customers"), _("Churn a month"), _("Retention a month"), _("Last month against before"),
         _("Counted")],
        [
            (
                [
                    escape(one.segment or _("All")),
                    _fine(one.churn),
                    _fine(one.retention),
                    _changed(one),
                    i18n.number(one.churn.n),
                ],
                not one.churn.enough,
            )
            for one in kept
        ],
    )  # fmt: skip
    words.note(
        _(
            "Counted: customers at the start of each month, added up. Retention and churn come "
            "from imported counts alone, and are never guessed from what is said."
        )
    )


def _draw_leaving(view: View, rows: tuple[Leaving, ...]) -> None:
    told = [row for row in rows if row.share.n]
    if not told:
        return
    st.subheader(_("What those complain about who say that they leave"), anchor=False)
    tables.table(
        [_("Phase"), _("Speak badly of it"), _("Mentions"), _("Other complaints"), _("Difference")],
        [
            (
                [
                    escape(labels.phase(row.phase)),
                    tables.share(row.share),
                    linked(i18n.number(row.share.k or 0), view.to(row.behind), row.share.k or 0)
                    if row.share.k
                    else "–",
                    tables.share(row.others),
                    _against(row),
                ],
                not row.share.enough,
            )
            for row in told
        ],
    )
    words.note(
        _(
            "Mentions that say they leave, whoever wrote them, in the months counted: it goes with "
            "leaving, and is no proof of it."
        )
    )


def _against(row: Leaving) -> str:
    if row.against.value is None:
        return "–"
    text = _("{change} points", change=i18n.signed(100 * row.against.value))
    clear = row.p is not None and row.p < sentences.UNSURE
    return escape(text if clear else _("{change}, not clear", change=text))


def _changed(one: Retention) -> str:
    if one.change.value is None:
        return "–"
    text = _("{change} points", change=i18n.signed(100 * one.change.value, 1))
    clear = one.p is not None and one.p < sentences.UNSURE
    return escape(text if clear else _("{change}, not clear", change=text))


def _fine(value: Value) -> str:
    """Return a share with its interval to a tenth of a percent: months differ by so little."""
    if value.value is None or value.low is None or value.high is None:
        return "–"
    shown = (i18n.percent(one, 1) for one in (value.value, value.low, value.high))
    return tables.with_interval(value, *shown)


def _complaints(view: View, days: Filter, months: tuple[Month, ...]) -> list[lines.Point]:
    """Return the complaint rate of each of the months, without a value where nothing was said."""
    trend = records(view.ask(reputation, days, every="month").trend)
    said = {row["start"].replace(day=1): row for row in trend}
    found = []
    for month in (one.month for one in months):
        row, end = said.get(month), _end(month)
        if row is None:
            found.append(lines.Point(month, end))
            continue
        k = int(row["complaints"])
        rate = intervals.share(k, int(row["complaint_rate_n"]))
        there = days.but(since=month, until=end, complaint=True)
        found.append(lines.Point(month, end, rate, view.to(there) if k else None, k or None))
    return found


def _point(one: Month) -> lines.Point:
    return lines.Point(one.month, _end(one.month), one.churn)


def _end(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
