"""The one look of every chart: colours a colour-blind reader can tell apart, quiet axes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import altair as alt
import pandas as pd

from dashboard.charts.finished import Figure, finish
from dashboard.i18n import number_locale, time_locale
from store.tables import UNTAGGED

PICK = "pick"
"""The name of every chart's selection."""

_LIGHT = {"negative": "#d55e00", "neutral": "#9aa0a6", "positive": "#0072b2", UNTAGGED: "#dcdee2"}
_DARK = {"negative": "#e8762c", "neutral": "#8b9097", "positive": "#56a8dc", UNTAGGED: "#4a4b50"}
"""Vermilion, grey and blue after Okabe and Ito (2008): apart in every common colour blindness."""

Size: TypeAlias = float | alt.Step


def sentiment_colours(dark: bool) -> dict[str, str]:
    """Return sentiment to colour."""
    return _DARK if dark else _LIGHT


def ink(dark: bool) -> str:
    """Return the colour of marks and labels that carry the figures."""
    return "#e6e6e8" if dark else "#2f3136"


def accent(dark: bool) -> str:
    """Return the colour of the one series a chart is about."""
    return "#7cc0ee" if dark else "#00609a"


def faint(dark: bool) -> str:
    """Return the colour of what rests on too few cases."""
    return "#77797f" if dark else "#a6a9af"


POINTER = alt.expr("datum.to ? 'pointer' : 'default'")
"""The pointer over a mark: a hand where a click opens something."""


def pick() -> alt.Parameter:
    """Return the selection that a click sets: the `to` of the mark, the address of its mentions.

    A mark whose `to` is null opens nothing: a click on it is not heard.
    """
    return alt.selection_point(
        name=PICK,
        fields=["to"],
        on="click[event.item && event.item.datum && event.item.datum.to]",
        toggle=False,
        clear=False,
    )


def series_colours(dark: bool) -> list[str]:
    """Return the colours of several series, the one the chart is about first.

    All have a contrast of 4.5 or more, as their names are written in them.
    """
    if dark:
        return ["#7cc0ee", "#f3935a", "#4fc3a1", "#e08fc0", "#d9c65b"]
    return ["#00609a", "#b34700", "#00735c", "#8f3f71", "#6b5b00"]


def quiet(dark: bool) -> str:
    """Return the colour of words that do not carry the figures."""
    return "#a9acb2" if dark else "#5c5f66"


def page(dark: bool) -> str:
    """Return the colour of the page."""
    return "#19191b" if dark else "#fbfbfc"


def mixed(first: str, second: str, part: float) -> str:
    """Return a colour with so much of the second in the first.

    Example:
        >>> mixed("#000000", "#ffffff", 0.5)
        '#808080'
    """
    ends = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in ends)


def readable(fill: str) -> str:
    """Return the colour of words on a fill: whichever of white and black stands out more.

    One of the two always has a contrast of 4.5 or more.

    Example:
        >>> readable("#fdf0e6"), readable("#b34700")
        ('#000000', '#ffffff')
    """
    return "#000000" if contrast(fill, "#000000") >= contrast(fill, "#ffffff") else "#ffffff"


def contrast(first: str, second: str) -> float:
    """Return how far two colours stand out from one another, from 1 to 21.

    Source: WCAG 2.2, the definitions of contrast ratio and relative luminance.
    """
    lights = sorted(_light(colour) for colour in (first, second))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _light(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as dicts."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def renamed(names: Mapping[str, str]) -> str:
    """Return the Vega expression that writes a name in a key's place on an axis.

    Marks are told apart by their keys: two may have the same name.
    """
    return f"({json.dumps(dict(names))})[datum.value]"


def styled(
    layers: Sequence[alt.Chart], dark: bool, *, height: Size, width: Size | None = None
) -> Figure:
    """Return layers as one chart in the dashboard's look and the reader's language.

    Args:
        height, width: pixels, or those of a step; without a width the chart takes the page's.
    """
    grid = "#35353a" if dark else "#e9eaed"
    config = {
        "background": "transparent",
        "locale": {"number": number_locale(), "time": time_locale()},
        "view": {"stroke": "transparent"},
        "axis": {
            "labelColor": quiet(dark),
            "titleColor": quiet(dark),
            "titleFontWeight": "normal",
            "titleFontSize": 12,
            "labelFontSize": 12,
            "gridColor": grid,
            "domainColor": grid,
            "tickColor": grid,
        },
        "legend": {"labelColor": quiet(dark), "titleColor": quiet(dark)},
        "text": {"color": ink(dark), "fontSize": 12},
    }
    size = {
        name: one.to_dict() if isinstance(one, alt.Step) else one
        for name, one in (("width", width), ("height", height))
        if one is not None
    }
    # A chart with a width of its own keeps it for its marks, the others fit theirs into the page's.
    # Streamlit would fit the height too, with the axes: pixels would not mean what they say.
    fit = {"type": "fit-x" if width is None else "pad", "contains": "padding"}
    return finish(layers, config=config, autosize=fit, **size)
