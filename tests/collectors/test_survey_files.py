"""Survey files: which are read, what stands in the way, runs into a store and again."""

from __future__ import annotations

import gzip
import os
from datetime import UTC, datetime
from errno import EACCES
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from collectors.job import Job, probe
from simak.errors import ConfigurationError
from simak.reasons import OFF_SCALE, RAGGED, UNKNOWN_TOUCHPOINT
from store import rollups, runs, surveys
from store.engine import Store, open_store
from store.filter import Filter
from store.mentions import versions
from store.surveys import answers, customer_counts
from store.tables import customer_count, mention, survey_answer
from tests.collectors.conformance import Killed, gather, killed_at_write, rows
from tests.collectors.reading import write
from tests.collectors.surveys import COUNTS, FULL, read, source


def test_workbooks_and_gzipped_files(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["Tanggal", "NPS", "Alasan"])
    book.active.append([datetime(2026, 5, 3, 9), 9, "enak"])
    book.save(tmp_path / "a.xlsx")
    write(tmp_path / "b.csv.gz", gzip.compress(b"id,nps\nx,3\n"))
    result = read(tmp_path)
    assert [a.score for a in result.answers] == [9, 3]
    assert result.answers[0].answered_at == datetime(2026, 5, 3, 9, tzinfo=UTC)


def test_a_folder_a_pattern_and_a_file(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", ".hidden.csv", "~$a.xlsx", "catatan.pdf"):
        write(tmp_path / name, f"id,nps\n{name},9\n")
    (tmp_path / "folder.csv").mkdir()
    assert [a.external_id for a in read(tmp_path).answers] == ["a.csv-nps", "b.csv-nps"]
    assert len(read(tmp_path / "[b-z].csv").answers) == 1
    assert len(read(tmp_path / "catatan.pdf").answers) == 1
    for path in (tmp_path / "*.xls", tmp_path / "tidak-ada.csv"):
        assert "there is no such file" in str(read(path).error)
    (tmp_path / "kosong").mkdir()
    assert "no CSV, TSV, JSONL or XLSX file" in str(read(tmp_path / "kosong").error)


def test_one_file_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", b"PK\x03\x04 half")
    write(tmp_path / "b.csv", "id,nps\nx,9\n")
    write(tmp_path / "c.csv", "id,nama\nx,Budi\n")
    result = read(tmp_path)
    assert len(result.answers) == 1
    assert isinstance(result.error, ConfigurationError)
    assert "a.csv" in str(result.error)
    assert "c.csv" in str(result.error)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, opened = write(tmp_path / "a.csv", "id,nps\nx,9\n"), Path.open

    def refused(self: Path, *args: Any, **options: Any) -> Any:
        if self == file:  # by its mode a file is not kept from root
            raise PermissionError(EACCES, os.strerror(EACCES), str(self))
        return opened(self, *args, **options)

    monkeypatch.setattr(Path, "open", refused)
    error = str(read(tmp_path).error)
    assert str(file) in error
    assert "cannot be read" in error
    assert "Permission denied" in error


def test_a_file_that_ends_early_gives_what_it_has_and_says_so(tmp_path: Path) -> None:
    rows = "".join(f"r{n},{n % 11},komentar {n * 7919}\n" for n in range(9_000))
    packed = gzip.compress(f"id,nps,alasan\n{rows}".encode())
    result = read(write(tmp_path / "a.csv.gz", packed[: len(packed) // 2]))
    assert 0 < len(result.answers) < 9_000
    assert "ends early" in str(result.error)
    (place,) = result.pages[-1].cursor["places"].values()
    assert place["done"] is False


def test_no_row_that_can_be_used_is_an_error_that_says_why(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,nps,touchpoint\na,9,Kasir\nb,8,Kasir\n")
    result = read(path)
    assert result.pages == []
    assert UNKNOWN_TOUCHPOINT in str(result.error)
    assert "line 2" in str(result.error)
    ragged = read(write(tmp_path / "b.csv", "id,nps\n1,2,3,4\n"))
    assert RAGGED in str(ragged.error)


def test_only_what_has_changed_is_read_again(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "id,nps,titik sentuh\nx,9,\n")
    b = write(tmp_path / "b.csv", "id,nps\ny,9\n")
    cursor = dict(read(tmp_path).pages[-1].cursor)
    same = read(tmp_path, cursor=cursor)
    assert (same.items, same.notes) == (0, ["no file has changed since the last run"])
    assert [page.cursor for page in same.pages] == [cursor]
    write(b, "id,nps\ny,9\nz,1\n")
    assert [a.external_id for a in read(tmp_path, cursor=cursor).answers] == ["y-nps", "z-nps"]
    # So is all that would now be read in another way.
    assert len(read(tmp_path, cursor=cursor, scale={"nps": [1, 10]}).answers) == 3
    b.unlink()
    later = read(tmp_path, cursor=cursor, scale={"nps": [1, 10]}).pages[-1].cursor
    assert list(later["places"]) == [(tmp_path / "a.csv").as_posix()]


def test_a_probe_counts_answers_and_stores_nothing(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", FULL)
    write(tmp_path / "b.csv", COUNTS)
    found = probe(Job(source=source(tmp_path)))
    assert (found.items, found.error) == (3, None)
    assert str(tmp_path) in found.asked


def content(store: Store) -> list[Any]:
    """All that a store says of its answers, counts and comments, but not in which order it came."""
    with store.read() as connection:
        found = [
            sorted(
                repr({k: v for k, v in row.items() if k not in ("id", "mention_id")})
                for row in connection.execute(select(table)).mappings()
            )
            for table in (survey_answer, customer_count, mention)
        ]
        words = select(survey_answer.c.external_id, mention.c.text).outerjoin(
            mention, mention.c.id == survey_answer.c.mention_id
        )
        links = connection.execute(words.order_by(survey_answer.c.external_id))
        return [*found, [tuple(row) for row in links]]


def world(folder: Path, rows: int) -> Path:
    lines = (
        f"r{n},2026-05-{n % 28 + 1:02},{n % 11},{n % 5 + 1},{'bagus ' + str(n) if n % 3 else ''}\n"
        for n in range(rows)
    )
    folder.mkdir()
    write(folder / "a.csv", "id,tanggal,nps,csat,alasan\n" + "".join(lines))
    write(folder / "b.csv", COUNTS)
    return folder


def test_a_run_into_a_store_and_again(store: Store, tmp_path: Path) -> None:
    folder = world(tmp_path / "survei", 250)
    write(folder / "c.csv", "id,nps,alasan\nx,11,\ny,,hanya kata\nz,9,hubungi 0812-3456-7890\n")
    (run,) = gather(store, source(folder))
    # 500 scores, two months, one comment alone, one score; one score outside its scale.
    assert (run.status, run.new, run.got) == (runs.DONE, 504, 505)
    assert run.skipped == {OFF_SCALE: 1}
    assert run.got == run.new + sum(run.skipped.values())
    assert len(answers(store, Filter())) == 501
    assert len(customer_counts(store, Filter())) == 2
    texts = [row["text"] for row in rows(store)]
    assert "hubungi [phone]" in texts
    assert len(texts) == 166 + 2
    assert {row["channel"] for row in rows(store)} == {"survey"}
    rollups.verify(store)
    before = content(store)
    (again,) = gather(store, source(folder))
    assert (again.status, again.got, again.error) == (runs.DONE, 0, None)
    (full,) = gather(store, source(folder), full=True)
    assert (full.new, full.edited, full.unchanged, full.got) == (0, 0, 504, 505)
    other = source(folder)
    other.name = "survei lain"
    assert gather(store, other)[0].unchanged == 504
    assert content(store) == before


def test_an_edit_in_a_file_is_followed(sqlite_store: Store, tmp_path: Path) -> None:
    head = "id,nps,alasan\n"
    path = write(tmp_path / "a.csv", head + "a,9,bagus\nb,8,biasa\nc,7,tetap\n")
    gather(sqlite_store, source(path))
    write(path, head + "a,2,bagus\nb,8,biasa saja\nc,7,tetap\nd,1,\n")
    (run,) = gather(sqlite_store, source(path))
    assert (run.new, run.edited, run.unchanged) == (1, 2, 1)
    found = answers(sqlite_store, Filter())
    assert [row.score for row in found] == [2, 8, 7, 1]
    assert found[1].mention_id is not None
    assert [text for text, _ in versions(sqlite_store, found[1].mention_id)] == ["biasa"]


def test_a_run_killed_at_any_page_is_completed_by_the_next(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collectors.sources.survey.PAGE_ROWS", 100)
    folder = world(tmp_path / "survei", 130)
    gather(sqlite_store, source(folder))
    undisturbed = content(sqlite_store)
    assert len(undisturbed[0]) == 260
    for page in (1, 2, 3):
        store = open_store(f"sqlite:///{tmp_path / f'killed-{page}.db'}")
        with killed_at_write(page, monkeypatch), pytest.raises(Killed):
            gather(store, source(folder))
        assert content(store) != undisturbed
        (run,) = gather(store, source(folder))
        assert run.status == runs.DONE
        # What was stored page by page is not read again.
        assert run.got == (262, 62, 2)[page - 1]
        assert content(store) == undisturbed
        store.close()


def test_a_run_killed_within_a_page_is_completed_by_the_next(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = world(tmp_path / "survei", 150)
    real, calls = surveys.save_answers, []

    def save(*arguments: Any, **options: Any) -> Any:
        saved = real(*arguments, **options)
        calls.append(saved)
        if len(calls) == 3:
            raise Killed
        return saved

    with monkeypatch.context() as patch:
        patch.setattr("collectors.runner.surveys.save_answers", save)
        with pytest.raises(Killed):
            gather(store, source(folder))
    assert len(answers(store, Filter())) == 200
    linked = {row.mention_id for row in answers(store, Filter())} - {None}
    assert len(linked) == len(rows(store)) > 0
    (run,) = gather(store, source(folder))
    assert (run.new, run.unchanged, run.got) == (102, 200, 302)
    assert len(answers(store, Filter())) == 300
    rollups.verify(store)


def test_answers_are_written_in_small_transactions(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []

    def save(*arguments: Any, **options: Any) -> Any:
        sizes.append(len(arguments[2]))
        return real(*arguments, **options)

    real = surveys.save_answers
    monkeypatch.setattr("collectors.runner.surveys.save_answers", save)
    (run,) = gather(sqlite_store, source(world(tmp_path / "survei", 260)))
    assert run.new == 522
    assert sizes == [100] * 5 + [20]
