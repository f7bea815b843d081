"""The reliability diagram, as an inline SVG with a text in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_SIDE, _EDGE = 300, 44
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_STYLES = {
    "before": ("#8a6d00", "4 4", "before temperature scaling"),
    "after": ("#0b5394", "", "as shipped"),
}


def diagram(calibration: Mapping[str, Any]) -> str:
    """Return an SVG of the share right against the mean probability, one line a stage.

    Args:
        calibration: as in the report; `before` may be missing.
    """
    size = _SIDE + 2 * _EDGE
    stages = [name for name in _STYLES if name in calibration]
    said = ". ".join(_spoken(name, calibration[name]) for name in stages)
    return (
        f'<svg role="img" aria-labelledby="diagram-title diagram-text" '
        f'viewBox="0 0 {size} {size}" width="{size}" height="{size}">'
        f'<title id="diagram-title">How often the sentiment is right, by its probability</title>'
        f'<desc id="diagram-text">{escape(said)}.</desc>'
        f'<g font-size="11" fill="#333">{_frame()}'
        f"{''.join(_line(name, calibration[name]['bins'], at) for at, name in enumerate(stages))}"
        "</g></svg>"
    )


def _x(value: float) -> float:
    return round(_EDGE + value * _SIDE, 1)


def _y(value: float) -> float:
    return round(_EDGE + (1 - value) * _SIDE, 1)


def _frame() -> str:
    ticks = "".join(
        f'<text x="{_x(at)}" y="{_y(0) + 16}" text-anchor="middle">{at:.0%}</text>'
        f'<text x="{_x(0) - 6}" y="{_y(at) + 4}" text-anchor="end">{at:.0%}</text>'
        f'<path d="M{_x(at)} {_y(0)}V{_y(1)}M{_x(0)} {_y(at)}H{_x(1)}" stroke="#ddd"/>'
        for at in _TICKS
    )
    middle = _EDGE + _SIDE / 2
    return (
        f'{ticks}<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#999"/>'
        f'<text x="{middle}" y="{_y(0) + 34}" text-anchor="middle">probability given</text>'
        f'<text x="12" y="{middle}" text-anchor="middle" transform="rotate(-90 12 {middle})">'
        "share that was right</text>"
    )


def _line(name: str, bins: Sequence[Mapping[str, Any]], at: int) -> str:
    color, dashes, label = _STYLES[name]
    full = [one for one in bins if one["n"]]
    points = " ".join(f"{_x(one['confidence'])},{_y(one['accuracy'])}" for one in full)
    # The area of a point shows how many texts are in its bin.
    most = max((one["n"] for one in full), default=1)
    dots = "".join(
        f'<circle cx="{_x(one["confidence"])}" cy="{_y(one["accuracy"])}" '
        f'r="{2 + 5 * (one["n"] / most) ** 0.5:.1f}" fill="{color}" fill-opacity="0.6"/>'
        for one in full
    )
    legend = 16 + 14 * at
    return (
        f'<polyline points="{points}" fill="none" stroke="{color}" stroke-dasharray="{dashes}"/>'
        f'{dots}<path d="M{_x(0)} {legend}h24" stroke="{color}" stroke-dasharray="{dashes}"/>'
        f'<text x="{_x(0) + 30}" y="{legend + 4}">{label}</text>'
    )


def _spoken(name: str, stage: Mapping[str, Any]) -> str:
    full = [one for one in stage["bins"] if one["n"]]
    parts = "; ".join(
        f"{one['accuracy']:.0%} right where {one['confidence']:.0%} was given (n = {one['n']})"
        for one in full
    )
    return f"{_STYLES[name][2].capitalize()}: {parts}"
