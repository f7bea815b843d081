"""What the last groupings changed: new themes, merged, split, renamed, gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard import i18n
from dashboard.i18n import N_, _
from dashboard.parts import words
from dashboard.parts.shell import View
from dashboard.parts.themes.names import looked_at
from insights.themes.reading import Themes
from store.themes import Polarity, ThemeChange, living

_SAID = {
    "new": N_("new: {theme}"),
    "split": N_("{theme} came out of {other}"),
    "merged": N_("{theme} is now part of {other}"),
    "renamed": N_("{theme} has a new name"),
    "gone": N_("{theme} is no more"),
}


_NAMED = 5
"""Themes named of those that are new on one day."""


def draw(view: View, result: Themes) -> None:
    """Draw what last happened to the brand's themes, the latest first."""
    by_day: dict[str, list[ThemeChange]] = defaultdict(list)
    for one in result.changes:
        by_day[i18n.day(one.at.astimezone(view.store.zone).date())].append(one)
    if not by_day:
        return
    st.header(_("What the last groupings changed"), anchor=False)
    now = view.ask(living, view.filter.brands, result.polarity)
    names = {theme.id: theme.words[0] for theme in now}
    for day, changes in by_day.items():
        if all(one.change == "new" for one in changes):
            named = ", ".join(f"“{one.phrase}”" for one in changes[:_NAMED])
            words.note(_("{day}: new themes, among them {themes}.", day=day, themes=named))
            continue
        rows = "".join(f"<li>{one}</li>" for one in _said(view, changes, names, result.polarity))
        st.html(f'<p class="sm-note">{escape(day)}</p><ul class="sm-note">{rows}</ul>')


def _said(
    view: View, changes: Sequence[ThemeChange], names: dict[int, str], polarity: Polarity
) -> list[str]:
    def name(id: int | None, phrase: str = "") -> str:
        if id in names:
            return looked_at(view, id, f"“{names[id]}”", polarity)
        return escape(f"“{phrase}”") if phrase else escape(_("another theme"))

    return [
        escape(_(_SAID[one.change])).format(
            theme=name(one.theme_id, one.phrase), other=name(one.other_id)
        )
        for one in changes
    ]
