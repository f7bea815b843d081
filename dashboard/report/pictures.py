"""The report's charts: the dashboard's own, in the light theme, as SVG and PNG."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import altair as alt
import font_source_sans_pro
import manimgx_fonts
import pandas as pd
import vl_convert

from dashboard import i18n, labels, sentences
from dashboard.charts import bars, heatmap, theme, trend
from dashboard.charts.theme import Figure
from dashboard.i18n import _
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

_LABEL_SPACE = 17
"""Pixels above the chart for the words of each."""

for _folder in FONTS:
    vl_convert.register_font_directory(_folder)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart and what it shows, for those who cannot see it.

    Attributes:
        figure: in the light theme.
        caption: what stands above it, where its axes do not say what it shows.
        wide, high: whether its width and height may be set, or follow from its columns and rows.
    """

    figure: Figure
    about: str
    caption: str = ""
    wide: bool = True
    high: bool = False


def moves(weeks: pd.DataFrame, events: Sequence[Event], taxonomy: Taxonomy) -> Picture | None:
    """Return the complaint rate week by week with its band, and what stood out above it."""
    if not len(weeks) or weeks["complaint_rate"].isna().all():
        return None
    figure: Any = trend.line(weeks, "complaint_rate", dark=False)
    marks = _marks(weeks, events[:_MARKED], taxonomy)
    if marks:
        figure = figure + _flags(marks)
    first, last = weeks["start"].min(), weeks["end"].max()
    about = _("Complaint rate by week with its 95% interval, {days}", days=i18n.days(first, last))
    told = ". ".join([about, *(str(mark["said"]) for mark in marks)])
    return Picture(figure, told, about, high=True)


def _marks(
    weeks: pd.DataFrame, events: Sequence[Event], taxonomy: Taxonomy
) -> list[dict[str, object]]:
    marks: list[dict[str, object]] = []
    first, last = weeks["start"].min(), weeks["end"].max()
    shown = [event.head for event in events if first <= event.head.since <= last]
    for place, head in enumerate(sorted(shown, key=lambda head: head.since)):
        name = (
            labels.name(labels.SENTIMENTS, head.polarity)
            if head.touchpoint is None
            else labels.touchpoint(taxonomy, head.touchpoint)
        )
        sign = labels.SYMBOLS[head.polarity]
        seen = i18n.number(head.seen.k or 0)
        expected = i18n.number(head.expected.value or 0)
        marks.append(
            {
                "at": f"{head.since.isoformat()}T00:00:00",
                "line": -_LABEL_SPACE * (len(shown) - place),
                "late": (head.since - first) > (last - first) * 0.6,
                "said": _(
                    "{day}: {sign} {name}, {seen} instead of {expected}",
                    day=i18n.day(head.since),
                    sign=sign,
                    name=name,
                    seen=seen,
                    expected=expected,
                ),
            }
        )
    return marks


def _flags(marks: Sequence[Mapping[str, object]]) -> Figure:
    """Return rules with their words beside them, each on a line of its own."""
    base = alt.Chart(pd.DataFrame(list(marks))).encode(x=alt.X("at:T"))
    ink = theme.sentiment_colours(False)["negative"]
    rule = base.mark_rule(color=ink, strokeDash=[3, 3], strokeWidth=1.2)
    texts = []
    for late in (False, True):
        side = base.transform_filter(alt.datum.late == late).mark_text(
            align="right" if late else "left", dx=-5 if late else 5, baseline="top", color="#8f3a00"
        )
        texts.append(side.encode(y=alt.Y("line:Q", scale=None, axis=None), text="said:N"))
    return alt.layer(rule, *texts)


def ranking(found: Touchpoints, taxonomy: Taxonomy) -> Picture | None:
    """Return the touchpoints by their share of the complaints, with phase and owner."""
    rows = [row for row in found.rows if row.complaint_share.k][:MOST_ROWS]
    if not rows:
        return None
    shown = []
    for row in rows:
        said = i18n.percent(row.complaint_share.value or 0)
        move = row.change.value if row.change is not None else None
        if row.complaint_share.enough and move is not None and sentences.is_clear(row.change):
            said += f" {sentences.arrow(move)} {i18n.signed(100 * move)}"
        about = f"{labels.phase(row.phase)} · {labels.owner(row.owner)}"
        name = labels.touchpoint(taxonomy, row.id)
        shown.append(bars.Bar(row.id, name, row.complaint_share, said=said, about=about))
    figure = bars.ranked(
        shown,
        title=_("Share of complaints"),
        about=_("Phase · owner"),
        counted=_("Complaints"),
        dark=False,
    )
    return Picture(figure, _("Touchpoints by their share of the complaints, with 95% intervals"))


def places(found: Touchpoints, taxonomy: Taxonomy) -> Picture | None:
    """Return touchpoint by channel, where there is more than one channel."""
    order = [row.id for row in found.rows if row.complaint_share.k][:MOST_ROWS]
    channels = set(found.by_channel["channel"])
    if not order or len(channels) < 2:
        return None
    figure = heatmap.heatmap(
        found.by_channel,
        touchpoints={id: labels.touchpoint(taxonomy, id) for id in order},
        channels={channel: labels.channel(channel) for channel in channels},
        order=order,
        dark=False,
    )
    about = _("Share of each channel's complaints by touchpoint")
    return Picture(figure, about, wide=False)


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
    figure = bars.ranked(
        rows, title=_("Complaint rate"), about="", counted=_("Complaints"), dark=False, strong=own
    )
    return Picture(figure, _("Complaint rate of each brand with its 95% interval"))


def svg(picture: Picture, width: int, height: int | None = None) -> str:
    """Return a picture as SVG of about `width` pixels, described for screen readers."""
    text: str = vl_convert.vegalite_to_svg(_spec(picture, width, height))
    head, body = text.split(">", 1)
    # What a reader hears is the description alone, not every tick.
    body = re.sub(r' (?:aria-[a-z]+|role)="[^"]*"', "", body)
    return f'{head} role="img"><title>{escape(picture.about)}</title>{body}'


def width_of(svg: str) -> float:
    """Return the width of an SVG in pixels.

    Example:
        >>> width_of('<svg width="12.5" height="3">')
        12.5
    """
    found = re.search(r' width="([0-9.]+)"', svg)
    assert found is not None
    return float(found[1])


def png(picture: Picture, width: int, height: int | None = None) -> bytes:
    """Return a picture as PNG of about `width` pixels, drawn at twice that."""
    image: bytes = vl_convert.vegalite_to_png(_spec(picture, width, height), scale=2)
    return image


def _spec(picture: Picture, width: int, height: int | None) -> dict[str, Any]:
    figure: Any = picture.figure
    sizes: dict[str, int] = {"width": width} if picture.wide else {}
    if height is not None and picture.high:
        sizes["height"] = height
    spec: dict[str, Any] = (figure.properties(**sizes) if sizes else figure).to_dict()
    spec["config"] |= {"font": f"{FONT}, sans-serif", "background": "#ffffff"}
    return spec
