"""Two channels side by side: their figures, a slide of them, and their customers' words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import i18n, labels
from dashboard.charts import dots
from dashboard.charts.finished import Figure
from dashboard.i18n import _, ngettext
from dashboard.links import linked
from dashboard.parts import cards, filters, frame, tables, words
from dashboard.parts.consistency import channels, sentences, slides
from dashboard.parts.shell import View
from insights.consistency import Consistency, TouchpointRow
from insights.consistency.answers import AnswerRow
from insights.telling import telling
from insights.values import NO_DATA, Value
from store.filter import Filter

_WORDS = 3
"""Verbatims of each channel."""

_TOUCHPOINTS = 6
"""Touchpoints drawn at most: those that both channels speak of most."""


_ON_A_SLIDE = 4
"""Lines that can be read from the back of a room."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One figure of both channels, each with what selects its numerator."""

    key: str
    name: str
    left: tuple[Value, Filter | None]
    right: tuple[Value, Filter | None]


def draw(view: View, found: Consistency, answers: Sequence[AnswerRow]) -> None:
    """Draw two channels that the reader chooses, side by side."""
    st.header(_("Two channels side by side"), anchor=False)
    place = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    left, right = _chosen(view, found, answers, place)
    lines = _lines(view, found, answers, left, right)
    if not any(value.n for line in lines for value, _behind in (line.left, line.right)):
        words.note(_("None of these mentions is tagged yet, so nothing can be said of complaints."))
        return
    by_channel = {row.channel: row for row in answers}
    told = sentences.pair(left, right, _answered(by_channel, left), _answered(by_channel, right))
    told = told or _compared(lines[0], left, right)
    words.finding(told, _waits(by_channel, left, right))
    frame.chart(
        view,
        _figure(view, lines, left, right, dark=view.dark),
        key="pair",
        about=_figure_about(left, right),
        table=_table(view, lines, left, right),
    )
    with place:
        slides.button(
            view,
            told,
            _figure(view, _told_in_a_room(lines), left, right, dark=False),
            [_figure_about(left, right), _waits(by_channel, left, right), *map(_said, lines)],
            name=f"{left}-{right}",
        )
    _draw_words(view, found, left, right)


def _chosen(
    view: View, found: Consistency, answers: Sequence[AnswerRow], place: DeltaGenerator
) -> tuple[str, str]:
    names = [row.channel for row in sorted(found.channels, key=lambda row: -row.complaint_rate.n)]
    first, second = _apart(names, answers)
    left = view.choice("left", names, first)
    right = view.choice("right", names, second)
    if left == right:
        right = next(name for name in (second, first) if name != left)
    with place:
        for key, title, chosen, other in (
            ("left", _("This channel"), left, right),
            ("right", _("beside this one"), right, left),
        ):
            st.selectbox(
                title,
                [name for name in names if name != other],
                key=filters.put(f"w_{key}", chosen),
                format_func=labels.channel,
                width=240,
                on_change=_choose,
                args=(key,),
            )
    return left, right


def _choose(key: str) -> None:
    filters.choose(key, st.session_state[f"w_{key}"])


def _apart(names: Sequence[str], answers: Sequence[AnswerRow]) -> tuple[str, str]:
    """Return the channel that answers least and the one that answers most, where that is known."""
    known = sorted(
        (row for row in answers if row.reply_rate.enough), key=lambda row: row.reply_rate.value or 0
    )
    if len(known) > 1:
        return known[0].channel, known[-1].channel
    return names[0], names[1]


def _lines(
    view: View, found: Consistency, answers: Sequence[AnswerRow], left: str, right: str
) -> list[_Line]:
    rates = {row.channel: (row.complaint_rate, row.behind) for row in found.channels}
    replied = {row.channel: (row.reply_rate, row.behind) for row in answers}
    lines = [_Line("complaints", _("Complain"), rates[left], rates[right])]
    nothing: tuple[Value, Filter | None] = (NO_DATA, None)
    mine, theirs = replied.get(left, nothing), replied.get(right, nothing)
    if mine[0].n or theirs[0].n:
        lines.append(_Line("answered", _("Complaints answered"), mine, theirs))
    for row in _shared(found, left, right)[:_TOUCHPOINTS]:
        cells = {cell.channel: (cell.negative_rate, cell.behind) for cell in row.cells}
        name = labels.touchpoint(view.taxonomy, row.touchpoint)
        lines.append(
            _Line(row.touchpoint, _("Speak badly of {touchpoint}", touchpoint=name),
                  cells[left], cells[right])
        )  # fmt: skip
    return lines


def _shared(found: Consistency, left: str, right: str) -> list[TouchpointRow]:
    """Return the touchpoints that both channels speak of, most said first."""

    def least(row: TouchpointRow) -> int:
        n = {cell.channel: cell.negative_rate.n for cell in row.cells}
        return min(n.get(left, 0), n.get(right, 0))

    return sorted((row for row in found.rows if least(row)), key=least, reverse=True)


def _figure(view: View, lines: Sequence[_Line], left: str, right: str, *, dark: bool) -> Figure:
    return dots.dots(
        [_dot(view, line) for line in lines],
        title=_("Share"),
        names=(labels.channel(left), labels.channel(right)),
        dark=dark,
    )


def _told_in_a_room(lines: Sequence[_Line]) -> Sequence[_Line]:
    """Return the lines of a slide: few, and of enough cases, where there are any."""
    enough = [line for line in lines if line.left[0].enough and line.right[0].enough]
    return (enough or lines)[:_ON_A_SLIDE]


def _dot(view: View, line: _Line) -> dots.Dot:
    (mine, behind), (theirs, other) = line.left, line.right
    return dots.Dot(
        line.key,
        line.name,
        mine,
        view.to(behind) if behind and mine.k else None,
        mine.k or None,
        theirs,
        view.to(other) if other and theirs.k else None,
        theirs.k or None,
    )


def _figure_about(left: str, right: str) -> str:
    return _(
        "{left} beside {right}: who complains, who is answered, who speaks badly of what, with "
        "95% intervals",
        left=labels.channel(left),
        right=labels.channel(right),
    )


def _table(view: View, lines: Sequence[_Line], left: str, right: str) -> frame.Table:
    rows = []
    for line in lines:
        cells, few = [line.name], False
        for value, behind in (line.left, line.right):
            few = few or not value.enough
            cells.append(_side(view, value, behind))
        rows.append((cells, few))
    return frame.Table(["", labels.channel(left), labels.channel(right)], rows)


def _side(view: View, value: Value, behind: Filter | None) -> str:
    if behind is None or not value.n:
        return "–"
    return tables.counted(value, view.to(behind))


def _answered(by_channel: Mapping[str, AnswerRow], channel: str) -> Value:
    row = by_channel.get(channel)
    return row.reply_rate if row else NO_DATA


def _compared(line: _Line, left: str, right: str) -> str:
    return _(
        "On {left} {mine} complain, on {right} {theirs}.",
        left=labels.channel(left),
        right=labels.channel(right),
        mine=sentences.with_interval(line.left[0]),
        theirs=sentences.with_interval(line.right[0]),
    )


def _waits(by_channel: Mapping[str, AnswerRow], left: str, right: str) -> str:
    """Say how long the answered waited."""
    told = []
    for channel in (left, right):
        row = by_channel.get(channel)
        if row is None or row.median.value is None:
            continue
        told.append(
            _(
                "On {channel} half of the answered waited no longer than {wait} (n = {n}).",
                channel=labels.channel(channel),
                wait=channels.hours(row.median),
                n=i18n.number(row.median.n),
            )
        )
    return " ".join(told)


def _said(line: _Line) -> str:
    sides = [
        sentences.with_interval(value) if value.n else _("no data")
        for value, _behind in (line.left, line.right)
    ]
    return f"{line.name}: {' / '.join(sides)}"


def _draw_words(view: View, found: Consistency, left: str, right: str) -> None:
    rows = {row.touchpoint: row for row in _shared(found, left, right)}
    if not rows:
        words.note(_("No touchpoint is spoken of on both channels."))
        return
    st.header(_("The same in their customers' words"), anchor=False)
    about = view.choice("about", list(rows), next(iter(rows)))
    st.selectbox(
        _("Touchpoint"),
        list(rows),
        key=filters.put("w_about", about),
        format_func=lambda id: labels.touchpoint(view.taxonomy, id),
        width=320,
        on_change=_choose,
        args=("about",),
    )
    cells = {cell.channel: cell for cell in rows[about].cells}
    for place, channel in zip(st.columns(2), (left, right), strict=True):
        with place:
            cell = cells[channel]
            st.subheader(labels.plain(labels.channel(channel)), anchor=False)
            words.note(
                _("{rate} speak badly of it.", rate=sentences.with_interval(cell.negative_rate))
            )
            n = cell.negative_rate.k or 0
            if not n:
                words.note(_("Nobody in this selection."))
                continue
            cards.draw(view, view.ask(telling, cell.behind, limit=_WORDS))
            read = ngettext("Read the {n} mention", "Read all {n} mentions", n)
            st.html(f'<p class="sm-note">{linked(read, view.to(cell.behind), n)}</p>')
