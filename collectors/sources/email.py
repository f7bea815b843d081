"""A support mailbox, over IMAP."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from collectors.options import Options
from collectors.payload import read_all
from collectors.places import State, Step, walk
from collectors.services.mail.items import Mail, Own, answered, mention_of, message_id, reply_of
from collectors.services.mail.mailbox import MAX_WHOLE, PORTS, Mailbox
from collectors.source import Context, Cursor, Facts, Page
from simak.errors import ConfigurationError
from simak.mention import RawMention
from simak.reasons import NO_TEXT, NO_WORDS, NOT_A_CUSTOMER

PAGE_MAILS = 100


class EmailSource:
    """Reads what customers wrote to a mailbox, and leaves it as it is: nothing is marked as seen.

    Options:
        host, port: of the IMAP server; the port is that of `security` where not given.
        security: `tls` (where not given), `starttls`, or `none` for a server on the same machine.
        user, password: of the mailbox.
        folder: one or a list; `INBOX` where not given.
        sent: folders of what the brand sent, one or a list; what is in them is the reply of the
            mail it answers. None where not given.
        own_addresses: addresses and domains of the brand, one or a list, beside `user`: mails
            from them are not a customer's.

    Cursor: as `walk`, for each folder its UIDVALIDITY (`validity`) and the number of the last
    mail that was read (`uid`).

    Example:
        >>> source = EmailSource(
        ...     name="cs", brand="Kopi Senja",
        ...     options={"host": "imap.example.org", "user": "cs", "password": "secret"},
        ... )
        >>> source.asks()
        'new mails in INBOX at imap.example.org'
    """

    source = "email"
    facts = Facts(
        title="A support mailbox over IMAP",
        keys="login",
        edits=False,
        replies=True,
        own=True,
        handles=(
            "Quoted mails, signatures and what phones add are taken off, in Indonesian and "
            "English.",
            "HTML alone becomes text, charsets that are missing or wrong are found out, pictures "
            "and files are not fetched.",
            "Automatic answers, bounces, newsletters and mails of the brand's own are counted "
            "and left out.",
            "A mailbox that is a group of the brand's is no mailing list.",
            "The first answer in the folders of sent mail is the reply of the mail it answers.",
            "A mail is known by its Message-ID, in whichever folder; without one by what it says.",
            "A folder that the server numbers anew is read again, and nothing is doubled.",
            "Folders are only looked into: nothing is marked as seen, moved or deleted.",
            "A server that hangs, or drips, is left after a while.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        given = Options(
            name,
            options,
            ("host", "port", "security", "user", "password", "folder", "sent", "own_addresses"),
        )
        self.name, self.brand = name, brand
        self._host = given.text("host")
        security = given.text("security", "tls")
        if security not in PORTS:
            raise ConfigurationError(
                f"source {name!r}: option 'security' must be one of {', '.join(PORTS)}"
            )
        port = options.get("port", PORTS[security])
        if isinstance(port, bool) or not isinstance(port, int) or not 0 < port < 65_536:
            raise ConfigurationError(f"source {name!r}: option 'port' must be a number")
        user = given.text("user")
        self._box = partial(Mailbox, self._host, port, security, user, given.text("password"))
        self._folders = given.texts("folder") or ["INBOX"]
        self._sent = given.texts("sent")
        self._own = Own([*given.texts("own_addresses"), *([user] if "@" in user else [])])

    def asks(self) -> str:
        """Say which folders of which server; neither user nor password."""
        return f"new mails in {', '.join([*self._folders, *self._sent])} at {self._host}"

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield the mails of each folder, the oldest first, then the answers to them.

        Raises:
            AccessDenied, ConfigurationError, RetryLater, SourceChanged: as `Mailbox`.
        """
        with self._box() as box:
            reader = _Reader(box, self._own, self._folders, self._sent, context.now())
            folders = {folder: partial(reader.folder, folder) for folder in self._folders}
            sent = {f"sent: {folder}": partial(reader.sent, folder) for folder in self._sent}
            yield from walk(cursor, context, {**folders, **sent})


class _Reader:
    """Reads the folders of an open mailbox."""

    def __init__(
        self, box: Mailbox, own: Own, folders: Sequence[str], sent: Sequence[str], now: datetime
    ) -> None:
        self._box, self._own, self._now = box, own, now
        self._folders, self._sent = folders, sent

    def folder(self, folder: str, state: State) -> Iterator[Step]:
        """Read what customers wrote."""
        for mails, step in self._pages(folder, state):
            skipped: Counter[str] = Counter()
            mentions, bad = read_all(
                mails, partial(self._read, folder, skipped), f"the folder {folder!r}"
            )
            page = replace(
                step.page,
                mentions=tuple(self._with_replies(mentions)),
                bad=tuple(bad),
                skipped=skipped,
            )
            yield replace(step, page=page)

    def sent(self, folder: str, state: State) -> Iterator[Step]:
        """Read what the brand answered, and give the mails it answers again, with the reply."""
        for mails, step in self._pages(folder, state):
            wanted = {id_ for mail in mails if (id_ := answered(mail.message))}
            mentions: dict[str, RawMention] = {}
            for place in self._folders:
                uids = self._box.find(place, "Message-ID", sorted(wanted - mentions.keys()))
                for start in range(0, len(uids), PAGE_MAILS):
                    for mail in self._box.read(place, uids[start : start + PAGE_MAILS]):
                        if message_id(mail) not in wanted:
                            continue
                        result = mention_of(mail, self._own, self._now)
                        if isinstance(result, RawMention):
                            mentions[result.external_id] = result
            answers = {NOT_A_CUSTOMER: len(mails)} if mails else {}
            found = tuple(self._with_replies(mentions.values()))
            yield replace(step, page=replace(step.page, mentions=found, skipped=answers))

    def _pages(self, folder: str, state: State) -> Iterator[tuple[list[Mail], Step]]:
        validity = self._box.validity(folder)
        after: int = state.get("uid", 0)
        notes: tuple[str, ...] = ()
        if state and state.get("validity") != validity:
            after = 0
            notes = (f"{folder}: the server numbers its mails anew, so that all are read again",)
        uids = self._box.uids(folder, after=after)
        for start in range(0, max(len(uids), 1), PAGE_MAILS):
            some = uids[start : start + PAGE_MAILS]
            after = some[-1] if some else after
            yield (
                self._box.read(folder, some),
                Step(
                    page=Page(notes=notes),
                    state={"validity": validity, "uid": after},
                    done=start + PAGE_MAILS >= len(uids),
                ),
            )
            notes = ()

    def _read(self, folder: str, skipped: Counter[str], mail: Mail) -> RawMention | None:
        result = mention_of(mail, self._own, self._now)
        if result in (NO_WORDS, NO_TEXT) and mail.fetched < mail.size <= MAX_WHOLE:
            # Its pictures come first.
            for whole in self._box.read(folder, [mail.uid], most=MAX_WHOLE):
                result = mention_of(whole, self._own, self._now)
        if isinstance(result, str):
            skipped[result] += 1
            return None
        return result

    def _with_replies(self, mentions: Iterable[RawMention]) -> list[RawMention]:
        """Give each its first answer: the same whenever and in whatever order it is read."""
        mentions = list(mentions)
        replies: dict[str, tuple[str, datetime | None]] = {}
        times = [raw.published_at for raw in mentions]
        since = None
        if times and None not in times:
            since = (min(at for at in times if at) - timedelta(days=2)).date()
        ids = {raw.external_id for raw in mentions}
        for folder in self._sent:
            uids = self._box.find(folder, "In-Reply-To", sorted(ids), since=since)
            for start in range(0, len(uids), PAGE_MAILS):
                for mail in self._box.read(folder, uids[start : start + PAGE_MAILS]):
                    parent = answered(mail.message)
                    reply = reply_of(mail, self._now) if parent in ids else None
                    if parent is not None and reply is not None:
                        first = replies.get(parent)
                        if first is None or _earlier(reply, first):
                            replies[parent] = reply
        return [
            replace(raw, reply=replies[raw.external_id][0], reply_at=replies[raw.external_id][1])
            if raw.external_id in replies
            else raw
            for raw in mentions
        ]


def _earlier(one: tuple[str, datetime | None], other: tuple[str, datetime | None]) -> bool:
    return one[1] is not None and (other[1] is None or one[1] < other[1])
