"""A chart of every form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from dashboard.charts import (
    bars,
    dots,
    events,
    lines,
    matrix,
    multiples,
    path,
    quadrant,
    shares,
    stacks,
    steps,
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
