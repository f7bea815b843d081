"""Reads a mailbox over IMAP: nothing in it is changed, and a server that hangs is left."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any

from imap_tools import AND, OR, H
from imap_tools.errors import (
    ImapToolsError,
    MailboxFetchError,
    MailboxFolderSelectError,
    MailboxLoginError,
    UnexpectedCommandStatusError,
)
from imap_tools.utils import check_command_status

from collectors.services.mail.imap import Connection
from collectors.services.mail.items import Mail
from simak.errors import AccessDenied, ConfigurationError, RetryLater, SimakError, SourceChanged

MAX_BYTES = 256 * 1024
"""So much of a mail is fetched: its text stands before its pictures and files."""

SEARCH_IDS = 20
"""Message ids that one search asks for."""

PORTS = {"tls": 993, "starttls": 143, "none": 143}

MAX_WHOLE = 16 * 1024 * 1024
"""A mail whose text comes late is fetched whole, where it is no longer."""

_LATER = re.compile(
    r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|THROTTLED|OVERQUOTA)\b|too many", re.IGNORECASE
)
_ID = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,200}")
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,12})\b")
_ARRIVED = re.compile(rb'\bINTERNALDATE "([^"]{1,40})"')


class Mailbox:
    """A mailbox, logged in; its folders are only looked into (EXAMINE).

    Every method may raise:
        AccessDenied: the login is refused, or would go over the wire in the clear.
        ConfigurationError: no such folder, or no TLS as asked for.
        RetryLater: not to be reached, too slow, or busy.
        SourceChanged: it does not speak IMAP as known here.

    Example:
        >>> with Mailbox("imap.example.org", 993, "tls", "cs", "secret") as box:  # doctest: +SKIP
        ...     box.read("INBOX", box.uids("INBOX", after=0)[:100])
    """

    def __init__(self, host: str, port: int, security: str, user: str, password: str) -> None:
        self._place = f"{host}:{port}"
        self._where = (host, port, security)
        self._login = (user, password)
        self._box: Connection
        self._folders: dict[str, tuple[int, int]] = {}
        self._broken: SimakError | None = None

    def __enter__(self) -> Mailbox:
        with self._speaking():
            self._box = Connection(*self._where)
        try:
            with self._speaking():
                self._log_in()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def validity(self, folder: str) -> int:
        """Return the number that changes when the mails of a folder are numbered anew."""
        with self._speaking():
            return self._look_into(folder)[0]

    def uids(self, folder: str, *, after: int) -> list[int]:
        """Return the numbers of the mails behind `after`, the oldest first."""
        with self._speaking():
            _, count = self._look_into(folder)
            found = self._search(f"UID {after + 1}:*")
            if count and not found and not after:
                raise SourceChanged(f"{self._place} names none of the {count} mails in {folder!r}")
        # The last mail is named even where its number is lower.
        return [uid for uid in found if uid > after]

    def find(
        self, folder: str, header: str, ids: Iterable[str], *, since: date | None = None
    ) -> list[int]:
        """Return the numbers of the mails that have one of the message ids in a header."""
        wanted = [id_ for id_ in ids if _ID.fullmatch(id_)]
        found: set[int] = set()
        with self._speaking():
            for start in range(0, len(wanted), SEARCH_IDS):
                self._look_into(folder)
                asked = OR(header=[H(header, f"<{i}>") for i in wanted[start : start + SEARCH_IDS]])
                found.update(self._search(str(AND(asked, date_gte=since) if since else asked)))
        return sorted(found)

    def read(self, folder: str, uids: Sequence[int], *, most: int = MAX_BYTES) -> list[Mail]:
        """Return mails, in the order of their numbers; `most` bytes of each.

        What was thrown away meanwhile is left out. One that the server names among others and
        does not give, as it is damaged there, is an empty mail: it must not keep all that come
        after it from being read.
        """
        with self._speaking():
            found = self._given(folder, uids, most)
            if len(uids) > 1:
                for uid in [uid for uid in uids if uid not in found]:
                    found |= self._given(folder, [uid], most)
            missing = [uid for uid in uids if uid not in found]
            kept = set(self._search(f"UID {_numbers(missing)}")) & set(missing) if missing else ()
            if kept and not found:
                raise SourceChanged(
                    f"{self._place} names mails in {folder!r} and does not give them"
                )
        found |= {uid: Mail(uid, Message()) for uid in kept}
        return [found[uid] for uid in sorted(found)]

    def _given(self, folder: str, uids: Sequence[int], most: int) -> dict[int, Mail]:
        """Return what the server gives of some mails; of a refusal, nothing."""
        try:
            return self._fetch(folder, uids, most)
        except MailboxFetchError as error:
            if _LATER.search(str(error.command_result)):
                raise
            return {}

    def _log_in(self) -> None:
        if "LOGINDISABLED" in self._box.client.capabilities:
            raise AccessDenied(
                f"{self._place} takes no password on an open line: set `security` to tls or "
                "starttls"
            )
        user, password = self._login
        is_ascii = (user + password).isascii()
        login = self._box.login if is_ascii else self._box.login_utf8
        login(user, password, initial_folder=None)

    def _look_into(self, folder: str) -> tuple[int, int]:
        """Select a folder where it is not; return its UIDVALIDITY and how many mails it has."""
        self._box.allow()
        if self._box.folder.get() == folder:
            return self._folders[folder]
        _, counts = self._box.folder.set(folder, readonly=True)
        _, given = self._box.client.response("UIDVALIDITY")
        if not given or given[-1] is None:
            raise SourceChanged(f"{self._place} gives the mails in {folder!r} no lasting numbers")
        validity = int(given[-1])
        if self._folders.get(folder, (validity, 0))[0] != validity:
            raise RetryLater(f"{self._place} is numbering the mails in {folder!r} anew: try later")
        self._folders[folder] = (validity, int(counts[-1] or 0))
        return self._folders[folder]

    def _search(self, criteria: str) -> list[int]:
        # Without a charset, which some servers refuse.
        return sorted({int(uid) for uid in self._box.uids(criteria, charset=None)})

    def _fetch(self, folder: str, uids: Sequence[int], most: int) -> dict[int, Mail]:
        if not uids:
            return {}
        self._look_into(folder)
        # Not the library's fetch: it takes whole mails with all their files.
        what = f"(UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.{most}>)"
        result = self._box.client.uid("FETCH", _numbers(uids), what)
        check_command_status(result, MailboxFetchError)
        mails = (_mail(head, body) for head, body in _items(result[1]))
        return {mail.uid: mail for mail in mails if mail is not None and mail.uid in set(uids)}

    def _close(self) -> None:
        self._box.close(politely=self._broken is None)

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """Turn what the libraries raise into errors a person can act on."""
        if self._broken is not None:
            raise self._broken
        try:
            yield
        except UnexpectedCommandStatusError as error:
            raise self._refused(error) from error
        except SimakError:
            raise
        except _FAILURES as error:
            self._broken = self._failure(error)
            raise self._broken from error

    def _refused(self, error: UnexpectedCommandStatusError) -> SimakError:
        # The server's words are not shown: they may repeat what it was sent.
        if _LATER.search(str(error.command_result)):
            return RetryLater(f"{self._place} is busy: try again later")
        if isinstance(error, MailboxLoginError):
            return AccessDenied(
                f"{self._place} refuses the login: check `user` and `password` (many services "
                "want a password made for this app, and IMAP switched on)"
            )
        if isinstance(error, MailboxFolderSelectError):
            return ConfigurationError(
                f"{self._place} has no such folder, or does not let one in: check `folder` and "
                "`sent`"
            )
        return SourceChanged(f"{self._place} refuses what a mailbox must do")

    def _failure(self, error: Exception) -> SimakError:
        place, words = self._place, str(error)
        if isinstance(error, ssl.SSLCertVerificationError):
            return ConfigurationError(
                f"{place} shows a certificate that is not valid for it: check `host`"
            )
        if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
            return ConfigurationError(f"{place} speaks no TLS: check `port` and `security`")
        if isinstance(error, TimeoutError):
            return RetryLater(f"{place} does not answer in time: try again later")
        if isinstance(error, imaplib.IMAP4.abort) and "unexpected" not in words:
            return RetryLater(f"{place} broke the connection off: try again later")
        if isinstance(error, OSError):
            return RetryLater(
                f"{place} cannot be reached ({error.strerror or type(error).__name__}): check "
                "`host` and `port`, or try again later"
            )
        return SourceChanged(f"{place} does not answer as a mail server (IMAP) does")


_FAILURES = (
    imaplib.IMAP4.error, ImapToolsError, OSError, EOFError, ValueError, LookupError, TypeError,
    AttributeError, AssertionError,
)  # fmt: skip
"""Of the libraries, where a server answers what is not IMAP."""


def _numbers(uids: Iterable[int]) -> str:
    return ",".join(str(uid) for uid in uids)


def _items(data: Iterable[Any]) -> Iterator[tuple[bytes, bytes]]:
    """Put together what imaplib gives of each mail: pairs with a literal, and lines after them."""
    head, body, is_open = b"", b"", False
    for item in data:
        if isinstance(item, tuple):
            if not is_open:
                head, body, is_open = b"", item[1], True
            head += item[0]
        elif isinstance(item, bytes):
            yield (head + item, body) if is_open else (item, b"")
            head, body, is_open = b"", b"", False


def _mail(head: bytes, body: bytes) -> Mail | None:
    uid = _UID.search(head)
    if uid is None or b"BODY[" not in head.upper():
        return None  # a change of flags, told in passing
    size, arrived = _SIZE.search(head), _ARRIVED.search(head)
    return Mail(
        uid=int(uid[1]),
        message=message_from_bytes(body),
        arrived=_time(arrived[1]) if arrived else None,
        size=max(int(size[1]) if size else 0, len(body)),
        fetched=len(body),
    )


def _time(value: bytes) -> datetime | None:
    try:
        at = parsedate_to_datetime(value.decode("ascii"))
    except (ValueError, TypeError, IndexError):
        return None
    return at.astimezone(UTC) if at.tzinfo else None
