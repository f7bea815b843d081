"""Who may do what: a role for all brands, or one for each of some.

A viewer reads and takes along what is read. An analyst corrects too, works on cases, and puts
promises and actions on record. An admin also gives roles; one of all brands changes the settings,
teaches, erases and restores. An analyst of all brands also imports, collects and tags.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from simak.errors import NotAllowed

Role = Literal["viewer", "analyst", "admin"]

ROLES: tuple[Role, ...] = get_args(Role)
"""Each may do what those before it may."""


@dataclass(frozen=True)
class Access:
    """What somebody may do.

    Attributes:
        who: under which name what they do is kept.
        role: for all brands; None where it differs by brand.
        brands: the role for each brand of the store, by its id, where that is more.

    Example:
        >>> lead = Access("lead@contoh.id", brands={1: "analyst", 2: "viewer"})
        >>> lead.brands_as("viewer") == {1, 2}, lead.brands_as("analyst") == {1}
        (True, True)
        >>> Access("admin@contoh.id", role="admin").brands_as("admin") is None
        True
    """

    who: str
    role: Role | None = None
    brands: Mapping[int, Role] = field(default_factory=dict)

    @property
    def is_owner(self) -> bool:
        """Whether nothing is closed to them."""
        return self.role == "admin"

    @property
    def is_member(self) -> bool:
        """Whether they have any role at all."""
        return self.role is not None or bool(self.brands)

    def brands_as(self, role: Role) -> frozenset[int] | None:
        """Return the ids of the brands for which they have `role` or more; None for all."""
        if _covers(self.role, role):
            return None
        return frozenset(id for id, own in self.brands.items() if _covers(own, role))

    @property
    def scope(self) -> str:
        """Name all that they may do: whoever has the same sees the same."""
        return repr((self.role, sorted(self.brands.items())))

    def may(self, role: Role) -> bool:
        """Whether they have `role` or more for any brand."""
        return self.brands_as(role) != frozenset()

    def require(self, role: Role, what: str) -> None:
        """Make sure that they have `role` for all brands.

        Args:
            what: they want to do, such as "changing the settings".

        Raises:
            NotAllowed: they have not.
        """
        if not _covers(self.role, role):
            raise NotAllowed(f"{what} takes the role of {role} for all brands: ask an admin")


def _covers(own: Role | None, wanted: Role) -> bool:
    return own is not None and ROLES.index(own) >= ROLES.index(wanted)


OWNER = Access("", role="admin")
"""Whoever has the machine: the command line, and the dashboard where nobody logs in."""
