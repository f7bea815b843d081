"""All themes: the ranking, the table, what is of none, whose words, what the last night changed."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n, labels, links
from dashboard.charts import bars
from dashboard.i18n import _
from dashboard.links import linked
from dashboard.parts import cards, frame, tables, words
from dashboard.parts.shell import View
from dashboard.parts.themes import changes, missing, sentences
from dashboard.parts.themes.names import PAGE, closely, looked_at
from insights.themes.reading import ThemeRow, Themes
from insights.themes.verbatims import verbatims
from insights.values import MIN_N

_MOST = 12
"""Themes drawn; the others are in a table that unfolds."""

_QUOTED, _QUOTES = 3, 1
"""Themes whose mentions are shown, and how many of each."""


def draw(view: View, result: Themes) -> None:
    """Draw the themes of what is chosen."""
    words.finding(sentences.largest(result), sentences.moved(result))
    if result.waiting:
        missing.draw_waiting(view, result.waiting)
    if result.rows:
        _ranking(view, result)
        _quotes(view, result)
    changes.draw(view, result)


def _ranking(view: View, result: Themes) -> None:
    bad = result.polarity == "negative"
    st.header(
        _("What complaints are about") if bad else _("What praise is about"),
        anchor=False,
    )
    title = _("Share of complaints") if bad else _("Share of praise")
    rows = [_bar(view, row) for row in result.rows[:_MOST]]
    frame.chart(
        view,
        bars.ranked(rows, title=title, about=_("Words"), dark=view.dark),
        key="themes",
        about=_("Themes by their share, with 95% intervals"),
    )
    words.note(
        _(
            "Named by what sets the texts apart; each is of one theme at most. ▲▼: points against "
            "the period before, where the change is more than chance. Click a bar to read all of "
            "it, or a name below to look closer."
        )
    )
    heads = [
        _("Theme"),
        _("Speaks most of"),
        _("Complaints") if bad else _("Mentions"),
        title,
        _("Change"),
        _("Since"),
    ]
    cells = [(_cells(view, row, bad=bad), _few(row)) for row in result.rows]
    tables.table(heads, cells[:_MOST], text=2)
    if cells[_MOST:]:
        with st.expander(_("The other {n} themes", n=i18n.number(len(cells) - _MOST))):
            tables.table(heads, cells[_MOST:], text=2)
    rest = [(one.why, one.share.k or 0, one.behind) for one in result.rest if one.share.k]
    for why, n, behind in rest:
        text = (
            _("too short to say what they are about")
            if why == "short"
            else _("like no others, so of no theme")
        )
        link = linked(i18n.number(n), view.to(behind), n)
        share = i18n.percent(n / sentences.total(result))
        st.html(f'<p class="sm-note">{link} ({escape(share)}) {escape(text)}.</p>')
    if any(_few(row) for row in result.rows):
        words.note(_("Grey: fewer than {least} in all, too few to compare.", least=MIN_N))


def _few(row: ThemeRow) -> bool:
    return not row.share.enough


def _bar(view: View, row: ThemeRow) -> bars.Bar:
    said = sentences.percent(row.share.value)
    if row.is_new:
        said += " · " + _("new")
    elif sentences.is_clear(row):
        said += f" {sentences.change(row, bad=True)[0]}"
    return bars.Bar(
        str(row.id),
        row.phrase,
        row.share,
        to=view.to(row.behind),
        count=row.share.k,
        said=said,
        about=", ".join(row.words[:4]),
    )


def _cells(view: View, row: ThemeRow, *, bad: bool) -> list[str]:
    k = row.share.k or 0
    text, tone = sentences.change(row, bad=bad)
    new = f" <b>{escape(_('new'))}</b>" if row.is_new else ""
    own = f'<div class="sm-note">{escape(", ".join(row.words[:4]))}</div>'
    return [
        looked_at(view, row.id, row.phrase, "negative" if bad else "positive") + new + own,
        _most(view, row),
        linked(i18n.number(k), view.to(row.behind), k),
        sentences.interval(row.share),
        f'<span class="{tone}">{escape(text)}</span>',
        _day(row),
    ]


def _day(row: ThemeRow) -> str:
    if row.first_seen is None:
        return "–"
    return f'<span class="day">{escape(i18n.day(row.first_seen))}</span>'


def _most(view: View, row: ThemeRow) -> str:
    """Return the touchpoint that most of a theme's mentions speak of, as a link to them."""
    if not row.touchpoints:
        return "–"
    part = row.touchpoints[0]
    name = labels.touchpoint(view.taxonomy, part.name)
    shown = f"{name} {i18n.percent(part.share.value or 0)}"
    return linked(shown, view.to(part.behind), part.share.k)


def _quotes(view: View, result: Themes) -> None:
    st.header(_("In the customers' words"), anchor=False)
    rows = result.rows[:_QUOTED]
    found = view.ask(verbatims, rows, polarity=result.polarity, limit=_QUOTES)
    cards.legend()
    for row in rows:
        st.subheader(labels.plain(f"“{row.phrase}”"), anchor=False)
        cards.draw(view, found[row.id])
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            st.page_link(
                f"views/{PAGE}.py",
                label=_("Look closer at “{name}”", name=labels.plain(row.phrase)),
                icon=":material/zoom_in:",
                query_params=closely(view, row.id, result.polarity).query(),
            )
            st.page_link(
                f"views/{links.MENTIONS}.py",
                label=_("Read all {n}", n=i18n.number(row.share.k or 0)),
                icon=":material/arrow_forward:",
                query_params=links.parameters(view.to(row.behind)),
            )
