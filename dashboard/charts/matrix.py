"""Rows by columns: the deeper a cell's colour, the larger its figure, which stands in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from dashboard import i18n
from dashboard.charts import room, theme, units
from dashboard.charts.finished import Figure, once
from dashboard.charts.units import Unit
from insights.values import Value

_ROW_HEIGHT, _LEAST_WIDTH, _WIDTH = 30, 44, 74
"""Pixels: a row's height, and what a column takes where many share the page, and at most."""

_SLANTED = 60
"""Pixels that the last column's slanted name reaches beyond it."""

_NAME_SIZE, _NAME_LIMIT = 13, 240
_FAINT = 0.35
"""How much is seen of a cell that cannot be told from the middle."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        row, column: keys of `matrix`'s rows and columns.
        value: a share, a lift, a difference.
        to, count: the address of the mentions behind it, and how many they are.
        clear: False draws it faint: it cannot be told from the middle.
        about: what else is said on hover.
    """

    row: str
    column: str
    value: Value
    to: str | None = None
    count: int | None = None
    clear: bool = True
    about: str = ""


@once
def matrix(
    cells: Sequence[Cell],
    *,
    rows: Mapping[str, str],
    columns: Mapping[str, str],
    title: str,
    dark: bool,
    unit: Unit = "percent",
    middle: float | None = None,
    about: str = "",
) -> Figure:
    """Return the map; it has a width of its own, which a narrow screen scrolls.

    Args:
        cells: those without a value are left blank.
        rows, columns: key to name, in the order shown.
        title: what the figure is, for the tooltip.
        middle: the value on which two colours part, such as a lift of 1; None runs from zero.
        about: the name of `Cell.about` in the tooltip.
    """
    reach = _reach(cells, unit, middle)
    data = pd.DataFrame(
        [
            _row(cell, rows, columns, unit, middle, reach, dark)
            for cell in cells
            if cell.value.value is not None and cell.row in rows and cell.column in columns
        ]
    )
    x = alt.X(
        "column:N",
        title=None,
        sort=list(columns),
        scale=alt.Scale(domain=[key for key in columns if key in set(data["column"])]),
        axis=alt.Axis(
            orient="top", labelAngle=-35, labelExpr=theme.renamed(columns), domain=False,
            ticks=False, labelLimit=130,
            labelOverlap=False,
        ),
    )  # fmt: skip
    y = alt.Y(
        "row:N",
        title=None,
        sort=list(rows),
        scale=alt.Scale(domain=[key for key in rows if key in set(data["row"])]),
        axis=alt.Axis(
            labelExpr=theme.renamed(rows), labelLimit=_NAME_LIMIT, domain=False, ticks=False,
            labelFontSize=_NAME_SIZE, labelPadding=8, labelFlush=False,
        ),
    )  # fmt: skip
    base = alt.Chart(data).encode(
        x=x, y=y, tooltip=units.tooltip(title, *([("about", about)] if about else []))
    )
    squares = (
        base.mark_rect(cursor=theme.POINTER, cornerRadius=3, stroke="transparent", strokeWidth=2)
        .encode(
            description="spoken:N",
            color=alt.condition(
                "datum.enough",
                alt.Color(
                    "depth:Q",
                    scale=alt.Scale(
                        domain=[0, 1] if middle is None else [-1, 0, 1],
                        range=_colours(dark, middle is not None),
                        clamp=True,
                        interpolate="rgb",
                    ),
                    legend=None,
                ),
                alt.value(_blank(dark)),
            ),
            opacity=alt.condition("datum.clear || !datum.enough", alt.value(1), alt.value(_FAINT)),
        )
        .add_params(theme.pick())
    )
    figures = base.mark_text(fontSize=11.5).encode(
        text="said:N",
        color=alt.condition("datum.ink === '#000000'", alt.value("#000000"), alt.value("#ffffff")),
    )
    names = [rows[key] for key in set(data["row"])]
    width = _column_width(names, data["column"].nunique())
    return theme.styled(
        [squares, figures], dark, height=alt.Step(_ROW_HEIGHT), width=alt.Step(width)
    )


def _column_width(names: Iterable[str], columns: int) -> int:
    """Return how wide a column can be beside the names of the rows."""
    beside = min(_NAME_LIMIT, max(room.width(name, _NAME_SIZE) for name in names))
    return round(max(_LEAST_WIDTH, min(_WIDTH, (room.PAGE - beside - _SLANTED) / columns)))


def _colours(dark: bool, diverging: bool) -> list[str]:
    """Return vermilion for much; between two, blue for less than expected."""
    deep = "#f3935a" if dark else "#b34700"
    pale = "#2b2523" if dark else "#fdf0e6"
    if not diverging:
        return [pale, deep]
    return ["#7cc0ee" if dark else "#00609a", "#242427" if dark else "#f4f4f6", deep]


def _blank(dark: bool) -> str:
    """Return the colour of a cell that rests on too few."""
    return "#2f2f33" if dark else "#eeeff1"


def _fill(cell: Cell, depth: float, dark: bool, *, diverging: bool) -> str:
    """Return the colour that a cell is seen in."""
    if not cell.value.enough:
        return _blank(dark)
    colours = _colours(dark, diverging)
    end = colours[0] if diverging and depth < 0 else colours[-1]
    full = theme.mixed(colours[-2], end, min(1.0, abs(depth)))
    return full if cell.clear else theme.mixed(theme.page(dark), full, _FAINT)


def _reach(cells: Sequence[Cell], unit: Unit, middle: float | None) -> float:
    """Return how far from the middle, or from zero, the deepest colour lies."""
    found = [
        abs((units.scaled(cell.value.value, unit) or 0.0) - (middle or 0.0))
        for cell in cells
        if cell.value.value is not None and cell.value.enough
    ]
    least = {"percent": 0.1, "points": 5.0}.get(unit, 0.5)
    return max([least, *found])


def _row(
    cell: Cell,
    rows: Mapping[str, str],
    columns: Mapping[str, str],
    unit: Unit,
    middle: float | None,
    reach: float,
    dark: bool,
) -> dict[str, object]:
    value, name = cell.value, f"{rows[cell.row]} · {columns[cell.column]}"
    depth = ((units.scaled(value.value, unit) or 0.0) - (middle or 0.0)) / reach
    # One of one is not shown as 100 %: it would shout.
    few = f"{i18n.number(value.k or 0)}/{i18n.number(value.n)}" if value.k is not None else "·"
    return {
        **units.fields(name, value, unit),
        "row": cell.row,
        "column": cell.column,
        "depth": depth,
        "clear": cell.clear,
        "ink": theme.readable(_fill(cell, depth, dark, diverging=middle is not None)),
        "said": units.show(value.value, unit) if value.enough else few,
        "about": cell.about,
        "to": cell.to,
        "count": cell.count,
    }
