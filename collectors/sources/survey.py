"""Survey answers (NPS, CSAT, CES) and monthly customer counts, from the files they are kept in."""

from __future__ import annotations

import glob
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from collectors.files.formats import Layout, detect_layout, open_table
from collectors.files.plan import day_order
from collectors.files.table import Row, Table
from collectors.options import Options
from collectors.places import State, Step, walk
from collectors.source import Context, Cursor, Facts, Page
from collectors.survey.columns import Columns, asked_of, recognise
from collectors.survey.rows import Batch, RowReader, touchpoint_names
from simak.errors import BadRecord, ConfigurationError

PAGE_ROWS = 1_000

_SAMPLE_ROWS = 1_000
_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".jsonl", ".ndjson")
_NAMED = 8
"""Columns that are not read are named in the run's notes, up to so many."""


class SurveySource:
    """Files of answers and of customer counts, told apart by their columns.

    A file has one score a row with its metric (`metric`, `score`), or a column for each metric.
    Rows without an id are known by their content and time; two that are alike are two customers,
    and a row that another file has too is the same one. An id of a few digits counts together
    with its day, as files number their rows anew.

    Options:
        path: a file, a pattern such as `survei/*.csv`, or a folder, whose CSV, TSV, JSONL and
            XLSX files are read, also gzipped ones.
        metric: `nps`, `csat` or `ces`, where the files do not say it.
        scale: lowest and highest answer by metric, such as `{ csat = [1, 7] }`; `[1, 7]` where
            `metric` is set. NPS is 0 to 10, CSAT 1 to 5, CES 1 to 7 where nothing is said.
        lower_is_better: metrics whose low scores are good, such as `["ces"]` where customers
            were asked how much effort it took.
        mapping: field to column, where names do not tell: nps, csat, ces, id, score, metric,
            comment, time, channel, segment, touchpoint; month, start, new, lost.
        touchpoints: what the files call a touchpoint, to its id: `{ "Kasir" = "payment" }`.
            Ids and names of the taxonomy are known.

    Cursor:
        `places`: for each file a hash of its content and of how it is read, the pages stored,
        and whether that was all. A file that has not changed is not read again.

    Raises:
        ConfigurationError: an option is wrong; names it.

    Example:
        >>> SurveySource(name="nps", brand="Kopi Senja", options={"path": "survei"}).asks()
        'survey answers and customer counts in survei'
    """

    source = "survey"
    facts: ClassVar[Facts] = Facts(
        title="Survey answers (NPS, CSAT, CES) and monthly customer counts, from files",
        own=True,
        handles=(
            "Answers and customer counts are told apart by their columns, in Indonesian or "
            "English.",
            "A file with a column for each metric gives an answer for each, and one comment.",
            "Scales and their direction are kept with every answer; a score outside its scale is "
            "kept for inspection.",
            "A touchpoint that is not known is not lost: its row is kept for inspection.",
            "Rows without an id get one from their content, so that a file read again changes "
            "nothing.",
            "Files that have not changed are not read again; a run that was stopped goes on "
            "within a file.",
            "The two extra header rows of Qualtrics are passed over.",
            "A month with more customers lost than there were is kept for inspection.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        given = {key: value for key, value in options.items() if value is not None}
        asked = ("metric", "scale", "lower_is_better", "mapping", "touchpoints")
        known = Options(name, given, ("path", *asked))
        self.name, self.brand = name, brand
        self._path = known.text("path")
        self._asked = asked_of(name, given, known)

    def asks(self) -> str:
        """Name the file, pattern or folder."""
        return f"survey answers and customer counts in {self._path}"

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield what the files hold that have changed since the cursor.

        Raises:
            ConfigurationError: there is no file, or one cannot be read; the others were.
        """
        places = {path.as_posix(): partial(self._file, path, context) for path in self._files()}
        empty = True
        for page in walk(cursor, context, places, one_service=False):
            empty = False
            yield page
        if empty:
            yield Page(cursor=cursor, notes=("no file has changed since the last run",))

    def _files(self) -> list[Path]:
        path = Path(self._path).expanduser()
        if path.is_file():
            return [path]
        if path.is_dir():
            try:
                found = [one for one in path.iterdir() if _is_table(one)]
            except OSError as error:
                raise ConfigurationError(f"cannot be read: {error}", path=path) from error
            what = "no CSV, TSV, JSONL or XLSX file in this folder"
        else:
            found = [Path(one) for one in glob.glob(str(path))]  # noqa: PTH207, an absolute one too
            found = [one for one in found if one.is_file()]
            what = "there is no such file"
        if not found:
            raise ConfigurationError(f"{what}: export the survey there, or correct path", path=path)
        return sorted(found)

    def _file(self, path: Path, context: Context, state: State) -> Iterator[Step]:
        touchpoints = touchpoint_names(context.taxonomy(), self._asked)
        digest = _digest(path, self._asked.key() + repr(sorted(touchpoints.items())))
        stored = state.get("pages", 0) if state.get("digest") == digest else 0
        if stored and state.get("done"):
            return
        layout = detect_layout(path)
        found, month_first, below = self._look(layout)
        warnings: Counter[str] = Counter()
        pages = good = 0
        with open_table(layout) as table:
            reader = RowReader(
                table.columns,
                found,
                self._asked,
                file=path.name,
                touchpoints=touchpoints,
                month_first=month_first,
                warnings=warnings,
            )
            batch = Batch()

            def step(done: bool) -> Iterator[Step]:
                nonlocal pages, good, batch
                pages, good = pages + 1, good + batch.good
                if done and not good:
                    raise _none_good(batch, path)
                if pages > stored:
                    page = Page(
                        mentions=tuple(batch.mentions),
                        answers=tuple(batch.answers),
                        customers=tuple(batch.customers),
                        bad=tuple(batch.bad),
                        skipped=batch.skipped,
                        warnings=warnings + table.warnings,
                        notes=_notes(path, found) if pages == 1 else (),
                    )
                    at = {"digest": digest, "pages": pages, "done": done}
                    yield Step(page=page, state=at, done=done)
                warnings.clear()
                table.warnings.clear()
                batch = Batch()

            try:
                for row in _below(table, below):
                    if batch.rows >= PAGE_ROWS:
                        yield from step(False)
                    batch.rows += 1
                    if isinstance(row, BadRecord):
                        batch.bad.append(row)
                    else:
                        reader.read(row, batch)
            except ConfigurationError:
                if batch.good:
                    yield from step(False)
                raise
            yield from step(True)

    def _look(self, layout: Layout) -> tuple[Columns, bool, int]:
        """Return what the columns are, whether months come first, and where the rows begin."""
        sample: list[Row | BadRecord] = []
        with open_table(layout) as table:
            with suppress(ConfigurationError):  # said again when the rows are read
                sample.extend(islice(table.rows, _SAMPLE_ROWS))
            try:
                found = recognise(table.columns, self._asked)
            except ConfigurationError as error:
                raise ConfigurationError(str(error), path=layout.path) from error
            name = found.fields.get("month" if found.counts else "time")
            places = [table.columns.index(name)] if name else []
            _, month_first = day_order(table, places, sample)
        return found, month_first, _last_header(sample)


def _is_table(path: Path) -> bool:
    name = path.name.lower().removesuffix(".gz")
    hidden = name.startswith((".", "~$"))  # "~$…" is what Excel keeps beside an open workbook
    return name.endswith(_ENDINGS) and not hidden and path.is_file()


def _digest(path: Path, how: str) -> str:
    try:
        with path.open("rb") as file:
            read = hashlib.file_digest(file, partial(hashlib.blake2b, digest_size=16))
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error}", path=path) from error
    read.update(how.encode("utf-8", "replace"))
    return read.hexdigest()


def _last_header(sample: list[Row | BadRecord]) -> int:
    """Return the line of Qualtrics' third header row, 0 in other files."""
    for row in sample[:2]:
        if not isinstance(row, BadRecord) and any(v.startswith('{"ImportId"') for v in row[1]):
            return row[0]
    return 0


def _below(table: Table, line: int) -> Iterator[Row | BadRecord]:
    for row in table.rows:
        if isinstance(row, BadRecord) or row[0] > line:
            yield row


def _none_good(batch: Batch, path: Path) -> ConfigurationError:
    if not batch.rows:
        return ConfigurationError(
            "there is a header and no row below it: export it again", path=path
        )
    if not batch.bad:
        return ConfigurationError("no row of it can be used", path=path)
    first = batch.bad[0]
    record = first.record if isinstance(first.record, Mapping) else {}
    return ConfigurationError(
        f"no row can be used; of the first it is said: {first}. Correct it, or say in the settings "
        "how it is to be read (metric, scale, mapping, touchpoints)",
        path=path,
        line=record.get("line"),
    )


def _notes(path: Path, found: Columns) -> tuple[str, ...]:
    if not found.left_out:
        return ()
    named = ", ".join(repr(name[:60]) for name in found.left_out[:_NAMED])
    more = len(found.left_out) - _NAMED
    return (f"{path.name}: columns not read: {named}" + (f" and {more} more" if more > 0 else ""),)
