"""Members: nobody reads without logging in, and no page says what a role leaves out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import member
from dashboard.pages import PAGES
from simak.access import Role
from store.audit import deeds, record
from store.engine import open_store
from store.members import give_role
from tests.builders import NOW
from tests.dashboard.conftest import desk, html

Show = Callable[..., AppTest]

LOGIN = """[login]
server_metadata_url = "https://id.contoh.id/.well-known/openid-configuration"
client_id = "simak"
client_secret = "env:SIMAK_TEST_SECRET"
redirect_uri = "https://simak.contoh.id/oauth2callback"
"""
OTHER = "Griyakita"
SECRET = "rahasia-yang-ditanam"
KINDS = (
    *("button", "selectbox", "multiselect", "title", "header", "text", "markdown", "caption"),
    *("error", "exception", "vega_lite_chart", "page_link", "download_button"),
)
WRITTEN_ON = ("mentions", "actions", "promises", "sources", "settings")
"""Pages that show those who may change something more than those who may not."""


@pytest.fixture
def url(filled_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The small store, with a role of each kind for one of its brands, and logging in on."""
    path = tmp_path / "members.db"
    shutil.copyfile(filled_url.removeprefix("sqlite:///"), path)
    store = open_store(f"sqlite:///{path}")
    for role in ("viewer", "analyst", "admin"):
        give_role(store, f"{role}@contoh.id", role, brand="Senandika", by="o", now=NOW)  # type: ignore[arg-type]
    give_role(store, "boss@contoh.id", "admin", by="o", now=NOW)
    store.close()
    (tmp_path / "simak.toml").write_text(LOGIN)
    monkeypatch.setenv("SIMAK_TEST_SECRET", SECRET)
    return f"sqlite:///{path}"


@pytest.fixture
def as_member(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    """Let the identity provider vouch for somebody, or for nobody."""

    def vouch(email: str | None, **said: object) -> None:
        claims: dict[str, Any] = {"is_logged_in": email is not None, "email": email, **said}
        monkeypatch.setattr(member, "_claims", lambda: claims)

    return vouch


def said(app: AppTest) -> str:
    """Return all that a page says."""
    parts: list[str] = [html(app), str(desk(app))]
    for kind in KINDS:
        parts += [str(element.proto) for element in app.get(kind)]
    return "\n".join(parts)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_says_a_word_without_a_login(
    show: Show, url: str, as_member: Callable[..., None], page: str
) -> None:
    as_member(None)
    app = show(url, page, lang="en")
    shown = said(app)
    assert "Log in to Simak" in shown
    assert "Senandika" not in shown
    assert [button.label for button in app.button] == ["Log in"]


@pytest.mark.parametrize("role", ["viewer", "analyst", "admin"])
def test_no_page_says_a_word_of_another_brand(
    show: Show, url: str, as_member: Callable[..., None], role: Role
) -> None:
    as_member(f"{role}@contoh.id")
    for page in PAGES if role == "viewer" else WRITTEN_ON:
        app = show(url, page, lang="en", brand="Senandika", days="all")
        shown = said(app)
        assert not app.exception, page
        assert OTHER not in shown, page
        assert SECRET not in shown, page
    # The note on an address that is not understood says back what was typed.
    assert said(show(url, lang="en", brand=OTHER, days="all")).count(OTHER) == 1


def test_who_has_all_brands_sees_all(show: Show, url: str, as_member: Callable[..., None]) -> None:
    as_member("Boss@contoh.id")
    app = show(url, "rivals", lang="en", brand="Senandika", days="all")
    assert OTHER in said(app)


@pytest.mark.parametrize(
    ("email", "claims"),
    [("siapa@contoh.id", {}), ("boss@contoh.id", {"email_verified": False}), ("", {})],
)
def test_who_has_no_role_or_no_address_of_theirs_sees_nothing(
    show: Show, url: str, as_member: Callable[..., None], email: str, claims: dict[str, object]
) -> None:
    as_member(email, **claims)
    app = show(url, "reputation", lang="en")
    assert "You have no role here yet" in said(app)
    assert "Senandika" not in said(app)


def test_a_viewer_has_no_button_that_changes_anything(
    show: Show, url: str, as_member: Callable[..., None]
) -> None:
    words = {}
    for role in ("viewer", "analyst"):
        as_member(f"{role}@contoh.id")
        cards = "".join(card for _id, card in desk(show(url, "mentions", lang="en"))["cards"])
        words[role] = cards
        app = show(url, "actions", lang="en", add="yes")
        assert ("Save the action" in said(app)) == (role == "analyst")
    assert 'data-do="menu"' in words["analyst"]
    assert 'data-do="menu"' not in words["viewer"]
    assert "checkbox" not in words["viewer"]


def test_what_a_viewer_presses_all_the_same_changes_nothing(
    show: Show, url: str, as_member: Callable[..., None]
) -> None:
    from dashboard.parts.mentions import press

    as_member("viewer@contoh.id")
    app = show(url, "mentions", lang="en")
    view: Any = type("V", (), {"may": lambda self, role: False})()
    press.follow(view, {"do": "change", "ids": [1], "sentiment": "neutral"}, 10)
    press.follow(view, {"do": "withdraw", "id": 1}, 10)
    store = open_store(url)
    changed = {deed.did for deed in deeds(store)} - {"exported"}  # which a test of the page does
    assert changed == {"gave a role"}
    store.close()
    assert not app.exception


@pytest.mark.parametrize("role", ["viewer", "analyst", "admin", "boss"])
def test_the_settings_are_an_admins(
    show: Show, url: str, as_member: Callable[..., None], role: str
) -> None:
    as_member(f"{role}@contoh.id")
    app = show(url, "settings", lang="en", part="members")
    shown = said(app)
    assert ("The settings are an admin" in shown) == (role in ("viewer", "analyst"))
    assert ("boss@contoh.id" in shown) == (role == "boss")
    assert ("Own touchpoints" in str(app.get("button_group"))) == (role == "boss")


def test_what_was_done_is_told_in_the_readers_language(
    show: Show, url: str, as_member: Callable[..., None]
) -> None:
    as_member("boss@contoh.id")
    store = open_store(url)
    for did, about in (
        ("exported", {"what": "report", "form": "pdf", "brand": None}),
        ("exported", {"what": "mentions", "form": "csv", "n": 1200, "brand": "Senandika"}),
        ("gave a token", {"name": "bi", "brands": ["Senandika", OTHER]}),
        ("erased", {"mention": 12, "tag": 1300}),
    ):
        record(store, who="ana", did=did, now=NOW, about=about)
    store.close()
    shown = html(show(url, "settings", lang="id", part="members"))
    for text in (
        "<b>mengekspor</b>", "laporan · pdf<", "daftar · csv · 1.200 sebutan · Senandika",
        "<b>memberi token</b>", "bi · Senandika, Griyakita", "12 sebutan · tag: 1.300",
        "viewer@contoh.id · Pembaca · Senandika",
    ):  # fmt: skip
        assert text in shown, text
    assert "None" not in shown


def test_an_admin_gives_a_role_on_the_page(
    show: Show, url: str, as_member: Callable[..., None]
) -> None:
    as_member("boss@contoh.id")
    app = show(url, "settings", lang="en", part="members")
    app.text_input(key="member_email").input("baru@contoh.id")
    app.selectbox(key="member_role").select("analyst")
    next(b for b in app.button if b.label == "Give the role").click()
    app.run()
    assert "baru@contoh.id is now: Analyst, all brands." in said(app)
    assert "gave a role" in said(app)
