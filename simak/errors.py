"""The errors Simak raises, grouped by what a person does next.

Every message says what is wrong and what to do; `str(error)` is meant to be shown as it is.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path


class SimakError(Exception):
    """The base of every error raised on purpose; anything else is a bug."""


class ConfigurationError(SimakError):
    """A setting, file or option is wrong: fix it.

    Example:
        >>> str(ConfigurationError("unknown key 'brandz'", path="simak.toml", line=3))
        "simak.toml, line 3: unknown key 'brandz'"
    """

    def __init__(
        self, message: str, *, path: str | Path | None = None, line: int | None = None
    ) -> None:
        where = "" if path is None else f"{path}: " if line is None else f"{path}, line {line}: "
        super().__init__(where + message)
        self.path = path
        self.line = line


class AccessDenied(SimakError):
    """A credential is missing, wrong or lacks a right: fix the credential."""


class NotAllowed(SimakError):
    """Whoever asks has no role that allows it: an admin can give one."""


class RetryLater(SimakError):
    """The service cannot answer now: come back at `retry_at` (UTC), or when it suits."""

    def __init__(self, message: str, *, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class SourceChanged(SimakError):
    """A source answered in a shape not known: stop, keep the cursor, show it."""


class BadRecord(SimakError):
    """One record cannot be used: skip it, count it, keep `record` for inspection."""

    def __init__(self, message: str, *, record: object = None) -> None:
        super().__init__(message)
        self.record = record


class StoreError(SimakError):
    """The store cannot be used as asked (read-only, full, damaged, of a newer version, busy)."""


class StoreBusy(StoreError):
    """Another run is at work on the store: wait until it ends."""


class ModelError(SimakError):
    """The model's files are missing, damaged or of an unknown version."""
