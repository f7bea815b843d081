from dataclasses import replace
from datetime import date, timedelta
from itertools import count as numbers

import pytest

from dashboard import i18n
from dashboard.brief import PAGE_LINES, page
from insights.actions import actions
from insights.brief import Brief, brief, week_of
from simak.errors import ConfigurationError
from simak.taxonomy import load_taxonomy
from store.actions import add_action
from store.engine import Store
from store.filter import Filter
from store.lists import MentionRow, count
from tests.builders import NOW, put, review, tag_all, tagged

SAID = {
    "paket saya lama sekali sampainya": tagged("negative", {"delivery": "negative"}),
    "ongkirnya makin mahal saja ya min": tagged("negative", {"price": "negative"}),
    "wajannya bagus, tidak lengket sama sekali": tagged(
        "positive", {"product_quality": "positive"}
    ),
    "bagus sih wajannya, tapi lama kirimnya": tagged(
        "positive", {"product_quality": "positive", "delivery": "negative"}, complaint=True
    ),
}
LAST = date(2026, 5, 31)
"""A Sunday."""


@pytest.fixture
def year(store: Store) -> Store:
    """Ten weeks of 2 late and 1 dear parcels and 3 praises a day; 20 late ones on 28 May."""
    id = numbers()
    late, dear, good, mixed = SAID
    texts = {
        LAST - timedelta(days=back): [late, late, dear, good, good, good] for back in range(70)
    }
    texts[date(2026, 5, 28)] += [late] * 20 + [mixed]
    rows = [
        review(f"r{next(id)}", text, day.isoformat(), stars=5 if text == good else 1)
        for day, all_of_it in texts.items()
        for text in all_of_it
    ]
    for start in range(0, len(rows), 200):
        put(store, rows[start : start + 200])
    put(store, [review("rival", good, LAST.isoformat())], brand="Griyakita")
    tag_all(store, SAID)
    return store


@pytest.fixture
def week(year: Store) -> Brief:
    return brief(year, load_taxonomy(), "Senandika")


def test_the_last_whole_week_is_taken(year: Store) -> None:
    assert week_of(year, "Senandika") == (date(2026, 5, 25), LAST)
    assert week_of(year, "Senandika", date(2026, 5, 6)) == (date(2026, 5, 4), date(2026, 5, 10))
    put(year, [review("later", "bagus", "2026-06-02")])
    assert week_of(year, "Senandika") == (date(2026, 5, 25), LAST)
    with pytest.raises(ConfigurationError, match="no dated mention of 'Nobody'"):
        week_of(year, "Nobody")


def test_every_number_opens_its_mentions(year: Store, week: Brief) -> None:
    opened = [
        *((one.complaints, one.behind) for one in week.touchpoints),
        *((one.event.head.seen, one.event.head.behind) for one in week.events),
        *((one.value, one.behind) for one in week.look_at if one.kind != "touchpoint"),
    ]
    assert week.praised is not None
    opened.append((week.praised.share, week.praised.behind))
    for value, behind in opened:
        assert count(year, behind).n == value.k > 0


def test_what_is_in_it_is_what_was_said(year: Store, week: Brief) -> None:
    first = week.touchpoints[0]
    assert (first.touchpoint, first.owner) == ("delivery", "logistics")
    assert first.complaints.k == 7 * 2 + 20 + 1
    assert first.complaints.n == 7 * 3 + 21
    assert week.praised is not None
    assert (week.praised.touchpoint, week.praised.share.k) == ("product_quality", 21)
    assert all("tapi" not in row.text for row in week.praised.verbatims)
    assert [one.event.head.since for one in week.events][:1] == [date(2026, 5, 28)]
    assert week.events[0].bad
    assert week.look_at[0].kind == "event"
    assert "touchpoint" in {one.kind for one in week.look_at}
    for one in week.touchpoints:
        assert 0 < len(one.verbatims) <= 3
        assert {row.text for row in one.verbatims} <= SAID.keys()


def test_another_brand_changes_nothing(year: Store, week: Brief) -> None:
    put(year, [review(f"x{n}", "paket saya lama sekali sampainya") for n in range(50)], brand="X")
    tag_all(year, SAID)
    again = brief(year, load_taxonomy(), "Senandika")
    assert (again.touchpoints, again.look_at) == (week.touchpoints, week.look_at)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("id", ["Touchpoint di balik keluhan", "**Pengiriman** (Logistik): 83%", "28 Mei 2026"]),
        ("en", ["Touchpoints behind the complaints", "**Delivery** (Logistics): 83%", "28 May"]),
    ],
)
def test_it_reads_in_both_languages(week: Brief, language: str, words: list[str]) -> None:
    i18n.use(language)
    text = page(week, load_taxonomy())
    for word in words:
        assert word in text
    assert "> paket saya lama sekali sampainya (Google Play)" in text
    quoted = [line for line in text.splitlines() if line.startswith("  > ")]
    assert len(quoted) == len(set(quoted)) > 2


def test_a_full_week_still_fits_a_page(week: Brief) -> None:
    def said(name: str) -> tuple[MentionRow, ...]:
        rows = week.touchpoints[0].verbatims
        return tuple(replace(rows[0], text=f"{name} {n} " + "kata " * 50) for n in range(3))

    full = replace(
        week,
        touchpoints=tuple(replace(week.touchpoints[0], verbatims=said(f"t{n}")) for n in range(3)),
        events=tuple(replace(week.events[0], verbatims=said(f"e{n}")) for n in range(3)),
    )
    text = page(full, load_taxonomy())
    assert sum(1 + len(line) // 100 for line in text.splitlines()) <= PAGE_LINES
    assert "t0 0" in text
    assert "t2 0" in text
    assert "t0 2" not in text


def test_an_action_is_judged_as_it_is_elsewhere(year: Store) -> None:
    def act(text: str, day: date) -> None:
        add_action(year, brand="Senandika", text=text, touchpoint="delivery", day=day, by="R",
                   now=NOW)  # fmt: skip

    act("kurir baru", LAST - timedelta(days=34))
    put(year, [review("later", "bagus", (LAST + timedelta(days=9)).isoformat())])
    act("besok", LAST + timedelta(days=2))
    far = LAST + timedelta(days=6 * 14)
    put(year, [review("far", "bagus", far.isoformat())])
    found = brief(year, load_taxonomy(), "Senandika", day=LAST)
    assert [row.action.text for row in found.actions] == ["kurir baru"]
    until = Filter(brands=("Senandika",), until=LAST)
    assert found.actions[0] == actions(year, until).rows[0]


def test_too_little_is_said_to_be_too_little(store: Store) -> None:
    put(store, [review("a", "paket saya lama sekali sampainya", LAST.isoformat())])
    tag_all(store, SAID)
    found = brief(store, load_taxonomy(), "Senandika")
    assert not found.enough
    assert all(one.kind != "touchpoint" for one in found.look_at)
    i18n.use("en")
    text = page(found, load_taxonomy())
    assert "too few to speak of a rate" in text
    assert "Only 1 complaints: fewer than 30" in text
    assert "%" not in text.split("## Touchpoints")[1].split("##")[0]
    assert text.count("paket saya lama sekali") == 1
    quiet = brief(store, load_taxonomy(), "Senandika", day=date(2026, 1, 1))
    assert quiet.touchpoints == quiet.events == ()
    assert quiet.praised is None
    assert count(store, Filter(brands=("Senandika",))).n == 1
    page(quiet, load_taxonomy())
