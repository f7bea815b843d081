from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simak.near_duplicates import (
    MIN_ACCOUNTS,
    MONTH,
    WINDOW,
    Groups,
    Likely,
    Said,
    month_of,
    plain,
    sketch,
)

DAY = datetime(2026, 5, 1, tzinfo=UTC)
CAMPAIGN = "jangan pernah belanja di senandika karena barangnya palsu dan uang tidak kembali"
OTHER = "pengiriman dari senandika cepat sekali, kurirnya ramah dan paketnya rapi, terima kasih"


def found(*said: tuple[str, str | None], apart: timedelta = timedelta(hours=1)) -> list[list[int]]:
    groups = Groups()
    for n, (text, author) in enumerate(said):
        groups.add(Said(n, author, DAY + n * apart, text))
    return [list(ids) for ids in groups.found().values()]


def test_copies_by_many_accounts_are_one_group() -> None:
    assert found((CAMPAIGN, "a"), (OTHER, "x"), (CAMPAIGN, "b"), (CAMPAIGN, "c")) == [[0, 2, 3]]


@pytest.mark.parametrize(
    "copied",
    [
        CAMPAIGN.upper(),
        f"@budi {CAMPAIGN}!!! https://t.co/abc #boikot",
        CAMPAIGN.replace("tidak", "gak"),
        f"{CAMPAIGN} guys",
        CAMPAIGN.replace(" dan ", " & "),
    ],
)
def test_a_changed_word_or_sign_does_not_hide_a_copy(copied: str) -> None:
    assert found((CAMPAIGN, "a"), (copied, "b"), (CAMPAIGN, "c")) == [[0, 1, 2]]


def test_another_text_on_the_same_thing_is_no_copy() -> None:
    own = "saya kecewa belanja di senandika, ternyata barangnya palsu dan refund lama sekali"
    assert found((CAMPAIGN, "a"), (own, "b"), (CAMPAIGN, "c")) == []


def test_one_person_who_repeats_themselves_is_no_campaign() -> None:
    assert found(*[(CAMPAIGN, "a")] * 5) == []
    assert found(*[(CAMPAIGN, "a")] * 5, (CAMPAIGN, "b")) == []


def test_who_is_not_named_is_taken_for_somebody_else() -> None:
    assert found((CAMPAIGN, "a"), (CAMPAIGN, None), (CAMPAIGN, None)) == [[0, 1, 2]]


def test_short_texts_are_alike_by_nature() -> None:
    assert found(*[("barang bagus pengiriman cepat", author) for author in "abcdef"]) == []


def test_copies_far_apart_are_no_campaign() -> None:
    far = WINDOW + timedelta(days=1)
    assert found(*[(CAMPAIGN, author) for author in "abcd"], apart=far) == []
    near = WINDOW - timedelta(days=1)
    assert found(*[(CAMPAIGN, author) for author in "abcd"], apart=near) == [[0, 1, 2, 3]]


def test_only_the_window_is_kept_in_memory() -> None:
    groups = Groups()
    for n in range(300):
        words = " ".join(f"kata{n}x{i}" for i in range(10))
        groups.add(Said(n, str(n), DAY + n * timedelta(days=1), words))
    assert len(groups._texts) <= WINDOW.days + 1
    assert len(groups._authors) <= WINDOW.days + 1
    assert groups.found() == {}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=80), st.sampled_from("abc")), max_size=12))
def test_any_texts_are_grouped_by_what_they_say(texts: list[tuple[str, str]]) -> None:
    for ids in found(*texts):
        assert ids == sorted(ids)
        assert len({texts[id][1] for id in ids}) >= MIN_ACCOUNTS
        assert all(len(plain(texts[id][0]).split()) >= 8 for id in ids)


def likely_among(texts: Sequence[tuple[str, datetime]]) -> list[set[int]]:
    """Return the sets of texts, by their places, that any of them may be near."""
    months: dict[int, tuple[list[int], list[bytes]]] = defaultdict(lambda: ([], []))
    for n, (text, at) in enumerate(texts):
        made = sketch(text)
        if made is not None:
            ids, sketches = months[month_of(at.date())]
            ids.append(n)
            sketches.append(made)
    likely = Likely(lambda month: months.get(month, ([], [])))
    asked = {month: likely.ids(month) for month in list(months)}
    return sorted(map(set, likely.around(asked).found()), key=min)


WORDS = st.lists(st.sampled_from(CAMPAIGN.split() + OTHER.split()[:3]), min_size=6, max_size=14)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(WORDS, st.integers(0, 40)), max_size=14))
def test_what_is_grouped_is_likely_by_its_sketches(texts: list[tuple[list[str], int]]) -> None:
    groups, said, at = Groups(), [], DAY
    for n, (words, days) in enumerate(texts):
        at += timedelta(days=days)
        groups.add(Said(n, None, at, " ".join(words)))
        said.append((" ".join(words), at))
        assert (sketch(" ".join(words)) is None) == (len(words) < 8)
    sets = likely_among(said)
    for ids in groups.found().values():
        assert any(set(ids) <= one for one in sets)


def test_texts_that_share_little_are_not_likely() -> None:
    texts = (CAMPAIGN, OTHER, CAMPAIGN.upper(), OTHER.replace("cepat", "lama"))
    assert likely_among([(text, DAY) for text in texts]) == [{0, 2}, {1, 3}]


def test_sketches_are_held_against_those_of_the_months_beside_them() -> None:
    month = timedelta(days=MONTH)
    texts = [(CAMPAIGN, DAY + n * month) for n in (0, 1, 3, 4, 6)]
    assert likely_among(texts) == [{0, 1}, {2, 3}]


def test_only_what_may_be_near_what_is_asked_for_is_given() -> None:
    texts = (CAMPAIGN, OTHER, CAMPAIGN.upper(), OTHER.upper())
    likely = Likely(lambda month: (list(range(4)), [sketch(text) or b"" for text in texts]))
    assert likely.by_month({1, 9}) == {}
    assert set(likely.ids(5)) == {0, 1, 2, 3}
    assert {month: set(ids) for month, ids in likely.by_month({1, 9}).items()} == {5: {1}}


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=30), st.sets(st.integers(0, 29)))
def test_what_may_be_near_some_is_all_of_the_sets_of_all_that_hold_one_of_them(
    kinds: list[int], wanted: set[int]
) -> None:
    texts = [f"{CAMPAIGN} nomor {kind} nomor {kind} nomor {kind}" for kind in kinds]
    sketches = [sketch(text) or b"" for text in texts]
    likely = Likely(lambda month: (list(range(len(texts))), sketches) if month == 5 else ([], []))
    likely.ids(5)
    asked = likely.by_month(wanted)
    found = list(map(set, likely.around(asked).found()))
    for id in wanted & set(range(len(texts))):
        near = {
            other
            for other in range(len(texts))
            if any(_bands(sketches[id])[n] == _bands(sketches[other])[n] for n in range(8))
        }
        assert len(near) == 1 or any(near <= one for one in found)
    assert all(one & wanted for one in found)


def _bands(made: bytes) -> list[bytes]:
    return [made[n * 4 : n * 4 + 4] for n in range(8)]


def test_a_sketch_is_what_it_was_when_others_were_stored() -> None:
    # Should this change with a library, a migration has to have all texts sketched again.
    assert (
        sketch(CAMPAIGN) or b""
    ).hex() == "b9616d4e84011c12ba9daa4f2bc4d9eb6ab4aa16ce30a7896802439e7fb54fd9"
