"""Files that a reader uploads, as files that a command can read, for as long as it needs them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

_NAME_CHARS = 80


class Kept(NamedTuple):
    """A file in a private folder of its own, both gone when the folder is cleaned up or the
    server ends."""

    path: Path
    folder: TemporaryDirectory[str]


def keep(name: str, content: bytes) -> Kept:
    """Write an upload into a folder that nobody else may look into.

    A JSON list of objects is written one a line, which is what `simak import` reads.

    Args:
        name: what the reader's file is called; only what is harmless in a path is kept of it.
    """
    folder = TemporaryDirectory(prefix="simak-upload-")
    path = Path(folder.name) / _safe(name)
    path.write_bytes(_lines(content) or content)
    return Kept(path, folder)


@contextmanager
def kept(name: str, content: bytes) -> Iterator[Path]:
    """Keep an upload until the block ends."""
    path, folder = keep(name, content)
    with folder:
        yield path


def _safe(name: str) -> str:
    """Return the last part of a name, without what a path or a terminal could trip over.

    Example:
        >>> _safe("../Ulasan Mei (1).csv"), _safe("..")
        ('Ulasan Mei (1).csv', 'upload')
    """
    last = re.sub(r"[^\w .()+-]", "_", re.split(r"[/\\]", name)[-1]).lstrip(".- ")
    return last[-_NAME_CHARS:] or "upload"


def _lines(content: bytes) -> bytes | None:
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        return None
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None  # the import says what is wrong with it
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        return None
    return "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in found).encode(
        "utf-8", "replace"
    )
