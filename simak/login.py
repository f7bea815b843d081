"""How members log in: by OpenID Connect, at the identity provider the company has already."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_address
from typing import Any, NoReturn
from urllib.parse import urlsplit

from simak.secrets import is_reference

CALLBACK = "/oauth2callback"
"""Where the provider sends a browser back to."""


@dataclass(frozen=True, slots=True)
class Login:
    """`[login]` of the settings.

    Attributes:
        server_metadata_url: of the provider, ends in /.well-known/openid-configuration.
        client_id, client_secret: what the provider knows Simak by.
        redirect_uri: the dashboard's own address as browsers see it, and `CALLBACK`.
    """

    server_metadata_url: str
    client_id: str
    redirect_uri: str
    client_secret: str = field(repr=False)

    @property
    def cookie_secret(self) -> str:
        """What the login cookie is signed with: another client secret logs everybody out.

        Example:
            >>> len(Login("", "", "", "s").cookie_secret)
            64
        """
        return hmac.new(self.client_secret.encode(), b"simak login cookie", "sha256").hexdigest()


def read_login(
    body: Any,
    *,
    secret: Callable[[Any, str], Any],
    fail: Callable[[str, str], NoReturn],
) -> Login:
    """Return what `[login]` says.

    Args:
        secret: replaces a reference by its secret; given a value and its key.
        fail: raises `ConfigurationError`; given what is wrong, and which key.
    """
    keys = [one.name for one in fields(Login)]
    if not isinstance(body, Mapping):
        fail("[login] is a section", "login")
    for key in body:
        if key not in keys:
            fail(f"key {key!r} is not known in [login]; there is {', '.join(keys)}", key)
    for key in keys:
        if not isinstance(body.get(key), str) or not body[key]:
            fail(f"[login] needs {key!r}, a text", "login")
    if not is_reference(body["client_secret"]):
        fail('login.client_secret must be written "env:NAME" or "keyring:NAME": no secret stands '
             "in a file", "client_secret")  # fmt: skip
    if not body["redirect_uri"].endswith(CALLBACK):
        fail(f"login.redirect_uri must end with {CALLBACK}", "redirect_uri")
    for key in ("server_metadata_url", "redirect_uri"):
        address = urlsplit(body[key])
        if address.scheme != "https" and not is_loopback(address.hostname or ""):
            fail(f"login.{key} must begin with https://, or be on this machine", key)
    return Login(**{key: secret(body[key], key) for key in keys})


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine alone.

    Example:
        >>> is_loopback("localhost"), is_loopback("127.0.0.2"), is_loopback("0.0.0.0")
        (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name, which may lead anywhere
        return False
