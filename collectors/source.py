"""The contract of a source, and the registry through which all of them are found.

A source turns what a service answers into `RawMention`s, page by page. It never touches the
store, the clock or the network but through its `Context`, so that it can be run against recorded
answers. Built-in sources register by entry point (`simak.sources`), as a third party's would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import entry_points
from typing import Any, ClassVar, Protocol

import structlog

from collectors.http import HttpClient
from simak.errors import BadRecord, ConfigurationError
from simak.mention import RawMention
from simak.survey import CustomerCount, SurveyAnswer
from simak.taxonomy import Taxonomy, load_taxonomy

GROUP = "simak.sources"
"""The entry points' group."""

Cursor = Mapping[str, Any]
"""Where a source stands: plain JSON, only the source itself reads it. `{}` at the first run."""

SPENT = "spent"
"""The key of a cursor for what was spent of a limit (units of a day, posts of a month).

It alone is kept where a source is read from the beginning: what is spent stays spent.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a type of source is, for the documentation, the runner and the checks.

    Attributes:
        title: what it reads, in a few words.
        keys: what it takes to be let in, such as "API key"; "none" where nothing.
        per_minute: requests a minute that the service lets one make, as published or, where
            nothing is, as is polite; None where no request is made (files).
        edits: an edited text is noticed.
        deletions: a text deleted at the source is noticed: by the next run.
        deletion_days: as long as it is no older than this; None where its age does not matter.
        replies: the brand's answers are kept with their time.
        gaps: what got lost between two runs is noticed.
        handles: what else is handled that its service is known to do, one sentence each.
        own: all it gives is about the brand (its own reviews, tickets, messages), so that the
            brand's query is not asked.
        opt_in: collects only where the settings say `enabled = true`.
        push: its service sends by itself, to `simak serve-webhooks`: it is never collected.
    """

    title: str
    keys: str = "none"
    per_minute: int | None = None
    edits: bool = True
    deletions: bool = False
    deletion_days: int | None = None
    replies: bool = False
    gaps: bool = False
    handles: tuple[str, ...] = ()
    own: bool = False
    opt_in: bool = False
    push: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some mentions and where to go on after them.

    Attributes:
        mentions: new, edited and deleted ones alike; the same one may come again.
        cursor: written in the transaction that stores the mentions.
        bad: records that could not be read, kept for inspection.
        skipped: reason to count of what was left out and is not worth inspection (duplicates).
        warnings: remark to count on mentions that are kept, such as "date not understood".
        missed: what is known to be lost, in words, such as a feed that rolled over.
        notes: what else is worth knowing of this page, in words, such as "not changed".
        answers: scores from a survey, which bring their comments along.
        customers: how many customers there were, by month.
        brand: the brand of all this, where it is not the source's own (files with several).
        quota_left: what the service still gives (requests, units, posts) until it counts anew,
            where it says so or the source counts it.
    """

    mentions: tuple[RawMention, ...] = ()
    cursor: Cursor = field(default_factory=dict)
    bad: tuple[BadRecord, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
    warnings: Mapping[str, int] = field(default_factory=dict)
    missed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    answers: tuple[SurveyAnswer, ...] = ()
    customers: tuple[CustomerCount, ...] = ()
    brand: str | None = None
    quota_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """All that a source may use of the world.

    Attributes:
        http: the client every request goes through.
        now: the clock, aware UTC.
        log: bound to the source's name; secrets never go in.
        probe: this is a check of credentials and addresses: the first page of each place is
            enough, and nothing of it will be stored.
        taxonomy: gives the touchpoints there are, for sources that are told of one.
    """

    http: HttpClient
    now: Callable[[], datetime]
    log: structlog.stdlib.BoundLogger
    probe: bool = False
    taxonomy: Callable[[], Taxonomy] = load_taxonomy


class Source(Protocol):
    """One configured place that mentions come from.

    Attributes:
        source: what `mention.source` holds: the registered type, so that two configured sources
            that find the same post store it once.
        name: the configured name, unique in the settings; names cursor and runs.
        brand: the brand its mentions are about.
        facts: what its type is.
    """

    source: str
    name: str
    brand: str
    facts: ClassVar[Facts]

    def asks(self) -> str:
        """Say in one line what a run asks for, for the run record; no secret in it."""
        ...

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield pages from `cursor` on, each with the cursor that goes on after it.

        The run may end after any page: for good (a kill), or because its budget of items or
        minutes is used up. The next run then goes on at that page's cursor.

        Raises:
            AccessDenied, RetryLater, SourceChanged: as `simak.errors` says. What was yielded
                before is kept.
        """
        ...


class SourceFactory(Protocol):
    """What an entry point names: makes a source of its part of the settings."""

    facts: ClassVar[Facts]

    def __call__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> Source:
        """Return the source.

        Raises:
            ConfigurationError: an option is missing, unknown or wrong; names the key.
        """
        ...


def source_types() -> dict[str, SourceFactory]:
    """Return every registered source type by name.

    Example:
        >>> "rss" in source_types()
        True
    """
    return {point.name: point.load() for point in entry_points(group=GROUP)}


def make_source(type: str, *, name: str, brand: str, options: Mapping[str, Any]) -> Source:
    """Make one source of a registered type.

    Raises:
        ConfigurationError: no such type, or an option is wrong.
    """
    points = entry_points(group=GROUP)
    if type not in points.names:
        raise ConfigurationError(
            f"source {name!r}: type {type!r} is not known; there are "
            + ", ".join(sorted(points.names))
        )
    # Only this one is loaded: another that is broken, or slow to import, is nobody's concern.
    factory: SourceFactory = points[type].load()
    return factory(name=name, brand=brand, options=options)
