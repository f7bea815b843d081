"""The figures of one touchpoint: in a sentence, and as cards."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n, labels, sentences
from dashboard.i18n import _
from dashboard.links import linked
from dashboard.parts.shell import View
from dashboard.parts.touchpoints.sentences import interval
from insights.one_touchpoint import SURE, Apart, Figure, OneTouchpoint
from insights.values import MIN_N, Value
from store.filter import Filter

__all__ = ["SURE", "draw", "sentence"]


def sentence(view: View, found: OneTouchpoint) -> str:
    """Say how much is complained of the touchpoint, whose it is, and whether that moved."""
    one, share = view.taxonomy[found.id], found.complaint_share.value
    said = {
        "touchpoint": labels.touchpoint(view.taxonomy, found.id),
        "owner": labels.owner(one.owner),
        "phase": labels.phase(one.phase),
        "k": i18n.number(share.k or 0),
        "n": i18n.number(share.n),
    }
    if share.value is None:
        return _("{touchpoint} ({owner} · {phase}): there are no complaints here.", **said)
    text = _("{touchpoint} ({owner} · {phase}): {k} of {n} complaints speak badly of it", **said)
    if not share.enough:
        return f"{text}. " + _("Fewer than {least} complaints: too few for a share.", least=MIN_N)
    text += _(
        ", {share} (95% interval {interval}).",
        share=i18n.percent(share.value),
        interval=interval(share),
    )
    change = found.complaint_share.change
    if change is None or change.value is None:
        return text
    if not sentences.is_clear(change):
        return f"{text} " + _("No clear change against the period before.")
    size = i18n.number(abs(100 * change.value), 1)
    if change.value > 0:
        return f"{text} " + _("{points} points more than in the period before.", points=size)
    return f"{text} " + _("{points} points less than in the period before.", points=size)


def draw(view: View, found: OneTouchpoint) -> None:
    """Draw the figures as cards, each with its interval, its change or difference, and a door."""
    cards = [
        _card(
            view,
            _("Mentions of it"),
            i18n.number(found.mentions.value.n),
            sentences.change("volume", found.mentions.change),
            _("in this selection"),
            found.mentions.behind,
            found.mentions.value.n,
        ),
        _rate(view, _("Share of complaints"), found.complaint_share),
        _rate(view, _("Negative rate"), found.negative_rate),
        _apart(view, _("Complaint rate where it is spoken of"), found.complaint_rate),
        _stars(view, found.stars),
    ]
    st.html(f'<div class="sm-figures five">{"".join(cards)}</div>')


def _rate(view: View, title: str, figure: Figure) -> str:
    value = figure.value
    return _card(
        view,
        title,
        "–" if value.value is None else i18n.percent(value.value),
        # More complaints, or more bad words, are worse.
        sentences.change("complaint_rate", figure.change),
        _rests(value),
        figure.behind,
        value.k or 0,
        few=not value.enough,
    )


def _apart(view: View, title: str, apart: Apart) -> str:
    value, gap = apart.here, apart.difference
    moved = (_("no comparison"), "same")
    if gap.value is not None:
        text = _(
            "{points} points against all other mentions ({share})",
            points=i18n.signed(100 * gap.value),
            share=i18n.percent(apart.others.value or 0.0),
        )
        moved = _toned(text, gap, worse=gap.value > 0)
    return _card(
        view, title, "–" if value.value is None else i18n.percent(value.value), moved,
        _rests(value), apart.behind, value.k or 0, few=not value.enough,
    )  # fmt: skip


def _stars(view: View, apart: Apart) -> str:
    value, gap = apart.here, apart.difference
    moved = (_("no comparison"), "same")
    if gap.value is not None:
        text = _(
            "{stars} against all other mentions ({mean})",
            stars=i18n.signed(gap.value, 2),
            mean=i18n.number(apart.others.value or 0.0, 2),
        )
        moved = _toned(text, gap, worse=gap.value < 0)
    rest = _("no stars here")
    if value.value is not None and value.low is not None and value.high is not None:
        rest = sentences.rests(i18n.number(value.low, 2), i18n.number(value.high, 2), value.n)
    return _card(
        view, _("Stars where it is spoken of badly"),
        "–" if value.value is None else i18n.number(value.value, 2), moved, rest, apart.behind,
        value.n, few=not value.enough,
    )  # fmt: skip


def _toned(text: str, gap: Value, *, worse: bool) -> tuple[str, str]:
    if not sentences.is_clear(gap):
        return _("{change}, not clear", change=text), "same"
    return text, "worse" if worse else "better"


def _rests(value: Value) -> str:
    if value.value is None:
        return _("nothing tagged yet")
    if not value.enough:
        return _("n = {n}: fewer than {least}, too few", n=i18n.number(value.n), least=MIN_N)
    return sentences.rests(i18n.percent(value.low or 0.0), i18n.percent(value.high or 0.0), value.n)


def _card(
    view: View,
    title: str,
    shown: str,
    moved: tuple[str, str],
    rest: str,
    behind: Filter,
    count: int,
    *,
    few: bool = False,
) -> str:
    link = ""
    if count:
        link = linked(_("Read {n}", n=i18n.number(count)), view.to(behind), count)
    return (
        f'<section class="sm-figure{" few" if few else ""}">'
        f'<span class="label">{escape(title)}</span><span class="value">{escape(shown)}</span>'
        f'<span class="change {moved[1]}">{escape(moved[0])}</span>'
        f'<span class="rest">{escape(rest)}</span>{link}</section>'
    )
