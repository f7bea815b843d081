"""What others said of the same, beside what was answered: an association."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.i18n import _
from dashboard.links import linked
from dashboard.parts import tables, words
from dashboard.parts.shell import View
from dashboard.parts.surveys import sentences
from dashboard.parts.surveys.measured import Measured
from insights.surveys import Beside, Together


def draw(view: View, found: Measured) -> None:
    """Draw what was said in mentions of each touchpoint and month beside the answers."""
    assert found.question is not None
    rows = [row for row in found.surveys.beside if row.question == found.question]
    if not rows:
        return
    st.header(_("Beside what others write"), anchor=False)
    for one in found.surveys.together:
        if one.question == found.question:
            words.note(_together(one))
    title = sentences.name(found.question)
    places = sorted(rows, key=lambda row: (row.month is not None, str(row.month), row.answered.n))
    tables.table(
        [_("Of what"), title, _("Answers"), _("Negative in mentions"), _("Negative mentions")],
        [(_row(view, row), not (row.answered.enough and row.said.enough)) for row in places],
    )
    words.note(
        _(
            "Of a touchpoint: of the mentions that speak of it, those that speak badly. Of the "
            "whole: of all mentions, the negative ones. No text of a survey is among them."
        )
    )


def _row(view: View, row: Beside) -> list[str]:
    of = labels.touchpoint(view.taxonomy, row.touchpoint) if row.touchpoint else _("the whole")
    if row.month is not None:
        of = i18n.month(row.month)
    k = row.said.k or 0
    return [
        escape(of),
        escape(sentences.shown(row.answered, row.question))
        + f" <small>({escape(sentences.interval(row.answered, row.question))})</small>",
        i18n.number(row.answered.n),
        tables.share(row.said),
        linked(i18n.number(k), view.to(row.behind), k) if k else "–",
    ]


def _together(one: Together) -> str:
    pairs = _("touchpoints") if one.over == "touchpoint" else _("months")
    rho = one.value
    if rho.value is None or rho.low is None or rho.high is None:
        return _(
            "Whether answers and mentions go together cannot be told: too few {pairs} have enough "
            "of both ({n}).",
            n=i18n.number(rho.n),
            pairs=pairs,
        )
    figures = {
        "rho": i18n.signed(rho.value, 2),
        "low": i18n.signed(rho.low, 2),
        "high": i18n.signed(rho.high, 2),
        "n": i18n.number(rho.n),
        "pairs": pairs,
    }
    if rho.low <= 0 <= rho.high:
        return _(
            "Over {n} {pairs} answers and negative mentions do not clearly go together (rank "
            "correlation {rho}, 95% interval {low} to {high}).",
            **figures,
        )
    return _(
        "Over {n} {pairs} answers and negative mentions go together (rank correlation {rho}, 95% "
        "interval {low} to {high}): an association, no proof that one brings about the other.",
        **figures,
    )
