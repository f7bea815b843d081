"""The `simak` command. The only part of `simak/` that imports the rest, one module a concern."""

from __future__ import annotations

import os
import sys

import click

from simak import __version__
from simak.cli import (
    action,
    alert,
    backup,
    brief,
    check,
    correct,
    db,
    evaluate,
    member,
    nightly,
    person,
    pipeline,
    predict,
    promise,
    query,
    schedule,
    serve,
    show,
    sources,
    themes,
    token,
    touchpoint,
    train,
    webhooks,
)
from simak.errors import SimakError


@click.group(context_settings={"max_content_width": 100})
@click.version_option(__version__, prog_name="simak")
def commands() -> None:
    """Listen closely: how a brand's reputation moves, and what is behind the complaints."""


for command in (
    pipeline.import_,
    pipeline.collect,
    pipeline.tag,
    themes.themes,
    nightly.nightly,
    schedule.schedule,
    sources.sources,
    pipeline.sample,
    query.query,
    promise.promise,
    action.action,
    alert.alert,
    predict.predict,
    evaluate.evaluate,
    show.show,
    brief.brief,
    correct.correct,
    touchpoint.touchpoint,
    train.train,
    serve.dashboard,
    serve.serve_api,
    webhooks.serve_webhooks,
    check.doctor,
    db.db,
    member.member,
    token.token,
    person.erase,
    person.disclose,
    backup.backup,
    backup.restore,
):
    commands.add_command(command)


def main() -> None:
    """Run a command; an error made on purpose is one line and exit code 1."""
    try:
        commands.main(standalone_mode=True)
    except SimakError as error:
        click.secho(f"simak: {error}", fg="red", err=True)
        sys.exit(1)
    except BrokenPipeError:  # `simak … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
