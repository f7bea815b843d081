"""Documents with something else in one place, for fuzzing parsers."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)


def places(value: Any) -> list[tuple[Any, ...]]:
    """The path of each value in a document."""
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    return [(), *((key, *path) for key, inner in items for path in places(inner))]


def put(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    """The document with another value at a path."""
    if not path:
        return other
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(value[path[0]], path[1:], other)
    return copy


@st.composite
def mutated(draw: st.DrawFn, documents: list[Any]) -> list[Any]:
    """Documents with a value of one of them replaced."""
    which = draw(st.integers(0, len(documents) - 1))
    path = draw(st.sampled_from(places(documents[which])))
    changed = list(documents)
    changed[which] = put(documents[which], path, draw(JSON))
    return changed
