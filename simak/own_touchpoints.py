"""The touchpoints a brand has taught: `data/touchpoints.json` beside the settings.

The file keeps what a person gave (names, phase, owner, examples) and what was learned from it for
one version of a model. What the learned part means is known to `models.adapt` alone.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from simak.errors import ConfigurationError
from simak.settings import Settings
from simak.tags import SENTIMENTS, SIGNALS
from simak.taxonomy import Taxonomy, Touchpoint, load_taxonomy, parse_touchpoint

FILE = "touchpoints.json"
FORMAT = 1

RESERVED = frozenset((*SENTIMENTS, *SIGNALS, "complaint", "unplaced", "untagged"))
"""Names that scores, filters and counts use for something else."""

FEWEST_EXAMPLES = 5
"""Examples below which nothing can be learned."""

_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")


class Example(NamedTuple):
    """A text, and whether it speaks of the touchpoint."""

    text: str
    present: bool


@dataclass(frozen=True, slots=True)
class OwnTouchpoint:
    """A touchpoint taught by examples.

    Attributes:
        touchpoint: its id, phase, owner and names.
        examples: what it was taught with.
        learned: what a model's version made of them; empty where none has yet.
    """

    touchpoint: Touchpoint
    examples: tuple[Example, ...]
    learned: Mapping[str, Any] = field(default_factory=dict)


def read_own(folder: Path) -> tuple[OwnTouchpoint, ...]:
    """Return the touchpoints taught, in the order they were added; none where there is no file.

    Args:
        folder: `Settings.data`.

    Raises:
        ConfigurationError: the file is damaged or of another version.
    """
    path = folder / FILE
    if not path.exists():
        return ()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise ConfigurationError(
                f"format {content['format']!r} is not known, this release reads {FORMAT}; update "
                "Simak, or move the file away and add the touchpoints again",
                path=path,
            )
        return tuple(
            OwnTouchpoint(
                parse_touchpoint(entry, path),
                tuple(Example(one["text"], bool(one["present"])) for one in entry["examples"]),
                entry["learned"],
            )
            for entry in content["touchpoints"]
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            f"it cannot be read ({error!r}); restore it, or move it away and add the touchpoints "
            "again",
            path=path,
        ) from error


def write_own(folder: Path, touchpoints: Sequence[OwnTouchpoint]) -> None:
    """Keep the touchpoints taught, in place of what was there.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    entries = [
        {
            "id": own.touchpoint.id,
            "phase": own.touchpoint.phase,
            "owner": own.touchpoint.owner,
            "name": dict(own.touchpoint.names),
            "description": dict(own.touchpoint.descriptions),
            "examples": [one._asdict() for one in own.examples],
            "learned": dict(own.learned),
        }
        for own in touchpoints
    ]
    write_json(folder / FILE, {"format": FORMAT, "touchpoints": entries})


def remove_own(folder: Path, id: str) -> None:
    """Forget a touchpoint that was taught, with its examples.

    Raises:
        ConfigurationError: none of this id was taught.
    """
    write_own(folder, [own for own in _with(folder, id) if own.touchpoint.id != id])


def forget_examples(folder: Path, texts: Collection[str]) -> None:
    """Take examples out of the touchpoints that were taught with them.

    Where enough are left, the touchpoint is learned anew from those when it is next used; else
    what was learned stays, in which no text can be read.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    known = read_own(folder)
    changed = [_without(own, texts) for own in known]
    if texts and changed != list(known):
        write_own(folder, changed)


def _without(own: OwnTouchpoint, texts: Collection[str]) -> OwnTouchpoint:
    left = tuple(one for one in own.examples if one.text not in texts)
    if len(left) == len(own.examples):
        return own
    enough = sum(one.present for one in left) >= FEWEST_EXAMPLES
    return replace(own, examples=left, learned={} if enough else own.learned)


def rename_own(folder: Path, id: str, *, names: Mapping[str, str], phase: str, owner: str) -> None:
    """Change how a touchpoint that was taught is called and where it belongs; its id stays.

    Args:
        names: interface language to name.

    Raises:
        ConfigurationError: none of this id was taught.
    """
    write_own(
        folder,
        [
            replace(own, touchpoint=replace(own.touchpoint, names=names, phase=phase, owner=owner))
            if own.touchpoint.id == id
            else own
            for own in _with(folder, id)
        ],
    )


def _with(folder: Path, id: str) -> tuple[OwnTouchpoint, ...]:
    known = read_own(folder)
    if id not in {own.touchpoint.id for own in known}:
        listed = ", ".join(own.touchpoint.id for own in known) or "none"
        raise ConfigurationError(f"no touchpoint {id!r} was taught; taught are: {listed}")
    return known


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a file of the data folder whole or not at all.

    Raises:
        ConfigurationError: it cannot be written.
    """
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise ConfigurationError(f"cannot be written: {error}", path=path) from error


def taxonomy_of(settings: Settings) -> Taxonomy:
    """Return every touchpoint there is: those of the settings' file, then those taught.

    Raises:
        ConfigurationError: a file is damaged, or an id stands in both.

    Example:
        >>> len(taxonomy_of(Settings(folder=Path("nowhere"))))
        19
    """
    given = load_taxonomy(settings.taxonomy)
    own = tuple(one.touchpoint for one in read_own(settings.data))
    if not own:
        return given
    for touchpoint in own:
        if touchpoint.id in given.ids:
            raise ConfigurationError(
                f"touchpoint {touchpoint.id!r} stands in {settings.taxonomy} too; remove one: "
                f"simak touchpoint remove {touchpoint.id}",
                path=settings.data / FILE,
            )
    return replace(given, touchpoints=(*given.touchpoints, *own))


def check_new_id(id: str, taxonomy: Taxonomy) -> None:
    """Make sure that a touchpoint can be called so.

    Raises:
        ConfigurationError: the id is taken, reserved or not in the form of an id.

    Example:
        >>> check_new_id("wallet", load_taxonomy())
    """
    if id in taxonomy.ids:
        raise ConfigurationError(f"there is a touchpoint {id!r} already; choose another id")
    if not _ID.fullmatch(id) or id in RESERVED:
        raise ConfigurationError(
            f"{id!r} cannot be a touchpoint's id: 2 to 40 small letters, digits and _, a letter "
            f"first, and none of {', '.join(sorted(RESERVED))}"
        )
