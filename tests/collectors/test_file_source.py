from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from collectors.files.plan import Wishes
from collectors.files.preview import preview
from collectors.files.rows import (
    ATTRIBUTE_LONG,
    ID_DAMAGED,
    LINK_UNREAD,
    STARS_UNREAD,
    TEXT_CUT,
    TIME_UNREAD,
)
from collectors.http import HttpClient
from collectors.job import Job, make_context
from collectors.runner import collect
from collectors.source import Cursor, Page, make_source
from collectors.sources.file import PAGE_ROWS, FileSource
from simak.errors import ConfigurationError, SimakError
from simak.reasons import NO_BRAND, NO_CONTENT, OTHER_CONTENT, ROW_REPEATED
from store import runs
from store.engine import Store
from store.mentions import Privacy, brand_names, versions
from store.runs import DONE, FAILED, Run
from store.tables import mention
from tests.collectors.reading import read, write

PRIVACY = Privacy(b"key")


def test_every_field_of_a_row(tmp_path: Path) -> None:
    header = (
        "id,text,title,stars,time,edit_time,url,author,reply,reply_time,language,product,version,"
        "channel,parent_id,segment"
    )
    row = (
        "r1, bagus ,judul,4,2026-05-03T10:00:00+07:00,2026-05-04,https://example.org/1,Budi,"
        "terima kasih,5 Mei 2026,in,Kopi,1.2,Google Play,p1,emas"
    )
    result = read(write(tmp_path / "a.csv", f"{header}\n{row}\n"))
    (one,) = result.mentions
    assert (one.external_id, one.text, one.title, one.stars) == ("r1", "bagus", "judul", 4.0)
    assert one.published_at == datetime(2026, 5, 3, 3, tzinfo=UTC)
    assert one.edited_at == datetime(2026, 5, 4, tzinfo=UTC)
    assert one.reply_at == datetime(2026, 5, 5, tzinfo=UTC)
    assert (one.url, one.author, one.reply) == ("https://example.org/1", "Budi", "terima kasih")
    assert (one.language, one.product, one.version) == ("id", "Kopi", "1.2")
    assert (one.channel, one.parent_id, one.kind) == ("google_play", "p1", "review")
    assert one.attributes == {"segment": "emas"}
    assert not result.warnings


def test_values_that_cannot_be_read_are_counted_and_the_row_kept(tmp_path: Path) -> None:
    rows = [
        "a,bagus,9,kemarin,javascript:alert(1),x",
        "b,jelek,lima,2026-05-03,ftp://x,y",
        f"5.70306E+17,rusak,-,NaT,,{'z' * 201}",
        f"d,{'panjang ' * 3000},,,,",
    ]
    result = read(
        write(tmp_path / "a.csv", "id,text,stars,time,url,kota\n" + "\n".join(rows) + "\n")
    )
    assert [one.stars for one in result.mentions] == [None] * 4
    assert [one.url for one in result.mentions] == [None] * 4
    assert [one.published_at is None for one in result.mentions] == [True, False, True, True]
    assert result.mentions[2].attributes == {}
    assert len(result.texts[3]) == 20_000
    assert result.warnings == {
        STARS_UNREAD: 2,
        TIME_UNREAD: 1,
        LINK_UNREAD: 2,
        ATTRIBUTE_LONG: 1,
        ID_DAMAGED: 1,
        TEXT_CUT: 1,
    }


def test_rows_without_content(tmp_path: Path) -> None:
    rows = "1, ,,\n2,,,5\n3,,judul saja,\n4,,,9\n5,teks,,\n"
    result = read(write(tmp_path / "a.csv", f"id,text,title,stars\n{rows}"))
    assert [(one.text, one.stars) for one in result.mentions] == [
        ("", 5.0),
        ("judul saja", None),
        ("teks", None),
    ]
    assert [(str(bad), bad.record["line"]) for bad in result.bad] == [  # type: ignore[index]
        (NO_CONTENT, 2),
        (NO_CONTENT, 5),
    ]
    assert result.bad[1].record["content"] == {"id": "4", "stars": "9"}  # type: ignore[index]


def test_ids_made_of_content_are_stable_and_equal_rows_are_one(tmp_path: Path) -> None:
    header = "author,text,time,stars,product"
    rows = ["A,mantap,3/5/2026,5,x", "B,mantap,3/5/2026,5,x", "A,mantap,4/5/2026,5,x"]
    first = read(write(tmp_path / "a.csv", "\n".join([header, *rows, rows[0]])))
    assert first.skipped == {ROW_REPEATED: 1}
    ids = [one.external_id for one in first.mentions]
    assert len(set(ids)) == 3
    # another order of rows and columns, another separator, another way to write the day
    other = "text;author;product;stars;time\n" + "\n".join(
        ["mantap;A;x;5;2026-05-04", "mantap;B;x;5.0;2026-05-03", "mantap;A;x;5;3 Mei 2026"]
    )
    second = read(write(tmp_path / "b.csv", other))
    assert {one.external_id for one in second.mentions} == set(ids)


def test_an_id_that_stands_twice(tmp_path: Path) -> None:
    rows = "1,a,5,x\n2,b,4,x\n1,a,5,y\n2,b lagi,3,x\n"
    result = read(write(tmp_path / "a.csv", f"id,text,stars,kota\n{rows}"))
    assert result.texts == ["a", "b"]
    assert result.skipped == {ROW_REPEATED: 1}
    assert [str(bad) for bad in result.bad] == [OTHER_CONTENT]
    assert result.bad[0].record == {
        "line": 5,
        "content": {"id": "2", "stars": "3.0", "text": "b lagi"},
    }


def test_duplicates_are_seen_across_pages(tmp_path: Path) -> None:
    rows = "".join(f"{n},teks {n}\n" for n in range(PAGE_ROWS + 10))
    result = read(write(tmp_path / "a.csv", f"id,text\n{rows}{rows}"))
    assert len(result.mentions) == PAGE_ROWS + 10
    assert result.skipped == {ROW_REPEATED: PAGE_ROWS + 10}
    assert len(result.pages) == 3
    assert all(page.cursor == {} for page in result.pages)


def test_rows_of_several_brands(tmp_path: Path) -> None:
    rows = "1,a,Kopi  Senja\n2,b,Tuku\n3,c,\n1,d,Tuku\n"
    path = write(tmp_path / "a.csv", f"id,text,brand\n{rows}")
    result = read(path, brand="", brand_column="brand")
    assert result.brands == {"Kopi Senja": 1, "Tuku": 2}
    assert [str(bad) for bad in result.bad] == [NO_BRAND]
    assert result.mentions[0].attributes == {}
    filled = read(path, brand="Lain", brand_column="brand")
    assert filled.brands == {"Kopi Senja": 1, "Tuku": 2, "Lain": 1}


def test_a_brand_must_be_said(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "text,airline\na,b\n")
    with pytest.raises(ConfigurationError, match=r"--brand-column COLUMN \(column 'airline' may"):
        read(path, brand="")


def test_month_first_is_found_though_far_down(tmp_path: Path) -> None:
    rows = "".join(f"teks {n},5/{1 + n // 1000}/2026\n" for n in range(13_500))
    result = read(write(tmp_path / "a.csv", f"text,date\n{rows}"))
    assert {one.published_at.month for one in result.mentions} == {5}  # type: ignore[union-attr]
    assert not result.warnings


def test_day_first_where_nothing_shows_the_order(tmp_path: Path) -> None:
    result = read(write(tmp_path / "a.csv", "text,date\na,5/6/2026\n"))
    assert result.mentions[0].published_at == datetime(2026, 6, 5, tzinfo=UTC)


def test_source_and_channel(tmp_path: Path) -> None:
    scraper = write(tmp_path / "a.csv", "reviewId,content,score,at\n1,a,5,2026-05-03\n")
    generic = write(tmp_path / "b.csv", "text,kanal\na,Instagram\nb,\n")
    assert read(scraper).source.source == "google_play"
    assert [one.channel for one in read(scraper).mentions] == ["google_play"]
    assert read(generic).source.source == "file"
    assert [one.channel for one in read(generic).mentions] == ["instagram", "file"]
    assert [one.kind for one in read(generic).mentions] == ["post", "post"]
    told = read(generic, channel="X", source="survei", preset="google_play_scraper")
    assert told.source.source == "survei"
    assert [one.channel for one in told.mentions] == ["x", "x"]
    assert told.mentions[0].attributes == {"kanal": "Instagram"}


def test_play_console_ids_come_from_the_link(tmp_path: Path) -> None:
    header = (
        "Package Name,Reviewer Language,Review Submit Date and Time,"
        "Review Last Update Date and Time,Star Rating,Review Text,Review Link"
    )
    rows = [
        "com.x,id,2026-05-03T10:00:00Z,2026-05-04T10:00:00Z,5,bagus,https://g/?reviewId=r-1&c=P",
        "com.x,id,2026-05-03T10:00:01Z,2026-05-03T10:00:01Z,4,,",
    ]
    result = read(write(tmp_path / "a.csv", "\n".join([header, *rows]), "utf-16"))
    first, rating = result.mentions
    assert first.external_id == "r-1"
    assert first.edited_at == datetime(2026, 5, 4, 10, tzinfo=UTC)
    assert rating.external_id.startswith("content-")
    assert (rating.text, rating.stars, rating.edited_at) == ("", 4.0, None)


def test_it_is_found_by_its_type_and_says_what_it_asks_for(tmp_path: Path) -> None:
    path = write(tmp_path / "mei.csv.gz", gzip.compress(b"text\na\n"))
    source = make_source("file", name="mei", brand="Senandika", options={"path": str(path)})
    assert source.asks() == "mei.csv.gz (csv, preset generic)"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "option 'path' must be a text"),
        ({"path": "a.csv", "encodng": "x"}, "option 'encodng' is not known; there are path"),
        ({"path": "a.csv", "mapping": "text=a"}, "option 'mapping' must name a column for each"),
        ({"path": "a.csv", "mapping": {"txt": "a"}}, "no field 'txt'"),
        ({"path": "a.csv", "channel": ""}, "option 'channel' must be a text"),
    ],
)
def test_wrong_options_are_named(options: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        FileSource(name="x", brand="y", options=options)


def test_a_file_that_changed_after_it_was_looked_at(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "isi,bintang\na,5\n")
    source = FileSource(name="x", brand="y", options={"path": str(path)})
    with HttpClient() as http:
        context = make_context("x", http=http)
        write(path, "bintang,teks lain\n5,a\n")
        with pytest.raises(ConfigurationError, match="no column 'isi'"):
            list(source.collect({}, context))
        path.unlink()
        with pytest.raises(ConfigurationError, match="no such file"):
            list(source.collect({}, context))


def test_preview(tmp_path: Path) -> None:
    rows = "".join(f"{n},teks {n},{n % 7},3/5/2026,Tuku,x\n" for n in range(10))
    path = write(tmp_path / "a.csv", f"id,text,stars,date,brand,\n{rows}z,,,,,\n")
    shown = preview(Wishes(path=path))
    assert (shown.format, shown.encoding, shown.separator) == ("csv", "utf-8", ",")
    assert (shown.preset, shown.source, shown.channel) == ("generic", "file", "file")
    assert shown.mapping == {"text": "text", "stars": "stars", "time": "date", "id": "id"}
    assert shown.attributes == ["brand"]
    assert len(shown.rows) == 5
    assert shown.rows[1] == {
        "text": "teks 1",
        "stars": "1",
        "time": "2026-05-03 00:00:00 UTC",
        "id": "1",
        "channel": "file",
    }
    assert shown.notes == [
        "times without a zone are taken as UTC",
        "times such as 3/5/2026 are read as day/month/year: the file does not show which is meant",
        "column 'brand' may hold brands: if so, use --brand-column 'brand'",
        "columns without a name, left out: 1",
        f"in the first 11 rows: 3 {STARS_UNREAD}",
        f"in the first 11 rows: 1 {NO_CONTENT} (skipped, kept for inspection)",
    ]
    named = preview(Wishes(path=path, brand_column="brand", mapping={"time": ""}))
    assert named.rows[0]["brand"] == "Tuku"
    assert "no column holds times: every mention will be undated" in named.notes


def test_preview_of_a_file_that_ends_early(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gz", gzip.compress(b"text\nbagus\n")[:-4])
    shown = preview(Wishes(path=path))
    assert shown.rows == [
        {"text": "bagus", "id": shown.rows[0]["id"], "channel": "file"},
    ]
    assert "ends early" in shown.notes[-1]


def run(store: Store, path: Path, **options: object) -> Run:
    source = FileSource(name=path.name, brand="Senandika", options={"path": str(path), **options})
    (done,) = collect(store, [Job(source=source)], privacy=PRIVACY)
    return done


def test_import_into_a_store_and_again(store: Store, tmp_path: Path) -> None:
    rows = "".join(
        f"{n},hubungi 0812-3456-7890 nomor {n},{n % 5 + 1},2026-05-03,Budi {n},Tuku\n"
        for n in range(450)
    )
    extra = '450,,,,,\n0,lain,1,2026-05-03,x,Tuku\n1,"\x00teks",1,,,Tuku\n'
    path = write(tmp_path / "a.csv", f"id,text,stars,date,author,merek\n{rows}{extra}")
    first = run(store, path, brand_column="merek")
    assert (first.status, first.new, first.got) == (DONE, 450, 453)
    assert first.skipped == {NO_CONTENT: 1, OTHER_CONTENT: 2}
    assert sum(first.skipped.values()) + first.new == first.got
    assert brand_names(store) == ["Tuku"]
    with store.read() as connection:
        texts = connection.scalars(select(mention.c.text)).all()
        authors = connection.scalars(select(mention.c.author_key).distinct()).all()
    assert all(text.startswith("hubungi [phone] nomor ") for text in texts)
    assert not any("Budi" in author for author in authors)
    assert '"line": 452' in str(runs.bad_records(store, first.id))
    again = run(store, path, brand_column="merek")
    assert (again.status, again.new, again.edited, again.unchanged) == (DONE, 0, 0, 450)


def test_a_review_that_was_edited_keeps_its_old_text(sqlite_store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,text,stars\n1,lambat,1\n2,bagus,5\n")
    run(sqlite_store, path)
    write(path, "id,text,stars\n1,sudah diperbaiki,4\n2,bagus,5\n")
    later = run(sqlite_store, path)
    assert (later.new, later.edited, later.unchanged) == (0, 1, 1)
    with sqlite_store.read() as connection:
        edited = connection.scalar(select(mention.c.id).where(mention.c.external_id == "1"))
    assert [text for text, _ in versions(sqlite_store, edited)] == ["lambat"]


def test_a_file_of_bad_rows_alone_makes_no_brand(sqlite_store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "text,merek\na,\nb,\n")
    source = FileSource(name="a", brand="", options={"path": str(path), "brand_column": "merek"})
    (done,) = collect(sqlite_store, [Job(source=source)], privacy=PRIVACY)
    assert (done.status, done.got, done.skipped) == (DONE, 2, {NO_BRAND: 2})
    assert brand_names(sqlite_store) == []


def test_an_import_that_was_stopped_is_completed_by_the_next(
    sqlite_store: Store, tmp_path: Path
) -> None:
    rows = "".join(f"{n},teks {n}\n" for n in range(2500))
    path = write(tmp_path / "a.csv", f"id,text\n{rows}")

    class Stopped(FileSource):
        def collect(self, cursor: Cursor, context: object) -> Iterator[Page]:  # type: ignore[override]
            for number, page in enumerate(super().collect(cursor, context)):  # type: ignore[arg-type]
                if number == 2:
                    raise SimakError("stopped")
                yield page

    source = Stopped(name=path.name, brand="Senandika", options={"path": str(path)})
    (stopped,) = collect(sqlite_store, [Job(source=source)], privacy=PRIVACY)
    assert (stopped.status, stopped.new) == (FAILED, 2000)
    done = run(sqlite_store, path)
    assert (done.status, done.new, done.unchanged) == (DONE, 500, 2000)
    with sqlite_store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(mention)) == 2500


def test_a_cut_download_is_a_failed_run_that_kept_its_rows(
    sqlite_store: Store, tmp_path: Path
) -> None:
    rows = "".join(f"{n},teks nomor {n * 7919 % 10007}\n" for n in range(5000))
    whole = gzip.compress(f"id,text\n{rows}".encode())
    path = write(tmp_path / "a.csv.gz", whole[: len(whole) * 2 // 3])
    cut = run(sqlite_store, path)
    assert cut.status == FAILED
    assert "ends early" in str(cut.error)
    assert 1000 < cut.new < 5000
    write(path, whole)
    done = run(sqlite_store, path)
    assert (done.status, done.new, done.unchanged) == (DONE, 5000 - cut.new, cut.new)
