"""What the sender of a mail wrote now: without quoted mails, signatures and HTML."""

from __future__ import annotations

import re

from mailparser_reply import EmailMessage
from mailparser_reply.constants import MAIL_LANGUAGES, QUOTED_MATCH_INCLUDE

from collectors.html_text import plain_text
from simak.mention import MAX_TEXT_CHARS

_ID = "id"

_LONG_LINE = 300
"""No header of a quoted mail is longer; what is longer is kept from patterns that would take a
time that grows with the square of its length."""

_FIELDS = r"(?:Dikirim|Terkirim|Kepada|Untuk|Tanggal|Hari|Subjek|Perihal|Judul|Cc|Tembusan)"
MAIL_LANGUAGES[_ID] = {
    # Gmail, Apple Mail and Yahoo, on one line or two.
    "wrote_header": (
        rf"^({QUOTED_MATCH_INCLUDE}(?:Pada|Tanggal)\s[^\n]*\n?[^\n]*\b(?:menulis|wrote)\s?:)$"
    ),
    # Outlook; one line alone is no header: people write "Dari: Bandung" too.
    "from_header": (
        rf"((?:^|\n){QUOTED_MATCH_INCLUDE}[* ]*Dari[* ]*:[^\n]*"
        rf"(?:\n{QUOTED_MATCH_INCLUDE}[* ]*{_FIELDS}[* ]*:[^\n]*)+)"
    ),
    "disclaimers": "",
    "signatures": "",
    "sent_from": "",
}

_ORIGINAL = re.compile(
    r"^[> ]*(?:-{3,} ?(?:Original Message|Pesan Asli|Pesan asli|Forwarded message|"
    r"Pesan (?:yang )?[Dd]iteruskan|Pesan [Tt]erusan) ?-{3,}|_{20,}|"
    r"(?:Begin forwarded message|Awal pesan yang diteruskan|Memulai pesan terusan):)$",
    re.MULTILINE | re.IGNORECASE,
)
_QUOTED = re.compile(r"^>.*$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")

_DEVICE = (
    r"(?:iPhone|iPad|Android|Samsung|Galaxy|Xiaomi|Redmi|POCO|OPPO|vivo|realme|Huawei|Infinix|"
    r"BlackBerry|Outlook|Yahoo|Gmail|Mail|Email|HP|ponsel|telepon|tablet|perangkat|aplikasi|"
    r"smartphone|phone|mobile)"
)
# No more than a few words: "Dikirim dari Bandung pakai kardus tipis" is a complaint.
_SENT_FROM = re.compile(
    rf"^(?:(?:Terkirim|Dikirim) (?:dari|dengan) {_DEVICE}\b|"
    rf"Sent (?:from|with|via) (?:my )?(?:[\w,]+ ){{0,4}}{_DEVICE}\b|"
    r"(?:Get|Dapatkan|Unduh) Outlook (?:for|untuk)\b)(?: [\w:]+){0,5}[.!]? ?(?:<[^<>]*>)?$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^(?:(?:best|kind|warm)? ?regards|best wishes|sincerely(?: yours)?|thanks(?: and regards)?|"
    r"thank you|cheers|hormat (?:saya|kami)|salam(?: hormat| hangat)?|wassalam\w*|"
    r"terima ?kasih(?: banyak)?|makasih|trims|tks)\s?[,.!]*$",
    re.IGNORECASE,
)
_CLOSING_LINES, _NAME_CHARS = 6, 60

_BLOCKQUOTE = re.compile(r"<(/?)blockquote\b[^<>]*>", re.IGNORECASE)


def written_text(text: str) -> str:
    """Return what is new in a mail's plain text.

    Example:
        >>> written_text("Belum sampai.\\n\\nPada Sen, 12 Mei 2026 pukul 10.00 CS menulis:\\n> Hai")
        'Belum sampai.'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")[: 2 * MAX_TEXT_CHARS]
    text = "\n".join(line.strip() for line in text.split("\n"))
    text = _BLANK_LINES.sub("\n\n", text).strip()
    original = _ORIGINAL.search(text)
    if original is not None:
        text = text[: original.start()].strip()
    short, held = _hold_long_lines(text)
    reply = EmailMessage(text=short, languages=[_ID, "en"], keep_hyphen_lists=True).read()
    # Its own signatures are not asked for: it cuts all that follows a "Thanks, ...".
    newest = reply.replies[0].full_body if reply.replies else short
    newest = _QUOTED.sub("", newest)
    return _without_signature(_put_back(newest, held))


def written_html(html: str) -> str:
    """Return what is new in a mail's HTML, as plain text.

    Example:
        >>> written_html("<div>Masih rusak</div><blockquote>Halo Kak</blockquote>")
        'Masih rusak'
    """
    html = html[: 20 * MAX_TEXT_CHARS]
    # Some mailers indent with it all that was written.
    return written_text(plain_text(_without_quotes(html)) or plain_text(html))


def _without_quotes(html: str) -> str:
    parts, depth, end = [], 0, 0
    for tag in _BLOCKQUOTE.finditer(html):
        if depth == 0:
            parts.append(html[end : tag.start()])
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        end = tag.end()
    if depth == 0:
        parts.append(html[end:])
    return "\n".join(parts)


def _hold_long_lines(text: str) -> tuple[str, list[str]]:
    held: list[str] = []
    lines = text.replace("\ue000", "").split("\n")
    for number, line in enumerate(lines):
        if len(line) > _LONG_LINE and not line.startswith(">"):
            lines[number] = f"\ue000{len(held)}\ue000"
            held.append(line)
    return "\n".join(lines), held


def _put_back(text: str, held: list[str]) -> str:
    return re.sub("\ue000(\\d+)\ue000", lambda found: held[int(found[1])], text)


def _without_signature(text: str) -> str:
    lines = _BLANK_LINES.sub("\n\n", text).strip().split("\n")
    for number, line in enumerate(lines):
        after = [rest for rest in lines[number + 1 :] if rest]
        if line in ("--", "—", "__") or _is_closing(line, after, first=number == 0):
            lines = lines[:number]
            break
        if _SENT_FROM.match(line):
            # What stands below it is a quote without a header, or the name of a device.
            lines = lines[:number]
            break
    return "\n".join(lines).strip()


def _is_closing(line: str, after: list[str], *, first: bool) -> bool:
    """A greeting on a line of its own, with at most a name and an address below."""
    return (
        not first
        and len(after) <= _CLOSING_LINES
        and bool(_CLOSING.match(line))
        and not any(len(rest) > _NAME_CHARS or rest.endswith(("?", "!")) for rest in after)
    )
