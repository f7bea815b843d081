"""What a row of a survey becomes: answers, comments, counts of customers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from collectors.files.rows import TEXT_CUT, TIME_UNREAD
from collectors.sources.survey import SurveySource
from simak.errors import ConfigurationError
from simak.mention import MAX_TEXT_CHARS
from simak.reasons import (
    COUNT_UNREAD,
    LOST_MORE,
    NO_CONTENT,
    OFF_SCALE,
    OTHER_CONTENT,
    ROW_REPEATED,
    UNKNOWN_SHAPE,
    UNKNOWN_TOUCHPOINT,
)
from simak.survey import CustomerCount
from simak.taxonomy import Taxonomy, Touchpoint, load_taxonomy
from tests.collectors.reading import write
from tests.collectors.surveys import COUNTS, FULL, read


def test_every_field_of_an_answer(tmp_path: Path) -> None:
    result = read(write(tmp_path / "a.csv", FULL))
    (one,) = result.answers
    assert (one.external_id, one.metric, one.score) == ("r-1-nps", "nps", 9.0)
    assert (one.low, one.high, one.higher_is_better) == (0, 10, True)
    assert one.answered_at == datetime(2026, 5, 3, 9, 30, tzinfo=UTC)
    assert (one.touchpoint, one.channel, one.segment) == ("delivery", "whatsapp", "Emas")
    words = one.comment
    assert words is not None
    assert (words.external_id, words.text, words.kind) == ("r-1-nps", "Cepat, ramah", "answer")
    assert (words.channel, words.published_at) == ("whatsapp", one.answered_at)
    assert words.attributes == {"nps": "9", "segment": "Emas", "touchpoint": "delivery"}
    assert not result.mentions
    assert not result.notes
    assert not result.warnings


def test_answers_without_more_than_a_score(tmp_path: Path) -> None:
    (one,) = read(write(tmp_path / "a.csv", "nps\n9\n")).answers
    assert (one.answered_at, one.touchpoint, one.channel, one.segment, one.comment) == (
        *(None, None, "survey", None, None),
    )


def test_a_metric_in_a_column(tmp_path: Path) -> None:
    table = (
        "id\tmetrik\tskor\talasan\nx1\tNPS\t3\tlambat\nx1\tCustomer Satisfaction\t5\t\n"
        "x2\tCES\t7\tmudah\nx3\tloyalitas\t4\t\n"
    )
    result = read(write(tmp_path / "a.tsv", table))
    assert [(a.external_id, a.metric, a.score, a.low, a.high) for a in result.answers] == [
        ("x1-nps", "nps", 3, 0, 10),
        ("x1-csat", "csat", 5, 1, 5),
        ("x2-ces", "ces", 7, 1, 7),
    ]
    assert result.comments == ["lambat", "mudah"]
    assert result.reasons == [UNKNOWN_SHAPE]


def test_a_column_for_each_metric_and_one_comment(tmp_path: Path) -> None:
    table = (
        "id,Q1_NPS,Q1_NPS_GROUP,CSAT (1-5),ces,comment\na,10,Promoter,4,,enak\nb,,,2,6,\nc,,,,,\n"
    )
    result = read(write(tmp_path / "a.csv", table))
    assert [(a.external_id, a.score) for a in result.answers] == [
        *(("a-nps", 10), ("a-csat", 4), ("b-csat", 2), ("b-ces", 6)),
    ]
    assert result.answers[0].comment == result.answers[1].comment
    words = result.answers[0].comment
    assert words is not None
    assert words.external_id == "a-nps"
    assert words.attributes == {"nps": "10", "csat": "4"}
    assert result.answers[2].comment is not None
    assert result.answers[2].comment.deleted
    assert result.reasons == [NO_CONTENT]
    assert result.notes == ["a.csv: columns not read: 'Q1_NPS_GROUP'"]


def test_scale_and_direction_are_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,csat,ces\n1,7,2\n")
    csat, ces = read(path, scale={"csat": [0, 10], "ces": [1, 5]}, lower_is_better="ces").answers
    assert (csat.low, csat.high, csat.higher_is_better) == (0, 10, True)
    assert (ces.low, ces.high, ces.higher_is_better) == (1, 5, False)
    path = write(tmp_path / "b.csv", "id,skor\n1,7\n")
    (one,) = read(path, metric="csat", scale=[1, 7]).answers
    assert (one.metric, one.low, one.high) == ("csat", 1, 7)


@pytest.mark.parametrize(
    ("value", "score"),
    [
        ("9", 9.0),
        (" 8.0 ", 8.0),
        ("7,5", 7.5),
        ("10 - Sangat mungkin", 10.0),
        ("0 (tidak mungkin)", 0.0),
        ("9/10", 9.0),
        ("6 dari 10", 6.0),
        ("4/5", None),
        ("11", None),
        ("-1", None),
        ("sangat puas", None),
        ("9 8", None),
        ("1e1", None),
        ("80%", None),
    ],
)
def test_scores_as_people_write_them(tmp_path: Path, value: str, score: float | None) -> None:
    result = read(
        write(tmp_path / "a.csv", f'id,nps,komentar\nok,5,\n1,"{value}",tetap disimpan\n')
    )
    assert [a.score for a in result.answers[1:]] == ([] if score is None else [score])
    assert result.reasons == ([OFF_SCALE] if score is None else [])
    # What was said beside a score that cannot be is still said.
    assert [m.text for m in result.mentions] == (["tetap disimpan"] if score is None else [])


def test_a_comment_without_a_score_is_a_mention(tmp_path: Path) -> None:
    result = read(write(tmp_path / "a.csv", "id,nps,alasan\n1x,,tidak mau menilai\n2x,5,-\n"))
    assert [(m.external_id, m.text, m.kind) for m in result.mentions] == [
        ("1x-nps", "tidak mau menilai", "answer")
    ]
    assert len(result.answers) == 1
    assert not result.bad


def test_a_touchpoint_that_is_not_known_is_said(tmp_path: Path) -> None:
    table = "id,nps,touchpoint\na,9,delivery\nb,8,Price\nc,7,Kasir\nd,6,\n"
    path = write(tmp_path / "a.csv", table)
    result = read(path)
    assert [a.touchpoint for a in result.answers] == ["delivery", "price", None]
    assert result.reasons == [UNKNOWN_TOUCHPOINT]
    record = result.bad[0].record
    assert isinstance(record, dict)
    assert record["line"] == 4
    assert record["content"]["touchpoint"] == "Kasir"
    told = read(path, touchpoints={"kasir": "payment"})
    assert [a.touchpoint for a in told.answers] == ["delivery", "price", "payment", None]
    wrong = read(path, touchpoints={"kasir": "kasir"})
    assert "'kasir' is to be 'kasir', which is none of advertising" in str(wrong.error)
    till = Touchpoint("till", "transaction", "sales", {"id": "Kasir", "en": "Till"}, {})
    taught = read(path, taxonomy=lambda: Taxonomy((*load_taxonomy(), till)))
    assert [a.touchpoint for a in taught.answers] == ["delivery", "price", "till", None]


def test_ids_from_content_are_stable_and_two_alike_are_two(tmp_path: Path) -> None:
    table = "tanggal,nps,alasan\n3/5/2026,9,bagus\n3/5/2026,9,bagus\n4/5/2026,9,bagus\n,9,\n"
    first = read(write(tmp_path / "a.csv", table))
    ids = [a.external_id for a in first.answers]
    assert len(set(ids)) == 4
    again = read(write(tmp_path / "a.csv", table))
    assert [a.external_id for a in again.answers] == ids
    # Another file may hold the same rows and more; what has no date is told by its file.
    more = read(write(tmp_path / "b.csv", table + "5/5/2026,9,bagus\n"))
    assert [a.external_id for a in more.answers][:3] == ids[:3]
    assert ids[3] not in [a.external_id for a in more.answers]


def test_an_id_that_stands_twice(tmp_path: Path) -> None:
    table = "id,nps,alasan\na,9,x\nb,1,\na,9,x\nb,2,\n"
    result = read(write(tmp_path / "a.csv", table))
    assert [a.external_id for a in result.answers] == ["a-nps", "b-nps"]
    assert result.skipped == {ROW_REPEATED: 1}
    assert result.reasons == [OTHER_CONTENT]


def test_files_that_number_their_rows_do_not_swallow_one_another(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "id,tanggal,nps\n1,2026-05-03,9\n2,2026-05-03,8\n")
    write(tmp_path / "b.csv", "id,tanggal,nps\n1,2026-06-03,3\n2,2026-05-03,8\n")
    found = [a.external_id for a in read(tmp_path).answers]
    assert found == ["1-20260503-nps", "2-20260503-nps", "1-20260603-nps", "2-20260503-nps"]


@pytest.mark.parametrize("id", ["budi@contoh.id", "0812-3456-7890", "+62 812 3456 7890"])
def test_an_id_that_reaches_a_person_is_not_kept(tmp_path: Path, id: str) -> None:
    result = read(write(tmp_path / "a.csv", f"respondent id,nps,alasan\n{id},9,bagus\n"))
    assert "1234" not in repr(result.answers[0]).replace("-", "")
    assert "budi" not in repr(result.answers)
    assert result.answers[0].external_id.startswith("content-")


def test_times(tmp_path: Path) -> None:
    table = "id,timestamp,nps\na,5/31/2026 10:00,9\nb,5/6/2026 10:00,9\nc,kemarin,9\n"
    result = read(write(tmp_path / "a.csv", table))
    assert [a.answered_at and a.answered_at.date() for a in result.answers] == [
        *(date(2026, 5, 31), date(2026, 5, 6), None),
    ]
    assert result.warnings == {TIME_UNREAD: 1}


def test_a_long_comment_is_cut_and_counted(tmp_path: Path) -> None:
    table = f"id,nps,alasan\na,9,{'panjang ' * 3000}\n"
    result = read(write(tmp_path / "a.csv", table))
    assert len(result.comments[0]) == MAX_TEXT_CHARS
    assert result.warnings == {TEXT_CUT: 1}


def test_a_qualtrics_export(tmp_path: Path) -> None:
    table = (
        "RecordedDate,ResponseId,NPS,NPS_GROUP,Comments\n"
        'Recorded Date,Response ID,"How likely, 0 to 10?",group,Why?\n'
        '"{""ImportId"":""recordedDate""}","{""ImportId"":""_recordId""}",x,y,z\n'
        "2026-05-03 10:00:00,R_1aB,9,Promoter,enak\n"
    )
    result = read(write(tmp_path / "a.csv", table))
    assert [(a.external_id, a.score) for a in result.answers] == [("R_1aB-nps", 9)]
    assert not result.bad


def test_columns_named_by_the_mapping(tmp_path: Path) -> None:
    asked = "Seberapa mungkin Anda merekomendasikan kami?"
    path = write(tmp_path / "a.csv", f"Cap waktu,{asked},Mengapa?,Kota\n3/5/2026,9,enak,Solo\n")
    refused = read(path).error
    assert isinstance(refused, ConfigurationError)
    assert "mapping = { nps" in str(refused)
    assert asked in str(refused)
    mapping = {"nps": asked.upper(), "comment": "Mengapa?", "segment": "kota", "time": ""}
    (one,) = read(path, mapping=mapping).answers
    assert (one.score, one.segment, one.answered_at) == (9, "Solo", None)
    assert one.comment is not None
    assert one.comment.text == "enak"


def test_scores_of_nobody_knows_what(tmp_path: Path) -> None:
    error = read(write(tmp_path / "a.csv", "id,skor\n1,9\n")).error
    assert "nothing says of what: set metric to one of nps, csat, ces" in str(error)


def test_customer_counts(tmp_path: Path) -> None:
    result = read(write(tmp_path / "a.csv", COUNTS))
    assert result.customers == [
        CustomerCount(month=date(2026, 5, 1), start=1250, new=100, lost=50),
        CustomerCount(month=date(2026, 6, 1), start=1300, new=80, lost=90),
    ]
    assert not result.bad


@pytest.mark.parametrize(
    "written",
    [
        *("2026-05", "2026/5", "05/2026", "5-2026", "Mei 2026", "May 2026", "mei-26"),
        *("2026-05-31", "31/05/2026", "2026-05-01T00:00:00+07:00", "46143", "31 Mei 2026"),
    ],
)
def test_months_as_people_write_them(tmp_path: Path, written: str) -> None:
    path = write(tmp_path / "a.csv", f'month;start;new;lost\n"{written}";10;2;1\n')
    assert [one.month for one in read(path).customers] == [date(2026, 5, 1)]


def test_counts_that_cannot_be_are_kept_for_inspection(tmp_path: Path) -> None:
    table = (
        "month,start,new,lost,segment\n2026-05,10,2,1,Emas\n2026-05,10,2,1,\n2026-05,10,2,13,B\n"
        "total,10,2,1,\n2026-06,-1,0,0,\n2026-06,,0,0,\n2026-06,1.5,0,0,\n2026-05,10,2,1,Emas\n"
        "2026-05,10,2,2,Emas\n2026-07,99999999999,0,0,\n"
    )
    result = read(write(tmp_path / "a.csv", table))
    assert [(one.month.month, one.segment) for one in result.customers] == [(5, "Emas"), (5, None)]
    assert result.reasons == [LOST_MORE, *[COUNT_UNREAD] * 4, OTHER_CONTENT, COUNT_UNREAD]
    assert result.skipped == {ROW_REPEATED: 1}


def test_counts_named_by_the_mapping_beside_answers(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "Periode lapor,Awalnya,Masuk,Keluar\n2026-05,10,2,1\n")
    write(tmp_path / "b.csv", "id,nps\n1,9\n")
    mapping = {"month": "Periode lapor", "start": "Awalnya", "new": "Masuk", "lost": "Keluar"}
    result = read(tmp_path, mapping=mapping)
    assert (len(result.customers), len(result.answers), result.error) == (1, 1, None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"path": ""}, "option 'path' must be a text"),
        ({"skala": 1}, "option 'skala' is not known"),
        ({"metric": "loyalty"}, "option 'metric': 'loyalty' is none of nps, csat, ces"),
        ({"scale": [1, 5]}, "option 'scale' must be a table"),
        ({"scale": {"nps": [10, 0]}}, "the lowest and the highest answer"),
        ({"scale": {"nps": 10}}, "the lowest and the highest answer"),
        ({"scale": {"nsp": [0, 10]}}, "'nsp' is none of"),
        ({"lower_is_better": ["effort"]}, "'effort' is none of"),
        ({"lower_is_better": True}, "must be a text or a list of texts"),
        ({"mapping": {"scor": "x"}}, "'scor' is none of"),
        ({"mapping": ["nps"]}, "option 'mapping' must be a table of texts"),
        ({"touchpoints": {"Kasir": 1}}, "option 'touchpoints' must be a table of texts"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        SurveySource(name="survei", brand="Senandika", options={"path": "x", **options})


def test_a_mapped_column_that_is_not_there(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,nps,alasan\n1,9,\n")
    error = str(read(path, mapping={"comment": "alasn"}).error)
    assert "a.csv: mapping comment: there is no column 'alasn' (did you mean 'alasan'?)" in error
