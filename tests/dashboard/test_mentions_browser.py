"""The list of mentions in a real browser: correcting by two clicks, by keyboard and in bulk."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import connect

import pytest
from playwright.sync_api import Locator, Page, expect

from simak.mention import RawMention
from simak.tags import Tags
from store.cases import cases_of
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import MentionRow, count, list_mentions
from tests.dashboard.browsing import browser, context, go, page, query, serve, settled
from tests.dashboard.conftest import LAST, PAYLOAD, fill, row

__all__ = ["browser", "context", "page"]

pytestmark = pytest.mark.browser

ALL = "lang=en&brand=Senandika&days=all"
READER = "Ana = 1; <b>"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store as every test finds it."""
    path = tmp_path_factory.mktemp("filled") / "simak.db"
    store = open_store(f"sqlite:///{path}")
    odd = RawMention(external_id="xss", text=PAYLOAD, published_at=LAST, attributes={"a": PAYLOAD})
    twins = [RawMention(external_id=f"t{n}", text="kembar", channel="x") for n in range(3)]
    rows = [row(n) for n in range(1, 61)]
    bad = Tags("negative", True)
    fill(store, "Senandika", [*rows, (odd, bad), *((twin, bad) for twin in twins)])
    store.close()
    return path


@pytest.fixture(scope="module")
def served(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A copy of it, and where a server shows that."""
    folder = tmp_path_factory.mktemp("served")
    path = Path(shutil.copy(filled, folder))
    with contextmanager(serve)(f"sqlite:///{path}", folder) as address:
        yield path, address


@pytest.fixture
def store(filled: Path, served: tuple[Path, str]) -> Iterator[Store]:
    """What is shown, as it was at first: what is corrected stays so."""
    path, _address = served
    with closing(connect(filled)) as first, closing(connect(path)) as shown:
        first.backup(shown)
    opened = open_store(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture
def address(store: Store, served: tuple[Path, str]) -> str:
    return served[1]


def one(store: Store, id: int) -> MentionRow:
    return next(row for row in list_mentions(store, Filter(), limit=200) if row.id == id)


def said(page: Page, words: str) -> Locator:
    """Wait until the line below the list says what was done."""
    line = page.locator(".done")
    expect(line).to_contain_text(words)
    settled(page)
    return line


def card(page: Page, place: int) -> tuple[Locator, int]:
    found = page.locator(".sm-card").nth(place)
    return found, int(found.get_attribute("data-id") or "")


def test_two_clicks_correct_a_tag_and_one_takes_it_back(
    page: Page, address: str, store: Store
) -> None:
    go(page, address, "mentions", ALL)
    shown, id = card(page, 2)
    before = one(store, id)
    shown.locator(".tone").click()
    page.get_by_role("menuitemradio", name="Neutral").click()
    said(page, "Changed on 1 mention: Sentiment: Neutral")
    assert one(store, id).sentiment == "neutral"
    expect(shown).to_contain_text("corrected by")
    expect(shown.locator(".tone")).to_be_focused()
    page.locator(".done").get_by_role("button", name="Undo").click()
    said(page, "Taken back on 1 mention")
    assert one(store, id) == before


def test_the_keyboard_alone_reads_selects_and_corrects(
    page: Page, address: str, store: Store
) -> None:
    go(page, address, "mentions", ALL)
    ids = [card(page, place)[1] for place in range(3)]
    for key in ("j", "j", "x", "ArrowDown", "x"):
        page.keyboard.press(key)
    expect(page.locator(".sm-card").nth(2)).to_be_focused()
    expect(page.get_by_role("toolbar", name="What is selected")).to_contain_text("2 selected")
    page.keyboard.press("2")
    said(page, "Changed on 2 mentions")
    assert [one(store, id).sentiment == "neutral" for id in ids] == [False, True, True]
    expect(page.locator(".sm-card").nth(2)).to_be_focused()
    page.keyboard.press("u")
    said(page, "Taken back on 2 mentions")
    for key in ("t", "Home", "ArrowDown", "3"):
        page.keyboard.press(key)
    said(page, "Changed on 1 mention: Promotion: Positive")
    assert one(store, ids[2]).touchpoints["promotion"].polarity == "positive"
    page.keyboard.press("e")
    expect(page.locator(".details")).to_be_visible()
    settled(page)
    assert query(page)["open"] == [str(ids[2])]
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_all_that_match_are_changed_after_asking(page: Page, address: str, store: Store) -> None:
    go(page, address, "mentions", f"{ALL}&complaint=yes")
    n = count(store, Filter(complaint=True)).n
    page.locator(".sm-card").first.get_by_role("checkbox").check()
    page.get_by_role("button", name=f"All {n} that match").click()
    bar = page.get_by_role("toolbar", name="What is selected")
    expect(bar).to_contain_text(f"all {n} selected")
    bar.get_by_role("button", name="Complaint").click()
    page.get_by_role("menuitemradio", name="No complaint").click()
    expect(page.get_by_text(f"{n} mentions become: No complaint")).to_be_visible()
    assert count(store, Filter(complaint=True)).n == n
    page.get_by_role("button", name=f"Change {n} mentions").click()
    expect(page.locator(".done")).to_contain_text(f"Changed on {n} mentions: No complaint")
    assert count(store, Filter(complaint=True)).n == 0
    expect(page.get_by_text("Nothing matches these filters")).to_be_visible()
    page.locator(".done").get_by_role("button", name="Undo").click()
    said(page, f"Taken back on {n} mentions")
    assert count(store, Filter(complaint=True)).n == n


def test_what_says_the_same_is_corrected_with_it(page: Page, address: str, store: Store) -> None:
    go(page, address, "mentions", f"{ALL}&q=kembar")
    shown, _id = card(page, 0)
    shown.locator(".tone").click()
    page.get_by_role("menuitemradio", name="Positive").click()
    line = said(page, "Changed on 1 mention")
    line.get_by_role("button", name="And the 2 that say exactly the same").click()
    said(page, "Changed on 2 mentions")
    assert count(store, Filter(search="kembar", sentiments=("positive",))).n == 3


def test_a_case_is_opened_under_the_readers_name(page: Page, address: str, store: Store) -> None:
    go(page, address, "mentions", ALL)
    page.get_by_role("button", name=re.compile("^As ")).click()
    page.get_by_role("textbox", name="Your name").fill(READER)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=f"As {READER}")).to_be_visible()
    page.keyboard.press("Escape")
    shown, id = card(page, 1)
    shown.get_by_role("button", name="Details").click()
    form = shown.locator("form")
    form.get_by_label("Status").select_option("waiting")
    form.get_by_label("Taken on by").fill("Budi")
    form.get_by_label("Note").fill("sudah ditelepon")
    form.get_by_role("button").click()
    said(page, "Case: waiting · Budi")
    found = cases_of(store, [id]).get(id)
    assert found
    assert (found.owner, found.status, found.opened_by) == ("Budi", "waiting", READER)
    page.reload(wait_until="commit")
    settled(page)
    expect(page.get_by_role("button", name=f"As {READER}")).to_be_visible()


def test_a_script_in_a_mention_is_text_in_its_details_too(page: Page, address: str) -> None:
    go(page, address, "mentions", f"{ALL}&q=hacked")
    shown, _id = card(page, 0)
    shown.get_by_role("button", name="Details").click()
    expect(shown.locator("dd").last).to_have_text(PAYLOAD)
    assert shown.locator("img, script").count() == 0


def test_all_shown_are_selected_and_corrected_in_one_go(
    page: Page, address: str, store: Store
) -> None:
    go(page, address, "mentions", ALL)
    n = page.locator(".sm-card").count()
    page.get_by_role("button", name="Select all shown").click()
    bar = page.get_by_role("toolbar", name="What is selected")
    expect(bar).to_contain_text(f"{n} selected")
    settled(page)  # a key that comes while the page is drawn anew is nobody's
    page.keyboard.press("a")
    expect(bar).to_be_hidden()
    page.keyboard.press("a")
    before = count(store, Filter(sentiments=("neutral",))).n
    page.keyboard.press("2")
    said(page, f"Changed on {n} mentions")
    assert count(store, Filter(sentiments=("neutral",))).n == before + n


def test_the_way_back_stays_with_the_list_it_was_made_in(page: Page, address: str) -> None:
    go(page, address, "mentions", ALL)
    card(page, 2)[0].locator(".tone").click()
    page.get_by_role("menuitemradio", name="Neutral").click()
    said(page, "Changed on 1 mention")
    page.get_by_role("link", name="Touchpoints").first.click()
    expect(page.locator("h1")).to_have_text("Touchpoints")
    settled(page)
    page.get_by_role("link", name="Reviews").first.click()
    expect(page.locator(".sm-card").first).to_be_visible()
    settled(page)
    expect(page.locator(".done")).to_be_empty()
