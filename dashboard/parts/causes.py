"""The parts of the Touchpoints page: the ranking, the map by channel, the customers' words."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n, labels, links, sentences
from dashboard.charts import bars, heatmap
from dashboard.i18n import _
from dashboard.links import linked
from dashboard.parts import cards, filters, frame, tables, words
from dashboard.parts.shell import View
from insights.touchpoints import TouchpointRow, Touchpoints, examples
from insights.values import MIN_N
from store.filter import Filter
from store.tables import UNPLACED


def blamed(filter: Filter, touchpoint: str) -> Filter:
    """Return the complaints that speak badly of a touchpoint."""
    return filter.but(touchpoints=(touchpoint,), polarity="negative", complaint=True)


def cell(filter: Filter, touchpoint: str, channel: str) -> Filter:
    """Return the complaints behind a cell of the map."""
    return blamed(filter, touchpoint).but(channels=(channel,))


def draw_ranking(view: View, result: Touchpoints) -> None:
    """Draw the touchpoints by their share of the complaints."""
    st.header(_("What is behind the complaints"), anchor=False)
    rows = [_bar(view, row) for row in result.rows if row.complaint_share.k]
    if result.unplaced.k:
        rows.append(
            bars.Bar(
                UNPLACED,
                labels.touchpoint(view.taxonomy, UNPLACED),
                result.unplaced,
                to=view.to(blamed(view.filter, UNPLACED)),
                count=result.unplaced.k,
            )
        )
    if not rows:  # they name touchpoints that the taxonomy no longer has
        words.note(_("No complaint names a touchpoint."))
        return
    frame.chart(
        view,
        bars.ranked(rows, title=_("Share of complaints"), about=_("Phase · owner"), dark=view.dark),
        key="ranking",
        about=_("Touchpoints by their share of the complaints, with 95% intervals"),
        table=_table(view, result),
    )
    text = _(
        "One complaint may name several touchpoints, so the shares add up to more than 100%. "
        "▲▼: points against the period before, where the change is clear. Click a bar to read "
        "its complaints."
    )
    if result.complaints < MIN_N:
        text = _(
            "Only {n} complaints: fewer than {least}, too few to rank.",
            n=i18n.number(result.complaints),
            least=MIN_N,
        )
    words.note(text)


def draw_map(view: View, result: Touchpoints) -> None:
    """Draw touchpoint by channel."""
    st.header(_("Where they are said"), anchor=False)
    order = [row.id for row in result.rows if row.complaint_share.k]
    if not order:
        words.note(_("No complaint names a touchpoint."))
        return
    frame.chart(
        view,
        heatmap.heatmap(
            result.by_channel,
            touchpoints={id: labels.touchpoint(view.taxonomy, id) for id in order},
            channels={c: labels.channel(c) for c in set(result.by_channel["channel"])},
            order=order,
            to=lambda touchpoint, channel: view.to(cell(view.filter, touchpoint, channel)),
            dark=view.dark,
        ),
        key="map",
        about=_("Share of each channel's complaints by touchpoint"),
        table=_map_table(view, result, order),
        width="content",
    )
    text = _(
        "Each column: of the channel's complaints, how many speak badly of the touchpoint. "
        "Grey: fewer than {least} complaints in the channel, shown as how many of how many.",
        least=MIN_N,
    )
    words.note(text)


def draw_examples(view: View, result: Touchpoints) -> None:
    """Draw telling complaints about the touchpoint that the reader chooses."""
    st.header(_("In the customers' words"), anchor=False)
    choices = [row.id for row in result.rows if row.complaint_share.k]
    if not choices:
        words.note(_("No complaint names a touchpoint."))
        return
    chosen = view.choice("about", choices, choices[0])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Touchpoint"),
            choices,
            key=filters.put("w_example", chosen),
            format_func=lambda id: labels.touchpoint(view.taxonomy, id),
            width=320,
            on_change=lambda: filters.choose("about", st.session_state["w_example"]),
        )
        count = next(row.complaint_share.k or 0 for row in result.rows if row.id == chosen)
        st.page_link(
            f"views/{links.MENTIONS}.py",
            label=_("Read all {n}", n=i18n.number(count)),
            icon=":material/arrow_forward:",
            query_params=links.parameters(view.to(blamed(view.filter, chosen))),
        )
    cards.legend()
    cards.draw(view, view.ask(examples, view.filter, chosen))


def _bar(view: View, row: TouchpointRow) -> bars.Bar:
    share = row.complaint_share
    said = i18n.percent(share.value or 0)
    move = row.change.value if row.change is not None else None
    if share.enough and move is not None and sentences.is_clear(row.change):
        said += f" {sentences.arrow(move)} {i18n.signed(100 * move)}"
    return bars.Bar(
        row.id,
        labels.touchpoint(view.taxonomy, row.id),
        share,
        to=view.to(blamed(view.filter, row.id)),
        count=share.k,
        said=said,
        about=f"{labels.phase(row.phase)} · {labels.owner(row.owner)}",
    )


def _table(view: View, result: Touchpoints) -> frame.Table:
    rows = []
    for row in result.rows:
        about = view.filter.but(touchpoints=(row.id,))
        complaints, negative = row.complaint_share.k or 0, row.negative_rate.k or 0
        text, tone = sentences.change("complaint_rate", row.change)
        rows.append(
            (
                [
                    escape(labels.touchpoint(view.taxonomy, row.id)),
                    escape(labels.phase(row.phase)),
                    escape(labels.owner(row.owner)),
                    linked(
                        i18n.number(complaints), view.to(blamed(view.filter, row.id)), complaints
                    ),
                    tables.share(row.complaint_share),
                    f'<span class="{tone}">{escape(text)}</span>',
                    linked(i18n.number(row.mentions), view.to(about), row.mentions),
                    linked(
                        i18n.number(negative), view.to(about.but(polarity="negative")), negative
                    ),
                    tables.share(row.negative_rate),
                ],
                not row.complaint_share.enough,
            )
        )
    if result.unplaced.k:
        unplaced = linked(
            i18n.number(result.unplaced.k),
            view.to(blamed(view.filter, UNPLACED)),
            result.unplaced.k,
        )
        name = escape(labels.touchpoint(view.taxonomy, UNPLACED))
        cells = [name, "–", "–", unplaced, tables.share(result.unplaced), *["–"] * 4]
        rows.append((cells, not result.unplaced.enough))
    return frame.Table(
        [
            _("Touchpoint"),
            _("Phase"),
            _("Owner"),
            _("Complaints"),
            _("Share of complaints"),
            _("Change"),
            _("Mentions"),
            _("Negative"),
            _("Negative rate"),
        ],
        rows,
        text=3,
    )


def _map_table(view: View, result: Touchpoints, order: list[str]) -> frame.Table:
    found = {
        (str(row["touchpoint"]), str(row["channel"])): int(row["complaints"])
        for _place, row in result.by_channel.iterrows()
    }
    channels = sorted({channel for _id, channel in found}, key=labels.channel)
    rows = []
    for id in order:
        cells = [escape(labels.touchpoint(view.taxonomy, id))]
        for channel in channels:
            n = found.get((id, channel), 0)
            there = view.to(cell(view.filter, id, channel))
            cells.append(linked(i18n.number(n), there, n) if n else "–")
        rows.append((cells, False))
    return frame.Table([_("Touchpoint"), *(labels.channel(c) for c in channels)], rows)
