"""What happened, as signs above a trend: what stood out, and what was done."""

from __future__ import annotations

from datetime import date
from textwrap import shorten

from dashboard import i18n, labels
from dashboard.charts.events import Event
from dashboard.i18n import _
from dashboard.parts.shell import View
from insights.spikes import Finding, spikes
from store import actions as recorded
from store.actions import Action
from store.lists import count

_MOST = 6
"""Of what stood out: more signs than that nobody reads."""

_CHARS = 28


def events(view: View) -> list[Event]:
    """Return the strongest of what stood out, but for neutral words, and all that was done."""
    first, last = view.filter.since or date.min, view.filter.until or date.max
    # A day is held against all before it, whatever the period: one question for all periods.
    whole = view.filter.but(since=None, until=view.filter.until or view.facets.last)
    found = view.ask(spikes, whole).within(first)
    heads = [event.head for event in found.events if event.head.polarity != "neutral"]
    done = [
        action
        for action in view.ask(recorded.actions, view.filter.brands)
        if first <= action.day <= last
    ]
    return [
        *(_stood_out(view, head) for head in heads[:_MOST]),
        *(_done(view, action) for action in done),
    ]


def about(view: View, finding: Finding) -> str:
    """Return what a finding is about: a touchpoint or all mentions, and in which tone."""
    tone = labels.name(labels.SENTIMENTS, finding.polarity).lower()
    if finding.touchpoint is None:
        return _("all mentions, {sentiment}", sentiment=tone)
    return f"{labels.touchpoint(view.taxonomy, finding.touchpoint)}, {tone}"


def _stood_out(view: View, head: Finding) -> Event:
    n, usual = head.seen.k or 0, head.expected.value or 0
    form = _("{about}: more") if (head.ratio.value or 0) > 1 else _("{about}: fewer")
    return Event(
        head.since,
        "spike",
        form.format(about=about(view, head)),
        _(
            "{seen} mentions on {days}, where {expected} were to be expected",
            seen=i18n.number(n),
            days=i18n.days(head.since, head.until),
            expected=i18n.number(usual, 0 if usual >= 10 else 1),
        ),
        view.to(head.behind),
        n,
    )


def _done(view: View, action: Action) -> Event:
    """Return what was done; it opens what was said badly of its touchpoint since."""
    since = view.filter.but(since=action.day)
    bad = (
        since.but(sentiments=("negative",))
        if action.touchpoint is None
        else since.but(touchpoints=(action.touchpoint,), polarity="negative")
    )
    n = view.ask(count, bad).n
    text = _("What was done; a click opens the bad words about it since.")
    return Event(
        action.day,
        "action",
        shorten(action.text, _CHARS, placeholder="…"),
        f"{action.text}. {text}",
        view.to(bad) if n else None,
        n,
    )
