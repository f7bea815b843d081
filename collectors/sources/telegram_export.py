"""Chats that Telegram Desktop exported as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from collectors.exports import pages
from collectors.options import Options
from collectors.services.telegram.file import Chat, Export, export_file
from collectors.services.telegram.items import Survey, mention_of
from collectors.source import Context, Cursor, Facts, Page
from simak.errors import ConfigurationError
from simak.mention import RawMention
from simak.reasons import NOT_ABOUT


class TelegramExportSource:
    """Reads the `result.json` of an export, of one chat or of a whole account.

    Options:
        path: the file, or the folder that holds it.
        own_users: names or ids (`user123456`, as `from_id` has them) of those who write for the
            brand, one or a list; the owner of an account that was exported whole is one of them.
        chats: names or ids of the chats to read, one or a list; all of them where not given.

    Cursor: as `collectors.exports`.

    Example:
        >>> source = TelegramExportSource(
        ...     name="grup", brand="Kopi Senja",
        ...     options={"path": "ChatExport_2026-05-12", "own_users": "Admin Kopi Senja"},
        ... )
        >>> source.asks()
        'every message in ChatExport_2026-05-12'
    """

    source = "telegram_export"
    facts = Facts(
        title="Telegram: chats exported by Telegram Desktop (result.json)",
        replies=True,
        own=True,
        handles=(
            "Exports of one chat and of a whole account, of any length, a message at a time.",
            "A text of pieces (links, bold, mentions) is put together.",
            "The time is that in date_unixtime: the other one has no zone.",
            "Service messages, forwarded messages and media without words are counted and left "
            "out.",
            "In a forum the topic is kept, and is not taken for what is answered.",
            "What is written in the name of the group itself is its administrators'.",
            "What the brand's people write is the reply of the message that they answer; in a "
            "chat of two, of the last one before.",
            "A newer export of the same chat adds what is new and doubles nothing.",
            "A file that is damaged or cut short is refused before anything of it is stored.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        given = Options(name, options, ("path", "own_users", "chats"))
        self.name, self.brand = name, brand
        self._path = Path(given.text("path")).expanduser()
        self._own = frozenset(given.texts("own_users"))
        self._wanted = frozenset(given.texts("chats"))

    def asks(self) -> str:
        """Name the file or folder, and the chats where not all are read."""
        chats = f" of {', '.join(sorted(self._wanted))}" if self._wanted else ""
        return f"every message{chats} in {self._path.name}"

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield the messages of the file, which is read through once before.

        Raises:
            ConfigurationError: the file is missing, damaged or cut short, or a chat is not in it.
            SourceChanged: it is JSON of another kind.
        """
        path = export_file(self._path)
        export = Export(path)
        survey = Survey(self._own)
        total = 0
        for chat, message in export.messages():
            survey.note(chat, message, export.owner)
            total += 1
        own = self._own | ({export.owner} - {""})
        missing = self._wanted.difference(*(chat.names() for chat in export.chats.values()))
        if missing:
            raise ConfigurationError(
                f"there is no chat {min(missing)!r} in this export: check `chats`", path=path
            )

        def read(record: tuple[Chat, Any]) -> RawMention | str:
            chat, message = record
            if self._wanted and not self._wanted & chat.names():
                return NOT_ABOUT
            return mention_of(chat, message, own)

        for page in pages(cursor, path, export.messages(), total, read):
            yield page
            if context.probe:
                return
