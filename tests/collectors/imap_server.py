"""A mail server on 127.0.0.1 that speaks as much IMAP as a mailbox is read with."""

from __future__ import annotations

import re
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any

from imap_tools.imap_utf7 import utf7_decode

USER, PASSWORD = "cs@senandika.example", "sandi-rahasia-90412"


def mail(
    text: str | None = "Paket belum sampai",
    *,
    id: str | None = "a@mail.example",
    sender: str | None = "Sari <sari@mail.example>",
    subject: str | None = "Pesanan",
    date: str | None = "Tue, 12 May 2026 10:00:00 +0700",
    html: str | None = None,
    answers: str | None = None,
    **headers: str,
) -> bytes:
    """A mail; headers are named with underscores."""
    message = EmailMessage()
    named = {"From": sender, "Subject": subject, "Date": date}
    for name, value in named.items():
        if value is not None:
            message[name] = value
    if id is not None:
        message["Message-ID"] = f"<{id}>"
    if answers is not None:
        message["In-Reply-To"] = f"<{answers}>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    if text is not None:
        message.set_content(text)
    if html is not None and text is not None:
        message.add_alternative(html, subtype="html")
    elif html is not None:
        message.set_content(html, subtype="html")
    return message.as_bytes()


@dataclass
class Folder:
    """Mails by number."""

    mails: dict[int, bytes] = field(default_factory=dict)
    validity: int = 1
    arrived: str = "12-May-2026 03:00:05 +0000"


class ImapServer:
    """What the server holds, and how it behaves.

    Attributes:
        asked: each command as it came, without its tag.
        says: by the first word of a command (UID SEARCH is `SEARCH`): raw bytes to send in place
            of its answer, after which the line is cut. `greeting` is no command.
        refuses: the same, for a NO with these words.
        hangs, drips: commands that are not answered, or byte by byte without end.
        hidden: mails that are named and not given.
        damaged: mails for which the server gives none of those that are asked for with them.
    """

    def __init__(self) -> None:
        self.port = 0
        self.folders: dict[str, Folder] = {"INBOX": Folder()}
        self.asked: list[str] = []
        self.capabilities = "IMAP4rev1"
        self.says: dict[str, bytes] = {}
        self.refuses: dict[str, str] = {}
        self.hangs: set[str] = set()
        self.drips: set[str] = set()
        self.hidden: set[int] = set()
        self.damaged: set[int] = set()
        self.released = threading.Event()
        self.tls: ssl.SSLContext | None = None

    def put(self, *mails: bytes, folder: str = "INBOX") -> None:
        """Add mails to a folder, which is made where it is not there."""
        there = self.folders.setdefault(folder, Folder()).mails
        for one in mails:
            there[max(there, default=0) + 1] = one

    def options(self, **more: Any) -> dict[str, Any]:
        """The options of a source that reads from here."""
        given = {"host": "127.0.0.1", "port": self.port, "security": "none"}
        return {**given, "user": USER, "password": PASSWORD, **more}


class _Cut(Exception):
    pass


class _Session:
    def __init__(self, server: ImapServer, connection: socket.socket) -> None:
        self.server, self.connection = server, connection
        self.file = connection.makefile("rb")
        self.folder: Folder | None = None

    def run(self) -> None:
        self.do("greeting", b"* OK ready\r\n")
        while line := self.file.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            self.server.asked.append(rest)
            name = rest.removeprefix("UID ").partition(" ")[0].upper()
            refusal = self.server.refuses.get(name)
            if name == "FETCH" and self.server.damaged & set(self.named(rest)):
                refusal = "[SERVERFAULT] cannot be read"
            if refusal is not None:
                self.send(f"{tag} NO {refusal}\r\n".encode())
                continue
            answer = self.answer(name, rest)
            self.do(name, answer + f"{tag} OK done\r\n".encode())
            if name == "STARTTLS":
                assert self.server.tls is not None
                self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
                self.file = self.connection.makefile("rb")
            if name == "LOGOUT":
                return

    def do(self, name: str, answer: bytes) -> None:
        if name in self.server.hangs:
            self.server.released.wait(20)
            raise _Cut
        if name in self.server.drips:
            while not self.server.released.wait(0.01):
                self.send(b"*")
            raise _Cut
        if name in self.server.says:
            self.send(self.server.says[name])
            raise _Cut
        self.send(answer)

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def answer(self, name: str, line: str) -> bytes:
        if name == "CAPABILITY":
            return f"* CAPABILITY {self.server.capabilities}\r\n".encode()
        if name == "LOGIN":
            assert line == f'LOGIN "{USER}" "{PASSWORD}"', line
        if name == "EXAMINE":
            return self.examine(utf7_decode(line.removeprefix("EXAMINE ").strip('"').encode()))
        if name == "SEARCH":
            found = " ".join(map(str, self.search(line.removeprefix("UID SEARCH "))))
            return f"* SEARCH {found}".strip().encode() + b"\r\n"
        if name == "FETCH":
            return self.fetch(line)
        if name == "LOGOUT":
            return b"* BYE see you\r\n"
        assert name in ("LOGIN", "STARTTLS"), line
        return b""

    def examine(self, name: str) -> bytes:
        self.folder = self.server.folders[name]
        return (
            f"* {len(self.folder.mails)} EXISTS\r\n"
            f"* OK [UIDVALIDITY {self.folder.validity}] valid\r\n"
        ).encode()

    def search(self, criteria: str) -> list[int]:
        assert self.folder is not None
        numbers = re.fullmatch(r"UID ([\d,:*]+)", criteria)
        if numbers is not None:
            return _numbers(numbers[1], self.folder.mails)
        wanted = re.findall(r'HEADER "([^"]+)" "([^"]+)"', criteria)
        assert wanted, criteria
        since = re.search(r"SINCE (\S+)\)$", criteria)
        if since and _day(self.folder.arrived.split(" ")[0]) < _day(since[1]):
            return []
        return [
            uid
            for uid, raw in self.folder.mails.items()
            if any(value in str(message_from_bytes(raw)[name]) for name, value in wanted)
        ]

    def named(self, line: str) -> list[int]:
        assert self.folder is not None
        return _numbers(line.split()[2], self.folder.mails)

    def fetch(self, line: str) -> bytes:
        assert self.folder is not None
        asked = re.fullmatch(
            r"UID FETCH (\S+) \(UID RFC822\.SIZE INTERNALDATE BODY\.PEEK\[\]<0\.(\d+)>\)", line
        )
        assert asked, line
        parts = [b"* 1 FETCH (FLAGS (\\Seen))\r\n"]  # of another client, told in passing
        for uid in _numbers(asked[1], self.folder.mails):
            if uid in self.server.hidden:
                continue
            raw = self.folder.mails[uid]
            some = raw[: int(asked[2])]
            parts.append(
                f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)} INTERNALDATE "
                f'"{self.folder.arrived}" BODY[]<0> {{{len(some)}}}\r\n'.encode()
            )
            parts += [some, b")\r\n"]
        return b"".join(parts)


def _day(text: str) -> datetime:
    return datetime.strptime(text, "%d-%b-%Y")


def _numbers(asked: str, mails: Mapping[int, bytes]) -> list[int]:
    found: set[int] = set()
    for piece in asked.split(","):
        low, _, high = piece.partition(":")
        if high == "*":
            # The last one always, as RFC 3501 says.
            found |= {uid for uid in mails if uid >= int(low)} | set(sorted(mails)[-1:])
        else:
            found |= {uid for uid in mails if int(low) <= uid <= int(high or low)}
    return sorted(found)


@contextmanager
def serving(tls: ssl.SSLContext | None = None, *, at_once: bool = False) -> Iterator[ImapServer]:
    """Run a server, with TLS from the first byte (`at_once`) or when it is asked for."""
    state = ImapServer()
    state.tls = tls
    sessions: list[socket.socket] = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            connection = self.request
            sessions.append(connection)
            with suppress(_Cut, OSError, ValueError):
                if at_once and tls is not None:
                    connection = tls.wrap_socket(connection, server_side=True)
                _Session(state, connection).run()
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = False
        allow_reuse_address = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            errors.append(client_address)
            super().handle_error(request, client_address)

    errors: list[Any] = []
    server = Server(("127.0.0.1", 0), Handler)
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        state.released.set()
        server.shutdown()
        for connection in sessions:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        server.server_close()
        thread.join()
    assert errors == [], "the server was asked what it does not know"
