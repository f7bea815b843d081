"""The page Surveys: every question, what was written, who stays, and every state without them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import i18n
from dashboard.charts import shares
from dashboard.parts.surveys import sentences
from insights import intervals
from insights.surveys import Question, Score
from insights.values import NO_DATA, Value
from simak.taxonomy import load_taxonomy
from store.engine import Store, open_store
from tests.dashboard.conftest import html
from tests.dashboard.survey_store import BARE, BRAND, PAYLOAD, build
from tests.dashboard.walk import charts, doors, listed

Show = Callable[..., AppTest]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = f"sqlite:///{tmp_path_factory.mktemp('surveys') / 'simak.db'}"
    build(found)
    return found


@pytest.fixture(scope="module")
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()


VIEWS: dict[str, dict[str, str | list[str]]] = {
    "nps": {"days": "all"},
    "nps by segment": {"days": "all", "by": "segment", "wrote": "happy"},
    "of 90 days": {"days": "90"},
    "csat": {"days": "all", "question": "csat_1_5"},
    "happy of csat": {"days": "365", "question": "csat_1_5", "wrote": "happy"},
    "ces": {"days": "all", "question": "ces_1_7_low"},
    "by survey": {"days": "all", "channel": "survey"},
}


@pytest.mark.parametrize("view", VIEWS)
def test_every_door_opens_what_it_says(show: Show, url: str, store: Store, view: str) -> None:
    app = show(url, "surveys", lang="en", brand=BRAND, **VIEWS[view])
    assert not app.exception
    found = {(door.to, door.count) for door in doors(app) if door.count is not None}
    assert len(found) >= 4
    taxonomy = load_taxonomy()
    for to, count in found:
        assert listed(store, taxonomy, to) == (count, []), to


def test_the_score_is_said_with_interval_and_n(show: Show, url: str) -> None:
    said = html(show(url, "surveys", lang="en", brand=BRAND, days="all"))
    assert "NPS is −9 (95% interval −19\u00a0–\u00a0+1, n = 360)." in said
    assert "the share that answers 9 or 10 (promoters) less" in said


def test_it_is_said_in_indonesian(show: Show, url: str) -> None:
    said = html(show(url, "surveys", lang="id", brand=BRAND, days="all"))
    assert "NPS −9 (selang 95% −19\u00a0–\u00a0+1, n = 360)." in said
    assert "promoters" not in said


def test_a_question_of_touchpoints_alone_is_not_added_up(show: Show, url: str) -> None:
    said = html(show(url, "surveys", lang="en", brand=BRAND, days="all", question="csat_1_5"))
    assert "CSAT was asked about single touchpoints: the worst is" in said
    assert 'class="label">CSAT' not in said


def test_effort_keeps_its_scale_and_direction(show: Show, url: str) -> None:
    said = html(show(url, "surveys", lang="en", brand=BRAND, days="all", question="ces_1_7_low"))
    assert "CES (1–7, low is good) is 3.99" in said
    assert "on a scale from 1 to 7, where low is easy" in said


def test_the_three_parts_are_all_and_give_the_score(show: Show, url: str) -> None:
    app = show(url, "surveys", lang="en", brand=BRAND, days="all")
    rows = [row for data in charts(app) for row in data if row.get("kind") and row.get("said")]
    bars: dict[str, list[dict[str, float]]] = {}
    for row in rows:
        bars.setdefault(row["key"], []).append(row)
    assert len(bars) == 7  # of all, and of each month
    for parts in bars.values():
        assert [part["kind"] for part in parts] == ["negative", "neutral", "positive"]
        assert parts[0]["from"] == 0
        assert parts[-1]["until"] == pytest.approx(1)
        assert all(one["until"] == other["from"] for one, other in pairwise(parts))
    bad, _middle, good = bars["All answers"]
    assert good["until"] - good["from"] - (bad["until"] - bad["from"]) == pytest.approx(-32 / 360)
    assert [part["to"] is None for part in bars["All answers"]] == [False, True, True]


def test_churn_stands_above_the_complaints_of_the_same_months(show: Show, url: str) -> None:
    app = show(url, "surveys", lang="en", brand=BRAND, days="all")
    found = charts(app)
    months = [
        {row["period"] for row in rows if row.get("series") == "0" and row.get("period")}
        for rows in found[-2:]
    ]
    assert months[0] == months[1]
    assert len(months[0]) == 6
    assert "is an association: it does not say that complaints make people leave" in html(app)


def test_without_answers_nothing_is_guessed_and_it_says_what_to_do(
    show: Show, url: str, store: Store
) -> None:
    app = show(url, "surveys", lang="en", brand=BARE, days="all")
    said = html(app)
    assert "No survey was imported, so there is no NPS, CSAT, CES, retention or churn" in said
    assert f"brand = &quot;{BARE}&quot;" in said
    assert "simak collect" in said
    assert charts(app) == []
    (door,) = doors(app)
    assert listed(store, load_taxonomy(), door.to) == (door.count, [])
    assert "sm-figure" not in said


def test_a_period_without_answers_is_told_from_a_brand_without(show: Show, url: str) -> None:
    days = {"since": "2020-01-01", "until": "2020-02-01"}
    said = html(show(url, "surveys", lang="en", brand=BRAND, **days))
    assert "Nothing matches these filters" in said
    assert "No survey was imported" not in said


def test_what_is_missing_is_said_where_the_rest_is_shown(show: Show, url: str) -> None:
    said = html(show(url, "surveys", lang="en", brand=BRAND, days="all", channel="survey"))
    assert "No data of NPS" in said


def test_what_files_call_things_is_escaped(show: Show, url: str) -> None:
    app = show(url, "surveys", lang="en", brand=BRAND, days="all", by="segment")
    assert "<img" not in html(app)
    assert any(row.get("key") == PAYLOAD for data in charts(app) for row in data)


def _score(
    question: Question, value: Value, against: Value = NO_DATA, p: float | None = None
) -> Score:
    return Score(question, None, None, None, None, value, None, NO_DATA, 0, None, against, p)


EASY = Question(BRAND, "ces", 1, 7, False)
NPS = Question(BRAND, "nps", 0, 10, True)


def test_of_effort_less_is_better_where_low_is_easy() -> None:
    i18n.use("en")
    rising = _score(EASY, Value(3.0, 2.5, 3.5, 80), Value(0.6, 0.2, 1.0, 80), 0.01)
    assert sentences.moved(rising) == ("▲ +0.60", "worse")
    nps = _score(NPS, Value(0.2, 0.1, 0.3, 80), Value(0.1, 0.02, 0.2, 80), 0.01)
    assert sentences.moved(nps) == ("▲ +10 points", "better")
    assert sentences.score(nps) == (
        "NPS is +20 (95% interval +10\u00a0–\u00a0+30, n = 80); 10 points more than in the "
        "period before."
    )


def test_a_change_that_may_be_chance_and_too_few_are_said() -> None:
    i18n.use("en")
    same = _score(NPS, Value(0.2, 0.1, 0.3, 80), Value(0.1, -0.02, 0.2, 80), 0.2)
    assert sentences.moved(same) == ("+10 points, not clear", "same")
    assert sentences.score(same).endswith("; no clear change from the period before.")
    few = _score(NPS, Value(0.2, -0.3, 0.6, 12))
    assert sentences.score(few) == "Only 12 answers to NPS: too few to rely on (at least 30)."


def test_a_part_too_narrow_for_its_figure_has_a_tooltip_alone() -> None:
    i18n.use("en")
    parts = [
        shares.Share("negative", "Detractors", intervals.share(3, 100), "q=1", 2),
        shares.Share("neutral", "Passives", intervals.share(12, 100)),
        shares.Share("positive", "Promoters", intervals.share(85, 100)),
    ]
    drawn = shares.shares([shares.Whole("a", "A", parts)], title="Of all", dark=False).to_dict()
    data = next(rows for rows in drawn["datasets"].values() if "kind" in rows[0])
    assert [row["said"] for row in data] == ["3%", "12%", "Promoters 85%"]
    assert data[0]["spoken"] == "A, Detractors: 3%, 1% to 8%, 3 of 100"
    assert data[0]["to"] == "q=1"
