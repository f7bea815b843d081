"""What the notebooks share."""

from __future__ import annotations

import importlib.util
from datetime import date
from types import ModuleType

import pytest

from insights import intervals
from insights.values import NO_DATA, Value
from store.engine import Store
from store.filter import Filter
from store.lists import list_mentions
from tests.builders import put, review
from tests.notebooks.running import NOTEBOOKS


@pytest.fixture(scope="module")
def common() -> ModuleType:
    """The module beside the notebooks, which no package holds."""
    spec = importlib.util.spec_from_file_location("notebooks_common", NOTEBOOKS / "common.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_people_wrote_is_shown_as_text(common: ModuleType, sqlite_store: Store) -> None:
    put(sqlite_store, [review("1", "<script>alert(1)</script> & **bagus**\nsekali", stars=4)])
    rows = common.quotes(list_mentions(sqlite_store, Filter()), about="<b>")
    assert rows == [
        {
            "about": "<b>",
            "day": "2026-05-10",
            "channel": rows[0]["channel"],
            "stars": "4",
            "words": "<script>alert(1)</script> & **bagus** sekali",
        }
    ]
    html = common.table(rows).to_html()
    assert "&lt;script&gt;" in html
    assert "&lt;b&gt;" in html
    assert "<script>" not in html


def test_a_figure_says_how_sure_it_is(common: ModuleType) -> None:
    assert common.shown("share", intervals.share(30, 120)) == "25.0 % (18.1 % … 33.4 %), n = 120"
    assert common.shown("share", intervals.share(1, 4)).endswith("n = 4, too few")
    assert common.shown("share", Value(-0.1, -0.2, 0.05, 900), change=True) == (
        "−10.0 pp (−20.0 pp … +5.0 pp), n = 900"
    )
    assert common.shown("volume", Value(1220, n=1220, k=1220)) == "1220"
    assert common.shown("share", NO_DATA) == common.shown("share", None) == "no data"


def test_a_chart_draws_intervals_and_marks_too_few(common: ModuleType) -> None:
    few, many = intervals.share(3, 10), intervals.share(30, 100)
    points = [
        common.point(date(2026, 4, 1), few, brand="S"),
        common.point(date(2026, 5, 1), many, brand="S"),
    ]
    for chart in (
        common.lines(points, "brand", "Complaints (%)"),
        common.ranges({"few": few, "many": many}, "Complaints (%)"),
    ):
        spec = chart.to_dict()
        (rows,) = spec["datasets"].values()
        assert [row["rests on"] for row in rows] == ["fewer than 30", "enough"]
        assert [(row["low"], row["high"]) for row in rows] == [
            (few.low, few.high),
            (many.low, many.high),
        ]
        spans = [layer["encoding"] for layer in spec["layer"] if layer["mark"]["type"] != "point"]
        ends = {encoding.get(axis, {}).get("field") for encoding in spans for axis in ("x2", "y2")}
        assert "high" in ends
