"""One week of a brand as a page of text, in the reader's language.

Every sentence is a form that is filled with numbers and with customers' own words; nothing is
made up. It fits one page: where much has happened, fewer customers are quoted of each thing, and
nobody twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import shorten

from dashboard import i18n, labels, sentences
from dashboard.i18n import N_, _, ngettext
from insights.brief import MOST, Blamed, Brief, Happened, Look
from insights.reputation import METRICS
from insights.values import MIN_N, Value
from simak.taxonomy import Taxonomy
from store.lists import MentionRow

_QUOTE = 180
"""Characters of a verbatim."""

_WORDS = 5

PAGE_LINES = 62
"""Lines of a page, where one holds `_LINE` characters."""

_LINE = 100

_VERDICTS = {
    "helped": N_("it helped"),
    "made_worse": N_("it made things worse"),
    "no_change_seen": N_("no change to be seen"),
    "not_enough_data": N_("not enough data yet"),
}


def page(brief: Brief, taxonomy: Taxonomy) -> str:
    """Return the brief as Markdown, in the language that `i18n.use` has set."""
    for most in range(MOST, 0, -1):
        text = _page(brief, taxonomy, _Quotes(most))
        if sum(1 + len(line) // _LINE for line in text.splitlines()) <= PAGE_LINES:
            return text
    return _page(brief, taxonomy, _Quotes(0))


class _Quotes:
    """Customers' words, at most `most` of each thing and none of them twice."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._told: set[str] = set()

    def __call__(self, rows: Sequence[MentionRow]) -> Iterator[str]:
        fresh = {row.text.casefold().strip(): row for row in reversed(rows) if row.text}
        left = [text for text in reversed(fresh) if text not in self._told]
        for text in left[: self._most]:
            self._told.add(text)
            row = fresh[text]
            said = shorten(row.text, _QUOTE, placeholder=" …")
            yield f"  > {said} ({labels.channel(row.channel)})"


def _page(brief: Brief, taxonomy: Taxonomy, quotes: _Quotes) -> str:
    blocks = [
        [
            "# "
            + _(
                "{brand}, week of {days}",
                brand=brief.brand,
                days=i18n.days(brief.since, brief.until),
            )
        ],
        [f"**{sentences.complaints(brief.reputation)}**"],
        _section(_("What moved"), list(_moved(brief))),
        _section(
            _("Why"), [line for one in brief.events for line in _event(one, taxonomy, quotes)]
        ),
        _section(
            _("Touchpoints behind the complaints"),
            list(_touchpoints(brief, taxonomy, quotes)),
        ),
        _section(_("New or growing in the complaints"), list(_themes(brief, quotes))),
        _section(_("What customers praise"), list(_praised(brief, taxonomy, quotes))),
        _section(_("Promises and actions"), list(_kept(brief, quotes))),
        _section(_("What to look at"), [_look(one, taxonomy) for one in brief.look_at]),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return [f"## {title}", *lines] if lines else []


def _moved(brief: Brief) -> Iterator[str]:
    result = brief.reputation
    for metric in METRICS:
        now = result.now[metric]
        if now.value is None:
            continue
        if metric != "volume" and not now.enough:
            yield _(
                "- {metric}: too few to say (n = {n}, at least {least})",
                metric=_(labels.METRICS[metric]),
                n=i18n.number(now.n),
                least=MIN_N,
            )
            continue
        words, _tone = sentences.change(metric, result.change.get(metric))
        yield _(
            "- {metric}: {value}; against the week before: {change}",
            metric=_(labels.METRICS[metric]),
            value=_figure(metric, now),
            change=words,
        )
    if result.untagged:
        yield ngettext(
            "- {n} mention is not tagged yet and in no rate",
            "- {n} mentions are not tagged yet and in no rate",
            result.untagged,
        )


def _event(one: Happened, taxonomy: Taxonomy, quotes: _Quotes) -> Iterator[str]:
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
    yield f"- {text}"
    yield from quotes(one.verbatims)


def _touchpoints(brief: Brief, taxonomy: Taxonomy, quotes: _Quotes) -> Iterator[str]:
    if brief.touchpoints and not brief.touchpoints[0].complaints.enough:
        n = i18n.number(brief.touchpoints[0].complaints.n)
        few = _("Only {n} complaints: fewer than {least}, too few to rank.", n=n, least=MIN_N)
        yield f"- {few}"
        yield from quotes([row for one in brief.touchpoints for row in one.verbatims])
        return
    for one in brief.touchpoints:
        yield _blamed(one, taxonomy)
        yield from quotes(one.verbatims)


def _blamed(one: Blamed, taxonomy: Taxonomy) -> str:
    text = _(
        "- **{touchpoint}** ({owner}): {share} of {n} complaints",
        touchpoint=labels.touchpoint(taxonomy, one.touchpoint),
        owner=labels.owner(one.owner),
        share=_share(one.complaints),
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


def _themes(brief: Brief, quotes: _Quotes) -> Iterator[str]:
    for one in brief.themes:
        form = (
            _("- New: “{phrase}”, {share} of {n} complaints")
            if one.theme.is_new
            else _("- More than the week before: “{phrase}”, {share} of {n} complaints")
        )
        yield form.format(
            phrase=one.theme.phrase,
            share=_share(one.theme.share),
            n=i18n.number(one.theme.share.n),
        )
        yield from quotes(one.verbatims)


def _praised(brief: Brief, taxonomy: Taxonomy, quotes: _Quotes) -> Iterator[str]:
    if brief.praised is not None:
        yield ngettext(
            "- {touchpoint}: {n} mention speaks well of it",
            "- {touchpoint}: {n} mentions speak well of it",
            brief.praised.share.k or 0,
            touchpoint=labels.touchpoint(taxonomy, brief.praised.touchpoint),
        )
        yield from quotes(brief.praised.verbatims)


def _kept(brief: Brief, quotes: _Quotes) -> Iterator[str]:
    for one in brief.promises:
        yield _(
            "- “{promise}”: {broken} say it was broken, {kept} that it was kept",
            promise=one.promise.text,
            broken=i18n.number(one.kept.broken.k or 0),
            kept=i18n.number(one.kept.kept.k or 0),
        )
        yield from quotes(one.verbatims)
    for row in brief.actions:
        yield _(
            "- {action} ({day}): {verdict}",
            action=row.action.text,
            day=i18n.day(row.action.day),
            verdict=labels.name(_VERDICTS, row.verdict),
        )


def _look(one: Look, taxonomy: Taxonomy) -> str:
    n = i18n.number(one.value.k or 0)
    about = labels.touchpoint(taxonomy, one.about)
    owner = labels.owner(one.owner) if one.owner else ""
    if one.kind == "event":
        if one.about in labels.SENTIMENTS:
            text = _("What made the {n} mentions stand out (above)", n=n)
        else:
            text = _("{about}: what made the {n} mentions stand out (above)", about=about, n=n)
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
            "{n} complaints of the last four weeks without an answer ({share})",
            n=n,
            share=_share(one.value),
        )
    else:
        touchpoint, channel = one.about.split(":", 1)
        text = _(
            "{touchpoint} on {channel}: worse than on the other channels ({share} negative)",
            touchpoint=labels.touchpoint(taxonomy, touchpoint),
            channel=labels.channel(channel),
            share=_share(one.value),
        )
    return f"- {text}" + (f" → {owner}" if owner else "")


def _share(value: Value) -> str:
    if value.value is None:
        return _("no data")
    text = i18n.percent(value.value)
    if value.low is None or value.high is None:
        return text
    return f"{text} ({i18n.percent(value.low)}–{i18n.percent(value.high)})"


def _figure(metric: str, value: Value) -> str:
    if metric == "volume":
        return i18n.number(value.value or 0)
    if metric == "stars":
        return i18n.number(value.value or 0, 2)
    return _share(value)
