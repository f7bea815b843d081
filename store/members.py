"""Who has which role, for all brands or for some."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, select

from simak.access import ROLES, Access, Role
from simak.errors import ConfigurationError, NotAllowed
from store import audit
from store.engine import Store
from store.mentions import known_brand
from store.restricted import restrict
from store.tables import brand, membership

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")


@dataclass(frozen=True, slots=True)
class Membership:
    """A role that somebody has.

    Attributes:
        brand: None for all.
    """

    email: str
    brand: str | None
    role: Role
    given_by: str
    given_at: datetime


def give_role(
    store: Store, email: str, role: Role, *, brand: str | None = None, by: str, now: datetime
) -> None:
    """Give somebody a role, in place of the one they had there.

    Args:
        email: as the login knows them; capitals do not matter.
        brand: None for all.

    Raises:
        ConfigurationError: it is no address or role, or nothing of the brand is stored.
        NotAllowed: whoever gives it is no admin there.
    """
    email = _address(email)
    if role not in ROLES:
        raise ConfigurationError(f"the role {role!r} is none of {', '.join(ROLES)}")
    with store.write() as connection:
        id = None if brand is None else known_brand(connection, brand)
        _check_admin(store.access, id)
        connection.execute(delete(membership).where(_is(email, id)))
        connection.execute(
            insert(membership).values(
                email=email, brand_id=id, role=role, given_by=by, given_at=now
            )
        )
        audit.note(
            connection, who=by, did="gave a role", brand_id=id, now=now,
            about={"email": email, "role": role},
        )  # fmt: skip


def take_role(
    store: Store, email: str, *, brand: str | None = None, by: str, now: datetime
) -> None:
    """Take somebody's role away.

    Args:
        brand: None for the role that they have for all brands.

    Raises:
        ConfigurationError: they have none there, or nothing of the brand is stored.
        NotAllowed: whoever takes it is no admin there.
    """
    email = _address(email)
    with store.write() as connection:
        id = None if brand is None else known_brand(connection, brand)
        _check_admin(store.access, id)
        if not connection.execute(delete(membership).where(_is(email, id))).rowcount:
            where = "all brands" if brand is None else repr(brand)
            raise ConfigurationError(f"{email} has no role for {where}: simak member list")
        audit.note(
            connection, who=by, did="took a role", brand_id=id, now=now, about={"email": email}
        )


def members(store: Store) -> list[Membership]:
    """Return every role, by address; those for all brands first."""
    statement = (
        select(
            membership.c.email, brand.c.name.label("brand"), membership.c.role,
            membership.c.given_by, membership.c.given_at,
        )
        .join(brand, brand.c.id == membership.c.brand_id, isouter=True)
        .order_by(membership.c.email, func.coalesce(brand.c.name, ""))
    )  # fmt: skip
    with store.read() as connection:
        return [Membership(**row) for row in connection.execute(statement).mappings()]


def brand_ids(store: Store, names: Sequence[str]) -> frozenset[int]:
    """Return the ids of those of these brands that there are."""
    with store.read() as connection:
        return frozenset(connection.scalars(select(brand.c.id).where(brand.c.name.in_(names))))


def access_of(store: Store, email: str) -> Access:
    """Return what somebody may do; nothing where nobody gave them a role.

    Args:
        store: as its owner has it.
    """
    email = email.strip().casefold()
    with store.read() as connection:
        rows = connection.execute(
            select(membership.c.brand_id, membership.c.role).where(membership.c.email == email)
        ).all()
    return Access(
        email,
        next((row.role for row in rows if row.brand_id is None), None),
        {row.brand_id: row.role for row in rows if row.brand_id is not None},
    )


def as_member(store: Store, email: str) -> Store:
    """Return the store as a member may see it.

    Args:
        store: as its owner has it.

    Raises:
        NotAllowed: they have no role.
    """
    access = access_of(store, email)
    if not access.is_member:
        raise NotAllowed(f"{access.who} has no role here: an admin gives one, `simak member add`")
    return restrict(store, access)


def _check_admin(access: Access, brand_id: int | None) -> None:
    own = access.brands_as("admin")
    if own is not None and brand_id not in own:
        raise NotAllowed("giving and taking roles takes the role of admin: ask one")


def _is(email: str, brand_id: int | None) -> ColumnElement[bool]:
    where = membership.c.brand_id
    return (membership.c.email == email) & (
        where.is_(None) if brand_id is None else where == brand_id
    )


def _address(email: str) -> str:
    email = email.strip().casefold()
    if not _EMAIL.fullmatch(email):
        raise ConfigurationError(f"{email!r} is no e-mail address")
    return email
