"""Masks what identifies a person, before anything is stored.

Names become keyed hashes; phone numbers, e-mail addresses, payment cards, NIK and NPWP numbers
in texts become `[phone]`, `[email]`, `[card]`, `[nik]` and `[npwp]`.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from store.identifiers import find


@dataclass(frozen=True, slots=True)
class Privacy:
    """What is kept of a person.

    Attributes:
        key: secret of the author hashes.
        keep_raw: store names and texts as they came. Off unless turned on.
    """

    key: bytes
    keep_raw: bool = False


def mask(text: str) -> str:
    """Return `text` with contact, card and identity numbers replaced by what they were.

    Example:
        >>> mask("hubungi 0812-3456-7890 atau budi@contoh.id ya")
        'hubungi [phone] atau [email] ya'
        >>> mask("order 20240511123 belum sampai, bayar Rp 1.250.000")
        'order 20240511123 belum sampai, bayar Rp 1.250.000'
    """
    # Again, as what stood beside a number may be one that could not be told apart from it.
    while found := find(text):
        pieces: list[str] = []
        at = 0
        for one in found:
            pieces += text[at : one.start], f"[{one.kind}]"
            at = one.end
        text = "".join([*pieces, text[at:]])
    return text


def author_key(name: str, key: bytes) -> str:
    """Return the keyed hash that stands for an author: HMAC-SHA-256, first 20 hex digits.

    Case and surrounding blanks do not matter.

    Example:
        >>> author_key(" Budi ", b"k") == author_key("budi", b"k")
        True
    """
    return hmac.new(key, name.strip().casefold().encode("utf-8", "replace"), "sha256").hexdigest()[
        :20
    ]
