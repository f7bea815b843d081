"""The touchpoints ranked, by their share of the complaints or by their impact."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n, labels, sentences
from dashboard.charts import bars
from dashboard.i18n import _, ngettext
from dashboard.links import linked
from dashboard.parts import frame, tables, words
from dashboard.parts.shell import View
from dashboard.parts.touchpoints.names import looked_at
from insights.drivers import DriverRow, Part
from insights.priorities import Priorities, PriorityRow
from insights.touchpoints import TouchpointRow, Touchpoints
from insights.values import MIN_N, Value
from store.filter import Filter
from store.tables import UNPLACED

_MOST = 12
"""Bars shown; the table has the rest."""


def blamed(filter: Filter, touchpoint: str) -> Filter:
    """Return the complaints that speak badly of a touchpoint."""
    return filter.but(touchpoints=(touchpoint,), polarity="negative", complaint=True)


def draw_shares(view: View, found: Priorities, result: Touchpoints) -> None:
    """Draw the touchpoints by their share of the complaints."""
    st.header(_("What is behind the complaints"), anchor=False)
    known = {row.id: row for row in result.rows}
    rows = [_bar(view, row, known[row.id]) for row in found.rows[:_MOST]]
    if result.unplaced.k and found.owner is None:
        rows.append(
            bars.Bar(
                UNPLACED,
                labels.touchpoint(view.taxonomy, UNPLACED),
                result.unplaced,
                to=view.to(blamed(view.filter, UNPLACED)),
                count=result.unplaced.k,
            )
        )
    if not rows:
        words.note(_("No complaint speaks badly of a touchpoint."))
        return
    frame.chart(
        view,
        bars.ranked(
            rows,
            title=_("Share of complaints"),
            about=_("Phase · owner"),
            dark=view.dark,
            strong=_strong(found),
        ),
        key="ranking",
        about=_("Touchpoints by their share of the complaints, with 95% intervals"),
        table=_share_table(view, found, result),
    )
    text = _(
        "One complaint may name several touchpoints, so the shares add up to more than 100%. "
        "▲▼: points against the period before, where the change is clear. Click a bar to read "
        "its complaints."
    )
    if found.complaints.n < MIN_N:
        text = _(
            "Only {n} complaints: fewer than {least}, too few to rank.",
            n=i18n.number(found.complaints.n),
            least=MIN_N,
        )
    words.note(f"{text} {_left(found)}")


def draw_impacts(view: View, found: Priorities, weighed: Part) -> None:
    """Draw the touchpoints by what would change without the complaints about them alone."""
    st.header(_("What weighs most"), anchor=False)
    known = {row.id: row for row in weighed.rows}
    rows = [
        bars.Bar(
            row.id,
            labels.touchpoint(view.taxonomy, row.id),
            # Of a touchpoint that few speak of, greyed however many mentions there are in all.
            row.value if row.enough else _few(row.value, known[row.id].complaints.k or 0),
            to=view.to(row.behind),
            count=row.value.k,
            said=_("{points} points", points=i18n.number(100 * (row.value.value or 0), 1)),
            about=_owned(view, row.id),
        )
        for row in found.rows[:_MOST]
    ]
    if not rows:
        words.note(_("No complaint speaks badly of one touchpoint alone."))
        return
    frame.chart(
        view,
        bars.ranked(
            rows,
            title=_("Of all tagged mentions, complaints about this alone"),
            about=_("Phase · owner"),
            dark=view.dark,
            strong=_strong(found),
        ),
        key="ranking",
        about=_(
            "Touchpoints by how much the complaint rate would fall without the complaints about "
            "each alone, with 95% intervals"
        ),
        table=_impact_table(view, found, known),
    )
    words.note(
        _(
            "How much lower the complaint rate of {rate} would be without the complaints that are "
            "about this alone; one that blames others too would stay a complaint. Association, not "
            "cause: whether mending it changes anything is shown by doing so.",
            rate=i18n.percent(weighed.complaint_share.value or 0.0),
        )
    )


def _left(found: Priorities) -> str:
    left = len(found.rows) - _MOST
    return ngettext("{n} more is in the table.", "{n} more are in the table.", left) * (left > 0)


def _strong(found: Priorities) -> str | None:
    """Return the one to set off: the first, where it is ahead for sure."""
    return found.first.id if found.first and not found.tied else None


def _few(value: Value, n: int) -> Value:
    return Value(value.value, value.low, value.high, min(n, MIN_N - 1), value.k)


def _owned(view: View, id: str) -> str:
    one = view.taxonomy[id]
    return f"{labels.phase(one.phase)} · {labels.owner(one.owner)}"


def _bar(view: View, row: PriorityRow, shown: TouchpointRow) -> bars.Bar:
    said = i18n.percent(row.value.value or 0)
    move = shown.change.value if shown.change is not None else None
    if move is not None and sentences.has_moved(shown):
        said += f" {sentences.arrow(move)} {i18n.signed(100 * move)}"
    return bars.Bar(
        row.id,
        labels.touchpoint(view.taxonomy, row.id),
        row.value,
        to=view.to(row.behind),
        count=row.value.k,
        said=said,
        about=_owned(view, row.id),
    )


def _moved(shown: TouchpointRow) -> tuple[str, str]:
    """Return how the share has changed in words, and whether for the worse."""
    if shown.change is None or shown.change.value is None or shown.change_p is None:
        return _("no comparison"), "same"
    size = shown.change.value
    text = _("{change} points", change=f"{sentences.arrow(size)} {i18n.signed(100 * size)}")
    if not sentences.has_moved(shown):
        return _("{change}, not clear", change=text), "same"
    return text, "worse" if size > 0 else "better"


def _lead(found: Priorities, row: PriorityRow) -> str:
    """Say how far behind the first a touchpoint is, as HTML."""
    if not row.enough:
        return escape(_("too few"))
    if row is found.rows[0]:
        return escape(_("first"))
    text = f"{i18n.number(100 * (row.lead.value or 0), 1)} <small>({_ends(row.lead)})</small>"
    doubt = escape(_("may be first too"))
    return f"{text} {doubt}" if row.tied else text


def _ends(value: Value) -> str:
    low, high = ((end or 0.0) * 100 for end in (value.low, value.high))
    return escape(i18n.between(i18n.number(low, 1), i18n.number(high, 1)))


def _share_table(view: View, found: Priorities, result: Touchpoints) -> frame.Table:
    known = {row.id: row for row in result.rows}
    rows = []
    for row in found.rows:
        shown = known[row.id]
        about = view.filter.but(touchpoints=(row.id,))
        complaints, negative = row.value.k or 0, shown.negative_rate.k or 0
        text, tone = _moved(shown)
        cells = [
            looked_at(view, row.id),
            escape(labels.phase(shown.phase)),
            escape(labels.owner(shown.owner)),
            linked(i18n.number(complaints), view.to(row.behind), complaints),
            tables.share(row.value),
            f'<span class="{tone}">{escape(text)}</span>',
            _lead(found, row),
            linked(i18n.number(shown.mentions), view.to(about), shown.mentions),
            linked(i18n.number(negative), view.to(about.but(polarity="negative")), negative),
            tables.share(shown.negative_rate),
        ]
        rows.append((cells, not row.enough))
    if result.unplaced.k and found.owner is None:
        k = result.unplaced.k
        unplaced = linked(i18n.number(k), view.to(blamed(view.filter, UNPLACED)), k)
        name = escape(labels.touchpoint(view.taxonomy, UNPLACED))
        cells = [name, "–", "–", unplaced, tables.share(result.unplaced), *["–"] * 5]
        rows.append((cells, not result.unplaced.enough))
    return frame.Table(
        [
            _("Touchpoint"),
            _("Phase"),
            _("Owner"),
            _("Complaints"),
            _("Share of complaints"),
            _("Change"),
            _("Behind the first"),
            _("Mentions"),
            _("Negative"),
            _("Negative rate"),
        ],
        rows,
        text=3,
    )


def _impact_table(view: View, found: Priorities, known: dict[str, DriverRow]) -> frame.Table:
    rows = []
    for row in found.rows:
        weighed = known[row.id]
        all_of_it, alone = weighed.complaints.k or 0, row.value.k or 0
        blame = weighed.effect.blamed if weighed.effect else None
        cells = [
            looked_at(view, row.id),
            escape(labels.owner(view.taxonomy[row.id].owner)),
            linked(i18n.number(all_of_it), view.to(weighed.behind), all_of_it),
            linked(i18n.number(alone), view.to(row.behind), alone),
            f"{i18n.number(100 * (row.value.value or 0), 1)} <small>({_ends(row.value)})</small>",
            _lead(found, row),
            _stars(weighed.stars),
            _stars(blame) if blame else "–",
        ]
        rows.append((cells, not row.enough))
    return frame.Table(
        [
            _("Touchpoint"),
            _("Owner"),
            _("Complaints"),
            _("About it alone"),
            _("Points of the complaint rate"),
            _("Behind the first"),
            _("Stars without them"),
            _("Stars that go with blame, all else equal"),
        ],
        rows,
        text=2,
    )


def _stars(value: Value) -> str:
    if value.value is None:
        return "–"
    shown = i18n.signed(value.value, 2)
    if value.low is None or value.high is None:
        return escape(shown)
    low, high = (i18n.signed(end, 2) for end in (value.low, value.high))
    return tables.with_interval(value, shown, low, high)
