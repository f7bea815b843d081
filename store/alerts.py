"""What was told, what people have taken note of, and what they do not want to hear of."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from simak.errors import ConfigurationError
from store.deliveries import Delivery, deliveries_of, insert_deliveries
from store.engine import Store
from store.mentions import brand_id, known_brand
from store.tables import alert, alert_mention, alert_mute, brand

_ID_BYTES = 5
"""Of a brand's alerts two in a million years of days would share an id; the key is unique too."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that stood out.

    Attributes:
        id: short, to be typed; made of brand and key.
        key: kind, subject and first day: the same is never told twice of a brand.
        rule: the name of the first rule that it was found by.
        kind: one of `simak.alert_settings.KINDS`.
        subject: what it is of within its kind, such as `negative` words or a source.
        touchpoints: what it is about, the first most; "" are all mentions. Empty where it is of
            no mentions.
        since, until: its days, as far as they are known.
        facts: what was known when it was found.
        query: `store.address.listing` of its mentions; None where it is of none.
        mentions: ids of some of them, the most telling first.
    """

    brand: str
    key: str
    rule: str
    kind: str
    subject: str
    touchpoints: tuple[str, ...]
    since: date
    until: date
    facts: Mapping[str, Any]
    query: str | None
    found_at: datetime
    mentions: tuple[int, ...] = ()
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    deliveries: tuple[Delivery, ...] = ()

    @property
    def id(self) -> str:
        """The id."""
        return id_of(self.brand, self.key)


@dataclass(frozen=True, slots=True)
class Mute:
    """What is not sent for a while.

    Attributes:
        brand, kind, touchpoint: which alerts; None is any.
        until: the last day of it.
    """

    id: int
    brand: str | None
    kind: str | None
    touchpoint: str | None
    until: date
    muted_by: str
    muted_at: datetime

    def silences(self, found: Alert, today: date) -> bool:
        """Whether an alert is not to be sent today.

        Args:
            found: by its first touchpoint, which it is most about.
        """
        return (
            today <= self.until
            and self.brand in (None, found.brand)
            and self.kind in (None, found.kind)
            and self.touchpoint in (None, *found.touchpoints[:1])
        )


def id_of(brand: str, key: str) -> str:
    """Return the id of an alert.

    Example:
        >>> id_of("Senandika", "silent/berita/2026-05-01")
        '5d1d489bc7'
    """
    whole = f"{brand}\0{key}".encode()
    return hashlib.blake2b(whole, digest_size=_ID_BYTES).hexdigest()


def add_alert(store: Store, new: Alert) -> bool:
    """Put an alert on record, with its deliveries; the same once more changes nothing.

    Returns:
        Whether it is new.
    """
    dialect = sqlite if store.is_sqlite else postgresql
    with store.write() as connection:
        owner = brand_id(connection, new.brand)
        values = {
            name: getattr(new, name)
            for name in ("id", "key", "rule", "kind", "subject", "since", "until", "query")
        }
        added = connection.execute(
            dialect.insert(alert)
            .values(
                brand_id=owner,
                touchpoints=list(new.touchpoints),
                facts=dict(new.facts),
                found_at=new.found_at,
                **values,
            )
            .on_conflict_do_nothing()
        )
        if not added.rowcount:
            return False
        said = [
            {"brand_id": owner, "alert_id": new.id, "mention_id": id, "place": place}
            for place, id in enumerate(dict.fromkeys(new.mentions))
        ]
        if said:
            connection.execute(insert(alert_mention), said)
        insert_deliveries(connection, owner, new.deliveries)
    return True


def extend_alert(
    store: Store, known: Alert, *, until: date, touchpoints: Collection[str], more: bool
) -> None:
    """Take what goes on into an alert: it is told no second time.

    Args:
        until: its last day so far.
        touchpoints: that it is about by now.
        more: whether deliveries of `known` are new, to channels it has not gone to.
    """
    named = (*known.touchpoints, *(one for one in touchpoints if one not in known.touchpoints))
    with store.write() as connection:
        owner = known_brand(connection, known.brand)
        connection.execute(
            update(alert)
            .where(alert.c.brand_id == owner, alert.c.id == known.id)
            .values(until=max(until, known.until), touchpoints=list(named))
        )
        if more:
            insert_deliveries(connection, owner, known.deliveries)


def alerts(
    store: Store,
    brands: Sequence[str] = (),
    *,
    kind: str | None = None,
    since: date | None = None,
    limit: int | None = None,
) -> list[Alert]:
    """Return alerts, the latest found first.

    Args:
        brands: those of these alone; () is all.
        kind: those of one kind alone.
        since: those that went on that day or later alone.
    """
    statement = (
        select(brand.c.name.label("brand"), *alert.c)
        .join(brand, brand.c.id == alert.c.brand_id)
        .order_by(alert.c.found_at.desc(), brand.c.name, alert.c.key)
        .limit(limit)
    )
    if brands:
        statement = statement.where(brand.c.name.in_(brands))
    if kind is not None:
        statement = statement.where(alert.c.kind == kind)
    if since is not None:
        statement = statement.where(alert.c.until >= since)
    return _read(store, statement)


def find_alert(store: Store, id: str) -> Alert:
    """Return an alert.

    Raises:
        ConfigurationError: there is none of this id.
    """
    statement = (
        select(brand.c.name.label("brand"), *alert.c)
        .join(brand, brand.c.id == alert.c.brand_id)
        .where(alert.c.id == id)
    )
    found = _read(store, statement)
    if not found:
        raise ConfigurationError(f"there is no alert {id!r}: simak alert list")
    return found[0]


def acknowledge(store: Store, id: str, *, by: str, now: datetime) -> Alert:
    """Record that somebody has taken note of an alert; the first who did stays.

    Raises:
        ConfigurationError: there is none of this id.
    """
    known = find_alert(store, id)
    if known.acknowledged_at is not None:
        return known
    with store.write() as connection:
        owner = known_brand(connection, known.brand)
        connection.execute(
            update(alert)
            .where(alert.c.brand_id == owner, alert.c.id == id, alert.c.acknowledged_at.is_(None))
            .values(acknowledged_by=by, acknowledged_at=now)
        )
    return find_alert(store, id)


def mute(
    store: Store,
    *,
    brand: str | None = None,
    kind: str | None = None,
    touchpoint: str | None = None,
    until: date,
    by: str,
    now: datetime,
) -> Mute:
    """Send nothing of a brand, a kind, a touchpoint, or of all of them together, until a day.

    Raises:
        ConfigurationError: nothing of the brand is stored.
    """
    with store.write() as connection:
        owner = None if brand is None else known_brand(connection, brand)
        id = connection.execute(
            insert(alert_mute)
            .values(
                brand_id=owner,
                kind=kind or "",
                touchpoint=touchpoint or "",
                until=until,
                muted_by=by,
                muted_at=now,
            )
            .returning(alert_mute.c.id)
        ).scalar_one()
    return Mute(id, brand, kind, touchpoint, until, by, now)


def unmute(store: Store, id: int) -> None:
    """Take a mute back.

    Raises:
        ConfigurationError: there is none of this id.
    """
    with store.write() as connection:
        if not connection.execute(delete(alert_mute).where(alert_mute.c.id == id)).rowcount:
            raise ConfigurationError(f"there is no mute {id}: simak alert list")


def mutes(store: Store, today: date) -> list[Mute]:
    """Return what is muted on a day, the latest first."""
    statement = (
        select(brand.c.name.label("brand"), *(c for c in alert_mute.c if c.name != "brand_id"))
        .outerjoin(brand, brand.c.id == alert_mute.c.brand_id)
        .where(alert_mute.c.until >= today)
        .order_by(alert_mute.c.id.desc())
    )
    with store.read() as connection:
        return [
            Mute(**{**row, "kind": row["kind"] or None, "touchpoint": row["touchpoint"] or None})
            for row in connection.execute(statement).mappings()
        ]


def _read(store: Store, statement: Any) -> list[Alert]:
    with store.read() as connection:
        rows = connection.execute(statement).mappings().all()
        keys = [(row["brand_id"], row["id"]) for row in rows]
        said = _mentions(connection, keys)
        sent = deliveries_of(connection, keys)
    fields = Alert.__dataclass_fields__
    return [
        replace(
            Alert(
                **{
                    **{name: row[name] for name in row if name in fields},
                    "touchpoints": tuple(row["touchpoints"]),
                }
            ),
            mentions=tuple(said.get((row["brand_id"], row["id"]), ())),
            deliveries=tuple(sent.get((row["brand_id"], row["id"]), ())),
        )
        for row in rows
    ]


def _mentions(
    connection: Connection, keys: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], list[int]]:
    found: dict[tuple[int, str], list[int]] = {}
    table = alert_mention
    rows = connection.execute(
        select(table.c.brand_id, table.c.alert_id, table.c.mention_id)
        .where(table.c.alert_id.in_([id for _owner, id in keys]))
        .order_by(table.c.place)
    )
    for row in rows:
        found.setdefault((row.brand_id, row.alert_id), []).append(row.mention_id)
    return found
