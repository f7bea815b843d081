"""`simak dashboard` and `simak serve-api`: what is served until it is stopped."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from simak.cli.common import command, opened, put
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


@command("simak serve-api --port 8800", name="serve-api", owner=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8800, show_default=True, help="0 takes a free one.")
def serve_api(settings: Settings, as_json: bool, host: str, port: int) -> None:
    """Serve what the `simak show` commands say as JSON, until it is stopped; prints its address.

    Read-only, and for programs with a token: `simak token add`. /v1/openapi.json describes it.
    """
    from api.app import make_app
    from simak.http_server import listen, make_server

    with opened(settings) as store:
        app = make_app(store, now=lambda: datetime.now(UTC))
        with listen(host, port) as listening:
            shown = f"[{host}]" if ":" in host else host
            address = f"http://{shown}:{listening.getsockname()[1]}/v1/"
            put({"address": address}) if as_json else click.echo(address)
            try:
                make_server(app).run(sockets=[listening])
            except KeyboardInterrupt:  # the server has come to its end by then
                click.echo("stopped", err=True)
