"""A chart is drawn once for the same numbers, and anew for whatever it would show otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import pandas as pd
import pytest

from dashboard import i18n
from dashboard.charts import finished, theme
from dashboard.charts.finished import Figure, once
from insights.intervals import share
from insights.values import Value

drawn: list[tuple[Value, bool]] = []


@once
def form(value: Value, *, dark: bool) -> Figure:
    drawn.append((value, dark))
    data = pd.DataFrame({"value": [value.value], "to": [i18n.percent(value.value)]})
    chart = alt.Chart(data).mark_point(size=30).encode(x="value:Q")
    return theme.styled([chart], dark, height=40)


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    drawn.clear()
    finished._kept.clear()
    i18n.use("id")
    yield
    finished._kept.clear()


def test_the_same_numbers_are_drawn_once() -> None:
    first, again = form(share(3, 10), dark=False), form(share(3, 10), dark=False)
    assert first is again
    assert drawn == [(share(3, 10), False)]


def test_whatever_differs_is_drawn_anew() -> None:
    specs = [form(share(3, 10), dark=False), form(share(3, 11), dark=False)]
    specs.append(form(share(3, 10), dark=True))
    i18n.use("en")
    specs.append(form(share(3, 10), dark=False))
    assert len({figure.spec for figure in specs}) == len(drawn) == 4


def test_what_one_page_does_to_a_chart_no_other_sees() -> None:
    form(share(3, 10), dark=False).to_dict()["layer"].clear()
    assert form(share(3, 10), dark=False).to_dict()["layer"]


def test_the_oldest_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finished, "KEPT", 2)
    for k in (1, 2, 1, 3, 1, 2):  # 2 has not been asked for the longest when 3 comes
        form(share(k, 10), dark=False)
    assert [value.k for value, _dark in drawn] == [1, 2, 3, 2]


def test_a_frame_is_written_once_however_many_layers_draw_it() -> None:
    one, other = pd.DataFrame({"x": [1.0, None]}), pd.DataFrame({"x": [3.0]})
    layers = [
        alt.Chart(one).mark_point(size=9).encode(x="x:Q"),
        alt.Chart(other).mark_tick(size=9).encode(x="x:Q"),
        alt.Chart(one).mark_line(size=1).encode(x="x:Q"),
    ]
    spec = theme.styled(layers, dark=False, height=40).to_dict()
    shown = [spec["datasets"][layer["data"]["name"]] for layer in spec["layer"]]
    assert shown == [[{"x": 1.0}, {"x": None}], [{"x": 3.0}], [{"x": 1.0}, {"x": None}]]
    assert len(spec["datasets"]) == 2
