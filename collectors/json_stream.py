"""Reads JSON files of any size piece by piece, where only one list in them is long."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from simak.errors import ConfigurationError

CHUNK = 1 << 20
"""Characters read at once."""

MAX_VALUE = 32 << 20
"""Characters that one value may have which is read whole: a message has a few thousand."""

_BLANK = " \t\r\n"
_AFTER_A_VALUE = frozenset(",:]}" + _BLANK)


class JsonStream:
    """A JSON document that is walked through, never held whole.

    Whoever walks takes each value with `members`, `elements` or `value`, in turn.

    Raises:
        ConfigurationError: the file is not whole JSON; names it.

    Example:
        >>> from io import StringIO
        >>> stream = JsonStream(StringIO('{"id": 1, "list": [10, 20]}'), Path("a.json"))
        >>> for key in stream.members():
        ...     if key == "list":
        ...         print([stream.value() for _ in stream.elements()])
        ...     else:
        ...         print(key, stream.value())
        id 1
        [10, 20]
    """

    def __init__(self, file: TextIO, path: Path) -> None:
        self._file, self._path = file, path
        self._decode = json.JSONDecoder().raw_decode
        self._buffer, self._at, self._ended = "", 0, False

    def peek(self) -> str:
        """Return the first character of what comes next; "" at the end."""
        while True:
            while self._at < len(self._buffer):
                if self._buffer[self._at] not in _BLANK:
                    return self._buffer[self._at]
                self._at += 1
            if not self._read_on():
                return ""

    def members(self) -> Iterator[str]:
        """Walk through an object: yield each key, after which its value is to be taken."""
        self._take("{")
        if self.peek() == "}":
            self._at += 1
            return
        while True:
            key = self.value()
            if not isinstance(key, str):
                raise self._damaged()
            self._take(":")
            yield key
            if self._take(",}") == "}":
                return

    def elements(self) -> Iterator[None]:
        """Walk through a list: yield before each element, which is then to be taken."""
        self._take("[")
        if self.peek() == "]":
            self._at += 1
            return
        while True:
            yield
            if self._take(",]") == "]":
                return

    def value(self) -> Any:
        """Read the next value whole."""
        self.peek()
        while True:
            try:
                value, end = self._decode(self._buffer, self._at)
            except RecursionError as error:
                raise self._damaged() from error
            except ValueError:
                end = -1
            # A number at the buffer's end may go on behind it.
            if 0 <= end < len(self._buffer) and self._buffer[end] in _AFTER_A_VALUE:
                self._at = end
                return value
            if len(self._buffer) - self._at > MAX_VALUE or not self._read_on():
                if end == len(self._buffer):
                    self._at = end
                    return value
                raise self._damaged()

    def end(self) -> None:
        """Make sure that nothing follows."""
        if self.peek():
            raise self._damaged()

    def _take(self, wanted: str) -> str:
        found = self.peek()
        if not found or found not in wanted:
            raise self._damaged()
        self._at += 1
        return found

    def _read_on(self) -> bool:
        if self._ended:
            return False
        # Doubles what is held, so that one long value is not looked at a thousand times.
        more = self._file.read(max(CHUNK, len(self._buffer) - self._at))
        self._ended = not more
        self._buffer, self._at = self._buffer[self._at :] + more, 0
        return bool(more)

    def _damaged(self) -> ConfigurationError:
        return ConfigurationError(
            "this file is damaged, ends in the middle or is no JSON: export it again and let it "
            "finish",
            path=self._path,
        )


@contextmanager
def json_stream(path: Path) -> Iterator[JsonStream]:
    """Open a JSON file.

    Raises:
        ConfigurationError: it is not there, cannot be read or is no text.

    Example:
        >>> with json_stream(Path("result.json")) as stream:  # doctest: +SKIP
        ...     list(stream.members())
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            yield JsonStream(file, path)
    except FileNotFoundError as error:
        raise ConfigurationError("there is no such file: check `path`", path=path) from error
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", path=path) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            "this file is no JSON, or is damaged: export it again", path=path
        ) from error
