"""What the Segments page finds, in words with its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import i18n, labels
from dashboard.i18n import _, ngettext
from dashboard.parts.themes.sentences import percent
from insights import intervals
from insights.segments import ALPHA, SegmentRow, Segments
from insights.themes.of_segment import SegmentTheme, SegmentThemes
from insights.values import MIN_N, NO_DATA, Value
from simak.taxonomy import Taxonomy

_NAMED = 3

_BEGINS = ("version", "product")
"""Facets whose segments come into the world on a day: only with these can a theme be new."""


def whole(result: Segments) -> Value:
    """Return the complaint rate of all segments together."""
    if not result.rows:
        return NO_DATA
    row = result.rows[0]
    k = (row.complaint_rate.k or 0) + (row.others.k or 0)
    return intervals.share(k, row.complaint_rate.n + row.others.n)


def differing(result: Segments) -> str:
    """Say which segments clearly complain more, or less, than the others."""
    if not result.rows:
        return _(
            "Nothing in this selection has a value of “{facet}”.", facet=labels.facet(result.facet)
        )
    tested = [row for row in result.rows if row.p is not None]
    if not tested:
        return ngettext(
            "{n} segment alone: nothing to compare it with (each needs {least} mentions).",
            "{n} segments, no two of them large enough to compare (each needs {least} mentions).",
            result.segments,
            least=MIN_N,
        )
    all_of_them = whole(result)
    figures = {
        "rate": i18n.percent(all_of_them.value or 0),
        "low": i18n.percent(all_of_them.low or 0),
        "high": i18n.percent(all_of_them.high or 0),
        "n": i18n.number(all_of_them.n),
    }
    over = _(
        "Over all, {rate} of what they say is a complaint (95% interval {low}–{high}, n = {n}).",
        **figures,
    )
    above, below = ([row for row in tested if clear(row) == sign] for sign in (1, -1))
    if not above and not below:
        one = ngettext(
            "The {n} segment that is large enough cannot be told from the others by its complaint "
            "rate.",
            "The {n} segments that are large enough cannot be told apart by their complaint rate.",
            len(tested),
        )
        return f"{one} {over}"
    said = [
        text.format(segments=_listed(rows, worst_first=sign > 0))
        for text, rows, sign in (
            (_("Clearly more complaints than the others: {segments}."), above, 1),
            (_("Clearly fewer: {segments}."), below, -1),
        )
        if rows
    ]
    return " ".join([*said, over])


def tested(result: Segments) -> str:
    """Say how many were compared, and that chance was allowed for."""
    n = sum(row.p is not None for row in result.rows)
    if not n:
        return _("Take a longer period, or segment by something with fewer values.")
    return ngettext(
        "{n} segment of {all} is large enough to compare. “Clearly” allows for how many are "
        "compared; that a segment differs does not say why.",
        "{n} segments of {all} are large enough to compare. “Clearly” allows for how many are "
        "compared; that a segment differs does not say why.",
        n,
        all=i18n.number(result.segments),
    )


def clear(row: SegmentRow) -> int:
    """Return 1 where a segment clearly complains more than the others, -1 where less, else 0."""
    return _sign(row.p, row.complaint_rate, row.others)


def against(p: float | None, here: Value, others: Value) -> tuple[str, str]:
    """Return how a share stands beside the others' in words, and `worse`, `better` or `same`."""
    if p is None:
        return _("too few to compare"), "same"
    sign = _sign(p, here, others)
    other = percent(others.value)
    if sign > 0:
        return _("▲ clearly above the others' {other}", other=other), "worse"
    if sign < 0:
        return _("▼ clearly below the others' {other}", other=other), "better"
    return _("cannot be told from the others' {other}", other=other), "same"


def verdict(p: float | None, here: Value, others: Value) -> tuple[str, str]:
    """Return the same as `against` without the others' share."""
    if p is None:
        return _("too few to compare"), "same"
    return {
        1: (_("▲ clearly above"), "worse"),
        -1: (_("▼ clearly below"), "better"),
        0: (_("cannot be told apart"), "same"),
    }[_sign(p, here, others)]


def closely(result: Segments, row: SegmentRow) -> str:
    """Say how one segment fares."""
    rate = row.complaint_rate
    figures = {
        "facet": labels.facet(result.facet),
        "value": row.value,
        "rate": i18n.percent(rate.value or 0),
        "low": i18n.percent(rate.low or 0),
        "high": i18n.percent(rate.high or 0),
        "k": i18n.number(rate.k or 0),
        "n": i18n.number(rate.n),
        "others": i18n.percent(row.others.value or 0),
    }
    if not rate.n:
        return _("{facet} {value}: nothing of it is tagged yet.", **figures)
    if not rate.enough:
        return _("{facet} {value}: {k} of {n} complain, too few to speak of a rate.", **figures)
    text = _("{facet} {value}: {rate} complain (95% interval {low}–{high}, n = {n})", **figures)
    if row.p is None:
        return f"{text}."
    sign = clear(row)
    if sign > 0:
        return text + _(", clearly more than in the others ({others}).", **figures)
    if sign < 0:
        return text + _(", clearly less than in the others ({others}).", **figures)
    return text + _(", which cannot be told from the others ({others}).", **figures)


def standing_out(row: SegmentRow, taxonomy: Taxonomy) -> str:
    """Say at which touchpoint a segment's complaints differ most, where one is sure to."""
    one = row.standout
    if one is None:
        return ""
    figures = {
        "touchpoint": labels.touchpoint(taxonomy, one.touchpoint),
        "here": i18n.percent(one.here.value or 0),
        "others": i18n.percent(one.others.value or 0),
    }
    if (one.difference.value or 0) > 0:
        return _(
            "Its complaints speak more of {touchpoint}: {here}, in the others {others}.", **figures
        )
    return _(
        "Its complaints speak less of {touchpoint}: {here}, in the others {others}.", **figures
    )


def about(found: SegmentThemes) -> str:
    """Say what a segment's complaints are about, and whether that is new with it."""
    if not found.rows:
        return ""
    said = []
    more = [row for row in found.rows if more_here(row)]
    if found.complaints < MIN_N:
        said.append(
            ngettext(
                "{n} complaint: too few to say what sets this segment apart.",
                "{n} complaints: too few to say what sets this segment apart.",
                found.complaints,
            )
        )
    elif more:
        named = ", ".join(_theme(row) for row in more[:_NAMED])
        said.append(_("More than in the others: {themes}.", themes=named))
    elif any(row.p is not None for row in found.rows):
        said.append(_("No theme is clearly more frequent in it than in the others."))
    return " ".join([*said, _novelty(found)]).strip()


def _novelty(found: SegmentThemes) -> str:
    """Say which themes came up with the segment, or that none did."""
    if not _can_be_new(found) or found.first is None:
        return ""
    day = i18n.day(found.first)
    new = [row for row in found.rows if is_new(found, row)]
    if new:
        named = ", ".join(f"“{row.phrase}”" for row in new)
        return _("New since its first day, {day}: {themes}.", day=day, themes=named)
    if all(row.first_seen is not None and row.first_seen < found.first for row in found.rows):
        return _("None of its themes is new: all were heard before {day}, its first day.", day=day)
    return ""


def more_here(row: SegmentTheme) -> bool:
    """Whether a theme is clearly more frequent in the segment."""
    return _sign(row.p, row.share, row.others) > 0


def is_new(found: SegmentThemes, row: SegmentTheme) -> bool:
    """Whether a theme came up with the segment, and is clearly more frequent in it."""
    if not _can_be_new(found) or row.first_seen is None or found.first is None:
        return False
    return more_here(row) and row.first_seen >= found.first


def _can_be_new(found: SegmentThemes) -> bool:
    return found.facet in _BEGINS and found.told_before


def _sign(p: float | None, here: Value, others: Value) -> int:
    if p is None or p >= ALPHA:
        return 0
    return 1 if (here.value or 0) > (others.value or 0) else -1


def _listed(rows: Sequence[SegmentRow], *, worst_first: bool) -> str:
    order = sorted(rows, key=lambda row: row.complaint_rate.value or 0, reverse=worst_first)
    named = ", ".join(
        f"{row.value} ({i18n.percent(row.complaint_rate.value or 0)})" for row in order[:_NAMED]
    )
    rest = len(rows) - _NAMED
    if rest <= 0:
        return named
    return ngettext("{named} and {n} more", "{named} and {n} more", rest, named=named)


def _theme(row: SegmentTheme) -> str:
    here, others = (percent(value.value) for value in (row.share, row.others))
    return _("“{theme}” ({here}, others {others})", theme=row.phrase, here=here, others=others)
