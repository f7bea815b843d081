"""`simak serve-webhooks`."""

from __future__ import annotations

from collections.abc import Mapping

import click

from simak.cli.common import command, job_of, opened, privacy_of, put
from simak.errors import ConfigurationError
from simak.settings import Settings


@command("simak serve-webhooks --port 8700", name="serve-webhooks", owner=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8700, show_default=True, help="0 takes a free one.")
def serve_webhooks(settings: Settings, as_json: bool, host: str, port: int) -> None:
    """Receive what services send, until it is stopped; prints where each source is received.

    A delivery is answered once it is stored, also while another command is at work.
    """
    from collectors import runner
    from collectors.job import utc_now
    from collectors.sources.webhook import WebhookSource
    from collectors.webhooks.app import make_app
    from simak.http_server import listen, make_server

    made = (
        job_of(settings, entry).source
        for entry in settings.sources
        if entry.type == WebhookSource.source and entry.enabled is not False
    )
    sources = [source for source in made if isinstance(source, WebhookSource)]
    if not sources:
        raise ConfigurationError(
            'no [[source]] of type "webhook" in the settings: add one to simak.toml',
            path=settings.path,
        )
    privacy = privacy_of(settings)
    with opened(settings, durable=True) as store:
        app = make_app(
            sources,
            lambda source, page: runner.receive(store, source, page, privacy=privacy),
            now=utc_now,
        )
        with listen(host, port) as listening:
            bound = listening.getsockname()[1]
            shown = f"[{host}]" if ":" in host else host
            _put_addresses(
                {source.name: f"http://{shown}:{bound}{source.path}" for source in sources}, as_json
            )
            try:
                make_server(app).run(sockets=[listening])
            except KeyboardInterrupt:  # the server has come to its end by then
                click.echo("stopped", err=True)


def _put_addresses(addresses: Mapping[str, str], as_json: bool) -> None:
    if as_json:
        put(addresses)
    else:
        for name, address in addresses.items():
            click.echo(f"{name}: {address}")
