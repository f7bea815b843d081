"""The phases as a path, and the stages they belong to."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n, labels, sentences
from dashboard.charts import path
from dashboard.i18n import _
from dashboard.links import linked
from dashboard.parts import frame, tables, words
from dashboard.parts.journey.beside import Beside
from dashboard.parts.shell import View
from dashboard.parts.touchpoints.names import looked_at
from insights.journey import ALPHA, Journey, Part
from insights.values import MIN_N, NO_DATA
from store.filter import Filter


def draw(view: View, result: Journey, beside: Beside | None) -> None:
    """Draw the path, with a second one where it is compared."""
    st.header(_("The path"), anchor=False)
    frame.chart(
        view,
        path.path(
            [_stop(view, part, result, beside) for part in result.phases],
            title=_("Negative rate"),
            here=beside.here if beside else view.state.brand or "",
            there=beside.there if beside else "",
            dark=view.dark,
        ),
        key="path",
        about=_("The phases of the journey by how many speak badly of each, with 95% intervals"),
        table=_table(view, result),
        width="content",
    )
    text = _(
        "Of the mentions that speak of a phase, those that speak badly of it: the deeper the "
        "path, the more. Grey: fewer than {least} mentions. “Weak” and “strong”: clearly worse or "
        "better than the other phases together.",
        least=MIN_N,
    )
    if beside:
        text += " " + _("Dashed: {other}.", other=beside.there)
    words.note(text)


def stages(view: View, result: Journey) -> None:
    """Draw before, during and after the purchase as cards."""
    cards = "".join(_stage(view, part) for part in result.stages)
    st.html(f'<div class="sm-figures three">{cards}</div>')


def _stage(view: View, part: Part) -> str:
    rate, gap = part.negative_rate, part.difference
    k = rate.k or 0
    shown = "–" if rate.value is None else i18n.percent(rate.value)
    moved, tone = _("no comparison"), "same"
    if gap.value is not None:
        moved = _("{points} points against the rest", points=i18n.signed(100 * gap.value))
        if part.p is None or part.p >= ALPHA:
            moved = _("{change}, not clear", change=moved)
        else:
            tone = "worse" if gap.value > 0 else "better"
    rest = _("no mentions")
    if rate.value is not None:
        rest = sentences.rests(
            i18n.percent(rate.low or 0.0), i18n.percent(rate.high or 0.0), rate.n
        )
    title = _("{stage}: speak badly", stage=labels.stage(part.id))
    link = linked(_("Read {n}", n=i18n.number(k)), view.to(part.behind), k) if k else ""
    return (
        f'<section class="sm-figure{"" if rate.enough else " few"}">'
        f'<span class="label">{escape(title)}</span>'
        f'<span class="value">{escape(shown)}</span>'
        f'<span class="change {tone}">{escape(moved)}</span>'
        f'<span class="rest">{escape(rest)}</span>{link}</section>'
    )


def _stop(view: View, part: Part, result: Journey, beside: Beside | None) -> path.Stop:
    kinds = {one.phase: one.kind for one in result.findings if one.touchpoint is None
             and one.kind in ("weak", "strong")}  # fmt: skip
    signs = {"weak": _("weak"), "strong": _("strong")}
    other = None
    if beside:
        other = next(one.there for one in beside.found.phases if one.id == part.id)
    return path.Stop(
        part.id,
        labels.phase(part.id),
        labels.stage(_stage_of(view, part.id)),
        part.negative_rate,
        to=view.to(part.behind) if part.negative_rate.k else None,
        count=part.negative_rate.k,
        note=_note(view, part),
        sign=signs.get(kinds.get(part.id, ""), ""),
        other=other.rate if other else NO_DATA,
        other_to=view.to(other.behind) if other and other.rate.k else None,
        other_count=other.rate.k if other else None,
    )


def _stage_of(view: View, phase: str) -> str:
    return next(stage for stage, phases in view.taxonomy.stages.items() if phase in phases)


def _note(view: View, part: Part) -> str:
    found = part.weakest
    if found is None:
        if part.negative_rate.enough:
            return _("no touchpoint has enough mentions")
        return _("too few mentions") if part.volume.n else _("no mentions")
    name = labels.touchpoint(view.taxonomy, found.touchpoint)
    rate = i18n.percent(found.negative_rate.value or 0.0)
    if found.clear or found.next is None:
        return _("weakest: {name} {rate}", name=name, rate=rate)
    return _("weakest, not sure: {name} {rate}", name=name, rate=rate)


def _table(view: View, result: Journey) -> frame.Table:
    rows = []
    for part in result.phases:
        bad, n = part.negative_rate.k or 0, part.volume.n
        complaints = part.complaint_share.k or 0
        gap = "–"
        if part.difference.value is not None:
            gap = gap_of(part.difference.value, clear=part.p is not None and part.p < ALPHA)
        text, tone = moved(part)
        rows.append((
            [
                escape(labels.phase(part.id)),
                escape(labels.stage(_stage_of(view, part.id))),
                door(view, n, part.behind.but(polarity=None)),
                door(view, bad, part.behind),
                tables.share(part.negative_rate),
                gap,
                f'<span class="{tone}">{escape(text)}</span>',
                door(view, complaints, part.behind.but(complaint=True)),
                tables.share(part.complaint_share),
                looked_at(view, part.weakest.touchpoint) if part.weakest else "–",
            ],
            not part.negative_rate.enough,
        ))  # fmt: skip
    return frame.Table(
        [
            _("Phase"),
            _("Stage"),
            _("Mentions"),
            _("Negative"),
            _("Negative rate"),
            _("Against the rest, points"),
            _("Change, points"),
            _("Complaints"),
            _("Share of complaints"),
            _("Weakest touchpoint"),
        ],
        rows,
        text=2,
    )


def moved(part: Part) -> tuple[str, str]:
    """Return how the negative rate of a part has changed, in words, and whether for the worse."""
    if part.change is None or part.change.value is None or part.change_p is None:
        return _("no comparison"), "same"
    text = f"{sentences.arrow(part.change.value)} {i18n.signed(100 * part.change.value)}"
    if part.change_p >= ALPHA:
        return _("{change}, not clear", change=text), "same"
    return text, "worse" if part.change.value > 0 else "better"


def door(view: View, n: int, filter: Filter) -> str:
    """Return how many mentions there are as a link to them; plain where there are none."""
    return linked(i18n.number(n), view.to(filter), n) if n else "0"


def gap_of(value: float, *, clear: bool) -> str:
    """Return a difference of shares in points, and whether it is clear, as HTML."""
    text = i18n.signed(100 * value)
    if not clear:
        doubtful = escape(_("{change}, not clear", change=text))
        return f'<span class="same">{doubtful}</span>'
    return f'<span class="{"worse" if value > 0 else "better"}">{escape(text)}</span>'
