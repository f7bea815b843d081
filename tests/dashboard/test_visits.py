"""Visits: the rule of the server and that of the browser are one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.parts.visits import ENDS_AFTER, Visits, go_on, read

NOW = datetime(2026, 11, 1, 8, tzinfo=UTC)
SECONDS = int(NOW.timestamp())


def test_the_first_visit_has_none_before() -> None:
    assert go_on(None, NOW) == Visits(None, NOW)


def test_a_visit_goes_on_for_an_hour_after_the_last_click() -> None:
    known = Visits(NOW - timedelta(days=3), NOW)
    soon = NOW + ENDS_AFTER
    assert go_on(known, soon) == Visits(known.before, soon)
    later = NOW + ENDS_AFTER + timedelta(seconds=1)
    assert go_on(known, later) == Visits(NOW, later)


def test_a_cookie_is_read() -> None:
    assert read(f"0.{SECONDS}", NOW) == Visits(None, NOW)
    before = NOW - timedelta(days=1)
    assert read(f"{int(before.timestamp())}.{SECONDS}", NOW) == Visits(before, NOW)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        f"0.{SECONDS}.1",
        f"0.{SECONDS}; x=1",
        "0.-5",
        "a.b",
        f"{SECONDS}.{SECONDS - 5}",  # the visit before ended after the last click
        f"0.{SECONDS + 3600}",  # a click that is still to come
        "0.99999999999999999999",
        "٠.١٢٣",
        "<script>.1",
    ],
)
def test_what_cannot_be_true_is_no_visit(text: str) -> None:
    assert read(text, NOW) is None
