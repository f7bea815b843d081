"""Runs sources into the store: page by page, resumable, one failing source stopping no other."""

from __future__ import annotations

import json
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from collectors.job import Job, broke, make_context, utc_now
from collectors.pace import Pace
from collectors.source import SPENT, Context, Cursor, Page, Source
from simak.errors import BadRecord, RetryLater, SimakError, StoreError
from simak.mention import RawMention
from simak.reasons import DUPLICATE, NOT_ABOUT
from store import arrivals, mentions, runs, surveys
from store.engine import ROWS_PER_WRITE, Store
from store.mentions import Privacy
from store.privacy import mask
from store.runs import DONE, FAILED, INTERRUPTED, WAITING, Lease, Run, hold_lease
from store.surveys import ANSWERS_PER_WRITE

BAD_RECORDS_KEPT = 500
"""Per run; all are counted."""

BAD_RECORD_CHARS = 2_000

_RENEW_SECONDS = 60.0

_GOES_ON = "which is its share of a run: the next one goes on"


def collect(
    store: Store,
    jobs: Iterable[Job],
    *,
    privacy: Privacy,
    lease: Lease | None = None,
    full: bool = False,
    patient: bool = False,
    now: Callable[[], datetime] = utc_now,
    on_page: Callable[[Run], None] | None = None,
) -> list[Run]:
    """Run sources one after the other, each from where it stands.

    Args:
        lease: held already; None takes it for as long as it lasts.
        full: from the beginning instead, as far back as each source reaches.
        patient: leave a source alone whose service said when to come back, until then.
        on_page: told the run as it stands after each page.

    Returns:
        The run of each, in order; a failed one says why. One that was left alone is the last
        that there was, with the status `waiting`.

    Raises:
        StoreError: another run is at work, or the store cannot be written.
    """
    # A service counts the requests of all that ask it from here.
    paces: dict[tuple[str, int | None], Pace] = {}
    with nullcontext(lease) if lease else hold_lease(store) as held:
        return [
            _collect_one(
                store, job, held, privacy=privacy, full=full, patient=patient, now=now,
                pace=paces.setdefault((job.source.source, job.per_minute), job.pace()),
                on_page=on_page,
            )
            for job in jobs
        ]  # fmt: skip


def _collect_one(
    store: Store,
    job: Job,
    lease: Lease,
    *,
    privacy: Privacy,
    full: bool,
    patient: bool,
    now: Callable[[], datetime],
    pace: Pace,
    on_page: Callable[[Run], None] | None,
) -> Run:
    last = runs.last_run(store, job.source.name) if patient else None
    if last is not None and last.retry_at is not None and last.retry_at > now():
        return replace(last, status=WAITING)
    with job.client(now, pace=pace) as http:
        context = make_context(job.source.name, http=http, now=now, taxonomy=job.taxonomy)
        return run_source(
            store, job, context, privacy=privacy, lease=lease, full=full, on_page=on_page
        )


def run_source(
    store: Store,
    job: Job,
    context: Context,
    *,
    privacy: Privacy,
    lease: Lease,
    kind: str = "collect",
    full: bool = False,
    on_page: Callable[[Run], None] | None = None,
) -> Run:
    """Run one source, and record what it asked for, got, skipped and missed.

    Each page's cursor is written in the transaction of its last mentions: a killed run goes on
    after the last page it stored, and stores what it has of a page again without doubling it.

    Args:
        kind: what the run record calls it, `collect` or `import`.
        full: ignore where the source stands, but for what it has spent of its limits.
        on_page: told the run as it stands after each page.

    Returns:
        The run, `done` or `failed`. A source's error is in the record, not raised.

    Raises:
        StoreError: the store cannot be written, or another process took the lease over.
    """
    source = job.source
    begun = runs.start_run(
        store,
        source=source.name,
        kind=kind,
        asked=source.asks(),
        now=context.now(),
        brand=source.brand or None,
    )
    writer = _Writer(store, job, context, privacy, lease, begun)
    ends = time.monotonic() + job.max_minutes * 60
    try:
        cursor: Cursor = runs.get_cursor(store, source.name)
        if full:
            cursor = {key: cursor[key] for key in cursor if key == SPENT}
        for page in source.collect(cursor, context):
            writer.write(page)
            if on_page is not None:
                on_page(writer.run)
            if kind == "collect" and writer.run.got >= job.max_items:
                return writer.end(DONE, note=f"stopped after {job.max_items} items, {_GOES_ON}")
            if time.monotonic() > ends:
                return writer.end(
                    DONE, note=f"stopped after {job.max_minutes:g} minutes, {_GOES_ON}"
                )
    except StoreError as error:
        # Nothing else can be stored either, perhaps not even this.
        with suppress(StoreError):
            writer.end(FAILED, error=error)
        raise
    except SimakError as error:
        context.log.warning("source failed", error=str(error))
        return writer.end(FAILED, error=error)
    except Exception as error:
        # The place in the code and no message: that could hold what the source keeps secret.
        where = "".join(traceback.format_tb(error.__traceback__))
        context.log.error("source broke", error=type(error).__name__, where=where)
        return writer.end(FAILED, error=error)
    except BaseException:
        with suppress(StoreError):
            writer.end(INTERRUPTED)
        raise
    return writer.end(DONE)


_Item = TypeVar("_Item")


def _cut(items: Sequence[_Item], size: int) -> Iterator[tuple[_Item, ...]]:
    """Yield parts that one transaction may write."""
    for start in range(0, len(items), size):
        yield tuple(items[start : start + size])


class _Writer:
    """Stores the pages of one run, with its record.

    Attributes:
        run: as it stands in the store.
    """

    def __init__(
        self,
        store: Store,
        job: Job,
        context: Context,
        privacy: Privacy,
        lease: Lease,
        run: Run,
    ) -> None:
        self._store, self._source, self._context = store, job.source, context
        self._relevance = job.relevance
        self._privacy, self._lease = privacy, lease
        self._renewed = time.monotonic()
        self._warnings: Counter[str] = Counter()
        self._bad_room = BAD_RECORDS_KEPT
        self.run = run

    def write(self, page: Page) -> None:
        unique = list({raw.external_id: raw for raw in page.mentions}.values())
        answers = list({answer.external_id: answer for answer in page.answers}.values())
        duplicates = len(page.mentions) - len(unique) + len(page.answers) - len(answers)
        parts = [
            *(Page(mentions=part) for part in _cut(unique, ROWS_PER_WRITE)),
            *(Page(answers=part) for part in _cut(answers, ANSWERS_PER_WRITE)),
            *(Page(customers=part) for part in _cut(page.customers, ROWS_PER_WRITE)),
        ] or [Page()]
        for part in parts[:-1]:
            self._write_part(part, page, None)
        self._write_part(parts[-1], page, duplicates)
        if time.monotonic() - self._renewed > _RENEW_SECONDS:
            self._lease.renew()
            self._renewed = time.monotonic()

    def _write_part(self, part: Page, page: Page, duplicates: int | None) -> None:
        """Store some of a page; with `duplicates` given it is the last, and all else goes too."""
        now = self._context.now()
        # A copy: counts that were undone with their transaction are not kept.
        run = replace(self.run, skipped=dict(self.run.skipped), notes=list(self.run.notes))
        about = self._about(list(part.mentions), run, page.brand)
        owner = {"brand": page.brand or self._source.brand, "source": self._source.source}
        with self._store.write() as connection:
            # A page of bad records alone has no brand to make.
            if about:
                run.add(
                    mentions.save(
                        self._store, connection, about, **owner, privacy=self._privacy, now=now
                    )
                )
            if part.answers:
                run.add(
                    surveys.save_answers(
                        self._store,
                        connection,
                        part.answers,
                        **owner,
                        privacy=self._privacy,
                        now=now,
                    )
                )
            if part.customers:
                run.add(surveys.save_customers(connection, part.customers, **owner, now=now))
            run.got += len(part.mentions) + len(part.answers) + len(part.customers)
            if duplicates is not None:
                _count_rest(run, page, duplicates)
                self._warnings.update(page.warnings)
                kept = page.bad[: self._bad_room]
                runs.save_bad_records(connection, run.id, _shown(kept, self._privacy))
                self._bad_room -= len(kept)
                runs.set_cursor(connection, self._source.name, page.cursor, now)
            runs.save_run(connection, run)
        self.run = run
        self._store.pause()

    def _about(self, chunk: list[RawMention], run: Run, brand: str | None) -> list[RawMention]:
        """Leave out what is not about the brand, unless it is stored: edits are followed."""
        if self._relevance is None:
            return chunk
        others = [
            raw.external_id
            for raw in chunk
            if raw.deleted or not self._relevance(mentions.whole_text(raw))
        ]
        left_out = set(others) - mentions.stored_ids(
            self._store, others, brand=brand or self._source.brand, source=self._source.source
        )
        if left_out:
            run.skip(NOT_ABOUT, len(left_out))
        return [raw for raw in chunk if raw.external_id not in left_out]

    def end(self, status: str, *, error: Exception | None = None, note: str | None = None) -> Run:
        run = replace(self.run, status=status, finished_at=self._context.now())
        run.notes = [*run.notes, *(f"{what}: {n}" for what, n in self._warnings.items())]
        if note is not None:
            run.notes.append(note)
        if status == DONE and not (run.got or run.notes):
            run.notes.append("the source answered, and had nothing to give")
        if isinstance(error, SimakError):
            run.error = str(error)
            run.retry_at = error.retry_at if isinstance(error, RetryLater) else None
        elif error is not None:
            run.error = broke(self._source, error)
        with self._store.write() as connection:
            runs.save_run(connection, run)
        self.run = run
        return run


def receive(
    store: Store,
    source: Source,
    page: Page,
    *,
    privacy: Privacy,
    now: Callable[[], datetime] = utc_now,
) -> Run:
    """Store what a service sent by itself, and add it to the source's record of the day.

    It takes no lease: what is sent is stored while a run is at work. Once this returns, it is
    stored; the same again, and what is older than what is stored, changes nothing.

    Args:
        page: its cursor is left out.

    Returns:
        The record as it stands.

    Raises:
        StoreError: some or all is not stored: it must be sent again.
    """
    at = now()
    kept = page.mentions
    starts = range(0, max(len(kept), 1), ROWS_PER_WRITE)
    for start in starts:
        chunk = kept[start : start + ROWS_PER_WRITE]
        with store.write() as connection:
            run = runs.day_run(
                store,
                connection,
                source=source.name,
                asked=source.asks(),
                now=at,
                brand=source.brand or None,
            )
            if chunk:
                saved = arrivals.save_arrived(
                    store,
                    connection,
                    chunk,
                    brand=source.brand,
                    source=source.source,
                    privacy=privacy,
                    now=at,
                )
                run.add(saved)
            run.got += len(chunk)
            if start == starts[-1]:
                _count_rest(run, page, 0)
                if page.bad:
                    room = BAD_RECORDS_KEPT - runs.count_bad_records(connection, run.id)
                    shown = _shown(page.bad[: max(0, room)], privacy)
                    runs.save_bad_records(connection, run.id, shown)
            runs.save_run(connection, run)
    return run


def _count_rest(run: Run, page: Page, duplicates: int) -> None:
    """Count what a page holds besides mentions."""
    reasons = Counter(str(bad) for bad in page.bad) + Counter(page.skipped)
    if duplicates:
        reasons[DUPLICATE] += duplicates
    for reason, count in reasons.items():
        run.skip(reason, count)
        run.got += count
    if page.quota_left is not None:
        run.quota_left = page.quota_left
    for note in (*page.missed, *page.notes):
        if note not in run.notes:
            run.notes.append(note)


def _shown(bad: Iterable[BadRecord], privacy: Privacy) -> list[tuple[str, str]]:
    """Return the reason of each and its record, as they are kept."""
    found = []
    for one in bad:
        record = one.record
        text = record if isinstance(record, str) else json.dumps(record, default=str, skipkeys=True)
        text = mentions.storable(text[:BAD_RECORD_CHARS])
        found.append((str(one), text if privacy.keep_raw else mask(text)))
    return found
