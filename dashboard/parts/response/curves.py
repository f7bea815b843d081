"""The waiting curve: who still waits after each time."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n
from dashboard.charts import steps, units
from dashboard.i18n import _
from dashboard.parts import frame, tables, words
from dashboard.parts.response.measured import Measured
from dashboard.parts.shell import View
from insights.response.parts import Part
from insights.values import MIN_N, Value

_MARKS = (1, 6, 24, 72, 168, 672)
"""Hours at which the table says who still waits."""


def draw(view: View, found: Measured) -> None:
    """Draw all of them, and of their parts the slowest and the quickest that rest on enough."""
    st.header(_("How long they wait"), anchor=False)
    if not len(found.whole.waiting.at):
        words.note(_("No answer here has a time: how long they waited cannot be told."))
        return
    shown = [found.whole, *_ends(found)]
    frame.chart(
        view,
        steps.steps(
            [_curve(view, found, part) for part in shown],
            title=_("Still waiting"),
            along=_("After"),
            unit="waits",
            dark=view.dark,
        ),
        key="waits",
        about=_("Who still waits for the first answer, by how long it is ago, with 95% intervals"),
        table=frame.Table(
            [_("Still waiting"), *(units.show(hours, "waits") for hours in _MARKS), _("Median")],
            [(_row(found, part), part.waiting.n < MIN_N) for part in shown],
        ),
    )
    words.note(
        _(
            "Whoever still waits counts as having waited so far (Kaplan–Meier). Minutes, hours, "
            "days and weeks have the same room on the axis. The dot on the dashed line: half are "
            "answered by then. Click a curve to read the answered."
        )
    )


def _ends(found: Measured) -> list[Part]:
    known = [part for part in found.parts if part.within.enough and len(part.waiting.at)]
    return known if len(known) <= 2 else [known[-1], known[0]]


def _name(found: Measured, part: Part) -> str:
    if part.name is None:
        return _("All complaints") if found.complaints else _("All mentions")
    return found.names.get(part.name, part.name)


def _curve(view: View, found: Measured, part: Part) -> steps.Curve:
    waiting, answered = part.waiting, part.reply_rate.k or 0
    return steps.Curve(
        part.name or "",
        _name(found, part),
        [
            steps.Step(at / 60, Value(share, low, high, waiting.n))
            for at, share, low, high in zip(
                waiting.at.tolist(),
                waiting.share.tolist(),
                waiting.low.tolist(),
                waiting.high.tolist(),
                strict=True,
            )
        ],
        waiting.longest / 60,
        units.in_hours(waiting.quantile(0.5)),
        view.to(part.behind) if answered else None,
        answered or None,
    )


def _row(found: Measured, part: Part) -> list[str]:
    still = (part.waiting.after(hours * 60) for hours in _MARKS)
    half = tables.wait(part.waiting.quantile(0.5))
    return [escape(_name(found, part)), *(_still(value) for value in still), half]


def _still(value: Value) -> str:
    # Before the first answer everybody waits, and there is no interval to be had.
    return i18n.percent(1) if value.value == 1 else tables.share(value)
