"""What Simak does to a store, step by step, in processes that can be killed; and what it must do.

Each step is the command that a person gives, in a fork of this process, so that nothing is
loaded first and every moment that is hit is one of work. The source is played in the process, and
the tagger goes by the letters of a text: what is looked at is what reaches the store.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
import traceback
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch
from uuid import uuid4

from sqlalchemy import make_url, select

import simak.cli.check
import simak.cli.nightly
import simak.cli.pipeline
from benchmarks.importing import write_reviews
from benchmarks.texts import recombined
from collectors.job import Job
from collectors.source import Context, Cursor, Facts, Page
from simak.cli import commands
from simak.errors import SimakError
from simak.mention import RawMention
from simak.tags import SENTIMENTS, Tags, TouchpointTag
from store import repair, rollups
from store.engine import Store, open_store
from store.tables import (
    brand,
    copy,
    correction,
    cursor,
    label,
    mention,
    mention_version,
    tag,
)
from tests.stores import run_on, url_on

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
BRAND = "Senandika"
IMPORT = ("import", "reviews.csv", "--brand", BRAND)
PAGE = 150

_WHEN = {"collected_at", "edited_at", "tagged_at", "corrected_at", "replaced_at", "updated_at"}
# The hash of the content is of the brand's number too.
_NUMBERS = {"id", "brand_id", "profile_id", "content_hash"}

Content = dict[str, list[tuple[Any, ...]]]
"""Table to rows."""


class Shop:
    """A source that gives the same pages each time: news, an edit and a deletion on each."""

    facts: ClassVar[Facts] = Facts(title="A shop that is played")
    source = name = "shop"
    brand = BRAND

    def __init__(self, pages: int, size: int = PAGE, begins: datetime = NOW) -> None:
        self._pages, self._size, self._begins = pages, size, begins
        self._texts = _texts()

    def asks(self) -> str:
        """Say what is asked for."""
        return f"{self._pages} pages"

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield the pages from the cursor on."""
        for page in range(cursor.get("page", 0), self._pages):
            yield Page(mentions=tuple(self._on(page)), cursor={"page": page + 1})

    def _on(self, page: int) -> Iterator[RawMention]:
        for place in range(self._size):
            number = page * self._size + place
            yield RawMention(
                external_id=f"s{number}",
                text=f"{self._texts[number % len(self._texts)]} {number}",
                author=f"pelanggan {number % 400}",
                stars=number % 5 + 1,
                published_at=self._begins + timedelta(days=page, minutes=place),
            )
        if page:
            before = (page - 1) * self._size
            yield RawMention(
                external_id=f"s{before}",
                text=f"diubah {before}",
                published_at=self._begins + timedelta(days=page - 1),
            )
            yield RawMention(external_id=f"s{before + 1}", deleted=True)


@cache
def _texts() -> list[str]:
    return list(islice(recombined(seed=7), 2_000))


class ByLetters:
    """A tagger that goes by the letters of a text, and loads nothing."""

    def __init__(self) -> None:
        self.version = "letters-1"
        self.quality: Mapping[str, Any] = {}

    def predict(self, texts: Sequence[str]) -> list[Tags]:
        """Return the tags of each text."""
        return [_tags_of(text) for text in texts]


def _tags_of(text: str) -> Tags:
    sum = zlib.crc32(text.encode())
    sentiment = SENTIMENTS[sum % 3]
    touchpoints = {"delivery": TouchpointTag(sentiment, 0.9, (0, 2))} if sum % 5 else {}
    return Tags(sentiment, sentiment == "negative", touchpoints, (), "id", {sentiment: 0.9})


def play(pages: int) -> None:
    """Let the commands of this process, and of its forks, work with the shop and the letters."""
    jobs = lambda *_, **__: [Job(source=Shop(pages), per_minute=1_000_000)]  # noqa: E731
    for module in (simak.cli.pipeline, simak.cli.nightly):
        patch.object(module, "jobs_of", jobs).start()
    for module in (simak.cli.pipeline, simak.cli.check):
        patch.object(module, "tagger_of", lambda *_, **__: ByLetters()).start()


@dataclass(frozen=True)
class Place:
    """Where a store is, with the folder of its settings.

    Attributes:
        server: of PostgreSQL, whose databases are copied; None where the store is a file.
        log: what its commands say; None is a file in the folder.
    """

    folder: Path
    url: str
    server: str | None = None
    log: Path | None = None

    def twin(self) -> Place:
        """Return a place of its own that is as this one is now."""
        name = f"w{uuid4().hex[:8]}"
        folder = self.folder.parent / name
        shutil.copytree(self.folder, folder)
        if self.server is None:
            return Place(folder, f"sqlite:///{folder / 'data' / 'simak.db'}")
        base = make_url(self.url).database
        run_on(self.server, f'CREATE DATABASE {name} TEMPLATE "{base}"')
        # Else a crash soon after would give the copy's next numbers a second time.
        run_on(self.server, "CHECKPOINT")
        return Place(folder, url_on(self.server, name), self.server)

    def empty(self) -> Place:
        """Return a place of its own with nothing in it."""
        name = f"w{uuid4().hex[:8]}"
        (folder := self.folder.parent / name).mkdir()
        if self.server is None:
            return Place(folder, f"sqlite:///{folder / 'data' / 'simak.db'}")
        run_on(self.server, f"CREATE DATABASE {name}")
        return Place(folder, url_on(self.server, name), self.server)

    def clear(self) -> None:
        """Take it away."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.server is not None:
            run_on(self.server, f'DROP DATABASE "{make_url(self.url).database}" WITH (FORCE)')

    def open(self) -> Store:
        """Open the store."""
        return open_store(self.url)

    def start(self, *arguments: str, first: Callable[[], None] = lambda: None) -> int:
        """Begin a command in a fork, and return its process id; what it says is in `said`.

        Args:
            first: done in the fork before the command.
        """
        sys.stdout.flush()
        sys.stderr.flush()
        process = os.fork()
        if process:
            return process
        code = 70
        try:
            os.chdir(self.folder)
            log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.environ["SIMAK_DB"] = self.url
            first()
            commands.main(list(arguments), standalone_mode=False)
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except SimakError as error:
            print(f"simak: {error}", file=sys.stderr)
            code = 1
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def said(self) -> str:
        """What the commands here have said."""
        return self._log.read_text() if self._log.exists() else ""

    @property
    def _log(self) -> Path:
        return self.log or self.folder / "said"

    def run(self, *arguments: str) -> float:
        """Run a command to its end, and return its seconds.

        Raises:
            RuntimeError: it failed; with what it said.
        """
        began = time.perf_counter()
        _, status = os.waitpid(self.start(*arguments), 0)
        if os.waitstatus_to_exitcode(status):
            raise RuntimeError(f"simak {' '.join(arguments)}: {self.said()[-2_000:]}")
        return time.perf_counter() - began


def prepare(place: Place, rows: int) -> Place:
    """Put an empty store, a key and a file to import into a place, and return it."""
    with closing(place.open()):
        pass
    (place.folder / "data").mkdir(exist_ok=True)
    (place.folder / "data" / "author.key").write_text("one and the same in all")
    write_reviews(place.folder / "reviews.csv", rows)
    return place


def write_corrections(place: Place) -> None:
    """Write what a person says of some mentions, each different from what the model said."""
    with closing(place.open()) as store, store.read() as connection:
        every = connection.scalars(select(mention.c.id).order_by(mention.c.id)).all()
    with (place.folder / "said.jsonl").open("w", encoding="utf-8") as lines:
        for id in every[::12]:
            record = {"id": id, "sentiment": "neutral", "touchpoints": {"price": "neutral"}}
            lines.write(json.dumps(record) + "\n")


def content(store: Store) -> Content:
    """Return all that a store says, without when it was stored and by which number."""
    with store.read() as connection:
        named = {
            row.id: (row.name, row.source, row.external_id)
            for row in connection.execute(
                select(mention.c.id, brand.c.name, mention.c.source, mention.c.external_id).join(
                    brand, brand.c.id == mention.c.brand_id
                )
            )
        }
        found: Content = {}
        for table in (mention, mention_version, tag, correction, label, copy, cursor):
            rows = []
            for row in connection.execute(select(table)).mappings():
                key = named.get(row.get("mention_id", row.get("id")), ())
                rows.append((key, *(_said(name, row[name], named) for name in row)))
            found[table.name] = sorted(rows, key=repr)
    return found


def _said(name: str, value: Any, named: Mapping[int, tuple[str, ...]]) -> Any:
    if name in ("mention_id", "group_id"):
        return named.get(value, value)
    if name in _WHEN | _NUMBERS:
        return None
    return value is not None if name == "deleted_at" else repr(value)


def sound(store: Store) -> int:
    """Hold all that is derived to what it is derived from; return how many mentions there are.

    Raises:
        SimakError, RuntimeError: something differs.
    """
    different = repair.differing(store)
    if different:
        raise RuntimeError(f"differs from what it is derived from: {different}")
    repair.check_pages(store)
    return rollups.verify(store)
