"""The pass over many series, on small simulations."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks import spikes as simulated
from insights.spikes.watch import HISTORY_DAYS, alarms, watch


@pytest.mark.parametrize("dispersion", [1.0, 2.0])
def test_planted_events_are_found_and_few_others(dispersion: float) -> None:
    found = simulated.measure(20, dispersion, seed=3)
    assert found.spike_alarms < 1.2
    assert found.shift_alarms < 0.3
    assert found.bursts > (0.6 if dispersion == 1 else 0.15)
    assert found.bursts > 0.8 * found.plain_bursts
    assert found.bursts <= found.best_at_one + 0.05
    assert found.shifts > (0.8 if dispersion == 1 else 0.35)


def test_the_benchmark_tells_each_figure_of_each_dispersion() -> None:
    options = ["--series", "3", "--times", "1", "--json"]
    said = CliRunner().invoke(simulated.main, options, catch_exceptions=False)
    figures = json.loads(said.stdout)
    assert len(figures) == 11 * len(simulated.DISPERSIONS)
    assert len({figure["what"] for figure in figures}) == len(figures)
    assert sum(figure["at_least"] is not None for figure in figures) == 2


def _counts(days: int = 300, level: float = 8, series: int = 4) -> np.ndarray:
    generator = np.random.default_rng(4)
    return generator.poisson(level, (series, days))


def test_nothing_after_a_day_changes_what_was_known_on_it() -> None:
    counts = _counts()
    counts[0, 200:] *= 2
    counts[1, 120] = 40
    whole = watch(counts, 2)
    for days in (130, 207, 231):
        part = watch(counts[:, :days], 2)
        assert np.array_equal(part.p, whole.p[:, :days], equal_nan=True)
        assert part.shifts == tuple(one for one in whole.shifts if one.found < days)
    assert whole.shifts
    assert alarms(whole)[1, 120]


def test_a_series_does_not_depend_on_those_of_another_brand() -> None:
    counts = _counts()
    counts[[0, 2], 200:] *= 2
    whole = watch(counts, 0, brands=["b", "a", "b", "a"])
    for own in ([0, 2], [1, 3]):
        alone = watch(counts[own], 0)
        assert whole.p[own] == pytest.approx(alone.p, nan_ok=True)
        assert [(own[shift.series], shift.start) for shift in alone.shifts] == [
            (shift.series, shift.start) for shift in whole.shifts if shift.series in own
        ]
    assert {shift.series for shift in whole.shifts} >= {0, 2}


def test_a_brands_series_share_how_far_they_stray() -> None:
    generator = np.random.default_rng(2)
    counts = generator.negative_binomial(8, 1 / 2, (30, 400))
    whole = watch(counts, 0).dispersion[:, 399]
    alone = np.array([watch(counts[[one]], 0).dispersion[0, 399] for one in range(6)])
    assert whole.std() < alone.std() / 2
    assert whole.mean() == pytest.approx(2, rel=0.15)


def test_a_shift_is_found_once_and_becomes_what_is_expected() -> None:
    counts = _counts(series=1)
    counts[0, 200:] = np.random.default_rng(8).poisson(24, 100)
    watched = watch(counts, 0)
    (shift,) = watched.shifts
    assert 198 <= shift.start <= 202
    assert shift.found - shift.start <= 9
    assert shift.seen == counts[0, shift.start : shift.found + 1].sum()
    assert watched.expected[0, 240] == pytest.approx(24, rel=0.2)
    assert alarms(watched)[0, 200:].sum() <= 1


def test_a_burst_is_no_shift_and_hides_no_later_burst() -> None:
    counts = _counts(series=1)
    quiet = alarms(watch(counts, 0))[0]
    counts[0, [150, 151, 152]] = 60
    counts[0, 170] = 26
    watched = watch(counts, 0)
    assert watched.shifts == ()
    found = alarms(watched)[0]
    assert found[[150, 151, 152, 170]].all()
    assert found.sum() <= quiet.sum() + 4


def test_days_that_were_not_collected_are_no_silence() -> None:
    counts = _counts(series=1)
    counts[0, 180:200] = 0
    known = np.full(counts.shape, counts.shape[1])
    known[0, 180:200] = np.arange(180, 200)
    naive, watched = watch(counts, 0), watch(counts, 0, known)
    assert [shift.seen < shift.expected for shift in naive.shifts] == [True, False]
    assert watched.shifts == ()
    assert not alarms(watched)[0, 180:].any()
    assert watched.expected[0, 203] == pytest.approx(8, rel=0.15)
    late = known.copy()
    late[0, 180:200] = np.maximum(late[0, 180:200], 183)
    assert watch(counts, 0, late).shifts == ()


def test_little_history_or_volume_is_not_judged() -> None:
    counts = _counts(days=90, series=2)
    counts[1] = 0
    counts[1, ::10] = 1
    counts[:, 85] = 40
    p = watch(counts, 0).p
    assert np.isnan(p[:, :HISTORY_DAYS]).all()
    assert np.isnan(p[1]).all()
    assert p[0, 85] < 1e-6
    assert not watch(counts[:, :40], 0).p[:, :].any() or np.isnan(watch(counts[:, :40], 0).p).all()


def test_a_year_in_which_nothing_is_said_often_enough_has_no_series_to_follow() -> None:
    watched = watch(np.zeros((0, 400), dtype=int), 3, np.zeros((0, 400), dtype=int), [])
    assert watched.p.shape == watched.expected.shape == (0, 400)
    assert watched.shifts == ()


def test_the_false_discoveries_of_a_day_are_held() -> None:
    watched = watch(_counts(series=60), 0)
    assert alarms(watched).sum() <= (watched.p <= 1 / 320).sum()
    one = np.full((80, 1), 0.5)
    one[0] = 0.0022  # small by itself, not the smallest of eighty
    many = one.copy()
    many[:6] = 0.0022
    for p, expected in ((one, 0), (many, 6)):
        day = type(watched)(p, p, np.ones(p.shape), p, p, ())
        assert alarms(day).sum() == expected
