"""One theme closely: how it moves, what it goes with, where it is said, and in whose words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import cast

import streamlit as st

from dashboard import i18n, labels, links
from dashboard.charts import lines
from dashboard.i18n import _
from dashboard.labels import PERIODS
from dashboard.links import linked
from dashboard.parts import cards, filters, frame, tables, words
from dashboard.parts.shell import View
from dashboard.parts.themes import sentences
from insights.themes.closely import Closely, closely
from insights.themes.reading import Part, ThemeRow, Themes
from insights.themes.verbatims import verbatims
from insights.trend_points import Every
from insights.values import MIN_N
from store.themes import Theme

_AUTO, _EVERY = "auto", ("week", "month")
_QUOTES = 5


def draw(view: View, result: Themes, theme: Theme) -> None:
    """Draw everything about one theme."""
    row = next((row for row in result.rows if row.id == theme.id), None)
    every = view.choice("every", (_AUTO, *_EVERY), _AUTO)
    found = view.ask(
        closely, result, theme.id, every=None if every == _AUTO else cast("Every", every)
    )
    if row is None or found is None:
        words.finding(
            _("Nobody speaks of “{theme}” in this selection.", theme=theme.words[0]),
            _("Take a longer period, or clear the filters."),
        )
        return
    words.finding(sentences.closely(result, row), sentences.history(result, row))
    own = ", ".join(row.words)
    if own:
        words.note(_("Their words: {words}", words=own))
    _trend(view, result, row, found, every)
    _parts(view, row, found)
    _quotes(view, result, row)


def _trend(view: View, result: Themes, row: ThemeRow, found: Closely, every: str) -> None:
    st.header(_("How it moves"), anchor=False)
    st.segmented_control(
        _("By"),
        (_AUTO, *_EVERY),
        key=filters.put("w_every", every),
        format_func=lambda key: _("Auto") if key == _AUTO else labels.name(PERIODS, key),
        required=True,
        on_change=_every_changed,
    )
    if len(found.points) < 2:
        words.note(_("Too few dated mentions: no trend."))
        return
    bad = result.polarity == "negative"
    title = _("Share of complaints") if bad else _("Share of praise")
    points = [
        lines.Point(one.start, one.end, one.share, to=view.to(one.behind), count=one.share.k)
        for one in found.points
    ]
    frame.chart(
        view,
        lines.lines(
            [lines.Series(str(row.id), row.phrase, points)],
            title=title,
            unit="percent",
            dark=view.dark,
        ),
        key="trend",
        about=_("The theme's share over time with its 95% interval"),
        table=_table(view, found, title),
    )
    words.note(_("Grey diamonds: fewer than {least} in the period in all.", least=MIN_N))


def _every_changed() -> None:
    value = st.session_state["w_every"]
    filters.choose("every", value if value in _EVERY else None)


def _table(view: View, found: Closely, title: str) -> frame.Table:
    rows = []
    for one in found.points:
        k = one.share.k or 0
        cells = [
            escape(i18n.days(one.start, one.end)),
            linked(i18n.number(k), view.to(one.behind), k) if k else "0",
            i18n.number(one.share.n),
            sentences.interval(one.share),
        ]
        rows.append((cells, not one.share.enough))
    return frame.Table([_("Period"), _("Of this theme"), _("In all"), title], rows)


def _parts(view: View, row: ThemeRow, found: Closely) -> None:
    st.header(_("What it goes with"), anchor=False)
    named: Sequence[tuple[str, Sequence[Part], Callable[[str], str]]] = (
        (_("Touchpoint"), row.touchpoints, lambda id: labels.touchpoint(view.taxonomy, id)),
        (_("Channel"), found.channels, labels.channel),
        (_("Text language"), row.languages, labels.spoken),
    )
    for column, (title, parts, name) in zip(st.columns(3, gap="medium"), named, strict=True):
        with column:
            if not parts:
                words.note(_("It names no touchpoint."))
                continue
            tables.table(
                [title, _("Mentions"), _("Of the theme")],
                [(_part(view, part, name), not part.share.enough) for part in parts],
            )
    if not row.share.k or row.share.k < MIN_N:
        words.note(_("Grey: fewer than {least} in all, too few to compare.", least=MIN_N))


def _part(view: View, part: Part, name: Callable[[str], str]) -> list[str]:
    k = part.share.k or 0
    return [
        escape(name(part.name)),
        linked(i18n.number(k), view.to(part.behind), k),
        tables.share(part.share),
    ]


def _quotes(view: View, result: Themes, row: ThemeRow) -> None:
    st.header(_("In the customers' words"), anchor=False)
    st.page_link(
        f"views/{links.MENTIONS}.py",
        label=_("Read all {n}", n=i18n.number(row.share.k or 0)),
        icon=":material/arrow_forward:",
        query_params=links.parameters(view.to(row.behind)),
    )
    cards.legend()
    found = view.ask(verbatims, (row,), polarity=result.polarity, limit=_QUOTES)
    cards.draw(view, found[row.id])
