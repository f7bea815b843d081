"""Erases what is older than is kept, as if its source had deleted it: the counts stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    false,
    func,
    or_,
    select,
    update,
)

from store.engine import ROWS_PER_WRITE, Store
from store.labels import relabel
from store.mentions import EXPIRED, text_hash
from store.tables import bad_record, brand, mention, mention_version, run, tag

LIFETIME = 36_500
"""In days. A time far longer ago than that cannot be written."""


@dataclass(frozen=True, slots=True)
class Keep:
    """For how long the texts of one brand and source are kept.

    Attributes:
        name: of the source in the settings, under which its runs are recorded.
        source: as `mention.source` has it.
        days: None for ever.
    """

    name: str
    brand: str
    source: str
    days: int | None


@dataclass(frozen=True, slots=True)
class Retention:
    """For how long texts are kept.

    Attributes:
        days: of all that `sources` do not name; None for ever.
    """

    days: int | None = None
    sources: tuple[Keep, ...] = ()

    @property
    def ends(self) -> bool:
        """Whether anything is not kept for ever."""
        return self.days is not None or any(one.days is not None for one in self.sources)


@dataclass(frozen=True, slots=True)
class Expired:
    """What was erased, or would be.

    Attributes:
        mentions: whose text, earlier texts, author, address, reply and attributes are gone.
        bad_records: that could not be read, kept for inspection until then.
    """

    mentions: int = 0
    bad_records: int = 0


def expire(
    store: Store,
    retention: Retention,
    *,
    now: datetime,
    dry_run: bool = False,
    renew: Callable[[], None] = lambda: None,
) -> Expired:
    """Erase what is older than is kept, by when it was published, else collected.

    What a source says later of what was erased changes nothing.

    Args:
        dry_run: only count.
        renew: called now and then, to keep a lease.
    """
    if not retention.ends:
        return Expired()
    unread = bad_record.c.id.in_(_unread(retention, now))
    with store.read() as connection:
        too_old = _too_old(connection, retention, now)
        if dry_run:
            mentions = (select(func.count()).select_from(mention).where(one) for one in too_old)
            records = select(func.count()).select_from(bad_record).where(unread)
            return Expired(
                sum(connection.execute(one).scalar_one() for one in mentions),
                connection.execute(records).scalar_one(),
            )
    done = 0
    for wanted in too_old:
        while ids := _blank_some(store, wanted, now):
            done += ids
            store.pause()
            renew()
    with store.write() as connection:
        return Expired(done, connection.execute(delete(bad_record).where(unread)).rowcount)


def _blank_some(store: Store, wanted: ColumnElement[bool], now: datetime) -> int:
    """Erase some; return how many. They are then no longer among those that are wanted."""
    with store.write() as connection:
        some = select(mention.c.id).where(wanted).limit(ROWS_PER_WRITE)
        ids = connection.scalars(some).all()
        if ids:
            _blank(store, connection, ids, now)
    return len(ids)


def _blank(store: Store, connection: Connection, ids: Sequence[int], now: datetime) -> None:
    connection.execute(delete(mention_version).where(mention_version.c.mention_id.in_(ids)))
    connection.execute(
        update(mention)
        .where(mention.c.id.in_(ids))
        .values(
            text="", text_hash=text_hash(""), author_key=None, url=None, reply=None, reply_at=None,
            attributes={}, content_hash=EXPIRED, deleted_at=now,
        )
    )  # fmt: skip
    # Not even the hash of a text that is gone.
    connection.execute(update(tag).where(tag.c.mention_id.in_(ids)).values(text_hash=text_hash("")))
    relabel(store, connection, ids)


def _too_old(
    connection: Connection, retention: Retention, now: datetime
) -> list[ColumnElement[bool]]:
    """Return conditions, one for each brand and source, on what is older than it is kept.

    Each is read off the index of ages, whatever else is stored.
    """
    # Where two in the settings give the same, the shorter time holds.
    named = {(one.brand, one.source): one.days for one in _shortest(retention.sources)}
    age = func.coalesce(mention.c.published_at, mention.c.collected_at)
    return [
        and_(
            mention.c.deleted_at.is_(None),
            mention.c.brand_id == brand_id,
            mention.c.source == source,
            age < _before(now, days),
        )
        for brand_id, name, source in _said_by(connection)
        if (days := named.get((name, source), retention.days)) is not None
    ]


def _before(now: datetime, days: int) -> datetime:
    """Return when the days that are kept began; of more than a lifetime, a lifetime ago."""
    return now - timedelta(days=min(days, LIFETIME))


def _said_by(connection: Connection) -> Iterator[tuple[int, str, str]]:
    """Yield each brand with each source of it: id, name and source, a look at the index each."""
    for owner in connection.execute(select(brand.c.id, brand.c.name)).all():
        last = ""
        while True:
            next_one = select(func.min(mention.c.source)).where(
                mention.c.brand_id == owner.id, mention.c.source > last
            )
            source = connection.scalar(next_one)
            if source is None:
                break
            yield owner.id, owner.name, source
            last = source


def _shortest(sources: Sequence[Keep]) -> list[Keep]:
    found: dict[tuple[str, str], Keep] = {}
    for one in sources:
        known = found.get((one.brand, one.source))
        if known is None or (one.days or 10**9) < (known.days or 10**9):
            found[one.brand, one.source] = one
    return list(found.values())


def _unread(retention: Retention, now: datetime) -> Select[int]:
    """Select the records that could not be read in runs that are older than is kept."""
    old = [
        and_(run.c.source == one.name, run.c.started_at < _before(now, one.days))
        for one in retention.sources
        if one.days is not None
    ]
    if retention.days is not None:
        named = [one.name for one in retention.sources]
        long_ago = run.c.started_at < _before(now, retention.days)
        old.append(and_(run.c.source.not_in(named), long_ago))
    return (
        select(bad_record.c.id).join(run, run.c.id == bad_record.c.run_id).where(or_(false(), *old))
    )
