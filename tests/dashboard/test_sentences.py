"""The findings say what the figures say, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from dashboard import i18n, sentences
from insights.intervals import balance, difference, growth, share
from insights.reputation import Reputation
from insights.significance import shares_differ
from insights.touchpoints import TouchpointRow, Touchpoints
from insights.values import MIN_N, NO_DATA, Value
from simak.taxonomy import load_taxonomy
from store.copies import Repeats
from store.filter import Filter

FILTER = Filter(since=date(2026, 8, 3), until=date(2026, 10, 31))


def result(now: Value, before: Value | None = None) -> Reputation:
    change = {} if before is None else {"complaint_rate": difference(now, before)}
    earlier = None if before is None else {"complaint_rate": before}
    return Reputation(FILTER, {"complaint_rate": now}, earlier, {}, change, 0, pd.DataFrame())


@pytest.mark.parametrize(
    ("now", "before", "wanted"),
    [
        (share(225, 512), share(160, 512), "Complaints rose from 31% to 44% (95% interval 40%–48%"),
        (share(160, 512), share(225, 512), "Complaints fell from 44% to 31%"),
        (share(160, 512), share(165, 512), "no clear change from 32% in the 90 days before"),
        (share(160, 512), None, "31% of what is said is a complaint"),
        (share(160, 512), share(2, 5), "hold too few mentions to compare with"),
        (share(1, 12), share(2, 5), "Only 12 tagged mentions: too few"),
        (share(1, 1), None, "Only 1 tagged mention: too few"),
        (NO_DATA, None, "None of these mentions is tagged yet"),
    ],
)
def test_complaints(now: Value, before: Value | None, wanted: str) -> None:
    i18n.use("en")
    assert wanted in sentences.complaints(result(now, before))


def test_complaints_in_indonesian() -> None:
    i18n.use("id")
    assert sentences.complaints(result(share(225, 512), share(160, 512))) == (
        "Keluhan naik dari 31% menjadi 44% (selang 95% 40%–48%, n = 512) dibanding 90 hari "
        "sebelumnya."
    )


def causes(*rows: tuple[str, int, int], n: int = 100) -> Touchpoints:
    found = tuple(
        TouchpointRow(
            id, "transaction", "logistics", share(k, n), share(k, n), k,
            difference(share(k, n), share(old, n)),
            shares_differ(k, n, old, n) if n >= MIN_N else None,
        )
        for id, k, old in rows
    )  # fmt: skip
    return Touchpoints(FILTER, n, share(0, n), found, pd.DataFrame())


def test_behind_names_the_three_that_are_named_most() -> None:
    i18n.use("en")
    rows = causes(("delivery", 40, 10), ("price", 20, 20), ("packaging", 9, 9), ("loyalty", 1, 1))
    assert sentences.behind(rows, load_taxonomy()) == (
        "Behind the 100 complaints, most often: Delivery (40%), Price (20%), Packaging (9%)."
    )


def test_a_touchpoint_the_taxonomy_has_lost_shows_its_id() -> None:
    i18n.use("en")
    assert "old_one (40%)" in sentences.behind(causes(("old_one", 40, 1)), load_taxonomy())


def test_no_complaints_and_complaints_that_name_nothing() -> None:
    i18n.use("en")
    assert "no complaints" in sentences.behind(causes(n=0), load_taxonomy())
    assert "None of the 100 complaints" in sentences.behind(causes(), load_taxonomy())


def test_moved_tells_the_clearest_change_only() -> None:
    i18n.use("en")
    rows = causes(("delivery", 40, 10), ("price", 20, 35), ("packaging", 9, 10))
    assert sentences.moved(rows, load_taxonomy()) == (
        "The clearest move: Delivery, 30 points more of the complaints than before."
    )
    assert sentences.moved(causes(("price", 20, 21)), load_taxonomy()) is None
    assert sentences.moved(causes(("price", 9, 0), n=10), load_taxonomy()) is None


def test_what_is_clear_alone_but_not_among_all_has_not_moved() -> None:
    one = causes(("price", 20, 8)).rows[0]
    assert sentences.is_clear(one.change)
    assert sentences.has_moved(one)
    assert not sentences.has_moved(replace(one, change_p=0.2))  # adjusted for all touchpoints
    found = Touchpoints(FILTER, 100, share(0, 100), (replace(one, change_p=0.2),), pd.DataFrame())
    assert sentences.moved(found, load_taxonomy()) is None


@pytest.mark.parametrize(
    ("metric", "change", "wanted"),
    [
        ("complaint_rate", difference(share(50, 100), share(20, 100)), ("▲ +30 points", "worse")),
        ("complaint_rate", difference(share(20, 100), share(50, 100)), ("▼ −30 points", "better")),
        (
            "complaint_rate",
            difference(share(2, 9), share(3, 9)),
            ("▼ −11 points, not clear", "same"),
        ),
        (
            "net_sentiment",
            difference(balance(90, 10, 100), balance(10, 90, 100)),
            ("▲ +160 points", "better"),
        ),
        ("volume", growth(150, 100), ("▲ +50%", "same")),
        ("stars", None, ("no comparison", "same")),
        ("volume", NO_DATA, ("no comparison", "same")),
    ],
)
def test_change_is_told_by_sign_and_words(
    metric: str, change: Value | None, wanted: tuple[str, str]
) -> None:
    i18n.use("en")
    assert sentences.change(metric, change) == wanted


def test_a_change_from_too_few_is_not_clear() -> None:
    i18n.use("en")
    now, few, many = share(79, 83), share(9, 14), share(90, 140)
    change = difference(now, few)
    assert sentences.is_clear(change)
    assert sentences.change("complaint_rate", change, few) == ("▲ +31 points, not clear", "same")
    assert sentences.change("complaint_rate", difference(now, many), many)[1] == "worse"


@pytest.mark.parametrize(
    ("found", "left_out", "wanted"),
    [
        (Repeats(64, 3), False, "64 of 1,258 mentions repeat what others wrote"),
        (Repeats(1, 1), False, "1 of 1,258 mentions repeats what others wrote"),
        (Repeats(64, 3), True, "Left out: 64 of 1,258 mentions, which repeat what"),
        (Repeats(1, 1), True, "nearly (1 text)."),
    ],
)
def test_copied(found: Repeats, left_out: bool, wanted: str) -> None:
    i18n.use("en")
    assert wanted in sentences.copied(found, 1258, left_out=left_out)
