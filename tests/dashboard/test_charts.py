"""Every form of chart: what its marks carry, honest axes, words that can be read, pictures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import combinations, pairwise
from math import log
from typing import Any

import altair as alt
import pytest

from dashboard import i18n
from dashboard.charts import (
    bars,
    data,
    dots,
    events,
    lines,
    matrix,
    multiples,
    path,
    picture,
    quadrant,
    room,
    shares,
    stacks,
    steps,
    theme,
    units,
)
from dashboard.charts.finished import Figure
from insights.intervals import share
from insights.values import NO_DATA, Value
from simak.tags import SENTIMENTS

FIRST = date(2026, 1, 5)
LONG = "Layanan pelanggan lewat obrolan"

Drawn = Callable[[bool], Figure]


def points(*values: Value) -> tuple[lines.Point, ...]:
    weeks = [FIRST + timedelta(weeks=i) for i in range(len(values))]
    return tuple(
        lines.Point(day, day + timedelta(days=6), value, *(("q=1", value.k) if value.k else ()))
        for day, value in zip(weeks, values, strict=True)
    )


WEEKS = points(share(30, 100), share(40, 100), NO_DATA, share(3, 9), NO_DATA, share(50, 100))
HAPPENED = (
    events.Event(FIRST + timedelta(days=3), "spike", "Gudang terbakar", to="q=2", count=4),
    events.Event(FIRST + timedelta(days=5), "action", "Kemasan baru"),
    events.Event(FIRST + timedelta(days=400), "action", "Jauh sesudahnya"),
)


def _bars(dark: bool) -> Figure:
    rows = [
        bars.Bar("b", LONG, share(20, 40), "q=1", 20),
        bars.Bar("a", LONG, share(2, 4), None, None),
    ]
    return bars.ranked(rows, title="Bagian keluhan", dark=dark)


def _below_zero(dark: bool) -> Figure:
    rows = [bars.Bar("a", "A", Value(-0.2, -0.25, -0.15, 90)), bars.Bar("b", "B", Value(0.1, n=90))]
    return bars.ranked(rows, title="Dampak", unit="points", dark=dark)


def _lines(dark: bool) -> Figure:
    both = [
        lines.Series("a", "Senandika", WEEKS),
        lines.Series("b", "Griyakita Nusantara", points(*[share(33, 100)] * 6)),
    ]
    return lines.lines(both, HAPPENED, title="Tingkat keluhan", unit="percent", dark=dark)


def _stacked(dark: bool) -> Figure:
    parts = [stacks.Part(name, 10 + i, "q=1", 10 + i) for i, name in enumerate(SENTIMENTS)]
    both = [stacks.Stack(p.start, p.end, parts) for p in WEEKS[:2]]
    return stacks.stacked(both, dark=dark)


def _dots(dark: bool) -> Figure:
    rows = [
        dots.Dot("a", LONG, share(30, 100), "q=1", 30, share(20, 100), "q=2", 20),
        dots.Dot("b", "Harga", share(3, 9), "q=3", 3),
    ]
    return dots.dots(
        rows,
        title="Bagian",
        dark=dark,
        names=("sekarang", "sebelumnya"),
        line=0.3,
        line_name="semua",
    )


CELLS = [
    matrix.Cell(str(row), column, share(5 * row + 10, 300), "q=1", 5 * row + 10)
    for row in range(40)
    for column in ("x", "email")
] + [matrix.Cell("0", "few", share(1, 4), "q=1", 1)]


def _matrix(dark: bool) -> Figure:
    names = {str(row): f"{LONG} {row}" for row in range(40)}
    columns = {"x": "X", "email": "Surel", "few": "Forum"}
    return matrix.matrix(CELLS, rows=names, columns=columns, title="Bagian", dark=dark)


def _lifts(dark: bool) -> Figure:
    cells = [
        matrix.Cell("a", "x", Value(0.2, n=90), clear=False),
        matrix.Cell("a", "y", Value(2.5, n=90), "q=1", 9),
        matrix.Cell("b", "x", Value(0.4, n=90)),
    ]
    return matrix.matrix(
        cells, rows={"a": "A", "b": "B"}, columns={"x": "X", "y": "Y"}, title="Lift", dark=dark,
        unit="times", middle=1,
    )  # fmt: skip


WAITS = (
    steps.Step(2.0, Value(0.8, 0.7, 0.87, 100)),
    steps.Step(5.0, Value(0.45, 0.35, 0.55, 100)),
    steps.Step(5.1, Value(0.4499, 0.35, 0.55, 100)),
    steps.Step(20.0, Value(0.3, 0.2, 0.4, 100)),
)


def _steps(dark: bool) -> Figure:
    curves = [
        steps.Curve("a", "Instagram", WAITS, 72.0, Value(5.0, 2.0, 20.0, 100), "q=1", 100),
        steps.Curve("b", "Surel", WAITS[:1], 30.0, Value(None, n=100), "q=2", 100),
    ]
    return steps.steps(curves, title="Masih menunggu", along="jam", dark=dark)


def _multiples(dark: bool) -> Figure:
    many = [lines.Series(str(i), f"{LONG} {i}", WEEKS) for i in range(20)]
    return multiples.multiples(many, title="Bagian", unit="percent", dark=dark)


PLACES = [
    quadrant.Dot(
        str(i), f"{LONG} {i}", 10 * 2 ** (i * 7 % 10), share(1 + i * 11 % 80, 90), "q=1", 9
    )
    for i in range(40)
]


def _quadrant(dark: bool) -> Figure:
    return quadrant.quadrant(
        PLACES, across=300, up=0.4, across_title="Ulasan", up_title="Bagian", dark=dark
    )


STOPS = [
    path.Stop("a", "Kesadaran", "Sebelum", share(30, 100), "q=1", 30, f"Terlemah: {LONG}"),
    path.Stop("b", "Transaksi", "Membeli", NO_DATA),
    path.Stop("c", "Purnajual", "Sesudah", share(3, 9), "q=2", 3),
]


def _path(dark: bool) -> Figure:
    return path.path(STOPS, title="Bagian", here="Senandika", dark=dark)


def _waits(dark: bool) -> Figure:
    curve = steps.Curve("a", "Instagram", WAITS, 900.0, Value(5.0, 2.0, 20.0, 100), "q=1", 100)
    return steps.steps([curve], title="Masih menunggu", along="Sesudah", unit="waits", dark=dark)


def _shares(dark: bool) -> Figure:
    parts = [
        shares.Share("negative", "Detraktor", share(40, 100), "q=1", 12),
        shares.Share("neutral", "Pasif", share(25, 100)),
        shares.Share("positive", "Promotor", share(35, 100)),
    ]
    few = [shares.Share("positive", "Promotor", share(5, 5))]
    rows = [shares.Whole("a", "Semua", parts, "n = 100"), shares.Whole("b", "Mei", few)]
    return shares.shares(rows, title="Dari semua jawaban", dark=dark)


FORMS: dict[str, Drawn] = {
    "shares": _shares,
    "waits": _waits,
    "bars": _bars,
    "below zero": _below_zero,
    "lines": _lines,
    "stacked": _stacked,
    "dots": _dots,
    "matrix": _matrix,
    "lifts": _lifts,
    "steps": _steps,
    "multiples": _multiples,
    "quadrant": _quadrant,
    "path": _path,
}


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
    assert any(row.get("to") for found in sets(chart) for row in found) or form is _below_zero
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
    rows = data.rows(_bars(False))
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
    body = next(layer for layer in layers(_bars(False)) if kind(layer) == "bar")
    assert body["encoding"]["x"]["scale"]["domain"][0] == 0
    domains = [
        layer["encoding"]["y"]["scale"]["domain"]
        for layer in layers(_lines(False))
        if (layer["encoding"].get("y", {}).get("scale") or {}).get("domain")
    ]
    assert domains
    assert all(domain[0] == 0 for domain in domains)
    left = next(layer for layer in layers(_below_zero(False)) if kind(layer) == "bar")
    assert left["encoding"]["x"]["scale"]["domain"][0] == pytest.approx(-25)


def test_a_line_breaks_where_there_is_no_value_and_greys_too_few() -> None:
    rows = [row for row in data.rows(_lines(False)) if row["series"] == "0"]
    assert [row["value"] is None for row in rows] == [False, False, True, False, True, False]
    assert [row["enough"] for row in rows] == [True, True, False, False, False, True]
    assert [row["alone"] for row in rows] == [False, False, False, True, False, True]
    assert rows[2]["to"] is None


def test_names_at_the_ends_of_lines_do_not_overlap() -> None:
    (ends,) = [found for found in sets(_lines(False)) if "lines" in found[0]]
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
    for form in (_multiples, _path):
        chart = form(False).to_dict()
        line = next(layer for layer in chart["layer"] if kind(layer) == "line")
        name = line.get("data", chart.get("data", {}))["name"]
        rows = chart["datasets"][name]
        assert any(row["py"] is None for row in rows)
        assert not any("isValid" in str(step) for step in line.get("transform", ()))


def test_small_lines_share_one_scale_with_their_intervals() -> None:
    rows = [row for row in data.rows(_multiples(False)) if row["value"] is not None]
    first = [row for row in rows if row["key"] == "0"]
    fifth = [row for row in rows if row["key"] == "4"]  # below the first
    assert {round(b["py"] - a["py"], 6) for a, b in zip(first, fifth, strict=True)} == {120}
    assert all(row["high_y"] < row["py"] < row["low_y"] for row in rows)


def test_names_in_the_quadrants_overlap_nothing() -> None:
    chart = _quadrant(False).to_dict()
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
    words = [row["corner"] for found in sets(_quadrant(False)) for row in found if "corner" in row]
    assert len(set(words)) == 4


def test_stacks_add_up_from_the_negative_and_leave_none_out() -> None:
    rows = data.rows(_stacked(False))
    assert [row["sentiment"] for row in rows[:3]] == ["negative", "neutral", "positive"]
    assert rows[0]["bottom"] == 0
    assert all(row["top"] - row["bottom"] == row["count"] for row in rows)
    assert rows[1]["bottom"] == rows[0]["top"]


def test_dots_carry_what_each_of_the_two_opens() -> None:
    rows = data.rows(_dots(False))
    assert [(row["key"], row["which"], row["to"], row["count"]) for row in rows] == [
        ("a", "sekarang", "q=1", 30),
        ("a", "sebelumnya", "q=2", 20),
        ("b", "sekarang", "q=3", 3),
    ]
    assert [row["enough"] for row in rows] == [True, True, False]


def test_a_matrix_shows_how_many_of_how_few() -> None:
    rows = data.rows(_matrix(False))
    assert len(rows) == 81
    few = next(row for row in rows if row["column"] == "few")
    assert few["said"] == "1/4"
    assert not few["enough"]
    deepest = max(rows, key=lambda row: row["depth"] if row["enough"] else 0)
    assert (deepest["row"], deepest["depth"]) == ("39", 1.0)
    one = matrix.matrix(CELLS[:1], rows={"0": "A"}, columns={"x": "X"}, title="t", dark=False)
    assert len(data.rows(one)) == 1


def test_lifts_part_at_the_middle() -> None:
    rows = data.rows(_lifts(False))
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
    curve, medians = [found for found in sets(_steps(False)) if "at" in found[0]]
    assert data.rows(_steps(False)) == curve  # which is what is downloaded
    first = [row for row in curve if row["series"] == "0"]
    assert [(row["at"], row["value"]) for row in first] == [
        (0.0, 1.0), (2.0, 0.8), (5.0, 0.45), (20.0, 0.3), (72.0, 0.3),
    ]  # fmt: skip
    assert [(row["at"], row["to"], row["count"]) for row in medians] == [(5.0, "q=1", 100)]
    names = next(found for found in sets(_steps(False)) if "lines" in found[0])
    assert [row["lines"].split("\n")[-1] for row in names] == ["median 5,0 jam", "tercapai"]


def test_minutes_and_weeks_have_the_same_room_and_their_own_names() -> None:
    drawn = picture.svg(_waits(False))
    for name in ("15 menit", "1 jam", "6 jam", "1 hari", "7 hari", "4 minggu"):
        assert f">{name}<" in drawn
    curve, _median = [found for found in sets(_waits(False)) if "at" in found[0]]
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
