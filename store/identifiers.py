"""Finds what identifies a person in a text: phone, e-mail, payment card, NIK and NPWP numbers.

Numbers are read as people write them, in groups with blanks, dots and dashes between them. What a
number is, its digits say where they can (a check digit, a date of birth, an area code), and else
the last word before it that names one (`_NAMED`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from store.numbers import MOBILE, Group, date_of, kind_of

KINDS = ("phone", "email", "card", "nik", "npwp")


class Found(NamedTuple):
    """Where something that identifies stands, and which of `KINDS` it is."""

    start: int
    end: int
    kind: str


# No part of an expression can match one text in two ways, so that all take time in proportion to
# the text, whatever it is.
_MAIL_SERVICES = (
    "gmail", "googlemail", "yahoo", "ymail", "rocketmail", "hotmail", "outlook", "icloud",
    "proton", "protonmail",
)  # fmt: skip
_SERVICE = rf"(?:{'|'.join(_MAIL_SERVICES)})"
_WORD_OF_LOCAL = r"[\w.+'’-]{1,64}"
_LOCAL = (
    rf"(?<![\w.+'’-]){_WORD_OF_LOCAL}"
    rf"(?:[ _]?[\[({{] ?(?:dot|titik|\.) ?[\])}}][ _]?{_WORD_OF_LOCAL}){{0,2}}"
)
_AT = r"(?:[ _]?[\[({<] ?(?:a|at|et|@) ?[\])}>][ _]?)"
_DOT = r"(?:[ _]?[\[({<](?:dot|titik|\.)[\])}>][ _]?|[ _](?:dot|titik)[ _]| ?[.,] ?)"
_SPELLED_LOCAL = r"(?<![\w.+'’-])(?:[\w+'’-]{1,32} (?:dot|titik) ){0,3}[\w.+'’-]{1,64}"
"""With dots in words: only before an `at` in words."""

_SPACED_LOCAL = r"(?<![\w.+'’-])(?:[\w+'’-]{1,32} \. ){0,3}[\w.+'’-]{1,64}"
_END = r"(?:com|con|co|id|net|org|me)"
_EMAILS = tuple(
    re.compile(expression, re.IGNORECASE)
    for expression in (
        # An address: its last part is letters, which those of versions and prices are not.
        rf"{_LOCAL}@{{1,2}}(?:[\w-]{{1,63}}\.){{1,4}}"
        r"(?!png|jpe?g|gif|svg|webp)[^\W\d_]{2,24}(?!\w)",
        # One of a service that everybody knows: with a slip, or without its end, or with blanks.
        rf"{_LOCAL}@{{1,2}}{_SERVICE}(?: ?com|(?:{_DOT}{_END}){{0,2}})(?!\w)",
        rf"{_SPACED_LOCAL} ?@[ \n]?{_SERVICE}(?:{_DOT}{_END}){{1,2}}(?!\w)",
        rf"(?<![\w.+'’-])(?!(?:www|m|mail|login)\.)[\w+'’-]{{1,64}}[.#]{_SERVICE}\.{_END}(?!\w)",
        # Written so that machines do not find it.
        rf"{_LOCAL}{_AT}[\w-]{{1,63}}(?:{_DOT}{_END}){{1,2}}(?!\w)",
        rf"{_SPELLED_LOCAL} (?:at|et) {_SERVICE}(?:{_DOT}{_END}){{1,2}}(?!\w)",
        rf"{_SPELLED_LOCAL} (?:at|et) [\w-]{{1,63}} (?:dot|titik) (?:co|ac|go|or|web|sch) "
        r"(?:dot|titik) id(?!\w)",
        # Of no known service: what stands before it must look like more than a word.
        r"(?<![\w.+'’-])[a-z]{1,32}[._\d][\w.-]{0,31} (?:at|et) "
        r"(?:[a-z0-9-]{1,63}\.){1,3}(?:ac|co|go|or|web|sch)\.id(?!\w)",
        rf"(?<!\w)[a-z0-9.+-]{{1,64}}_at_{_SERVICE}(?:{_DOT}{_END}){{1,2}}(?!\w)",
    )
)
_RUN_ON = re.compile(rf"(@{_SERVICE}\.(?:com|co\.id|net|org|me))\.[^\W\d_]{{4,}}$", re.IGNORECASE)
_HIDDEN_EMAIL = (
    " dot ",
    " titik ",
    "[at",
    "(at",
    "{at",
    "[et",
    "(et",
    "<at",
    "[ at",
    "( at",
    "[@",
    " at ",
    *_MAIL_SERVICES,
)

_BLANK = r"[ \xa0\n]"
_MARK = r"[-\u2010-\u2015./_~]"
_GAP = rf"(?=\D)(?:[,*|](?=\d)|\)?(?:{_BLANK}{{1,2}}(?:{_MARK}{_BLANK}?)?|{_MARK}{_BLANK}?)?\(?)"
_ZERO = rf"(?:(?<!\w)(?:nol|kosong|o){_BLANK}?(?=8))"
_NUMBER = re.compile(rf"{_ZERO}?[+(]{{0,2}}\d+(?:{_GAP}\d+)*", re.IGNORECASE)
_GROUP = re.compile(r"\d+|nol|kosong|o", re.IGNORECASE)
_ENOUGH = re.compile(r"\d(?:\D{0,6}\d){7}")
"""No number that is looked for has fewer than eight digits."""

_FEWEST_DIGITS, _MOST_DIGITS = 8, 19

_OPEN = frozenset(" \xa0\n/()")
"""Where a number may end, and the next begin."""

_DIGITS = {
    word: str(digit)
    for words in (
        "nol satu dua tiga empat lima enam tujuh delapan sembilan",
        "zero one two three four five six seven eight nine",
    )
    for digit, word in enumerate(words.split())
} | {"kosong": "0"}
_WORD = rf"(?:{'|'.join(_DIGITS)})"
_TWICE = r"(?:double|dobel)"
_UNIT = rf"(?:\d|(?:{_TWICE} )?{_WORD})"
_SPELLED = re.compile(rf"(?<!\w){_UNIT}(?:[ ,.-]{{0,3}}{_UNIT}){{6,13}}(?!\w)", re.IGNORECASE)
_SPELLED_UNIT = re.compile(rf"(?P<twice>{_TWICE} )?(?P<unit>\d|{_WORD})", re.IGNORECASE)
"""In words, all of it or some digits."""

_LOOKS = str.maketrans("oOlI", "0011")
_KEYCAP = "\u20e3"
_CAP = rf"(?:\ufe0f?{_KEYCAP})?"
_LIKE = re.compile(rf"(?<!\w)[0oO]{_CAP}(?:[ .-]?[\doOlI]{_CAP}){{9,12}}(?!\w)")
"""With letters in place of the digits that they look like, or of keys to press."""

_ENOUGH_ALIKE = re.compile(rf"\d{_CAP}(?:[ .-]?[\doOlI]{_CAP}){{6}}")

_ADDRESS = re.compile(
    r"(?<![\w.@-])(?:https?://|www\.|(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,6}/)\S+", re.IGNORECASE
)
_CALLS = re.compile(r"(?:wa\.me/|phone=|tel:)$", re.IGNORECASE)
_MONEY = re.compile(r"(?:Rp|IDR|USD|\$)\.? ?$", re.IGNORECASE)

_MASKED = re.compile(rf"\[(?:{'|'.join(KINDS)})\]")

_BEFORE = 40
"""Characters in which a word that names a number may stand before it."""

_NAMED = re.compile(
    r"(?<![^\W_])(?:"
    r"(?P<phone>hp|handphone|wa|whatsapp|whatsap|wasap|(?:di)?(?:telp|telpon|telepon|telfon|tlp|tlpn|hubungi)|"
    r"tel|phone|telephone|mobile|kontak|contact|hub|call|sms)|"
    r"(?P<card>kartu|kartunya|card|debit|kredit|credit|atm|visa|mastercard|amex|jcb|diners|cc|dibayar|"
    r"dipotong|terpotong|charged|paid)|"
    r"(?P<nik>nik|ktp|identity|induk)|"
    r"(?P<npwp>npwp|wajib pajak)|"
    r"(?P<thing>order|orderan|pesanan|pembelian|invoice|inv|resi|awb|tracking|lacak|transaksi|"
    r"transaction|trx|ref|referensi|reference|va|virtual account|rekening|norek|rek|account|imei|"
    r"serial|sn|sku|ean|isbn|barcode|voucher|kode|code|token|meter|meteran|pdam|polis|bpjs|tiket|ticket|case|"
    r"otp|pin|versi|version|build)"
    r")(?![^\W_\d])",
    re.IGNORECASE,
)
"""Words that say what the number after them is; a `thing` is nobody's."""

_SENTENCE = re.compile(r"[.!?;]\s|\n")


def find(text: str) -> list[Found]:
    """Return what identifies a person in `text`, in the order in which it stands there.

    Example:
        >>> find("WA 0812-3456-7890, bayar Rp 1.250.000")
        [Found(start=3, end=17, kind='phone')]
    """
    low = text.lower()
    # Asked of every text there is: what most have not is looked for in the quickest way.
    hidden = [sign for sign in _HIDDEN_EMAIL if sign in low]
    found = _emails(text, _EMAILS if hidden else _EMAILS[:1]) if hidden or "@" in text else []
    if any(word in low for word in _DIGITS):
        found += [one for one in _spelled(text) if not _overlaps(one, found)]
    if ("o" in low or _KEYCAP in text) and _ENOUGH_ALIKE.search(text):
        found += [one for one in _alike(text) if not _overlaps(one, found)]
    if _ENOUGH.search(text):
        found += [one for one in _numbers(text, sorted(found)) if not _overlaps(one, found)]
    return sorted(found)


def _overlaps(one: Found, others: Sequence[Found]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)


def _emails(text: str, ways: Sequence[re.Pattern[str]]) -> list[Found]:
    found: list[Found] = []
    spans = (match.span() for way in ways for match in way.finditer(text))
    # Of two readings that begin alike, the longer.
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        while start < end and text[start] in "'’.+-":
            start += 1
        # The next sentence begins at once: of a known service, no part that long follows.
        if run_on := _RUN_ON.search(text, start, end):
            end = run_on.end(1)
        one = Found(start, end, "email")
        if not _overlaps(one, found[-1:]):
            found.append(one)
    return found


def _spelled(text: str) -> Iterator[Found]:
    for match in _SPELLED.finditer(text):
        units = list(_SPELLED_UNIT.finditer(match[0].lower()))
        digits = "".join(
            _DIGITS.get(unit["unit"], unit["unit"]) * (2 if unit["twice"] else 1) for unit in units
        )
        # One word may be how many there are, or that they are two.
        words = sum(unit["unit"] in _DIGITS for unit in units)
        if words > 1 and digits.startswith("0") and MOBILE.fullmatch(digits[1:]):
            yield Found(*match.span(), "phone")


def _alike(text: str) -> Iterator[Found]:
    for match in _LIKE.finditer(text):
        digits = re.sub(r"\D", "", match[0].translate(_LOOKS))
        letters = sum(map(str.isalpha, match[0]))
        disguised = letters or _KEYCAP in match[0]
        if disguised and letters <= len(digits) // 2 and MOBILE.fullmatch(digits[1:]):
            yield Found(*match.span(), "phone")


def _numbers(text: str, known: Sequence[Found]) -> Iterator[Found]:
    addresses = [match.span() for match in _ADDRESS.finditer(text)] if "/" in text else []
    ends = [*(one.end for one in known), *(match.end() for match in _MASKED.finditer(text))]
    end = 0
    for match in _NUMBER.finditer(text):
        if match.end() - match.start() < _FEWEST_DIGITS:
            continue
        # What was found before, or is masked, is no word for what comes after it.
        end = max([end, *(one for one in ends if one <= match.start())])
        before = text[max(end, match.start() - _BEFORE) : match.start()]
        if any(first <= match.start() < last for first, last in addresses):
            if not _CALLS.search(before):
                continue
        elif not _begins(before):
            continue
        groups = _groups(text, match)
        if _MONEY.search(before):
            groups = _after_amount(groups)
        for one in _in_run(groups, text, end):
            yield one
            end = one.end


def _begins(before: str) -> bool:
    """Whether a number may begin after this: not within a code or a name."""
    last = before[-1:]
    if not last or not (last.isalnum() or last in "_/.-@#"):
        return True
    named = list(_NAMED.finditer(before))
    if named and len(before) - named[-1].end() <= 1 and named[-1].lastgroup != "thing":
        return True
    word = before.split()[-1]
    return not last.isalnum() and last not in "@#" and not any(map(str.isdigit, word))


def _groups(text: str, match: re.Match[str]) -> list[Group]:
    found: list[Group] = []
    last = match.start()
    for group in _GROUP.finditer(text, *match.span()):
        digits = "".join(str(int(one)) for one in group[0]) if group[0][0].isdigit() else "0"
        found.append(Group(*group.span(), digits, text[last : group.start()]))
        last = group.end()
    return found


def _after_amount(groups: list[Group]) -> list[Group]:
    for place, group in enumerate(groups[1:], 1):
        if " " in group.gap:
            return groups[place:]
    return []


def _in_run(groups: Sequence[Group], text: str, end: int) -> Iterator[Found]:
    """Yield what identifies among groups that only blanks and marks part."""
    first, free = 0, True
    while first < len(groups):
        # After digits that are of nothing known, a number begins at a blank or a stroke.
        if free or first == 0 or not _OPEN.isdisjoint(groups[first].gap):
            if days := date_of(groups[first : first + 4]):
                first, free = first + days, False
                continue
            found = _longest(groups, first, _named(text, end, groups[first].start))
            if found is not None:
                count, kind = found
                start, end = groups[first].start, groups[first + count - 1].end
                closed = ")" in text[start:end]
                start -= len(_lead(groups[first].gap, "(+" if closed else "+"))
                yield Found(start, end, kind)
                first, free = first + count, True
                continue
        first, free = first + 1, False


def _lead(gap: str, signs: str) -> str:
    """What of the signs stands right before a number."""
    return gap[len(gap.rstrip(signs)) :]


def _longest(groups: Sequence[Group], first: int, named: str | None) -> tuple[int, str] | None:
    """Return how many groups from `first` on are one number, and of which kind."""
    counts: list[int] = []
    digits = 0
    for count, group in enumerate(groups[first : first + _MOST_DIGITS], 1):
        digits += len(group.digits)
        if digits > _MOST_DIGITS:
            break
        if digits >= _FEWEST_DIGITS:
            counts.insert(0, count)
    # What stands together is one number, if it can be one.
    if counts and counts[-1] == 1:
        counts = [1, *counts[:-1]]
    for count in counts:
        rest = groups[first + count].gap if first + count < len(groups) else " "
        if (count == 1 or not _OPEN.isdisjoint(rest)) and (
            kind := kind_of(groups[first : first + count], named)
        ):
            return count, kind
    return None


def _named(text: str, end: int, start: int) -> str | None:
    """Return what the last word that names a number says of the one that begins at `start`."""
    before = text[max(end, start - _BEFORE) : start]
    sentences = [match.end() for match in _SENTENCE.finditer(before)]
    kind = None
    for match in _NAMED.finditer(before, sentences[-1] if sentences else 0):
        kind = match.lastgroup
    return kind
