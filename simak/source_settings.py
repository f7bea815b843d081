"""What one `[[source]]` of the settings says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simak.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """One `[[source]]`: the keys that all have, and the options that only its type understands.

    Attributes:
        options: references to secrets are already replaced.
        line: where it stands in the file.
        enabled: whether it is collected; None leaves it to the type.
        own: all of it is about the brand (its own channel, its customers' group), so that the
            brand's query is not asked; None leaves it to the type.
        max_items, max_minutes: what one run takes at most; the next goes on.
        requests_per_minute: None is what the service allows.
        retention_days: for how long its texts are kept; None is as long as all.
        error: what is wrong with it, so that it cannot be collected; the others can.
    """

    name: str
    type: str
    brand: str
    options: Mapping[str, Any]
    line: int
    enabled: bool | None = None
    own: bool | None = None
    max_items: int = 100_000
    max_minutes: float = 60.0
    requests_per_minute: int | None = None
    retention_days: int | None = None
    error: ConfigurationError | None = None
