"""Reads the options of one source: every wrong one is named, with what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from collectors.http import is_address
from simak.errors import ConfigurationError


class Options:
    """The options of a source, asked for one by one.

    Raises:
        ConfigurationError: an option is there that is not in `known`.

    Example:
        >>> Options("berita", {"url": "https://example.org/feed"}, ("url",)).addresses("url")
        ['https://example.org/feed']
    """

    def __init__(self, name: str, options: Mapping[str, Any], known: Iterable[str]) -> None:
        self._name, self._options = name, options
        known = tuple(known)
        for key in options:
            if key not in known:
                raise ConfigurationError(
                    f"source {name!r}: option {key!r} is not known; there are {', '.join(known)}"
                )

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without a default it must be there.

        Raises:
            ConfigurationError: it is missing or no text.
        """
        value = self._options.get(key, default)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(key, "must be a text")
        return value.strip()

    def token(self, key: str) -> str:
        """Return a key or token, which goes into a header: letters, digits and signs alone.

        Raises:
            ConfigurationError: it is missing, or was not copied as it is.
        """
        value = self.text(key)
        if not (value.isascii() and value.isprintable()) or " " in value:
            raise self._wrong(
                key,
                "holds a blank, a line break or a letter that none has: copy it alone and whole",
            )
        return value

    def texts(self, key: str) -> list[str]:
        """Return a list of texts; one text alone is a list of one, none is an empty list.

        Raises:
            ConfigurationError: it is neither.
        """
        value = self._options.get(key, [])
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(
            isinstance(v, str) and v.strip() for v in values
        ):
            raise self._wrong(key, "must be a text or a list of texts, each in quotes")
        return list(dict.fromkeys(text.strip() for text in values))

    def table(self, key: str) -> dict[str, str]:
        """Return a table of texts; none is an empty table.

        Raises:
            ConfigurationError: it is no table, or one of its values is no text.
        """
        value = self._options.get(key, {})
        if not isinstance(value, Mapping) or not all(isinstance(v, str) for v in value.values()):
            raise self._wrong(key, 'must be a table of texts, such as { name = "text" }')
        return {name: text.strip() for name, text in value.items()}

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false.

        Raises:
            ConfigurationError: it is something else.
        """
        value = self._options.get(key, default)
        if not isinstance(value, bool):
            raise self._wrong(key, "must be true or false")
        return value

    def whole(self, key: str, default: int) -> int:
        """Return a whole number, one or more.

        Raises:
            ConfigurationError: it is something else.
        """
        value = self._options.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self._wrong(key, "must be a whole number, 1 or more")
        return value

    def addresses(self, key: str) -> list[str]:
        """Return a list of http(s) addresses, as `texts`.

        Raises:
            ConfigurationError: one is no address.
        """
        values = self.texts(key)
        for value in values:
            if not is_address(value):
                raise self._wrong(key, "must be an address that starts with https://")
        return values

    def address(self, key: str, default: str | None = None) -> str:
        """Return one http(s) address, without a slash at its end; there must be one or a default.

        Raises:
            ConfigurationError: it is missing, none or more than one.
        """
        values = self.addresses(key) or ([] if default is None else [default])
        if len(values) != 1:
            raise self._wrong(key, "must be one address")
        return values[0].rstrip("/")

    def _wrong(self, key: str, what: str) -> ConfigurationError:
        # The value is not shown: it may be a secret.
        missing = "" if key in self._options else " (it is missing)"
        return ConfigurationError(f"source {self._name!r}: option {key!r} {what}{missing}")
