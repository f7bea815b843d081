"""Reads a file as an import does, and gathers what became of its rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from collectors.http import HttpClient
from collectors.job import make_context
from collectors.source import Page
from collectors.sources.file import FileSource
from simak.errors import BadRecord, ConfigurationError
from simak.mention import RawMention


@dataclass
class Read:
    source: FileSource
    mentions: list[RawMention] = field(default_factory=list)
    brands: Counter[str] = field(default_factory=Counter)
    bad: list[BadRecord] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    pages: list[Page] = field(default_factory=list)
    error: ConfigurationError | None = None

    @property
    def rows(self) -> int:
        return len(self.mentions) + len(self.bad) + sum(self.skipped.values())

    @property
    def texts(self) -> list[str]:
        return [mention.text for mention in self.mentions]


def read(path: Path, *, brand: str = "Senandika", **options: Any) -> Read:
    source = FileSource(name=path.name, brand=brand, options={"path": str(path), **options})
    result = Read(source)
    with HttpClient() as http:
        try:
            for page in source.collect({}, make_context(path.name, http=http)):
                result.pages.append(page)
                result.mentions += page.mentions
                result.brands[page.brand or source.brand] += len(page.mentions)
                result.bad += page.bad
                result.skipped.update(page.skipped)
                result.warnings.update(page.warnings)
        except ConfigurationError as error:
            result.error = error
    return result


def write(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path
