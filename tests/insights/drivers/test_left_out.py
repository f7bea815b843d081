import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.drivers.left_out import Stars, stars_without
from insights.values import NO_DATA


def stars_of(values: list[int]) -> Stars:
    return Stars(len(values), sum(values), sum(v * v for v in values))


@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=40),
    st.lists(st.integers(1, 5), max_size=40),
)
def test_it_is_the_mean_of_the_rest_less_the_mean_of_all(rest: list[int], out: list[int]) -> None:
    found = stars_without(stars_of(rest + out), stars_of(out))
    assert found.value == pytest.approx(np.mean(rest) - np.mean(rest + out), abs=1e-9)
    assert found.n == len(rest) + len(out)
    if out:
        assert found.low <= found.value + 1e-12
        assert found.value <= found.high + 1e-12
    else:
        assert (found.low, found.high) == (None, None)


def test_no_rest_is_no_data() -> None:
    assert stars_without(stars_of([1, 2]), stars_of([1, 2])) == NO_DATA
    assert stars_without(stars_of([]), stars_of([])) == NO_DATA


@pytest.mark.parametrize(
    ("n", "part", "left_out", "rest"),
    [
        (400, 0.05, (0.7, 0.2, 0.05, 0.03, 0.02), (0.1, 0.05, 0.1, 0.15, 0.6)),
        (120, 0.20, (0.5, 0.2, 0.1, 0.1, 0.1), (0.2, 0.1, 0.1, 0.2, 0.4)),
        (1000, 0.02, (0.8, 0.1, 0.1, 0.0, 0.0), (0.05, 0.05, 0.1, 0.2, 0.6)),
        (500, 0.10, (0.0, 0.0, 0.1, 0.2, 0.7), (0.3, 0.2, 0.2, 0.2, 0.1)),  # praise left out
    ],
)
def test_it_covers_about_95_percent(
    n: int, part: float, left_out: tuple[float, ...], rest: tuple[float, ...]
) -> None:
    rng = np.random.default_rng(4)
    stars = np.arange(1, 6)
    truth = part * float(np.array(rest) @ stars - np.array(left_out) @ stars)
    chances = np.concatenate([part * np.array(left_out), (1 - part) * np.array(rest)])
    drawn = rng.multinomial(n, chances, size=3_000)
    covered = 0
    for counts in drawn:
        out, all = counts[:5], counts[:5] + counts[5:]
        found = stars_without(
            Stars(n, float(all @ stars), float(all @ stars**2)),
            Stars(int(out.sum()), float(out @ stars), float(out @ stars**2)),
        )
        covered += found.low is not None and found.low <= truth <= found.high
    print("stars without cover", covered / len(drawn))
    assert covered / len(drawn) == pytest.approx(0.95, abs=0.012)
