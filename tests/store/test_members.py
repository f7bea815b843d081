"""Roles: given, taken, and by whom."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import pytest

from simak.access import Access
from simak.errors import ConfigurationError, NotAllowed
from store.audit import deeds
from store.engine import Store
from store.members import access_of, as_member, brand_ids, give_role, members, take_role
from tests.builders import put, review

NOW = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def two(store: Store) -> Store:
    """A store of two brands."""
    for brand in ("Senandika", "Griyakita"):
        put(store, [review("a")], brand=brand)
    return store


def test_a_role_is_given_replaced_and_taken(two: Store) -> None:
    give_role(two, " Rina@Contoh.id ", "viewer", by="boss", now=NOW)
    give_role(two, "rina@contoh.id", "analyst", by="boss", now=NOW)
    give_role(two, "rina@contoh.id", "admin", brand="Senandika", by="boss", now=NOW)
    assert [(one.email, one.brand, one.role) for one in members(two)] == [
        ("rina@contoh.id", None, "analyst"),
        ("rina@contoh.id", "Senandika", "admin"),
    ]
    access = access_of(two, "RINA@contoh.id")
    assert access.brands_as("analyst") is None
    assert access.brands_as("admin") == brand_ids(two, ("Senandika",))
    take_role(two, "rina@contoh.id", by="boss", now=NOW)
    assert access_of(two, "rina@contoh.id").brands_as("viewer") == access.brands_as("admin")
    assert [deed.did for deed in deeds(two)] == ["took a role", *3 * ["gave a role"]]
    assert deeds(two, limit=1)[0].about == {"email": "rina@contoh.id"}


def test_what_is_wrong_is_said(two: Store) -> None:
    for email, role, brand, sign in (
        ("rina", "viewer", None, "no e-mail"),
        ("rina@contoh.id", "boss", None, "none of viewer"),
        ("rina@contoh.id", "viewer", "Nol", "nothing of a brand"),
    ):
        with pytest.raises(ConfigurationError, match=sign):
            give_role(two, email, role, brand=brand, by="boss", now=NOW)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="has no role for all brands"):
        take_role(two, "rina@contoh.id", by="boss", now=NOW)
    assert members(two) == []


def test_who_has_no_role_opens_nothing(two: Store) -> None:
    with pytest.raises(NotAllowed, match="has no role"):
        as_member(two, "siapa@contoh.id")


def test_an_admin_of_a_brand_gives_its_roles_and_no_other(two: Store) -> None:
    give_role(two, "lead@contoh.id", "admin", brand="Senandika", by="boss", now=NOW)
    give_role(two, "lain@contoh.id", "viewer", brand="Griyakita", by="boss", now=NOW)
    with closing(as_member(two, "lead@contoh.id")) as own:
        give_role(own, "baru@contoh.id", "analyst", brand="Senandika", by="lead", now=NOW)
        assert [one.email for one in members(own)] == ["baru@contoh.id", "lead@contoh.id"]
        for brand in (None, "Griyakita"):
            with pytest.raises((NotAllowed, ConfigurationError)):
                give_role(own, "lead@contoh.id", "admin", brand=brand, by="lead", now=NOW)
            with pytest.raises((NotAllowed, ConfigurationError)):
                take_role(own, "lain@contoh.id", brand=brand, by="lead", now=NOW)
        take_role(own, "baru@contoh.id", brand="Senandika", by="lead", now=NOW)
    assert {one.email for one in members(two)} == {"lead@contoh.id", "lain@contoh.id"}


def test_an_analyst_gives_no_role(two: Store) -> None:
    give_role(two, "ana@contoh.id", "analyst", by="boss", now=NOW)
    give_role(two, "ana@contoh.id", "analyst", brand="Senandika", by="boss", now=NOW)
    with closing(as_member(two, "ana@contoh.id")) as own:
        for brand in (None, "Senandika"):
            with pytest.raises(NotAllowed):
                give_role(own, "ana@contoh.id", "admin", brand=brand, by="ana", now=NOW)
    assert access_of(two, "ana@contoh.id").brands_as("admin") == frozenset()


def test_roles_cover_those_before_them() -> None:
    lead = Access("", role="viewer", brands={1: "admin", 2: "analyst"})
    assert lead.brands_as("viewer") is None
    assert lead.brands_as("analyst") == {1, 2}
    assert lead.may("admin")
    assert not Access("").is_member
    with pytest.raises(NotAllowed, match="changing x takes the role of admin"):
        lead.require("admin", "changing x")
