"""One touchpoint closely: its figures, what it is about, where, and what is said with it."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n, labels, links, sentences
from dashboard.charts import bars
from dashboard.i18n import _, language
from dashboard.links import linked
from dashboard.parts import cards, frame, tables, words
from dashboard.parts.shell import View
from dashboard.parts.themes import names
from dashboard.parts.touchpoints import figures, trends
from dashboard.parts.touchpoints.ranking import blamed
from dashboard.parts.touchpoints.sentences import themes_of
from insights.causes.of_touchpoint import TouchpointCause, causes_of
from insights.one_touchpoint import InChannel, OneTouchpoint, SaidWith, one_touchpoint
from insights.themes.reading import Themes, themes
from insights.touchpoints import examples
from insights.values import MIN_N, Value
from simak.causes import load_causes

_THEMES, _WITH = 8, 6
"""Rows shown at most."""


def draw(view: View, id: str) -> None:
    """Draw everything about one touchpoint."""
    found = view.ask(one_touchpoint, view.taxonomy, id, view.filter)
    about = view.ask(themes, view.filter.but(touchpoints=(id,), polarity="negative"))
    words.finding(figures.sentence(view, found), themes_of(about))
    figures.draw(view, found)
    trends.draw_one(view, id)
    _themes(view, found, about)
    _channels(view, found)
    _said_with(view, found)
    _causes(view, found)
    _examples(view, found)


def _themes(view: View, found: OneTouchpoint, about: Themes) -> None:
    st.header(_("What the complaints about it are about"), anchor=False)
    if not about.rows:
        text = _("No complaint about it is of a theme.")
        if about.waiting or not about.mentions:
            text = _("Themes are not found yet: run “simak themes”, or wait for the night.")
        words.note(text)
        return
    rows = [
        bars.Bar(
            str(row.id),
            row.phrase,
            row.share,
            to=view.to(row.behind),
            count=row.share.k,
            about=", ".join(row.words[:4]),
        )
        for row in about.rows[:_THEMES]
    ]
    frame.chart(
        view,
        bars.ranked(rows, title=_("Share of its complaints"), about=_("Words"), dark=view.dark),
        key="themes",
        about=_("Themes of the complaints about this touchpoint, with 95% intervals"),
        table=_theme_table(view, about),
    )
    names.of_touchpoint(view, found.id)
    n, left = found.complaint_share.value.k or 0, sum(row.share.k or 0 for row in about.rest)
    if left:
        words.note(
            _(
                "Each complaint is of one theme at most; {left} of {n} are of none.",
                left=i18n.number(left),
                n=i18n.number(n),
            )
        )


def _theme_table(view: View, about: Themes) -> frame.Table:
    rows = []
    new = escape(_("new"))
    for row in about.rows:
        k = row.share.k or 0
        text, tone = sentences.change("complaint_rate", row.change)
        cells = [
            escape(row.phrase) + f" <b>{new}</b>" * row.is_new,
            escape(", ".join(row.words[:4])),
            linked(i18n.number(k), view.to(row.behind), k),
            tables.share(row.share),
            f'<span class="{tone}">{escape(text)}</span>',
        ]
        rows.append((cells, not row.share.enough))
    return frame.Table(
        [_("Theme"), _("Words"), _("Complaints"), _("Share of its complaints"), _("Change")],
        rows,
        text=2,
    )


def _channels(view: View, found: OneTouchpoint) -> None:
    st.header(_("By channel"), anchor=False)
    if not found.channels:
        words.note(_("There are no complaints in this selection."))
        return
    if len(found.channels) == 1:
        name = labels.channel(found.channels[0].channel)
        words.note(_("All of it is from one channel, {name}: nothing to compare.", name=name))
        return
    tables.table(
        [
            _("Channel"),
            _("Complaints about it"),
            _("Of the channel's complaints"),
            _("Against the other channels"),
        ],
        [(_channel(view, row), not row.share.enough) for row in found.channels],
    )
    if any(not row.share.enough for row in found.channels):
        words.note(_("Grey rows: fewer than {least} complaints, too few to compare.", least=MIN_N))


def _channel(view: View, row: InChannel) -> list[str]:
    k = row.share.k or 0
    clear = row.p is not None and row.p < figures.SURE
    return [
        escape(labels.channel(row.channel)),
        linked(i18n.number(k), view.to(row.behind), k) if k else "0",
        tables.share(row.share),
        _times(row.times, clear=clear),
    ]


def _times(value: Value, *, clear: bool) -> str:
    """Return how many times as often, and whether that may be chance, as HTML."""
    if value.value is None:
        return "–"
    shown = f"{i18n.number(value.value, 1)}×"
    text = escape(shown)
    if value.low is not None and value.high is not None:
        low, high = (f"{i18n.number(end, 1)}×" for end in (value.low, value.high))
        text = tables.with_interval(value, shown, low, high)
    doubt = escape(_("may be chance"))
    return text if clear else f"{text} {doubt}"


def _said_with(view: View, found: OneTouchpoint) -> None:
    st.header(_("What is said with it"), anchor=False)
    n = found.complaint_share.value.k or 0
    told = [*found.touchpoints[:_WITH], *found.signals[:_WITH]]
    if not told:
        words.note(_("Complaints about it say nothing else."))
        return
    rows = []
    for row in told:
        signal = row.behind is not None
        name = labels.signal(row.name) if signal else labels.touchpoint(view.taxonomy, row.name)
        kind = _("signal") if signal else _("also blamed")
        rows.append((
            [escape(name), escape(kind), _count(view, row), tables.share(row.share),
             _times(row.times, clear=row.p is not None and row.p < figures.SURE)],
            n < MIN_N,
        ))  # fmt: skip
    tables.table(
        [
            _("Said with it"),
            _("What it is"),
            _("Complaints"),
            _("Of the complaints about it"),
            _("Against other complaints"),
        ],
        rows,
        text=2,
    )
    words.note(_("Goes together, which does not mean that one causes the other."))


def _count(view: View, row: SaidWith) -> str:
    if row.behind is None:  # no list shows mentions that speak of two touchpoints
        return i18n.number(round((row.share.value or 0.0) * row.share.n))
    k = row.share.k or 0
    return linked(i18n.number(k), view.to(row.behind), k)


def _causes(view: View, found: OneTouchpoint) -> None:
    st.header(_("Signs of a cause"), anchor=False)
    rules = load_causes(view.taxonomy, view.settings.taxonomy)
    rows = view.ask(causes_of, view.taxonomy, rules, found.id, view.filter)
    if not rows:
        words.note(_("No rule about causes holds for complaints about it."))
        return
    called = {rule.id: rule.names[language()] for rule in rules}
    tables.table(
        [_("Cause"), _("Complaints"), _("Of the complaints about it")],
        [(_cause(view, row, called[row.id]), not row.share.enough) for row in rows],
    )
    words.note(_("A rule finds what customers say: a sign of the cause, and no proof of it."))


def _cause(view: View, row: TouchpointCause, name: str) -> list[str]:
    k = row.share.k or 0
    return [escape(name), linked(i18n.number(k), view.to(row.behind), k), tables.share(row.share)]


def _examples(view: View, found: OneTouchpoint) -> None:
    st.header(_("In the customers' words"), anchor=False)
    n, mentions = found.complaint_share.value.k or 0, found.mentions.value.k or 0
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        for text, filter, count in (
            (_("Read all {n} complaints"), blamed(view.filter, found.id), n),
            (_("Read all {n} mentions"), found.mentions.behind, mentions),
        ):
            if count:
                st.page_link(
                    f"views/{links.MENTIONS}.py",
                    label=text.format(n=i18n.number(count)),
                    icon=":material/arrow_forward:",
                    query_params=links.parameters(view.to(filter)),
                )
    if not n:
        words.note(_("No complaint speaks badly of it."))
        return
    cards.legend()
    cards.draw(view, view.ask(examples, view.filter, found.id))
