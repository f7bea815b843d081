"""The figures at the top of Surveys: every question's, and who left."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n
from dashboard.i18n import _, ngettext
from dashboard.links import linked
from dashboard.parts.shell import View
from dashboard.parts.surveys import sentences
from dashboard.parts.surveys.measured import Measured
from insights.surveys import Retention, Score
from insights.values import MIN_N


def draw(view: View, found: Measured) -> None:
    """Draw a card for each question that was asked about the whole, and for all customers."""
    whole = {one.question: one for one in found.surveys.scores if one.touchpoint is None}
    cards = [_asked(view, whole[one]) for one in found.questions.values() if one in whole]
    cards += [_left(one) for one in found.surveys.retention if one.segment is None]
    if cards:
        st.html(f'<div class="sm-figures">{"".join(cards)}</div>')


def _asked(view: View, one: Score) -> str:
    change, tone = sentences.moved(one)
    sure = (
        _(
            "95% interval {interval}, n = {n}",
            interval=sentences.interval(one.value, one.question),
            n=i18n.number(one.value.n),
        )
        if one.value.enough
        else _("n = {n}: fewer than {least}, too few", n=i18n.number(one.value.n), least=MIN_N)
    )
    link = ""
    if one.commented and one.behind is not None:
        text = ngettext(
            "Read {n} text of the unhappy", "Read {n} texts of the unhappy", one.commented
        )
        link = linked(text, view.to(one.behind), one.commented)
    return _card(
        sentences.name(one.question),
        sentences.shown(one.value, one.question),
        change if one.against.value is not None else _("no comparison"),
        tone,
        sure,
        link,
        few=not one.value.enough,
    )


def _left(one: Retention) -> str:
    churn = one.churn
    if churn.value is None or churn.low is None or churn.high is None:
        return ""
    moved, tone = _("no comparison"), "same"
    if one.change.value is not None:
        points = _("{change} points", change=i18n.signed(100 * one.change.value, 1))
        clear = one.p is not None and one.p < sentences.UNSURE
        moved = _("last month {change}", change=points)
        if clear:
            tone = "worse" if one.change.value > 0 else "better"
        else:
            moved = _("{change}, not clear", change=moved)
    sure = _(
        "of the customers at a month’s start; 95% interval {low} to {high}, n = {n}",
        low=i18n.percent(churn.low, 1),
        high=i18n.percent(churn.high, 1),
        n=i18n.number(churn.n),
    )
    return _card(_("Churn a month"), i18n.percent(churn.value, 1), moved, tone, sure, "")


def _card(
    label: str, value: str, change: str, tone: str, rest: str, link: str, *, few: bool = False
) -> str:
    return (
        f'<section class="sm-figure{" few" if few else ""}">'
        f'<span class="label">{escape(label)}</span>'
        f'<span class="value">{escape(value)}</span>'
        f'<span class="change {tone}">{escape(change)}</span>'
        f'<span class="rest">{escape(rest)}</span>{link}</section>'
    )
