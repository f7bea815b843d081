"""Masks what identifies a person, before anything is stored.

Names become keyed hashes; phone numbers, e-mail addresses, payment cards, NIK and NPWP numbers
in texts become `[phone]`, `[email]`, `[card]`, `[nik]` and `[npwp]`.
"""

from __future__ import annotations

import hmac
import re

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}\b")
_NPWP = re.compile(r"(?<!\d)\d{2}\.\d{3}\.\d{3}\.\d[-.]\d{3}\.\d{3}(?!\d)")
_LONG = re.compile(r"(?<![\w.])\+?\d(?:[ .-]?\d){12,18}(?![\d])")
_MOBILE = re.compile(r"(?<![\w/.])(?:\+?62|0)[ .-]?8\d{1,3}(?:[ .-]?\d{2,5}){2,3}(?!\d)")
_LANDLINE = re.compile(
    r"(?<![\w/.])(?:\(0\d{2,3}\) ?|(?:\+62|0)\d{2,3}[ -])\d{3,4}[ -]?\d{3,4}(?!\d)"
)
_HINT = re.compile(r"@|\d[\d .()-]{6,}\d")


def mask(text: str) -> str:
    """Return `text` with contact, card and identity numbers replaced by what they were.

    Example:
        >>> mask("hubungi 0812-3456-7890 atau budi@contoh.id ya")
        'hubungi [phone] atau [email] ya'
        >>> mask("order 20240511123 belum sampai, bayar Rp 1.250.000")
        'order 20240511123 belum sampai, bayar Rp 1.250.000'
    """
    if not _HINT.search(text):
        return text
    text = _EMAIL.sub("[email]", text)
    text = _NPWP.sub("[npwp]", text)
    text = _LONG.sub(_mask_long, text)
    text = _MOBILE.sub(_mask_mobile, text)
    return _LANDLINE.sub("[phone]", text)


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


def _mask_long(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    if len(digits) == 16 and _is_nik(digits):
        return "[nik]"
    if digits.startswith(("08", "628")) and len(digits) <= 14:
        return "[phone]"
    return "[card]" if _passes_luhn(digits) else match[0]


def _mask_mobile(match: re.Match[str]) -> str:
    return "[phone]" if 9 <= len(re.sub(r"\D", "", match[0])) <= 14 else match[0]


_PROVINCES = frozenset(
    province
    for first, last in ((11, 21), (31, 36), (51, 53), (61, 65), (71, 76), (81, 82), (91, 97))
    for province in range(first, last + 1)
)


def _is_nik(digits: str) -> bool:
    """Province, then day (women: + 40) and month of birth, as the civil registry numbers."""
    day, month = int(digits[6:8]), int(digits[8:10])
    born = 1 <= (day - 40 if day > 40 else day) <= 31 and 1 <= month <= 12
    return born and int(digits[:2]) in _PROVINCES


def _passes_luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
