"""For how long texts are kept, as the settings say it."""

from __future__ import annotations

from dataclasses import replace

from simak.cli.common import job_of
from simak.errors import ConfigurationError
from simak.settings import Settings, SourceSettings
from store.expiry import Keep, Retention


def retention_of(settings: Settings) -> Retention:
    """Return for how long texts are kept, by brand and source."""
    return Retention(
        settings.retention_days,
        tuple(
            Keep(entry.name, entry.brand, _source(settings, entry), entry.retention_days)
            for entry in settings.sources
            if entry.retention_days is not None
        ),
    )


def tried(settings: Settings, days: int | None, source: str | None = None) -> Settings:
    """Return the settings with another time for all, or for one source.

    Args:
        days: None for ever; of a source, as long as all.

    Raises:
        ConfigurationError: there is no such source.
    """
    if source is None:
        return replace(settings, retention_days=days)
    if all(entry.name != source for entry in settings.sources):
        raise ConfigurationError(f"there is no source {source!r}", path=settings.path)
    return replace(
        settings,
        sources=tuple(
            replace(entry, retention_days=days) if entry.name == source else entry
            for entry in settings.sources
        ),
    )


def _source(settings: Settings, entry: SourceSettings) -> str:
    """Return what the mentions of a source say that they are from."""
    try:
        return job_of(settings, entry).source.source
    except ConfigurationError:
        return entry.type  # a file says it itself, all others are named by their type
