"""The JSON that Telegram Desktop exports: of one chat, or of an account with all its chats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from collectors.json_stream import JsonStream, json_stream
from collectors.payload import text_in, value_in
from simak.errors import SourceChanged

FILE_NAME = "result.json"

_OF_TWO = frozenset({"personal_chat", "bot_chat"})
_ACCOUNT = ("chats", "left_chats")
"""Parts of an account's export; each holds a `list` of chats."""


@dataclass(slots=True)
class Chat:
    """What an export says of a chat; filled while the file is read.

    Attributes:
        about: name, type, id and the like.
        topics: of a forum, the title by the id of the message that opened the topic.
        topic_of: by message, the one that opened the topic it is in.
        replies: by message, what the brand answered first.
    """

    about: dict[str, Any] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    topic_of: dict[int, int] = field(default_factory=dict)
    replies: dict[int, tuple[str, datetime | None]] = field(default_factory=dict)

    @property
    def is_of_two(self) -> bool:
        """One person and the account that was exported, or a bot."""
        return text_in(self.about, "type") in _OF_TWO

    def names(self) -> set[str]:
        """By what a chat may be called in the settings."""
        return {text_in(self.about, "name"), str(value_in(self.about, "id"))} - {"", "None"}


def export_file(path: Path) -> Path:
    """Return the export in a folder, or the file that `path` is."""
    return path / FILE_NAME if path.is_dir() else path


class Export:
    """An export of Telegram Desktop, of which no more than a message is held at a time.

    Attributes:
        chats: by their place in the file; the same objects when the file is read again.
        owner: the `from_id` of the account that was exported whole, else "".

    Both are filled as the file is read: Telegram writes them before the messages.

    Example:
        >>> export = Export(Path("result.json"))
        >>> for chat, message in export.messages():  # doctest: +SKIP
        ...     print(message["text"])
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.chats: dict[tuple[str, int], Chat] = {}
        self.owner = ""

    def messages(self) -> Iterator[tuple[Chat, Any]]:
        """Yield each message with its chat, in the order of the file.

        Raises:
            ConfigurationError: the file is damaged.
            SourceChanged: it is JSON of another kind, or a list that must be there is not.
        """
        with json_stream(self._path) as stream:
            self._want(stream, "{", "an object at its beginning")
            found = False
            alone = self.chats.get(("", 0), Chat())
            for key in stream.members():
                if key == "messages":
                    found = True
                    self.chats["", 0] = alone
                    yield from self._messages(stream, alone)
                elif key in _ACCOUNT:
                    found = True
                    yield from self._account(stream, key)
                elif key == "personal_information":
                    user = value_in(stream.value(), "user_id")
                    self.owner = f"user{user}" if isinstance(user, int) else ""
                else:
                    alone.about[key] = stream.value()
            stream.end()
        if not found:
            raise self._unknown("`messages` or `chats`")

    def _account(self, stream: JsonStream, part: str) -> Iterator[tuple[Chat, Any]]:
        self._want(stream, "{", f"an object {part!r}")
        found = False
        for key in stream.members():
            if key != "list":
                stream.value()
                continue
            found = True
            self._want(stream, "[", f"a list in {part!r}")
            for place, _ in enumerate(stream.elements()):
                chat = self.chats.setdefault((part, place), Chat())
                yield from self._chat(stream, chat)
        if not found:
            raise self._unknown(f"a list in {part!r}")

    def _chat(self, stream: JsonStream, chat: Chat) -> Iterator[tuple[Chat, Any]]:
        self._want(stream, "{", "an object for each chat")
        found = False
        for key in stream.members():
            if key == "messages":
                found = True
                yield from self._messages(stream, chat)
            else:
                chat.about[key] = stream.value()
        if not found:
            raise self._unknown("the messages of each chat")

    def _messages(self, stream: JsonStream, chat: Chat) -> Iterator[tuple[Chat, Any]]:
        self._want(stream, "[", "a list of messages")
        for _ in stream.elements():
            yield chat, stream.value()

    def _want(self, stream: JsonStream, opening: str, what: str) -> None:
        found = stream.peek()
        # Half a file and a web page are told apart from JSON of another shape further on.
        if found and found in '{["-0123456789tfn' and found != opening:
            raise self._unknown(what)

    def _unknown(self, what: str) -> SourceChanged:
        return SourceChanged(
            f"{self._path} is no export of Telegram Desktop as known here, for it lacks {what}: "
            "export the chat in the format JSON"
        )
