"""`simak correct`: what people say of texts in place of what the model said."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from simak.cli.common import command, opened, put
from simak.errors import ConfigurationError
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings
from simak.tags import SENTIMENTS, SIGNALS, Tags, TouchpointTag
from store.corrections import correct as put_in_place
from store.lists import MentionRow, get_mentions


@command("simak correct corrections.jsonl --by ana")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", required=True, help="Who says so.")
def correct(settings: Settings, as_json: bool, file: Path, by: str) -> None:
    """Correct the tags of mentions, one a line of FILE.

    A line is {"id": 7, "sentiment": "neutral", "complaint": false, "touchpoints":
    {"delivery": "negative"}, "signals": ["no_reply"]}, the id that of `simak show mentions
    --json`. What a line does not name stays as it is shown. Nothing is written where any line is
    wrong.
    """
    known = set(taxonomy_of(settings).ids)
    lines = list(_lines(file))
    with opened(settings) as store:
        rows = {row.id: row for row in get_mentions(store, [record["id"] for _, record in lines])}
        said = []
        for number, record in lines:
            row = rows.get(record["id"])
            if row is None:
                raise _wrong(file, number, f"there is no mention {record['id']}")
            try:
                said.append((row.id, _tags(row, record, known)))
            except (TypeError, ValueError) as error:
                raise _wrong(file, number, str(error)) from error
        now = datetime.now(UTC)
        for id, tags in said:
            put_in_place(store, id, tags, by=by, now=now)
    if as_json:
        put({"corrected": len(said)})
    else:
        click.echo(f"{len(said)} corrected. To learn from it: simak train --with-corrections")


def _lines(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"it cannot be read: {error}", path=file) from error
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise _wrong(file, number, f"it is not JSON: {error}") from error
        id = record.get("id") if isinstance(record, dict) else None
        if not isinstance(id, int) or isinstance(id, bool) or not 0 < id < 2**31:
            raise _wrong(file, number, "it needs the id of a mention, a number")
        yield number, record


def _tags(row: MentionRow, record: Mapping[str, Any], known: set[str]) -> Tags:
    """Return what a line says of a mention.

    Raises:
        ValueError, TypeError: it says something that there is no word for.
    """
    shown = row.sentiment if row.sentiment in SENTIMENTS else None
    sentiment = record.get("sentiment", shown)
    if sentiment not in SENTIMENTS:
        raise ValueError(f"the sentiment {sentiment!r} is none of {', '.join(SENTIMENTS)}")
    complaint = record.get("complaint", row.complaint)
    if not isinstance(complaint, bool):
        raise TypeError(f"complaint is true or false, not {complaint!r}")
    touchpoints = record.get("touchpoints", {n: t.polarity for n, t in row.touchpoints.items()})
    if not isinstance(touchpoints, dict):
        raise TypeError('touchpoints are written {"delivery": "negative"}')
    for name, polarity in touchpoints.items():
        if name not in known:
            raise ValueError(f"there is no touchpoint {name!r}")
        if polarity not in SENTIMENTS:
            raise ValueError(f"the polarity {polarity!r} of {name} is none of the three sentiments")
    signals = record.get("signals", row.signals)
    if not isinstance(signals, list | tuple) or not set(signals) <= set(SIGNALS):
        raise ValueError(f"signals are a list of {', '.join(SIGNALS)}")
    named = {name: TouchpointTag(polarity) for name, polarity in touchpoints.items()}
    return Tags(sentiment, complaint, named, tuple(one for one in SIGNALS if one in signals))


def _wrong(file: Path, number: int, why: str) -> ConfigurationError:
    return ConfigurationError(why, path=file, line=number)
