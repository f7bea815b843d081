"""What the `simak show` commands share: the options that select, and figures in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from simak.errors import ConfigurationError
from simak.taxonomy import Taxonomy
from store.engine import Store
from store.filter import Filter
from store.mentions import brand_names
from store.tables import UNPLACED

if TYPE_CHECKING:
    from insights.values import Value


class Day(click.ParamType[date]):
    """A day, such as 2026-05-31."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """Return the day; anything else is told what one looks like."""
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"{value!r} is no day; write one such as 2026-05-31", param, ctx)


class Segment(click.ParamType[tuple[str, str]]):
    """A segment, such as region=Jawa Barat."""

    name = "NAME=VALUE"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[str, str]:
        """Return name and value; anything else is told what one looks like."""
        if isinstance(value, tuple):
            return value[0], value[1]
        name, sign, wanted = (part.strip() for part in str(value).partition("="))
        if not (name and sign and wanted):
            self.fail(f"{value!r} is no segment; write one such as region=Bali", param, ctx)
        return name, wanted


def filtered(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options that select mentions; they are fields of `Filter`."""
    for option in (
        click.option(
            "--segment",
            "facets",
            type=Segment(),
            multiple=True,
            help="All of these; `simak show segments` lists what there is.",
        ),
        click.option("--language", "languages", multiple=True, help="id, en, jv, su, mixed, …"),
        click.option("--channel", "channels", multiple=True, help="Such as google_play."),
        click.option("--until", type=Day(), help="The last day."),
        click.option("--since", type=Day(), help="The first day."),
        click.option("--brand", "brands", multiple=True, help="All brands by default."),
    ):
        function = option(function)
    return function


def chosen(store: Store, selection: Mapping[str, Any]) -> Filter:
    """Return the filter that the options of `filtered` make.

    Raises:
        ConfigurationError: a brand is not in the store: nothing found would look like good news.
    """
    known = brand_names(store)
    for name in selection["brands"]:
        if name not in known:
            raise ConfigurationError(
                f"there is no brand {name!r}; there is: {', '.join(known) or 'none yet'}"
            )
    return Filter(**selection)


def pooled(store: Store, filter: Filter) -> str:
    """Return what to say where several brands are counted as one; nothing for one brand."""
    brands = set(filter.brands or brand_names(store))
    if len(brands) < 2:
        return ""
    return (
        f"\n{len(brands)} brands are counted together: what stands out, or changes, may be one of "
        "them. --brand chooses.\n"
    )


def figure(metric: str, value: float | None, *, change: bool = False) -> str:
    """Return a figure as people write it: shares in percent, changes of shares in points.

    Example:
        >>> figure("share", 0.251), figure("share", -0.02, change=True)
        ('25.1 %', '−2.0 pp')
    """
    if value is None:
        return "no data"
    if metric == "volume" and not change:
        return f"{value:.0f}"
    # A change of a share is in percentage points; volume grows by percent of itself.
    unit = "" if metric == "stars" else " pp" if change and metric != "volume" else " %"
    text = f"{value:+.2f}" if metric == "stars" else f"{100 * value:+.1f}"
    return (text if change else text.removeprefix("+")).replace("-", "−") + unit


def interval(metric: str, value: Value, *, change: bool = False) -> str:
    """Return the 95 % interval of a value; nothing where it has none."""
    if value.low is None or value.high is None:
        return ""
    ends = (figure(metric, end, change=change) for end in (value.low, value.high))
    return " … ".join(ends)


def rate(value: Value) -> str:
    """Return a share, in brackets where it rests on too few to be judged."""
    shown = figure("share", value.value)
    return shown if value.enough or value.value is None else f"({shown})"


def change(value: Value | None, p: float | None) -> str:
    """Return a change of a share: in brackets if it rests on too few, with ? if chance may do it.

    Args:
        p: of no change, adjusted for all that are shown; None where it was not tested.

    Example:
        >>> from insights.values import Value
        >>> change(Value(0.1, n=40), 0.2), change(Value(0.1, n=90), 0.01), change(None, None)
        ('+10.0 pp?', '+10.0 pp', '–')
    """
    if value is None or value.value is None:
        return "–"
    shown = figure("share", value.value, change=True)
    if not value.enough:
        return f"({shown})"
    return shown if p is not None and p < 0.05 else f"{shown}?"


def minutes(value: float | None) -> str:
    """Return a wait as people say it.

    Example:
        >>> minutes(45), minutes(200), minutes(3_000)
        ('45 min', '3 h 20 min', '2.1 days')
    """
    if value is None:
        return "no data"
    if value < 60:
        return f"{value:.0f} min"
    if value < 1_440:
        return f"{value // 60:.0f} h {value % 60:.0f} min"
    return f"{value / 1_440:.1f} days"


def touchpoint_name(touchpoint: str, taxonomy: Taxonomy, language: str) -> str:
    """Return the name of a touchpoint; one that the taxonomy has not is told by its id."""
    if touchpoint == UNPLACED:
        return "no touchpoint"
    return taxonomy[touchpoint].names[language] if touchpoint in taxonomy.ids else touchpoint
