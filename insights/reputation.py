"""How a brand's reputation moves: volume, net sentiment, stars and complaint rate over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import pandas as pd

from insights import intervals, quantify
from insights.values import NO_DATA, Value
from simak.tags import SENTIMENTS
from store.engine import Store
from store.filter import Filter
from store.models import latest_model
from store.rollups import Cell, counts, span
from store.tables import UNTAGGED

Every = Literal["day", "week", "month"]

METRICS = ("volume", "net_sentiment", "stars", "complaint_rate")

Corrected = Literal["complaint_rate", "net_sentiment"]
"""Those that the model's errors distort: stars are the customers' own."""

Errors = Mapping[str, Sequence[Sequence[int]]]

_FREQUENCIES: Mapping[str, str] = {"day": "D", "week": "W-SUN", "month": "M"}
_SUMS = ("n", "complaints", "stars_n", "stars_sum", "stars_squares")


@dataclass(frozen=True)
class Reputation:
    """How a selection of mentions stands.

    Attributes:
        now: each of `METRICS`. Volume counts all mentions; net sentiment and complaint rate are
            of the tagged ones, stars of those with stars.
        before: the same for the period of equal length just before; None where the filter has
            no first and last day, or nothing was collected then.
        corrected: net sentiment and complaint rate as they would be counted without the model's
            errors (`insights.quantify`); empty where its errors were not measured.
        change: now minus before, with intervals; for volume the growth, left out where the
            period before began earlier than the data.
        untagged: mentions that wait for the model, in no rate.
        trend: one row per period from the first to the last with a mention: `start`, `end`
            (days, inclusive), `volume`, `negative`, `neutral`, `positive`, `complaints`, and for
            each rate its value, `_low`, `_high` and `_n`; what was asked to be corrected as
            `corrected`, `corrected_low` and `corrected_high`, if the errors were measured.
    """

    filter: Filter
    now: Mapping[str, Value]
    before: Mapping[str, Value] | None
    corrected: Mapping[str, Value]
    change: Mapping[str, Value]
    untagged: int
    trend: pd.DataFrame


def reputation(
    store: Store, filter: Filter, *, every: Every | None = None, correct: Corrected | None = None
) -> Reputation:
    """Measure the mentions that `filter` selects.

    Args:
        filter: brands, days, channels, sources and languages.
        every: the trend's period; None takes days up to 45 days, weeks up to 400, else months.
        correct: what is corrected for the model's errors in each period of the trend too. Its
            interval is wider than that of the count: how often the model errs is not known for
            certain, and that is the same for all periods. It is no reason to take a move of the
            trend for chance where the counts alone show it.

    Example:
        >>> from store.engine import open_store
        >>> reputation(open_store("sqlite://"), Filter()).now["complaint_rate"].value is None
        True
    """
    cells = counts(store, filter, by=("day", "sentiment"))
    now = _metrics(cells)
    earlier = filter.previous()
    before = None if earlier is None else _metrics(counts(store, earlier, by=("sentiment",)))
    if before is not None and not before["volume"].value:
        before = None
    change: dict[str, Value] = {}
    if before is not None and earlier is not None and earlier.since is not None:
        change = {name: intervals.difference(now[name], before[name]) for name in METRICS[1:]}
        first, _ = span(store, filter.brands)
        change["volume"] = (
            intervals.growth(now["volume"].n, before["volume"].n)
            if first is not None and first <= earlier.since
            else NO_DATA
        )
    untagged = sum(cell["n"] for cell in cells if cell["sentiment"] == UNTAGGED)
    errors = _errors(store)
    said = [sum(cell["n"] for cell in cells if cell["sentiment"] == name) for name in SENTIMENTS]
    return Reputation(
        filter,
        now,
        before,
        _corrected(errors, said, now["complaint_rate"].k or 0),
        change,
        untagged,
        _trend(cells, filter, every, errors, correct if errors else None),
    )


def by(
    store: Store, filter: Filter, dimension: Literal["brand", "channel", "language"]
) -> dict[str, Mapping[str, Value]]:
    """Return the metrics of each brand, channel or language, most mentions first."""
    parts: dict[str, list[Cell]] = {}
    for cell in counts(store, filter, by=(dimension, "sentiment")):
        parts.setdefault(cell[dimension], []).append(cell)
    measured = {name: _metrics(cells) for name, cells in parts.items()}
    return dict(sorted(measured.items(), key=lambda item: -item[1]["volume"].n))


def _errors(store: Store) -> Errors:
    """Return how often the model that tagged last takes each class for which, by head."""
    model = latest_model(store)
    return model.quality.get("errors", {}) if model else {}


def _corrected(errors: Errors, said: Sequence[int], complaints: int) -> dict[str, Value]:
    if not errors or not sum(said):
        return {}
    names: tuple[Corrected, ...] = ("net_sentiment", "complaint_rate")
    return {name: _correct(name, errors, said, complaints) for name in names}


def _correct(metric: Corrected, errors: Errors, said: Sequence[int], complaints: int) -> Value:
    """Return what a metric would be without the model's errors.

    Args:
        said: mentions of each of `SENTIMENTS`, not none at all.
    """
    if metric == "net_sentiment":
        return quantify.corrected(said, errors["sentiment"]).value((-1, 0, 1))
    counted = (sum(said) - complaints, complaints)
    return quantify.corrected(counted, errors["complaint"]).value((0, 1))


def _metrics(cells: Sequence[Cell]) -> dict[str, Value]:
    n = dict.fromkeys((*SENTIMENTS, UNTAGGED), 0)
    sums = dict.fromkeys(_SUMS, 0.0)
    for cell in cells:
        n[cell["sentiment"]] += cell["n"]
        for name in _SUMS:
            sums[name] += cell[name]
    return _measure(
        n["positive"],
        n["negative"],
        tagged=sum(n[sentiment] for sentiment in SENTIMENTS),
        sums=sums,
    )


def _measure(
    positive: int, negative: int, tagged: int, sums: Mapping[Any, Any]
) -> dict[str, Value]:
    volume = int(sums["n"])
    return {
        "volume": Value(volume, n=volume, k=volume),
        "net_sentiment": intervals.balance(positive, negative, tagged),
        "stars": intervals.mean(int(sums["stars_n"]), sums["stars_sum"], sums["stars_squares"]),
        "complaint_rate": intervals.share(int(sums["complaints"]), tagged),
    }


def _trend(
    cells: Sequence[Cell],
    filter: Filter,
    every: Every | None,
    errors: Errors,
    correct: Corrected | None,
) -> pd.DataFrame:
    dated = [cell for cell in cells if cell["day"] is not None]
    if not dated:
        return pd.DataFrame(columns=_trend_columns())
    first = min(cell["day"] for cell in dated)
    last = max(cell["day"] for cell in dated)
    frequency = _FREQUENCIES[every or _every(filter, first, last)]
    frame = pd.DataFrame(dated)
    frame["period"] = pd.PeriodIndex(pd.to_datetime(frame["day"]), freq=frequency)
    sums = frame.groupby("period")[list(_SUMS)].sum()
    by_sentiment = frame.pivot_table(
        index="period", columns="sentiment", values="n", aggfunc="sum", fill_value=0
    )
    whole = pd.period_range(sums.index.min(), sums.index.max(), freq=frequency)
    sums = sums.reindex(whole, fill_value=0)
    by_sentiment = by_sentiment.reindex(index=whole, columns=[*SENTIMENTS, UNTAGGED], fill_value=0)
    rows = zip(whole, sums.to_dict("records"), by_sentiment.to_dict("records"), strict=True)
    return pd.DataFrame([_period(*row, filter, errors, correct) for row in rows])


def _period(
    period: Any,
    sums: Mapping[Any, Any],
    sentiments: Mapping[Any, Any],
    filter: Filter,
    errors: Errors,
    correct: Corrected | None,
) -> dict[str, Any]:
    start, end = period.start_time.date(), period.end_time.date()
    said = [int(sentiments[name]) for name in SENTIMENTS]
    values = _measure(
        int(sentiments["positive"]),
        int(sentiments["negative"]),
        tagged=sum(said),
        sums=sums,
    )
    row: dict[str, Any] = {
        # The first and the last period hold no more days than the filter, nor does a click.
        "start": max(start, filter.since) if filter.since else start,
        "end": min(end, filter.until) if filter.until else end,
        "volume": int(sums["n"]),
        **dict(zip(SENTIMENTS, said, strict=True)),
        "complaints": int(sums["complaints"]),
    }
    for name in METRICS[1:]:
        value = values[name]
        row |= {
            name: value.value,
            f"{name}_low": value.low,
            f"{name}_high": value.high,
            f"{name}_n": value.n,
        }
    if correct:
        complaints = values["complaint_rate"].k or 0
        value = _correct(correct, errors, said, complaints) if sum(said) else NO_DATA
        row |= {
            "corrected": value.value,
            "corrected_low": value.low,
            "corrected_high": value.high,
        }
    return row


def _trend_columns() -> list[str]:
    return [
        "start",
        "end",
        "volume",
        *SENTIMENTS,
        "complaints",
        *(f"{name}{part}" for name in METRICS[1:] for part in ("", "_low", "_high", "_n")),
    ]


def _every(filter: Filter, first: date, last: date) -> Every:
    length = (filter.until or last) - (filter.since or first)
    if length <= timedelta(days=45):
        return "day"
    return "week" if length <= timedelta(days=400) else "month"
