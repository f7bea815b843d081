"""Files that a service exports for its user: read whole at every run, page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b, file_digest
from itertools import islice
from pathlib import Path
from typing import TypeVar

from collectors.source import Cursor, Page
from simak.errors import BadRecord, ConfigurationError, SourceChanged
from simak.mention import RawMention

PAGE_RECORDS = 1_000

Record = TypeVar("Record")


def stamp(path: Path) -> str:
    """Return what tells one state of a file from another: a hash of what is in it.

    Raises:
        ConfigurationError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file_digest(file, blake2b).hexdigest()[:32]
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", path=path) from error


def pages(
    cursor: Cursor,
    path: Path,
    records: Iterable[Record],
    total: int,
    read: Callable[[Record], RawMention | str],
) -> Iterator[Page]:
    """Yield the records of a file from where a run was stopped in it, else from its beginning.

    Args:
        total: how many records there are.
        read: returns the mention, or the reason why it is none, or raises BadRecord.

    Cursor: `stamp` of the file and how many records were read; `{}` once all were, so that the
    next run reads the file from its beginning. A file that was changed is begun again.

    Raises:
        SourceChanged: not one record of the first page can be read.
    """
    mark = stamp(path)
    done = min(cursor.get("read", 0), total) if cursor.get("stamp") == mark else 0
    rest = islice(iter(records), done, None)
    understood = done > 0
    while True:
        page = _page(islice(rest, PAGE_RECORDS), read)
        count = len(page.mentions) + len(page.bad) + sum(page.skipped.values())
        understood = understood or count > len(page.bad)
        if page.bad and not understood:
            raise SourceChanged(f"{path} holds no record that can be read: {page.bad[0]}")
        done += count
        whole = not count or done >= total
        yield Page(
            mentions=page.mentions,
            bad=page.bad,
            skipped=page.skipped,
            cursor={} if whole else {"stamp": mark, "read": done},
        )
        if whole:
            return


def _page(records: Iterable[Record], read: Callable[[Record], RawMention | str]) -> Page:
    mentions: list[RawMention] = []
    bad: list[BadRecord] = []
    skipped: Counter[str] = Counter()
    for record in records:
        try:
            result = read(record)
        except BadRecord as error:
            bad.append(error)
            continue
        if isinstance(result, str):
            skipped[result] += 1
        else:
            mentions.append(result)
    return Page(mentions=tuple(mentions), bad=tuple(bad), skipped=skipped)
