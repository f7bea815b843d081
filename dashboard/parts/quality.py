"""The parts of the Model page: how far the tags can be trusted, and where they cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts.reliability import reliability
from dashboard.i18n import N_, _
from dashboard.measured import measured
from dashboard.parts import shell, tables, words
from dashboard.parts.shell import View
from insights.values import MIN_N
from simak.tags import SENTIMENTS, SIGNALS
from store.models import Model, latest_model

Quality = Mapping[str, Any]

_HEADS = {
    "sentiment": N_("Sentiment"),
    "complaint": N_("Complaint"),
    "touchpoints": N_("Touchpoints"),
    "touchpoints_polarity": N_("Touchpoints with tone"),
    "signals": N_("Signals"),
}
_GROUPS = {
    "language": (N_("By language"), N_("Language"), labels.spoken),
    "source": (N_("By source"), N_("Source"), labels.texts),
    "length": (N_("By length"), N_("Length in words"), labels.length),
}
"""Of each way to group: the heading, the head of its column, and what names a group."""


def model_of(view: View) -> Model | None:
    """Return the model that tagged last; where there is none or nobody measured it, say so."""
    model = latest_model(view.store)
    if model is None:
        shell.empty(
            _("No model has tagged yet"),
            escape(_("Run “simak tag”: this page then says how far its tags can be trusted.")),
        )
    elif not model.quality.get("figures"):
        words.finding(measured(model, view.taxonomy)[0])
    else:
        return model
    return None


def draw_finding(view: View, model: Model) -> None:
    """Say in words what the model gets right."""
    words.finding(*measured(model, view.taxonomy))


def draw_figures(quality: Quality) -> None:
    """Draw every figure with its interval, a line a set of texts."""
    st.header(_("What was measured"), anchor=False)
    found = {(line["set"], line["head"]): line for line in quality["figures"]}
    heads = [head for head in _HEADS if any(head == other for _set, other in found)]
    rows = [
        (
            [escape(labels.texts(name)), i18n.number(n)]
            + [_figure(found.get((name, head))) for head in heads],
            n < MIN_N,
        )
        for name, n in quality["rows"].items()
    ]
    names = [_(_HEADS[head]) for head in heads]
    tables.table([_("Texts"), "n", *names], rows)
    words.note(
        _(
            "F1 in percent with its 95% interval: 100 is perfect. Sentiment is the mean over the "
            "three sentiments, touchpoints and signals are over all decisions at once."
        )
    )


def draw_confusion(quality: Quality) -> None:
    """Draw which sentiment is taken for which."""
    errors = quality.get("errors")
    if not errors:
        return
    st.header(_("What is taken for what"), anchor=False)
    rows = []
    for name, line in zip(SENTIMENTS, errors["sentiment"], strict=True):
        n = sum(line)
        cells = [f"{i18n.percent(k / n)} <small>({i18n.number(k)})</small>" for k in line]
        rows.append(([escape(labels.name(labels.SENTIMENTS, name)), *cells], n < MIN_N))
    heads = [labels.name(labels.SENTIMENTS, name) for name in SENTIMENTS]
    tables.table([_("Truly"), *heads], rows)


def draw_sureness(view: View, quality: Quality) -> None:
    """Draw how right the model is when it is sure."""
    measured = quality.get("calibration", {}).get("after")
    if not measured:
        return
    st.header(_("Is it as right as it is sure?"), anchor=False)
    figure = reliability(measured["bins"], dark=view.dark)
    st.vega_lite_chart(spec=figure.to_dict(), width="stretch")
    words.note(
        _(
            "A dot on the dashed line is as often right as the model was sure. On average they "
            "lie {gap} points apart.",
            gap=i18n.number(100 * measured["ece"], 1),
        )
    )


def draw_labels(view: View, quality: Quality) -> None:
    """Draw how well each touchpoint and signal is found."""
    found = quality["labels"]
    if not found:
        return
    st.header(_("Each touchpoint and signal"), anchor=False)
    rows = [
        (
            [
                escape(
                    labels.signal(name)
                    if name in SIGNALS
                    else labels.touchpoint(view.taxonomy, name)
                ),
                *(_percent(line[part]) for part in ("precision", "recall", "f1")),
                i18n.number(line["n"]),
            ],
            line["n"] < MIN_N,
        )
        for name, line in found.items()
    ]
    heads = [_("Touchpoint or signal"), _("Named rightly"), _("Found"), "F1", _("Cases")]
    tables.table(heads, rows)
    words.note(_("Grey: fewer than {least} cases, too few to be sure of.", least=MIN_N))


def draw_groups(quality: Quality) -> None:
    """Draw the figures by language, source and length."""
    for name, lines in quality.get("by", {}).items():
        if len(lines) < 2:
            continue
        heading, head, named = _GROUPS[name]
        st.header(_(heading), anchor=False)
        rows = [
            (
                [
                    escape(named(line["group"])),
                    _percent(line["sentiment"]),
                    i18n.number(line["sentiment_n"]),
                    _percent(line.get("touchpoints")),
                    i18n.number(line.get("touchpoints_n") or 0),
                ],
                max(line["sentiment_n"], line.get("touchpoints_n") or 0) < MIN_N,
            )
            for line in lines
        ]
        tables.table([_(head), _("Sentiment"), "n", _("Touchpoints"), "n"], rows)


def draw_languages(quality: Quality) -> None:
    """Draw how often each language is told apart."""
    found: Mapping[str, Any] = quality.get("language", {})
    if not found:
        return
    st.header(_("Telling languages apart"), anchor=False)
    said: Sequence[str] = sorted({name for line in found.values() for name in line["detected"]})
    rows = [
        (
            [escape(labels.spoken(name)), i18n.number(line["n"])]
            + [_percent(line["detected"].get(other, 0.0)) for other in said],
            line["n"] < MIN_N,
        )
        for name, line in found.items()
    ]
    tables.table([_("Truly"), "n", *(labels.spoken(name) for name in said)], rows)


def _figure(line: Mapping[str, Any] | None) -> str:
    if line is None or line["value"] is None:
        return "–"
    low, high = _percent(line["low"]), _percent(line["high"])
    return f"{_percent(line['value'])} <small>({i18n.between(low, high)})</small>"


def _percent(value: float | None) -> str:
    return "–" if value is None else i18n.number(100 * value)
