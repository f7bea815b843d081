"""The answers told apart by touchpoint, channel or segment."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import dots
from dashboard.i18n import N_, _
from dashboard.parts import filters, frame, words
from dashboard.parts.shell import View
from dashboard.parts.surveys import sentences
from dashboard.parts.surveys.measured import Measured
from dashboard.parts.surveys.over_time import opened, texts
from insights.surveys import Score
from insights.values import MIN_N

BY = {"touchpoint": N_("Touchpoint"), "channel": N_("Channel"), "segment": N_("Segment")}


def draw(view: View, found: Measured) -> None:
    """Draw the question's figure of each touchpoint, channel or segment, the worst first."""
    parts = {name: _parts(found, name) for name in BY}
    known = [name for name in BY if len(parts[name]) > 1]
    if not known:
        return
    st.header(_("Who answers how"), anchor=False)
    by = view.choice("by", tuple(BY), known[0])
    by = by if by in known else known[0]
    if len(known) > 1:
        st.segmented_control(
            _("By"),
            known,
            key=filters.put("w_by", by),
            format_func=lambda one: labels.name(BY, one),
            required=True,
            on_change=lambda: filters.choose("by", st.session_state["w_by"]),
        )
    question = found.question
    assert question is not None
    rows = sorted(parts[by], key=lambda one: (not one.value.enough, sentences.goodness(one)))
    compared = by != "touchpoint"
    title = sentences.name(question)
    whole = found.whole.value.value if found.whole else None
    frame.chart(
        view,
        dots.dots(
            [
                dots.Dot(
                    _part(one, by) or "",
                    _name(view, one, by),
                    one.value,
                    *opened(view, one),
                    clear=not compared or _clear(one),
                )
                for one in rows
            ],
            title=title,
            unit=sentences.unit(question),
            dark=view.dark,
            line=whole if compared else None,
            line_name=""
            if whole is None or not compared or found.whole is None
            else _("all: {share}", share=sentences.shown(found.whole.value, question)),
        ),
        key="apart",
        about=_("{figure} with its 95% interval, told apart", figure=title),
        table=frame.Table(
            [labels.name(BY, by), title, _("95% interval"),
             _("Against the others") if compared else _("Against the period before"),
             _("Answers"), _("Texts of the unhappy")],
            [(_row(view, one, by), not one.value.enough) for one in rows],
        ),
    )  # fmt: skip
    words.note(
        _(
            "Filled: differs from the others by more than chance explains, looked at together. "
            "Hollow: cannot be told from them. Grey: fewer than {least} answers. Click a dot to "
            "read what the unhappy wrote.",
            least=MIN_N,
        )
        if compared
        else _(
            "Each touchpoint was asked about by itself. Grey: fewer than {least} answers. Click a "
            "dot to read what the unhappy wrote.",
            least=MIN_N,
        )
    )


def _parts(found: Measured, by: str) -> list[Score]:
    if by == "touchpoint":
        scores = [one for one in found.asked(found.surveys.scores) if one.touchpoint is not None]
    else:
        of = found.surveys.by_channel if by == "channel" else found.surveys.by_segment
        # Where only touchpoints were asked about, those with most answers stand for the rest.
        subject = found.subjects[0]
        scores = [one for one in found.asked(of) if one.touchpoint == subject]
    return [one for one in scores if one.value.value is not None]


def _clear(one: Score) -> bool:
    return one.p is not None and one.p < sentences.UNSURE


def _part(one: Score, by: str) -> str | None:
    return {"touchpoint": one.touchpoint, "channel": one.channel, "segment": one.segment}[by]


def _name(view: View, one: Score, by: str) -> str:
    part = _part(one, by) or ""
    if by == "touchpoint":
        return labels.touchpoint(view.taxonomy, part)
    return labels.channel(part) if by == "channel" else part


def _row(view: View, one: Score, by: str) -> list[str]:
    change, tone = sentences.moved(one)
    return [
        escape(_name(view, one, by)),
        escape(sentences.shown(one.value, one.question)),
        escape(sentences.interval(one.value, one.question)),
        f'<span class="{tone}">{escape(change)}</span>',
        i18n.number(one.value.n),
        texts(view, one),
    ]
