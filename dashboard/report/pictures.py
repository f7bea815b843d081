"""The report's charts: the dashboard's own, in the light theme, as SVG and PNG."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import font_source_sans_pro
import manimgx_fonts
import pandas as pd
import vl_convert

from dashboard import i18n, labels, sentences
from dashboard.charts import bars, lines, matrix, theme
from dashboard.charts.events import Event as Mark
from dashboard.charts.finished import Figure
from dashboard.charts.picture import VERSION, spec
from dashboard.i18n import _
from insights.lifts import channel_cells
from insights.spikes import Event
from insights.touchpoints import Touchpoints
from insights.values import Value
from simak.taxonomy import Taxonomy

FONT = "Source Sans Pro"
FONTS = (font_source_sans_pro.font_directory, str(Path(manimgx_fonts.__file__).parent))
"""The same on every machine: what is drawn in, and Noto for emoji and for other scripts."""

MOST_ROWS = 10
"""Touchpoints and brands in a chart; the tables have the rest."""

_MARKED = 3
"""Events marked in the trend, the strongest."""

_HEIGHT = 210

for _folder in FONTS:
    vl_convert.register_font_directory(_folder)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart and what it shows, for those who cannot see it.

    Attributes:
        figure: in the light theme.
        caption: what stands above it, where its axes do not say what it shows.
        marked: what its signs stand for, in words.
    """

    figure: Figure
    about: str
    caption: str = ""
    marked: tuple[str, ...] = ()


def moves(weeks: pd.DataFrame, events: Sequence[Event], taxonomy: Taxonomy) -> Picture | None:
    """Return the complaint rate week by week with its band, and what stood out above it."""
    if not len(weeks) or weeks["complaint_rate"].isna().all():
        return None
    points = [
        lines.Point(row["start"], row["end"], of(row, "complaint_rate"))
        for row in theme.records(weeks)
    ]
    name = labels.name(labels.METRICS, "complaint_rate")
    first, last = weeks["start"].min(), weeks["end"].max()
    marks = [_mark(event, taxonomy) for event in events if first <= event.head.since <= last]
    figure = lines.lines(
        [lines.Series("all", name, points)],
        marks[:_MARKED],
        title=name,
        unit="percent",
        dark=False,
        height=_HEIGHT,
    )
    about = _("Complaint rate by week with its 95% interval, {days}", days=i18n.days(first, last))
    told = tuple(f"▲ {i18n.day(mark.day)}: {mark.name}" for mark in marks[:_MARKED])
    return Picture(figure, ". ".join([about, *told]), about, told)


def of(row: Mapping[str, Any], metric: str) -> Value:
    """Return a metric of a row of `Reputation.trend`."""

    def known(part: str) -> float | None:
        value = row[f"{metric}{part}"]
        return None if pd.isna(value) else float(value)

    return Value(known(""), known("_low"), known("_high"), int(row[f"{metric}_n"]))


def _mark(event: Event, taxonomy: Taxonomy) -> Mark:
    head = event.head
    about = (
        labels.name(labels.SENTIMENTS, head.polarity)
        if head.touchpoint is None
        else labels.touchpoint(taxonomy, head.touchpoint)
    )
    name = _(
        "{sign} {name}, {seen} instead of {expected}",
        sign=labels.SYMBOLS[head.polarity],
        name=about,
        seen=i18n.number(head.seen.k or 0),
        expected=i18n.number(head.expected.value or 0),
    )
    return Mark(head.since, "spike", name)


def ranking(found: Touchpoints, taxonomy: Taxonomy) -> Picture | None:
    """Return the touchpoints by their share of the complaints, with phase and owner."""
    rows = [row for row in found.rows if row.complaint_share.k][:MOST_ROWS]
    if not rows:
        return None
    shown = []
    for row in rows:
        said = i18n.percent(row.complaint_share.value or 0)
        move = row.change.value if row.change is not None else None
        if move is not None and sentences.has_moved(row):
            said += f" {sentences.arrow(move)} {i18n.signed(100 * move)}"
        about = f"{labels.phase(row.phase)} · {labels.owner(row.owner)}"
        name = labels.touchpoint(taxonomy, row.id)
        shown.append(bars.Bar(row.id, name, row.complaint_share, said=said, about=about))
    figure = bars.ranked(
        shown, title=_("Share of complaints"), about=_("Phase · owner"), dark=False
    )
    return Picture(figure, _("Touchpoints by their share of the complaints, with 95% intervals"))


def places(found: Touchpoints, taxonomy: Taxonomy) -> Picture | None:
    """Return touchpoint by channel, where there is more than one channel."""
    order = [row.id for row in found.rows if row.complaint_share.k][:MOST_ROWS]
    cells = [cell for cell in channel_cells(found) if cell.touchpoint in order and cell.share.k]
    sizes = {cell.channel: cell.share.n for cell in cells}
    if len(sizes) < 2:
        return None
    figure = matrix.matrix(
        [matrix.Cell(cell.touchpoint, cell.channel, cell.share) for cell in cells],
        rows={id: labels.touchpoint(taxonomy, id) for id in order},
        columns={name: labels.channel(name) for name in sorted(sizes, key=lambda c: -sizes[c])},
        title=_("Share of complaints"),
        dark=False,
    )
    about = _("Share of each channel's complaints by touchpoint")
    return Picture(figure, about)


def beside(brands: Mapping[str, Mapping[str, Value]], own: str) -> Picture | None:
    """Return the complaint rate of each brand, the own first."""
    names = [name for name in (own, *(b for b in brands if b != own)) if name in brands]
    rows = [
        bars.Bar(
            name,
            name,
            rate,
            said=_("{share} of {n}", share=i18n.percent(rate.value), n=i18n.number(rate.n)),
        )
        for name in names
        for rate in [brands[name]["complaint_rate"]]
        if rate.value is not None
    ][:MOST_ROWS]
    if len(rows) < 2:
        return None
    figure = bars.ranked(rows, title=_("Complaint rate"), dark=False, strong=own)
    return Picture(figure, _("Complaint rate of each brand with its 95% interval"))


def svg(picture: Picture, width: int) -> str:
    """Return a picture as SVG of about `width` pixels, described for screen readers."""
    text: str = vl_convert.vegalite_to_svg(_spec(picture, width), vl_version=VERSION)
    head, body = text.split(">", 1)
    # What a reader hears is the description alone, not every tick.
    body = re.sub(r' (?:aria-[a-z]+|role)="[^"]*"', "", body)
    return f'{head} role="img"><title>{escape(picture.about)}</title>{body}'


def print_svg(picture: Picture, width: int) -> str:
    """Return a picture as SVG in which every letter is drawn in print, too.

    Letters in an SVG are set in one font there: a name in another script is drawn beforehand.
    """
    text = svg(picture, width)
    if all(sign < "\u0250" or not (sign.isalpha() or sign > "\U0001f000") for sign in text):
        return text
    wide, high = width_of(text), width_of(text, "height")
    image = b64encode(png(picture, width)).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{wide:g}" height="{high:g}" viewBox="0 0 {wide:g} {high:g}">'
        f'<image width="{wide:g}" height="{high:g}" xlink:href="data:image/png;base64,{image}"/>'
        "</svg>"
    )


def width_of(svg: str, side: str = "width") -> float:
    """Return the width (or height) of an SVG in pixels.

    Example:
        >>> width_of('<svg width="12.5" height="3">')
        12.5
    """
    found = re.search(rf' {side}="([0-9.]+)"', svg)
    assert found is not None
    return float(found[1])


def png(picture: Picture, width: int) -> bytes:
    """Return a picture as PNG of about `width` pixels, drawn at twice that."""
    image: bytes = vl_convert.vegalite_to_png(_spec(picture, width), vl_version=VERSION, scale=2)
    return image


def _spec(picture: Picture, width: int) -> dict[str, Any]:
    found = spec(picture.figure, width)
    found["config"] |= {"font": f"{FONT}, sans-serif", "background": "#ffffff"}
    return found
