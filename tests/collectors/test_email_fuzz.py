"""Whatever comes by mail, or from what should be a mail server: a mention or a reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collectors.services.mail.items import Mail, Own, mention_of, reply_of
from collectors.services.mail.mailbox import Mailbox
from collectors.services.mail.text import written_html, written_text
from simak.errors import BadRecord, SimakError
from store.mentions import storable
from tests.collectors.imap_server import PASSWORD, USER, ImapServer, mail, serving

NOW = datetime(2026, 6, 1, tzinfo=UTC)
OWN = Own(["cs@senandika.example"])
QUICK = settings(
    deadline=None, max_examples=60, suppress_health_check=list(HealthCheck), derandomize=True
)

BOTH = mail("Rusak – kapok", html="<p>Rusak</p>", answers="q@x")
HEADERS = st.sampled_from(
    [b"From", b"Date", b"Subject", b"Message-ID", b"In-Reply-To", b"References", b"Reply-To",
     b"Content-Type", b"Content-Transfer-Encoding", b"Content-Disposition", b"List-Id",
     b"Auto-Submitted", b"Precedence", b"Return-Path"]
)  # fmt: skip
VALUES = st.one_of(
    st.binary(max_size=30),
    st.sampled_from(
        [b"multipart/mixed; boundary=b", b"multipart/alternative; boundary=\"", b"text/html",
         b"text/plain; charset=hex", b"text/plain; charset*=utf-8''%ff", b"message/rfc822",
         b"base64", b"quoted-printable", b"x-uuencode", b"=?utf-8?B?!?=", b"=?x?Q?=ff?=",
         b"<a@x> <b@x>", b"attachment; filename*=x'y'%zz", b"Sari <s@mail.example>", b"<>@",
         b"Tue, 99 May 99999 10:00:00 +9999", b"multipart/report", b"cs@senandika.example"]
    ),
)  # fmt: skip
LINES = st.sampled_from(
    ["Pada Sen menulis:", "On Mon wrote:", "> ", "From:", "Sent: x", "Dari:", "Dikirim: x", "-- ",
     "-----Pesan Asli-----", "Terima kasih", "Sent from my iPhone", "\ue0000\ue000", "", "Rusak",
     "_" * 40, "<blockquote>", "</blockquote>", "<p", "x" * 400, "\x00", "\ud800"]
)  # fmt: skip


@st.composite
def mails(draw: st.DrawFn) -> bytes:
    head = draw(st.lists(st.tuples(HEADERS, VALUES), max_size=7))
    body = draw(
        st.binary(max_size=60) | st.lists(LINES, max_size=9).map(
            lambda lines: "\n".join(lines).encode("utf-8", "replace")
        )
    )  # fmt: skip
    parts = draw(st.lists(st.tuples(HEADERS, VALUES), max_size=3))
    inner = b"".join(b"%s: %s\n" % part for part in parts)
    outer = b"".join(b"%s: %s\r\n" % field for field in head)
    return outer + b"\r\n" + draw(st.sampled_from([b"", b"--b\n" + inner + b"\n"])) + body


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    raw = BOTH
    start = draw(st.integers(0, len(raw)))
    end = draw(st.integers(start, min(len(raw), start + 80)))
    return raw[:start] + draw(VALUES) + raw[end:]


@QUICK
@given(st.one_of(mails(), damaged(), st.binary(max_size=80)))
@example(b"Content-Type: text/plain; charset=undefined\n\nx")
@example(b"From: a@b\nContent-Type: multipart/mixed; boundary=b\nMessage-ID: <a\x00@b>\n\nx")
def test_any_mail(raw: bytes) -> None:
    one = Mail(1, message_from_bytes(raw))
    reply_of(one, NOW)
    try:
        result = mention_of(one, OWN, NOW)
    except BadRecord:
        return
    if isinstance(result, str):
        assert result
        return
    assert storable(result.text)
    assert 0 < len(result.external_id) <= 200
    assert result.published_at is None or result.published_at.tzinfo is UTC


@QUICK
@given(st.lists(LINES | st.text(max_size=20), max_size=15).map("\n".join))
def test_any_text(text: str) -> None:
    for found in (written_text(text), written_html(text)):
        assert found == found.strip()
        assert "\ue000" not in found or "\ue000" in text


@pytest.fixture(scope="module")
def server() -> Iterator[ImapServer]:
    with serving() as running:
        running.put(mail())
        yield running


WORDS = st.sampled_from(
    [b"* ", b"A1 ", b"OK ", b"NO ", b"BAD ", b"BYE ", b"SEARCH ", b"FETCH ", b"EXISTS", b"1 ",
     b"(UID 1 ", b"BODY[]<0> ", b"{3}\r\n", b"{99999999999}\r\n", b"[UIDVALIDITY 1] ", b"\r\n",
     b"[UIDVALIDITY x] ", b"NIL", b"+ ", b"abc)\r\n", b"CAPABILITY IMAP4rev1 ", b"\xff", b"\x00",
     b'INTERNALDATE "1" ', b"99999999999999999999 "]
)  # fmt: skip
ANSWERS = st.lists(WORDS, max_size=12).map(b"".join) | st.binary(max_size=60)


@QUICK
@given(st.sampled_from(["greeting", "CAPABILITY", "LOGIN", "EXAMINE", "SEARCH", "FETCH"]), ANSWERS)
def test_any_answer_of_a_server_ends_in_an_error_that_says_why(
    server: ImapServer, command: str, answer: bytes
) -> None:
    # The line is cut after it, so that nothing can be told to the end.
    server.says = {command: answer}
    box = Mailbox("127.0.0.1", server.port, "none", USER, PASSWORD)
    with pytest.raises(SimakError), box:
        box.read("INBOX", box.uids("INBOX", after=0))
