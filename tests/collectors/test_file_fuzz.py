from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from simak.errors import SimakError
from tests.collectors.reading import Read, read, write

quiet = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

CELL = st.text(
    st.one_of(
        st.sampled_from(list(",;\t|\"'\n\r =\0\\x1é😀“")),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=30,
)


def attempt(path: Path) -> Read | None:
    try:
        return read(path)
    except SimakError:
        return None


@quiet
@given(st.binary(max_size=600), st.sampled_from([b"", b"text,stars\n", b"PK\x03\x04", b'{"text":']))
def test_any_bytes_give_rows_or_an_error_that_says_why(
    tmp_path: Path, content: bytes, start: bytes
) -> None:
    result = attempt(write(tmp_path / "a.csv", start + content))
    assert result is None or result.rows > 0


@quiet
@given(st.data())
def test_damaged_gzip_gives_rows_or_an_error(tmp_path: Path, data: st.DataObject) -> None:
    packed = bytearray(gzip.compress(b"id,text\n" + b"1,bagus sekali\n" * 50))
    for _ in range(data.draw(st.integers(1, 5))):
        packed[data.draw(st.integers(2, len(packed) - 1))] = data.draw(st.integers(0, 255))
    packed = packed[: data.draw(st.integers(2, len(packed)))]
    result = attempt(write(tmp_path / "a.csv.gz", bytes(packed)))
    assert result is None or result.rows > 0


@quiet
@example([["a", "b", "c"]], ",", "utf-8")
@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=20),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_well_formed_rows_come_back_as_they_were(
    tmp_path: Path, rows: list[list[str]], separator: str, encoding: str
) -> None:
    rows = [[f"i{number}", f"x{a}", b] for number, (_, a, b) in enumerate(rows)]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerows([["id", "text", "kota"], *rows])
    content = stream.getvalue().encode(encoding)
    result = read(write(tmp_path / "a.csv", content))
    assert not result.bad
    assert [(one.external_id, one.text) for one in result.mentions] == [
        (id, text.replace("\0", "").strip()) for id, text, _ in rows
    ]


@quiet
@given(st.lists(CELL, min_size=1, max_size=15), st.sampled_from([",", ";", "|"]))
def test_careless_rows_are_counted_each(tmp_path: Path, cells: list[str], separator: str) -> None:
    # Nothing is quoted: marks and separators stand where they may.
    plain = [cell.replace("\n", " ").replace("\r", " ").replace("\0", "") for cell in cells]
    lines = [f"n{number}{separator}{cell}" for number, cell in enumerate(plain)]
    header = f"id{separator}text\nfirst{separator}teks\n"
    result = read(write(tmp_path / "a.csv", header + "\n".join(lines) + "\n"))
    quotes = sum(cell.count('"') for cell in plain)
    if quotes == 0:
        assert result.rows == len(lines) + 1
    else:
        # A pair of marks around line ends is a text of several lines, whatever was meant.
        assert result.rows >= 1
        kept = " ".join(result.texts + [str(bad.record) for bad in result.bad])
        for number in range(len(plain)):
            ids = [one.external_id for one in result.mentions]
            assert f"n{number}" in ids or f"n{number}" in kept


@quiet
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["text", "id", "stars", "at", "x"]),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.floats() | CELL,
                lambda inner: (
                    st.lists(inner, max_size=3) | st.dictionaries(CELL, inner, max_size=3)
                ),
                max_leaves=5,
            ),
        ),
        min_size=1,
        max_size=10,
    )
)
def test_any_objects_give_rows_or_an_error(
    tmp_path: Path, objects: list[dict[str, object]]
) -> None:
    lines = [json.dumps(record, ensure_ascii=True) for record in objects]
    result = attempt(write(tmp_path / "a.jsonl", "\n".join(lines)))
    assert result is None or result.rows == len(lines)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 10])
def test_the_smallest_files(tmp_path: Path, size: int) -> None:
    for content in (b"\x1f\x8b" * size, b"PK\x03\x04"[:size], b"\xff\xfe" * size, b"\0" * size):
        assert attempt(write(tmp_path / "a", content)) is None
