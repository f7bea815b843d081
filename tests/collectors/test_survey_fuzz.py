from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.files.dates import read_month
from collectors.survey.rows import read_count, read_score
from tests.collectors.reading import write
from tests.collectors.surveys import Read, read

quiet = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

CELL = st.one_of(
    st.sampled_from(
        ["", "9", "4", "11", "-1", "9/10", "NPS", "ces", "delivery", "Kasir", "2026-05", "3/5/2026"]
    ),
    st.text(
        st.one_of(
            st.sampled_from(list(",;\t|\"'\n\r =\0é😀٣½")), st.characters(exclude_categories=["Cs"])
        ),
        max_size=12,
    ),
)
HEADERS = (
    "id,nps,csat,ces,alasan,tanggal,titik sentuh,segmen",
    "id,metric,score,comment,date,touchpoint,channel,x",
    "bulan,awal,baru,hilang,segmen,a,b,c",
    "month,start,new,lost,nps,csat,id,x",
)


def said(result: Read) -> None:
    """Nothing is lost silently: rows came of it, or an error that says why."""
    assert result.error is not None or result.items > 0
    for one in result.answers:
        assert one.low <= one.score <= one.high
    for count in result.customers:
        assert 0 <= count.lost <= count.start + count.new
    ids = [one.external_id for one in result.answers]
    assert len(set(ids)) == len(ids)


@quiet
@given(st.binary(max_size=300), st.sampled_from([b"", b"id,nps\n", b"PK\x03\x04", b'{"nps":']))
def test_any_bytes_give_rows_or_an_error(tmp_path: Path, content: bytes, start: bytes) -> None:
    said(read(write(tmp_path / "a.csv", start + content)))


@quiet
@given(
    st.sampled_from(HEADERS),
    st.lists(st.lists(CELL, min_size=8, max_size=8), min_size=1, max_size=12),
)
def test_any_cells_are_each_counted_or_said(
    tmp_path: Path, header: str, rows: list[list[str]]
) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerows([header.split(","), *rows])
    result = read(write(tmp_path / "a.csv", stream.getvalue()))
    said(result)
    filled = sum(any(cell.replace("\0", "") for cell in row) for row in rows)
    assert result.error is not None or result.items >= filled
    again = read(tmp_path / "a.csv")
    assert (again.answers, again.customers) == (result.answers, result.customers)


@quiet
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["id", "nps", "metric", "score", "comment", "month", "start", "x"]),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.floats() | CELL,
                lambda inner: st.lists(inner, max_size=3) | st.dictionaries(CELL, inner),
                max_leaves=4,
            ),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_objects_give_rows_or_an_error(
    tmp_path: Path, objects: list[dict[str, object]]
) -> None:
    said(read(write(tmp_path / "a.jsonl", "\n".join(map(json.dumps, objects)))))


@quiet
@given(CELL | st.text(max_size=20))
def test_values_are_read_or_not(value: str) -> None:
    score, count, month = read_score(value), read_count(value), read_month(value)
    assert score is None or abs(score) < 10**7
    assert count is None or 0 <= count < 10**30
    assert month is None or month.day == 1
