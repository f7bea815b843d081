from datetime import date

import pytest
from scipy.stats import chi2_contingency
from statsmodels.stats.multitest import multipletests

from insights.touchpoints import examples, touchpoints
from simak.taxonomy import load_taxonomy
from store.engine import Store
from store.filter import Filter
from store.lists import count
from tests.builders import put, review, tag_all, tagged

MAY = Filter(since=date(2026, 5, 1), until=date(2026, 5, 31))


@pytest.fixture
def complaints(store: Store) -> Store:
    """May: 6 complaints, 4 about delivery (one of them about price too), 1 about nothing."""
    said = {
        "kirim lama 1": tagged("negative", {"delivery": "negative"}),
        "kirim lama 2": tagged("negative", {"delivery": "negative"}),
        "kirim lama, mahal": tagged("negative", {"delivery": "negative", "price": "negative"}),
        "bagus tapi kirim lama": tagged("positive", {"delivery": "negative"}, complaint=True),
        "mahal": tagged("negative", {"price": "negative"}),
        "kecewa": tagged("negative"),
        "kirim cepat": tagged("positive", {"delivery": "positive"}),
        "kirim lambat tapi ya sudah": tagged("neutral", {"delivery": "negative"}),
    }
    put(
        store,
        [
            review(str(i), text, f"2026-05-{i + 1:02}", channel="x" if i % 2 else "app_store")
            for i, text in enumerate(said)
        ],
    )
    put(
        store, [review(f"old{i}", text, "2026-04-20") for i, text in enumerate(["mahal", "kecewa"])]
    )
    tag_all(store, said)
    return store


def test_shares_by_hand(complaints: Store) -> None:
    result = touchpoints(complaints, load_taxonomy(), MAY)
    assert result.complaints == 6
    assert (result.unplaced.k, result.unplaced.n) == (1, 6)
    delivery, price = result.rows
    assert (delivery.id, delivery.owner, delivery.phase) == ("delivery", "logistics", "transaction")
    assert (delivery.complaint_share.k, delivery.complaint_share.n) == (4, 6)
    assert (delivery.negative_rate.k, delivery.negative_rate.n, delivery.mentions) == (5, 6, 6)
    assert (price.complaint_share.k, price.complaint_share.n) == (2, 6)
    assert price.change is not None
    assert price.change.value == pytest.approx(2 / 6 - 1 / 2)


def test_changes_are_tested_together(store: Store) -> None:
    now = {"delivery": 40, "price": 30, "payment": 30}
    before = {"delivery": 20, "price": 40, "payment": 40}
    for month, said in (("05", now), ("04", before)):
        put(
            store,
            [
                review(f"{month}{id}{i}", f"{id} {i}", f"2026-{month}-10")
                for id, n in said.items()
                for i in range(n)
            ],
        )
    tag_all(
        store, {f"{id} {i}": tagged("negative", {id: "negative"}) for id in now for i in range(40)}
    )
    result = touchpoints(store, load_taxonomy(), MAY.but(until=date(2026, 5, 30)))
    chances = [
        chi2_contingency([[k, 100 - k], [old, 100 - old]], correction=False).pvalue
        for k, old in ((40, 20), (30, 40), (30, 40))
    ]
    expected = multipletests(chances, method="fdr_bh")[1]
    assert [row.change_p for row in result.rows] == pytest.approx(list(expected))


def test_every_number_opens_its_mentions(complaints: Store) -> None:
    result = touchpoints(complaints, load_taxonomy(), MAY)
    for row in result.rows:
        behind = MAY.but(touchpoints=(row.id,), polarity="negative")
        assert count(complaints, behind).n == row.negative_rate.k
        assert count(complaints, behind.but(complaint=True)).n == row.complaint_share.k
        assert count(complaints, MAY.but(touchpoints=(row.id,))).n == row.mentions
    for cell in result.by_channel.to_dict("records"):
        there = MAY.but(channels=(cell["channel"],), complaint=True)
        assert count(complaints, there).n == cell["all_complaints"]
        behind = there.but(touchpoints=(cell["touchpoint"],), polarity="negative")
        assert count(complaints, behind).n == cell["complaints"]
    blamed = result.by_channel.groupby("touchpoint")["complaints"].sum()
    assert {row.id: row.complaint_share.k for row in result.rows} == blamed.to_dict()


def test_examples_complain_and_do_not_repeat(complaints: Store) -> None:
    put(complaints, [review("copy", "KIRIM lama 1", "2026-05-30")])
    tag_all(complaints, {"KIRIM lama 1": tagged("negative", {"delivery": "negative"})})
    texts = [row.text.lower() for row in examples(complaints, MAY, "delivery", limit=10)]
    assert sorted(texts) == [
        "bagus tapi kirim lama",
        "kirim lama 1",
        "kirim lama 2",
        "kirim lama, mahal",
    ]
    assert len(examples(complaints, MAY, "delivery", limit=2)) == 2


def test_an_empty_store_has_no_rows(store: Store) -> None:
    result = touchpoints(store, load_taxonomy(), MAY)
    assert (result.complaints, result.rows, result.unplaced.value) == (0, (), None)
    assert result.by_channel.empty
