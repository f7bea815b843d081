"""Where alerts go and what came of it: each goes to a channel once, or is given up and shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite

from store.engine import Store
from store.tables import alert, alert_delivery

WAITING, SENDING, SENT, FAILED, UNSURE, MUTED = (
    "waiting",
    "sending",
    "sent",
    "failed",
    "unsure",
    "muted",
)
"""`failed` was given up; `unsure` was being sent when the run was killed, and may have arrived."""

STATUSES = (WAITING, SENDING, SENT, FAILED, UNSURE, MUTED)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert on its way to one channel.

    Attributes:
        brand_id: of the alert's brand; 0 before it is stored.
        digest: `daily` or `weekly` where it is gathered with others, else "".
        status: one of `STATUSES`.
        due_at: when it goes, at the earliest.
        tries: runs that have tried in vain so far.
        error: why the last one did not arrive; never the channel's address.
        reminder: whether it tells the alert once more, as nobody had taken note of it.
    """

    alert_id: str
    channel: str
    digest: str
    due_at: datetime
    status: str = WAITING
    tries: int = 0
    tried_at: datetime | None = None
    sent_at: datetime | None = None
    error: str | None = None
    brand_id: int = 0
    reminder: bool = False


def insert_deliveries(connection: Connection, owner: int, found: Iterable[Delivery]) -> None:
    """Record deliveries, in the caller's transaction; those that are there stay as they are.

    Args:
        owner: the id of the brand whose alerts they are of.
    """
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    for one in found:
        values = {name: getattr(one, name) for name in one.__slots__} | {"brand_id": owner}
        connection.execute(dialect.insert(alert_delivery).values(values).on_conflict_do_nothing())


def deliveries_of(
    connection: Connection, keys: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], list[Delivery]]:
    """Return the deliveries of alerts, given as (brand id, alert id), by the channel's name."""
    table = alert_delivery
    found: dict[tuple[int, str], list[Delivery]] = {}
    rows = connection.execute(
        select(table)
        .where(table.c.alert_id.in_([id for _owner, id in keys]))
        .order_by(table.c.channel, table.c.reminder)
    )
    for row in rows.mappings():
        found.setdefault((row["brand_id"], row["alert_id"]), []).append(_delivery(row))
    return found


def unnoted(store: Store, since: datetime) -> list[Delivery]:
    """Return what was sent since, once, of alerts that nobody has taken note of."""
    table, again = alert_delivery, alert_delivery.alias()
    told_again = exists().where(
        again.c.brand_id == table.c.brand_id,
        again.c.alert_id == table.c.alert_id,
        again.c.channel == table.c.channel,
        again.c.reminder,
    )
    statement = (
        select(table)
        .join(alert, and_(alert.c.brand_id == table.c.brand_id, alert.c.id == table.c.alert_id))
        .where(
            table.c.status == SENT,
            table.c.sent_at >= since,
            ~table.c.reminder,
            alert.c.acknowledged_at.is_(None),
            ~told_again,
        )
        .order_by(table.c.sent_at, table.c.alert_id, table.c.channel)
    )
    with store.read() as connection:
        return [_delivery(row) for row in connection.execute(statement).mappings()]


def add_reminders(store: Store, found: Sequence[Delivery]) -> None:
    """Record reminders; of an alert and a channel there is one at most."""
    with store.write() as connection:
        for one in found:
            insert_deliveries(connection, one.brand_id, [one])


def withdraw(store: Store, one: Delivery) -> None:
    """Take back what waits and is not wanted any more."""
    with store.write() as connection:
        connection.execute(
            delete(alert_delivery).where(*_is(one), alert_delivery.c.status == WAITING)
        )


def due(store: Store, now: datetime) -> list[Delivery]:
    """Return what is to be sent, the longest due first."""
    statement = (
        select(alert_delivery)
        .where(alert_delivery.c.status == WAITING, alert_delivery.c.due_at <= now)
        .order_by(alert_delivery.c.due_at, alert_delivery.c.alert_id, alert_delivery.c.channel)
    )
    with store.read() as connection:
        return [_delivery(row) for row in connection.execute(statement).mappings()]


def claim(store: Store, found: Sequence[Delivery], now: datetime) -> list[Delivery]:
    """Take deliveries to send them, before they are sent: nobody else does then.

    Returns:
        Those that were still waiting.
    """
    taken = []
    with store.write() as connection:
        for one in found:
            claimed = connection.execute(
                update(alert_delivery)
                .where(*_is(one), alert_delivery.c.status == WAITING)
                .values(status=SENDING, tried_at=now)
            )
            if claimed.rowcount:
                taken.append(one)
    return taken


def settle(
    store: Store,
    found: Sequence[Delivery],
    status: str,
    *,
    now: datetime,
    error: str | None = None,
    again_at: datetime | None = None,
) -> None:
    """Record what came of deliveries.

    Args:
        again_at: when one that still waits goes, at the earliest.
    """
    with store.write() as connection:
        for one in found:
            values: dict[str, Any] = {"status": status, "error": error}
            if status == SENT:
                values["sent_at"] = now
            if status in (WAITING, FAILED):
                values["tries"] = one.tries + 1
            if again_at is not None:
                values["due_at"] = again_at
            connection.execute(update(alert_delivery).where(*_is(one)).values(values))


def give_up_unsure(store: Store) -> int:
    """Mark what a run was sending when it was killed; it may have arrived, and is not sent again.

    Called by the one run there is, before it sends anything itself.
    """
    with store.write() as connection:
        return connection.execute(
            update(alert_delivery).where(alert_delivery.c.status == SENDING).values(status=UNSURE)
        ).rowcount


def _is(one: Delivery) -> tuple[Any, ...]:
    table = alert_delivery
    return (
        table.c.brand_id == one.brand_id,
        table.c.alert_id == one.alert_id,
        table.c.channel == one.channel,
        table.c.reminder == one.reminder,
    )


def _delivery(row: Any) -> Delivery:
    return Delivery(**{name: row[name] for name in Delivery.__slots__})
