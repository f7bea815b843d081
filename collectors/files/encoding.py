"""Which encoding a text file is in, and its lines, none of them lost to a wrong guess."""

from __future__ import annotations

import codecs
import io
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from charset_normalizer import from_bytes

NOT_DECODABLE = "lines with bytes that are not in the file's encoding (read as Windows-1252)"
NUL_REMOVED = "lines with NUL bytes (removed)"

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as the one of UTF-16 LE does, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# What spreadsheets and exports in this part of the world write. Told to choose among all it
# knows, the detector takes Central European code pages for Indonesian with a few curly quotes.
_CANDIDATES = ["cp1252", "cp1251", "gb18030", "big5", "shift_jis", "euc_kr"]
_DETECTION_BYTES = 32_768


def detect_encoding(sample: bytes) -> str:
    """Return the encoding of a text file, as Python names it.

    A byte order mark decides; then UTF-8 where it fits, or nearly does; then Windows-1252 where
    most letters are Latin; then what charset-normalizer finds in the lines that are not ASCII.

    Args:
        sample: the file's first bytes; they may end within a character.

    Example:
        >>> detect_encoding("ulasan\\nkafé “enak”\\n".encode("cp1252"))
        'cp1252'
    """
    for bom, name in _BOMS:
        if sample.startswith(bom):
            return name
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if even + odd > len(sample) * 0.2 and not (even and odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
        return "utf-8"
    except UnicodeDecodeError:
        pass
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if sum(char > "\x7f" for char in text) - broken > broken:
        return "utf-8"  # some rows of another encoding were pasted into it
    lines = b"\n".join(line for line in sample.splitlines() if not line.isascii())
    foreign = sum(byte > 0x7F for byte in lines)
    if foreign < sum(65 <= byte & ~0x20 <= 90 for byte in lines):
        return "cp1252"  # Latin letters with some marks among them: too little for statistics
    best = from_bytes(lines[:_DETECTION_BYTES], cp_isolation=_CANDIDATES).best()
    return best.encoding if best else "cp1252"


def text_lines(stream: BinaryIO, encoding: str, warnings: Counter[str]) -> Iterator[str]:
    """Yield the lines with their ends, decoded; what does not decode is replaced and counted.

    Lines are decoded one by one, so that a file whose encoding changes half-way (rows pasted
    from elsewhere, a sample that was all ASCII) is read to its end.

    Args:
        warnings: `NOT_DECODABLE` and `NUL_REMOVED` are counted here.
    """
    first = True
    for line in _decoded(stream, encoding, warnings):
        if first:
            line, first = line.removeprefix("\ufeff"), False
        if "\0" in line:
            warnings[NUL_REMOVED] += 1
            line = line.replace("\0", "")
        yield line


def _decoded(stream: BinaryIO, encoding: str, warnings: Counter[str]) -> Iterator[str]:
    peek = getattr(stream, "peek", None)
    if encoding.startswith(("utf-16", "utf-32")) or (peek and b"\n" not in peek(8192)):
        # Their bytes cannot be split at b"\n"; files of a classic Mac have only b"\r".
        wrapper = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
        for line in wrapper:
            if "\ufffd" in line:
                warnings[NOT_DECODABLE] += 1
            yield line
        return
    for raw in stream:
        try:
            line = raw.decode(encoding)
        except UnicodeDecodeError:
            warnings[NOT_DECODABLE] += 1
            line = raw.decode(encoding, _AS_WINDOWS_1252)
        yield line


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    wrong = error.object[error.start : error.end]
    # Windows-1252 leaves five bytes undefined; Latin-1 gives every byte a character.
    text = "".join(
        bytes([byte]).decode("cp1252", "ignore") or bytes([byte]).decode("latin-1")
        for byte in wrong
    )
    return text, error.end


_AS_WINDOWS_1252 = "simak-windows-1252"
codecs.register_error(_AS_WINDOWS_1252, _as_windows_1252)
