"""Two journeys side by side: which phases and touchpoints clearly differ."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import dots
from dashboard.i18n import _
from dashboard.parts import frame, tables, words
from dashboard.parts.journey import sentences
from dashboard.parts.journey.beside import Beside
from dashboard.parts.journey.route import door, gap_of
from dashboard.parts.shell import View
from dashboard.parts.touchpoints.names import looked_at
from dashboard.parts.touchpoints.sentences import points
from insights.journey.compare import ComparedPart


def draw(view: View, beside: Beside) -> None:
    """Draw the phases of both, and both tables."""
    title = _("{here} beside {there}", here=beside.here, there=beside.there)
    st.header(labels.plain(title), anchor=False)
    st.html(f"<p>{escape(sentences.compared(beside))}</p>")
    shown = [
        part
        for part in beside.found.phases
        if part.here.rate.value is not None and part.there.rate.value is not None
    ]
    if shown:
        frame.chart(
            view,
            dots.dots(
                [_dot(view, part) for part in shown],
                title=_("Negative rate"),
                names=(beside.here, beside.there),
                about=_("Difference"),
                dark=view.dark,
            ),
            key="beside",
            about=_("Negative rate of each phase on both sides, with 95% intervals"),
            table=_table(view, beside, beside.found.phases, phases=True),
        )
    with st.expander(_("By touchpoint")):
        clear_first = sorted(
            beside.found.touchpoints,
            key=lambda part: (not part.clear, -abs(part.difference.value or 0.0)),
        )
        body = _table(view, beside, clear_first, phases=False)
        tables.table(body.heads, body.rows, text=body.text)
    words.note(
        _(
            "Clear differences are more than chance explains, corrected for all that were looked "
            "at. Two brands may differ in who writes about them, and where."
        )
    )


def _dot(view: View, part: ComparedPart) -> dots.Dot:
    gap = part.difference
    text = _("too few to compare")
    if gap.value is not None:
        text = _(
            "{points} points ({interval})",
            points=i18n.signed(100 * gap.value),
            interval=points(gap),
        )
        if not part.clear:
            text = _("{change}, not clear", change=text)
    return dots.Dot(
        part.id,
        labels.phase(part.id),
        part.here.rate,
        to=view.to(part.here.behind) if part.here.rate.k else None,
        count=part.here.rate.k,
        other=part.there.rate,
        other_to=view.to(part.there.behind) if part.there.rate.k else None,
        other_count=part.there.rate.k,
        about=text,
        clear=part.clear,
    )


def _table(
    view: View, beside: Beside, parts: Sequence[ComparedPart], *, phases: bool
) -> frame.Table:
    rows = []
    for part in parts:
        gap = part.difference.value
        name = escape(labels.phase(part.id)) if phases else looked_at(view, part.id)
        cells = [
            name,
            door(view, part.here.rate.k or 0, part.here.behind),
            tables.share(part.here.rate),
            door(view, part.there.rate.k or 0, part.there.behind),
            tables.share(part.there.rate),
            "–" if gap is None else gap_of(gap, clear=part.clear),
            escape(points(part.difference)),
        ]
        rows.append((cells, gap is None))
    first = _("Phase") if phases else _("Touchpoint")
    negative, rate = _("Negative"), _("Negative rate")
    return frame.Table(
        [
            first,
            f"{beside.here}: {negative}",
            rate,
            f"{beside.there}: {negative}",
            rate,
            _("Difference, points"),
            _("95% interval"),
        ],
        rows,
    )
