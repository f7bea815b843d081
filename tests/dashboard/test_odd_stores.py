"""Stores as nobody plans them: no page breaks, runs what somebody wrote, or opens what it does
not say. Pages in one language each: the sentences are tested elsewhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages import PAGES
from simak.taxonomy import load_taxonomy
from store.engine import open_store
from tests.dashboard.conftest import build, html
from tests.dashboard.odd_stores import LINK, ODD
from tests.dashboard.walk import doors, listed

Show = Callable[..., AppTest]

DRAWN = ("today", "reputation", "rivals", "touchpoints", "journey", "consistency", "mentions")
"""Pages whose charts and sentences depend on what there is."""

FAULTS = ("That is a fault of Simak", "Itu kesalahan Simak")


class _Elements(HTMLParser):
    """Finds what a browser would run or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.alive: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        text = self.get_starttag_text() or tag
        targets = [value or "" for name, value in attributes if name in ("href", "src")]
        if (
            tag in ("script", "img", "iframe", "object", "embed", "form")
            or any(name.startswith("on") for name, _value in attributes)
            or any(not _is_plain(target) for target in targets)
        ):
            self.alive.append(text)


def _is_plain(target: str) -> bool:
    scheme = target.split(":", 1)[0] if ":" in target.split("?", 1)[0] else ""
    return scheme in ("", "http", "https")


def assert_whole(app: AppTest, where: str) -> None:
    assert not app.exception, where
    body = html(app)
    assert not any(fault in body for fault in FAULTS), where
    found = _Elements()
    found.feed(body)
    assert found.alive == [], where
    for markdown in app.markdown:
        assert LINK not in markdown.value, where


@pytest.mark.parametrize("name", ODD)
def test_no_page_breaks_and_every_door_says_what_it_opens(
    show: Show, tmp_path: Path, name: str
) -> None:
    url = f"sqlite:///{tmp_path / 'odd.db'}"
    ODD[name](url)
    store, taxonomy = open_store(url), load_taxonomy()
    languages = cycle(("en", "id", "id"))
    for page in PAGES if name == "hostile" else DRAWN:
        lang = next(languages)
        app = show(url, page, lang=lang, days="all")
        assert_whole(app, f"{name}: {page} in {lang}")
        for door in doors(app):
            n, notes = listed(store, taxonomy, door.to)
            assert notes == [], door
            assert door.count is None or n == door.count, door
    store.close()


@pytest.fixture
def built(tmp_path: Path) -> Path:
    path = tmp_path / "simak.db"
    build(f"sqlite:///{path}")
    return path


def test_a_writer_who_holds_the_store_keeps_no_reader_out(show: Show, built: Path) -> None:
    writer = sqlite3.connect(built, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    for page in ("today", "mentions", "sources"):
        assert_whole(show(f"sqlite:///{built}", page, lang="en"), page)
    writer.execute("ROLLBACK")
    writer.close()


def test_a_store_that_was_taken_away_is_not_shown_any_more(show: Show, built: Path) -> None:
    url = f"sqlite:///{built}"
    assert "Senandika" in html(show(url, "reputation", lang="en"))
    aside = built.with_name("aside.db")
    with sqlite3.connect(built) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    built.rename(aside)
    for rest in built.parent.glob("simak.db-*"):
        rest.unlink()
    for page in ("today", "reputation", "mentions"):
        app = show(url, page, lang="en")
        assert_whole(app, page)
        assert "Senandika" not in html(app)
    aside.rename(built)  # as a backup is put back
    assert "Senandika" in html(show(url, "reputation", lang="en"))


@pytest.mark.parametrize(
    "settings",
    [b'[display\nlanguage = "<script>x"', b"\xff\xfe\x00", b'[display]\ntimezone = "Mars/O"'],
)
def test_settings_that_break_while_it_runs_are_named(
    show: Show, built: Path, settings: bytes
) -> None:
    url = f"sqlite:///{built}"
    assert_whole(show(url, "today", lang="en"), "whole")
    Path("simak.toml").write_bytes(settings)
    for page in ("today", "settings"):
        app = show(url, page, lang="id")
        assert_whole(app, page)
        assert "Pengaturan belum benar" in html(app)
    Path("simak.toml").unlink()
    assert_whole(show(url, "today", lang="en"), "mended")


@pytest.mark.parametrize(
    "said",
    [
        {"brand": "Merek <b>lama</b>", "rival": "<script>", "about": "x", "promise": "-9"},
        {"since": "0001-01-01", "until": "9999-12-31", "q": '"(* NEAR'},
        {"action": "9" * 400, "open": "9" * 400, "after": "9e999_1", "case": "[" * 3_000},
    ],
)
def test_an_address_of_long_ago_opens_every_page(
    show: Show, filled_url: str, said: dict[str, Any]
) -> None:
    for page in ("rivals", "touchpoints", "actions", "mentions"):
        assert_whole(show(filled_url, page, lang="en", **said), page)
