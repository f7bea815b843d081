from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from collectors.sources.email import EmailSource
from store.engine import Store
from tests.collectors.conformance import Conformance, gather, rows
from tests.collectors.imap_server import PASSWORD, ImapServer, mail, serving

WEB_PAGE = b"<!DOCTYPE html><html><title>Masuk</title>\r\n</html>\r\n"


class TestEmail(Conformance):
    pages: ClassVar[int] = 3  # that of the answers adds nothing here
    edited: ClassVar[None] = None
    deleted: ClassVar[str] = "penyok"
    secrets: ClassVar[tuple[str, ...]] = (PASSWORD,)
    broken: ClassVar[dict[str, bytes]] = {
        "empty": b"",
        "web page": WEB_PAGE,
        "half a line": b"* SEAR",
        "json": b'{"mails": []}\r\n',
        "numbers that are none": b"* SEARCH satu dua\r\nA1 OK done\r\n",
        "null": b"NIL\r\n",
        "binary": bytes(range(256)) * 8,
        "a literal without end": b"* SEARCH {900}\r\n1 2 3",
        "a literal too long": b"* 1 FETCH (UID 1 BODY[]<0> {99999999999}\r\nx",
        "goodbye": b"* BYE too many\r\n",
    }

    @pytest.fixture(autouse=True)
    def _small_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("collectors.sources.email.PAGE_MAILS", 3)

    @pytest.fixture
    def world(self) -> Iterator[ImapServer]:
        with serving() as server:
            yield server

    def make(self, world: ImapServer) -> EmailSource:
        return EmailSource(
            name="cs",
            brand="Senandika",
            options=world.options(folder=["INBOX", "Keluhan"], sent="Terkirim"),
        )

    def serve(self, world: ImapServer, state: str) -> None:
        world.folders.clear()
        world.says.clear()
        texts = ["Kardusnya penyok.", "Sudah sampai, mantap!", "Kapan dikirim?", "Refund dong",
                 "Kurirnya ramah"]  # fmt: skip
        world.put(
            *(
                mail(text, id=f"{number}@mail.example", sender=f"p{number}@mail.example")
                for number, text in enumerate(texts)
            )
        )
        world.put(mail("Aplikasi eror terus", id="k@mail.example"), folder="Keluhan")
        world.put(
            mail("Mohon maaf, Kak.", id="r@senandika.example", answers="2@mail.example"),
            folder="Terkirim",
        )
        if state == "deleted":
            del world.folders["INBOX"].mails[1]

    def serve_broken(self, world: ImapServer, body: bytes) -> None:
        world.says = {"SEARCH": body}

    def test_what_is_no_answer_is_an_error_at_any_point(
        self, sqlite_store: Store, world: ImapServer
    ) -> None:
        for what in ("greeting", "CAPABILITY", "LOGIN", "EXAMINE", "FETCH"):
            for name in ("empty", "web page", "half a line", "null", "goodbye"):
                self.serve(world, "first")
                world.says = {what: self.broken[name]}
                run = gather(sqlite_store, self.make(world))[0]
                assert (run.status, run.new) == ("failed", 0), (what, name)
                assert run.error, (what, name)
                assert "mistake in its code" not in run.error, (what, name)
                assert PASSWORD not in str(run), (what, name)
        assert rows(sqlite_store) == []

    def check_all_was_asked(self, world: Any) -> None:
        opened = {line for line in world.asked if line.startswith(("EXAMINE", "SELECT"))}
        assert opened == {f'EXAMINE "{name}"' for name in world.folders}
        assert world.asked[-1] == "LOGOUT"
