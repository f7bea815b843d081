"""What is another experience on another channel, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard import i18n, labels, sentences
from dashboard.charts import units
from dashboard.i18n import N_, _, ngettext
from insights import intervals
from insights.consistency import ChannelCell, Consistency, TouchpointRow
from insights.consistency.answers import AnswerRow
from insights.values import Value
from simak.taxonomy import Taxonomy

VERDICTS: dict[str, str] = {
    "own": N_("differs beyond what the channels are like"),
    "level": N_("differs as the channels do in everything"),
    "none": N_("no difference to be seen"),
    "too few": N_("too few to say"),
}


def finding(found: Consistency, taxonomy: Taxonomy) -> str:
    """Say where a touchpoint is another experience, or that none is to be seen."""
    if len(found.channels) == 1:
        return _(
            "All of this is from {channel}: with one channel there is nothing to compare.",
            channel=labels.channel(found.channels[0].channel),
        )
    for row in found.rows:
        cells = [cell for cell in row.cells if cell.outlying]
        if cells:
            cell = max(cells, key=lambda cell: abs(_size(cell)))
            return _told(row, cell, taxonomy)
    alike = sum(row.verdict == "none" for row in found.rows)
    few = sum(row.verdict == "too few" for row in found.rows)
    if not alike:
        return _("Too little is said of any touchpoint on two channels to compare.")
    told = ngettext(
        "No touchpoint is clearly another experience on one channel: {n} looks alike on all.",
        "No touchpoint is clearly another experience on one channel: {n} look alike on all.",
        alike,
    )
    if few:
        told += " " + ngettext(
            "Of {n} more too little is said to tell.",
            "Of {n} more too little is said to tell.",
            few,
        )
    return told


def answering(rows: Sequence[AnswerRow]) -> str | None:
    """Say which channel answers complaints least and which most."""
    known = sorted(
        (row for row in rows if row.reply_rate.enough), key=lambda row: row.reply_rate.value or 0
    )
    if len(known) < 2:
        return None
    least, most = known[0], known[-1]
    apart = intervals.difference(most.reply_rate, least.reply_rate)
    figures = {
        "least": labels.channel(least.channel),
        "most": labels.channel(most.channel),
        "low": with_interval(least.reply_rate),
        "high": with_interval(most.reply_rate),
    }
    if not sentences.is_clear(apart):
        return _(
            "Complaints are answered about as often everywhere: {low} on {least}, {high} on "
            "{most}.",
            **figures,
        )
    return _("{least} answers {low} of its complaints, {most} {high}.", **figures)


def pair(left: str, right: str, mine: Value, theirs: Value) -> str | None:
    """Say how two channels answer complaints; None where one of them never does."""
    if mine.value is None or theirs.value is None:
        return None
    apart = intervals.difference(mine, theirs)
    figures = {
        "left": labels.channel(left),
        "right": labels.channel(right),
        "mine": with_interval(mine),
        "theirs": with_interval(theirs),
        "points": units.show(apart.value, "points"),
        "interval": units.interval(apart, "points"),
    }
    if not (mine.enough and theirs.enough):
        return _(
            "{left} answers {mine} of its complaints, {right} {theirs}: too few to compare.",
            **figures,
        )
    if not sentences.is_clear(apart):
        return _(
            "{left} answers {mine} of its complaints, {right} {theirs}: no clear difference.",
            **figures,
        )
    return _(
        "{left} answers {mine} of its complaints, {right} {theirs}: {points} points (95% interval "
        "{interval}).",
        **figures,
    )


def with_interval(value: Value) -> str:
    """Return a share with its interval and n."""
    return _(
        "{share} ({interval}, n = {n})",
        share=units.show(value.value, "percent"),
        interval=units.interval(value),
        n=i18n.number(value.n),
    )


def outlying(cell: ChannelCell) -> str:
    """Say what a clear cell is."""
    told: Mapping[tuple[str, bool], str] = {
        ("worse", True): N_("worse than expected"),
        ("better", True): N_("better than expected"),
        ("worse", False): N_("worse than the other channels, as the channel is in everything"),
        ("better", False): N_("better than the other channels, as the channel is in everything"),
    }
    return _(told[cell.outlying, cell.own]) if cell.outlying else ""


def _told(row: TouchpointRow, cell: ChannelCell, taxonomy: Taxonomy) -> str:
    figures = {
        "touchpoint": labels.touchpoint(taxonomy, row.touchpoint),
        "channel": labels.channel(cell.channel),
        "rate": with_interval(cell.negative_rate),
        "expected": units.show(cell.expected.value, "percent"),
        "points": units.show(cell.against_rest.value, "points"),
    }
    if cell.own and cell.outlying == "worse":
        return _(
            "{touchpoint} is worse on {channel} than it should be: {rate} speak badly of it, "
            "where the touchpoint elsewhere and the channel otherwise lead to expect {expected}.",
            **figures,
        )
    if cell.own:
        return _(
            "{touchpoint} is better on {channel} than was to be expected: {rate} speak badly of "
            "it, where the touchpoint elsewhere and the channel otherwise lead to expect "
            "{expected}.",
            **figures,
        )
    return _(
        "{touchpoint} is unlike the other channels on {channel}: {rate} speak badly of it, "
        "{points} points against the others, but no more than the channel is in everything.",
        **figures,
    )


def _size(cell: ChannelCell) -> float:
    return (cell.beyond if cell.own else cell.against_rest).value or 0.0
