"""What a figure is measured in: how it is written, spoken, and how far its axis reaches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

import altair as alt

from dashboard import i18n
from dashboard.i18n import _, ngettext
from insights.values import Value

Unit: TypeAlias = Literal[
    "percent", "tenths", "points", "stars", "hours", "waits", "times", "number"
]
"""What values are: shares in [0, 1], the same to a tenth of a percent, differences of shares in
[-1, 1], stars from 1 to 5, hours, hours of a wait (written in minutes, hours, days or weeks,
whichever fits), how many times as much (a lift or a ratio), plain numbers."""

METRIC_UNITS: dict[str, Unit] = {
    "complaint_rate": "percent",
    "net_sentiment": "points",
    "stars": "stars",
    "volume": "number",
}

_AXES: dict[Unit, str] = {
    "percent": "%",
    "tenths": "%",
    "points": "+d",
    "stars": ".1f",
    "hours": ",~f",
    "waits": ",~f",
    "times": ",~f",
    "number": ",~f",
}


LABEL = "datum.label == '+0' ? '0' : datum.label"
"""The Vega expression that writes an axis's numbers: d3 gives nought a sign."""


def show(value: float | None, unit: Unit) -> str:
    """Return a value as it is written; a dash where there is none.

    Example:
        >>> i18n.use("en")
        >>> show(0.341, "percent"), show(-0.12, "points"), show(3.5, "hours"), show(None, "stars")
        ('34%', '−12', '3.5 h', '–')
    """
    if value is None:
        return "–"
    if unit == "percent":
        return i18n.percent(value, 1 if 0 < abs(value) < 0.0095 else 0)
    if unit == "tenths":
        return i18n.percent(value, 1)
    if unit == "points":
        return i18n.signed(100 * value)
    if unit == "stars":
        return i18n.number(value, 2)
    if unit == "hours":
        return _("{n} h", n=i18n.number(value, 1 if abs(value) < 10 else 0))
    if unit == "waits":
        return _wait(value)
    if unit == "times":
        return f"{i18n.number(value, 1)}×"
    return i18n.number(value, 1 if value % 1 and abs(value) < 10 else 0)


def _wait(hours: float) -> str:
    """Return a wait in the unit a reader counts it in: 15 min, 6 h, 2.1 days, 4 weeks."""
    if hours < 1:
        return _("{n} min", n=i18n.number(60 * hours))
    if hours < 24:
        return _("{n} h", n=i18n.number(hours))
    days = hours / 24
    if days >= 28 and days % 7 == 0:
        return ngettext("{n} week", "{n} weeks", round(days / 7))
    if days < 10 and round(days, 1) % 1:
        return _("{n} days", n=i18n.number(days, 1))
    return ngettext("{n} day", "{n} days", round(days))


def interval(value: Value, unit: Unit = "percent") -> str:
    """Return a value's interval, `28%–41%` or `−19 – +1`; a dash where it has none.

    That of a wait may have no upper end, where too few are answered.

    Example:
        >>> i18n.use("en")
        >>> interval(Value(26, 8, None, n=5), "waits"), interval(Value(26, 0, None, n=4), "waits")
        ('8 h or longer', '–')
    """
    if value.high is None and value.low and unit in ("hours", "waits"):
        return _("{low} or longer", low=show(value.low, unit))
    if value.low is None or value.high is None:
        return "–"
    return i18n.between(show(value.low, unit), show(value.high, unit))


def in_hours(minutes: Value) -> Value:
    """Return a wait of minutes in hours."""
    middle, low, high = (
        None if end is None else end / 60 for end in (minutes.value, minutes.low, minutes.high)
    )
    return Value(middle, low, high, minutes.n)


def cases(value: Value) -> str:
    """Return what a value rests on: `120 of 350`, `n = 350`, or that it is too few."""
    n = i18n.number(value.n)
    text = f"n = {n}" if value.k is None else _("{k} of {n}", k=i18n.number(value.k), n=n)
    return text if value.enough else _("{n}: too few", n=text)


def spoken(name: str, value: Value, unit: Unit) -> str:
    """Return what a screen reader says of a mark.

    Example:
        >>> i18n.use("en")
        >>> spoken("Delivery", Value(0.34, 0.28, 0.41, n=350, k=120), "percent")
        'Delivery: 34%, 28% to 41%, 120 of 350'
    """
    said = [show(value.value, unit)]
    if value.low is not None and value.high is not None:
        said.append(_("{low} to {high}", low=show(value.low, unit), high=show(value.high, unit)))
    if value.n:
        said.append(cases(value))
    return f"{name}: {', '.join(said)}"


def fields(name: str, value: Value, unit: Unit) -> dict[str, Any]:
    """Return what every mark carries: its name, its figure, interval and cases in words."""
    return {
        "name": name,
        "shown": show(value.value, unit),
        "interval": interval(value, unit),
        "cases": cases(value) if value.n else "–",
        "enough": value.enough,
        "spoken": spoken(name, value, unit),
    }


def tooltip(title: str, *more: tuple[str, str]) -> list[alt.Tooltip]:
    """Return the tooltip of a mark with `fields`: the name, the figure, interval and cases.

    Args:
        title: what the figure is.
        more: further fields, each with its title.
    """
    told = [
        ("name", " "),
        ("shown", title),
        ("interval", _("95% interval")),
        ("cases", _("Rests on")),
        *more,
    ]
    return [alt.Tooltip(f"{field}:N", title=name) for field, name in told]


def scaled(value: float | None, unit: Unit) -> float | None:
    """Return a value as it is drawn: differences of shares in points."""
    return value if value is None or unit != "points" else 100 * value


def axis_format(unit: Unit) -> str:
    """Return the d3 format of an axis."""
    return _AXES[unit]


def domain(values: Iterable[float | None], unit: Unit) -> tuple[float, float]:
    """Return the honest ends of an axis for values as drawn (`scaled`).

    Shares and amounts begin at 0 and stars at 1, whatever the data: a small move must look
    small. Signed values lie around 0.
    """
    found = [value for value in values if value is not None]
    low, high = min(found, default=0.0), max(found, default=0.0)
    if unit == "stars":
        return 1.0, 5.0
    if unit in ("percent", "tenths") and low >= 0:
        return 0.0, min(1.0, max(0.05, high * 1.05))
    if unit == "points":
        reach = min(100.0, max(-low, high, 20.0) * 1.05)
        return -reach, reach
    return min(0.0, low * 1.05), max(high * 1.05, 0.0) or 1.0


def formatter(metric: str) -> Any:
    """Return how a value of `metric` is written."""
    unit = METRIC_UNITS[metric]
    return lambda value: show(value, unit)
