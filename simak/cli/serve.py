"""`simak dashboard`."""

from __future__ import annotations

import sys

import click

from simak.cli.common import command, opened
from simak.settings import Settings


@command("simak dashboard --port 8600", owner=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8501, show_default=True)
def dashboard(settings: Settings, as_json: bool, host: str, port: int) -> None:
    """Serve the dashboard until it is stopped; prints its address.

    Other machines reach it at another --host, once [login] in the settings says how members log in.
    """
    from dashboard import launch

    with opened(settings):
        pass  # what is wrong with the settings or the store is said here, not in a browser
    sys.exit(launch.main(host, port, settings.login))
