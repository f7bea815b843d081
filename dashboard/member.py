"""Who reads: a member who has logged in, or whoever has the machine where nobody has to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any, NoReturn

import streamlit as st

from dashboard.i18n import _
from dashboard.queries import store_at, store_of
from simak.access import Role
from simak.errors import NotAllowed
from simak.settings import Settings
from store import audit
from store.engine import Store
from store.members import brand_ids


def email(settings: Settings) -> str | None:
    """Return the address that the identity provider vouches for; None where nobody logs in.

    Raises:
        NotAllowed: nobody has logged in, or the provider says that the address is not theirs.
    """
    if settings.login is None:
        return None
    said = _claims()
    found = said.get("email")
    if not said.get("is_logged_in") or not isinstance(found, str) or not found:
        raise NotAllowed("nobody has logged in")
    if said.get("email_verified") is False:
        raise NotAllowed(f"the identity provider has not verified {found}")
    return found.strip().casefold()


def opened(settings: Settings) -> Store:
    """Return the store as the reader may see it.

    Raises:
        NotAllowed: they have not logged in, or have no role.
        ConfigurationError, StoreError: as `store.engine.open_store`.
    """
    return store_of(settings, email(settings))


def enter(settings: Settings) -> None:
    """Let in who may enter; for anybody else the run ends with the way to log in."""
    if settings.login is None:
        return
    if not _claims().get("is_logged_in"):
        _stop(_("Log in to Simak"), _("Your company's account opens it."), button=_("Log in"))
    try:
        opened(settings)
    except NotAllowed:
        _stop(
            _("You have no role here yet"),
            _("You are logged in as {email}.", email=str(_claims().get("email") or "–")),
            _("An admin gives roles: Settings, Members."),
        )


def draw_leaving(settings: Settings) -> None:
    """Draw who is logged in, and the way out."""
    found = email(settings)
    if found is not None:
        st.html(f'<p class="sm-group" dir="auto">{escape(found)}</p>')
        st.button(_("Log out"), icon=":material/logout:", type="tertiary", on_click=st.logout)


def may(store: Store, role: Role, brands: tuple[str, ...]) -> bool:
    """Whether whoever has opened the store has a role for all these brands, or for any where none
    is named."""
    own = store.access.brands_as(role)
    if own is None:
        return True
    ids = brand_ids(store, brands)
    return bool(ids) and own >= ids if brands else bool(own)


def recorder(settings: Settings) -> Callable[[str, Mapping[str, Any]], None]:
    """Return what puts on record what the reader does, who may have no right to write.

    It takes what they did and what about, and may be called after the page is drawn.
    """
    from dashboard import reader  # which asks this module

    owners, who = store_at(settings.store_url, settings.timezone), reader.name()

    def record(did: str, about: Mapping[str, Any]) -> None:
        audit.record(owners, who=who, did=did, now=datetime.now(UTC), about=about)

    return record


def _claims() -> Mapping[str, Any]:
    """Return what the identity provider says of the reader."""
    return st.user.to_dict()


def _stop(title: str, *advice: str, button: str | None = None) -> NoReturn:
    body = "".join(f"<p>{escape(text)}</p>" for text in advice)
    st.html('<span class="sm-mark">Sim<i>a</i>k</span>')
    st.html(f'<div class="sm-empty" role="status"><h2>{escape(title)}</h2>{body}</div>')
    if button is not None:
        st.button(button, type="primary", icon=":material/login:", on_click=st.login)
    else:
        st.button(_("Log out"), icon=":material/logout:", on_click=st.logout)
    st.stop()
