"""Answers and customer counts are stored as they came, once, with a link to the words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from simak.errors import BadRecord
from simak.mention import RawMention
from simak.reasons import COUNT_UNREAD, LOST_MORE, OFF_SCALE, UNKNOWN_SHAPE
from simak.survey import METRICS, SCALES, CustomerCount, SurveyAnswer
from store import rollups
from store.answers import score_counts
from store.engine import Store
from store.filter import Filter
from store.lists import list_mentions
from store.mentions import Privacy, Saved, versions
from store.surveys import answers, customer_counts, save_answers, save_customers
from store.tables import mention, survey_answer
from tests.builders import NOW

MAY = date(2026, 5, 1)


def said(id: str, text: str, **fields: Any) -> RawMention:
    return RawMention(external_id=id, text=text, kind="answer", channel="survey", **fields)


def answer(
    id: str, score: float = 9, day: str | None = "2026-05-10", **fields: Any
) -> SurveyAnswer:
    metric = fields.pop("metric", "nps")
    low, high = SCALES[metric]
    at = None if day is None else datetime.fromisoformat(f"{day}T12:00:00+00:00")
    given = {"external_id": id, "metric": metric, "score": score, "low": low, "high": high}
    return SurveyAnswer(**(given | {"answered_at": at} | fields))


def put(
    store: Store,
    *given: SurveyAnswer,
    brand: str = "Senandika",
    source: str = "survey",
    now: datetime = NOW,
    keep_raw: bool = False,
) -> Saved:
    with store.write() as connection:
        return save_answers(
            store,
            connection,
            given,
            brand=brand,
            source=source,
            privacy=Privacy(b"key", keep_raw),
            now=now,
        )


def count(
    store: Store, *given: CustomerCount, brand: str = "Senandika", source: str = "survey"
) -> Saved:
    with store.write() as connection:
        return save_customers(connection, given, brand=brand, source=source, now=NOW)


def month(first: date = MAY, start: int = 100, new: int = 20, lost: int = 5, **fields: Any) -> Any:
    return CustomerCount(month=first, start=start, new=new, lost=lost, **fields)


def test_an_answer_comes_back_as_it_was_given(store: Store) -> None:
    effort = answer(
        "1",
        6.5,
        metric="ces",
        higher_is_better=False,
        touchpoint="delivery",
        channel="whatsapp",
        segment="Emas",
        comment=said("1", "kurirnya tersesat"),
    )
    assert put(store, effort) == Saved(new=1)
    (row,) = answers(store, Filter())
    (words,) = list_mentions(store, Filter())
    assert (row.brand, row.metric, row.score, row.low, row.high) == ("Senandika", "ces", 6.5, 1, 7)
    assert row.higher_is_better is False
    assert row.answered_at == effort.answered_at
    assert (row.touchpoint, row.channel, row.segment) == ("delivery", "whatsapp", "Emas")
    assert row.mention_id == words.id
    assert words.text == "kurirnya tersesat"


def test_the_same_answers_again_change_nothing(store: Store) -> None:
    given = (answer("1", comment=said("1", "bagus")), answer("2", 3, None), answer("2", 3, None))
    assert put(store, *given) == Saved(new=2)
    before = answers(store, Filter())
    assert put(store, *given[:2], now=NOW + timedelta(days=1)) == Saved(unchanged=2)
    assert answers(store, Filter()) == before
    assert len(list_mentions(store, Filter())) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"score": 4},
        {"day": "2026-05-11"},
        {"day": None},
        {"high": 11.0},
        {"higher_is_better": False},
        {"touchpoint": "price"},
        {"touchpoint": None},
        {"channel": "email"},
        {"segment": "Perak"},
        {"segment": None},
    ],
    ids=str,
)
def test_an_edited_answer_is_replaced(store: Store, change: dict[str, Any]) -> None:
    first = {"touchpoint": "delivery", "segment": "Emas"}
    put(store, answer("1", **first))
    (before,) = answers(store, Filter())
    later = answer("1", **(first | change))
    assert put(store, later) == Saved(edited=1)
    (row,) = answers(store, Filter())
    assert row.id == before.id
    for field in ("score", "answered_at", "high", "touchpoint", "channel", "segment"):
        assert getattr(row, field) == getattr(later, field)
    assert put(store, later) == Saved(unchanged=1)


def test_an_answer_whose_comment_alone_has_changed_is_edited_once(store: Store) -> None:
    put(store, answer("1", comment=said("1", "lambat")), answer("2"))
    changed = answer("1", comment=said("1", "lambat sekali"))
    assert put(store, changed, answer("2")) == Saved(edited=1, unchanged=1)
    (words,) = list_mentions(store, Filter())
    assert words.text == "lambat sekali"
    assert [text for text, _ in versions(store, words.id)] == ["lambat"]


def test_a_comment_that_comes_later_is_linked(store: Store) -> None:
    nothing = RawMention(external_id="1", deleted=True)
    assert put(store, answer("1", comment=nothing)) == Saved(new=1)
    assert put(store, answer("1", comment=nothing)) == Saved(unchanged=1)
    assert list_mentions(store, Filter()) == []
    assert put(store, answer("1", comment=said("1", "bagus"))) == Saved(edited=1)
    (words,) = list_mentions(store, Filter())
    assert answers(store, Filter())[0].mention_id == words.id


def test_a_comment_that_is_taken_back_loses_its_text_and_the_score_stays(store: Store) -> None:
    put(store, answer("1", comment=said("1", "bagus")))
    gone = answer("1", comment=RawMention(external_id="1", deleted=True))
    assert put(store, gone) == Saved(edited=1)
    (row,) = answers(store, Filter())
    (words,) = list_mentions(store, Filter())
    assert (row.score, row.mention_id, words.text) == (9, words.id, "")
    assert put(store, gone) == Saved(unchanged=1)


def test_a_file_without_comments_takes_none_back(store: Store) -> None:
    put(store, answer("1", comment=said("1", "bagus")))
    assert put(store, answer("1")) == Saved(unchanged=1)
    assert [row.text for row in list_mentions(store, Filter())] == ["bagus"]
    assert answers(store, Filter())[0].mention_id is not None


def test_answers_of_one_customer_share_a_comment(store: Store) -> None:
    words = said("7-nps", "bagus")
    given = [answer(f"7-{m}", 5, metric=m, comment=words) for m in METRICS]
    assert put(store, *given) == Saved(new=3)
    (row,) = list_mentions(store, Filter())
    assert {one.mention_id for one in answers(store, Filter())} == {row.id}
    rollups.verify(store)


@pytest.mark.parametrize("keep_raw", [False, True])
def test_no_words_stand_in_the_answer_and_numbers_are_masked(store: Store, keep_raw: bool) -> None:
    text = "hubungi 0812-3456-7890"
    put(store, answer("1", segment=text, comment=said("1", text)), keep_raw=keep_raw)
    (words,) = list_mentions(store, Filter())
    (row,) = answers(store, Filter())
    shown = text if keep_raw else "hubungi [phone]"
    assert (words.text, row.segment) == (shown, shown)
    assert "comment" not in survey_answer.c


def test_an_answer_outlives_its_comment(store: Store) -> None:
    put(store, answer("1", comment=said("1", "bagus")))
    with store.write() as connection:
        connection.execute(delete(mention))
    assert [row.mention_id for row in answers(store, Filter())] == [None]


def test_brands_and_sources_may_use_the_same_ids(store: Store) -> None:
    for brand, source in (("A", "survey"), ("B", "survey"), ("A", "other")):
        assert put(store, answer("1"), brand=brand, source=source) == Saved(new=1)
        assert count(store, month(), brand=brand, source=source) == Saved(new=1)
    assert len(answers(store, Filter(brands=("A",)))) == 2
    assert len(answers(store, Filter(brands=("A",), sources=("survey",)))) == 1
    assert answers(store, Filter(brands=("C",))) == []
    assert [row.brand for row in customer_counts(store, Filter(brands=("B",)))] == ["B"]
    assert len(customer_counts(store, Filter(sources=("survey",)))) == 2


def test_the_filter_picks(store: Store) -> None:
    put(
        store,
        answer("late", day="2026-06-02"),
        answer("early", 4, metric="csat", touchpoint="delivery", segment="Emas"),
        answer("mail", 3, metric="csat", touchpoint="price", channel="email"),
        answer("undated", day=None),
        # 1 June in Jakarta, still May in UTC
        answer("border", day=None, answered_at=datetime(2026, 5, 31, 18, tzinfo=UTC)),
    )

    def picked(
        *, metric: str | None = None, segment: str | None = None, **filter: Any
    ) -> list[str]:
        found = answers(store, Filter(**filter), metric=metric, segment=segment)
        with store.read() as connection:
            known = connection.execute(select(survey_answer.c.id, survey_answer.c.external_id))
            names = {row.id: row.external_id for row in known}
        return [names[row.id] for row in found]

    assert picked() == ["early", "mail", "border", "late", "undated"]
    assert picked(since=date(2026, 6, 1)) == ["border", "late"]
    assert picked(until=date(2026, 5, 31)) == ["early", "mail"]
    assert picked(metric="csat") == ["early", "mail"]
    assert picked(segment="Emas") == ["early"]
    assert picked(touchpoints=("price",)) == ["mail"]
    assert picked(channels=("email", "x")) == ["mail"]


@pytest.mark.parametrize("metric", METRICS)
def test_a_score_outside_its_scale_is_no_answer(metric: str) -> None:
    low, high = SCALES[metric]
    assert answer("1", low, metric=metric).score == low
    assert answer("1", high, metric=metric).score == high
    for score in (low - 0.5, high + 0.5, float("nan"), float("inf")):
        with pytest.raises(BadRecord, match=OFF_SCALE):
            answer("1", score, metric=metric)


def test_an_unknown_metric_is_no_answer() -> None:
    with pytest.raises(BadRecord, match=UNKNOWN_SHAPE):
        SurveyAnswer(external_id="1", metric="loyalty", score=1, low=0, high=10)


def test_counts_are_stored_once_and_corrected(store: Store) -> None:
    june = date(2026, 6, 1)
    given = [month(), month(segment="Emas", start=10, new=0, lost=10), month(june, start=115)]
    assert count(store, *given) == Saved(new=3)
    assert count(store, *given) == Saved(unchanged=3)
    assert count(store, month(lost=6), given[1]) == Saved(edited=1, unchanged=1)
    rows = customer_counts(store, Filter())
    assert [(row.month, row.segment, row.start, row.new, row.lost) for row in rows] == [
        (MAY, None, 100, 20, 6),
        (june, None, 115, 20, 5),
        (MAY, "Emas", 10, 0, 10),
    ]


def test_months_are_picked_by_any_of_their_days(store: Store) -> None:
    count(store, *(month(date(2026, number, 1)) for number in (4, 5, 6, 7)))

    def picked(**filter: Any) -> list[int]:
        return [row.month.month for row in customer_counts(store, Filter(**filter))]

    assert picked(since=date(2026, 5, 31), until=date(2026, 6, 1)) == [5, 6]
    assert picked(since=date(2026, 6, 15)) == [6, 7]
    assert picked(until=date(2026, 4, 30)) == [4]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"lost": 121}, LOST_MORE),
        ({"lost": -1}, COUNT_UNREAD),
        ({"start": 10**12}, COUNT_UNREAD),
        ({"first": date(2026, 5, 2)}, COUNT_UNREAD),
    ],
)
def test_counts_that_cannot_be(fields: dict[str, Any], reason: str) -> None:
    assert month(lost=120).lost == 120
    with pytest.raises(BadRecord, match=reason):
        month(**fields)


def test_scores_are_counted_apart(store: Store) -> None:
    put(store, answer("1"), answer("2"), answer("3", 8), answer("4", segment="gold"))
    put(store, answer("5", touchpoint="delivery"), source="another")
    put(store, answer("6"), brand="Rival")
    counted = score_counts(store, Filter(brands=("Senandika",), since=MAY))
    assert sorted((row.score, row.segment, row.touchpoint, row.source, row.n) for row in counted
                  if row.segment is None and row.touchpoint is None) == [
        (8, None, None, "survey", 1), (9, None, None, "survey", 2),
    ]  # fmt: skip
    assert {row.month for row in counted} == {MAY}
    assert sum(row.n for row in counted) == 5
    assert sum(row.n for row in score_counts(store, Filter(sources=("another",)))) == 1
    assert score_counts(store, Filter(until=date(2026, 5, 9))) == []
