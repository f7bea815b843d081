"""What a file is, by its content and not by its name, and the way to its rows."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from collectors.files.columns import known_names
from collectors.files.delimited import detect_separator, read_delimited
from collectors.files.encoding import detect_encoding, text_lines
from collectors.files.jsonl import read_jsonl
from collectors.files.table import Row, Table, unique_names
from collectors.files.xlsx import read_xlsx
from simak.errors import BadRecord, ConfigurationError

_SAMPLE_BYTES = 262_144
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"

_SAVE_AS = "save it as .xlsx or .csv and import that"
_UNPACK = "unpack it and import what is inside"
_OTHER_KINDS = (
    (b"\x89PNG", "a PNG image", "give the export itself"),
    (b"\xff\xd8\xff", "a JPEG image", "give the export itself"),
    (b"GIF8", "a GIF image", "give the export itself"),
    (b"%PDF", "a PDF", "export the table as CSV or XLSX instead"),
    (b"\xd0\xcf\x11\xe0", "an old .xls workbook, or one with a password", _SAVE_AS),
    (b"PAR1", "a Parquet file", "convert it to CSV"),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV"),
    (b"BZh", "packed with bzip2", _UNPACK),
    (b"\xfd7zXZ", "packed with xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", _UNPACK),
    (b"7z\xbc\xaf", "a 7z archive", _UNPACK),
    (b"Rar!", "a RAR archive", _UNPACK),
    (_GZIP, "gzipped twice", "unpack it once"),
)
_KNOWN = "CSV, TSV, JSONL and XLSX can be read, each also gzipped"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written.

    Attributes:
        format: `csv`, `tsv`, `jsonl` or `xlsx`.
        encoding: as Python names it; None for XLSX.
        separator: between columns; None for JSONL and XLSX.
    """

    path: Path
    format: str
    gzipped: bool
    encoding: str | None = None
    separator: str | None = None


def detect_layout(path: Path) -> Layout:
    """Look at the beginning of a file.

    Raises:
        ConfigurationError: there is no such file, it is empty, or nothing that can be read; says
            what it is and what to do.
    """
    if path.is_dir():
        raise ConfigurationError("this is a folder: name one file in it", path=path)
    try:
        with path.open("rb") as raw:
            gzipped = raw.read(2) == _GZIP
        with ExitStack() as stack:
            sample = _first_bytes(_unpacked(path, gzipped, stack))
    except FileNotFoundError as error:
        raise ConfigurationError("there is no such file", path=path) from error
    except (OSError, zlib.error) as error:
        raise ConfigurationError(f"cannot be read: {error}", path=path) from error
    if not sample.strip(b"\0\r\n\t \xef\xbb\xbf\xfe\xff"):
        raise ConfigurationError("the file is empty: export it again", path=path)
    if sample.startswith(_ZIP):
        return _workbook(path, gzipped)
    for magic, what, advice in _OTHER_KINDS:
        if sample.startswith(magic):
            raise ConfigurationError(f"this is {what}: {advice}; {_KNOWN}", path=path)
    encoding = detect_encoding(sample)
    text = sample.decode(encoding, "replace").lstrip("\ufeff \r\n\t")
    _refuse_other_texts(text, path)
    if text.startswith("{"):
        return Layout(path, "jsonl", gzipped, encoding)
    if len(sample) == _SAMPLE_BYTES:
        text = text[: text.rfind("\n") + 1] or text  # the last line is cut
    separator = detect_separator(text.replace("\0", ""), known_names)
    return Layout(path, "tsv" if separator == "\t" else "csv", gzipped, encoding, separator)


@contextmanager
def open_table(layout: Layout) -> Iterator[Table]:
    """Open a file for one reading from its start; a row at a time is in memory.

    Raises:
        ConfigurationError: there is no row at all; or, from the table's rows, the file ends
            early or is damaged. The rows before that were good.
    """
    warnings: Counter[str] = Counter()
    with ExitStack() as stack:
        try:
            stream = _unpacked(layout.path, layout.gzipped, stack)
            if layout.format == "xlsx":
                header, rows = read_xlsx(_seekable(stream, layout.gzipped, stack))
            elif layout.separator is None:
                lines = text_lines(stream, layout.encoding or "utf-8", warnings)
                header, rows = read_jsonl(lines, warnings)
            else:
                lines = text_lines(stream, layout.encoding or "utf-8", warnings)
                header, rows = read_delimited(lines, layout.separator)
        except Exception as error:  # openpyxl lets out what its parsers raise
            raise _damaged(layout, error) from error
        # JSONL adds to its columns, and its keys are unique already.
        columns = header if layout.format == "jsonl" else unique_names(header)
        yield Table(columns, _guarded(rows, layout), warnings)


def _guarded(rows: Iterator[Row | BadRecord], layout: Layout) -> Iterator[Row | BadRecord]:
    try:
        yield from rows
    except Exception as error:
        raise _damaged(layout, error) from error


def _damaged(layout: Layout, error: Exception) -> ConfigurationError:
    if isinstance(error, EOFError):
        what = "the gzip file ends early: the rows before that are read; get the whole file"
    elif isinstance(error, (zlib.error, gzip.BadGzipFile)):
        what = f"the gzip file is damaged ({error}): the rows before that are read; get it again"
    elif isinstance(error, FileNotFoundError):
        what = "there is no such file"
    elif layout.format == "xlsx" and not isinstance(error, OSError):
        what = f"this workbook is damaged ({type(error).__name__}: {error}): save it again"
    elif isinstance(error, OSError):
        what = f"cannot be read: {error}"
    else:
        raise error  # a mistake of this program
    return ConfigurationError(what, path=layout.path)


def _refuse_other_texts(text: str, path: Path) -> None:
    start = text[:200].lower()
    if start.startswith(("<!doctype html", "<html")):
        advice = "sign in where it comes from and download the export again"
        raise ConfigurationError(f"this is a web page: {advice}", path=path)
    if start.startswith("["):
        advice = "write one object a line (`jq -c '.[]' file.json > file.jsonl`)"
        raise ConfigurationError(f"this is one JSON list: {advice}", path=path)
    # A header is a clean line, whatever the texts below it hold.
    header = text.partition("\n")[0]
    if sum((char < " " and char not in "\t\r\0") or char == "\x7f" for char in header) > 2:
        raise ConfigurationError(f"this is no text and no known format; {_KNOWN}", path=path)


def _first_bytes(stream: BinaryIO) -> bytes:
    sample = b""
    try:
        while len(sample) < _SAMPLE_BYTES and (more := stream.read1(65_536)):  # type: ignore[attr-defined]
            sample += more
    except EOFError:
        pass  # gzip that ends early: said when its rows have been read
    return sample[:_SAMPLE_BYTES]


def _unpacked(path: Path, gzipped: bool, stack: ExitStack) -> BinaryIO:
    if gzipped:
        return cast(BinaryIO, stack.enter_context(gzip.open(path, "rb")))
    return stack.enter_context(path.open("rb"))


def _workbook(path: Path, gzipped: bool) -> Layout:
    layout = Layout(path, "xlsx", gzipped)
    with ExitStack() as stack:
        try:
            stream = _seekable(_unpacked(path, gzipped, stack), gzipped, stack)
            names = zipfile.ZipFile(stream).namelist()
        except Exception as error:
            raise _damaged(layout, error) from error
    if "xl/workbook.xml" not in names:
        raise ConfigurationError(
            f"this is a zip archive and no Excel workbook: {_UNPACK}, or {_SAVE_AS}", path=path
        )
    return layout


def _seekable(stream: BinaryIO, gzipped: bool, stack: ExitStack) -> BinaryIO:
    """Return `stream`, or a copy: a workbook's index stands at its end."""
    if not gzipped:
        return stream
    copy = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
    shutil.copyfileobj(stream, copy)
    copy.seek(0)
    return cast(BinaryIO, copy)
