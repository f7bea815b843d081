"""`simak predict`: tags JSONL from standard input, without a store."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import islice

import click

from simak.cli.common import command, tagger_of
from simak.settings import Settings

_BATCH = 1_000


@command("""echo '{"id": "1", "text": "barang bagus, kirimnya lama"}' | simak predict""")
@click.option(
    "--model",
    help="A directory or a Hugging Face id, instead of the settings'; [model.labels] is its too.",
)
def predict(settings: Settings, as_json: bool, model: str | None) -> None:
    """Tag texts from standard input.

    One JSON object a line, {"id", "text"}, gives one line out: sentiment, complaint, touchpoints,
    signals, language, scores and evidence. A line that cannot be read is named on standard error
    and left out, and the exit code is 1. The output is JSON with and without --json.
    """
    tagger = tagger_of(settings, model)
    reader = _Reader()
    records = reader.read()
    while batch := list(islice(records, _BATCH)):
        for (id, _), tags in zip(batch, tagger.predict([text for _, text in batch]), strict=True):
            click.echo(json.dumps(tags.record(id), ensure_ascii=False))
    sys.exit(1 if reader.bad else 0)


class _Reader:
    """Reads (id, text) and counts what cannot be read."""

    bad = 0

    def read(self) -> Iterator[tuple[str, str]]:
        """Yield what standard input holds; the number of its line stands for a missing id."""
        for number, line in enumerate(sys.stdin.buffer, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                text = record["text"]
                if not isinstance(text, str):
                    raise TypeError("'text' is no string")
            except (ValueError, TypeError, KeyError) as error:
                self.bad += 1
                click.echo(
                    f'line {number}: not {{"id": …, "text": …}} ({error or "nothing there"})',
                    err=True,
                )
                continue
            yield str(record.get("id", number)), text
