"""Secrets, which stand in no file of Simak: the environment holds them, or the system's keyring.

Settings refer to one as `env:NAME`, a variable of the environment, or as `keyring:NAME`, what
`keyring set simak NAME` has stored.
"""

from __future__ import annotations

import os
import re

SERVICE = "simak"
"""The name under which the keyring holds them."""

_REFERENCE = re.compile(r"(env|keyring):([A-Za-z_][A-Za-z0-9_]*)")


def is_reference(text: object) -> bool:
    """Whether a value refers to a secret.

    Example:
        >>> is_reference("keyring:SLACK_URL"), is_reference("https://hooks.contoh.id/x")
        (True, False)
    """
    return isinstance(text, str) and _REFERENCE.fullmatch(text) is not None


def read_secret(reference: str) -> str:
    """Return the secret that a reference names.

    Raises:
        LookupError: there is none; says where none is.
    """
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError("no reference to a secret")
    place, name = match.groups()
    if place == "env":
        if name not in os.environ:
            raise LookupError(f"the environment has no {name}")
        return os.environ[name]
    return _from_keyring(name)


def _from_keyring(name: str) -> str:
    import keyring  # asks the system what it has, which takes a moment
    from keyring.errors import KeyringError

    try:
        found = keyring.get_password(SERVICE, name)
    except KeyringError as error:
        raise LookupError(f"the keyring cannot be asked for {name}: {error}") from None
    if found is None:
        raise LookupError(f"the keyring has no {name}: keyring set {SERVICE} {name}")
    return found
