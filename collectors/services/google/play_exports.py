"""The Play Console's monthly exports of reviews: `reviews_PACKAGE_YYYYMM.csv`, UTF-16.

They hold what the API does not: all months, the first time of an edited review, and stars without
a text. Google builds them anew every day, and a review edited later comes again in a later month.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b, file_digest
from pathlib import Path

from collectors.failures import combined
from collectors.files.columns import recognise
from collectors.files.formats import detect_layout, open_table
from collectors.files.rows import RowReader
from collectors.places import State, Step
from collectors.source import Page
from simak.errors import BadRecord, ConfigurationError, SimakError
from simak.mention import RawMention
from simak.reasons import DUPLICATE, ROW_REPEATED

PRESET = "google_play_console"
PAGE_ROWS = 1_000

_NAME = re.compile(r"reviews_(?P<package>[\w.]+)_(?P<month>\d{6})\.csv(?:\.gz)?")
# Without them reviews would get other ids, and be stored twice.
_NEEDED = ("Review Link", "Review Submit Date and Time")
_ROWS = "rows"


class Exports:
    """Reads the exports that changed since the last run, the newest month first.

    Args:
        paths: files, and folders of which the files named as Google names them are read.
        packages: of a folder, the files of these alone; empty for all.
        brand: what the rows are about.

    Example:
        >>> list(Exports([Path("unduhan")], (), "Senandika").read({}, ()))  # doctest: +SKIP
        [Step(...)]
    """

    def __init__(self, paths: Collection[Path], packages: Collection[str], brand: str) -> None:
        self._paths, self._packages, self._brand = paths, packages, brand

    def read(self, state: State, known: Mapping[str, float]) -> Iterator[Step]:
        """Yield the rows of every file that is not as the last run read it.

        A row is left out where a newer file, or a later row of its own, holds the same review.

        Args:
            state: where the last run stood.
            known: id to the time, epoch seconds, of what the API gave last, which knows it
                better than an export that is no newer.

        Raises:
            ConfigurationError: there is no file, or one cannot be read; the others were read.
        """
        prints = {str(path): _print(path) for path in self._files()}
        done = {name: seen for name, seen in state.get("files", {}).items()
                if prints.get(name) == seen}  # fmt: skip
        todo = [name for name in prints if name not in done]
        if not todo:
            note = "the exports have not changed since the last run"
            yield Step(page=Page(notes=(note,)), state={"files": done}, done=True)
            return
        newer: set[int] = set()
        errors: list[SimakError] = []
        for name in prints:
            if name not in todo:
                if todo:
                    newer |= _Export(Path(name), self._brand).latest().keys()
                continue
            todo.remove(name)
            at = {"file": name, "print": prints[name]}
            stood = state.get("at", {})
            start = stood[_ROWS] if stood.items() >= at.items() else 0
            try:
                export = _Export(Path(name), self._brand)
                latest = export.latest()
                for page, rows, is_last in export.pages(latest, newer, known, start):
                    if is_last:
                        done[name] = prints[name]
                        yield Step(page=page, state={"files": dict(done)}, done=not todo)
                    else:
                        yield Step(
                            page=page, state={"files": dict(done), "at": {**at, _ROWS: rows}}
                        )
            except ConfigurationError as error:
                errors.append(error)
                continue
            newer |= latest.keys()
        if errors:
            raise combined(errors)

    def _files(self) -> list[Path]:
        """The files, the newest month first."""
        found: dict[Path, str] = {}
        for path in self._paths:
            if not path.is_dir():
                name = _NAME.fullmatch(path.name)
                found[path] = name["month"] if name else ""
                continue
            named = [(_NAME.fullmatch(one.name), one) for one in sorted(path.iterdir())]
            months = {
                one: name["month"]
                for name, one in named
                if name and (not self._packages or name["package"] in self._packages)
            }
            if not months:
                raise ConfigurationError(
                    "holds no file named reviews_PACKAGE_YYYYMM.csv: download them in the Play "
                    "Console (Download reports, Reviews)",
                    path=path,
                )
            found |= months
        return sorted(found, key=lambda path: (found[path], str(path)), reverse=True)


def _print(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return file_digest(stream, lambda: blake2b(digest_size=16)).hexdigest()
    except OSError as error:
        raise ConfigurationError(f"cannot be read ({error.strerror})", path=path) from error


@dataclass(slots=True)
class _Gathered:
    """A page in the making."""

    mentions: list[RawMention] = field(default_factory=list)
    bad: list[BadRecord] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    notes: tuple[str, ...] = ()

    def page(self, warnings: Counter[str]) -> Page:
        page = Page(
            mentions=tuple(self.mentions),
            bad=tuple(self.bad),
            skipped=dict(self.skipped),
            warnings=dict(warnings),
            notes=self.notes,
        )
        warnings.clear()
        return page


def _time(row: RawMention) -> float:
    """When it was last written, epoch seconds; 0 where that is not known."""
    at = row.edited_at or row.published_at
    return at.timestamp() if at else 0.0


class _Export:
    """One file."""

    def __init__(self, path: Path, brand: str) -> None:
        self._path, self._brand = path, brand

    def latest(self) -> dict[int, int]:
        """Return the line of the latest row of each review, by the hash of its id.

        Some 100 bytes a row are kept.

        Raises:
            ConfigurationError: the file cannot be read, or not one row of it.
        """
        lines: dict[int, tuple[float, int]] = {}
        bad = None
        with self._rows() as (rows, _):
            for line, row in rows:
                if isinstance(row, BadRecord):
                    bad = bad or row
                    continue
                name, order = hash(row.external_id), (_time(row), line)
                lines[name] = max(lines.get(name, order), order)
        if bad and not lines:
            raise ConfigurationError(
                f"no row can be read; the first is {bad}: download the export again",
                path=self._path,
            )
        return {name: line for name, (_, line) in lines.items()}

    def pages(
        self,
        latest: dict[int, int],
        newer: Collection[int],
        known: Mapping[str, float],
        start: int,
    ) -> Iterator[tuple[Page, int, bool]]:
        """Yield pages, each with the rows read so far, and whether it is the last.

        Args:
            latest: as `latest` says.
            newer: hashes of the ids in newer files.
            known: as `Exports.read` is given it.
            start: rows that an earlier run has read.
        """
        now, number = _Gathered(), 0
        with self._rows() as (rows, warnings):
            for number, (line, row) in enumerate(rows, start=1):
                if number <= start:
                    warnings.clear()
                    continue
                if (number - 1 - start) % PAGE_ROWS == 0 and number - 1 > start:
                    yield now.page(warnings), number - 1, False
                    now = _Gathered()
                if isinstance(row, BadRecord):
                    now.bad.append(row)
                elif latest[hash(row.external_id)] != line or hash(row.external_id) in newer:
                    now.skipped[ROW_REPEATED] += 1
                elif _time(row) <= known.get(row.external_id, -1.0):
                    now.skipped[DUPLICATE] += 1
                else:
                    now.mentions.append(row)
            if not number:
                now.notes = (f"{self._path.name} holds no review",)
            yield now.page(warnings), number, True

    @contextmanager
    def _rows(self) -> Iterator[tuple[Iterator[tuple[int, RawMention | BadRecord]], Counter[str]]]:
        """Open the file; yield its rows with their lines, and remarks on those read so far."""
        with open_table(detect_layout(self._path)) as table:
            recognised = recognise(table.columns)
            needed = {*recognised.preset.id_columns, *_NEEDED}
            if recognised.preset.name != PRESET or not needed <= set(table.columns):
                raise ConfigurationError(
                    "this is no export of reviews of the Play Console: its columns are others",
                    path=self._path,
                )
            reader = RowReader(
                table.columns,
                recognised,
                brand=self._brand,
                brand_column=None,
                channel=recognised.preset.channel,
                month_first=False,
                warnings=table.warnings,
            )

            def read() -> Iterator[tuple[int, RawMention | BadRecord]]:
                for row in table.rows:
                    if isinstance(row, BadRecord):
                        yield 0, row
                        continue
                    result = reader.read(row)
                    yield row[0], result if isinstance(result, BadRecord) else result[1]

            yield read(), table.warnings
