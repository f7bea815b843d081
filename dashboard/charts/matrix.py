"""Rows by columns: the deeper the colour, the larger the share; or how many times as often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

import altair as alt
import pandas as pd

from dashboard.charts import theme, units
from dashboard.charts.theme import Figure
from dashboard.charts.units import Unit
from insights.values import Value

_ROW_HEIGHT, _COLUMN_WIDTH = 30, 78
_DOUBLINGS = 2.0
"""Four times as often, and a quarter, have the full colour."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        row, column: keys.
        value: what colours it; one without is shown as a dash.
        to, count: the address of the mentions behind it, and how many they are.
        said: what stands in it; the value where None.
        sure: False for what may be chance: it has no colour, and a question mark.
    """

    row: str
    column: str
    value: Value
    to: str | None = None
    count: int | None = None
    said: str | None = None
    sure: bool = True


def matrix(
    cells: Sequence[Cell],
    *,
    rows: Mapping[str, str],
    columns: Mapping[str, str],
    title: str,
    unit: Unit = "percent",
    dark: bool,
) -> Figure:
    """Return the map.

    Args:
        cells: of `rows` and `columns` alone; at least one.
        rows, columns: key to the name shown, in the order shown.
        title: what the figure is, for the tooltip.
        unit: `percent` is coloured from 0; `times` around 1: above it vermilion, below it blue.
    """
    data = pd.DataFrame([_cell(cell, rows, columns, unit) for cell in cells])
    present = set(data["column"])
    base = alt.Chart(data).encode(
        x=alt.X(
            "column:N",
            title=None,
            sort=[key for key in columns if key in present],
            axis=alt.Axis(
                orient="top", labelAngle=-35, labelExpr=theme.renamed(columns), domain=False,
                ticks=False, labelLimit=110,
            ),
        ),
        y=alt.Y(
            "row:N",
            title=None,
            sort=list(rows),
            axis=alt.Axis(
                labelExpr=theme.renamed(rows), labelLimit=150, domain=False, ticks=False,
                labelFontSize=13, labelPadding=8,
            ),
        ),
        tooltip=units.tooltip(title),
    )  # fmt: skip
    quiet = "#2f2f33" if dark else "#eeeff1"
    squares = (
        base.mark_rect(cursor=theme.POINTER, cornerRadius=3, stroke="transparent", strokeWidth=2)
        .encode(
            description="spoken:N",
            color=alt.condition(
                "datum.tone == 'clear'",
                alt.Color("depth:Q", scale=_scale(data, unit, dark), legend=None),
                alt.value(quiet),
            ),
        )
        .add_params(theme.pick())
    )
    figures = base.mark_text(fontSize=11.5).encode(
        text="said:N",
        color=alt.condition(
            "datum.tone == 'clear'",
            alt.value("#ffffff" if dark else "#1f1f22"),
            alt.value(theme.quiet(dark)),
        ),
    )
    chart = alt.layer(squares, figures).properties(
        height=alt.Step(_ROW_HEIGHT), width=alt.Step(_COLUMN_WIDTH)
    )
    return theme.styled(chart, dark)


def _scale(data: pd.DataFrame, unit: Unit, dark: bool) -> alt.Scale:
    if unit == "times":
        middle = "#2f2f33" if dark else "#f4f4f5"
        ends = ["#2f6f9c", middle, "#c45f22"] if dark else ["#8fc1e3", middle, "#e8884a"]
        return alt.Scale(domain=[-_DOUBLINGS, 0, _DOUBLINGS], range=ends, clamp=True)
    return alt.Scale(
        domain=[0, max(0.1, float(data["depth"].max()))],
        range=["#3a2a20", "#c45f22"] if dark else ["#fdf0e6", "#e8884a"],
    )


def _cell(
    cell: Cell, rows: Mapping[str, str], columns: Mapping[str, str], unit: Unit
) -> dict[str, object]:
    value = cell.value.value
    depth = value or 0.0
    if unit == "times":
        depth = -_DOUBLINGS if not value else log2(value)
    said = cell.said or units.show(value, unit)
    clear = cell.value.enough and cell.sure and value is not None
    return {
        **units.fields(f"{rows[cell.row]}, {columns[cell.column]}", cell.value, unit),
        "row": cell.row,
        "column": cell.column,
        "depth": depth,
        "said": said if cell.sure or value is None else f"{said} ?",
        "tone": "clear" if clear else "few",
        "to": cell.to,
        "count": cell.count,
    }
