"""What waits now: the complaints that have no answer to this day, the oldest first."""

from __future__ import annotations

import streamlit as st

from dashboard import i18n, links
from dashboard.i18n import _, ngettext
from dashboard.parts import cards, words
from dashboard.parts.response.measured import Measured
from dashboard.parts.shell import View
from insights.response import Response
from insights.values import MIN_N
from store.lists import oldest

_SHOWN = 4


def draw(view: View, found: Measured) -> None:
    """Draw the oldest complaints without an answer, and a link to all."""
    st.header(_("What waits now"), anchor=False)
    response = found.response
    n, behind = response.unanswered.k or 0, response.unanswered_behind
    if behind is None or not response.unanswered.n:
        words.note(
            ngettext(
                "No complaint here is {n} day old yet.",
                "No complaint here is {n} days old yet.",
                response.after_days,
            )
        )
        return
    if not n:
        words.note(
            ngettext(
                "Every complaint that is at least {n} day old has an answer.",
                "Every complaint that is at least {n} days old has an answer.",
                response.after_days,
            )
        )
        return
    words.note(_told(response))
    st.page_link(
        f"views/{links.MENTIONS}.py",
        label=ngettext("Read the {n} that waits", "Read all {n} that wait", n),
        icon=":material/arrow_forward:",
        query_params=links.parameters(view.to(behind)),
    )
    cards.draw(view, view.ask(oldest, behind, limit=_SHOWN))
    if n > _SHOWN:
        words.note(_("The {n} oldest are shown.", n=i18n.number(_SHOWN)))


def _told(response: Response) -> str:
    rate, late = response.unanswered, response.late
    days = ngettext("{n} day", "{n} days", response.after_days)
    text = _(
        "{k} of {n} complaints that are at least {days} old have no answer to this day.",
        k=i18n.number(rate.k or 0),
        n=i18n.number(rate.n),
        days=days,
    )
    if late.value is None or late.low is None or late.high is None or late.n < MIN_N:
        return text
    more = _(
        "Of all complaints an estimated {share} had none within {days} (95% interval {low}–{high}, "
        "n = {n}).",
        share=i18n.percent(late.value),
        low=i18n.percent(late.low),
        high=i18n.percent(late.high),
        n=i18n.number(late.n),
        days=days,
    )
    return f"{text} {more}"
