"""Answers are told apart, counted, opened and set beside what others say."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.surveys import Score, Surveys, surveys
from simak.taxonomy import load_taxonomy
from store.answers import score_counts
from store.engine import Store
from store.filter import Filter
from store.lists import count, list_mentions
from store.surveys import answers
from tests.builders import put, review, tag_all, tagged
from tests.insights.surveys.builders import answer, ask, count_customers

MAY = Filter(brands=("Senandika",), since=date(2026, 5, 1), until=date(2026, 5, 31))


def measured(store: Store, filter: Filter = MAY) -> Surveys:
    return surveys(store, load_taxonomy(), filter)


def only(scores: tuple[Score, ...], metric: str, touchpoint: str | None = None) -> Score:
    (found,) = [s for s in scores if s.question.metric == metric and s.touchpoint == touchpoint]
    return found


@pytest.fixture
def asked(store: Store) -> Store:
    """NPS 9, 10, 7, 3, 0 of the whole, CSAT of delivery, and effort on two scales."""
    ask(
        store,
        [
            answer("1", "nps", 9, segment="gold", channel="email"),
            answer("2", "nps", 10, segment="gold", words="mantap"),
            answer("3", "nps", 7, "2026-05-31", segment="new"),
            answer("4", "nps", 3, segment="new", words="paket lama", channel="email"),
            answer("5", "nps", 0, words="cs tidak membalas"),
            answer("6", "csat", 2, touchpoint="delivery", words="kurir kasar"),
            answer("7", "csat", 5, touchpoint="delivery"),
            answer("8", "ces", 6),
            answer("9", "ces", 2, low=1, high=5, higher_is_better=False),
            answer("10", "nps", 0, "2026-04-20", words="bulan lalu"),
            answer("11", "nps", 10, None, words="kapan ini"),
        ],
    )
    tag_all(store, {})
    return store


def test_each_question_and_touchpoint_stands_apart(asked: Store) -> None:
    result = measured(asked)
    nps = only(result.scores, "nps")
    assert (nps.value.value, nps.value.n) == (0.0, 5)
    assert nps.error == pytest.approx(((0.4 + 0.4) / 5) ** 0.5)
    assert (nps.unhappy.k, nps.commented) == (2, 2)
    csat = only(result.scores, "csat", "delivery")
    assert (csat.value.k, csat.value.n, csat.unhappy.k) == (1, 2, 1)
    efforts = [s for s in result.scores if s.question.metric == "ces"]
    assert [(s.question.high, s.question.higher_is_better, s.value.value) for s in efforts] == [
        (5, False, 2.0),
        (7, True, 6.0),
    ]
    assert result.missing == ("customers",)
    assert len(result.scores) == 4


def test_parts_of_the_answers(asked: Store) -> None:
    result = measured(asked)
    segments = {s.segment: s.value.value for s in result.by_segment if s.question.metric == "nps"}
    assert segments == {"gold": 1.0, "new": -0.5}
    channels = {s.channel: s.value.value for s in result.by_channel if s.question.metric == "nps"}
    assert channels == {"email": 0.0, "survey": 0.0}
    months = {
        s.month: s.value.value
        for s in measured(asked, Filter()).by_month
        if s.question.metric == "nps"
    }
    assert months == {date(2026, 4, 1): -1.0, date(2026, 5, 1): 0.0}


def test_every_number_of_words_opens_them(asked: Store) -> None:
    ask(asked, [answer("12", "nps", 4, words="x", segment="gold")], source="another")
    tag_all(asked, {})
    for filter in (MAY, Filter(), MAY.but(channels=("email",)), MAY.but(sources=("form",))):
        result = measured(asked, filter)
        rows = (*result.scores, *result.by_channel, *result.by_segment, *result.by_month)
        assert sum(row.commented for row in rows) > 0
        for row in rows:
            assert row.behind is not None
            assert count(asked, row.behind).n == row.commented
    nps = only(measured(asked).scores, "nps")
    assert nps.behind is not None
    texts = {mention.text for mention in list_mentions(asked, nps.behind)}
    assert texts == {"paket lama", "cs tidak membalas", "x"}


def test_a_text_beside_two_answers_is_opened_once(store: Store) -> None:
    twice = [answer(id, "csat", 1, words="sama saja") for id in ("a", "b")]
    same = twice[0].comment
    ask(store, [twice[0], answer("b", "csat", 2, comment=same)])
    tag_all(store, {})
    (score,) = measured(store).scores
    assert (score.unhappy.k, score.commented) == (2, 1)
    assert score.behind is not None
    assert count(store, score.behind).n == 1


def test_the_period_before_and_the_rest_are_compared(store: Store) -> None:
    now = [answer(f"n{i}", "nps", 0 if i < 30 else 10, segment="ab"[i % 2]) for i in range(40)]
    before = [answer(f"b{i}", "nps", 10 if i < 30 else 0, "2026-04-15") for i in range(40)]
    ask(store, now + before)
    result = measured(store)
    (score,) = result.scores
    assert score.against.value == pytest.approx(-1.0)
    assert score.p is not None
    assert score.p < 0.001
    for part in result.by_segment:
        assert part.against.value == pytest.approx(0.0)
        assert part.p is None  # of 20 answers
    (month,) = result.by_month
    assert month.against.value is None
    april, may = measured(store, Filter()).by_month
    assert april.against.value is None
    assert may.against.value == pytest.approx(-1.0)


def test_counts_are_those_of_the_answers(asked: Store) -> None:
    for filter in (Filter(), MAY, MAY.but(channels=("email",)), MAY.but(touchpoints=("delivery",))):
        assert sum(row.n for row in score_counts(asked, filter)) == len(answers(asked, filter))


def test_others_are_set_beside_and_never_the_survey_itself(asked: Store) -> None:
    said = {
        "paket lambat": tagged("negative", {"delivery": "negative"}),
        "paket cepat": tagged("positive", {"delivery": "positive"}),
        "kurir kasar": tagged("negative", {"delivery": "negative"}),
    }
    put(asked, [review(str(i), text) for i, text in enumerate(["paket lambat", "paket cepat"])])
    tag_all(asked, said)
    ask(asked, [answer("13", "csat", 1, touchpoint="delivery", words="paket lambat")])
    tag_all(asked, said)
    result = measured(asked)
    (row,) = [row for row in result.beside if row.touchpoint == "delivery" and not row.month]
    assert (row.said.k, row.said.n) == (1, 2)
    for row in result.beside:
        assert count(asked, row.behind).n == row.said.k
    assert {one.over for one in result.together} == {"touchpoint", "month"}
    assert all(one.value.value is None for one in result.together)


def test_touchpoints_that_disappoint_in_both_go_together(store: Store) -> None:
    ids = load_taxonomy().ids[:12]
    said, given, put_in = {}, [], []
    for place, id in enumerate(ids):
        for i in range(30):
            bad = i < 2 * place
            text = f"{id} {i}"
            said[text] = tagged("neutral", {id: "negative" if bad else "positive"})
            put_in.append(review(text, text))
            given.append(answer(text, "csat", 1 if bad else 5, touchpoint=id))
    put(store, put_in)
    ask(store, given)
    tag_all(store, said)
    rank = {one.over: one.value for one in measured(store).together}
    assert (rank["touchpoint"].value, rank["touchpoint"].n) == (-1.0, 12)


def test_customers_who_stay(store: Store) -> None:
    count_customers(store, ("2026-03", 1000, 50), ("2026-04", 1000, 50), ("2026-05", 1000, 100))
    count_customers(store, ("2026-05", 999, 1), source="sheet")
    count_customers(store, ("2026-05", 10, 30), segment="gold")
    everyone, gold = measured(store, Filter()).retention
    assert (everyone.source, everyone.left_out) == ("crm", ("sheet",))
    assert (everyone.churn.k, everyone.churn.n) == (200, 3000)
    assert everyone.retention.value == pytest.approx(1 - 200 / 3000)
    assert [month.churn.value for month in everyone.months] == [0.05, 0.05, 0.1]
    assert everyone.change.value == pytest.approx(0.05)
    assert everyone.p is not None
    assert everyone.p < 0.001
    assert gold.churn.value is None
    assert gold.months[0].retention.value is None
    assert measured(store, Filter(until=date(2026, 4, 30))).retention[0].churn.n == 2000


def test_what_those_who_leave_complain_about(store: Store) -> None:
    count_customers(store, ("2026-05", 1000, 50))
    said = {
        "uninstall, refund lama": tagged("negative", {"returns_refunds": "negative"},
                                         signals=["switching"]),
        "pindah saja": tagged("negative", signals=["switching"]),
        "kurir lama": tagged("negative", {"delivery": "negative"}),
        "uninstall bulan lalu": tagged("negative", signals=["switching"]),
    }  # fmt: skip
    texts = list(said)
    put(store, [review(text, text) for text in texts[:3]])
    put(store, [review(texts[3], texts[3], "2026-04-30")])
    tag_all(store, said)
    rows = measured(store, Filter()).leaving
    assert [row.phase for row in rows] == [
        "awareness", "transaction", "customer_service", "after_sales", "retention",
    ]  # fmt: skip
    for row in rows:
        assert (row.share.n, row.others.n, row.p) == (2, 1, None)
        assert count(store, row.behind).n == row.share.k
    assert {row.phase: row.share.k for row in rows}["after_sales"] == 1


def test_nothing_is_no_data(store: Store) -> None:
    put(store, [review("1", "kapok")])
    tag_all(store, {"kapok": tagged("negative", signals=["switching"])})
    result = measured(store)
    assert result.missing == ("nps", "csat", "ces", "customers")
    assert not result.scores + result.by_month + result.beside + result.retention + result.leaving


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(scores=st.lists(st.tuples(st.integers(1, 5), st.sampled_from("ab")), max_size=12))
def test_segments_add_up_and_other_brands_change_nothing(
    sqlite_store: Store, scores: list[tuple[int, str]]
) -> None:
    brand = f"b{len(answers(sqlite_store, Filter()))}-{scores}"
    ask(
        sqlite_store,
        [answer(f"{i}", "csat", s, segment=part) for i, (s, part) in enumerate(scores)],
        brand=brand,
    )
    filter = MAY.but(brands=(brand,))
    result = measured(sqlite_store, filter)
    for name in ("n", "k"):
        whole = sum(getattr(score.value, name) for score in result.scores)
        assert whole == sum(getattr(score.value, name) for score in result.by_segment)
    assert sum(score.value.n for score in result.scores) == len(scores)
    ask(sqlite_store, [answer("x", "csat", 1)], brand="Rival")
    assert measured(sqlite_store, filter) == result
