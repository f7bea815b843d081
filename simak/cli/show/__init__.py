"""`simak show …`: the insights, and the mentions behind them; one module a command."""

from __future__ import annotations

import click

from simak.cli.show.actions import actions
from simak.cli.show.causes import causes
from simak.cli.show.consistency import consistency
from simak.cli.show.copies import copies
from simak.cli.show.drivers import drivers
from simak.cli.show.journey import journey
from simak.cli.show.mentions import mentions
from simak.cli.show.promises import promises
from simak.cli.show.reputation import reputation
from simak.cli.show.response import response
from simak.cli.show.segments import segments
from simak.cli.show.signals import signals
from simak.cli.show.similar import similar
from simak.cli.show.spikes import spikes
from simak.cli.show.surveys import surveys
from simak.cli.show.themes import themes
from simak.cli.show.touchpoints import touchpoints
from simak.cli.show.voice import voice


@click.group()
def show() -> None:
    """Show numbers with their intervals, and the mentions behind them."""


for _command in (
    reputation,
    touchpoints,
    journey,
    drivers,
    spikes,
    themes,
    signals,
    segments,
    causes,
    consistency,
    response,
    promises,
    surveys,
    voice,
    actions,
    mentions,
    similar,
    copies,
):
    show.add_command(_command)
