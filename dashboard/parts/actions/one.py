"""One action: the weeks around its day, what is held against them, in whose words."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import lines
from dashboard.charts.events import Event
from dashboard.charts.lines import Point, Series
from dashboard.i18n import _, ngettext
from dashboard.links import linked
from dashboard.parts import cards, frame, tables, words
from dashboard.parts.actions import sentences
from dashboard.parts.shell import View
from insights.actions import ActionEffect, Change
from insights.actions.weekly import Week
from insights.telling import telling
from insights.values import MIN_N, Value
from store.filter import Filter

_WORDS = 3
"""Verbatims of either side."""


def draw(view: View, row: ActionEffect) -> None:
    """Draw what was said around an action."""
    st.header(labels.plain(f"“{row.action.text}”"), anchor=False)
    if row.negative is None:
        words.note(
            _("There are not two whole weeks on both sides of {day}.", day=i18n.day(row.action.day))
        )
        return
    if row.negative.before.n or row.negative.after.n:
        _draw_weeks(view, row)
        _draw_told(view, row)
    _draw_sides(view, row, row.negative)
    if row.negative.before.k or row.negative.after.k:
        _draw_words(view, row, row.negative)


def _draw_weeks(view: View, row: ActionEffect) -> None:
    name = sentences.about(row.action, view.taxonomy)
    title = _("Speak badly")
    series = [Series("own", name, _points(view, row.by_week))]
    if row.comparison is not None:
        other = sentences.against(row.comparison, view.taxonomy)
        series.append(Series("other", other, _points(view, row.comparison.by_week)))
    series.append(
        Series(
            "expected",
            _("to be expected") if row.comparison else _("as before"),
            _expected(row),
            dashed=True,
        )
    )
    day = Event(row.action.day, "action", row.action.text)
    frame.chart(
        view,
        lines.lines(series, [day], title=title, unit="percent", dark=view.dark, height=300),
        key="weeks",
        about=_(
            "Share that speaks badly, week by week before and after the action, and what was to "
            "be expected without it"
        ),
        table=_weeks_table(view, row),
    )
    text = _(
        "Weeks are counted from the day of the action (◆). Grey diamonds: fewer than {least} "
        "mentions in the week.",
        least=MIN_N,
    )
    words.note(text)


def _points(view: View, weeks: Sequence[Week]) -> list[Point]:
    return [
        Point(
            week.start,
            week.end,
            week.negative,
            view.to(week.behind) if week.negative.k else None,
            week.negative.k or None,
        )
        for week in weeks
    ]


def _expected(row: ActionEffect) -> list[Point]:
    """Return what the weeks after the day would have been: as the comparison, or as before."""
    assert row.negative is not None
    value = row.comparison.effect.expected if row.comparison else row.negative.before
    # It is of all the weeks after; the points carry no cases of their own.
    shown = Value(value.value, value.low, value.high, n=value.n)
    return [
        Point(week.start, week.end, shown) for week in row.by_week if week.start >= row.action.day
    ]


def _weeks_table(view: View, row: ActionEffect) -> frame.Table:
    heads = [_("Week"), sentences.about(row.action, view.taxonomy)]
    others: Sequence[Week] = ()
    if row.comparison is not None:
        heads.append(sentences.against(row.comparison, view.taxonomy))
        others = row.comparison.by_week
    rows = []
    for place, week in enumerate(row.by_week):
        cells = [escape(i18n.days(week.start, week.end)), side(view, week.negative, week.behind)]
        if others:
            cells.append(side(view, others[place].negative, others[place].behind))
        rows.append((cells, not week.negative.enough))
    return frame.Table(heads, rows)


def _draw_told(view: View, row: ActionEffect) -> None:
    told = [
        sentences.compared(row.comparison, view.taxonomy)
        if row.comparison
        else _(
            "Nothing went along with it before, so only before and after are compared. Whatever "
            "else changed in these weeks is in the difference too."
        ),
        sentences.trend(row),
    ]
    body = "".join(f"<p>{escape(text)}</p>" for text in told if text)
    st.html(f'<div class="sm-note">{body}</div>')
    if text := sentences.shared(row):
        words.alert(text)


def _draw_sides(view: View, row: ActionEffect, negative: Change) -> None:
    name = sentences.about(row.action, view.taxonomy)
    whole = row.action.touchpoint is None
    lines_ = [
        (
            _("Negative, of all mentions")
            if whole
            else _("Bad, of the mentions of {touchpoint}", touchpoint=name),
            negative,
        )
    ]
    if row.complaints is not None:
        lines_.append(
            (
                _("Complaints, of all mentions")
                if whole
                else _("Complaints about it, of all complaints"),
                row.complaints,
            )
        )
    if row.brand is not None:
        lines_.append((_("Negative, of all mentions of the brand"), row.brand))
    if row.comparison is not None:
        against = sentences.against(row.comparison, view.taxonomy)
        lines_.append((_("Held against: {name}", name=against), row.comparison.negative))
    title = ngettext("{n} week before and after", "{n} weeks before and after", row.weeks)
    st.header(title, anchor=False)
    tables.table(
        ["", _("Before"), _("After"), _("Change, points")],
        [
            (
                [
                    escape(text),
                    side(view, change.before, change.behind_before),
                    side(view, change.after, change.behind_after),
                    escape(sentences.change(change.change)),
                ],
                not (change.before.enough and change.after.enough),
            )
            for text, change in lines_
        ],
    )


def side(view: View, value: Value, behind: Filter) -> str:
    """Return a share with its interval, and a link to its numerator."""
    return tables.counted(value, view.to(behind))


def _draw_words(view: View, row: ActionEffect, negative: Change) -> None:
    st.header(_("In the customers' words"), anchor=False)
    places = st.columns(2)
    for place, title, value, behind in (
        (places[0], _("Bad words before"), negative.before, negative.behind_before),
        (places[1], _("Bad words after"), negative.after, negative.behind_after),
    ):
        with place:
            st.subheader(title, anchor=False)
            n = value.k or 0
            if not n:
                words.note(_("Nobody in these weeks."))
                continue
            cards.draw(view, view.ask(telling, behind, limit=_WORDS))
            read = ngettext("Read the {n} mention", "Read all {n} mentions", n)
            st.html(f'<p class="sm-note">{linked(read, view.to(behind), n)}</p>')
