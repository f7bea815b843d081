"""`[login]`: what is missing or unsafe is said with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from simak.errors import ConfigurationError
from simak.login import CALLBACK, is_loopback
from simak.settings import parse_settings

RIGHT = {
    "server_metadata_url": "https://id.contoh.id/.well-known/openid-configuration",
    "client_id": "simak",
    "client_secret": "env:SIMAK_TEST_SECRET",
    "redirect_uri": f"https://simak.contoh.id{CALLBACK}",
}


def written(**changes: str | None) -> str:
    """Return the section with some keys changed, or without them."""
    lines = {**RIGHT, **changes}
    return "[login]\n" + "\n".join(f'{key} = "{v}"' for key, v in lines.items() if v is not None)


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMAK_TEST_SECRET", "rahasia")


def test_what_is_right_is_read() -> None:
    login = parse_settings(written(), Path("simak.toml")).login
    assert login is not None
    assert login.client_secret == "rahasia"
    assert "rahasia" not in repr(login)
    assert len({login.cookie_secret, login.client_secret}) == 2


@pytest.mark.parametrize(
    ("changes", "sign"),
    [
        (
            {"client_secret": "rahasia"},
            r"line 4: login.client_secret must be written \"env:NAME\" or \"keyring:NAME\"",
        ),
        ({"client_secret": "env:NOT_THERE"}, "no NOT_THERE"),
        ({"client_id": None}, "needs 'client_id'"),
        ({"redirect_uri": "https://simak.contoh.id/"}, f"must end with {CALLBACK}"),
        ({"redirect_uri": f"http://simak.contoh.id{CALLBACK}"}, "must begin with https"),
        ({"server_metadata_url": "http://id.contoh.id"}, "must begin with https"),
        ({"scope": "x"}, "'scope' is not known"),
    ],
)
def test_what_is_wrong_is_said(changes: dict[str, str | None], sign: str) -> None:
    with pytest.raises(ConfigurationError, match=sign) as told:
        parse_settings(written(**changes), Path("simak.toml"))
    assert "rahasia" not in str(told.value)


def test_on_this_machine_it_may_be_plain() -> None:
    text = written(
        server_metadata_url="http://127.0.0.1:9000/x", redirect_uri=f"http://localhost:1{CALLBACK}"
    )
    assert parse_settings(text, Path("simak.toml")).login is not None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "simak.contoh.id", ""])
def test_what_others_reach_is_no_loopback(host: str) -> None:
    assert not is_loopback(host)
