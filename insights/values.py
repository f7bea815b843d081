"""A number that knows how sure it is: value, interval, n and numerator."""

from __future__ import annotations

import dataclasses
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

MIN_N = 30
"""Below this many cases a rate is greyed and not ranked."""


@dataclass(frozen=True, slots=True)
class Value:
    """One figure.

    Attributes:
        value: None where there is no data; never 0 in its place.
        low, high: 95 % interval; None where one makes no sense, as for a count.
        n: how many cases it rests on: the denominator of a share.
        k: numerator of a share: exactly the mentions that a click opens.

    Example:
        >>> Value(0.5, 0.2, 0.8, n=10, k=5).enough
        False
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    k: int | None = None

    @property
    def enough(self) -> bool:
        """Whether it rests on at least `MIN_N` cases."""
        return self.n >= MIN_N


NO_DATA = Value(None)


def plain(result: Any) -> Any:
    """Return an insight's result as plain JSON: dataclasses, frames and dates unfolded.

    Example:
        >>> plain({"day": date(2026, 5, 1), "rate": float("nan")})
        {'day': '2026-05-01', 'rate': None}
    """
    if isinstance(result, Value):
        return {
            field.name: plain(getattr(result, field.name)) for field in dataclasses.fields(result)
        } | {"enough": result.enough}
    if dataclasses.is_dataclass(result) and not isinstance(result, type):
        return {
            field.name: plain(getattr(result, field.name)) for field in dataclasses.fields(result)
        }
    pandas: Any = sys.modules.get("pandas")  # where nobody has loaded it, nothing is of it
    if pandas and isinstance(result, pandas.DataFrame):
        return [plain(row) for row in result.to_dict("records")]
    if isinstance(result, Mapping):
        return {str(key): plain(value) for key, value in result.items()}
    if isinstance(result, list | tuple):
        return [plain(item) for item in result]
    if isinstance(result, datetime | date):
        return None if pandas and pandas.isna(result) else result.isoformat()
    if isinstance(result, PurePath):
        return str(result)
    if hasattr(result, "item"):  # a NumPy scalar
        result = result.item()
    return None if isinstance(result, float) and not math.isfinite(result) else result
