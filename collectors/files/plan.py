"""What an import will do with a file, found out from its first rows before any is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from collectors.files.columns import Recognised, find_column, recognise
from collectors.files.dates import has_ambiguous, month_comes_first
from collectors.files.formats import Layout, detect_layout, open_table
from collectors.files.presets import TIME_FIELDS
from collectors.files.rows import RowReader
from collectors.files.table import Row, Table
from collectors.files.values import read_channel
from simak.errors import BadRecord, ConfigurationError

_SAMPLE_ROWS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the user said about a file; None is to be found out.

    Attributes:
        preset: name of a preset.
        mapping: field to column.
        brand_column: the column that holds the brand of each row.
        channel: of every row, whatever a column says.
        source: what `mention.source` is to be.
    """

    path: Path
    preset: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    brand_column: str | None = None
    channel: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a file will be read.

    Attributes:
        columns: as the first rows have them.
        month_first: how `3/5/2026` is meant.
        order_shown: whether the file shows that; None where no time is written so.
        sample: the first rows.
        problem: what ended the reading of the sample early.
    """

    layout: Layout
    columns: tuple[str, ...]
    recognised: Recognised
    brand_column: str | None
    source: str
    channel: str
    month_first: bool
    order_shown: bool | None
    sample: tuple[Row | BadRecord, ...]
    problem: ConfigurationError | None

    def reader(self, columns: Sequence[str], brand: str, warnings: Counter[str]) -> RowReader:
        """Return what turns the rows of a table with these columns into mentions."""
        return RowReader(
            columns,
            self.recognised,
            brand=brand,
            brand_column=self.brand_column,
            channel=self.channel,
            month_first=self.month_first,
            warnings=warnings,
        )


def make_plan(wishes: Wishes) -> Plan:
    """Look at a file.

    Raises:
        ConfigurationError: it cannot be read, has no rows or no column of texts, or a wish names
            what is not there; says what to do.
    """
    layout = detect_layout(wishes.path)
    sample: list[Row | BadRecord] = []
    problem = None
    with open_table(layout) as table:
        try:
            sample.extend(islice(table.rows, _SAMPLE_ROWS))
        except ConfigurationError as error:
            problem = error
        recognised = _recognise(table.columns, wishes)
        if not sample:
            raise problem or ConfigurationError(
                "there is a header and no row below it: export it again", path=wishes.path
            )
        if all(isinstance(row, BadRecord) for row in sample):
            raise _all_bad(sample, wishes.path)
        places = [
            table.columns.index(recognised.fields[name])
            for name in TIME_FIELDS
            if name in recognised.fields
        ]
        shown, month_first = day_order(table, places, sample)
    brand_column = wishes.brand_column
    return Plan(
        layout=layout,
        columns=tuple(table.columns),
        recognised=recognised,
        brand_column=brand_column and find_column(table.columns, brand_column, "--brand-column"),
        source=wishes.source or recognised.preset.source,
        channel=read_channel(wishes.channel or "") or recognised.preset.channel,
        month_first=month_first,
        order_shown=shown,
        sample=tuple(sample),
        problem=problem,
    )


def _all_bad(sample: Sequence[Row | BadRecord], path: Path) -> ConfigurationError:
    record = sample[0].record if isinstance(sample[0], BadRecord) else None
    line = record["line"] if isinstance(record, dict) else None
    return ConfigurationError(
        f"no row can be read; the first is {sample[0]}: export the file again, as CSV or XLSX",
        path=path,
        line=line,
    )


def _recognise(columns: Sequence[str], wishes: Wishes) -> Recognised:
    mapping = dict(wishes.mapping)
    if wishes.channel:
        mapping["channel"] = ""  # no column may contradict what was said
    try:
        return recognise(
            columns, preset=wishes.preset, mapping=mapping, brand_column=wishes.brand_column
        )
    except ConfigurationError as error:
        raise ConfigurationError(str(error), path=wishes.path) from error


def day_order(
    table: Table, places: Sequence[int], sample: Sequence[Row | BadRecord]
) -> tuple[bool | None, bool]:
    """Return whether the file shows the order of day and month, and whether the month is first.

    Files are often sorted, so that a thousand rows can hold the first days of a month only:
    where those show nothing, the rest of the file is searched for a number that does.

    Args:
        places: of the columns that hold times.
        sample: the first rows, which `table` has given already.
    """

    def times(rows: Sequence[Row | BadRecord]) -> Iterator[str]:
        for row in rows:
            if not isinstance(row, BadRecord):
                yield from (row[1][place] for place in places if place < len(row[1]))

    if not has_ambiguous(times(sample)):
        return (None if month_comes_first(times(sample)) is None else True), bool(
            month_comes_first(times(sample))
        )
    rows = sample
    while rows:
        found = month_comes_first(times(rows))
        if found is not None:
            return True, found
        try:
            rows = list(islice(table.rows, _SAMPLE_ROWS))
        except ConfigurationError:
            break  # said again when the rows are read
    return False, False
