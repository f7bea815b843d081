"""`simak train`: the model learns from people's corrections."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import click

from simak.cli.common import command, opened, put, put_table
from simak.errors import ConfigurationError
from simak.settings import Settings
from store.texts import corrected_texts

if TYPE_CHECKING:
    from models.adapt.retrain import Outcome, Verdict


@command("simak train --with-corrections", owner=True)
@click.option("--with-corrections", is_flag=True, help="Learn from the corrections in the store.")
@click.option("--reset", is_flag=True, help="Forget what was learned from corrections instead.")
def train(settings: Settings, as_json: bool, with_corrections: bool, reset: bool) -> None:
    """Let the model learn from people's corrections; its encoder stays as it is.

    New heads and those in use are compared on texts that neither has learned from: the check set
    that ships with Simak, and a fifth of the corrections. A new head is used where it is no worse
    on the check set and better on the corrections.
    """
    from models.adapt.heads import remove_heads

    if reset:
        removed = remove_heads(settings.data)
        if as_json:
            put({"reset": removed})
        elif removed:
            click.echo("The shipped heads are in use again. Now tag again: simak tag")
        else:
            click.echo("Nothing was learned from corrections: the shipped heads are in use.")
    elif with_corrections:
        outcome = _retrain(settings)
        if as_json:
            put(_record(outcome))
        else:
            _put_outcome(outcome)
    else:
        raise ConfigurationError("say what to learn from: simak train --with-corrections")


def _retrain(settings: Settings) -> Outcome:
    from models.adapt.retrain import retrain
    from models.checkpoint import adaptable
    from models.evaluation.sets import check_set

    package = adaptable(settings.model)
    with opened(settings) as store:
        corrections = corrected_texts(store)
    return retrain(
        package, settings.data, corrections, check_set().rows, threads=settings.threads or None
    )


def _record(outcome: Outcome) -> dict[str, object]:
    return {
        "learned": outcome.learned,
        "held_out": outcome.held_out,
        "check": outcome.check,
        "heads": {
            one.head: {
                "contradicted": one.contradicted,
                "chance": one.chance,
                "check": {"before": one.check_before, "after": one.check_after},
                "corrections": {"before": one.own_before, "after": one.own_after},
                "kept": one.kept,
            }
            for one in outcome.verdicts
        },
    }


def _put_outcome(outcome: Outcome) -> None:
    from models.evaluation.names import HEADS

    click.echo(
        f"Learned from {outcome.learned} corrected texts. Measured on the {outcome.check} texts of "
        f"the check set and on {outcome.held_out} corrections that were held out, in percent:\n"
    )
    columns = ("", "contradicted", "check set", "corrections", "new head")
    put_table(
        columns,
        [
            dict(
                zip(
                    columns,
                    (
                        HEADS[one.head],
                        one.contradicted,
                        _change(one.check_before, one.check_after),
                        _change(one.own_before, one.own_after),
                        _said(one),
                    ),
                    strict=True,
                )
            )
            for one in outcome.verdicts
        ],
    )
    if any(one.kept for one in outcome.verdicts):
        click.echo("\nNow tag again: simak tag. To go back: simak train --reset")
    else:
        click.echo("\nNothing was changed.")


def _said(verdict: Verdict) -> str:
    if not verdict.contradicted:
        return "none: nobody contradicts it"
    if verdict.harms:
        return "refused: worse on the check set"
    if not verdict.helps:
        return "refused: no better on the corrections"
    return "in use" if verdict.kept else "refused: may be chance, correct more"


def _change(before: float, after: float) -> str:
    return f"{_percent(before)} → {_percent(after)}"


def _percent(figure: float) -> str:
    return "–" if math.isnan(figure) else f"{100 * figure:.1f}"
