"""The file a backup is: a ZIP of a snapshot, small files beside it, and what all of it must be.

Nothing in it is run when it is read: an SQLite file, JSON and text. Any ZIP program opens it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from simak.errors import StoreError
from store.runs import is_dead, own_name

FORMAT = 1
STORE = "simak.db"
"""The snapshot's name in the archive."""

_MANIFEST = "manifest.json"
_FASTEST = 1
"""Level of compression: the next ones take up to three times as long for a tenth less."""

_AT_ONCE = 1 << 20  # bytes
_SMALL = 64 << 20
"""Bytes of a file beside the store at most: it is read whole."""

_PART = ".part"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    Attributes:
        simak: version of the Simak that made it.
        revision: of the store's tables.
        zone: whose days the store counts in.
        made_at: ISO 8601, UTC: all that was committed by then is in it.
        rows: table to rows.
        sha256: of each file in the archive, by name.
    """

    simak: str
    revision: str
    zone: str
    made_at: str
    rows: Mapping[str, int]
    sha256: Mapping[str, str]
    format: int = FORMAT


@contextmanager
def work_folder(parent: Path) -> Iterator[Path]:
    """Give a folder that nobody else may read, and that is gone afterwards.

    Those of processes that were killed are cleared away.
    """
    with _plain_errors(parent):
        parent.mkdir(parents=True, exist_ok=True)
        for left in parent.glob(f".*{_PART}"):
            if left.name.count(":") == 2 and is_dead(left.name[1 : -len(_PART)]):
                shutil.rmtree(left, ignore_errors=True)
        folder = parent / f".{own_name()}{_PART}"
        folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_archive(path: Path, files: Mapping[str, Path], facts: Mapping[str, Any]) -> Manifest:
    """Write files into a new archive that its owner alone may read, and read it again.

    Args:
        path: of the archive; it must not be there.
        files: name in the archive to where the file is.
        facts: the attributes of `Manifest`, without `sha256`.

    Raises:
        StoreError: it cannot be written, or what was written is not what was read.
    """
    with _plain_errors(path):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with (
            os.fdopen(descriptor, "wb") as raw,
            ZipFile(raw, "w", ZIP_DEFLATED, compresslevel=_FASTEST) as archive,
        ):
            hashes = {}
            for name, file in files.items():
                with file.open("rb") as given, archive.open(name, "w", force_zip64=True) as out:
                    hashes[name] = _copy(given, out)
            manifest = Manifest(**facts, sha256=hashes)
            archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=2))
        with path.open("rb+") as written:
            os.fsync(written.fileno())
    with opened_archive(path) as again:
        for name in hashes:
            again.check(name)
    return manifest


class Archive:
    """An archive that is being read; from `opened_archive`."""

    def __init__(self, path: Path, archive: ZipFile, manifest: Manifest) -> None:
        self.path, self.manifest, self._zip = path, manifest, archive

    @property
    def beside(self) -> list[str]:
        """The names of the files beside the store: paths from the settings' folder."""
        return [name for name in self.manifest.sha256 if name != STORE]

    def read(self, name: str) -> bytes:
        """Return a small file.

        Raises:
            StoreError: it is not as it was written.
        """
        with self._read(name) as given:
            content = given.read(_SMALL)
        self._hold(name, hashlib.sha256(content).hexdigest())
        return content

    def check(self, name: str) -> None:
        """Read a file to its end.

        Raises:
            StoreError: it is not as it was written.
        """
        with self._read(name) as given:
            self._hold(name, _copy(given, None))

    def unpack(self, name: str, path: Path) -> None:
        """Write a file to a new place, for its owner alone.

        Raises:
            StoreError: it is not as it was written, or the disk is full.
        """
        with _plain_errors(path):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as out, self._read(name) as given:
                digest = _copy(given, out)
                out.flush()
                os.fsync(out.fileno())
        self._hold(name, digest)

    @contextmanager
    def _read(self, name: str) -> Iterator[IO[bytes]]:
        with _whole(self.path), self._zip.open(name) as given:
            yield given

    def _hold(self, name: str, digest: str) -> None:
        if digest != self.manifest.sha256[name]:
            raise _damaged(self.path, f"{name} is not as it was written")


@contextmanager
def opened_archive(path: Path) -> Iterator[Archive]:
    """Open a backup to be read.

    Raises:
        StoreError: it is no backup, damaged, or of a newer Simak.
    """
    with _plain_errors(path):
        raw = path.open("rb")
    with raw:
        with _whole(path):
            archive = ZipFile(raw)
            manifest = _manifest(path, json.loads(archive.read(_MANIFEST)))
        with archive:
            yield Archive(path, archive, manifest)


def _manifest(path: Path, content: Any) -> Manifest:
    if content["format"] != FORMAT:
        raise StoreError(
            f"{path} was made by Simak {content['simak']}, which is newer than this one: upgrade "
            "Simak"
        )
    manifest = Manifest(**content)
    for name in manifest.sha256:
        parts = PurePosixPath(name)
        if parts.is_absolute() or ".." in parts.parts or "\\" in name:
            raise _damaged(path, f"it names a file outside its folder, {name!r}")
    if STORE not in manifest.sha256:
        raise _damaged(path, "there is no store in it")
    return manifest


def _copy(given: IO[bytes], out: IO[bytes] | None) -> str:
    digest = hashlib.sha256()
    while some := given.read(_AT_ONCE):
        digest.update(some)
        if out is not None:
            out.write(some)
    return digest.hexdigest()


def _damaged(path: Path, why: str) -> StoreError:
    return StoreError(
        f"{path} is no whole backup ({why}): nothing was changed; take another backup"
    )


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    try:
        yield
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _damaged(path, str(error)) from error
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(path, f"its manifest cannot be read: {error!r}") from error


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{path} cannot be read or written: {error.strerror or error}") from error
