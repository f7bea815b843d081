"""Logging in at an identity provider, in a browser, and that its secret stands nowhere."""

from __future__ import annotations

import logging
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import oidc_provider_mock
import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard import launch
from simak.errors import ConfigurationError
from simak.login import Login
from store.engine import open_store
from store.members import give_role
from tests.builders import NOW
from tests.dashboard.browsing import PATIENCE, browser, serve

__all__ = ["browser"]

pytestmark = pytest.mark.browser

SECRET = "planted-client-secret"


@pytest.fixture(scope="module")
def folder(filled_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small store, with a role for one address."""
    found = tmp_path_factory.mktemp("login")
    shutil.copyfile(filled_url.removeprefix("sqlite:///"), found / "simak.db")
    store = open_store(f"sqlite:///{found / 'simak.db'}")
    give_role(store, "rina@contoh.id", "viewer", brand="Senandika", by="o", now=NOW)
    store.close()
    return found


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A dashboard at which members log in."""
    logging.getLogger("oidc_provider_mock").setLevel(logging.ERROR)
    with oidc_provider_mock.run_server_in_thread() as provider, socket.socket() as probe:
        probe.bind((launch.HOST, 0))
        port = probe.getsockname()[1]
        probe.close()
        (folder / "simak.toml").write_text(
            "[login]\n"
            "server_metadata_url = "
            f'"http://localhost:{provider.server_port}/.well-known/openid-configuration"\n'
            'client_id = "simak"\nclient_secret = "env:SIMAK_TEST_SECRET"\n'
            f'redirect_uri = "http://{launch.HOST}:{port}/oauth2callback"\n'
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SIMAK_TEST_SECRET", SECRET)
            yield from serve(f"sqlite:///{folder / 'simak.db'}", folder, port=port)


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A browser that nobody has logged in with."""
    context = browser.new_context(locale="en-US")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def log_in(page: Page, address: str, email: str) -> None:
    """Go through the provider's page as somebody."""
    page.goto(f"{address}?lang=en")
    page.get_by_role("button", name="Log in").click()
    page.fill("input[name=sub]", email)
    page.locator("button[type=submit]").first.click()
    page.wait_for_url(f"{address}**")
    page.goto(f"{address}?lang=en")


def test_who_logs_in_sees_what_their_role_shows_until_they_leave(
    page: Page, address: str, folder: Path
) -> None:
    log_in(page, address, "rina@contoh.id")
    expect(page.get_by_text("rina@contoh.id")).to_be_visible()
    page.goto(f"{address}mentions?lang=en&days=all")
    expect(page.get_by_role("heading", name="Reviews & mentions")).to_be_visible()
    expect(page.locator(".sm-card").first).to_be_visible()
    assert "Griyakita" not in page.content()
    cookies = [one for one in page.context.cookies() if one["name"].startswith("_streamlit_user")]
    assert cookies
    assert all(one["httpOnly"] and one["sameSite"] == "Lax" for one in cookies)
    assert SECRET not in page.content()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/end_session**")  # the provider's own, which ends it there too
    page.goto(f"{address}?lang=en")
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    for file in folder.rglob("*"):
        assert file.is_dir() or SECRET.encode() not in file.read_bytes(), file


def test_who_has_no_role_is_told_so(page: Page, address: str) -> None:
    log_in(page, address, "siapa@contoh.id")
    expect(page.get_by_text("You have no role here yet")).to_be_visible()
    assert not page.get_by_text("Senandika").count()


def test_other_machines_are_not_served_without_a_login() -> None:
    for host in ("0.0.0.0", "::", "192.0.2.7", "dashboard.contoh.id"):
        with pytest.raises(ConfigurationError, match=re.escape(host)):
            launch.main(host)
    login = Login("https://id.contoh.id", "simak", "https://contoh.id/oauth2callback", SECRET)
    launch.check_host("0.0.0.0", login)
    assert SECRET not in repr(login)
