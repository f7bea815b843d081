"""A source with what the settings say of its runs, and a look whether it works at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar

import structlog

from collectors.http import HttpClient
from collectors.pace import Pace
from collectors.source import Context, Cursor, Facts, Page, Source
from simak.errors import ConfigurationError, SimakError
from simak.relevance import Relevance
from simak.taxonomy import Taxonomy, load_taxonomy

_LEEWAY = 60.0
"""Seconds a request may go on after a run's minutes are over: a run that pages well ends between
two pages, and only one that hangs is broken off."""


def utc_now() -> datetime:
    """Return the time: the clock of every run that is not given another."""
    return datetime.now(UTC)


def make_context(
    name: str,
    *,
    http: HttpClient,
    now: Callable[[], datetime] = utc_now,
    taxonomy: Callable[[], Taxonomy] = load_taxonomy,
) -> Context:
    """Return what the source `name` may use of the world.

    Example:
        >>> with HttpClient() as http:
        ...     make_context("berita", http=http).probe
        False
    """
    log = structlog.get_logger("simak.collect").bind(source=name)
    return Context(http=http, now=now, log=log, taxonomy=taxonomy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A source, with what the settings say of its runs.

    Attributes:
        max_items, max_minutes: a run ends when it has got so much; the next goes on.
        per_minute: requests a minute; None takes what the type's `facts` say.
        relevance: what is asked of each text; None where all are about the brand.
        taxonomy: gives the touchpoints there are, those that the settings add among them.
    """

    source: Source
    max_items: int = 100_000
    max_minutes: float = 60.0
    per_minute: int | None = None
    relevance: Relevance | None = None
    taxonomy: Callable[[], Taxonomy] = load_taxonomy

    def pace(self) -> Pace:
        """Return how many requests a minute its service takes."""
        return Pace(self.per_minute or self.source.facts.per_minute)

    def client(
        self, now: Callable[[], datetime] = utc_now, *, pace: Pace | None = None
    ) -> HttpClient:
        """Return the client that this source's requests go through.

        Args:
            pace: shared with other sources of the service; None is one of its own.
        """
        return HttpClient(
            now=now,
            pace=pace or self.pace(),
            seconds=self.max_minutes * 60 + _LEEWAY,
        )


class Misconfigured:
    """Stands for a source that cannot be made of its settings: its runs fail and say why."""

    facts: ClassVar[Facts] = Facts(title="not set up as it must be")

    def __init__(self, source: str, name: str, brand: str, error: ConfigurationError) -> None:
        self.source, self.name, self.brand, self._error = source, name, brand, error

    def asks(self) -> str:
        """Say that nothing is asked for."""
        return "nothing: its settings are wrong"

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Raise the error."""
        raise self._error


@dataclass(frozen=True, slots=True)
class Probe:
    """What a source's first pages gave, of which nothing is stored.

    Attributes:
        items: mentions, answers and counts on them.
        error: what is wrong, with what to do; None where all is well.
    """

    source: str
    asked: str
    items: int
    notes: tuple[str, ...]
    error: str | None


def probe(job: Job, *, now: Callable[[], datetime] = utc_now) -> Probe:
    """Ask a source for the first page of each of its places, with its credentials.

    Example:
        >>> wrong = Misconfigured("rss", "berita", "Senandika", ConfigurationError("no url"))
        >>> probe(Job(source=wrong)).error
        'no url'
    """
    source, items, error = job.source, 0, None
    notes: list[str] = []
    with job.client(now) as http:
        context = make_context(source.name, http=http, now=now, taxonomy=job.taxonomy)
        context = replace(context, probe=True)
        try:
            for page in source.collect({}, context):
                items += len(page.mentions) + len(page.answers) + len(page.customers)
                notes += [note for note in (*page.missed, *page.notes) if note not in notes]
        except SimakError as failure:
            error = str(failure)
        except Exception as failure:
            context.log.error("source broke", error=type(failure).__name__)
            error = broke(source, failure)
    return Probe(source.name, source.asks(), items, tuple(notes), error)


def broke(source: Source, error: Exception) -> str:
    """Return what to say of a source that raised what it should not."""
    return (
        f"the source {source.name!r} broke ({type(error).__name__}): this is a mistake in its "
        "code, please report it with the log"
    )
