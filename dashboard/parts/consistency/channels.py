"""What each channel is like: how many complain, who is answered, how long the wait is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import dots, units
from dashboard.i18n import _
from dashboard.links import linked
from dashboard.parts import frame, tables, words
from dashboard.parts.shell import View
from insights.consistency import ChannelRow, Consistency
from insights.consistency.answers import AnswerRow
from insights.values import MIN_N, Value


def draw(view: View, found: Consistency, answers: Sequence[AnswerRow]) -> None:
    """Draw the channels side by side."""
    st.header(_("How each channel answers"), anchor=False)
    table = _table(view, found.channels, {row.channel: row for row in answers})
    rows = sorted(answers, key=lambda row: row.reply_rate.value or 0)
    if rows:
        frame.chart(
            view,
            dots.dots(
                [
                    dots.Dot(
                        row.channel,
                        labels.channel(row.channel),
                        row.reply_rate,
                        view.to(row.behind) if row.reply_rate.k else None,
                        row.reply_rate.k or None,
                        about=units.cases(row.reply_rate),
                        clear=row.rate is not None,
                    )
                    for row in rows
                ],
                title=_("Complaints that were answered"),
                dark=view.dark,
                about=_("Answered"),
            ),
            key="answers",
            about=_("Share of each channel's complaints that were answered, with 95% intervals"),
        )
        words.note(
            _(
                "Filled: clearly unlike the other channels together. Grey: fewer than {least} "
                "complaints.",
                least=MIN_N,
            )
        )
    else:
        words.note(
            _(
                "No answer of the brand has come with any of these mentions, so nothing can be "
                "said of answering. Answers come with app stores, help desks and chats that are "
                "collected with them."
            )
        )
    tables.table(table.heads, table.rows, text=table.text)


def _table(view: View, rows: Sequence[ChannelRow], answers: dict[str, AnswerRow]) -> frame.Table:
    lines = []
    for row in sorted(rows, key=lambda row: -row.complaint_rate.n):
        there, n = row.behind.but(complaint=None), row.complaint_rate.n
        k = row.complaint_rate.k or 0
        tagged = there.but(sentiments=("negative", "neutral", "positive"))
        cells = [
            escape(labels.channel(row.channel)),
            linked(i18n.number(n), view.to(tagged), n),
            linked(i18n.number(k), view.to(row.behind), k),
            tables.share(row.complaint_rate),
            *_answered(view, answers.get(row.channel)),
        ]
        lines.append((cells, not row.complaint_rate.enough))
    return frame.Table(
        [
            _("Channel"),
            _("Tagged mentions"),
            _("Complaints"),
            _("Complaint rate"),
            _("Answered, of the complaints"),
            _("Half of them within"),
        ],
        lines,
    )


def _answered(view: View, row: AnswerRow | None) -> list[str]:
    if row is None:
        text = _("no answer ever seen")
        nothing = f'<span class="few">{escape(text)}</span>'
        return [nothing, "–"]
    k = row.reply_rate.k or 0
    said = {"more": _("more than elsewhere"), "fewer": _("fewer than elsewhere")}
    fast = {"slower": _("slower than elsewhere"), "faster": _("faster than elsewhere")}
    answered = f"{tables.share(row.reply_rate)} · {linked(i18n.number(k), view.to(row.behind), k)}"
    if row.rate:
        tone = "better" if row.rate == "more" else "worse"
        answered += f' <span class="{tone}">{escape(said[row.rate])}</span>'
    wait = within(row.median)
    if row.speed:
        tone = "better" if row.speed == "faster" else "worse"
        wait += f' <span class="{tone}">{escape(fast[row.speed])}</span>'
    return [answered, wait]


def within(median: Value) -> str:
    """Return a wait in hours with its interval and n, as HTML."""
    if median.value is None:
        return "–"
    ends = escape(units.interval(units.in_hours(median), "hours"))
    return f"{escape(hours(median))} <small>({ends}, n = {i18n.number(median.n)})</small>"


def hours(median: Value) -> str:
    """Return a wait of minutes in hours, as text."""
    return units.show(units.in_hours(median).value, "hours")
