"""One segment closely: what its complaints are about beside the others', and whose words."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n, labels, links
from dashboard.charts import dots
from dashboard.i18n import _, ngettext
from dashboard.links import linked
from dashboard.parts import cards, frame, tables, words
from dashboard.parts.segments import sentences
from dashboard.parts.shell import View
from dashboard.parts.themes import missing as no_themes
from dashboard.parts.themes import sentences as percents
from dashboard.parts.themes.names import looked_at
from insights.segments import SegmentRow, Segments
from insights.telling import telling
from insights.themes.of_segment import SegmentTheme, SegmentThemes, themes_of_segment
from insights.values import MIN_N

_MOST, _QUOTES = 8, 5


def draw(view: View, result: Segments, value: str) -> None:
    """Draw everything about one segment."""
    row = next(row for row in result.rows if row.value == value)
    found = view.ask(themes_of_segment, view.filter, result.facet, value)
    out = sentences.standing_out(row, view.taxonomy)
    words.finding(
        sentences.closely(result, row), " ".join(filter(None, (out, sentences.about(found))))
    )
    _facts(view, row, found)
    _themes(view, row, found)
    _quotes(view, row)


def _facts(view: View, row: SegmentRow, found: SegmentThemes) -> None:
    n = row.volume.n
    whole = linked(
        ngettext("{n} mention", "{n} mentions", n), view.to(row.behind.but(complaint=None)), n
    )
    said = [whole]
    if found.first is not None and found.last is not None:
        said.append(escape(i18n.days(found.first, found.last)))
    if row.standout is not None and row.standout.here.k:
        name = labels.touchpoint(view.taxonomy, row.standout.touchpoint)
        k = row.standout.here.k
        text = ngettext("{n} complaint about {name}", "{n} complaints about {name}", k, name=name)
        said.append(linked(text, view.to(row.standout.behind), k))
    st.html(f'<p class="sm-note">{" · ".join(said)}</p>')


def _themes(view: View, row: SegmentRow, found: SegmentThemes) -> None:
    st.header(_("What its complaints are about"), anchor=False)
    if not row.complaint_rate.k:
        words.note(_("There are no complaints in this selection."))
        return
    if not found.found:
        no_themes.draw(view, "negative")
        return
    if not found.rows:
        words.note(_("None of its complaints is of a theme."))
        return
    frame.chart(
        view,
        dots.dots(
            [_dot(view, found, one) for one in found.rows[:_MOST]],
            title=_("Share of complaints"),
            dark=view.dark,
            names=(_("here"), _("others")),
            about=_("Words"),
        ),
        key="segment-themes",
        about=_("Themes of this segment's complaints beside the others', with 95% intervals"),
    )
    if found.complaints >= MIN_N:
        words.note(_("Filled: clearly apart from the others. Hollow: cannot be told from them."))
    heads = [
        _("Theme"),
        _("Beside the others"),
        _("Complaints"),
        _("Share of complaints"),
        _("In the others"),
        _("Since"),
    ]
    rows = [(_cells(view, found, one), not one.share.enough) for one in found.rows]
    tables.table(heads, rows[:_MOST], text=2)
    if rows[_MOST:]:
        with st.expander(_("The other {n} themes", n=i18n.number(len(rows) - _MOST))):
            tables.table(heads, rows[_MOST:], text=2)
    if found.complaints < MIN_N:
        words.note(_("Grey: fewer than {least} in all, too few to compare.", least=MIN_N))


def _dot(view: View, found: SegmentThemes, one: SegmentTheme) -> dots.Dot:
    about = ", ".join(one.words[:4])
    return dots.Dot(
        str(one.id),
        one.phrase,
        one.share,
        to=view.to(one.behind),
        count=one.share.k,
        other=one.others if one.others.n else None,
        about=f"{_('new')}: {about}" if sentences.is_new(found, one) else about,
        clear=sentences.verdict(one.p, one.share, one.others)[1] != "same",
    )


def _cells(view: View, found: SegmentThemes, one: SegmentTheme) -> list[str]:
    text, tone = sentences.verdict(one.p, one.share, one.others)
    k = one.share.k or 0
    new = f" <b>{escape(_('new'))}</b>" if sentences.is_new(found, one) else ""
    since = i18n.day(one.first_seen) if one.first_seen else "–"
    return [
        looked_at(view, one.id, one.phrase) + new,
        f'<span class="{tone}">{escape(text)}</span>',
        linked(i18n.number(k), view.to(one.behind), k),
        percents.interval(one.share),
        percents.interval(one.others),
        f'<span class="day">{escape(since)}</span>',
    ]


def _quotes(view: View, row: SegmentRow) -> None:
    k = row.complaint_rate.k or 0
    if not k:
        return
    st.header(_("In the customers' words"), anchor=False)
    st.page_link(
        f"views/{links.MENTIONS}.py",
        label=_("Read all {n} complaints", n=i18n.number(k)),
        icon=":material/arrow_forward:",
        query_params=links.parameters(view.to(row.behind)),
    )
    cards.legend()
    cards.draw(view, view.ask(telling, row.behind, limit=_QUOTES))
