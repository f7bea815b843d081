"""Where each brand is blamed: touchpoint by brand."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.i18n import _
from dashboard.links import linked
from dashboard.parts import tables, words
from dashboard.parts.rivals.voice import UNSURE
from dashboard.parts.shell import View
from insights.share_of_voice import Profile, Voice
from insights.values import MIN_N

_SHADES = 5
_FULL = 0.4
"""The share with the deepest colour."""


def draw(view: View, found: Voice) -> None:
    """Draw of each brand's complaints how many speak badly of each touchpoint."""
    st.header(_("Where each is blamed"), anchor=False)
    if not found.profiles:
        words.note(_("No complaint names a touchpoint."))
        return
    brands = [row.brand for row in found.brands if row.complaint_rate.k]
    cells = {(row.touchpoint, row.brand): row for row in found.profiles}
    places = sorted(
        {row.touchpoint for row in found.profiles},
        key=lambda id: -max(_shown(cells.get((id, brand))) for brand in brands),
    )
    words.note(_told(view, found))
    tables.table(
        [_("Touchpoint"), *brands],
        [
            (
                [
                    escape(labels.touchpoint(view.taxonomy, id)),
                    *(_cell(view, cells.get((id, brand))) for brand in brands),
                ],
                False,
            )
            for id in places
        ],
    )
    words.note(
        _(
            "Of each brand’s complaints, how many speak badly of the touchpoint; a complaint may "
            "speak of several. ▲ ▼ more or less than {brand}, and more than chance explains. Grey: "
            "fewer than {least} complaints, shown as how many of how many.",
            brand=found.brands[0].brand,
            least=MIN_N,
        )
    )


def _told(view: View, found: Voice) -> str:
    """Name the clearest differences."""
    clear = [row for row in found.profiles if row.p is not None and row.p < UNSURE]
    if not clear:
        return _("No touchpoint’s part of the complaints differs more than chance explains.")
    clear.sort(key=lambda row: -abs(row.against.value or 0))
    told = [
        _(
            "{touchpoint} at {brand} ({points} points)",
            touchpoint=labels.touchpoint(view.taxonomy, row.touchpoint),
            brand=row.brand,
            points=i18n.signed(100 * (row.against.value or 0)),
        )
        for row in clear[:3]
    ]
    return _("Furthest from {brand}: {names}.", brand=found.brands[0].brand, names=", ".join(told))


def _shown(cell: Profile | None) -> float:
    return cell.share.value or 0.0 if cell is not None and cell.share.enough else 0.0


def _cell(view: View, cell: Profile | None) -> str:
    if cell is None or not cell.share.n:
        return "–"
    share, k = cell.share, cell.share.k or 0
    if not share.enough:
        text = f"{i18n.number(k)}/{i18n.number(share.n)}"
        return f'<span class="few">{linked(text, view.to(cell.behind), k) if k else text}</span>'
    sign = ""
    if cell.p is not None and cell.p < UNSURE:
        sign = "▲ " if (cell.against.value or 0) > 0 else "▼ "
    text = f"{sign}{i18n.percent(share.value or 0)}"
    shade = min(_SHADES, round(_SHADES * (share.value or 0) / _FULL))
    low, high = i18n.percent(share.low or 0), i18n.percent(share.high or 0)
    shown = linked(text, view.to(cell.behind), k) if k else escape(text)
    return f'<span class="sm-heat h{shade}">{shown} <small>{low}–{high}</small></span>'
