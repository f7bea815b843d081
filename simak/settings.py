"""Reads `simak.toml`: every wrong key or value is named with its line."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from simak import alert_settings
from simak.alert_settings import AlertRule, ChannelSettings
from simak.author_key import read_key
from simak.errors import ConfigurationError
from simak.hours import BusinessHours, parse_hours
from simak.label_map import LabelMap, parse_meaning
from simak.login import Login, read_login
from simak.relevance import Relevance, parse_query
from simak.secrets import is_reference, read_secret
from simak.source_settings import SourceSettings as SourceSettings
from simak.taxonomy import DEFAULT_PATH, INTERFACE_LANGUAGES, load_taxonomy

FILE_NAME = "simak.toml"
DEFAULT_STORE_URL = "sqlite:///data/simak.db"


@dataclass(frozen=True, slots=True)
class BrandSettings:
    """One `[[brand]]`: which texts of places that speak of everything are about it."""

    name: str
    relevance: Relevance
    line: int


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, with their defaults.

    Attributes:
        store_url: SQLAlchemy URL; relative SQLite paths are relative to the settings file.
        timezone: IANA name of the zone days are counted and shown in.
        language: the dashboard's first language, `id` or `en`.
        keep_raw: keep author names and unmasked texts.
        retention_days: for how long texts are kept; None for ever.
        model: a directory or Hugging Face id; None is the bundled model.
        labels: what the labels of a Hugging Face checkpoint stand for.
        threads: threads of the model; 0 takes all cores.
        taxonomy: path of the touchpoints' file.
        brands: what is asked of texts about a brand; one that is not here is asked nothing.
        business_hours: when somebody is there to answer, in `timezone`; None where not said.
        unanswered_after_days: a complaint without a reply for so long counts as unanswered.
        login: how members log in; None where nobody has to.
        alerts: what is told; a kind without a rule here has its default, `alerts.rules`.
        channels: where messages go.
        remind_after_hours: an alert that nobody has noted for so long is told again; 0 never.
        dashboard_url: where the dashboard is reached, for the links in messages; None: nowhere.
        path: the file they were read from; None where there was none.
    """

    store_url: str = DEFAULT_STORE_URL
    timezone: str = "Asia/Jakarta"
    language: str = "id"
    keep_raw: bool = False
    retention_days: int | None = None
    model: str | None = None
    labels: LabelMap = field(default_factory=dict)
    threads: int = 0
    taxonomy: Path = DEFAULT_PATH
    sources: tuple[SourceSettings, ...] = ()
    brands: tuple[BrandSettings, ...] = ()
    business_hours: BusinessHours | None = None
    unanswered_after_days: int = 3
    login: Login | None = None
    alerts: tuple[AlertRule, ...] = ()
    channels: tuple[ChannelSettings, ...] = ()
    remind_after_hours: int = 24
    dashboard_url: str | None = None
    path: Path | None = None
    folder: Path = field(default_factory=Path)

    @property
    def data(self) -> Path:
        """The folder beside the settings where everything of this installation is kept."""
        return self.folder / "data"

    def relevance(self, brand: str) -> Relevance | None:
        """Return what is asked of texts about `brand`; None where every text is taken."""
        return next((entry.relevance for entry in self.brands if entry.name == brand), None)

    def author_key(self) -> bytes:
        """Return the secret of the author hashes, made at first use.

        It is `SIMAK_AUTHOR_KEY` where that is set (several machines on one store need the same),
        else the file `author.key` in the data folder.

        Raises:
            ConfigurationError: the file can be neither read nor made, or is empty.
        """
        value = os.environ.get("SIMAK_AUTHOR_KEY")
        if value:
            return value.encode()
        return read_key(self.data / "author.key")


# section -> key -> (field of Settings, type)
_KEYS: dict[str, dict[str, tuple[str, type]]] = {
    "store": {"url": ("store_url", str)},
    "display": {"timezone": ("timezone", str), "language": ("language", str)},
    "privacy": {
        "keep_raw": ("keep_raw", bool),
        "retention_days": ("retention_days", int),
    },
    "model": {"path": ("model", str), "threads": ("threads", int), "labels": ("labels", dict)},
    "taxonomy": {"path": ("taxonomy", str)},
    "response": {
        "business_hours": ("business_hours", str),
        "unanswered_after_days": ("unanswered_after_days", int),
    },
    "alerts": {"remind_after_hours": ("remind_after_hours", int)},
    "dashboard": {"url": ("dashboard_url", str)},
}

_LISTS = ("brand", "source", "alert", "channel")

# The keys of a source that every type has.
_SHARED: dict[str, tuple[type, ...]] = {
    "enabled": (bool,),
    "own": (bool,),
    "max_items": (int,),
    "max_minutes": (int, float),
    "requests_per_minute": (int,),
    "retention_days": (int,),
}

_NAMES = {str: "str", bool: "bool", int: "int", dict: "table"}


def load_settings(path: Path | None = None) -> Settings:
    """Read the settings.

    Args:
        path: the file; None looks for `SIMAK_CONFIG`, then `simak.toml` here, then takes the
            defaults.

    Raises:
        ConfigurationError: the file is missing or no TOML, or a key or value is wrong; names
            file, line and key.
    """
    explicit = path or (Path(os.environ["SIMAK_CONFIG"]) if "SIMAK_CONFIG" in os.environ else None)
    path = explicit or Path(FILE_NAME)
    if explicit is None and not path.exists():
        return _with_environment(Settings())
    return _with_environment(parse_settings(read_text(path), path))


def read_text(path: Path) -> str:
    """Return what a settings file holds.

    Raises:
        ConfigurationError: it cannot be read.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:  # line ends as they are
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot be read: {error}", path=path) from error


def parse_settings(text: str, path: Path) -> Settings:
    """Return what the text of a settings file says.

    Args:
        path: where it stands or will stand; relative paths begin there.

    Raises:
        ConfigurationError: it is no TOML, or a key or value is wrong; names line and key.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise ConfigurationError(
            f"this is not TOML: {error}", path=path, line=int(line[1]) if line else None
        ) from error
    return _Reader(path, text).settings(content)


def _with_environment(settings: Settings) -> Settings:
    """`SIMAK_DB` names the store for every process that a command starts."""
    url = os.environ.get("SIMAK_DB")
    return replace(settings, store_url=url) if url else settings


class _Reader:
    """Turns parsed TOML into `Settings`; keeps the text to find the lines of errors."""

    def __init__(self, path: Path, text: str) -> None:
        self._path, self._lines = path, text.splitlines()

    def settings(self, content: Mapping[str, Any]) -> Settings:
        values: dict[str, Any] = {}
        for section, body in content.items():
            if section in _LISTS:
                values[f"{section}s"] = getattr(self, f"_{section}s")(body)
                continue
            if section == "login":
                values["login"] = read_login(
                    body, secret=partial(self._secret, after=0), fail=self._fail
                )
                continue
            if section not in _KEYS or not isinstance(body, Mapping):
                known = ", ".join(f"[{name}]" for name in _KEYS)
                self._fail(
                    f"{section!r} is not known; there are {known}, [login], "
                    + ", ".join(f"[[{name}]]" for name in _LISTS),
                    section,
                )
            for key, value in body.items():
                if key not in _KEYS[section]:
                    known = ", ".join(_KEYS[section])
                    self._fail(f"key {key!r} is not known in [{section}]; there is {known}", key)
                name, kind = _KEYS[section][key]
                if type(value) is not kind:
                    self._fail(f"{section}.{key} = {value!r} must be a {_NAMES[kind]}", key)
                values[name] = value
        return self._checked(values)

    def _checked(self, values: dict[str, Any]) -> Settings:
        folder = self._path.parent
        try:
            ZoneInfo(values.get("timezone", "UTC"))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._fail(
                f"display.timezone: there is no zone {values['timezone']!r}; write one such as "
                "Asia/Jakarta",
                "timezone",
            )
        if values.get("language", "id") not in INTERFACE_LANGUAGES:
            self._fail("display.language must be id or en", "language")
        if values.get("threads", 0) < 0:
            self._fail("model.threads must be 0 or more", "threads")
        if "taxonomy" in values:
            values["taxonomy"] = folder / values["taxonomy"]
            if not values["taxonomy"].exists():
                self._fail(f"taxonomy.path: there is no {values['taxonomy']}", "path")
        if "labels" in values:
            ids = load_taxonomy(values.get("taxonomy", DEFAULT_PATH)).ids
            values["labels"] = self._labels(values["labels"], ids)
        if values.get("retention_days", 1) < 1:
            self._fail("privacy.retention_days must be 1 or more", "retention_days")
        if values.get("unanswered_after_days", 1) < 1:
            self._fail("response.unanswered_after_days must be 1 or more", "unanswered_after_days")
        if "business_hours" in values:
            values["business_hours"] = self._hours(values["business_hours"])
        if not 0 <= values.get("remind_after_hours", 0) <= alert_settings.MOST_HOURS:
            self._fail(
                f"alerts.remind_after_hours must be 0 (never) to {alert_settings.MOST_HOURS}",
                "remind_after_hours",
            )
        alert_settings.check(values, self._path)
        if not values.get("dashboard_url", "https://").startswith(("https://", "http://")):
            self._fail("dashboard.url must begin with https:// or http://", "url")
        url = values.get("store_url", DEFAULT_STORE_URL)
        if url.startswith("sqlite:///") and not url.startswith(("sqlite:////", "sqlite:///file:")):
            values["store_url"] = f"sqlite:///{folder / url.removeprefix('sqlite:///')}"
        return Settings(**values, path=self._path, folder=folder)

    def _hours(self, text: str) -> BusinessHours:
        try:
            return parse_hours(text)
        except ConfigurationError as error:
            raise ConfigurationError(
                f"response.business_hours: {error}",
                path=self._path,
                line=self._line("business_hours"),
            ) from error

    def _labels(self, body: Mapping[str, Any], touchpoints: tuple[str, ...]) -> LabelMap:
        start = self._line("model.labels")
        labels = {}
        for label, value in body.items():
            try:
                labels[label] = parse_meaning(value, touchpoints)
            except ConfigurationError as error:
                # Without a section of their own they all stand in one line.
                line = self._line(label, start) or start if start else self._line("labels")
                raise ConfigurationError(
                    f"model.labels, {label!r}: {error}", path=self._path, line=line
                ) from error
        return labels

    def _sources(self, body: Any) -> tuple[SourceSettings, ...]:
        found: list[SourceSettings] = []
        for entry, line in self._entries("source", body, ("name", "type", "brand")):
            shared = {key: self._shared(entry, key, line) for key in _SHARED if key in entry}
            options, error = {}, None
            for key, value in entry.items():
                if key not in ("name", "type", "brand", *_SHARED):
                    try:
                        options[key] = self._secret(value, key, line)
                    except ConfigurationError as missing:
                        error = missing
            found.append(
                SourceSettings(
                    entry["name"], entry["type"], entry["brand"], options, line, **shared,
                    error=error,
                )
            )  # fmt: skip
        return tuple(found)

    def _shared(self, entry: Mapping[str, Any], key: str, line: int) -> Any:
        value, kinds = entry[key], _SHARED[key]
        right = type(value) in kinds and (isinstance(value, bool) or value > 0)
        if not right:
            what = "true or false" if bool in kinds else "a number above 0"
            self._fail(f"{key} = {value!r} must be {what}", key, line)
        return value

    def _brands(self, body: Any) -> tuple[BrandSettings, ...]:
        found = []
        for entry, line in self._entries("brand", body, ("name", "query")):
            context = entry.get("context", [])
            if not isinstance(context, list) or not all(isinstance(word, str) for word in context):
                self._fail("context must be a list of words", "context", line)
            for key in entry:
                if key not in ("name", "query", "context"):
                    self._fail(
                        f"key {key!r} is not known in [[brand]]; there is name, query, context",
                        key,
                        line,
                    )
            try:
                relevance = parse_query(entry["query"], context)
            except ConfigurationError as error:
                raise ConfigurationError(
                    f"brand {entry['name']!r}: {error}",
                    path=self._path,
                    line=self._line("query", line),
                ) from error
            found.append(BrandSettings(entry["name"], relevance, line))
        return tuple(found)

    def _alerts(self, body: Any) -> tuple[AlertRule, ...]:
        return alert_settings.alerts(self._entries("alert", body, ("name", "kind")), self._path)

    def _channels(self, body: Any) -> tuple[ChannelSettings, ...]:
        return alert_settings.channels(self._entries("channel", body, ("name", "url")), self._path)

    def _entries(
        self, section: str, body: Any, needed: tuple[str, ...]
    ) -> Iterator[tuple[Mapping[str, Any], int]]:
        """Yield each `[[section]]` with its line, the needed texts there and its name its own."""
        if not isinstance(body, list):
            self._fail(f"{section}s are written [[{section}]], with two brackets", section)
        sign = f"[[{section}]]"
        starts = [
            i for i, text in enumerate(self._lines, 1) if text.partition("#")[0].strip() == sign
        ]
        names: set[str] = set()
        for place, entry in enumerate(body):
            line = starts[place] if place < len(starts) else 1
            for key in needed:
                if not isinstance(entry.get(key), str) or not entry[key]:
                    raise ConfigurationError(
                        f"this {section} has no {key!r}", path=self._path, line=line
                    )
            if entry["name"] in names:
                raise ConfigurationError(
                    f"{section} name {entry['name']!r} stands twice", path=self._path, line=line
                )
            names.add(entry["name"])
            yield entry, line

    def _secret(self, value: Any, key: str, after: int) -> Any:
        if isinstance(value, list):
            return [self._secret(one, key, after) for one in value]
        if not is_reference(value):
            return value
        try:
            return read_secret(value)
        except LookupError as error:
            self._fail(f"{key}: {error}", key, after)

    def _fail(self, message: str, key: str, after: int = 0) -> Any:
        raise ConfigurationError(message, path=self._path, line=self._line(key, after))

    def _line(self, key: str, after: int = 0) -> int | None:
        """Return the number of the first line after `after` that begins with a key or section."""
        sign = re.compile(rf"^\s*(\[+\s*)?[\"']?{re.escape(key)}[\"']?\s*[=\].]")
        return next(
            (i for i, text in enumerate(self._lines, 1) if i > after and sign.match(text)), None
        )
