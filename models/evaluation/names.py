"""What the parts of a report are called where people read them."""

from __future__ import annotations

_SETS = {
    "all": "all together",
    "smsa": "SmSA validation (Indonesian reviews)",
    "nusax_indonesian": "NusaX validation, Indonesian",
    "nusax_english": "NusaX validation, English",
    "nusax_javanese": "NusaX validation, Javanese",
    "nusax_sundanese": "NusaX validation, Sundanese",
    "held_back": "rows held back from training",
    "exports": "app reviews and tweets",
    "check": "check set that ships with Simak",
    "file": "the file given",
}

HEADS = {
    "sentiment": "sentiment, macro-F1",
    "complaint": "complaint, F1",
    "touchpoints": "touchpoints, micro-F1",
    "touchpoints_polarity": "touchpoints with polarity, micro-F1",
    "signals": "signals, micro-F1",
}


def set_name(name: str) -> str:
    """Return what people call a set of texts.

    Example:
        >>> set_name("file")
        'the file given'
    """
    return _SETS.get(name, name)


def percent(value: float | None) -> str:
    """Return a share in percent with one decimal, a dash where there is none.

    Example:
        >>> percent(0.8827), percent(None)
        ('88.3', '–')
    """
    return "–" if value is None else f"{100 * value:.1f}"


def difference(value: float | None) -> str:
    """Return a difference of two shares in points, with its sign.

    Example:
        >>> difference(-0.004)
        '−0.4'
    """
    return "–" if value is None else f"{100 * value:+.1f}".replace("-", "−")
