"""What stood out in the new days, with what made it and in whose words."""

from __future__ import annotations

from html import escape
from textwrap import shorten

import streamlit as st

from dashboard import i18n, labels
from dashboard.i18n import _, ngettext
from dashboard.links import linked
from dashboard.markup import filled
from dashboard.parts import words
from dashboard.parts.marked import about
from dashboard.parts.shell import View
from dashboard.parts.today import why
from dashboard.parts.today.asked import News
from insights.brief import Happened
from insights.spikes import Finding
from store.lists import MentionRow

_QUOTE = 220
"""Characters of a verbatim."""


def draw(view: View, found: News) -> None:
    """Draw what stood out, strongest first."""
    more = len(found.spikes.events) - len(found.events)
    not_collected = found.spikes.not_collected
    if found.events:
        st.header(_("What stood out"), anchor=False)
        st.html("".join(_event(view, one) for one in found.events))
    if more:
        text = ngettext(
            "{n} weaker one is marked in the trend of the page Reputation.",
            "{n} weaker ones are marked in the trend of the page Reputation.",
            more,
        )
        words.note(text)
    if not_collected:
        text = ngettext(
            "On {n} of these days not all sources were collected ({days}): a quiet day there is "
            "no quiet customer.",
            "On {n} of these days not all sources were collected ({days}): a quiet day there is "
            "no quiet customer.",
            len(not_collected),
            days=i18n.days(not_collected[0], not_collected[-1]),
        )
        words.alert(text)


def _event(view: View, one: Happened) -> str:
    tone = "negative" if one.bad else "positive"
    return (
        f'<article class="sm-card {tone} sm-event"><h3>{_title(view, one.event.head)}</h3>'
        f"<p>{' '.join(why.sentences(view, one))}</p>{_quotes(one.verbatims)}</article>"
    )


def _title(view: View, head: Finding) -> str:
    n = head.seen.k or 0
    form = (
        _("{about}: {seen} on {days}, where {expected} were to be expected")
        if head.kind == "spike"
        else _("{about}: a new level since {day}, {seen} until {until} where {expected} were usual")
    )
    return filled(
        form,
        about=escape(about(view, head)),
        seen=linked(ngettext("{n} mention", "{n} mentions", n), view.to(head.behind), n),
        days=escape(i18n.days(head.since, head.until)),
        day=escape(i18n.day(head.since)),
        until=escape(i18n.day(head.until)),
        expected=i18n.number(
            head.expected.value or 0, 0 if (head.expected.value or 0) >= 10 else 1
        ),
    )


def _quotes(rows: tuple[MentionRow, ...]) -> str:
    return "".join(
        f'<blockquote dir="auto">{escape(shorten(row.text, _QUOTE, placeholder=" …"))}'
        f"<small>{escape(labels.channel(row.channel))}</small></blockquote>"
        for row in rows
    )
