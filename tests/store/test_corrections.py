"""Many corrections at once, and back again."""

from datetime import timedelta

import pytest

from simak.errors import StoreError
from store import corrections, rollups
from store.corrections import TagChange, correct, correct_many, take_back, withdraw
from store.engine import Store
from store.filter import Filter
from store.lists import MentionRow, count, list_mentions
from tests.builders import NOW, put, review, tag_all, tagged

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def four(store: Store) -> Store:
    put(store, [review(str(i), f"t{i}") for i in range(4)])
    tag_all(
        store,
        {
            "t0": tagged("negative", {"price": "negative", "delivery": "negative"}),
            "t1": tagged("positive", {"price": "positive"}, signals=("advocacy",)),
            "t2": tagged("neutral"),
            "t3": tagged("negative", {"price": "neutral"}),
        },
    )
    return store


def _rows(store: Store) -> dict[str, MentionRow]:
    return {row.text: row for row in list_mentions(store, Filter())}


def _ids(store: Store) -> list[int]:
    return [row.id for row in _rows(store).values()]


def _said(store: Store) -> dict[str, tuple[object, ...]]:
    return {
        text: (row.sentiment, row.complaint, {n: t.polarity for n, t in row.touchpoints.items()},
               row.signals, row.corrected_by)
        for text, row in _rows(store).items()
    }  # fmt: skip


def test_a_change_leaves_the_rest_as_it_is_shown(four: Store) -> None:
    change = TagChange("negative", touchpoints={"price": None, "packaging": "negative"})
    assert correct_many(four, _ids(four), change, by="ana", now=NOW) == 4
    rest = ("negative", False, {"packaging": "negative"})
    assert _said(four) == {
        "t0": ("negative", True, {"delivery": "negative", "packaging": "negative"}, (), "ana"),
        "t1": (*rest, ("advocacy",), "ana"),
        "t2": (*rest, (), "ana"),
        "t3": ("negative", True, {"packaging": "negative"}, (), "ana"),
    }
    assert count(four, Filter(touchpoints=("packaging",))).n == 4
    rollups.verify(four)


def test_only_what_differs_is_changed(four: Store) -> None:
    before = _said(four)
    assert correct_many(four, _ids(four), TagChange(complaint=True), by="ana", now=NOW) == 2
    after = _said(four)
    assert [text for text in sorted(after) if after[text] != before[text]] == ["t1", "t2"]
    again = correct_many(four, _ids(four), TagChange(complaint=True), by="ana", now=LATER)
    nothing = correct_many(four, _ids(four), TagChange(), by="ana", now=LATER)
    assert (again, nothing, _said(four)) == (0, 0, after)


def test_what_nobody_has_tagged_needs_a_sentiment(store: Store) -> None:
    put(store, [review("1", "baru")])
    (id,) = _ids(store)
    bad = TagChange(touchpoints={"price": "negative"})
    assert correct_many(store, [id], bad, by="ana", now=NOW) == 0
    assert _rows(store)["baru"].sentiment == "untagged"
    whole = TagChange("negative", touchpoints={"price": "negative"})
    assert correct_many(store, [id, id, 999], whole, by="ana", now=NOW) == 1
    assert _said(store)["baru"] == ("negative", False, {"price": "negative"}, (), "ana")


def test_no_transaction_writes_more_than_it_may(
    four: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corrections, "ROWS_PER_WRITE", 3)
    sizes: list[int] = []
    relabel = corrections.relabel
    monkeypatch.setattr(
        corrections, "relabel", lambda *given: (sizes.append(len(given[2])), relabel(*given))
    )
    before = _said(four)
    change = TagChange(touchpoints={"packaging": "neutral"})
    assert correct_many(four, _ids(four), change, by="ana", now=NOW) == 4
    assert take_back(four, by="ana", at=NOW) == 4
    assert (sizes, _said(four)) == ([3, 1, 3, 1], before)


def test_undo_brings_back_what_was_shown(four: Store) -> None:
    one = _rows(four)["t0"].id
    correct(four, one, tagged("positive"), by="budi", now=NOW)
    before = _said(four)
    correct_many(four, _ids(four), TagChange("neutral"), by="ana", now=LATER)
    assert {said[0] for said in _said(four).values()} == {"neutral"}
    assert take_back(four, by="budi", at=LATER) == take_back(four, by="ana", at=NOW) == 0
    assert take_back(four, by="ana", at=LATER) == 3
    assert _said(four) == before
    rollups.verify(four)
    assert take_back(four, by="budi", at=NOW) == 1
    assert _said(four)["t0"][4] is None
    assert take_back(four, by="ana", at=LATER) == 0


def test_undo_leaves_what_was_corrected_since(four: Store) -> None:
    correct_many(four, _ids(four), TagChange("negative"), by="ana", now=NOW)
    one = _rows(four)["t1"].id
    correct(four, one, tagged("neutral"), by="budi", now=LATER)
    assert take_back(four, by="ana", at=NOW) == 1
    assert _said(four)["t1"][0] == "neutral"
    # What Budi replaced is still there to go back to.
    assert take_back(four, by="budi", at=LATER) == 1
    assert _said(four)["t1"][::4] == ("negative", "ana")


def test_withdrawn_is_withdrawn(four: Store) -> None:
    one = _rows(four)["t1"].id
    correct(four, one, tagged("negative"), by="ana", now=NOW)
    correct(four, one, tagged("neutral"), by="ana", now=LATER)
    withdraw(four, one, by="ana", now=NOW)
    assert _said(four)["t1"][::4] == ("positive", None)
    correct(four, one, tagged("neutral"), by="ana", now=LATER)
    assert take_back(four, by="ana", at=LATER) == 1
    assert _said(four)["t1"][::4] == ("positive", None)


def test_what_cannot_be_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="angry"):
        TagChange("angry")
    with pytest.raises(ValueError, match="none of"):
        TagChange(touchpoints={"price": "bad"})
    with pytest.raises(StoreError, match="no mention 5"):
        correct(store, 5, tagged("neutral"), by="ana", now=NOW)
