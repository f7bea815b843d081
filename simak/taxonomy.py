"""The touchpoints of the customer journey, their phases and the functions that own them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from simak.errors import ConfigurationError

PHASES = ("awareness", "transaction", "customer_service", "after_sales", "retention")
STAGES = ("before", "during", "after")
"""Of the purchase; what phases are rolled up to."""

DEFAULT_STAGES: Mapping[str, tuple[str, ...]] = {
    "before": ("awareness",),
    "during": ("transaction",),
    "after": ("customer_service", "after_sales", "retention"),
}
"""As in Lemon and Verhoef (2016), J. Marketing 80(6), 69–96: service requests, use and loyalty
come after the purchase."""

FUNCTIONS = ("marketing", "product", "sales", "operations", "logistics", "customer_service")
INTERFACE_LANGUAGES = ("id", "en")

DEFAULT_PATH = Path(__file__).with_name("taxonomy.toml")


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """One place where a customer meets the company.

    Attributes:
        id: as in the annotation guidelines, `delivery` for one.
        phase: one of `PHASES`.
        owner: one of `FUNCTIONS`.
        names, descriptions: interface language (`id`, `en`) to text.
    """

    id: str
    phase: str
    owner: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """An ordered set of touchpoints.

    Attributes:
        stages: each of `STAGES` to its phases; every phase stands in one.

    Example:
        >>> load_taxonomy()["delivery"].owner
        'logistics'
        >>> len(load_taxonomy())
        19
        >>> load_taxonomy().in_phases("after_sales", "retention")[:2]
        ('product_quality', 'returns_refunds')
    """

    touchpoints: tuple[Touchpoint, ...]
    stages: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: DEFAULT_STAGES)

    def __iter__(self) -> Iterator[Touchpoint]:
        return iter(self.touchpoints)

    def __len__(self) -> int:
        return len(self.touchpoints)

    def __getitem__(self, id: str) -> Touchpoint:
        for touchpoint in self.touchpoints:
            if touchpoint.id == id:
                return touchpoint
        raise KeyError(id)

    @property
    def ids(self) -> tuple[str, ...]:
        """The touchpoint ids in the file's order."""
        return tuple(touchpoint.id for touchpoint in self.touchpoints)

    def in_phases(self, *phases: str) -> tuple[str, ...]:
        """Return the ids of the touchpoints of some phases."""
        return tuple(one.id for one in self.touchpoints if one.phase in phases)

    def owned_by(self, function: str) -> tuple[str, ...]:
        """Return the ids of the touchpoints that a function owns."""
        return tuple(one.id for one in self.touchpoints if one.owner == function)


@cache
def load_taxonomy(path: Path = DEFAULT_PATH) -> Taxonomy:
    """Read a taxonomy file.

    Raises:
        ConfigurationError: the file cannot be read, a key is missing, a phase or owner is
            unknown, an id stands twice, or a phase not in one stage.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"the taxonomy cannot be read: {error}", path=path) from error
    entries = content.get("touchpoint", [])
    if not entries:
        raise ConfigurationError("no [[touchpoint]] in it", path=path)
    touchpoints = tuple(parse_touchpoint(entry, path) for entry in entries)
    ids = [touchpoint.id for touchpoint in touchpoints]
    twice = {id for id in ids if ids.count(id) > 1}
    if twice:
        raise ConfigurationError(f"touchpoint {sorted(twice)[0]!r} stands twice", path=path)
    stages = parse_stages(content["stages"], path) if "stages" in content else DEFAULT_STAGES
    return Taxonomy(touchpoints, stages)


def parse_stages(entry: object, path: Path) -> Mapping[str, tuple[str, ...]]:
    """Return the stages that a file's table describes.

    Args:
        entry: each of `STAGES` to a list of phases.
        path: the file, for the error.

    Raises:
        ConfigurationError: a stage or phase is unknown, or a phase stands in none or in two.
    """
    if not isinstance(entry, Mapping) or not all(isinstance(v, list) for v in entry.values()):
        raise ConfigurationError("[stages] needs a list of phases for each stage", path=path)
    for stage, phases in entry.items():
        for value, allowed in ((stage, STAGES), *((phase, PHASES) for phase in phases)):
            if value not in allowed:
                raise ConfigurationError(
                    f"[stages] has {value!r}, which is none of {', '.join(allowed)}", path=path
                )
    placed = [phase for phases in entry.values() for phase in phases]
    for phase in PHASES:
        if placed.count(phase) != 1:
            raise ConfigurationError(
                f"[stages]: phase {phase!r} stands in {placed.count(phase)} stages; put it in one",
                path=path,
            )
    return {stage: tuple(entry.get(stage, ())) for stage in STAGES}


def parse_touchpoint(entry: Mapping[str, object], path: Path) -> Touchpoint:
    """Return the touchpoint that an entry of a file describes.

    Args:
        entry: id, phase, owner, name and description, the last two by interface language.
        path: the file, for the error.

    Raises:
        ConfigurationError: a key is missing, or a phase or owner unknown.
    """
    id = str(entry.get("id", ""))
    where = f"touchpoint {id!r}"
    for key in ("id", "phase", "owner", "name", "description"):
        if not entry.get(key):
            raise ConfigurationError(f"{where} has no {key!r}", path=path)
    for key, allowed in (("phase", PHASES), ("owner", FUNCTIONS)):
        if entry[key] not in allowed:
            raise ConfigurationError(
                f"{where}: {key} = {entry[key]!r} is none of {', '.join(allowed)}", path=path
            )
    texts: dict[str, Mapping[str, str]] = {}
    for key in ("name", "description"):
        value = entry[key]
        if not isinstance(value, Mapping) or set(INTERFACE_LANGUAGES) - set(value):
            raise ConfigurationError(f"{where}: {key} needs both id and en", path=path)
        texts[key] = {language: str(text) for language, text in value.items()}
    return Touchpoint(
        id, str(entry["phase"]), str(entry["owner"]), texts["name"], texts["description"]
    )
