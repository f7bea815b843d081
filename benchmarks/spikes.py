"""How many planted bursts and level shifts are found, and how many alarms there are without any.

Two years of daily counts of the series of a brand, with a weekday pattern, a slow trend with a
yearly wave, and over-dispersion (negative binomial, variance = dispersion × mean). A burst
multiplies one day's mean, a shift that of all days from one on. What is found is held against a
rule that many tools use, so many standard deviations above a moving mean, at the same rate of
false alarms, and against the best there can be: a rule that knows each day's true mean and the
true dispersion.

    python -m benchmarks.spikes
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.report import Figure, finish, say
from insights.spikes import tail
from insights.spikes.watch import Watched, alarms, watch

LEVEL = 8.0
"""Mentions a day, on average."""

BURST, SHIFT = 2.5, 1.8
WITHIN = 10
"""Days after its start within which a shift must be found."""

DISPERSIONS = (1.0, 1.25, 1.5, 2.0)
DAYS = 730
COMMAND = "python -m benchmarks.spikes"

_WINDOW = 28
"""Days of the moving mean of the plain rule."""

_SETTLE = 120
"""Days before the first planted event."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def means(
    generator: np.random.Generator, series: int, days: int = DAYS, level: float = LEVEL
) -> Floats:
    """Return daily means (series, days): a level with its weekdays and slow trend."""
    day = np.arange(days)
    weekday = np.exp(generator.normal(0, 0.2, (series, 7)))
    drift = generator.normal(0, 0.15, (series, 1)) * day / 365
    wave = generator.uniform(0, 0.15, (series, 1)) * np.sin(
        2 * np.pi * (day / 365 + generator.uniform(0, 1, (series, 1)))
    )
    shape = weekday[:, day % 7] * np.exp(drift + wave)
    return np.asarray(level * shape / shape.mean(1, keepdims=True))


def draw(generator: np.random.Generator, mean: Floats, dispersion: float) -> NDArray[np.int64]:
    """Return counts of these means, with variance = dispersion × mean."""
    if dispersion == 1:
        return np.asarray(generator.poisson(mean))
    return np.asarray(generator.negative_binomial(mean / (dispersion - 1), 1 / dispersion))


@dataclass(frozen=True)
class Measured:
    """What a simulation gave.

    Attributes:
        spike_alarms, shift_alarms: a series and year, without any event.
        bursts, plain_bursts, best_bursts: share found: by the watch, by the plain rule, and by the
            rule that knows the truth, both at the watch's rate of false alarms.
        best_at_one: by the rule that knows the truth, at one false alarm a series and year.
        shifts, plain_shifts: share found in time.
        other_shifts: shifts a series and year that were none, beside the planted ones.
        delay: median days until a shift was found.
        seconds: of one watch.
    """

    spike_alarms: float
    shift_alarms: float
    bursts: float
    plain_bursts: float
    best_bursts: float
    best_at_one: float
    shifts: float
    plain_shifts: float
    other_shifts: float
    delay: float
    seconds: float


def measure(series: int, dispersion: float, *, seed: int = 0, days: int = DAYS) -> Measured:
    """Simulate one brand three times: without events, with bursts, with a shift in each series."""
    generator = np.random.default_rng(seed)
    mean = means(generator, series, days)
    quiet = draw(generator, mean, dispersion)
    started = time.perf_counter()
    calm = watch(quiet, 0)
    seconds = time.perf_counter() - started
    judged = ~np.isnan(calm.p)
    years = judged.sum() / 365
    false = int(alarms(calm).sum())

    burst = _planted(generator, mean)
    loud = draw(generator, np.where(burst, BURST * mean, mean), dispersion)
    told = alarms(watch(loud, 0))
    plain = _matched(_deviations(quiet), _deviations(loud), judged, false)
    truth = [-tail.upper(counts, mean, dispersion) for counts in (quiet, loud)]
    best = _matched(truth[0], truth[1], judged, false)
    best_at_one = _matched(truth[0], truth[1], judged, int(years))

    start = generator.integers(_SETTLE, days - 2 * WITHIN, series)
    after = np.arange(days) >= start[:, None]
    raised = draw(generator, np.where(after, SHIFT * mean, mean), dispersion)
    found, delays, others = _shifts(watch(raised, 0), start)
    limit = _limit(_rises(quiet), judged, len(calm.shifts))
    rises = np.nan_to_num(_rises(raised), nan=0.0) > limit
    in_time = after & (np.arange(days) < start[:, None] + WITHIN)
    return Measured(
        false / years,
        len(calm.shifts) / years,
        float(told[burst].mean()),
        float(plain[burst].mean()),
        float(best[burst].mean()),
        float(best_at_one[burst].mean()),
        found,
        float((rises & in_time).any(1).mean()),
        others / years,
        float(np.median(delays)) if delays else float("nan"),
        seconds,
    )


def _planted(generator: np.random.Generator, mean: Floats) -> Bools:
    """Return one day a quarter in each series, of the days whose mean is nearest to `LEVEL`."""
    planted = np.zeros(mean.shape, bool)
    near = np.abs(np.log(mean / LEVEL)) + generator.uniform(0, 0.1, mean.shape)
    for quarter in range(_SETTLE, mean.shape[1] - 60, 91):
        day = quarter + near[:, quarter : quarter + 60].argmin(1)
        planted[np.arange(len(mean)), day] = True
    return planted


def _matched(quiet: Floats, loud: Floats, judged: Bools, false: int) -> Bools:
    """Return which days of `loud` pass what so many judged days of `quiet` pass."""
    ranked = np.sort(np.nan_to_num(quiet[judged], nan=-np.inf))[::-1]
    return np.asarray(np.nan_to_num(loud, nan=-np.inf) > ranked[false])


def _limit(rises: Floats, judged: Bools, false: int) -> float:
    """Return the height that so many stretches of days reach, up or down; a month is one."""
    high = np.where(judged, np.abs(np.nan_to_num(rises)), 0.0)
    low, top = 0.0, float(high.max())
    for _ in range(30):
        middle = (low + top) / 2
        over = high > middle
        began = over.copy()
        for back in range(1, 29):
            began[:, back:] &= ~over[:, :-back]
        low, top = (middle, top) if began.sum() > false else (low, middle)
    return top


def _moments(counts: NDArray[np.int64], window: int) -> tuple[Floats, Floats]:
    """Return the mean and variance of the days before each day; NaN where there are too few."""
    mean, variance = np.full(counts.shape, np.nan), np.full(counts.shape, np.nan)
    before = np.lib.stride_tricks.sliding_window_view(counts, window, axis=1)[:, :-1]
    mean[:, window:], variance[:, window:] = before.mean(-1), before.var(-1)
    return mean, variance


def _deviations(counts: NDArray[np.int64]) -> Floats:
    """Return the standard deviations of each day above the moving mean of the days before."""
    mean, variance = _moments(counts, _WINDOW)
    return np.asarray((counts - mean) / np.sqrt(np.maximum(variance, 1e-9)))


def _rises(counts: NDArray[np.int64]) -> Floats:
    """Return the standard errors of each week above the mean of the eight weeks before it."""
    week = np.full(counts.shape, np.nan)
    week[:, 6:] = np.lib.stride_tricks.sliding_window_view(counts, 7, axis=1).mean(-1)
    mean, variance = _moments(counts, 56)
    mean, variance = np.roll(mean, 6, axis=1), np.roll(variance, 6, axis=1)
    rises = (week - mean) / np.sqrt(np.maximum(variance, 1e-9) * (1 / 7 + 1 / 56))
    rises[:, :62] = np.nan
    return np.asarray(rises)


def _shifts(watched: Watched, start: NDArray[np.int64]) -> tuple[float, list[int], int]:
    """Return the share found in time, the days until each was found, and how many are others."""
    delays: dict[int, int] = {}
    others = 0
    for shift in watched.shifts:
        real = int(start[shift.series])
        if shift.seen > shift.expected and real - 7 <= shift.start <= real + WITHIN:
            delays.setdefault(shift.series, shift.found - real + 1)
        else:
            others += 1
    in_time = sum(delay <= WITHIN for delay in delays.values())
    return in_time / len(start), list(delays.values()), others


def _figures(dispersion: float, series: int, times: int) -> list[Figure]:
    runs = [measure(series, dispersion, seed=seed) for seed in range(times)]

    def mean(name: str) -> float:
        return float(np.mean([getattr(run, name) for run in runs]))

    def figure(what: str, name: str, unit: str = "%", **rest: float | str) -> Figure:
        value = mean(name) * (100 if unit == "%" else 1)
        return Figure(f"dispersion {dispersion:g}: {what}", value, unit, COMMAND, **rest)  # type: ignore[arg-type]

    # The best there can be finds fewer than are asked for where days differ more than by chance.
    asked = {"at_least": 70.0} if dispersion == 1 else {}
    asked_shifts = {"at_least": 80.0} if dispersion == 1 else {}
    note = f"{times} × {series} series, {DAYS} days, {LEVEL:g} a day"
    return [
        figure("false spikes", "spike_alarms", "a series and year", at_most=1.0, note=note),
        figure("false shifts", "shift_alarms", "a series and year", at_most=0.25),
        figure(f"{BURST:g}× bursts of a day found", "bursts", **asked),
        figure("the same by a moving mean, at that rate of false alarms", "plain_bursts"),
        figure("the same by a rule that knows the truth, at that rate", "best_bursts"),
        figure("the same at one false alarm a series and year", "best_at_one"),
        figure(f"{SHIFT:g}× shifts found within {WITHIN} days", "shifts", **asked_shifts),
        figure("the same by the mean of a week, at that rate of false alarms", "plain_shifts"),
        figure("false shifts beside the planted ones", "other_shifts", "a series and year"),
        figure("median days until a shift is found", "delay", "days"),
        figure(f"time of {series} series", "seconds", "s"),
    ]


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--series", default=43, show_default=True, help="Of the brand; 43 is all of one.")
@click.option("--times", default=5, show_default=True, help="Simulations of each dispersion.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(series: int, times: int, as_json: bool) -> None:
    figures = []
    for dispersion in DISPERSIONS:
        say(f"  dispersion {dispersion:g}")
        figures += _figures(dispersion, series, times)
    finish(figures, as_json=as_json)


if __name__ == "__main__":
    main()
