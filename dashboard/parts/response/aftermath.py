"""The waits by the clock and in business hours, and what became of the stars."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n
from dashboard.charts import units
from dashboard.i18n import _
from dashboard.parts import tables, words
from dashboard.parts.response.measured import Measured
from insights.response import Response
from insights.response.times import Times, Wait
from insights.values import Value


def draw_times(found: Measured) -> None:
    """Draw the waits of all kinds as a table, in business hours too where they are set."""
    response = found.response
    st.header(_("By the clock and in business hours"), anchor=False)
    rows = []
    for name, times in (
        (_("First answer"), response.first_reply),
        (_("First answer to complaints"), response.to_complaints),
        (_("Solved"), response.resolution),
    ):
        rows += _rows(name, times)
    if not rows:
        words.note(_("No answer here has a time: how long they waited cannot be told."))
        return
    tables.table(
        [
            _("Wait for"),
            _("Counted"),
            _("Answered"),
            _("Half of the answered waited"),
            _("Nine in ten of them"),
            _("Half of all wait"),
        ],
        rows,
        text=2,
    )
    words.note(
        _("Business hours: {hours}.", hours=response.business_hours)
        if response.business_hours
        else _(
            "Business hours are not set: “business_hours” under [response] in simak.toml sets "
            "them, such as {example}.",
            example="Mon-Fri 09:00-17:00",
        )
    )


def draw_stars(found: Measured) -> None:
    """Say what stars the answered gave, and what became of them after the answer."""
    told = _stars(found.response)
    if told:
        st.header(_("Answers and stars"), anchor=False)
        for text in told:
            words.note(text)


def _rows(name: str, times: Times) -> list[tuple[list[str], bool]]:
    kinds = [(_("by the clock"), times.clock)]
    if times.business is not None:
        kinds.append((_("in business hours"), times.business))
    return [
        (
            [
                escape(name),
                escape(kind),
                i18n.number(wait.median.n),
                tables.wait(wait.median),
                tables.wait(wait.p90),
                _of_all(wait),
            ],
            not wait.median.enough,
        )
        for kind, wait in kinds
        if wait.median.n
    ]


def _of_all(wait: Wait) -> str:
    if wait.median_of_all.value is None:
        return escape(_("longer than was seen"))
    return tables.wait(wait.median_of_all)


def _stars(found: Response) -> list[str]:
    answered, others, again = found.stars_answered, found.stars_not, found.stars_again
    told = []
    if answered.enough and others.enough:
        told.append(
            _(
                "Answered reviews have {answered} stars on average ({low}–{high}, n = {n}), the "
                "others {others} ({low_of_others}–{high_of_others}, n = {n_of_others}). Who is "
                "answered is chosen: that says nothing of what an answer does.",
                **_figures(answered),
                others=units.show(others.value, "stars"),
                low_of_others=units.show(others.low, "stars"),
                high_of_others=units.show(others.high, "stars"),
                n_of_others=i18n.number(others.n),
            )
        )
    if again.change.n:
        told.append(
            _(
                "{n} of {all} answered reviews were edited after the answer: the stars of {up} "
                "rose, of {down} fell, of {same} stayed.",
                n=i18n.number(again.change.n),
                all=i18n.number(again.answered),
                up=i18n.number(again.up.k or 0),
                down=i18n.number(again.down.k or 0),
                same=i18n.number(again.same.k or 0),
            )
        )
    elif again.answered:
        told.append(
            _(
                "None of {all} answered reviews was seen to be edited afterwards.",
                all=i18n.number(again.answered),
            )
        )
    return told


def _figures(value: Value) -> dict[str, str]:
    return {
        "answered": units.show(value.value, "stars"),
        "low": units.show(value.low, "stars"),
        "high": units.show(value.high, "stars"),
        "n": i18n.number(value.n),
    }
