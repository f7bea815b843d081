"""A finished chart, drawn once for the same numbers.

Altair checks every part of a chart against its schema and looks every value up in it, which takes
longer than most insights. The tests check every form; what is served is built without.
"""

from __future__ import annotations

import json
import pickle
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec

import altair as alt
from altair.utils import schemapi

from dashboard import i18n

KEPT = 300
"""Charts at most, of some 20 to 100 kB: what a few people look at within minutes."""

P = ParamSpec("P")

_kept: OrderedDict[tuple[str, str, str, bytes], Figure] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart in the dashboard's look.

    Attributes:
        spec: its Vega-Lite as JSON, with its data.
    """

    spec: str

    def to_dict(self) -> dict[str, Any]:
        """Return the chart as Vega-Lite; each call returns its own."""
        found: dict[str, Any] = json.loads(self.spec)
        return found


def finish(chart: alt.Chart | alt.LayerChart | alt.FacetChart) -> Figure:
    """Return a chart as it is drawn."""
    return Figure(json.dumps(chart.to_dict(validate=False), allow_nan=False))


def once(form: Callable[P, Figure]) -> Callable[P, Figure]:
    """Return a form of chart that is drawn once for the same numbers in the same language.

    Args:
        form: a pure function of numbers and words, which can be pickled.
    """

    @wraps(form)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        said = pickle.dumps((args, kwargs))
        key = (form.__module__, form.__qualname__, i18n.language(), said)
        with _lock:
            figure = _kept.pop(key, None)
        if figure is None:
            figure = form(*args, **kwargs)
        with _lock:
            _kept[key] = figure
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        return figure

    return drawn


class _Known(schemapi._FromDict):
    """Finds the class of a value by its schema, in a table made once and not for each value."""

    _table = schemapi._FromDict(alt.VegaLiteSchema._default_wrapper_classes()).class_dict

    def __init__(self, _classes: object) -> None:
        self.class_dict = self._table


schemapi._FromDict = _Known  # type: ignore[misc]
schemapi.disable_debug_mode()
# Altair's own look would come on top of the dashboard's.
alt.theme.enable("none")
alt.data_transformers.disable_max_rows()
