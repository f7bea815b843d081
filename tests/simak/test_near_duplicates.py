from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simak.near_duplicates import MIN_ACCOUNTS, WINDOW, Groups, Said, plain

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
