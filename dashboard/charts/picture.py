"""A chart as a picture that stands on its own: with its title, its source and a background."""

from __future__ import annotations

import re
from html import escape
from typing import Any

import vl_convert

from dashboard.charts import room, theme
from dashboard.charts.finished import Figure

FONTS = "'Liberation Sans', 'DejaVu Sans', Arial, Helvetica, sans-serif"
VERSION = "6.4"
_MARGIN, _TITLE, _SMALL = 20, 18, 11


def svg(
    chart: Figure, *, title: str = "", source: str = "", dark: bool = False, width: int = 900
) -> str:
    """Return a chart as SVG.

    Args:
        chart: a styled chart; one that has no width of its own gets `width`.
        title: what it shows; it wraps.
        source: where its numbers are from, in small print below.
        width: of the marks, in pixels.
    """
    drawn: str = vl_convert.vegalite_to_svg(spec(chart, width), vl_version=VERSION)
    size = re.search(r'<svg[^>]*? width="([\d.]+)" height="([\d.]+)"', drawn)
    if size is None:
        size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawn)
    assert size is not None
    wide, high = float(size[1]), float(size[2])
    y, pieces = float(_MARGIN), []
    for words, pixels, colour, weight in (
        (title, _TITLE, theme.ink(dark), "bold"),
        (source, _SMALL, theme.quiet(dark), "normal"),
    ):
        if words is source:
            y += 8
            pieces.append(f'<g transform="translate({_MARGIN},{y:g})">{drawn}</g>')
            y += high + 6
        for line in room.wrapped(words, int(wide / (pixels * 0.56)), 4) if words else []:
            y += pixels * 1.3
            pieces.append(
                f'<text x="{_MARGIN}" y="{y - pixels * 0.3:g}" font-size="{pixels}" fill="{colour}"'
                f' font-weight="{weight}" font-family="{escape(FONTS)}">{escape(line)}</text>'
            )
    total, tall = wide + 2 * _MARGIN, y + _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{total:g}" height="{tall:g}" viewBox="0 0 {total:g} {tall:g}">'
        f'<rect width="100%" height="100%" fill="{theme.page(dark)}"/>{"".join(pieces)}</svg>'
    )


def png(
    chart: Figure, *, title: str = "", source: str = "", dark: bool = False, width: int = 900
) -> bytes:
    """Return a chart as PNG, twice as fine as its pixels; the arguments are those of `svg`."""
    drawn = svg(chart, title=title, source=source, dark=dark, width=width)
    found: bytes = vl_convert.svg_to_png(drawn, scale=2)
    return found


def spec(chart: Figure, width: int) -> dict[str, Any]:
    """Return a chart as Vega-Lite; one that has no width of its own gets `width`."""
    found: dict[str, Any] = chart.to_dict()
    found["config"]["font"] = FONTS
    if "width" not in found and "spec" not in found:
        found["width"] = width
        found["autosize"] = {"type": "fit-x", "contains": "padding"}
    return found
