"""Reads mails: who wrote them, whether a customer did, and what they say."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import Message
from hashlib import blake2b

from collectors.services.mail.parts import address_in, body_of, header, ids_in, sent_at
from simak.errors import BadRecord
from simak.mention import RawMention
from simak.reasons import NO_TEXT, NO_WORDS, NOBODY_WROTE, NOT_A_CUSTOMER, UNKNOWN_SHAPE

_MAX_ID = 200

_PREFIX = re.compile(
    r"^\s*(?:re|fwd?|bls|balas(?:an)?|trs|terusan|tanggapan|aw|sv)\s*(?:\[\d+\])?\s*:\s*",
    re.IGNORECASE,
)
# Narrow: "Undelivered for two weeks!" is what customers write.
_AUTOMATIC = re.compile(
    r"^(?:auto(?:matic)?[- ]?(?:reply|response)\b|autoreply\b|out of (?:the )?office\b|"
    r"(?:balasan|jawaban|respons?) otomatis\b|(?:sedang )?di luar kantor\b|undeliverable:|"
    r"undelivered mail\b|delivery status notification|mail delivery (?:failed|failure)|"
    r"returned mail:)",
    re.IGNORECASE,
)
_ROBOTS = re.compile(r"^(?:mailer-daemon|postmaster|bounces?)$|^bounces?[+=-]", re.IGNORECASE)
_NO_REPLY = re.compile(r"^(?:no|do[._-]?not|tidak)[._-]?(?:reply|balas)\b", re.IGNORECASE)
_BULK = frozenset({"bulk", "junk", "list"})
_AUTO_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it was fetched.

    Attributes:
        uid: its number in its folder.
        arrived: when the server took it in; None where it does not say.
        size, fetched: its bytes, and how many of them are here.
    """

    uid: int
    message: Message
    arrived: datetime | None = None
    size: int = 0
    fetched: int = 0


class Own:
    """The addresses of the brand: whole ones, and domains.

    Example:
        >>> own = Own(["cs@senandika.example", "toko.example"])
        >>> "CS@senandika.example" in own, "rina@toko.example" in own, "rina@mail.example" in own
        (True, True, False)
    """

    def __init__(self, addresses: Collection[str]) -> None:
        lowered = [address.casefold().lstrip("@") for address in addresses]
        self._addresses = frozenset(address for address in lowered if "@" in address)
        self._domains = frozenset(lowered) - self._addresses

    def __contains__(self, address: str) -> bool:
        address = address.casefold()
        return address in self._addresses or address.rpartition("@")[2] in self._domains

    def has_list(self, list_id: str) -> bool:
        """Say whether a mailing list is the brand's: a mailbox that is a group of addresses."""
        name = list_id.casefold()
        found = re.search(r"<([^<>]+)>", name)
        name = found[1] if found else name.strip()
        parents = {address.replace("@", ".") for address in self._addresses}
        return name in parents or any(name.endswith(f".{domain}") for domain in self._domains)


def mention_of(mail: Mail, own: Own, now: datetime) -> RawMention | str:
    """Return a mail as a mention, or the reason why it is none.

    Raises:
        BadRecord: it is no mail.

    Example:
        >>> from datetime import UTC
        >>> from email import message_from_string
        >>> mail = Mail(1, message_from_string(
        ...     "From: s@mail.example\\nSubject: Re: Paket\\nMessage-ID: <a@b>\\n\\nBelum sampai"))
        >>> mention = mention_of(mail, Own(["cs@senandika.example"]), datetime.now(UTC))
        >>> mention.external_id, mention.title, mention.text
        ('a@b', 'Paket', 'Belum sampai')
    """
    message = mail.message
    sender = _sender(message, own)
    if not sender and message.get("Message-ID") is None and message.get("Date") is None:
        raise BadRecord(UNKNOWN_SHAPE, record=f"uid {mail.uid}")
    reason = _reason(message, sender, own)
    if reason:
        return reason
    subject, is_answer = topic(header(message, "Subject"))
    body = body_of(message)
    text = body.text
    if not text:
        # Some write all they have to say into the subject.
        if body.had_text or is_answer or not subject:
            return NO_WORDS if body.has_files and not body.had_text else NO_TEXT
        text, subject = subject, ""
    return RawMention(
        external_id=message_id(mail),
        text=text,
        title=subject or None,
        channel="email",
        kind="message",
        author=sender or None,
        published_at=time_of(mail, now),
        parent_id=answered(message),
    )


def reply_of(mail: Mail, now: datetime) -> tuple[str, datetime | None] | None:
    """Return the brand's answer that a mail is, with its time; None where it says nothing."""
    text = "" if is_automatic(mail.message) else body_of(mail.message).text
    return (text, time_of(mail, now)) if text else None


def message_id(mail: Mail) -> str:
    """Return what a mail is known by: its Message-ID, else a hash of what it says.

    Example:
        >>> from email import message_from_string
        >>> message_id(Mail(1, message_from_string("Message-ID: <a@b>\\n\\n")))
        'a@b'
    """
    message = mail.message
    given = ids_in(message, "Message-ID") or str(message.get("Message-ID") or "").split()
    if given and len(given[0]) <= _MAX_ID and given[0].isprintable():
        return given[0]
    body = body_of(message).text
    said = [*given, *(header(message, name) for name in ("Date", "From", "Subject")), body]
    return blake2b("\n".join(said).encode("utf-8", "replace"), digest_size=16).hexdigest()


def answered(message: Message) -> str | None:
    """Return the id of the mail that this one answers.

    Example:
        >>> from email import message_from_string
        >>> answered(message_from_string("In-Reply-To: <a@b>\\n\\n"))
        'a@b'
    """
    ids = ids_in(message, "In-Reply-To") or ids_in(message, "References")[-1:]
    return ids[0][:_MAX_ID] if ids else None


def time_of(mail: Mail, now: datetime) -> datetime | None:
    """Return when a mail was sent; when it arrived, where its own time cannot be."""
    at = sent_at(mail.message)
    latest = min(now, mail.arrived or now) + timedelta(days=1)
    return at if at is not None and at <= latest else mail.arrived


def topic(subject: str) -> tuple[str, bool]:
    """Return a subject without what mailers put before it, and whether it is of an answer.

    Example:
        >>> topic("Bls: RE[2]: Pesanan 17")
        ('Pesanan 17', True)
    """
    is_answer = False
    while found := _PREFIX.match(subject):
        subject, is_answer = subject[found.end() :], True
    return subject.strip(), is_answer


def is_automatic(message: Message) -> bool:
    """Say whether a machine wrote a mail: an automatic answer, a bounce."""
    submitted = header(message, "Auto-Submitted").lower()
    return (
        (bool(submitted) and not submitted.startswith("no"))
        or any(message.get(name) is not None for name in _AUTO_HEADERS)
        or header(message, "Precedence").lower() in ("auto_reply", "auto-reply")
        or header(message, "Return-Path") == "<>"
        or message.get_content_type() == "multipart/report"
        or bool(_ROBOTS.search(address_in(message, "From").partition("@")[0]))
        or bool(_AUTOMATIC.match(topic(header(message, "Subject"))[0]))
    )


def _reason(message: Message, sender: str, own: Own) -> str | None:
    """Why a mail is not a customer's."""
    if is_automatic(message):
        return NOBODY_WROTE
    if sender in own:
        return NOT_A_CUSTOMER
    if _NO_REPLY.match(sender):
        return NOBODY_WROTE
    list_id = header(message, "List-Id")
    if list_id and own.has_list(list_id):
        # The mailbox is a group: all that customers write to it comes through its list.
        return None
    if list_id or message.get("List-Unsubscribe") is not None:
        return NOT_A_CUSTOMER
    return NOT_A_CUSTOMER if header(message, "Precedence").lower() in _BULK else None


def _sender(message: Message, own: Own) -> str:
    """Who wrote: of a form on a website, who is to be answered."""
    sender = address_in(message, "From")
    if _NO_REPLY.match(sender):
        answer_to = address_in(message, "Reply-To")
        if answer_to and answer_to not in own and not _NO_REPLY.match(answer_to):
            return answer_to
    return sender
