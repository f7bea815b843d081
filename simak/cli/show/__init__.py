"""`simak show …`: the insights, and the mentions behind them; one module a command."""

from __future__ import annotations

import click

from simak.cli.show.copies import copies
from simak.cli.show.mentions import mentions
from simak.cli.show.reputation import reputation
from simak.cli.show.surveys import surveys
from simak.cli.show.touchpoints import touchpoints
from simak.cli.show.voice import voice


@click.group()
def show() -> None:
    """Show numbers with their intervals, and the mentions behind them."""


for _command in (reputation, touchpoints, surveys, voice, mentions, copies):
    show.add_command(_command)
