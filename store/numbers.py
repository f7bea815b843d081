"""Says what a number is that people have written in groups: a phone, card, NIK or NPWP number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple


class Group(NamedTuple):
    """Digits that stand together, and what stands between them and those before."""

    start: int
    end: int
    digits: str
    gap: str


MOBILE = re.compile(r"8[1-9]\d{7,10}")
_AREA = ("021", "022", "024", "031", "061")
"""Of the largest towns; the others have a digit more."""

_NPWP_GROUPS = [2, 3, 3, 1, 3, 3]

_ISSUERS = re.compile(
    # Visa; Mastercard; Amex; JCB; Diners; Discover, UnionPay, Maestro; GPN, Indonesia's own.
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|"
    r"3[47]\d{13}|35[2-8]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:5[0678]|6\d)\d{14,17}|1946\d{12}"
)

_PROVINCES = frozenset(
    province
    for first, last in ((11, 19), (21, 21), (31, 36), (51, 53), (61, 65), (71, 76), (81, 82))
    for province in range(first, last + 1)
) | frozenset(range(91, 98))


def date_of(groups: Sequence[Group]) -> int:
    """Return how many of the groups are a day: 3 or none."""
    if len(groups) < 3 or groups[1].gap != groups[2].gap or groups[1].gap not in {"-", ".", "/"}:
        return 0
    if len(groups) == 4 and groups[3].gap == groups[1].gap:
        return 0
    sizes = tuple(len(group.digits) for group in groups[:3])
    if max(sizes) > 4:
        return 0
    numbers = [int(group.digits) for group in groups[:3]]
    if sizes[0] == 4:
        sizes, numbers = sizes[::-1], numbers[::-1]
    day, month, year = numbers
    long = sizes[2] == 4 and 1900 <= year < 2100
    right = max(sizes[:2]) <= 2 and (long or sizes[2] == 2) and 1 <= day <= 31 and 1 <= month <= 12
    return 3 if right else 0


def kind_of(groups: Sequence[Group], named: str | None) -> str | None:
    """Return which kind a number is; None where it identifies nobody.

    Args:
        groups: the whole number.
        named: what the last word before it says it is: `phone`, `card`, `nik`, `npwp`, `thing`
            for what is nobody's, or None.

    Example:
        >>> kind_of([Group(0, 16, "4111111111111111", "")], None)
        'card'
    """
    sizes = [len(group.digits) for group in groups]
    if sizes == _NPWP_GROUPS:
        return "npwp"
    if _ends_with_a_count(groups, sizes):
        return None
    digits = "".join([group.digits for group in groups])
    amount = (
        len(sizes) > 1
        and digits[0] != "0"
        and set(sizes[1:]) == {3}
        and all(group.gap in {".", ","} for group in groups[1:])
    )
    plus = groups[0].gap.endswith("+")
    if amount and not plus and named != "phone":
        return None
    if _is_phone(digits, groups, plus=plus, named=named):
        return "phone"
    if any("," in group.gap for group in groups[1:]):
        return None  # a pair of coordinates
    card = named != "thing" and _ISSUERS.fullmatch(digits) is not None and passes_luhn(digits)
    if card and named == "card":
        return "card"
    if len(digits) in (15, 16) and (named == "npwp" or (named is None and _is_npwp(digits))):
        return "npwp"
    if len(digits) == 16 and (named == "nik" or (named != "thing" and _is_nik(digits))):
        return "nik"
    return "card" if card else None


def _is_phone(digits: str, groups: Sequence[Group], *, plus: bool, named: str | None) -> bool:
    if not plus and digits.startswith("0062"):
        plus, digits = True, digits[2:]
    if digits.startswith("62"):
        national = digits[2:].removeprefix("0")
        if MOBILE.fullmatch(national):
            return plus or named != "thing" or not _is_dotted(groups)
        return (plus or named == "phone") and re.fullmatch(r"[2-79]\d{7,10}", national) is not None
    if plus:
        return digits[0] != "0" and 8 <= len(digits) <= 15
    if named == "phone" and re.fullmatch(r"00[1-9]\d{9,13}", digits):
        return True
    if not digits.startswith("0"):
        return named == "phone" and MOBILE.fullmatch(digits) is not None
    if named == "thing" and (
        len(groups[0].digits) == 2 or (len(groups) == 1 and len(digits) == 10)
    ):
        return False  # 08-1122-3344; accounts of most banks have ten digits
    if MOBILE.fullmatch(digits[1:]):
        # 08.12.3456 is a version.
        return not (_is_dotted(groups) and len(groups[0].digits) < 3)
    if named == "thing" or digits[1:2] in ("", "0", "1", "8"):
        return False
    if len(groups) == 1:
        return digits.startswith(_AREA) and len(digits) in (10, 11)
    area = groups[0].digits
    long = area in _AREA or len(area) == 4
    return long and 5 <= len(digits) - len(area) <= 8


def _ends_with_a_count(groups: Sequence[Group], sizes: Sequence[int]) -> bool:
    """Whether the last group is how many there are of something: a digit that is apart."""
    if len(sizes) == 1 or sizes[-1] > 1 or max(sizes) == 1 or groups[-1].gap == "-":
        return False
    return len(sizes) < 7 or max(sizes[1:]) > 1  # +62 8 1 2 …


def _is_dotted(groups: Sequence[Group]) -> bool:
    return len(groups) > 1 and all(group.gap == "." for group in groups[1:])


def _is_npwp(digits: str) -> bool:
    """The ninth digit checks the eight before it; then office and branch, the first mostly 000.

    One of 16 digits is a NIK, which is told from its shape, or a 0 before the 15 of old.
    """
    if len(digits) == 16:
        if digits[0] != "0":
            return False
        digits = digits[1:]
    return digits[12:14] == "00" and digits[9:12] != "000" and passes_luhn(digits[:9])


def _is_nik(digits: str) -> bool:
    """Province, regency or town, district, then day (women: + 40) and month of birth."""
    day, month, regency = int(digits[6:8]), int(digits[8:10]), int(digits[2:4])
    born = 1 <= (day - 40 if day > 40 else day) <= 31 and 1 <= month <= 12
    placed = int(digits[:2]) in _PROVINCES and (1 <= regency <= 39 or 71 <= regency <= 79)
    return born and placed and digits[4:6] != "00" and digits[12:] != "0000"


def passes_luhn(digits: str) -> bool:
    """Whether the last digit checks the others: ISO/IEC 7812-1 annex B.

    Example:
        >>> passes_luhn("4111111111111111"), passes_luhn("4111111111111112")
        (True, False)
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
