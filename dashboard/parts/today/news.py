"""What is new in sentences, each number a link to its mentions."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.i18n import _, ngettext
from dashboard.links import linked
from dashboard.markup import filled
from dashboard.parts.shell import View
from dashboard.parts.today.days import Since
from dashboard.sentences import has_moved, is_clear
from insights.actions import ActionEffect
from insights.brief import Topic
from insights.today import Counted, Today, Worse
from insights.touchpoints import TouchpointRow
from insights.values import MIN_N, Value

_MOVED = 3
"""Touchpoints told at most."""


def draw_count(view: View, today: Today, since: Since) -> None:
    """Say how much is new, and how the complaint rate stands."""
    parts = {
        "mentions": opened(
            view, ngettext("{n} new mention", "{n} new mentions", today.mentions.n), today.mentions
        ),
        "complaints": opened(
            view, ngettext("{n} complaint", "{n} complaints", today.complaints.n), today.complaints
        ),
    }
    days = today.filter
    assert days.since is not None
    assert days.until is not None
    if since.visited is not None:
        text = filled(
            _("{mentions} since {day}, the day of your last visit, {complaints} among them."),
            day=escape(i18n.day(days.since)),
            **parts,
        )
    else:
        text = filled(_("{mentions} in the last week, {complaints} among them."), **parts)
    if since.in_vain is not None:
        nothing = _(
            "Nothing new since your last visit ({when}): this is the last week with mentions.",
            when=i18n.moment(since.in_vain, view.store.zone),
        )
        text = f"{escape(nothing)} {text}"
    further = _rate(view, today)
    st.html(f'<p class="sm-finding" role="status">{text}<small>{further}</small></p>')


def draw_moved(view: View, today: Today) -> bool:
    """Draw what moved more than chance explains, each with its kind; return whether any did."""
    lines = [
        *((_("Touchpoint"), _touchpoint(view, row, today)) for row in moved(today)),
        *((_("Theme"), _theme(view, topic)) for topic in today.themes),
        *((_("Promise"), _promise(view, one)) for one in today.promises),
        *((_("Action"), _verdict(view, row)) for row in today.verdicts),
    ]
    if lines:
        st.header(_("What moved"), anchor=False)
        items = "".join(
            f"<li><b>{escape(kind)}</b><span>{text}</span></li>" for kind, text in lines
        )
        st.html(f'<ul class="sm-news">{items}</ul>')
    return bool(lines)


def draw_waiting(view: View, today: Today) -> None:
    """Say how many mentions carry no tag."""
    if today.waiting.n:
        text = ngettext(
            "{n} mention has no tag: deleted, without a text, or waiting for “simak tag”.",
            "{n} mentions have no tag: deleted, without a text, or waiting for “simak tag”.",
            today.waiting.n,
        )
        st.html(f'<p class="sm-note">{opened(view, text, today.waiting)}</p>')


def is_clear_rate(today: Today) -> bool:
    """Whether the complaint rate moved more than chance explains."""
    rate, change = today.week.now["complaint_rate"], today.week.change.get("complaint_rate")
    before = today.week.before["complaint_rate"] if today.week.before else None
    return bool(rate.enough and before and before.enough and is_clear(change))


def moved(today: Today) -> list[TouchpointRow]:
    """Return the touchpoints whose part of the complaints moved clearly, the most first."""
    clear = [row for row in today.touchpoints.rows if row.change is not None and has_moved(row)]
    clear.sort(key=lambda row: -abs(_value(row.change)))
    return clear[:_MOVED]


def opened(view: View, text: str, counted: Counted) -> str:
    """Return a text as a link to the mentions it counts."""
    return linked(text, view.to(counted.behind), counted.n)


def _rate(view: View, today: Today) -> str:
    week = today.week
    rate = week.now["complaint_rate"]
    days = week.filter
    assert days.since is not None
    assert days.until is not None
    if rate.value is None:
        text = _("None of these mentions is tagged yet, so nothing can be said of complaints.")
        return escape(text)
    length = i18n.number((days.until - days.since).days + 1)
    if not rate.enough:
        return escape(
            ngettext(
                "Only {n} tagged mention in {days} days: too few to speak of a rate (at least "
                "{least}).",
                "Only {n} tagged mentions in {days} days: too few to speak of a rate (at least "
                "{least}).",
                rate.n,
                days=length,
                least=MIN_N,
            )
        )
    before = week.before["complaint_rate"] if week.before else None
    parts = {
        "now": linked(i18n.percent(rate.value), view.to(days.but(complaint=True)), rate.k),
        "low": i18n.percent(rate.low or 0),
        "high": i18n.percent(rate.high or 0),
        "n": i18n.number(rate.n),
        "days": length,
    }
    if before is None or before.value is None or not before.enough:
        form = _(
            "Complaint rate of the last {days} days: {now} (95% interval {low}–{high}, n = {n}); "
            "the days before hold too few mentions to compare with."
        )
        return filled(form, **parts)
    earlier = days.previous()
    assert earlier is not None
    parts["before"] = linked(
        i18n.percent(before.value), view.to(earlier.but(complaint=True)), before.k
    )
    if not is_clear_rate(today):
        form = _(
            "Complaint rate of the last {days} days: {now} (95% interval {low}–{high}, n = {n}), "
            "no clear change from {before} in the {days} days before."
        )
    elif rate.value > before.value:
        form = _(
            "Complaint rate of the last {days} days: {now} (95% interval {low}–{high}, n = {n}), "
            "clearly more than {before} in the {days} days before."
        )
    else:
        form = _(
            "Complaint rate of the last {days} days: {now} (95% interval {low}–{high}, n = {n}), "
            "clearly less than {before} in the {days} days before."
        )
    return filled(form, **parts)


def _touchpoint(view: View, row: TouchpointRow, today: Today) -> str:
    share = row.complaint_share
    behind = today.week.filter.but(touchpoints=(row.id,), polarity="negative", complaint=True)
    form = (
        _("{touchpoint} is blamed in {n} of {all} complaints ({share}), {points} points more than "
          "before.")
        if _value(row.change) > 0
        else _("{touchpoint} is blamed in {n} of {all} complaints ({share}), {points} points less "
               "than before.")
    )  # fmt: skip
    return filled(
        form,
        touchpoint=escape(labels.touchpoint(view.taxonomy, row.id)),
        n=linked(i18n.number(share.k or 0), view.to(behind), share.k),
        all=i18n.number(share.n),
        share=_percent(share),
        points=i18n.number(abs(100 * _value(row.change))),
    )


def _theme(view: View, topic: Topic) -> str:
    theme = topic.theme
    form = (
        _("New in the complaints: “{phrase}”, {n} of {all} ({share}).")
        if theme.is_new
        else _("Growing in the complaints: “{phrase}”, {n} of {all} ({share}), {points} points "
               "more than before.")
    )  # fmt: skip
    return filled(
        form,
        phrase=f'<span dir="auto">{escape(theme.phrase)}</span>',
        n=linked(i18n.number(theme.share.k or 0), view.to(theme.behind), theme.share.k),
        all=i18n.number(theme.share.n),
        share=_percent(theme.share),
        points=i18n.number(abs(100 * _value(theme.change))),
    )


def _promise(view: View, one: Worse) -> str:
    kept = one.broken.kept
    return filled(
        _("“{promise}”: {broken} say it was broken, {kept} that it was kept; in the days before "
          "{before} said it was broken."),
        promise=f'<span dir="auto">{escape(one.broken.promise.text)}</span>',
        broken=linked(i18n.number(kept.broken.k or 0), view.to(kept.behind_broken), kept.broken.k),
        kept=_number(view, Counted(kept.kept.k or 0, kept.behind_kept)),
        before=_number(view, one.before),
    )  # fmt: skip


def _verdict(view: View, row: ActionEffect) -> str:
    forms = {
        "helped": _("“{action}” ({day}) helped: bad words about it fell from {before} to {after}."),
        "made_worse": _("“{action}” ({day}) made things worse: bad words about it rose from "
                        "{before} to {after}."),
        "no_change_seen": _("“{action}” ({day}): no change to be seen, bad words about it went "
                            "from {before} to {after}."),
    }  # fmt: skip
    change = row.negative
    assert change is not None
    caution = _("An association in time, not an experiment.")
    return filled(
        f"{forms[row.verdict]} {caution}",
        action=f'<span dir="auto">{escape(row.action.text)}</span>',
        day=escape(i18n.day(row.action.day)),
        before=_share(view, change.before, Counted(change.before.k or 0, change.behind_before)),
        after=_share(view, change.after, Counted(change.after.k or 0, change.behind_after)),
    )


def _number(view: View, counted: Counted) -> str:
    """Return a number, as a link where there is something to open."""
    text = i18n.number(counted.n)
    return opened(view, text, counted) if counted.n else text


def _share(view: View, share: Value, counted: Counted) -> str:
    text = "–" if share.value is None else i18n.percent(share.value)
    shown = opened(view, text, counted) if counted.n else escape(text)
    cases = _("{k} of {n}", k=i18n.number(share.k or 0), n=i18n.number(share.n))
    return f"{shown} ({cases})"


def _percent(share: Value) -> str:
    return (
        f"{i18n.percent(share.value or 0)}, "
        f"{i18n.percent(share.low or 0)}–{i18n.percent(share.high or 0)}"
    )


def _value(change: Value | None) -> float:
    return 0.0 if change is None else change.value or 0.0
