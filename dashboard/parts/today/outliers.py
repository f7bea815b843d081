"""What stood out in the new days, with what made it and in whose words."""

from __future__ import annotations

from collections.abc import Iterator
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
from insights.brief import Happened
from insights.spikes import Finding
from insights.today import StoodOut
from store.lists import MentionRow

_WORDS, _ALSO = 5, 4
_QUOTE = 220
"""Characters of a verbatim."""


def draw(view: View, found: StoodOut) -> None:
    """Draw what stood out, strongest first."""
    if found.events:
        st.header(_("What stood out"), anchor=False)
        st.html("".join(_event(view, one) for one in found.events))
    if found.more:
        text = ngettext(
            "{n} weaker one is marked in the trend of the page Reputation.",
            "{n} weaker ones are marked in the trend of the page Reputation.",
            found.more,
        )
        words.note(text)
    if found.not_collected:
        text = ngettext(
            "On {n} of these days not all sources were collected ({days}): a quiet day there is "
            "no quiet customer.",
            "On {n} of these days not all sources were collected ({days}): a quiet day there is "
            "no quiet customer.",
            len(found.not_collected),
            days=i18n.days(found.not_collected[0], found.not_collected[-1]),
        )
        words.alert(text)


def _event(view: View, one: Happened) -> str:
    tone = "negative" if one.bad else "positive"
    return (
        f'<article class="sm-card {tone} sm-event"><h3>{_title(view, one.event.head)}</h3>'
        f"<p>{' '.join(_why(view, one))}</p>{_quotes(one.verbatims)}</article>"
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


def _why(view: View, one: Happened) -> Iterator[str]:
    head, why = one.event.head, one.why
    rose = (head.ratio.value or 0) > 1
    yield filled(
        _(
            "{ratio} times the usual (95% interval {low}–{high}), {strength} standard deviations "
            "from it; known since the evening of {day}."
        ),
        ratio=i18n.number(head.ratio.value or 0, 1),
        low=i18n.number(head.ratio.low or 0, 1),
        high=i18n.number(head.ratio.high or 0, 1),
        strength=i18n.number(one.event.strength, 1),
        day=escape(i18n.day(one.event.known)),
    )
    if why.collection.changed:
        yield escape(_("What is collected has changed, and that explains it."))
    if why.copied:
        yield escape(_("Copied texts explain it."))
    said = [
        f"“{linked(told.word.word, view.to(told.behind), told.seen.k)}” "
        f"({i18n.number(told.seen.k or 0)})"
        for told in why.words[:_WORDS]
    ]
    if said and rose:
        yield filled(_("Said more often than before: {words}."), words=", ".join(said))
    mostly = [
        f"{linked(labels.touchpoint(view.taxonomy, part.name), view.to(part.behind), part.seen.k)} "
        f"({i18n.number(part.seen.k or 0)})"
        for part in why.touchpoints
        if part.excess > 0
    ][:_ALSO]
    if mostly:
        yield filled(_("Mostly about: {names}."), names=", ".join(mostly))
    also = [
        f"{linked(about(view, other), view.to(other.behind), other.seen.k)} "
        f"({i18n.number(other.seen.k or 0)})"
        for other in one.event.also[:_ALSO]
    ]
    if also:
        form = _("Rose with it: {names}.") if rose else _("Fell with it: {names}.")
        yield filled(form, names=", ".join(also))


def _quotes(rows: tuple[MentionRow, ...]) -> str:
    return "".join(
        f'<blockquote dir="auto">{escape(shorten(row.text, _QUOTE, placeholder=" …"))}'
        f"<small>{escape(labels.channel(row.channel))}</small></blockquote>"
        for row in rows
    )
