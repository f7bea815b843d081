"""Files of reviews, tweets, tickets and the like: CSV, TSV, JSONL and XLSX, also gzipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from collectors.files.columns import check_fields
from collectors.files.formats import open_table
from collectors.files.plan import Wishes, make_plan
from collectors.files.table import bad_row
from collectors.options import Options
from collectors.source import Context, Cursor, Facts, Page
from simak.errors import BadRecord, ConfigurationError
from simak.mention import RawMention
from simak.reasons import OTHER_CONTENT, ROW_REPEATED

PAGE_ROWS = 1_000

_TEXT_OPTIONS = ("preset", "brand_column", "channel", "source")


class FileSource:
    """One file, read whole at every run: importing it again changes nothing.

    Options:
        path: the file.
        preset, mapping, brand_column, channel, source: where they should not be found out; a
            mapping names the column of each field.

    Args:
        brand: of rows that do not say it themselves; may be "" with `brand_column`.

    Raises:
        ConfigurationError: an option is wrong, or the file cannot be read; says what to do.

    Example:
        >>> FileSource(
        ...     name="mei.csv", brand="Kopi Senja", options={"path": "mei.csv"}
        ... ).asks()  # doctest: +SKIP
        'mei.csv (csv, preset google_play_scraper)'
    """

    facts: ClassVar[Facts] = Facts(
        title="A file of reviews, posts or tickets: CSV, TSV, JSONL, XLSX, also gzipped",
        replies=True,
        own=True,
        handles=(
            "Format, encoding, separator, columns and dates are found out.",
            "A row whose id came before in the file with another text is kept for inspection.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        given = {key: value for key, value in options.items() if value is not None}
        self._plan = make_plan(_wishes(name, given))
        if not brand and not self._plan.brand_column:
            like = self._plan.recognised.brand_like
            hint = f" (column {like[0]!r} may hold it)" if like else ""
            raise ConfigurationError(
                f"whose mentions are these? Say --brand NAME or --brand-column COLUMN{hint}",
                path=self._plan.layout.path,
            )
        self.name, self.brand = name, brand
        self.source = self._plan.source

    def asks(self) -> str:
        """Name the file, its format and the preset."""
        layout = self._plan.layout
        return f"{layout.path.name} ({layout.format}, preset {self._plan.recognised.preset.name})"

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield the whole file, whatever the cursor: an import that was stopped is run again.

        Raises:
            ConfigurationError: the file ends early or is damaged; the pages before are good.
        """
        with open_table(self._plan.layout) as table:
            reader = self._plan.reader(table.columns, self.brand, table.warnings)
            batch = _Batch(table.warnings, self.brand)
            try:
                for row in table.rows:
                    if isinstance(row, BadRecord):
                        batch.reject(row)
                    else:
                        batch.add(row[0], reader.read(row))
                    if batch.rows >= PAGE_ROWS:
                        yield from batch.pages()
            except ConfigurationError:
                yield from batch.pages()
                raise
            yield from batch.pages()


class _Batch:
    """Gathers rows into pages, one a brand, and leaves out what came before in the file.

    Of what came before only hashes are kept, some 100 bytes a row.
    """

    def __init__(self, warnings: Counter[str], brand: str) -> None:
        self._seen: dict[int, int] = {}
        self._warnings, self._brand = warnings, brand
        self._start()

    def _start(self) -> None:
        self.rows = 0
        self._mentions: dict[str, list[RawMention]] = {}
        self._bad: list[BadRecord] = []
        self._duplicates = 0

    def reject(self, bad: BadRecord) -> None:
        """Take in what is no mention."""
        self.rows += 1
        self._bad.append(bad)

    def add(self, line: int, result: tuple[str, RawMention] | BadRecord) -> None:
        """Take in what became of one row."""
        if isinstance(result, BadRecord):
            self.reject(result)
            return
        self.rows += 1
        brand, mention = result
        key = hash((brand, mention.external_id))
        content = hash((mention.text, mention.title, mention.stars))
        before = self._seen.get(key)
        if before is None:
            self._seen[key] = content
            self._mentions.setdefault(brand, []).append(mention)
        elif before == content:
            self._duplicates += 1
        else:
            kept = {"id": mention.external_id, "stars": mention.stars, "text": mention.text}
            self._bad.append(bad_row(OTHER_CONTENT, line, kept))

    def pages(self) -> Iterator[Page]:
        """Yield what was gathered since the last time; remarks go with the first page."""
        skipped = {ROW_REPEATED: self._duplicates} if self._duplicates else {}
        warnings, bad = dict(self._warnings), tuple(self._bad)
        self._warnings.clear()
        for brand, mentions in self._mentions.items():
            yield Page(
                mentions=tuple(mentions),
                brand=None if brand == self._brand else brand,
                bad=bad,
                skipped=skipped,
                warnings=warnings,
            )
            bad, skipped, warnings = (), {}, {}
        if bad or skipped or warnings:
            yield Page(bad=bad, skipped=skipped, warnings=warnings)
        self._start()


def _wishes(name: str, given: Mapping[str, Any]) -> Wishes:
    options = Options(name, given, ("path", "mapping", *_TEXT_OPTIONS))
    mapping = given.get("mapping", {})
    if not isinstance(mapping, Mapping) or not all(
        isinstance(column, str) for column in mapping.values()
    ):
        raise ConfigurationError(
            f"source {name!r}: option 'mapping' must name a column for each field, such as "
            '{ text = "Isi", stars = "Nilai" }'
        )
    check_fields(mapping)
    return Wishes(
        path=Path(options.text("path")).expanduser(),
        mapping=mapping,
        **{key: options.text(key) for key in _TEXT_OPTIONS if key in given},
    )
