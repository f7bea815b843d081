"""The secret of the author hashes, in a file of the data folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from simak.errors import ConfigurationError


def read_key(path: Path) -> bytes:
    """Return the key in a file, made at first use, for its owner alone.

    Raises:
        ConfigurationError: the file can be neither read nor made, or is empty.
    """
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_text().strip().encode()
    except OSError as error:
        raise ConfigurationError(f"cannot be read or made: {error}", path=path) from error
    if not key:
        raise ConfigurationError(
            "it is empty: restore it from a backup, or, where nothing was ever collected, "
            "delete it",
            path=path,
        )
    return key


def _make_key(path: Path) -> None:
    """Make a new key, whole at once: of two that make one at once, the first holds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    beside.touch(mode=0o600)
    try:
        beside.write_text(secrets.token_hex(32))
        try:
            path.hardlink_to(beside)
        except FileExistsError:
            pass
        except OSError:  # a file system without such links
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
