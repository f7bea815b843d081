"""Room for words: how wide they are, how they wrap, and where they can stand without overlap."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

PAGE = 820
"""Pixels that a page has for a chart on a laptop's screen of 1,280: charts that do not take the
page's width keep within them, so that none has to be scrolled there."""

LABELS = 100
"""Pixels kept right of the marks of a chart over time, for the labels at its end."""

_NARROW, _WIDE = frozenset("iljtf.,:;|'()[]! "), frozenset("mwMW%@—…")


def width(text: str, size: float = 12) -> float:
    """Return about how many pixels a line of text takes, rather too many than too few.

    Example:
        >>> width("Pengiriman") < width("Pembayaran dan refund")
        True
    """
    units = sum(0.34 if c in _NARROW else 0.92 if c in _WIDE else 0.58 for c in text)
    return units * size


def wrapped(text: str, chars: int, lines: int = 2) -> list[str]:
    """Return a text in lines of at most so many characters, the last cut with an ellipsis.

    Example:
        >>> wrapped("Kualitas dan kecepatan pengiriman", 16)
        ['Kualitas dan', 'kecepatan…']
    """
    return textwrap.wrap(text, chars, max_lines=lines, placeholder="…") or [""]


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Return where labels stand, in pixels, as near as can be to where they want without overlap.

    Args:
        wanted: the middle of each label.
        sizes: how much each takes.
        low, high: the ends between which they all stand, where there is room for them.

    Example:
        >>> spread([50, 52], [10, 10], 0, 100)
        [46.0, 56.0]
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    # Blocks of labels that touch: each stands around the mean of what its labels want.
    blocks: list[tuple[list[int], float]] = []
    for place in order:
        members = [place]
        start = _start(members, wanted, sizes, low, high)
        while blocks and blocks[-1][1] + sum(sizes[i] for i in blocks[-1][0]) > start:
            members = blocks.pop()[0] + members
            start = _start(members, wanted, sizes, low, high)
        blocks.append((members, start))
    found = [0.0] * len(wanted)
    for members, start in blocks:
        for i in members:
            found[i] = round(start + sizes[i] / 2, 1)
            start += sizes[i]
    return found


def _start(
    members: Sequence[int],
    wanted: Sequence[float],
    sizes: Sequence[float],
    low: float,
    high: float,
) -> float:
    offset, total = 0.0, 0.0
    for i in members:
        total += wanted[i] - sizes[i] / 2 - offset
        offset += sizes[i]
    return max(low, min(high - offset, total / len(members)))
