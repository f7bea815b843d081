"""Within the phases: how they move, their touchpoints, and the words about the weakest."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n, labels, links
from dashboard.charts import lines, multiples, theme
from dashboard.i18n import _
from dashboard.parts import cards, frame, tables, words
from dashboard.parts.journey.route import door, gap_of, moved
from dashboard.parts.journey.sentences import broken
from dashboard.parts.shell import View
from dashboard.parts.themes.names import of_touchpoint
from dashboard.parts.touchpoints.names import looked_at
from insights.journey import ALPHA, Journey
from insights.touchpoints import examples
from insights.values import Value
from store.lists import count


def months(view: View, result: Journey) -> None:
    """Draw the phases month by month."""
    st.header(_("How the phases move"), anchor=False)
    found = result.by_month
    if found.empty or found["month"].nunique() < 2:
        words.note(_("One month alone: no trend. Take a longer period."))
        return
    series = []
    for part in result.phases:
        own = theme.records(found[found["phase"] == part.id])
        points = [
            lines.Point(
                row["behind"].since,
                row["behind"].until,
                Value(row["rate"], row["low"], row["high"], int(row["mentions"]),
                      int(row["negative"])),
                to=view.to(row["behind"]) if row["negative"] else None,
                count=int(row["negative"]),
            )
            for row in own
        ]  # fmt: skip
        if points:
            series.append(lines.Series(part.id, labels.phase(part.id), points))
    frame.chart(
        view,
        multiples.multiples(series, title=_("Negative rate"), unit="percent", dark=view.dark),
        key="months",
        about=_("Negative rate of each phase by month, all on one scale"),
        width="content",
    )


def touchpoints(view: View, result: Journey) -> None:
    """Draw a table of the touchpoints, by phase."""
    st.header(_("The touchpoints of each phase"), anchor=False)
    rows = []
    for phase in result.phases:
        own = [part for part in result.touchpoints if part.id in phase.touchpoints]
        own.sort(key=lambda part: -(part.negative_rate.value or 0.0) * part.negative_rate.enough)
        for place, part in enumerate(own):
            k, gap = part.negative_rate.k or 0, part.difference.value
            text, tone = moved(part)
            rows.append((
                [
                    escape(labels.phase(phase.id)) if not place else "",
                    looked_at(view, part.id),
                    door(view, part.volume.n, part.behind.but(polarity=None)),
                    door(view, k, part.behind),
                    tables.share(part.negative_rate),
                    "–" if gap is None
                    else gap_of(gap, clear=part.p is not None and part.p < ALPHA),
                    f'<span class="{tone}">{escape(text)}</span>',
                ],
                not part.negative_rate.enough,
            ))  # fmt: skip
    tables.table(
        [
            _("Phase"),
            _("Touchpoint"),
            _("Mentions"),
            _("Negative"),
            _("Negative rate"),
            _("Against the others of its phase, points"),
            _("Change, points"),
        ],
        rows,
        text=2,
    )


def examples_of(view: View, result: Journey) -> None:
    """Draw telling complaints about the weakest touchpoint of where the journey breaks."""
    part = broken(result)
    if part is None or part.weakest is None:
        return
    id = part.weakest.touchpoint
    name = labels.touchpoint(view.taxonomy, id)
    st.header(_("In the customers' words: {name}", name=labels.plain(name)), anchor=False)
    behind = view.filter.but(touchpoints=(id,), polarity="negative")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.page_link(
            "views/touchpoints.py",
            label=_("Look closer at {name}", name=labels.plain(name)),
            icon=":material/zoom_in:",
            query_params=view.state.shared().choosing("about", id).query(),
        )
        of_touchpoint(view, id)
        st.page_link(
            f"views/{links.MENTIONS}.py",
            label=_("Read all {n}", n=i18n.number(view.ask(count, behind).n)),
            icon=":material/arrow_forward:",
            query_params=links.parameters(view.to(behind)),
        )
    cards.legend()
    cards.draw(view, view.ask(examples, view.filter, id))
