"""The numbers of a chart, as a table that other programs read."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.charts.finished import Figure

_INNER = frozenset({"to", "spoken", "alone", "enough", "tone", "above", "said", "series"})
"""Fields that serve the drawing alone."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(chart: Figure) -> Sequence[Mapping[str, Any]]:
    """Return the data behind the marks that can be picked; of several, the first with any."""
    sets = chart.to_dict().get("datasets", {}).values()
    return next((one for one in sets if one and "to" in one[0]), ())


def table(chart: Figure) -> str:
    """Return these data as CSV: a line a mark, numbers as numbers, beginning with the names.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    found = rows(chart)
    names = [name for name in (found[0] if found else ()) if name not in _INNER]
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(names)
    writer.writerows([unformulated(row.get(name)) for name in names] for row in found)
    return "\ufeff" + written.getvalue()  # with the mark by which Excel knows UTF-8


def unformulated(value: Any) -> Any:
    """Return a value as a spreadsheet shows it: a text it would compute gets an apostrophe before.

    Example:
        >>> unformulated("=1+1"), unformulated("baik"), unformulated(-1)
        ("'=1+1", 'baik', -1)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
