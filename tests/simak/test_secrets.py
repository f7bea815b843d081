from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import InitError, NoKeyringError

from simak.secrets import SERVICE, is_reference, read_secret
from simak.settings import parse_settings


class Drawer(KeyringBackend):
    """A keyring in memory; locked, it gives nothing away."""

    priority = 1.0
    locked = False

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise InitError("the drawer is locked")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    before, own = keyring.get_keyring(), Drawer()
    keyring.set_keyring(own)
    yield own
    keyring.set_keyring(before)


@pytest.mark.parametrize(
    ("text", "refers"),
    [
        ("env:SLACK_URL", True),
        ("keyring:SLACK_URL", True),
        ("keyring:", False),
        ("keyring:slack url", False),
        ("KEYRING:X", False),
        (" env:X", False),
        ("env:X\n", False),
        ("rahasia", False),
        (7, False),
        (None, False),
    ],
)
def test_what_refers_to_a_secret(text: object, refers: bool) -> None:
    assert is_reference(text) is refers


def test_a_secret_is_read_from_where_it_is(drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring.set_password(SERVICE, "KUNCI", "dari laci")
    monkeypatch.setenv("KUNCI", "dari lingkungan")
    assert read_secret("keyring:KUNCI") == "dari laci"
    assert read_secret("env:KUNCI") == "dari lingkungan"


def test_what_is_not_there_is_named_with_what_to_do(
    drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KUNCI", raising=False)
    with pytest.raises(LookupError, match="the environment has no KUNCI"):
        read_secret("env:KUNCI")
    with pytest.raises(LookupError, match="no KUNCI: keyring set simak KUNCI"):
        read_secret("keyring:KUNCI")
    drawer.locked = True
    with pytest.raises(LookupError, match="cannot be asked for KUNCI: the drawer is locked"):
        read_secret("keyring:KUNCI")
    with pytest.raises(ValueError, match="no reference"):
        read_secret("rahasia")


def test_a_machine_without_a_keyring_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_service: str, _name: str) -> str:
        raise NoKeyringError("no recommended backend")

    monkeypatch.setattr(keyring, "get_password", nothing)
    with pytest.raises(LookupError, match="cannot be asked for KUNCI: no recommended backend"):
        read_secret("keyring:KUNCI")


def test_settings_take_what_the_keyring_holds(drawer: Drawer, tmp_path: Path) -> None:
    written = (
        '[[source]]\nname = "r"\ntype = "reddit"\nbrand = "K"\n'
        'client_id = "keyring:R_ID"\nsearch = ["kopi"]\n'
    )
    (source,) = parse_settings(written, tmp_path / "simak.toml").sources
    assert "line 5: client_id: the keyring has no R_ID" in str(source.error)
    keyring.set_password(SERVICE, "R_ID", "laci")
    (source,) = parse_settings(written, tmp_path / "simak.toml").sources
    assert source.options["client_id"] == "laci"
