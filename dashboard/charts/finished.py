"""A finished chart, drawn once for the same numbers.

Altair checks every part of a chart against its schema and looks every value up in it, which takes
longer than most insights. The tests check every form; what is served is built without.
"""

from __future__ import annotations

import hashlib
import json
import pickle
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec

import altair as alt
import pandas as pd
from altair.utils import schemapi

from dashboard import i18n

KEPT = 300
"""Charts at most, of some 20 to 100 kB each: what some people look at within minutes."""

P = ParamSpec("P")

_kept: OrderedDict[tuple[str, str, str, bytes], Figure] = OrderedDict()
_lock = Lock()

_Frames = dict[int, tuple[str, pd.DataFrame]]
_frames: ContextVar[_Frames | None] = ContextVar("frames", default=None)


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


def finish(layers: Sequence[alt.Chart], **look: Any) -> Figure:
    """Return layers as the one chart they are drawn as.

    Altair's own `layer` copies every part of every layer three times, which takes as long as all
    the rest.

    Args:
        layers: selections of the same name are one.
        look: what stands beside its marks in Vega-Lite: `config`, `autosize`, `width`, `height`.
    """
    with _drawing() as frames:
        drawn = [layer.to_dict(validate=False, context={"top_level": False}) for layer in layers]
    # A selection is heard at the top alone, wherever in the chart the click is; it is of the first
    # layer that has it.
    heard: dict[str, dict[str, Any]] = {}
    for place, layer in enumerate(drawn):
        for param in layer.pop("params", ()):
            if param["name"] not in heard:
                layer["name"] = f"layer_{place}"
                heard[param["name"]] = param | {"views": [layer["name"]]}
    for layer in drawn:
        # What says nothing of itself is hidden from screen readers.
        if "description" not in layer["encoding"]:
            layer["mark"]["aria"] = False
    spec = {
        "$schema": alt.SCHEMA_URL,
        "layer": drawn,
        **({"params": list(heard.values())} if heard else {}),
        **look,
    }
    sets = ", ".join(f'"{name}": {_rows(frame)}' for name, frame in frames.values())
    return Figure(f'{json.dumps(spec, allow_nan=False)[:-1]}, "datasets": {{{sets}}}}}')


def _rows(frame: pd.DataFrame) -> str:
    """Return the rows of a frame as JSON, a missing number as null and a time as its ISO form."""
    return frame.to_json(orient="records", date_format="iso", double_precision=15)


def once(form: Callable[P, Figure]) -> Callable[P, Figure]:
    """Return a form of chart that is drawn once for the same numbers in the same language.

    Args:
        form: a pure function of numbers and words, which can be pickled.
    """

    @wraps(form)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        said = hashlib.blake2b(pickle.dumps((args, kwargs))).digest()
        key = (form.__module__, form.__qualname__, i18n.language(), said)
        with _lock:
            figure = _kept.pop(key, None)
        if figure is None:
            with _drawing():
                figure = form(*args, **kwargs)
        with _lock:
            _kept[key] = figure
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        return figure

    return drawn


@contextmanager
def _drawing() -> Iterator[_Frames]:
    """Give the frames of a chart names, in whose place their rows stand once it is finished.

    Altair makes rows of a frame anew for each layer, and copies and hashes them with the layer.
    """
    frames = _frames.get()
    if frames is None:
        frames = {}
    token = _frames.set(frames)
    try:
        yield frames
    finally:
        _frames.reset(token)


def _named(data: Any) -> Any:
    frames = _frames.get()
    if frames is None or not isinstance(data, pd.DataFrame):
        return alt.default_data_transformer(data)
    # The frame is kept with its name: another might else get the same id.
    name, _frame = frames.setdefault(id(data), (f"data-{len(frames)}", data))
    return {"name": name}


class _AsWritten(schemapi._FromDict):
    """Takes what is given for a channel as it is written.

    Altair tries every class of its schema on every part of it, to write the same in the end.
    """

    def __init__(self, _classes: object) -> None:
        pass

    def from_dict(self, dct: Any, tp: Any = None, *_schemas: Any, **_more: Any) -> Any:
        return tp(**dct)


schemapi._FromDict = _AsWritten  # type: ignore[misc]
schemapi.disable_debug_mode()
# Altair's own look would come on top of the dashboard's.
alt.theme.enable("none")
alt.data_transformers.register("named", _named)
alt.data_transformers.enable("named")
