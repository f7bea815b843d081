"""Two channels as one slide, to show to others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

import streamlit as st

from dashboard.charts.finished import Figure
from dashboard.i18n import _
from dashboard.parts import shell
from dashboard.parts.shell import View
from dashboard.report import MIME

_NAME = re.compile(r"[^a-z0-9]+")


def button(view: View, title: str, figure: Figure, notes: Sequence[str], *, name: str) -> None:
    """Draw a button that gives one slide (pptx).

    Args:
        title: the sentence that the chart shows.
        figure: in the light theme.
        notes: what the speaker is to know. What the numbers are of is written on the slide.
        name: what the file is about.
    """
    source = _("{source} · 95% intervals · Simak", source=shell.summary(view))
    st.download_button(
        _("As a slide (PPTX)"),
        partial(_slide, title, figure, source, "\n".join(filter(None, notes))),
        f"simak-{_NAME.sub('-', name.lower()).strip('-')}.pptx",
        MIME["pptx"],
        icon=":material/slideshow:",
        on_click="ignore",
        key="slide",
    )


def _slide(title: str, figure: Figure, source: str, notes: str) -> bytes:
    # Its library takes its time to load, and few open a page for the slide.
    from dashboard.report.slides import slide

    return slide(title, figure, source, notes)
