"""A chart with what belongs to every chart: its description, its table, its downloads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import streamlit as st

from dashboard.charts import data, picture
from dashboard.charts.finished import Figure
from dashboard.i18n import _
from dashboard.parts import picks, shell, tables
from dashboard.parts.shell import View

_NAME = re.compile(r"[^\w-]+")


@dataclass(frozen=True, slots=True)
class Table:
    """The other way to what a chart shows.

    Attributes:
        heads: plain text.
        rows: cells as HTML, and whether the row rests on too few cases.
        text: how many columns, from the left, are words.
    """

    heads: Sequence[str]
    rows: Sequence[tuple[Sequence[str], bool]]
    text: int = 1


def chart(
    view: View,
    figure: Figure,
    *,
    key: str,
    about: str,
    table: Table | None = None,
    width: Literal["stretch", "content"] = "stretch",
) -> None:
    """Draw a chart whose marks open their mentions, its table below it, and its downloads.

    Args:
        key: names the chart on its page, and its downloads.
        about: what the chart shows, for screen readers and below the picture that is downloaded.
        table: the same numbers; None where the page draws them beside the chart.
        width: `content` keeps the chart's own; a narrow screen scrolls it.
    """
    picks.chart(figure, key=key, about=about, width=width)
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        if table is not None:
            with st.expander(_("The same as a table")):
                tables.table(table.heads, table.rows, text=table.text)
        # Its closing must not run the page: that run would undo a link clicked outside of it.
        with st.popover(
            _("Download"), icon=":material/download:", type="tertiary", key=f"download-{key}"
        ):
            _downloads(view, figure, key, about)


def _downloads(view: View, figure: Figure, key: str, about: str) -> None:
    name = _NAME.sub("-", f"simak-{view.state.brand or ''}-{key}").lower().strip("-")
    shown: Any = {"title": about, "source": f"Simak · {shell.summary(view)}", "dark": view.dark}
    for form, mime, made in (
        (
            "png",
            "image/png",
            partial(picture.png, figure, **shown),
        ),
        (
            "svg",
            "image/svg+xml",
            partial(picture.svg, figure, **shown),
        ),
        ("csv", "text/csv", lambda: data.table(figure)),
    ):
        st.download_button(
            form.upper(), made, f"{name}.{form}", mime, key=f"{key}-{form}", on_click="ignore"
        )
