"""`simak alert …`: what stood out, who took note of it, what is muted, where it goes."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

from simak.alert_settings import KINDS
from simak.cli.common import command, opened, put
from simak.cli.promise import check_touchpoint
from simak.cli.show.common import Day
from simak.errors import ConfigurationError, SimakError
from simak.settings import Settings

if TYPE_CHECKING:
    from alerts.run import AlertRun
    from store.alerts import Alert, Mute
    from store.engine import Store


@click.group()
def alert() -> None:
    """What a team should hear of without looking: rules and channels are docs/alerts.md."""


@command("simak alert run", owner=True)
def run(settings: Settings, as_json: bool) -> None:
    """Look for what stands out and send what is due; `simak nightly` does the same at its end.

    Run it every ten minutes where there are quiet hours or digests: what waits goes with the next
    run. Exit code 1: a channel failed.
    """
    from alerts.run import run_alerts

    with opened(settings) as store:
        done = run_alerts(store, settings)
        if as_json:
            put({"alerts": [_plain(store, settings, one) for one in done.alerts],
                 "reminded": done.reminded, "delivered": done.delivered})  # fmt: skip
        else:
            put_run(store, settings, done)
    sys.exit(1 if done.delivered.failed else 0)


@command("simak alert list", name="list")
@click.option("--brand", help="Those of one brand alone.")
@click.option("--open", "unseen", is_flag=True, help="Those nobody has taken note of.")
@click.option("--limit", default=50, show_default=True, help="At most so many, the latest.")
def list_(settings: Settings, as_json: bool, brand: str | None, unseen: bool, limit: int) -> None:
    """List the alerts, the latest first, with where they went."""
    from store.alerts import alerts, mutes

    with opened(settings) as store:
        found = alerts(store, (brand,) if brand else ())
        found = [one for one in found if not (unseen and one.acknowledged_at)][:limit]
        rows = [_plain(store, settings, one) for one in found]
        silenced = mutes(store, datetime.now(store.zone).date())
    if as_json:
        put({"alerts": rows, "mutes": silenced})
        return
    if not rows:
        click.echo("No alert is on record: simak alert run")
    for one in rows:
        _put_alert(one)
    for quiet in silenced:
        click.echo(f"mute {quiet.id}: {_muted(quiet)}")


@command("simak alert ack 3f9a2c10de --by Rina")
@click.argument("id")
@click.option("--by", required=True, help="Who takes note of it.")
def ack(settings: Settings, as_json: bool, id: str, by: str) -> None:
    """Take note of an alert."""
    from store.alerts import acknowledge

    with opened(settings) as store:
        known = acknowledge(store, id, by=by, now=datetime.now(UTC))
        if as_json:
            put(_plain(store, settings, known))
        else:
            click.echo(f"Alert {id}: {known.acknowledged_by} has taken note of it.")


@command("simak alert mute --touchpoint delivery --until 2026-12-31 --by Rina")
@click.option("--brand", help="Of one brand; of all by default.")
@click.option("--kind", type=click.Choice(KINDS), help="Of one kind; of all by default.")
@click.option("--touchpoint", help="What is mostly about it; about anything by default.")
@click.option("--until", type=Day(), help="The last day.")
@click.option("--by", help="Who mutes it.")
@click.option("--remove", type=int, metavar="ID", help="Take a mute back instead.")
def mute(
    settings: Settings,
    as_json: bool,
    brand: str | None,
    kind: str | None,
    touchpoint: str | None,
    until: date | None,
    by: str | None,
    remove: int | None,
) -> None:
    """Send nothing of a brand, kind or touchpoint until a day; it is on record all the same."""
    from store.alerts import mute as silence
    from store.alerts import unmute

    with opened(settings) as store:
        if remove is not None:
            unmute(store, remove)
            put({"removed": remove}) if as_json else click.echo(f"Mute {remove} is taken back.")
            return
        if not (brand or kind or touchpoint):
            raise ConfigurationError("name a --brand, --kind or --touchpoint to mute")
        if until is None or by is None:
            raise ConfigurationError("say --until which day, and --by whom")
        if touchpoint is not None:
            check_touchpoint(settings, touchpoint)
        made = silence(
            store, brand=brand, kind=kind, touchpoint=touchpoint, until=until, by=by,
            now=datetime.now(UTC),
        )  # fmt: skip
    put(made) if as_json else click.echo(f"Mute {made.id}: {_muted(made)}")


@command("simak alert test slack", owner=True)
@click.argument("channel")
def test(settings: Settings, as_json: bool, channel: str) -> None:
    """Send a test message to a channel."""
    from alerts.delivering import channel_of
    from alerts.messages import test_message
    from alerts.sending import send

    address = channel_of(settings, channel).address()
    try:
        send(address, test_message(settings, channel))
    except SimakError as error:
        raise type(error)(f"channel {channel!r}: {error}") from None
    put({"sent": channel}) if as_json else click.echo(f"A test message went to {channel}.")


def put_run(store: Store, settings: Settings, done: AlertRun) -> None:
    """Print what a run brought."""
    for one in done.alerts:
        _put_alert(_plain(store, settings, one))
    sent = done.delivered
    again = f", {done.reminded} told again" if done.reminded else ""
    click.echo(f"{len(done.alerts)} new alerts{again}, {sent.sent} sent, {sent.muted} muted")
    if sent.unsure:
        click.secho(
            f"{sent.unsure} were being sent when a run was killed, and may not have arrived: "
            "simak alert list",
            fg="red",
            err=True,
        )
    for name, why in sent.failed.items():
        click.secho(f"channel {name}: {why}", fg="red", err=True)


def _plain(store: Store, settings: Settings, one: Alert) -> dict[str, Any]:
    from alerts.messages import language_of, link_of, verbatims
    from alerts.sentences import told

    language = language_of(settings)
    said = told(one, language, store.zone)
    return {
        "id": one.id,
        "brand": one.brand,
        "kind": one.kind,
        "rule": one.rule,
        "key": one.key,
        "touchpoints": one.touchpoints,
        "since": one.since,
        "until": one.until,
        "found_at": one.found_at,
        "title": said.title,
        "sentences": said.sentences,
        "link": link_of(settings, one, language.code),
        "verbatims": [row.text for row in verbatims(store, one)],
        "acknowledged_by": one.acknowledged_by,
        "deliveries": one.deliveries,
    }


def _put_alert(one: dict[str, Any]) -> None:
    state = f"noted by {one['acknowledged_by']}" if one["acknowledged_by"] else "open"
    click.secho(f"{one['id']}  {one['title']}", bold=True)
    click.echo(f"  {one['kind']}, {one['since']} to {one['until']}, {state}")
    for sentence in one["sentences"]:
        click.echo(f"  {sentence}")
    for text in one["verbatims"]:
        click.echo(f"  “{' '.join(text.split())[:200]}”")
    if one["link"]:
        click.echo(f"  {one['link']}")
    for sent in one["deliveries"]:
        error = f": {sent.error}" if sent.error else ""
        again = ", reminder" if sent.reminder else ""
        click.echo(f"  {sent.channel}{again}: {sent.status}{error}")


def _muted(one: Mute) -> str:
    parts = (one.brand, one.kind, one.touchpoint)
    return f"{', '.join(filter(None, parts))} until {one.until}, by {one.muted_by}"


for _command in (run, list_, ack, mute, test):
    alert.add_command(_command)
