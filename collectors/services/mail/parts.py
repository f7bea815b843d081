"""Takes mails apart: headers and bodies in whatever charset and encoding they came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from collectors.html_text import tidy
from collectors.services.mail.text import written_html, written_text

_WESTERN = frozenset({"us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1", "iso_8859-1"})
"""Names that mailers write on what is windows-1252, as browsers know."""

_MAX_PARTS = 200
_ID = re.compile(r"<([^<>\s]+)>")


@dataclass(frozen=True, slots=True)
class Body:
    """What a mail says.

    Attributes:
        text: what was written now, without quotes and signature.
        had_text: there was a text, be it quoted.
        has_files: there are pictures or other files.
    """

    text: str = ""
    had_text: bool = False
    has_files: bool = False


def body_of(message: Message) -> Body:
    """Return what a mail says; of a text that is there as HTML too, the plain one.

    Example:
        >>> from email import message_from_string
        >>> body_of(message_from_string("Content-Type: text/html\\n\\n<p>Rusak &amp; bau</p>")).text
        'Rusak & bau'
    """
    plain, html, has_files = [], [], False
    for part in _parts(message):
        kind = part.get_content_type()
        if kind not in ("text/plain", "text/html") or _is_file(part):
            has_files = has_files or kind not in ("text/plain", "text/html") or _is_file(part)
        elif kind == "text/plain":
            plain.append(_content(part))
        else:
            html.append(_content(part))
    text, web = "\n".join(plain).strip(), "\n".join(html).strip()
    written = written_text(text) if text else written_html(web) if web else ""
    return Body(tidy_lines(written), bool(text or web), has_files)


def header(message: Message, name: str) -> str:
    """Return a header in one line, decoded; "" where there is none.

    Example:
        >>> from email import message_from_string
        >>> header(message_from_string("Subject: =?utf-8?Q?Pesanan_=E2=82=AB?=\\n\\n"), "subject")
        'Pesanan ₫'
    """
    value = message.get(name)
    if value is None:
        return ""
    try:
        pieces = decode_header(value)
        text = "".join(
            decoded(piece, charset) if isinstance(piece, bytes) else piece
            for piece, charset in pieces
        )
    except (MessageError, ValueError, LookupError, TypeError):
        text = str(value)
    return tidy(text.replace("\n", " ").replace("\r", " "))


def decoded(raw: bytes, charset: str | None) -> str:
    """Return the text of `raw`, whatever its charset is said to be.

    Example:
        >>> decoded(b"caf\\xe9 \\x93bagus\\x94", "iso-8859-1"), decoded("é".encode(), "x-none")
        ('café “bagus”', 'é')
    """
    name = (charset or "").strip().lower()
    if name and name not in _WESTERN and name.replace("-", "") != "utf8":
        try:
            return raw.decode(name)
        except (LookupError, ValueError):
            pass
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = raw.decode("utf-8", "ignore")
    # Where some of it is UTF-8 and some damaged (or cut), the rest is not windows-1252.
    if any(ord(letter) > 127 for letter in text):
        return text
    return raw.decode("windows-1252", "replace")


def address_in(message: Message, name: str) -> str:
    """Return the first address of a header, in lower case; "" where there is none."""
    # Not decoded before: a name may hold what looks like an address.
    value = re.sub(r"[\r\n]+", " ", str(message.get(name) or ""))
    for _, address in getaddresses([value]):
        if "@" in address.strip("@ "):
            return address.strip().lower()
    found = re.search(r"<\s*([^<>\s@]+@[^<>\s@]+)\s*>", value)
    return found[1].lower() if found else ""


def ids_in(message: Message, name: str) -> list[str]:
    """Return the message ids of a header.

    Example:
        >>> from email import message_from_string
        >>> ids_in(message_from_string("References: <a@x> <b@x>\\n\\n"), "References")
        ['a@x', 'b@x']
    """
    return _ID.findall(str(message.get(name) or ""))


def sent_at(message: Message) -> datetime | None:
    """Return the time a mail says it was sent, in UTC; None where it is no whole time.

    Example:
        >>> from email import message_from_string
        >>> mail = message_from_string("Date: Tue, 12 May 2026 10:00:00 +0700\\n\\n")
        >>> sent_at(mail).isoformat()
        '2026-05-12T03:00:00+00:00'
    """
    value = header(message, "Date")
    try:
        at = parsedate_to_datetime(value)
        if at.tzinfo is None:
            # "-0000" is UTC of a server that keeps its zone to itself (RFC 5322, 3.3).
            return at.replace(tzinfo=UTC) if "-0000" in value else None
        return at.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def tidy_lines(text: str) -> str:
    """Return `text` without blanks at the ends of its lines and without more than one empty line.

    Example:
        >>> tidy_lines("a \\n\\n\\n b")
        'a\\n\\nb'
    """
    lines = [tidy(line) for line in text.replace("\x00", "").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _parts(message: Message) -> Iterator[Message]:
    """The parts that are no containers; a mail that hangs on another is a file of it."""
    waiting, seen = [message], 0
    while waiting and seen < _MAX_PARTS:
        part = waiting.pop(0)
        seen += 1
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting = [*payload, *waiting]
        else:
            yield part


def _is_file(part: Message) -> bool:
    try:
        return part.get_content_disposition() == "attachment" or bool(part.get_filename())
    except (ValueError, LookupError, TypeError, AttributeError):
        return True


def _content(part: Message) -> str:
    try:
        raw = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError):
        raw = None
    if not isinstance(raw, bytes):
        return ""
    try:
        charset = part.get_content_charset()
    except (ValueError, LookupError, TypeError):
        charset = None
    return decoded(raw, charset)
