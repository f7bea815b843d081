"""Where each brand is blamed: touchpoint by brand."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import matrix
from dashboard.i18n import _
from dashboard.links import linked
from dashboard.parts import frame, words
from dashboard.parts.rivals.voice import UNSURE
from dashboard.parts.shell import View
from insights.share_of_voice import Profile, Voice
from insights.values import MIN_N


def draw(view: View, found: Voice) -> None:
    """Draw of each brand's complaints how many speak badly of each touchpoint."""
    st.header(_("Where each is blamed"), anchor=False)
    if not found.profiles:
        words.note(_("No complaint speaks badly of a touchpoint."))
        return
    brands = [row.brand for row in found.brands if row.complaint_rate.k]
    cells = {(row.touchpoint, row.brand): row for row in found.profiles}
    places = sorted(
        {row.touchpoint for row in found.profiles},
        key=lambda id: -max(_shown(cells.get((id, brand))) for brand in brands),
    )
    words.note(_told(view, found))
    frame.chart(
        view,
        matrix.matrix(
            [_cell(view, cell) for cell in found.profiles],
            rows={id: labels.touchpoint(view.taxonomy, id) for id in places},
            columns={brand: brand for brand in brands},
            title=_("Of the brand’s complaints"),
            about=_("Against {brand}", brand=found.brands[0].brand),
            dark=view.dark,
        ),
        key="blamed",
        about=_("Share of each brand’s complaints by touchpoint"),
        width="content",
        table=frame.Table(
            [_("Touchpoint"), *brands],
            [
                (
                    [
                        escape(labels.touchpoint(view.taxonomy, id)),
                        *(_told_in_table(view, cells.get((id, brand))) for brand in brands),
                    ],
                    False,
                )
                for id in places
            ],
        ),
    )
    words.note(
        _(
            "Of each brand’s complaints, how many speak badly of the touchpoint; a complaint may "
            "speak of several. ▲ ▼ more or less than {brand}, and more than chance explains. Grey: "
            "fewer than {least} complaints.",
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


def _cell(view: View, cell: Profile) -> matrix.Cell:
    k = cell.share.k or 0
    return matrix.Cell(
        cell.touchpoint,
        cell.brand,
        cell.share,
        view.to(cell.behind) if k else None,
        k,
        about=_difference(cell),
    )


def _difference(cell: Profile) -> str:
    if cell.against.value is None:
        return "–"
    points = _("{change} points", change=i18n.signed(100 * cell.against.value))
    if cell.p is None or cell.p >= UNSURE:
        return _("{change}, not clear", change=points)
    return f"{_sign(cell)} {points}"


def _sign(cell: Profile) -> str:
    if cell.p is None or cell.p >= UNSURE:
        return ""
    return "▲" if (cell.against.value or 0) > 0 else "▼"


def _told_in_table(view: View, cell: Profile | None) -> str:
    if cell is None or not cell.share.n:
        return "–"
    share, k = cell.share, cell.share.k or 0
    text = f"{i18n.number(k)}/{i18n.number(share.n)}"
    if share.enough:
        text = f"{_sign(cell)} {i18n.percent(share.value or 0)}".strip()
    shown = linked(text, view.to(cell.behind), k) if k else escape(text)
    if not share.enough:
        return f'<span class="few">{shown}</span>'
    low, high = i18n.percent(share.low or 0), i18n.percent(share.high or 0)
    return f"{shown} <small>({i18n.between(low, high)})</small>"
