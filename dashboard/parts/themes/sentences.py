"""What the Themes page finds, in words with its numbers."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard import i18n
from dashboard.i18n import _, ngettext
from dashboard.parts import tables
from insights.themes.reading import ALPHA, ThemeRow, Themes
from insights.values import MIN_N, Value

_NAMED = 2
"""Themes named beside the largest, and of those that move."""

_SMALL = 0.0995
"""Shares below it are written with a digit more."""

_FIELDS = {"share": "value", "low": "low", "high": "high"}


def total(result: Themes) -> int:
    """Return how many complaints, or how much praise, the shares are of."""
    return sum(result.mentions.values())


def largest(result: Themes) -> str:
    """Say what most are about."""
    n, bad = total(result), result.polarity == "negative"
    if not n:
        return (
            _("There are no complaints in this selection.")
            if bad
            else _("Nothing in this selection praises the brand.")
        )
    if not result.rows:
        return (
            ngettext(
                "The {n} complaint is of no theme.", "None of the {n} complaints is of a theme.", n
            )
            if bad
            else ngettext(
                "The {n} mention that praises is of no theme.",
                "None of the {n} mentions that praise is of a theme.",
                n,
            )
        )
    if n < MIN_N:
        return (
            ngettext(
                "Only {n} complaint: too few to rank (at least {least}).",
                "Only {n} complaints: too few to rank (at least {least}).",
                n,
                least=MIN_N,
            )
            if bad
            else ngettext(
                "Only {n} mention that praises: too few to rank (at least {least}).",
                "Only {n} mentions that praise: too few to rank (at least {least}).",
                n,
                least=MIN_N,
            )
        )
    text = (
        _("Complaints are most often about “{theme}”: {share} of {n} (95% interval {low}–{high}).")
        if bad
        else _("Praise is most often about “{theme}”: {share} of {n} (95% interval {low}–{high}).")
    )
    first = result.rows[0]
    said = text.format(theme=first.phrase, n=i18n.number(n), **_figures(first))
    rest = result.rows[1 : 1 + _NAMED]
    if rest:
        said += " " + _("Then {themes}.", themes=", ".join(_shared(row) for row in rest))
    return said


def moved(result: Themes) -> str:
    """Say which themes clearly grew or shrank, and which are new."""
    if total(result) < MIN_N or not result.rows:
        return ""
    if all(row.change is None for row in result.rows):
        return _("There is no period before to compare with.")
    clear = [row for row in result.rows if is_clear(row) and not row.is_new]
    clear.sort(key=lambda row: -abs(_move(row)))
    said = [
        text.format(themes=", ".join(_moving(row) for row in rows[:_NAMED]))
        for text, rows in (
            (
                _("New in this period: {themes}."),
                [row for row in result.rows if row.is_new],
            ),
            (_("Clearly growing: {themes}."), [row for row in clear if _move(row) > 0]),
            (_("Clearly shrinking: {themes}."), [row for row in clear if _move(row) < 0]),
        )
        if rows
    ]
    if not said:
        return _(
            "No theme has clearly grown or shrunk against the {days} days before.",
            days=i18n.number(days(result)),
        )
    return " ".join(said)


def closely(result: Themes, row: ThemeRow) -> str:
    """Say how often one theme is spoken of."""
    figures = {
        "theme": row.phrase,
        "k": i18n.number(row.share.k or 0),
        "n": i18n.number(row.share.n),
        **_figures(row),
    }
    if not row.share.enough:
        return _("“{theme}”: {k} of {n}, too few to speak of a share.", **figures)
    if result.polarity == "negative":
        return _("“{theme}”: {share} of the {n} complaints (95% interval {low}–{high}).", **figures)
    return _(
        "“{theme}”: {share} of the {n} mentions that praise (95% interval {low}–{high}).",
        **figures,
    )


def history(result: Themes, row: ThemeRow) -> str:
    """Say whether one theme is new, and how it moved."""
    said = []
    if row.first_seen is not None:
        seen = i18n.day(row.first_seen)
        said.append(_("Spoken of since {day}.", day=seen))
    if row.is_new:
        said.append(_("New in this period."))
    elif row.change is None:
        said.append(_("There is no period before to compare with."))
    elif is_clear(row):
        said.append(
            _(
                "{points} points against the {days} days before: a clear change.",
                points=i18n.signed(100 * _move(row), _digits(row)),
                days=i18n.number(days(result)),
            )
        )
    else:
        said.append(
            _("No clear change against the {days} days before.", days=i18n.number(days(result)))
        )
    return " ".join(said)


def change(row: ThemeRow, *, bad: bool) -> tuple[str, str]:
    """Return a theme's move in words, and whether it is `better`, `worse` or the `same`."""
    if row.change is None or row.change.value is None:
        return _("no comparison"), "same"
    text = _("{change} points", change=i18n.signed(100 * _move(row), _digits(row)))
    text = f"{'▲' if _move(row) > 0 else '▼' if _move(row) < 0 else '='} {text}"
    if not is_clear(row):
        return _("{change}, not clear", change=text), "same"
    return text, "worse" if (_move(row) > 0) == bad else "better"


def is_clear(row: ThemeRow) -> bool:
    """Whether a theme's move is more than chance, with as many themes looked at."""
    return row.p is not None and row.p < ALPHA and row.share.enough


def days(result: Themes) -> int:
    """Return how many days the period has; 0 where it is not bounded."""
    since, until = result.filter.since, result.filter.until
    return (until - since).days + 1 if since and until else 0


def _move(row: ThemeRow) -> float:
    return (row.change.value or 0.0) if row.change is not None else 0.0


def percent(share: float | None) -> str:
    """Return a share of themes, of which there are many, small and alike: a digit more."""
    value = share or 0.0
    return i18n.percent(value, 1 if 0 < value < _SMALL else 0)


def interval(value: Value) -> str:
    """Return a share with its interval, as HTML."""
    shown = (percent(one) for one in (value.value, value.low, value.high))
    return tables.with_interval(value, *shown)


def _digits(row: ThemeRow) -> int:
    return 1 if abs(_move(row)) < _SMALL else 0


def _figures(row: ThemeRow) -> Mapping[str, str]:
    share = row.share
    return {name: percent(getattr(share, field)) for name, field in _FIELDS.items()}


def _shared(row: ThemeRow) -> str:
    return f"“{row.phrase}” ({percent(row.share.value)})"


def _moving(row: ThemeRow) -> str:
    moved = _("{points} points", points=i18n.signed(100 * _move(row), _digits(row)))
    return f"“{row.phrase}” ({moved}, {percent(row.share.value)})"
