"""The one look of every chart: colours a colour-blind reader can tell apart, quiet axes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

import altair as alt
import pandas as pd

from dashboard.i18n import number_locale, time_locale
from store.tables import UNTAGGED

PICK = "pick"
"""The name of every chart's selection."""

_LIGHT = {"negative": "#d55e00", "neutral": "#9aa0a6", "positive": "#0072b2", UNTAGGED: "#dcdee2"}
_DARK = {"negative": "#e8762c", "neutral": "#8b9097", "positive": "#56a8dc", UNTAGGED: "#4a4b50"}
"""Vermilion, grey and blue after Okabe and Ito (2008): apart in every common colour blindness."""

Figure: TypeAlias = alt.Chart | alt.LayerChart | alt.FacetChart


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


def pick(*fields: str) -> alt.Parameter:
    """Return the selection that a click sets, told by these fields of the mark."""
    return alt.selection_point(name=PICK, fields=list(fields), toggle=False, clear=False)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as dicts."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def renamed(names: Mapping[str, str]) -> str:
    """Return the Vega expression that writes a name in a key's place on an axis.

    Marks are told apart by their keys: two may have the same name.
    """
    return f"({json.dumps(dict(names))})[datum.value]"


def styled(chart: Figure, dark: bool) -> Figure:
    """Return `chart` in the dashboard's look and the reader's language."""
    quiet = "#a9acb2" if dark else "#5c5f66"
    grid = "#35353a" if dark else "#e9eaed"
    looked: Figure = chart.configure(
        background="transparent",
        locale={"number": number_locale(), "time": time_locale()},
        view={"stroke": "transparent"},
        axis={
            "labelColor": quiet,
            "titleColor": quiet,
            "titleFontWeight": "normal",
            "titleFontSize": 12,
            "labelFontSize": 12,
            "gridColor": grid,
            "domainColor": grid,
            "tickColor": grid,
        },
        legend={"labelColor": quiet, "titleColor": quiet},
        text={"color": ink(dark), "fontSize": 12},
    )
    return looked
