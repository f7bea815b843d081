"""How the promises of a brand are kept, as far as customers say."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import bars
from dashboard.i18n import _
from dashboard.parts import filters, frame, tables, words
from dashboard.parts.promises import beginning, cells, one, register, sentences
from dashboard.parts.shell import View
from insights.promises import PromiseRow, promises
from store import promises as recorded
from store.promises import Promise


def registered(view: View) -> list[Promise]:
    """Return the promises of the brand, whenever they held."""
    return view.ask(recorded.promises, (view.state.brand or "",))


def draw(view: View, known: Sequence[Promise]) -> None:
    """Draw how the promises of the brand are kept."""
    rows = view.ask(promises, view.filter).rows
    if not rows:
        first = i18n.day(min(one.since for one in known))
        words.finding(
            _("No promise held in these days."),
            _("The first of them began on {day}: take a period after it.", day=first),
        )
    else:
        words.finding(sentences.finding(rows, view.taxonomy), sentences.of_those())
        _draw_rows(view, rows)
    register.draw(view, known)


def _draw_rows(view: View, rows: Sequence[PromiseRow]) -> None:
    chosen = rows[0]
    if len(rows) > 1:
        _draw_all(view, rows)
        chosen = _chosen(rows, view)
    st.header(labels.plain(f"“{chosen.promise.text}”"), anchor=False)
    if len(rows) > 1:
        words.finding(sentences.kept(chosen, view.taxonomy))
    one.draw(view, chosen)
    beginning.draw(view, chosen)


def _draw_all(view: View, rows: Sequence[PromiseRow]) -> None:
    st.header(_("Which promise is kept"), anchor=False)
    spoken = [row for row in rows if row.all.rate.n]
    table = cells.table(
        view,
        [_("Promise"), _("Touchpoint"), _("Holds")],
        [
            (
                [
                    row.promise.text,
                    labels.touchpoint(view.taxonomy, row.promise.touchpoint),
                    sentences.days(row.promise),
                ],
                row.all,
            )
            for row in rows
        ],
    )
    if not spoken:
        tables.table(table.heads, table.rows, text=table.text)
        return
    frame.chart(
        view,
        bars.ranked(
            [
                cells.bar(
                    view,
                    str(row.promise.id),
                    row.promise.text,
                    row.all,
                    labels.touchpoint(view.taxonomy, row.promise.touchpoint),
                )
                for row in sorted(spoken, key=lambda row: row.all.rate.value or 0)
            ],
            title=_("Said to be kept"),
            about=_("Touchpoint"),
            dark=view.dark,
            tone="positive",
        ),
        key="promises",
        about=_("Of those who speak of each promise, how many say it was kept"),
        table=table,
    )


def _chosen(rows: Sequence[PromiseRow], view: View) -> PromiseRow:
    by_id = {str(row.promise.id): row for row in rows}
    most = max(by_id, key=lambda id: by_id[id].all.rate.n)
    chosen = view.choice("promise", list(by_id), most)
    st.selectbox(
        _("Promise"),
        list(by_id),
        key=filters.put("w_promise", chosen),
        format_func=lambda id: by_id[id].promise.text,
        width=420,
        on_change=lambda: filters.choose("promise", st.session_state["w_promise"]),
    )
    return by_id[chosen]
