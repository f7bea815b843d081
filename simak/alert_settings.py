"""Which alerts there are and where they go: `[[alert]]` and `[[channel]]` of the settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from simak.errors import ConfigurationError
from simak.quiet import QuietHours, parse_quiet
from simak.secrets import is_reference, read_secret

Kind = Literal["spike", "shift", "threshold", "promise", "silent", "budget"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Metric = Literal["complaint_rate", "negative_rate", "complaint_share"]
METRICS: tuple[Metric, ...] = get_args(Metric)

Digest = Literal["daily", "weekly"]
DIGESTS: tuple[Digest, ...] = get_args(Digest)

COOLDOWN: Mapping[Kind, int] = {
    "spike": 3,
    "shift": 14,
    "threshold": 7,
    "promise": 7,
    "silent": 2,
    "budget": 7,
}
"""Days, where a rule does not say them."""

MOST_HOURS = 720
"""Until an alert that nobody has noted is told again: a month."""

_MENTIONS = ("touchpoint", "said_on", "language")
_OWN: Mapping[Kind, tuple[str, ...]] = {
    "spike": (*_MENTIONS, "minimum"),
    "shift": (*_MENTIONS, "minimum"),
    "threshold": (*_MENTIONS, "metric", "above", "minimum", "days"),
    "promise": ("touchpoint", "said_on", "language", "minimum", "days"),
    "silent": ("source", "days"),
    "budget": ("source", "below"),
}
"""The keys of a kind, beside those that every rule may have."""

_EVERY = ("name", "kind", "brand", "enabled", "cooldown", "quiet", "digest", "channels")

_TEXTS = ("brand", "touchpoint", "said_on", "language", "source")


@dataclass(frozen=True, slots=True)
class AlertRule:
    """One `[[alert]]`: what is told, and where to.

    Attributes:
        brand, touchpoint, said_on, language, source: what it is of; None is all.
        metric, above: of a threshold: which share, and what its lower end must lie above.
        minimum: cases below which nothing is told; None leaves it to the kind.
        days: the days that are looked at, or without a success; None leaves it to the kind.
        below: of a budget: the part left at which it is told.
        cooldown: what begins within so many days after the same was told belongs to it.
        quiet: when no message goes.
        digest: gathered into one message; None sends each at once.
        channels: where to; None is all there are, () the dashboard alone.
        line: where it stands in the file; None for a rule that holds by default.
    """

    name: str
    kind: Kind
    brand: str | None = None
    touchpoint: str | None = None
    said_on: str | None = None
    language: str | None = None
    source: str | None = None
    metric: Metric = "complaint_rate"
    above: float = 1.0
    minimum: int | None = None
    days: int | None = None
    below: float = 0.1
    cooldown: int = 0
    quiet: QuietHours | None = None
    digest: Digest | None = None
    channels: tuple[str, ...] | None = None
    enabled: bool = True
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """One `[[channel]]`: where messages go.

    Attributes:
        reference: to its apprise address, `simak.secrets`. The address is a secret: it is read when
            a message goes and kept nowhere.
    """

    name: str
    reference: str
    line: int

    def address(self) -> str:
        """Return the address.

        Raises:
            ConfigurationError: it is not where it should be.
        """
        try:
            found = read_secret(self.reference).strip()
        except LookupError as error:
            raise ConfigurationError(f"channel {self.name!r}: {error}") from None
        if not found:
            raise ConfigurationError(f"channel {self.name!r}: {self.reference} is empty")
        return found


Entries = Iterable[tuple[Mapping[str, Any], int]]


def channels(entries: Entries, path: Path) -> tuple[ChannelSettings, ...]:
    """Read every `[[channel]]`, given with its line.

    Raises:
        ConfigurationError: a key is wrong; names it and its line.
    """
    found = []
    for entry, line in entries:
        _known(entry, ("name", "url"), "[[channel]]", path, line)
        if not is_reference(entry["url"]):  # it is not repeated: it may be the secret itself
            raise ConfigurationError(
                f"channel {entry['name']!r}: its address is a secret, which does not stand in the "
                'file: put it into a variable of the environment and write url = "env:NAME", or '
                'into the keyring and write url = "keyring:NAME"',
                path=path,
                line=line,
            )
        found.append(ChannelSettings(entry["name"], entry["url"], line))
    return tuple(found)


def alerts(entries: Entries, path: Path) -> tuple[AlertRule, ...]:
    """Read every `[[alert]]`, given with its line.

    Raises:
        ConfigurationError: a key or value is wrong; names it and its line.
    """
    return tuple(_rule(entry, path, line) for entry, line in entries)


def check(values: Mapping[str, Any], path: Path) -> None:
    """Hold the channels that rules name to those there are.

    Args:
        values: fields of `simak.settings.Settings`, as far as they are set.

    Raises:
        ConfigurationError: there is none of a name.
    """
    there = [channel.name for channel in values.get("channels", ())]
    for rule in values.get("alerts", ()):
        for name in rule.channels or ():
            if name not in there:
                raise ConfigurationError(
                    f"alert {rule.name!r}: there is no [[channel]] {name!r}; there is "
                    + (", ".join(there) or "none"),
                    path=path,
                    line=rule.line,
                )


def _rule(entry: Mapping[str, Any], path: Path, line: int) -> AlertRule:
    def fail(message: str) -> ConfigurationError:
        return ConfigurationError(f"alert {entry['name']!r}: {message}", path=path, line=line)

    kind: Kind = entry["kind"]
    if kind not in KINDS:
        raise fail(f"kind = {kind!r} is none of {', '.join(KINDS)}")
    _known(entry, (*_EVERY, *_OWN[kind]), f'[[alert]] of kind "{kind}"', path, line)
    values: dict[str, Any] = {**entry, "line": line}
    for key in _TEXTS:
        if key in entry and (not isinstance(entry[key], str) or not entry[key]):
            raise fail(f"{key} must be a text")
    for key, least in (("minimum", 1), ("days", 1), ("cooldown", 0)):
        if key in entry and (type(entry[key]) is not int or entry[key] < least):
            raise fail(f"{key} = {entry[key]!r} must be a whole number of {least} or more")
    for key in ("above", "below"):
        if key in entry and not (type(entry[key]) in (int, float) and 0 < entry[key] < 1):
            raise fail(f"{key} = {entry[key]!r} must be a share between 0 and 1, such as 0.25")
    for key, allowed in (("metric", METRICS), ("digest", DIGESTS)):
        if key in entry and entry[key] not in allowed:
            raise fail(f"{key} = {entry[key]!r} is none of {', '.join(allowed)}")
    if not isinstance(entry.get("enabled", True), bool):
        raise fail("enabled must be true or false")
    if kind == "threshold" and "above" not in entry:
        raise fail("a threshold needs above = …, a share such as 0.25")
    if entry.get("metric") == "complaint_share" and "touchpoint" not in entry:
        raise fail("complaint_share is of a touchpoint: name it with touchpoint = …")
    if "channels" in entry:
        names = entry["channels"]
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise fail("channels must be a list of names of [[channel]]s")
        values["channels"] = tuple(dict.fromkeys(names))
    if "quiet" in entry:
        try:
            values["quiet"] = parse_quiet(str(entry["quiet"]))
        except ConfigurationError as error:
            raise fail(str(error)) from error
    values.setdefault("cooldown", COOLDOWN[kind])
    return AlertRule(**values)


def _known(
    entry: Mapping[str, Any], keys: Iterable[str], where: str, path: Path, line: int
) -> None:
    for key in entry:
        if key not in keys:
            raise ConfigurationError(
                f"key {key!r} is not known in {where}; there is {', '.join(keys)}",
                path=path,
                line=line,
            )
