from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from collectors.files.delimited import ONE_COLUMN
from collectors.files.encoding import NOT_DECODABLE, NUL_REMOVED
from collectors.files.formats import detect_layout
from collectors.files.jsonl import LATE_COLUMN
from simak.errors import ConfigurationError
from simak.reasons import NOT_JSON, RAGGED
from tests.collectors.reading import read, write

ROWS = [
    ("r1", "Pelayanan café “mantap” – cepat, ramah; murah | enak", 5),
    ("r2", 'Baris satu\nbaris dua, "kutipan"', 1),
    ("r3", "naïve résumé £20", 3),
]


def delimited(separator: str) -> str:
    def quoted(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    lines = [separator.join(("id", "text", "stars"))]
    lines += [separator.join((id, quoted(text), str(stars))) for id, text, stars in ROWS]
    return "\r\n".join(lines) + "\r\n"


def workbook(*sheets: list[list[object]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"s{number}")
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be-bom", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_and_encodings(
    tmp_path: Path, separator: str, encoding: str, packed: bool
) -> None:
    text = delimited(separator)
    if encoding == "utf-16-be-bom":
        content = ("\ufeff" + text).encode("utf-16-be")
    else:
        content = text.encode(encoding)
    # the name says nothing: the content does
    result = read(write(tmp_path / "export.dat", gzip.compress(content) if packed else content))
    assert [(m.external_id, m.text, m.stars) for m in result.mentions] == ROWS
    assert not result.bad
    assert not result.warnings


def test_jsonl(tmp_path: Path) -> None:
    lines = [json.dumps({"id": id, "text": text, "stars": stars}) for id, text, stars in ROWS]
    for content in ("\n".join(lines).encode(), gzip.compress("\n".join(lines).encode())):
        result = read(write(tmp_path / "a.txt", content))
        assert [(m.external_id, m.text, m.stars) for m in result.mentions] == ROWS


def test_xlsx(tmp_path: Path) -> None:
    content = workbook(
        [],
        [
            [],
            ["ID", "Ulasan", "Bintang", "Tanggal", "Kota", None],
            [1, "bagus", 5, datetime(2026, 5, 3, 10, 30), "Bogor"],
            [],
            [2, "jelek", 1.0, "3 Mei 2026"],
            [570306133677760513, "sedang", None, 46145.5],
            [4, "ragged", 2, None, None, None, "x"],
        ],
    )
    for packed in (content, gzip.compress(content)):
        result = read(write(tmp_path / "a.bin", packed))
        first, second, third = result.mentions
        assert (first.external_id, first.stars, first.attributes) == ("1", 5.0, {"Kota": "Bogor"})
        assert str(first.published_at) == "2026-05-03 10:30:00+00:00"
        assert str(second.published_at) == "2026-05-03 00:00:00+00:00"
        assert second.stars == 1.0
        assert str(third.published_at) == "2026-05-03 12:00:00+00:00"
        assert third.external_id.startswith("content-")  # a sheet holds 15 digits
        assert [str(bad) for bad in result.bad] == [RAGGED]
        assert result.bad[0].record["line"] == 7  # type: ignore[index]


def test_formulas_give_the_value_that_was_saved(tmp_path: Path) -> None:
    content = workbook([["text", "stars"], ["bagus", "=2+3"]])
    saved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(saved, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                empty = re.compile(rb"<v ?/>|<v></v>")  # as whichever library wrote it
                assert empty.search(data)
                data = empty.sub(b"<v>5</v>", data)
            new.writestr(name, data)
    result = read(write(tmp_path / "a.xlsx", saved.getvalue()))
    assert [mention.stars for mention in result.mentions] == [5.0]


def test_texts_full_of_commas_do_not_hide_the_separator(tmp_path: Path) -> None:
    body = "\n".join(f"murah, cepat, ramah, enak, {n};5" for n in range(200))
    path = write(tmp_path / "a.csv", f"ulasan;bintang\n{body}\n")
    assert detect_layout(path).separator == ";"
    assert len(read(path).mentions) == 200


def test_one_column_is_not_split(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'text\nmurah, cepat; ramah\t|enak\n"a, b"\n')
    assert detect_layout(path).separator == ONE_COLUMN
    assert read(path).texts == ["murah, cepat; ramah\t|enak", "a, b"]


def test_the_separator_that_excel_names(tmp_path: Path) -> None:
    assert read(write(tmp_path / "a.csv", "sep=;\ntext;stars\na, b;5\n")).texts == ["a, b"]


def test_unknown_names_leave_the_separator_to_the_shape(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "foo;bar\na, b;c\nd, e, f;g\n")
    assert read(path, mapping={"text": "foo"}).texts == ["a, b", "d, e, f"]


def test_a_classic_macs_lines(tmp_path: Path) -> None:
    assert read(write(tmp_path / "a.csv", "text,stars\rbagus,5\rjelek,1\r")).texts == [
        "bagus",
        "jelek",
    ]


def test_rows_of_another_width_are_kept_apart_with_their_line(tmp_path: Path) -> None:
    result = read(
        write(
            tmp_path / "a.csv", 'id,text,stars\n1,"a\nb",5\n2,too few\n3,too,5,many\n4,ok,5,,\n,,\n'
        )
    )
    assert result.texts == ["a\nb", "ok"]
    assert [(str(bad), bad.record["line"]) for bad in result.bad] == [  # type: ignore[index]
        (RAGGED, 4),
        (RAGGED, 5),
    ]
    assert result.bad[0].record["content"] == ["2", "too few"]  # type: ignore[index]


def test_a_header_that_ends_in_separators(tmp_path: Path) -> None:
    result = read(write(tmp_path / "a.csv", "id,text,,\n1,a\n2,b,,\n3,c,x,y\n"))
    assert result.texts == ["a", "b", "c"]


@pytest.mark.parametrize(
    "stray",
    [
        '2,"baru dibuka,5',  # never closed
        '2,"baru" dibuka,5',
        '2,"baru" "dibuka,5',
        '2,baru "dibuka,5',
    ],
)
def test_a_stray_quotation_mark_swallows_no_other_row(tmp_path: Path, stray: str) -> None:
    after = "\n".join(f'{n},"teks, {n}",4' for n in range(3, 500))
    path = write(tmp_path / "a.csv", f"id,text,stars\n1,a,5\n{stray}\n{after}\n")
    result = read(path)
    assert result.rows == 499
    assert not result.bad
    assert "baru" in result.texts[1]
    assert result.texts[-1] == "teks, 499"


def test_a_mark_that_opens_the_last_rows(tmp_path: Path) -> None:
    after = "\n".join(f"{n},teks {n},4" for n in range(3, 5000))
    result = read(write(tmp_path / "a.csv", f'id,text,stars\n1,a,5\n2,"b,5\n{after}'))
    assert result.rows == len(result.mentions) == 4999


def test_careless_marks_in_texts_of_several_lines(tmp_path: Path) -> None:
    rows = '1,"bagus\nsekali" oke,5\n2,"bagus\nsekali "oke"\nya",5\n3,b,4\n'
    result = read(write(tmp_path / "a.csv", f"id,text,stars\n{rows}"))
    assert result.texts == ["bagus\nsekali oke", "b"]
    # Where the second one ends is anyone's guess: each of its lines is kept for inspection.
    assert [bad.record["line"] for bad in result.bad] == [4, 5, 6]  # type: ignore[index]


def test_a_lone_carriage_return_in_a_text(tmp_path: Path) -> None:
    assert read(write(tmp_path / "a.csv", "id,text\n1,a\rb\n2,c\n")).texts == ["a b", "c"]


def test_nul_bytes_are_removed_and_counted(tmp_path: Path) -> None:
    body = "".join(f"{n},ini teks biasa\n" for n in range(50))
    result = read(write(tmp_path / "a.csv", f"id,text\n{body}x,a\0b\0\n"))
    assert result.texts[-1] == "ab"
    assert result.warnings == {NUL_REMOVED: 1}


def test_a_text_of_a_megabyte_and_a_formula_are_just_texts(tmp_path: Path) -> None:
    long = "panjang sekali, " * 65_536
    formula = '=HYPERLINK("http://x","klik")'
    script = "<script>alert(1)</script>"
    quoted = formula.replace('"', '""')
    result = read(write(tmp_path / "a.csv", f'id,text\n1,"{long}"\n2,"{quoted}"\n3,{script}\n'))
    assert result.texts == [long.strip()[:20_000], formula, script]
    assert list(result.warnings.values()) == [1]


def test_windows_bytes_far_down_a_utf8_file_lose_no_row(tmp_path: Path) -> None:
    lines = [f"{n},teks biasa yang cukup panjang supaya contohnya penuh\n" for n in range(9000)]
    lines[8990] = "8990,“kafé”\n"
    content = b"id,text\n" + "".join(lines).encode("cp1252")
    result = read(write(tmp_path / "a.csv", content))
    assert len(result.mentions) == 9000
    assert result.texts[8990] == "“kafé”"
    assert result.warnings == {NOT_DECODABLE: 1}


def test_a_few_foreign_bytes_do_not_spoil_a_utf8_file(tmp_path: Path) -> None:
    content = "id,text\n1,“kafé” – enak\n".encode() + b"2,caf\xe9\n"
    result = read(write(tmp_path / "a.csv", content))
    assert result.texts == ["“kafé” – enak", "café"]
    assert result.warnings == {NOT_DECODABLE: 1}


def test_bytes_that_windows_1252_leaves_undefined(tmp_path: Path) -> None:
    content = "id,text\n1,“kafé” – enak\n".encode("cp1252") + b"2,a\x81b\n"
    assert read(write(tmp_path / "a.csv", content)).texts == ["“kafé” – enak", "a\x81b"]


def test_other_encodings_are_recognised(tmp_path: Path) -> None:
    texts = ["Отличное приложение, спасибо", "Очень быстрая доставка и хорошая цена"]
    content = "text\n" + "\n".join(texts)
    assert read(write(tmp_path / "a.csv", content, "cp1251")).texts == texts
    for encoding in ("utf-16-le", "utf-16-be"):  # without a byte order mark
        path = write(tmp_path / "b.csv", "text\nkafé “enak” sekali\n", encoding)
        assert read(path).texts == ["kafé “enak” sekali"]


@pytest.mark.parametrize("text", ["kafé “enak”", "café", "Rp 15.000 – murah…", "naïve", "“ok”"])
def test_a_few_marks_among_latin_letters_are_windows_1252(tmp_path: Path, text: str) -> None:
    assert read(write(tmp_path / "a.csv", f"text\n{text}\n", "cp1252")).texts == [text]


def test_jsonl_nested_late_and_broken(tmp_path: Path) -> None:
    lines = [
        '{"id": 1, "attributes": {"body": "bagus\\u0000 \\ud83d", "rating": 5.0}, "x": [1, "a"]}',
        '{"id": 2, "attributes": {"body": "b", "rating": null}, "ok": true}',
        '{"id": 3, "attributes": ',
        "[1, 2]",
        "[" * 100_000,
        "",
        *(f'{{"id": {n}, "attributes": {{"body": "c"}}}}' for n in range(4, 1200)),
        '{"id": "z", "attributes": {"body": "d"}, "kota": "Bogor"}',
    ]
    result = read(write(tmp_path / "a.jsonl", "\n".join(lines)))
    assert result.texts[:2] == ["bagus ?", "b"]
    assert result.mentions[0].stars == 5
    assert result.mentions[0].attributes == {"x": '[1, "a"]'}
    assert result.mentions[1].attributes == {"ok": "true"}
    assert result.mentions[-1].attributes == {"kota": "Bogor"}
    assert [str(bad) for bad in result.bad] == [NOT_JSON] * 3
    assert result.bad[0].record == {"line": 3, "content": lines[2] + "\n"}
    assert result.warnings == {LATE_COLUMN: 1}
    assert result.rows == 1202


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf\r\n \n", "the file is empty"),
        (gzip.compress(b"", mtime=0), "the file is empty"),  # the same in every worker
        (b"text,stars\n", "a header and no row below it"),
        (b"foo,bar\n1,2\n", "columns are 'foo', 'bar': say which with --map text=COLUMN"),
        (b"text,stars\nonly\n", "no row can be read; the first is a row with another number"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "this is a PNG image"),
        (b"%PDF-1.7\n\xe2\xe3\xcf\xd3", "this is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "an old .xls workbook, or one with"),
        (b"PK\x03\x04 no archive", "damaged"),
        (bytes(range(1, 256)) * 20, "no text and no known format"),
        (b"<!DOCTYPE html><html><body>login</body></html>", "a web page: sign in"),
        (b'[{"text": "a"}]', "one JSON list: write one object a line"),
        (gzip.compress(gzip.compress(b"text\na\n", mtime=0), mtime=0), "gzipped twice"),
        (b"{}\n{}\n", "no column holds texts"),
    ],
)
def test_what_cannot_be_read_says_what_it_is(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as error:
        read(write(tmp_path / "a.csv", content))
    assert "a.csv" in str(error.value)


def test_archives_that_are_no_workbook(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("reviews.csv", "text\nbagus\n")
    with pytest.raises(ConfigurationError, match="zip archive and no Excel workbook: unpack it"):
        read(write(tmp_path / "a.zip", stream.getvalue()))
    with pytest.raises(ConfigurationError, match="columns are none"):
        read(write(tmp_path / "a.xlsx", workbook([])))


def test_a_damaged_workbook(tmp_path: Path) -> None:
    stream = io.BytesIO()
    content = workbook([["text"], ["bagus"]])
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<x" if name.endswith("sheet1.xml") else old.read(name))
    with pytest.raises(ConfigurationError, match="this workbook is damaged"):
        read(write(tmp_path / "a.xlsx", stream.getvalue()))


def test_no_such_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no such file"):
        read(tmp_path / "missing.csv")
    with pytest.raises(ConfigurationError, match="a folder: name one file in it"):
        read(tmp_path)


def test_gzip_that_ends_early_keeps_the_rows_before(tmp_path: Path) -> None:
    rows = "".join(f"{n},teks nomor {n * 7919 % 10007},5\n" for n in range(20_000))
    packed = gzip.compress(f"id,text,stars\n{rows}".encode())
    result = read(write(tmp_path / "a.csv.gz", packed[: len(packed) // 2]))
    assert 5_000 < len(result.mentions) < 15_000
    assert result.mentions[-1].text.startswith("teks nomor ")
    assert "the gzip file ends early" in str(result.error)
    tiny = read(write(tmp_path / "b.csv.gz", gzip.compress(b"text\nbagus\n")[:-4]))
    assert tiny.texts == ["bagus"]
    assert tiny.error is not None


def test_gzip_with_damage_inside_keeps_the_rows_before(tmp_path: Path) -> None:
    rows = "".join(f"{n},teks nomor {n * 7919 % 10007},5\n" for n in range(20_000))
    packed = bytearray(gzip.compress(f"id,text,stars\n{rows}".encode()))
    packed[-1] ^= 0xFF  # the length at the end
    result = read(write(tmp_path / "a.csv.gz", bytes(packed)))
    assert len(result.mentions) > 15_000
    assert "the gzip file is damaged" in str(result.error)
