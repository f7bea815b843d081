"""Every form of chart: what its marks carry, honest axes, words that can be read, pictures."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations, pairwise
from math import log
from typing import Any

import altair as alt
import pytest

from dashboard import i18n
from dashboard.charts import (
    bars,
    data,
    events,
    lines,
    matrix,
    multiples,
    path,
    picture,
    quadrant,
    room,
    steps,
    theme,
    units,
)
from dashboard.charts.finished import Figure
from insights.intervals import share
from insights.values import NO_DATA, Value
from tests.dashboard.drawn import CELLS, FIRST, FORMS, HAPPENED, PLACES, WAITS, WEEKS, Drawn


@pytest.fixture(autouse=True)
def _indonesian() -> None:
    i18n.use("id")


@pytest.fixture(params=FORMS.values(), ids=FORMS)
def form(request: pytest.FixtureRequest) -> Drawn:
    found: Drawn = request.param
    return found


def sets(chart: Figure) -> Iterator[list[dict[str, Any]]]:
    yield from chart.to_dict()["datasets"].values()


def layers(chart: Figure) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = chart.to_dict()["layer"]
    return found


def kind(layer: dict[str, Any]) -> str:
    mark = layer["mark"]
    return str(mark["type"] if isinstance(mark, dict) else mark)


@pytest.mark.parametrize("dark", [False, True])
def test_a_mark_says_what_it_opens_and_what_it_is(form: Drawn, dark: bool) -> None:
    chart = form(dark)
    (selection,) = chart.to_dict()["params"]
    assert selection["name"] == theme.PICK
    assert selection["select"]["fields"] == ["to"]
    assert "datum.to" in selection["select"]["on"]
    rows = data.rows(chart)
    assert rows
    assert (
        any(row.get("to") for found in sets(chart) for row in found) or form is FORMS["below zero"]
    )
    for row in rows:
        assert (row["to"] is None) == (row["count"] is None)
        assert row["spoken"]
        assert row["name"] in row["spoken"]


def test_what_is_drawn_unchecked_is_valid_vega_lite(form: Drawn) -> None:
    alt.TopLevelLayerSpec.validate(form(False).to_dict())


@pytest.mark.parametrize("dark", [False, True])
def test_json_holds_no_number_that_is_none(form: Drawn, dark: bool) -> None:
    json.dumps(form(dark).to_dict(), allow_nan=False)


def test_light_and_dark_differ_and_say_the_same(form: Drawn) -> None:
    light, dark = form(False), form(True)
    assert [row["spoken"] for row in data.rows(light)] == [row["spoken"] for row in data.rows(dark)]
    assert json.dumps(light.to_dict()) != json.dumps(dark.to_dict())


@pytest.mark.parametrize("dark", [False, True])
def test_pictures_stand_on_their_own(form: Drawn, dark: bool) -> None:
    chart = form(dark)
    drawn = picture.svg(chart, title="Apa & <siapa>", source="Simak · n = 9", dark=dark)
    assert "Apa &amp; &lt;siapa&gt;" in drawn
    assert "Simak · n = 9" in drawn
    assert theme.page(dark) in drawn
    found = picture.png(chart, title="Judul", dark=dark, width=360)
    assert found.startswith(b"\x89PNG")
    assert len(found) > 5_000


def test_bars_keep_their_order_and_grey_what_is_too_few() -> None:
    rows = data.rows(FORMS["bars"](False))
    assert [row["key"] for row in rows] == ["b", "a"]
    assert [row["tone"] for row in rows] == ["strong", "few"]
    assert rows[1]["cases"] == "2 dari 4: terlalu sedikit"


@pytest.mark.parametrize(
    ("value", "unit", "ends"),
    [
        (0.2, "percent", (0.0, 0.21)),
        (0.99, "percent", (0.0, 1.0)),
        (4.1, "stars", (1.0, 5.0)),
        (12.0, "points", (-21.0, 21.0)),
        (7.0, "hours", (0.0, 7.35)),
    ],
)
def test_axes_are_honest(value: float, unit: units.Unit, ends: tuple[float, float]) -> None:
    assert units.domain([value, None], unit) == pytest.approx(ends)


def test_bars_and_lines_of_shares_begin_at_zero() -> None:
    body = next(layer for layer in layers(FORMS["bars"](False)) if kind(layer) == "bar")
    assert body["encoding"]["x"]["scale"]["domain"][0] == 0
    domains = [
        layer["encoding"]["y"]["scale"]["domain"]
        for layer in layers(FORMS["lines"](False))
        if (layer["encoding"].get("y", {}).get("scale") or {}).get("domain")
    ]
    assert domains
    assert all(domain[0] == 0 for domain in domains)
    left = next(layer for layer in layers(FORMS["below zero"](False)) if kind(layer) == "bar")
    assert left["encoding"]["x"]["scale"]["domain"][0] == pytest.approx(-25)


def test_a_line_breaks_where_there_is_no_value_and_greys_too_few() -> None:
    rows = [row for row in data.rows(FORMS["lines"](False)) if row["series"] == "0"]
    assert [row["value"] is None for row in rows] == [False, False, True, False, True, False]
    assert [row["enough"] for row in rows] == [True, True, False, False, False, True]
    assert [row["alone"] for row in rows] == [False, False, False, True, False, True]
    assert rows[2]["to"] is None


def test_names_at_the_ends_of_lines_do_not_overlap() -> None:
    (ends,) = [found for found in sets(FORMS["lines"](False)) if "lines" in found[0]]
    spans = sorted((row["y"], row["y"] + 14 * row["lines"].count("\n")) for row in ends)
    assert len(spans) == 2
    assert all(lower[0] - upper[1] >= 14 for upper, lower in pairwise(spans))


def test_events_outside_the_days_are_left_out_and_the_others_stand_apart() -> None:
    span = lines.ends(WEEKS)
    rows = events.place(HAPPENED, span)
    assert [row["name"] for row in rows] == ["Gudang terbakar", "Kemasan baru"]
    assert [(row["to"], row["count"]) for row in rows] == [("q=2", 4), (None, None)]
    assert rows[0]["y"] != rows[1]["y"]
    assert events.place(HAPPENED[2:], span) == []


@pytest.mark.parametrize("width", [300, 480, 640, 900, 1300])
@pytest.mark.parametrize("gap", [1, 4, 9, 20, 40])
def test_names_of_events_cross_neither_another_nor_a_line(width: int, gap: int) -> None:
    told = [
        events.Event(FIRST + timedelta(days=gap * i), "spike", f"Peristiwa nomor {i} yang panjang")
        for i in range(9)
    ]
    span = FIRST, FIRST + timedelta(days=gap * 9)
    rows = events.place(told, span)
    assert len(rows) == 9
    days = (span[1] - span[0]).days
    field = width - room.LABELS
    at = [((event.day - span[0]).days + 0.5) / days * field for event in told]
    named = []
    for row, place in zip(rows, at, strict=True):
        if row["need"] and width >= row["need"]:
            length = 8 + room.width(row["name"], 11.5)
            ends = (place, place + length) if row["align"] == "left" else (place - length, place)
            assert ends[0] >= -20
            assert ends[1] <= width
            named.append((row, place, ends))
    if width >= 900:
        assert named
    for (one, _at, first), (other, _at2, second) in combinations(named, 2):
        if one["y"] == other["y"]:
            assert first[1] < second[0] or second[1] < first[0]
    for row, place, (start, end) in named:
        for other, there in zip(rows, at, strict=True):
            if other["y"] < row["y"] and there != place:  # its line runs down through this lane
                assert not start < there < end


def test_small_lines_and_the_path_break_where_there_is_no_value() -> None:
    for form in (FORMS["multiples"], FORMS["path"]):
        chart = form(False).to_dict()
        line = next(layer for layer in chart["layer"] if kind(layer) == "line")
        name = line.get("data", chart.get("data", {}))["name"]
        rows = chart["datasets"][name]
        assert any(row["py"] is None for row in rows)
        assert not any("isValid" in str(step) for step in line.get("transform", ()))


@pytest.mark.parametrize(
    ("other", "stands"),
    [
        (NO_DATA, "above"),
        (Value(0.1, 0.05, 0.15, 50), "above"),
        (Value(0.2, 0.15, 0.25, 50), "below"),
        (Value(0.6, 0.55, 0.7, 50), "above"),
        (Value(0.4, 0.2, 0.6, 50), "over both"),
    ],
)
def test_a_figure_of_the_path_stands_clear_of_both_intervals(other: Value, stands: str) -> None:
    stop = path.Stop("a", "Kesadaran", "Sebelum", Value(0.4, 0.28, 0.52, 50), "q=1", 9, other=other)
    drawn = path.path([stop], title="Bagian", here="Ini", there="Itu", dark=False)
    mine, rival = (
        next(row for row in data.rows(drawn) if row.get("side") == side)
        for side in ("here", "there")
    )
    said = mine["said_y"]
    for one in (mine, rival):
        assert one["low_y"] is None or not one["low_y"] - 8 < said < one["high_y"] + 8
    assert (said > mine["high_y"]) == (stands == "below")
    if stands == "over both":
        assert said < rival["low_y"]


def test_small_lines_share_one_scale_with_their_intervals() -> None:
    rows = [row for row in data.rows(FORMS["multiples"](False)) if row["value"] is not None]
    first = [row for row in rows if row["key"] == "0"]
    below = [row for row in rows if row["key"] == str(multiples.COLUMNS)]
    assert {round(b["py"] - a["py"], 6) for a, b in zip(first, below, strict=True)} == {120}
    assert all(row["high_y"] < row["py"] < row["low_y"] for row in rows)


def test_names_in_the_quadrants_overlap_nothing() -> None:
    chart = FORMS["quadrant"](False).to_dict()
    low, high = chart["layer"][0]["encoding"]["x"]["scale"]["domain"]
    placed = dict(quadrant._placed(PLACES, (low, high)))
    assert 5 <= len(placed) < len(PLACES)
    boxes = []
    for dot in PLACES:
        if dot.key in placed:
            align, dx, dy = placed[dot.key]
            x = log(dot.volume / low) / log(high / low) * quadrant.WIDTH + dx
            y = quadrant.HEIGHT * (1 - ((dot.rate.value or 0) + 0.06) / 1.12) + dy
            wide = room.width(dot.name, 12)
            left = x - {"left": 0.0, "right": wide, "center": wide / 2}[align]
            boxes.append((left, y, left + wide))
    for one, other in combinations(boxes, 2):
        apart = one[2] <= other[0] or other[2] <= one[0]
        assert apart or abs(one[1] - other[1]) >= 12
    words = [
        row["corner"]
        for found in sets(FORMS["quadrant"](False))
        for row in found
        if "corner" in row
    ]
    assert len(set(words)) == 4


def test_stacks_add_up_from_the_negative_and_leave_none_out() -> None:
    rows = data.rows(FORMS["stacked"](False))
    assert [row["sentiment"] for row in rows[:3]] == ["negative", "neutral", "positive"]
    assert rows[0]["bottom"] == 0
    assert all(row["top"] - row["bottom"] == row["count"] for row in rows)
    assert rows[1]["bottom"] == rows[0]["top"]


def test_dots_carry_what_each_of_the_two_opens() -> None:
    rows = data.rows(FORMS["dots"](False))
    assert [(row["key"], row["which"], row["to"], row["count"]) for row in rows] == [
        ("a", "sekarang", "q=1", 30),
        ("a", "sebelumnya", "q=2", 20),
        ("b", "sekarang", "q=3", 3),
    ]
    assert [row["enough"] for row in rows] == [True, True, False]


def test_a_matrix_shows_how_many_of_how_few() -> None:
    rows = data.rows(FORMS["matrix"](False))
    assert len(rows) == 81
    few = next(row for row in rows if row["column"] == "few")
    assert few["said"] == "1/4"
    assert not few["enough"]
    deepest = max(rows, key=lambda row: row["depth"] if row["enough"] else 0)
    assert (deepest["row"], deepest["depth"]) == ("39", 1.0)
    one = matrix.matrix(CELLS[:1], rows={"0": "A"}, columns={"x": "X"}, title="t", dark=False)
    assert len(data.rows(one)) == 1


@pytest.mark.parametrize(("channels", "step"), [(3, 74), (13, 48), (40, 44)])
def test_a_matrix_of_many_columns_keeps_within_the_page(channels: int, step: int) -> None:
    names = ["Kualitas produk", "Pemrosesan pesanan", "Situs & aplikasi"]
    columns = {str(place): f"Kanal {place}" for place in range(channels)}
    cells = [matrix.Cell(name, key, share(30, 300), "q=1", 30) for name in names for key in columns]
    drawn = matrix.matrix(
        cells, rows=dict(zip(names, names, strict=True)), columns=columns, title="t", dark=False
    )
    assert drawn.to_dict()["width"] == {"step": step}
    size = re.search(r'width="([\d.]+)"', picture.svg(drawn))
    assert size is not None
    assert (float(size[1]) - 2 * picture._MARGIN <= room.PAGE) == (channels < 40)


def test_lifts_part_at_the_middle() -> None:
    rows = data.rows(FORMS["lifts"](False))
    assert [row["depth"] < 0 for row in rows] == [True, False, True]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("diverging", [False, True])
def test_words_in_a_cell_can_be_read_on_every_colour(dark: bool, diverging: bool) -> None:
    for place in range(-100 if diverging else 0, 101):
        for clear in (True, False):
            cell = matrix.Cell("a", "b", Value(0.1, n=90), clear=clear)
            fill = matrix._fill(cell, place / 100, dark, diverging=diverging)
            assert theme.contrast(fill, theme.readable(fill)) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
def test_words_on_the_page_can_be_read(dark: bool) -> None:
    for colour in [*theme.series_colours(dark), theme.ink(dark), theme.quiet(dark)]:
        assert theme.contrast(colour, theme.page(dark)) >= 4.5


def test_contrast_is_that_of_the_standard() -> None:
    assert theme.contrast("#ffffff", "#000000") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_curves_begin_at_all_and_end_where_nothing_more_was_seen() -> None:
    curve, medians = [found for found in sets(FORMS["steps"](False)) if "at" in found[0]]
    assert data.rows(FORMS["steps"](False)) == curve  # which is what is downloaded
    first = [row for row in curve if row["series"] == "0"]
    assert [(row["at"], row["value"]) for row in first] == [
        (0.0, 1.0), (2.0, 0.8), (5.0, 0.45), (20.0, 0.3), (72.0, 0.3),
    ]  # fmt: skip
    assert [(row["at"], row["to"], row["count"]) for row in medians] == [(5.0, "q=1", 100)]
    names = next(found for found in sets(FORMS["steps"](False)) if "lines" in found[0])
    assert [row["lines"].split("\n")[-1] for row in names] == ["median 5,0 jam", "tercapai"]


def test_minutes_and_weeks_have_the_same_room_and_their_own_names() -> None:
    drawn = picture.svg(FORMS["waits"](False))
    for name in ("15 menit", "1 jam", "6 jam", "1 hari", "7 hari", "4 minggu"):
        assert f">{name}<" in drawn
    curve, _median = [found for found in sets(FORMS["waits"](False)) if "at" in found[0]]
    assert (curve[0]["at"], curve[0]["value"], curve[0]["to"]) == (0.25, 1.0, "q=1")


def test_a_curve_that_goes_on_is_cut_where_the_axis_ends() -> None:
    curves = [steps.Curve("a", "A", WAITS, 72.0, Value(5.0, n=100))]
    chart = steps.steps(curves, title="t", along="jam", dark=False, reach=4.0)
    assert max(row["at"] for found in sets(chart) for row in found if "at" in row) == 4.0
    assert len([found for found in sets(chart) if "at" in found[0]]) == 1  # no median in reach


def test_a_mark_is_spoken_with_interval_and_cases() -> None:
    i18n.use("en")
    assert units.spoken("Delivery", share(120, 350), "percent") == (
        "Delivery: 34%, 30% to 39%, 120 of 350"
    )
    assert units.spoken("Price", Value(0.5, n=4, k=2), "percent") == "Price: 50%, 2 of 4: too few"
    assert units.spoken("Price", NO_DATA, "stars") == "Price: –"


def test_axes_write_hundreds_as_such() -> None:
    drawn = picture.svg(_counted(600))
    assert "600<" in drawn
    assert "e+" not in drawn


def _counted(n: float) -> Figure:
    return bars.ranked(
        [bars.Bar("a", "A", Value(n, n=900))], title="Ulasan", unit="number", dark=False
    )
