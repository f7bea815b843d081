"""Who lets customers wait: the channels or touchpoints by how many are answered within a day."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n
from dashboard.charts import dots
from dashboard.i18n import _
from dashboard.links import linked
from dashboard.parts import frame, tables, words
from dashboard.parts.response.measured import Measured
from dashboard.parts.response.sentences import clear
from dashboard.parts.shell import View
from insights.response.parts import Part
from insights.values import MIN_N
from store.filter import Filter


def draw(view: View, found: Measured) -> None:
    """Draw the parts, the slowest first, beside what holds of all."""
    channels = found.over == "channel"
    st.header(_("Where they wait") if channels else _("What they wait with"), anchor=False)
    drawn = [part for part in found.parts if part.within.value is not None]
    if not drawn:
        words.note(_("Nothing here can be told apart."))
        return
    whole = found.whole.within.value
    frame.chart(
        view,
        dots.dots(
            [_dot(view, found, part) for part in drawn],
            title=_("Answered within a day"),
            dark=view.dark,
            line=whole,
            line_name="" if whole is None else _("all: {share}", share=i18n.percent(whole)),
        ),
        key="places",
        about=(
            _("Share answered within a day by channel, with 95% intervals")
            if channels
            else _("Share answered within a day by touchpoint, with 95% intervals")
        ),
    )
    words.note(
        _(
            "Filled: differs from all others by more than chance explains, looked at together. "
            "Hollow: cannot be told from them. Grey: fewer than {least}. Click a dot to read those "
            "without an answer.",
            least=MIN_N,
        )
        if channels
        else _(
            "A complaint may speak of several touchpoints. Filled: differs from all others by more "
            "than chance explains, looked at together. Hollow: cannot be told from them. Grey: "
            "fewer than {least}. Click a dot to read those without an answer.",
            least=MIN_N,
        )
    )
    tables.table(_heads(found), [_row(view, found, part) for part in (found.whole, *found.parts)])


def _dot(view: View, found: Measured, part: Part) -> dots.Dot:
    name, waiting = _name(found, part), _waiting(part)
    return dots.Dot(
        part.name or "",
        name,
        part.within,
        view.to(part.still) if waiting else None,
        waiting or None,
        clear=clear(part),
    )


def _heads(found: Measured) -> list[str]:
    return [
        _("Channel") if found.over == "channel" else _("Touchpoint"),
        _("Complaints") if found.complaints else _("Mentions"),
        _("Without an answer"),
        _("Answered"),
        _("Reply rate"),
        _("Answered within a day"),
        _("Half of all wait"),
        _("Half of the answered waited"),
    ]


def _row(view: View, found: Measured, part: Part) -> tuple[list[str], bool]:
    def opened(n: int, filter: Filter) -> str:
        return linked(i18n.number(n), view.to(filter), n) if n else i18n.number(0)

    median, of_answered = part.waiting.quantile(0.5), part.median
    cells = [
        escape(_name(found, part)),
        opened(part.reply_rate.n, part.behind.but(replied=None)),
        opened(_waiting(part), part.still),
        opened(part.reply_rate.k or 0, part.behind),
        tables.share(part.reply_rate),
        tables.share(part.within),
        tables.wait(median) if median.value is not None else escape(_("longer than was seen")),
        tables.wait(of_answered),
    ]
    return cells, not part.reply_rate.enough


def _waiting(part: Part) -> int:
    return part.reply_rate.n - (part.reply_rate.k or 0)


def _name(found: Measured, part: Part) -> str:
    return _("All") if part.name is None else found.names.get(part.name, part.name)
