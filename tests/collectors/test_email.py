from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from collectors.sources.email import EmailSource
from simak.errors import ConfigurationError
from simak.reasons import NOBODY_WROTE, NOT_A_CUSTOMER, UNKNOWN_SHAPE
from store.engine import Store
from store.runs import Run
from tests.collectors.conformance import NOW, gather, row, rows
from tests.collectors.imap_server import PASSWORD, USER, ImapServer, mail, serving


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with serving() as running:
        yield running


def source(server: ImapServer, **options: Any) -> EmailSource:
    return EmailSource(name="cs", brand="Senandika", options=server.options(**options))


def poll(store: Store, server: ImapServer, **options: Any) -> Run:
    server.asked = []
    return gather(store, source(server, **options))[0]


def test_a_mail_becomes_a_mention(sqlite_store: Store, server: ImapServer) -> None:
    server.put(
        mail(
            "Kak, kardusnya penyok.\n\nTerkirim dari iPhone saya\n\n"
            "Pada Sen, 11 Mei 2026 pukul 09.00 CS <cs@senandika.example> menulis:\n> Sudah tiba?\n",
            subject="Bls: Re: Pesanan 17",
            answers="lama@senandika.example",
        )
    )
    run = poll(sqlite_store, server)
    assert (run.status, run.new) == ("done", 1)
    (found,) = rows(sqlite_store)
    assert found["text"] == "Pesanan 17\nKak, kardusnya penyok."
    assert (found["external_id"], found["parent_id"]) == (
        "a@mail.example",
        "lama@senandika.example",
    )
    assert (found["channel"], found["kind"], found["source"]) == ("email", "message", "email")
    assert found["published_at"] == datetime(2026, 5, 12, 3, tzinfo=UTC)
    assert found["author_key"]
    assert "sari" not in str(found)


def test_the_next_run_asks_for_what_is_new(sqlite_store: Store, server: ImapServer) -> None:
    server.put(mail(id="a@x"), mail(id="b@x"))
    poll(sqlite_store, server)
    assert poll(sqlite_store, server).got == 0
    assert not [line for line in server.asked if "FETCH" in line]
    server.put(mail("Yang baru", id="c@x"))
    assert poll(sqlite_store, server).new == 1
    assert "UID SEARCH UID 3:*" in server.asked
    fetched = [line for line in server.asked if "FETCH" in line]
    assert [line.split()[2] for line in fetched] == ["3"]


def test_numbers_given_anew_double_nothing(sqlite_store: Store, server: ImapServer) -> None:
    server.put(mail(id="a@x"), mail(id="b@x"), mail("Ketiga", id="c@x"))
    poll(sqlite_store, server)
    inbox = server.folders["INBOX"]
    inbox.validity, inbox.mails = 2, {7: mail(id="b@x"), 9: mail("Baru", id="d@x")}
    run = poll(sqlite_store, server)
    assert (run.new, run.unchanged, run.edited) == (1, 1, 0)
    assert any("read again" in note for note in run.notes)
    assert len(rows(sqlite_store)) == 4


def test_the_same_mail_in_two_folders_is_one(sqlite_store: Store, server: ImapServer) -> None:
    server.put(mail(id="a@x"))
    server.put(mail(id="a@x"), folder="Arsip [2026] & lama")
    run = poll(sqlite_store, server, folder=["INBOX", "Arsip [2026] & lama"])
    assert (run.new, run.unchanged) == (1, 1)


def test_nothing_is_marked_or_changed(sqlite_store: Store, server: ImapServer) -> None:
    server.put(mail())
    poll(sqlite_store, server, sent="INBOX")
    words = " ".join(server.asked)
    assert "EXAMINE" in words
    assert "BODY.PEEK[]" in words
    assert not any(word in words for word in ("SELECT", "STORE", "EXPUNGE", "BODY[]", "MOVE"))


def test_an_answer_is_the_reply_of_what_it_answers(sqlite_store: Store, server: ImapServer) -> None:
    server.put(mail("Kapan dikirim?", id="a@x"), mail("Refund dong", id="b@x"))
    server.put(folder="Terkirim")
    server.folders["Terkirim"].arrived = "14-May-2026 00:00:00 +0000"
    poll(sqlite_store, server, sent="Terkirim")
    assert row(sqlite_store, having="Kapan")["reply"] is None
    later = mail("Sudah dikirim, Kak.", id="r2@s", answers="a@x",
                 date="Wed, 13 May 2026 12:00:00 +0700")  # fmt: skip
    first = mail("Besok ya, Kak.\n\nPada Sel, 12 Mei 2026 pukul 10.00 Sari menulis:\n> Kapan?",
                 id="r1@s", answers="a@x", date="Tue, 12 May 2026 12:00:00 +0700")  # fmt: skip
    robot = mail("Tiket Anda 17", id="r0@s", answers="a@x",
                 date="Tue, 12 May 2026 10:01:00 +0700", Auto_Submitted="auto-replied")  # fmt: skip
    server.put(robot, later, folder="Terkirim")
    assert poll(sqlite_store, server, sent="Terkirim").edited == 1
    assert row(sqlite_store, having="Kapan")["reply"] == "Sudah dikirim, Kak."
    server.put(first, mail("Siapa ini?", answers="unknown@x"), folder="Terkirim")
    run = poll(sqlite_store, server, sent="Terkirim")
    assert (run.new, run.edited, run.skipped) == (0, 1, {NOT_A_CUSTOMER: 2})
    answered = row(sqlite_store, having="Kapan")
    assert answered["reply"] == "Besok ya, Kak."
    assert answered["reply_at"] == datetime(2026, 5, 12, 5, tzinfo=UTC)
    assert row(sqlite_store, having="Refund")["reply"] is None


def test_an_answer_is_kept_when_all_is_read_again(sqlite_store: Store, server: ImapServer) -> None:
    server.put(*(mail("Halo?", id=f"{n}@x") for n in range(45)))
    server.put(mail("Ya, Kak?", id="r@s", answers="44@x"), folder="Terkirim")
    poll(sqlite_store, server, sent="Terkirim")
    before = rows(sqlite_store)
    assert [found["external_id"] for found in before if found["reply"]] == ["44@x"]
    again = gather(sqlite_store, source(server, sent="Terkirim"), full=True)[0]
    assert (again.edited, rows(sqlite_store)) == (0, before)


def test_who_is_no_customer_is_counted(sqlite_store: Store, server: ImapServer) -> None:
    server.put(
        mail("Sampai kapan?", id="a@x"),
        mail("Catatan kami", id="b@x", sender="rina@toko.example"),
        mail("Catatan kami", id="c@x", sender=USER),
        mail("Terkirim", id="d@x", sender="MAILER-DAEMON@mail.example"),
        mail("Promo!", id="e@x", List_Unsubscribe="<mailto:x@y>"),
    )
    run = poll(sqlite_store, server, own_addresses="toko.example")
    assert (run.new, run.skipped) == (1, {NOT_A_CUSTOMER: 3, NOBODY_WROTE: 1})


def test_a_refusal_says_what_to_do(sqlite_store: Store, server: ImapServer) -> None:
    server.put(mail())
    for command, words, said in (
        ("LOGIN", "[AUTHENTICATIONFAILED] bad " + PASSWORD, "refuses the login"),
        ("LOGIN", "[UNAVAILABLE] later", "is busy"),
        ("LOGIN", "Too many simultaneous connections", "is busy"),
        ("EXAMINE", "[NONEXISTENT] no such folder", "no such folder"),
        ("SEARCH", "[SERVERBUG] oops", "is busy"),
        ("SEARCH", "no", "refuses what a mailbox must do"),
        ("FETCH", "no", "does not give them"),
    ):
        server.refuses = {command: words}
        run = poll(sqlite_store, server)
        assert run.status == "failed", words
        assert said in (run.error or ""), words
        assert PASSWORD not in str(run)
    server.refuses = {}
    assert poll(sqlite_store, server).new == 1


def test_a_missing_folder_does_not_stop_the_others(sqlite_store: Store, server: ImapServer) -> None:
    server.put(mail())
    server.refuses = {"EXAMINE": "no such folder"}
    run = poll(sqlite_store, server, folder=["Keluhan", "INBOX"])
    assert [line for line in server.asked if "EXAMINE" in line] == [
        'EXAMINE "Keluhan"',
        'EXAMINE "INBOX"',
    ]
    assert "no such folder" in (run.error or "")


def test_a_password_is_not_sent_where_the_server_wants_none(
    sqlite_store: Store, server: ImapServer
) -> None:
    server.capabilities = "IMAP4rev1 LOGINDISABLED STARTTLS"
    run = poll(sqlite_store, server)
    assert "takes no password on an open line" in (run.error or "")
    assert not any("LOGIN" in line for line in server.asked)


@pytest.mark.parametrize("how", ["hangs", "drips"])
def test_a_server_that_hangs_or_drips_is_left(
    sqlite_store: Store, server: ImapServer, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    for name in ("TIMEOUT", "MAX_SECONDS", "LEAVE"):
        monkeypatch.setattr(f"collectors.services.mail.imap.{name}", 0.1)
    server.put(mail())
    for when in ("greeting", "LOGIN", "EXAMINE", "SEARCH", "FETCH"):
        setattr(server, how, {when})
        run = poll(sqlite_store, server)
        assert run.status == "failed", when
        assert "does not answer in time" in (run.error or ""), when
    setattr(server, how, {"LOGOUT"})
    run = poll(sqlite_store, server)
    assert (run.status, run.new) == ("done", 1)


def test_a_server_that_is_not_there_is_named(sqlite_store: Store) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"host": "127.0.0.1", "port": port, "user": "cs", "password": PASSWORD}
    for security in ("tls", "starttls", "none"):
        run = gather(
            sqlite_store,
            EmailSource(name="cs", brand="Senandika", options={**options, "security": security}),
        )[0]
        assert f"127.0.0.1:{port} cannot be reached" in (run.error or "")


@pytest.mark.parametrize("how", ["hidden", "damaged"])
def test_mails_that_are_named_and_not_given(
    sqlite_store: Store, server: ImapServer, how: str
) -> None:
    server.put(mail(id="a@x"), mail(id="b@x"))
    setattr(server, how, {1, 2})
    run = poll(sqlite_store, server)
    assert "does not give them" in (run.error or "")
    assert rows(sqlite_store) == []
    # One of them must not keep the others away for ever.
    setattr(server, how, {1})
    run = poll(sqlite_store, server)
    assert (run.status, run.new, run.skipped) == ("done", 1, {UNKNOWN_SHAPE: 1})
    assert poll(sqlite_store, server).got == 0


def test_mails_thrown_away_meanwhile_are_no_loss(
    sqlite_store: Store, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put(mail(id="a@x"), mail(id="b@x"))
    monkeypatch.setattr("collectors.services.mail.mailbox.Mailbox.uids", lambda *_, **__: [1, 2, 3])
    run = poll(sqlite_store, server)
    assert (run.status, run.new) == ("done", 2)


def test_a_folder_that_names_none_of_its_mails(sqlite_store: Store, server: ImapServer) -> None:
    server.put(mail())
    server.folders["INBOX"].mails = _Counted(server.folders["INBOX"].mails)
    run = poll(sqlite_store, server)
    assert "names none of the 1 mails" in (run.error or "")


class _Counted(dict[int, bytes]):
    """Counts its mails and does not show them."""

    def __iter__(self) -> Iterator[int]:
        return iter(())


def test_no_more_of_a_mail_is_fetched_than_its_text(
    sqlite_store: Store, server: ImapServer
) -> None:
    server.put(mail("Foto terlampir. " + "x" * 400_000))
    poll(sqlite_store, server)
    fetched = [line for line in server.asked if "FETCH" in line]
    assert len(fetched) == 1
    assert "<0.262144>" in fetched[0]
    assert rows(sqlite_store)[0]["text"].startswith("Pesanan\nFoto terlampir.")


def test_a_mail_whose_pictures_come_first_is_fetched_whole(
    sqlite_store: Store, server: ImapServer
) -> None:
    picture = (
        "Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + ("QUFB" * 18 + "\r\n") * 5_000
    )
    raw = (
        "From: sari@mail.example\r\nMessage-ID: <a@x>\r\nSubject: Re: Foto\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        f"--b\r\n{picture}\r\n--b\r\nContent-Type: text/plain\r\n\r\nTutupnya pecah\r\n--b--\r\n"
    )
    server.put(raw.encode(), mail("Kedua", id="b@x"))
    assert poll(sqlite_store, server).new == 2
    assert row(sqlite_store, having="Tutupnya")["external_id"] == "a@x"
    assert len([line for line in server.asked if "FETCH" in line]) == 2


def test_options_are_checked(server: ImapServer) -> None:
    for wrong in ({"port": "993"}, {"port": True}, {"port": 0}, {"security": "ssl"}, {"x": 1}):
        with pytest.raises(ConfigurationError, match=next(iter(wrong))):
            source(server, **wrong)
    assert PASSWORD not in source(server).asks()
    assert USER not in source(server).asks()


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate for 127.0.0.1 with its key, which nobody trusts yet."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_only_a_valid_certificate_is_trusted(
    sqlite_store: Store, certificate: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    with serving(tls, at_once=security == "tls") as server:
        server.capabilities = "IMAP4rev1 STARTTLS LOGINDISABLED"
        server.put(mail())
        refused = poll(sqlite_store, server, security=security)
        assert "certificate that is not valid" in (refused.error or "")
        assert not any("LOGIN " in line for line in server.asked)
        trust = ssl.create_default_context(cafile=certificate)
        monkeypatch.setattr("collectors.services.mail.imap._trust", lambda: trust)
        server.capabilities = "IMAP4rev1 STARTTLS"
        assert poll(sqlite_store, server, security=security).new == 1


def test_no_tls_where_it_is_asked_for(sqlite_store: Store, server: ImapServer) -> None:
    assert "offers no STARTTLS" in (poll(sqlite_store, server, security="starttls").error or "")
    assert "speaks no TLS" in (poll(sqlite_store, server, security="tls").error or "")
    assert not any("LOGIN" in line for line in server.asked)


def test_a_time_that_cannot_be_is_that_of_the_arrival(
    sqlite_store: Store, server: ImapServer
) -> None:
    arrived = datetime(2026, 5, 12, 3, 0, 5, tzinfo=UTC)
    dates = [b"Fri, 01 Jan 2038 00:00:00 +0000", b"kemarin", b"Tue, 12 May 2026 10:00:00", b""]
    head = b"From: sari@mail.example\r\nDate: %s\r\nMessage-ID: <%d@x>\r\n\r\nKapan?"
    server.put(*(head % (date, number) for number, date in enumerate(dates)))
    server.put(mail(id="utc@x", date="Mon, 11 May 2026 10:00:00 -0000"))
    poll(sqlite_store, server)
    times = {found["external_id"]: found["published_at"] for found in rows(sqlite_store)}
    assert times.pop("utc@x") == datetime(2026, 5, 11, 10, tzinfo=UTC)
    assert set(times.values()) == {arrived}
    assert arrived < NOW
