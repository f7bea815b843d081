"""Edits `simak.toml`: one key, brand or source at a time; comments, order and the rest are kept.

What is written has passed `simak.settings`. A file that has changed since it was read is left
alone, and a secret is only ever written as `env:NAME` or `keyring:NAME`.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

import tomlkit
from tomlkit.container import Container
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from simak.errors import ConfigurationError
from simak.secrets import is_reference
from simak.settings import FILE_NAME, Settings, parse_settings, read_text

_SECRET_KEY = re.compile(r"(token|secret|password|(^|_)key)$")
_SAVING = Lock()
_MARK = "simak_ends_here"

Value = str | bool | int | float | Sequence[str]


class FileChanged(ConfigurationError):
    """Somebody else has changed the file since it was read: read it again."""


def is_secret(key: str) -> bool:
    """Whether a key of a source holds a secret.

    Example:
        >>> is_secret("client_secret"), is_secret("key_file")
        (True, False)
    """
    return _SECRET_KEY.search(key) is not None


def path_of(settings: Settings) -> Path:
    """Return the file that the settings are from; the one to make here where there is none."""
    return settings.path or Path(FILE_NAME)


def changed_keys(before: str, after: str) -> list[str]:
    """Return which keys differ between two texts of a settings file; never what they hold.

    Example:
        >>> changed_keys("display.language = 'id'", "display.language = 'en'")
        ['display.language']
        >>> changed_keys("", "brand = [{name = 'Kopi', query = 'kopi'}]")
        ['brand Kopi.name', 'brand Kopi.query']
    """
    old, new = (dict(_flat(tomllib.loads(text))) for text in (before, after))
    return sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))


def _flat(content: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in content.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, list) and all(isinstance(one, Mapping) for one in value) and value:
            for one in value:
                yield from _flat(one, f"{prefix}{key} {one.get('name', '')}.")
        else:
            yield f"{prefix}{key}", value


class SettingsFile:
    """What a settings file holds, to be changed and saved.

    Attributes:
        path: where it stands, or will stand.
        text: the file as it would be written.
        stamp: tells one state of the file from another; "" where there is no file.

    Raises:
        ConfigurationError: it cannot be read, or is no TOML.

    Example:
        >>> file = SettingsFile(Path("nowhere/simak.toml"))
        >>> file.put_brand("Kopi Senja", "kopi AND senja")
        >>> print(file.text, end="")
        [[brand]]
        name = "Kopi Senja"
        query = "kopi AND senja"
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stamp = _stamp(path)
        self.text = read_text(path) if path.exists() else ""
        parse_settings(self.text, path)

    def entries(self, section: str) -> list[dict[str, Any]]:
        """Return every `[[section]]` as it is written: references to the environment unfilled."""
        return list(tomllib.loads(self.text).get(section, []))

    def get(self, section: str, key: str) -> Any:
        """Return what `[section] key` is; None where it is not written."""
        return tomllib.loads(self.text).get(section, {}).get(key)

    def put(self, section: str, key: str, value: Value | None) -> None:
        """Set `[section] key`; None takes it out, so that its default holds.

        Raises:
            ConfigurationError: the file is written in a way that is not edited here.
        """
        old = self.get(section, key)
        if old == value and type(old) is type(value):
            return
        content = tomllib.loads(self.text)
        if value is None:
            del content[section][key]
        else:
            content.setdefault(section, {})[key] = value
        if section in tomllib.loads(self.text):
            self._edit(lambda document: _set(document[section], key, value), content)
        else:
            self._take(_joined(self.text, _written(f"[{section}]", {key: value})), content)

    def put_brand(self, name: str, query: str, context: Sequence[str] = ()) -> None:
        """Set what is asked of texts about a brand; makes the brand where there is none."""
        if any(entry["name"] == name for entry in self.entries("brand")):
            self._put("brand", name, "query", query)
            self._put("brand", name, "context", list(context) or None)
        else:
            more = {"context": list(context)} if context else {}
            self._add("brand", {"name": name, "query": query, **more})

    def add_source(self, name: str, type: str, brand: str, options: Mapping[str, Value]) -> None:
        """Add a `[[source]]`.

        Raises:
            ConfigurationError: there is one of this name, or a secret is written out.
        """
        if any(entry["name"] == name for entry in self.entries("source")):
            raise ConfigurationError(
                f"there is a source {name!r} already; choose another name", path=self.path
            )
        for key, value in options.items():
            self._check_secret(key, value)
        self._add("source", {"name": name, "type": type, "brand": brand, **options})

    def add(self, section: str, values: Mapping[str, Value]) -> None:
        """Add an `[[alert]]` or a `[[channel]]`.

        Raises:
            ConfigurationError: there is one of this name.
        """
        name = values["name"]
        if any(entry["name"] == name for entry in self.entries(section)):
            raise ConfigurationError(
                f"there is an entry {name!r} in [[{section}]] already; choose another name",
                path=self.path,
            )
        self._add(section, values)

    def put_source(self, name: str, key: str, value: Value | None) -> None:
        """Set a key of a source; None takes it out, so that its default holds.

        Raises:
            ConfigurationError: there is no such source, or a secret is written out.
        """
        if value is not None:
            self._check_secret(key, value)
        self._put("source", name, key, value)

    def remove(self, section: str, name: str) -> None:
        """Take a `[[brand]]`, `[[source]]` … out, with the remarks that stand among its keys.

        Raises:
            ConfigurationError: there is none of this name.
        """
        place = self._place(section, name)
        content = tomllib.loads(self.text)
        del content[section][place]
        if not content[section]:
            del content[section]
        start, end = self._span(section, place)
        rest = self.text[end:].lstrip("\r\n") if not self.text[:start].strip() else self.text[end:]
        self._take(self.text[:start].rstrip("\n") + ("\n" if start else "") + rest, content)

    def save(self, stamp: str | None = None) -> Settings:
        """Check the file as it stands now and write it, whole or not at all.

        Args:
            stamp: of the file that the change was made upon; None is the one that was read.

        Returns:
            The settings that hold now, without what the environment says.

        Raises:
            FileChanged: the file is another one than that.
            ConfigurationError: a key or value is wrong (names it, with its line in the file as it
                would be), or the file cannot be written.
        """
        found = parse_settings(self.text, self.path)
        with _SAVING:
            if _stamp(self.path) != (self.stamp if stamp is None else stamp):
                raise FileChanged(
                    "the file has changed since: look at it again, then make your change once more",
                    path=self.path,
                )
            _write(self.path, self.text)
            self.stamp = _stamp(self.path)
        return found

    def _put(self, section: str, name: str, key: str, value: Value | None) -> None:
        place = self._place(section, name)
        content = tomllib.loads(self.text)
        entry = content[section][place]
        if entry.get(key) == value and type(entry.get(key)) is type(value):
            return  # as it is written: '…' stays '…'
        if value is None:
            del entry[key]
        else:
            entry[key] = value
        self._edit(lambda document: _set(document[section][place], key, value), content)

    def _add(self, section: str, values: Mapping[str, Value]) -> None:
        content = tomllib.loads(self.text)
        content.setdefault(section, []).append(dict(values))
        block = _written(f"[[{section}]]", values)
        n = len(content[section]) - 1
        if not n:
            self._take(_joined(self.text, block), content)
            return
        # Behind the last one, before what is said there of the next section.
        _start, end = self._span(section, n - 1)
        self._take(_joined(self.text[:end], block) + self.text[end:], content)

    def _place(self, section: str, name: str) -> int:
        names = [entry["name"] for entry in self.entries(section)]
        if name not in names:
            raise ConfigurationError(f"there is no {section} {name!r}", path=self.path)
        return names.index(name)

    def _span(self, section: str, place: int) -> tuple[int, int]:
        """Return where an entry begins and ends in the text, remarks just below its keys too."""
        document = self._parsed()
        _set(document[section][place], _MARK, 1)
        marked = tomlkit.dumps(document)
        end = re.search(rf"^[ \t]*{_MARK} = 1\r?\n?", marked, re.MULTILINE)
        heads = [
            *re.finditer(
                rf"^[ \t]*\[\[[ \t]*{section}[ \t]*\]\]",
                marked[: end.start() if end else 0],
                re.MULTILINE,
            )
        ]
        if end is None or not heads:
            raise self._by_hand()
        remarks = re.match(r"([ \t]*#[^\n]*\n)*", marked[end.end() :])
        return heads[-1].start(), end.start() + (remarks.end() if remarks else 0)

    def _edit(self, change: Callable[[Any], None], content: Mapping[str, Any]) -> None:
        document = self._parsed()
        change(document)
        self._take(tomlkit.dumps(document), content)

    def _parsed(self) -> Any:
        try:
            return tomlkit.parse(self.text)
        except TOMLKitError as error:
            raise self._by_hand() from error

    def _take(self, text: str, content: Mapping[str, Any]) -> None:
        """Take a new text, if it says just what it should."""
        try:
            if tomllib.loads(text) != content:
                raise self._by_hand()
        except tomllib.TOMLDecodeError as error:
            raise self._by_hand() from error
        self.text = text

    def _by_hand(self) -> ConfigurationError:
        return ConfigurationError(
            "it is written in a way that cannot be edited here: change it in an editor",
            path=self.path,
        )

    def _check_secret(self, key: str, value: Value) -> None:
        if is_secret(key) and not is_reference(value):
            raise ConfigurationError(
                f"{key} is a secret, which does not stand in the file: put it into a variable of "
                f'the environment and write {key} = "env:NAME", or into the keyring and write '
                f'{key} = "keyring:NAME"',
                path=self.path,
            )


def _set(table: Any, key: str, value: Value | None) -> None:
    """Set or remove a key; a new one comes after the last, before what is said of what follows."""
    if value is None:
        table.remove(key)
    elif key in table or not isinstance(table, Table):
        table[key] = value
    else:
        container: Container = table.value
        before = [
            name
            for name, item in container.body
            if name is not None and not isinstance(item, (Table, AoT))
        ]
        if before:
            container._insert_after(before[-1], key, value)
        elif container.body:
            container._insert_at(0, key, value)
        else:
            table[key] = value


def _written(head: str, values: Mapping[str, Value | None]) -> str:
    table = tomlkit.table()
    for key, value in values.items():
        table.add(key, value)
    return f"{head}\n{table.as_string()}"


def _joined(text: str, block: str) -> str:
    if not text.strip():
        return text + block
    return text + ("" if text.endswith("\n") else "\n") + "\n" + block


def _stamp(path: Path) -> str:
    try:
        return hashlib.blake2b(path.read_bytes(), digest_size=12).hexdigest()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error}", path=path) from error


def _write(path: Path, text: str) -> None:
    """Write beside the file and rename: nobody ever reads half of it."""
    target = path.resolve()  # of a link, what it points to
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise ConfigurationError(f"cannot be written: {error}", path=path) from error
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o600
        beside.chmod(mode)
        beside.replace(target)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise ConfigurationError(f"cannot be written: {error}", path=path) from error
