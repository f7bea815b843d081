from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes

import pytest

from collectors.services.mail.items import Mail, Own, mention_of, topic
from collectors.services.mail.parts import body_of, decoded, header
from collectors.services.mail.text import written_html, written_text
from simak.errors import BadRecord
from simak.mention import RawMention
from simak.reasons import NO_TEXT, NO_WORDS, NOBODY_WROTE, NOT_A_CUSTOMER
from tests.collectors.imap_server import mail

NOW = datetime(2026, 6, 1, tzinfo=UTC)
OWN = Own(["cs@senandika.example", "toko.example"])
SAID = "Kardusnya penyok, isinya pecah."


def read(raw: bytes) -> RawMention | str:
    return mention_of(Mail(1, message_from_bytes(raw)), OWN, NOW)


def mention(raw: bytes) -> RawMention:
    result = read(raw)
    assert isinstance(result, RawMention), result
    return result


@pytest.mark.parametrize(
    "below",
    [
        "Pada Sen, 12 Mei 2026 pukul 10.00 CS Senandika <cs@senandika.example> menulis:\n> Halo",
        "Pada tanggal Sen, 12 Mei 2026 10.00, CS Senandika\n<cs@senandika.example> menulis:\n> Hai",
        "Pada 12 Mei 2026, pukul 10.00, CS Senandika <cs@x> menulis:\n\nHalo Kak, mohon ditunggu",
        "Tanggal 12 Mei 2026 10.00 CS menulis :\n> Halo",
        "On Tue, May 12, 2026 at 10:00 AM CS <cs@senandika.example> wrote:\n> Hello",
        "-----Pesan Asli-----\nDari: CS\nHalo Kak",
        "-----Original Message-----\nFrom: CS\nSent: Tuesday\n\nHello",
        "---------- Pesan terusan ---------\nDari: Toko\nKe: Sari\nPromo",
        "Dari: CS Senandika <cs@senandika.example>\nDikirim: Selasa, 12 Mei 2026 10.00\n"
        "Kepada: Sari\nSubjek: RE: Pesanan\n\nHalo Kak",
        "From: CS <cs@senandika.example>\nSent: Tuesday\nTo: Sari\nSubject: RE: Pesanan\n\nHello",
        "________________________________\nDari: CS\nDikirim: Selasa\n\nHalo",
        "Terkirim dari iPhone saya",
        "Sent from my iPhone",
        "Dikirim dari Yahoo Mail di Android",
        "Dikirim dari ponsel cerdas Samsung Galaxy saya.",
        "Sent from my Verizon, Samsung Galaxy smartphone",
        "Dapatkan Outlook untuk Android<https://aka.ms/AAb9ysg>",
        "-- \nSari Wulandari\nJl. Mawar 3, Bandung",
        "Salam hormat,\nSari Wulandari",
        "Terima kasih,\nSari\n0812-0000-1111",
        "Best regards,\nSari",
        "> Halo Kak\n> Mohon ditunggu",
    ],
)
def test_what_was_not_written_now_is_taken_off(below: str) -> None:
    assert written_text(f"{SAID}\n\n{below}\n") == SAID
    assert written_text(f"{SAID}\r\n\r\n{below}\r\n".replace("\n>", "\r\n>")) == SAID


@pytest.mark.parametrize(
    "text",
    [
        "Terima kasih",
        "Dikirim dari Bandung tanggal 3, sampai sekarang belum tiba",
        "Dikirim dari Bandung pakai HP belum sampai",
        "Dari: Bandung\ntujuan Medan, tapi nyasar",
        "Yang rusak:\n- kardus penyok\n- isi pecah",
        "Halo,\n\nThanks, tapi barangnya beda dan saya kecewa sekali dengan tokonya.",
        "Terima kasih\nTapi kenapa paket saya belum sampai juga padahal sudah tiga minggu ya?",
        "Pada hari Senin saya pesan, sampai hari ini belum dikirim",
        "x" * 1_000 + "\nkedua",
    ],
)
def test_what_looks_like_a_quote_or_signature_and_is_none_stays(text: str) -> None:
    assert written_text(text) == text


def test_an_answer_below_the_quote_is_found() -> None:
    assert written_text(f"On Mon, CS <cs@x> wrote:\n> Sudah sampai?\n>\n\n{SAID}") == SAID


def test_quotes_in_html_are_left_out() -> None:
    gmail = (
        f'<div dir="ltr">{SAID}<br></div><br><div class="gmail_quote"><div>Pada Sen, 12 Mei 2026 '
        "pukul 10.00 CS &lt;<a>cs@x</a>&gt; menulis:<br></div><blockquote>Halo<blockquote>Lama"
        "</blockquote></blockquote></div>"
    )
    assert written_html(gmail) == SAID
    outlook = (
        f"<p>{SAID}</p><div><p><b>Dari:</b> CS<br><b>Dikirim:</b> Selasa<br><b>Kepada:</b> Sari<br>"
        "<b>Subjek:</b> RE: Pesanan</p></div><p>Halo Kak</p>"
    )
    assert written_html(outlook) == SAID
    assert written_html(f"<blockquote>{SAID}</blockquote>") == SAID
    assert written_html("Pada Sen CS menulis:<blockquote>Halo Kak</blockquote>") == ""


def test_a_text_is_read_once_whether_plain_or_html() -> None:
    both = mention(mail(SAID, html=f"<p>{SAID}</p><style>p{{}}</style>"))
    assert both.text == SAID
    assert mention(mail(None, html="<p>Rusak &amp; <b>bau</b></p><p>Kapok</p>")).text == (
        "Rusak & bau\nKapok"
    )


@pytest.mark.parametrize(
    ("charset", "raw"),
    [
        ("utf-8", "“Rusak” – kapok".encode()),
        ("windows-1252", "“Rusak” – kapok".encode("windows-1252")),
        ("iso-8859-1", "“Rusak” – kapok".encode("windows-1252")),
        ("us-ascii", "“Rusak” – kapok".encode()),
        ("x-unknown", "“Rusak” – kapok".encode()),
        ("utf-8", "“Rusak” – kapok".encode("windows-1252")),
        ("utf-8", "“Rusak” – kapok".encode() + b"\xe2\x80"),
        ("hex", "“Rusak” – kapok".encode()),
        ("", "“Rusak” – kapok".encode()),
        ("utf-16", "“Rusak” – kapok".encode("utf-16")),
    ],
)
def test_charsets_as_they_come(charset: str, raw: bytes) -> None:
    head = b"From: s@mail.example\r\nContent-Type: text/plain; charset=%s\r\n" % charset.encode()
    message = message_from_bytes(head + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + raw)
    assert decoded(raw, charset) == "“Rusak” – kapok"
    if charset != "utf-16":
        assert body_of(message).text == "“Rusak” – kapok"


def test_encodings_and_parts() -> None:
    raw = (
        b"From: =?utf-8?B?U2FyaSDwn5iA?= <SARI@mail.example>\r\nMessage-ID: <a@x>\r\n"
        b"Subject: =?iso-8859-1?Q?Re=3A_Pesanan?=\r\n =?utf-8?B?IOKCrA==?=\r\n"
        b'Content-Type: multipart/mixed; boundary="m"\r\n\r\n'
        b"--m\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nUnVzYWsg8J+YoQ==\r\n"
        b"--m\r\nContent-Type: text/plain; name=log.txt\r\n\r\nbukan teksnya\r\n"
        b"--m\r\nContent-Type: text/html\r\nContent-Disposition: attachment\r\n\r\n<p>bukan</p>\r\n"
        b"--m\r\nContent-Type: message/rfc822\r\n\r\nSubject: lain\r\n\r\nbukan juga\r\n"
        b"--m\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\nKapok =E2=80=93 se=\r\nkali\r\n--m--"
    )
    found = mention(raw)
    assert (found.text, found.title) == ("Rusak 😡\nKapok – sekali", "Pesanan €")
    assert found.author == "sari@mail.example"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (mail(Auto_Submitted="auto-replied"), NOBODY_WROTE),
        (mail(X_Autoreply="yes"), NOBODY_WROTE),
        (mail(Return_Path="<>"), NOBODY_WROTE),
        (mail(Precedence="auto_reply"), NOBODY_WROTE),
        (mail(sender="MAILER-DAEMON@mail.example"), NOBODY_WROTE),
        (mail(sender="bounces+17=x@mail.example"), NOBODY_WROTE),
        (mail(sender="no-reply@pasar.example"), NOBODY_WROTE),
        (mail(subject="Re: Balasan otomatis: cuti"), NOBODY_WROTE),
        (mail(subject="Out of Office"), NOBODY_WROTE),
        (mail(subject="Undeliverable: Pesanan"), NOBODY_WROTE),
        (mail(Precedence="bulk"), NOT_A_CUSTOMER),
        (mail(List_Id="Promo <promo.pasar.example>"), NOT_A_CUSTOMER),
        (mail(List_Unsubscribe="<https://pasar.example/u>"), NOT_A_CUSTOMER),
        (mail(sender="CS <CS@Senandika.example>"), NOT_A_CUSTOMER),
        (mail(sender="rina@toko.example"), NOT_A_CUSTOMER),
        (mail("> Halo\n", subject="Pesanan"), NO_TEXT),
        (mail("\n", subject="Re: Pesanan"), NO_TEXT),
        (mail("", subject=""), NO_TEXT),
    ],
)
def test_what_no_customer_wrote_is_left_out(raw: bytes, reason: str) -> None:
    assert read(raw) == reason


def test_what_a_customer_wrote_is_kept() -> None:
    for raw in (
        mail(SAID, Auto_Submitted="no"),
        mail(SAID, subject="Undelivered for two weeks!"),
        mail(SAID, List_Id="<cs.senandika.example>", Precedence="list"),
        mail(SAID, List_Id="Keluhan <keluhan.toko.example>", List_Unsubscribe="<mailto:x@y>"),
        mail(SAID, sender="sari@bukantoko.example"),
    ):
        assert mention(raw).text == SAID


def test_a_form_on_a_website_is_written_by_who_filled_it_in() -> None:
    form = mail(SAID, sender="noreply@formulir.example", Reply_To="Sari <sari@mail.example>")
    assert mention(form).author == "sari@mail.example"
    own = mail(SAID, sender="noreply@formulir.example", Reply_To="cs@senandika.example")
    assert read(own) == NOBODY_WROTE


def test_a_picture_alone_has_no_words_and_a_subject_alone_has() -> None:
    head = b"From: s@mail.example\r\nMessage-ID: <a@x>\r\nContent-Type: image/jpeg\r\n"
    assert read(head + b"Subject: Re: Foto\r\n\r\n\xff\xd8") == NO_WORDS
    found = mention(head + b"Subject: Tutupnya pecah begini\r\n\r\n\xff\xd8")
    assert (found.text, found.title) == ("Tutupnya pecah begini", None)


@pytest.mark.parametrize(
    ("subject", "said", "is_answer"),
    [
        ("Re: Pesanan", "Pesanan", True),
        ("Bls: RE: Fwd: Fw: Trs: Pesanan 17", "Pesanan 17", True),
        ("Balas: RE[2]: AW: Pesanan", "Pesanan", True),
        ("Refund: kapan?", "Refund: kapan?", False),
        ("Pesanan re: 17", "Pesanan re: 17", False),
        ("", "", False),
    ],
)
def test_subjects(subject: str, said: str, is_answer: bool) -> None:
    assert topic(subject) == (said, is_answer)


def test_a_mail_without_an_id_is_known_by_what_it_says() -> None:
    one, same = mention(mail(SAID, id=None)), mention(mail(SAID, id=None))
    other = mention(mail(SAID, id=None, date="Wed, 13 May 2026 10:00:00 +0700"))
    assert one.external_id == same.external_id != other.external_id
    long = mention(mail(SAID, id="x" * 900 + "@y"))
    assert len(long.external_id) == 32
    bare = mention(mail(SAID, id=None, Message_ID="tanpa-kurung@x"))
    assert bare.external_id == "tanpa-kurung@x"


def test_what_it_answers_is_in_one_header_or_the_other() -> None:
    assert mention(mail(answers="q@x")).parent_id == "q@x"
    assert mention(mail(References="<a@x> <q@x>")).parent_id == "q@x"
    assert mention(mail()).parent_id is None


def test_what_is_no_mail_is_kept_for_inspection() -> None:
    for raw in (b"", b"<html>Masuk</html>", b"{}", b"\r\n\r\nhalo"):
        with pytest.raises(BadRecord):
            read(raw)


def test_headers_that_are_broken() -> None:
    for value in (
        b"=?utf-8?B?!!?=",
        b"=?x-none?Q?a=20b?=",
        b"caf\xe9",
        b"=?utf-8?Q?a",
        b"\xff\xfe",
    ):
        message = message_from_bytes(b"Subject: " + value + b"\r\n\r\n")
        assert isinstance(header(message, "Subject"), str)
