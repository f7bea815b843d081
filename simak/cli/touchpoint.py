"""`simak touchpoint …`: touchpoints of a brand's own, taught by examples."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simak.cli.common import command, own_texts, put, put_table
from simak.cli.examples import read_examples
from simak.own_touchpoints import (
    OwnTouchpoint,
    check_new_id,
    read_own,
    remove_own,
    taxonomy_of,
    write_own,
)
from simak.settings import Settings
from simak.taxonomy import FUNCTIONS, PHASES, Touchpoint

if TYPE_CHECKING:
    from models.adapt.teacher import Lesson

_MARKED_SHOWN = 8


@click.group()
def touchpoint() -> None:
    """Add touchpoints of your own, taught by a few examples."""


@command(
    "simak touchpoint add wallet --examples wallet.txt --name-id Dompet --name-en Wallet",
    owner=True,
)
@click.argument("id")
@click.option(
    "--examples",
    type=click.Path(path_type=Path),
    required=True,
    help="A text a line; or CSV or JSONL with text, and label 0 where it is not meant.",
)
@click.option("--name-id", help="Its name in Indonesian; in English, or the id, by default.")
@click.option("--name-en", help="Its name in English; in Indonesian, or the id, by default.")
@click.option("--phase", type=click.Choice(PHASES), default="transaction", show_default=True)
@click.option("--owner", type=click.Choice(FUNCTIONS), default="product", show_default=True)
def add(
    settings: Settings,
    as_json: bool,
    id: str,
    examples: Path,
    name_id: str | None,
    name_en: str | None,
    phase: str,
    owner: str,
) -> None:
    """Teach a touchpoint by 5 to 50 example texts, without training the model again.

    Says how well it can be expected to work, and which texts of your store it marks. Texts that
    you do not mean help most: put them into FILE with label 0, remove the touchpoint and add it
    again.
    """
    from models.adapt.teacher import Teacher
    from models.checkpoint import adaptable

    check_new_id(id, taxonomy_of(settings))
    package = adaptable(settings.model)
    given = read_examples(examples, raw=settings.keep_raw)
    teacher = Teacher(package, own_texts(settings), threads=settings.threads or None)
    lesson = teacher.teach(given)
    fallback = id.replace("_", " ").capitalize()
    made = Touchpoint(
        id,
        phase,
        owner,
        {"id": name_id or name_en or fallback, "en": name_en or name_id or fallback},
        {"id": f"Diajarkan dengan {len(given)} contoh", "en": f"Taught by {len(given)} examples"},
    )
    own = OwnTouchpoint(made, given, lesson.learned)
    write_own(settings.data, [*read_own(settings.data), own])
    if as_json:
        put(
            _record(own)
            | {"by_own": lesson.by_own, "texts": lesson.texts, "marked": list(lesson.marked)}
        )
    else:
        _put_lesson(own, lesson)


@command("simak touchpoint list", name="list")
def list_(settings: Settings, as_json: bool) -> None:
    """List the touchpoints taught, and how well each can be expected to work."""
    records = [_record(own) for own in read_own(settings.data)]
    if as_json:
        put(records)
    elif records:
        put_table(
            ("id", "name", "phase", "owner", "examples", "expected F1"),
            [
                record
                | {"name": record["name"][settings.language], "expected F1": _percent(record["f1"])}
                for record in records
            ],
        )
    else:
        click.echo("None are taught: simak touchpoint add ID --examples FILE")


@command("simak touchpoint remove wallet", owner=True)
@click.argument("id")
def remove(settings: Settings, as_json: bool, id: str) -> None:
    """Remove a touchpoint that was taught, with its examples."""
    remove_own(settings.data, id)
    if as_json:
        put({"removed": id})
    else:
        click.echo(f"{id} is removed. Now tag again: simak tag")


for _command in (add, list_, remove):
    touchpoint.add_command(_command)


def _record(own: OwnTouchpoint) -> dict[str, Any]:
    present = sum(example.present for example in own.examples)
    return {
        "id": own.touchpoint.id,
        "name": dict(own.touchpoint.names),
        "phase": own.touchpoint.phase,
        "owner": own.touchpoint.owner,
        "examples": present,
        "counter_examples": len(own.examples) - present,
        "f1": own.learned.get("f1"),
        "found": own.learned.get("found"),
        "model": own.learned.get("model"),
    }


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _put_lesson(own: OwnTouchpoint, lesson: Lesson) -> None:
    from models.adapt.touchpoint import SHARE

    id, learned = own.touchpoint.id, lesson.learned
    click.echo(
        f"{id} is taught: by cross-validation {learned['found']} of {learned['examples']} examples "
        "were found."
    )
    figure = _percent(learned["f1"])
    if lesson.by_own:
        click.echo(
            f"Expect an F1 of about {figure} or more where {_percent(SHARE)} of the texts speak of "
            "it: those of your store that do count as false alarms, for nobody has said so."
        )
    else:
        click.echo(
            f"Among texts of all kinds expect an F1 of about {figure}. Within one trade it can be "
            "far lower, and your store holds too few texts to learn what is usual there: import "
            "them, then remove the touchpoint and add it again."
        )
    whose = "other texts of your store" if lesson.by_own else "texts of all kinds"
    click.echo(f"Of {lesson.texts} {whose} it marks {len(lesson.marked)}", nl=False)
    click.echo(":" if lesson.marked else ".")
    for text in lesson.marked[:_MARKED_SHOWN]:
        click.echo(f"  · {' '.join(text.split())}")
    if lesson.marked:
        click.echo(
            "Where they are not what you mean, put such texts into the file with label 0, then: "
            f"simak touchpoint remove {id}, and add it again."
        )
    click.echo("Now tag again: simak tag")
