"""The page Response: its sentence, its marks and links, in both languages and every state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import i18n
from dashboard.charts import units
from dashboard.parts import tables
from dashboard.parts.response import sentences
from insights.response.parts import Part, parts, within
from insights.response.waits import waiting
from insights.values import NO_DATA, Value
from simak.taxonomy import load_taxonomy
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import get_mentions, list_mentions
from tests.dashboard.conftest import LAST, PAYLOAD, Rows, fill, html, row
from tests.dashboard.walk import charts, doors, listed

Show = Callable[..., AppTest]

BRAND, FEW, SILENT = "Senandika", "Sepikata", "Bisukita"


def _rows() -> Rows:
    """Instagram answers every complaint after 2 h, the marketplace every third after 5 days."""
    rows: Rows = []
    for number in range(480):
        raw, tags = row(number)
        at = LAST - timedelta(days=12, hours=4 * number)
        wait = {"instagram": 2, "marketplace": 120}.get(raw.channel)
        answered = raw.channel == "instagram" or number % 9 == 2
        reply = None if wait is None or not answered else at + timedelta(hours=wait)
        rows.append(
            row(
                number,
                published_at=at,
                reply=None if reply is None else f"maaf ya {PAYLOAD}",
                reply_at=reply,
            )
            if tags
            else (raw, tags)
        )
    return rows


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = f"sqlite:///{tmp_path_factory.mktemp('response') / 'simak.db'}"
    store = open_store(found)
    fill(store, BRAND, _rows())
    fill(store, FEW, _rows()[:14], source="few")
    fill(store, SILENT, [row(number) for number in range(60)], source="silent")
    store.close()
    return found


@pytest.fixture(scope="module")
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()


VIEWS: dict[str, dict[str, str | list[str]]] = {
    "complaints": {"days": "all"},
    "all": {"days": "all", "which": "all"},
    "touchpoints": {"days": "365", "over": "touchpoint"},
    "all touchpoints": {"days": "all", "which": "all", "over": "touchpoint"},
    "channel": {"days": "365", "channel": "marketplace"},
}


@pytest.mark.parametrize("view", VIEWS)
def test_every_door_opens_what_it_says(show: Show, url: str, store: Store, view: str) -> None:
    app = show(url, "response", lang="en", brand=BRAND, **VIEWS[view])
    assert not app.exception
    found = doors(app)
    assert len([door for door in found if door.count]) >= 8
    assert any(door.where.startswith("chart 0") for door in found)
    taxonomy = load_taxonomy()
    for to, count in {(door.to, door.count) for door in found}:
        assert listed(store, taxonomy, to) == (count if count is not None else _n(store, to), [])


def _n(store: Store, to: str) -> int:
    return listed(store, load_taxonomy(), to)[0]


def test_the_sentence_names_the_slow_and_the_quick_with_their_intervals(
    show: Show, url: str
) -> None:
    said = html(show(url, "response", lang="en", brand=BRAND, days="all"))
    assert "Of 100 complaints 50 are answered within a day (95% interval 43–58, n = 160)" in said
    assert "Clearly slower than the others: Marketplace (0% answered within a day" in said
    assert "Clearly quicker than the others: Instagram (100% answered within a day" in said


def test_it_is_said_in_indonesian(show: Show, url: str) -> None:
    said = html(show(url, "response", lang="id", brand=BRAND, days="all"))
    assert "Dari 100 keluhan, 50 dibalas dalam sehari (selang 95% 43–58, n = 160)" in said
    assert "Jelas lebih lambat dari yang lain: Lokapasar" in said
    assert "Complaints" not in said


def test_the_curve_ends_where_nothing_more_was_seen_and_names_medians(show: Show, url: str) -> None:
    app = show(url, "response", lang="en", brand=BRAND, days="all")
    curves = charts(app)[0]
    assert {row["series"] for row in curves if row.get("after")} == {"0", "1", "2"}
    told = [row["lines"].replace("\n", " ") for row in curves if row.get("lines")]
    assert "Instagram median 2 h" in told
    assert "Marketplace median not reached" in told


def test_a_place_without_answers_has_no_rate(show: Show, url: str, store: Store) -> None:
    app = show(url, "response", lang="en", brand=SILENT, days="all")
    said = html(app)
    assert "No answer was ever seen here, so there is no rate and no wait" in said
    assert "answered within a day" not in said
    assert charts(app) == []
    found = [door for door in doors(app) if door.count]
    assert sum(door.count or 0 for door in found) == 60
    for door in found:
        assert listed(store, load_taxonomy(), door.to) == (door.count, [])


def test_google_play_was_never_answered_and_is_in_no_rate(show: Show, url: str) -> None:
    said = html(show(url, "response", lang="en", brand=BRAND, days="all"))
    before, _, after = said.partition("whether anybody answers there is not known")
    assert "Google Play" not in before
    assert "Google Play" in after


def test_too_few_are_said_to_be_few(show: Show, url: str) -> None:
    said = html(show(url, "response", lang="en", brand=FEW, days="all"))
    assert "too few to speak of a rate (at least 30)" in said
    assert "Of 100 complaints" not in said


def test_nothing_matches_is_said(show: Show, url: str) -> None:
    app = show(url, "response", lang="en", brand=BRAND, since="2020-01-01", until="2020-01-02")
    assert "Nothing matches these filters" in html(app)


def test_what_waits_is_shown_oldest_first(show: Show, url: str, store: Store) -> None:
    said = html(show(url, "response", lang="en", brand=BRAND, days="all"))
    shown = [int(part.split('"')[0]) for part in said.split('data-id="')[1:]]
    rows = {one.id: one for one in get_mentions(store, shown)}
    dated = [rows[id].published_at for id in shown]
    assert len(shown) == 4
    waiting_now = Filter(brands=(BRAND,), complaint=True, replied=False, sources=("file",))
    all_waiting = list_mentions(
        store, waiting_now.but(channels=("instagram", "marketplace")), limit=1_000
    )
    assert dated == [one.published_at for one in all_waiting[::-1][:4]]
    assert all(one.reply_at is None for one in rows.values())


def test_what_customers_and_the_brand_wrote_is_escaped(show: Show, url: str) -> None:
    for which in ("complaints", "all"):
        said = html(show(url, "response", lang="en", brand=BRAND, days="all", which=which))
        assert "<img" not in said


def test_business_hours_are_said_where_they_are_set(show: Show, url: str, tmp_path: Path) -> None:
    unset = html(show(url, "response", lang="en", brand=BRAND, days="all"))
    assert "Business hours are not set" in unset
    assert "in business hours<" not in unset
    hours = '[response]\nbusiness_hours = "Mon-Fri 09:00-17:00"\n'
    (tmp_path / "simak.toml").write_text(hours)
    said = html(show(url, "response", lang="en", brand=BRAND, days="all"))
    assert "Business hours: Mon-Fri 09:00-17:00." in said
    assert "in business hours<" in said


def test_a_choice_that_is_not_known_is_left_out_with_a_note(show: Show, url: str) -> None:
    said = html(show(url, "response", lang="en", brand=BRAND, days="all", over="<b>moon"))
    assert "over=&lt;b&gt;moon" in said
    assert "Where they wait" not in said  # a header is no HTML of ours
    assert "Marketplace" in said


def test_a_place_that_answers_all_at_once_counts_as_answered_within_a_day() -> None:
    everybody = waiting(np.array([60] * 40), np.zeros(0, dtype=np.int64))
    found = within(everybody, 40)
    assert (found.value, found.n) == (1.0, 40)
    assert found.low == pytest.approx(0.912, abs=0.001)
    assert within(waiting(np.array([60]), np.array([600])), 0).value is None  # not watched so long


def _part(name: str, share: float, p: float | None, against: float = 0.0) -> Part:
    value = Value(share, share - 0.05, share + 0.05, 100)
    none = waiting(np.zeros(0, dtype=np.int64), np.array([5] * 100))
    return Part(
        name, Value(0.5, 0.4, 0.6, 100, 50), none, NO_DATA, value, Value(against), p,
        Filter(replied=True), Filter(replied=False),
    )  # fmt: skip


def test_what_may_be_chance_is_not_told_as_slower() -> None:
    i18n.use("en")
    names = {"a": "A", "b": "B"}
    unsure = [_part("a", 0.2, 0.06, -0.2), _part("b", 0.4, None, 0.2)]
    assert sentences.apart(unsure, names, over="channel").startswith("No channel differs")
    sure = [_part("a", 0.2, 0.04, -0.2), _part("b", 0.4, 0.06, 0.2)]
    assert sentences.apart(sure, names, over="channel") == (
        "Clearly slower than the others: A (20% answered within a day, 95% interval 15%–25%, "
        "n = 100)."
    )
    assert "too few are left" in sentences.apart(sure[:1], names, over="channel")


def test_waits_are_written_in_the_unit_a_reader_counts_in() -> None:
    i18n.use("en")
    shown = [units.show(hours, "waits") for hours in (0.25, 5.6, 24, 50.4, 168, 672, 240)]
    assert shown == ["15 min", "6 h", "1 day", "2.1 days", "7 days", "4 weeks", "10 days"]
    i18n.use("id")
    assert units.show(50.4, "waits") == "2,1 hari"


@pytest.mark.parametrize(
    ("wait", "shown"),
    [
        (Value(1_560, 480, 2_880, 50), "1.1 days <small>(8 h–2 days)</small>"),
        (Value(1_560, 480, None, 5), "1.1 days <small>(8 h or longer)</small>"),
        (Value(1_560, 0, None, 4), "1.1 days"),
        (NO_DATA, "–"),
    ],
)
def test_an_interval_of_a_wait_is_told_as_far_as_it_has_ends(wait: Value, shown: str) -> None:
    i18n.use("en")
    assert tables.wait(wait) == shown


def test_parts_add_up_and_their_own_filters_count_them(store: Store) -> None:
    whole, *each = parts(store, Filter(brands=(BRAND,), complaint=True), "channel")
    assert whole.reply_rate.n == sum(part.reply_rate.n for part in each) == 160
    assert whole.reply_rate.k == sum(part.reply_rate.k or 0 for part in each)
    assert {part.name for part in each} == {"instagram", "marketplace"}
    quick = next(part for part in each if part.name == "instagram")
    assert (quick.within.value, quick.waiting.quantile(0.5).value) == (1.0, 120.0)
    assert quick.within.low == pytest.approx(0.954, abs=0.005)  # Wilson's: all of 80
