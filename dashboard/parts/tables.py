"""Plain tables, the other way to what a chart shows: every count is a link to its mentions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from dashboard import i18n
from dashboard.charts import units
from dashboard.i18n import _
from dashboard.links import linked
from insights.values import Value


def table(
    heads: Sequence[str], rows: Iterable[tuple[Sequence[str], bool]], *, text: int = 1
) -> None:
    """Draw a table.

    Args:
        heads: plain text.
        rows: cells as HTML, and whether the row rests on too few cases.
        text: how many columns, from the left, are words; the others are figures.
    """

    def kind(place: int) -> str:
        return "" if place < text else ' class="num"'

    head = "".join(f'<th scope="col"{kind(i)}>{escape(h)}</th>' for i, h in enumerate(heads))
    body = "".join(
        f"<tr{' class=few' if few else ''}>"
        + "".join(f"<td{kind(i)}>{cell}</td>" for i, cell in enumerate(cells))
        + "</tr>"
        for cells, few in rows
    )
    st.html(
        f'<div class="sm-scroll"><table class="sm-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def counted(value: Value, to: str) -> str:
    """Return a share with its interval, and its cases as a link to the numerator."""
    if not value.n:
        return "–"
    k = value.k or 0
    text = _("{k} of {n}", k=i18n.number(k), n=i18n.number(value.n))
    return f"{share(value)} · {linked(text, to, k)}"


def with_interval(value: Value, shown: str, low: str, high: str) -> str:
    """Return a value with its interval in small print."""
    if value.value is None:
        return "–"
    return f"{escape(shown)} <small>({escape(i18n.between(low, high))})</small>"


def wait(minutes: Value) -> str:
    """Return a wait of minutes with its interval, as far as it has one."""
    if minutes.value is None:
        return "–"
    hours = units.in_hours(minutes)
    shown, ends = units.show(hours.value, "waits"), units.interval(hours, "waits")
    return escape(shown) if ends == "–" else f"{escape(shown)} <small>({escape(ends)})</small>"


def share(value: Value) -> str:
    """Return a share with its interval."""
    if value.value is None or value.low is None or value.high is None:
        return "–"
    return with_interval(
        value, i18n.percent(value.value), i18n.percent(value.low), i18n.percent(value.high)
    )
