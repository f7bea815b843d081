"""The causes of an inconsistent experience: rules over what a complaint says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from simak.errors import ConfigurationError
from simak.tags import SIGNALS
from simak.taxonomy import DEFAULT_PATH, INTERFACE_LANGUAGES, Taxonomy, load_taxonomy

_KEYS = frozenset(("id", "name", "touchpoints", "signals", "replied", "uneven_channels"))


@dataclass(frozen=True, slots=True)
class Cause:
    """A rule: the complaints of which all of it holds.

    Attributes:
        id: `no_reply` for one.
        names: interface language to text.
        touchpoints: it speaks badly of any of these; empty for any touchpoint or none.
        signals: it gives any of these; empty for any or none.
        replied: False for those without a reply, True for those with one.
        uneven_channels: only where it came through a channel in which its touchpoints do worse
            than in the other channels.
    """

    id: str
    names: Mapping[str, str] = field(hash=False)
    touchpoints: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    replied: bool | None = None
    uneven_channels: bool = False


def load_causes(taxonomy: Taxonomy, path: Path = DEFAULT_PATH) -> tuple[Cause, ...]:
    """Return the causes of a taxonomy file; the shipped ones where it has none.

    Args:
        taxonomy: every touchpoint there is. Of the shipped rules, touchpoints that are not in it
            are left out, and causes that then have none.

    Raises:
        ConfigurationError: the file cannot be read, a rule is wrong, or an id stands twice.

    Example:
        >>> from simak.taxonomy import load_taxonomy
        >>> [cause.id for cause in load_causes(load_taxonomy())][:2]
        ['uneven_channels', 'broken_promise']
    """
    own = _read(path, taxonomy.ids)
    if own or path == DEFAULT_PATH:
        return own
    kept = (
        (cause, tuple(id for id in cause.touchpoints if id in taxonomy.ids))
        for cause in _read(DEFAULT_PATH, load_taxonomy().ids)
    )
    return tuple(
        replace(cause, touchpoints=ids) for cause, ids in kept if ids or not cause.touchpoints
    )


def _read(path: Path, touchpoints: Sequence[str]) -> tuple[Cause, ...]:
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("cause", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"the causes cannot be read: {error}", path=path) from error
    causes = tuple(parse_cause(entry, touchpoints, path) for entry in entries)
    ids = [cause.id for cause in causes]
    if twice := sorted({id for id in ids if ids.count(id) > 1}):
        raise ConfigurationError(f"cause {twice[0]!r} stands twice", path=path)
    return causes


def parse_cause(entry: Mapping[str, object], touchpoints: Sequence[str], path: Path) -> Cause:
    """Return the cause that an entry of a taxonomy file describes.

    Args:
        entry: id, name, and any of touchpoints, signals, replied and uneven_channels.
        touchpoints: the ids that there are.
        path: the file, for the error.

    Raises:
        ConfigurationError: a key is missing, unknown or of another kind, a touchpoint or signal
            unknown, or nothing is asked for.

    Example:
        >>> entry = {"id": "a", "name": {"id": "A", "en": "A"}, "signals": ["no_reply"]}
        >>> parse_cause(entry, ("delivery",), Path("taxonomy.toml")).signals
        ('no_reply',)
    """
    id = entry.get("id")
    where = f"cause {id!r}"
    if not isinstance(id, str) or not id:
        raise ConfigurationError("a [[cause]] has no 'id'", path=path)
    if unknown := sorted(set(entry) - _KEYS):
        raise ConfigurationError(
            f"{where}: {unknown[0]!r} is none of {', '.join(sorted(_KEYS))}", path=path
        )
    names = entry.get("name")
    if not isinstance(names, Mapping) or set(INTERFACE_LANGUAGES) - set(names):
        raise ConfigurationError(f"{where}: name needs both id and en", path=path)
    replied, uneven = entry.get("replied"), entry.get("uneven_channels", False)
    for key, value in (("replied", replied), ("uneven_channels", uneven)):
        if value is not None and not isinstance(value, bool):
            raise ConfigurationError(f"{where}: {key} is true or false", path=path)
    cause = Cause(
        id,
        {language: str(text) for language, text in names.items()},
        _among(entry, "touchpoints", touchpoints, where, path),
        _among(entry, "signals", SIGNALS, where, path),
        replied if isinstance(replied, bool) else None,
        uneven is True,
    )
    if not cause.touchpoints and (uneven or (not cause.signals and replied is None)):
        raise ConfigurationError(f"{where} asks for no touchpoints", path=path)
    return cause


def _among(
    entry: Mapping[str, object], key: str, known: Sequence[str], where: str, path: Path
) -> tuple[str, ...]:
    values = entry.get(key, [])
    if not isinstance(values, list):
        raise ConfigurationError(f"{where}: {key} is no list", path=path)
    for value in values:
        if value not in known:
            raise ConfigurationError(
                f"{where}: {key} has {value!r}, which is none of {', '.join(known)}", path=path
            )
    return tuple(values)
