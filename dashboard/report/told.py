"""What a week is told in: one sentence a finding, the same in every format.

Every sentence is a form that is filled with numbers and with customers' own words; nothing is
made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from dashboard import i18n, labels, sentences
from dashboard.charts import units
from dashboard.i18n import N_, _, ngettext
from insights.actions import ActionEffect
from insights.brief import Blamed, Brief, Broken, Happened, Look, Praised, Topic
from insights.reputation import METRICS
from insights.values import MIN_N, Value
from simak.taxonomy import Taxonomy

_WORDS = 5
"""Words that an explanation names."""

_VERDICTS = {
    "helped": N_("it helped"),
    "made_worse": N_("it made things worse"),
    "no_change_seen": N_("no change to be seen"),
    "not_enough_data": N_("not enough data yet"),
}


def title(brief: Brief) -> str:
    """Return the brand and its week."""
    return _("{brand}, week of {days}", brand=brief.brand, days=i18n.days(brief.since, brief.until))


def headline(brief: Brief) -> str:
    """Say how the complaint rate stands; nothing in the store is never told as nothing said."""
    if not brief.reputation.now["volume"].n:
        return _(
            "The store holds no mention of this week. That does not mean that nothing was said."
        )
    return sentences.complaints(brief.reputation)


def moved(brief: Brief) -> Iterator[str]:
    """Say how each figure stands against the week before."""
    result = brief.reputation
    for metric in METRICS:
        now = result.now[metric]
        if now.value is None:
            continue
        if metric != "volume" and not now.enough:
            yield _(
                "{metric}: too few to say (n = {n}, at least {least})",
                metric=_(labels.METRICS[metric]),
                n=i18n.number(now.n),
                least=MIN_N,
            )
            continue
        before = result.before[metric] if result.before else None
        words, _tone = sentences.change(metric, result.change.get(metric), before)
        yield _(
            "{metric}: {value}; against the week before: {change}",
            metric=_(labels.METRICS[metric]),
            value=figure(metric, now),
            change=words,
        )
    if result.untagged:
        yield untagged(result.untagged)


def untagged(n: int) -> str:
    """Say how many mentions wait for the model."""
    return ngettext(
        "{n} mention is not tagged yet and in no rate",
        "{n} mentions are not tagged yet and in no rate",
        n,
    )


def event(one: Happened, taxonomy: Taxonomy) -> str:
    """Say what stood out, and what was said of it more often than before."""
    head = one.event.head
    about = (
        _("all mentions, {sentiment}", sentiment=labels.name(labels.SENTIMENTS, head.polarity))
        if head.touchpoint is None
        else f"{labels.touchpoint(taxonomy, head.touchpoint)}, "
        f"{labels.name(labels.SENTIMENTS, head.polarity)}"
    )
    text = (
        _("{days}: {about}: {seen} mentions where {expected} were to be expected.")
        if head.kind == "spike"
        else _("From {day} on, a new level: {about}: {seen} mentions where {expected} were usual.")
    ).format(
        days=i18n.days(head.since, head.until),
        day=i18n.day(head.since),
        about=about,
        seen=i18n.number(head.seen.k or 0),
        expected=i18n.number(head.expected.value or 0),
    )
    said = [f"“{told.word.word}” ({i18n.number(told.seen.k or 0)})" for told in one.why.words]
    if said:
        text += " " + _("Said more often than before: {words}.", words=", ".join(said[:_WORDS]))
    if one.why.collection.changed:
        text += " " + _("What is collected has changed, and that explains it.")
    if one.why.copied:
        text += " " + _("Copied texts explain it.")
    return text


def too_few(brief: Brief) -> str | None:
    """Say that there are too few complaints to rank what they are about; None where enough."""
    if not brief.touchpoints or brief.touchpoints[0].complaints.enough:
        return None
    n = i18n.number(brief.touchpoints[0].complaints.n)
    return _("Only {n} complaints: fewer than {least}, too few to rank.", n=n, least=MIN_N)


def blamed(one: Blamed, taxonomy: Taxonomy) -> str:
    """Say how much of the complaints a touchpoint has, and how that moved."""
    text = _(
        "{touchpoint} ({owner}): {share} of {n} complaints",
        touchpoint=labels.touchpoint(taxonomy, one.touchpoint),
        owner=labels.owner(one.owner),
        share=share(one.complaints),
        n=i18n.number(one.complaints.n),
    )
    # 0 where all complaints about it are about something else too: no reason to say so.
    if one.impact.value:
        text += "; " + _(
            "without those about it alone the complaint rate would be {points} points lower",
            points=i18n.number(100 * one.impact.value, 1),
        )
    words, _tone = sentences.change("complaint_rate", one.change)
    return f"{text}; {words}"


def theme(one: Topic) -> str:
    """Say what is new or more often said in the complaints."""
    form = (
        _("New: “{phrase}”, {share} of {n} complaints")
        if one.theme.is_new
        else _("More than the week before: “{phrase}”, {share} of {n} complaints")
    )
    return form.format(
        phrase=one.theme.phrase,
        share=share(one.theme.share),
        n=i18n.number(one.theme.share.n),
    )


def praised(one: Praised, taxonomy: Taxonomy) -> str:
    """Say what customers speak well of."""
    return ngettext(
        "{touchpoint}: {n} mention speaks well of it",
        "{touchpoint}: {n} mentions speak well of it",
        one.share.k or 0,
        touchpoint=labels.touchpoint(taxonomy, one.touchpoint),
    )


def promise(one: Broken) -> str:
    """Say how often a promise is said to be broken, and kept."""
    return _(
        "“{promise}”: {broken} say it was broken, {kept} that it was kept",
        promise=one.promise.text,
        broken=i18n.number(one.kept.broken.k or 0),
        kept=i18n.number(one.kept.kept.k or 0),
    )


def verdict(row: ActionEffect) -> str:
    """Say what became of an action, in a few words."""
    return labels.name(_VERDICTS, row.verdict)


def action(row: ActionEffect) -> str:
    """Say what was done, when, and what became of it."""
    return _(
        "{action} ({day}): {verdict}",
        action=row.action.text,
        day=i18n.day(row.action.day),
        verdict=verdict(row),
    )


def look(one: Look, taxonomy: Taxonomy) -> str:
    """Say what to look at, and whose it is."""
    n = i18n.number(one.value.k or 0)
    about = labels.touchpoint(taxonomy, one.about)
    owner = labels.owner(one.owner) if one.owner else ""
    if one.kind == "event":
        if one.about in labels.SENTIMENTS:
            text = _("What made the {n} mentions stand out", n=n)
        else:
            text = _("{about}: what made the {n} mentions stand out", about=about, n=n)
    elif one.kind == "risen":
        text = _("{about}: a larger share of the complaints than the week before", about=about)
    elif one.kind == "touchpoint":
        text = _("{about}: weighs most on the complaint rate", about=about)
    elif one.kind == "theme":
        text = _("“{phrase}”: new in the complaints, {n} so far", phrase=one.about, n=n)
    elif one.kind == "promise":
        text = _("“{phrase}”: {n} say it was not kept", phrase=one.about, n=n)
    elif one.kind == "unanswered":
        text = _(
            "{n} complaints of the last four weeks without an answer: {share}",
            n=n,
            share=share(one.value),
        )
    else:
        touchpoint, channel = one.about.split(":", 1)
        text = _(
            "{touchpoint} on {channel}: worse than on the other channels ({share} negative)",
            touchpoint=labels.touchpoint(taxonomy, touchpoint),
            channel=labels.channel(channel),
            share=share(one.value),
        )
    return text + (f" → {owner}" if owner else "")


def share(value: Value) -> str:
    """Return a share with its interval."""
    return _("no data") if value.value is None else with_interval("complaint_rate", value)


def figure(metric: str, value: Value) -> str:
    """Return a figure, a rate with its interval."""
    if metric == "volume":
        return i18n.number(value.value or 0)
    return with_interval(metric, value)


def with_interval(metric: str, value: Value) -> str:
    """Return a value with its interval, `28% (24%–32%)`; `–` where there is no data."""
    if value.value is None:
        return "–"
    show = partial(units.show, unit=units.METRIC_UNITS[metric])
    if value.low is None or value.high is None:
        return show(value.value)
    return f"{show(value.value)} ({i18n.between(show(value.low), show(value.high))})"
