"""`simak backup` and `simak restore`: all that a team cannot lose, in one file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import click

from simak.cli.common import command, opened, privacy_of, put, put_table
from simak.cli.progress import bar
from simak.errors import StoreError
from simak.own_touchpoints import FILE as TOUCHPOINTS
from simak.settings import FILE_NAME, Settings, load_settings
from simak.taxonomy import DEFAULT_PATH
from store.archive import Archive, Manifest
from store.engine import Store, file_of, open_store
from store.erasures import Erasure, erasures

_DATA = "data"
_KEY = "author.key"


@command('simak backup "backups/simak-$(date +%F).zip"', owner=True)
@click.argument("file", type=click.Path(path_type=Path))
def backup(settings: Settings, as_json: bool, file: Path) -> None:
    """Back up the store and what belongs to it into a new FILE, while it is in use.

    In it are the store, the key of the author hashes, touchpoints of your own, what corrections
    have taught and the settings. It is as secret as they are: its owner alone may read it.
    """
    from store.backup import back_up
    from store.transfer import count_rows

    now = datetime.now(UTC)
    with opened(settings) as store:
        rows = 0 if store.is_sqlite else count_rows(store)
        with bar("rows", 2 * rows) as advance:  # copied, then compared
            manifest = back_up(store, file, _belonging(settings), now=now, advance=advance)
    for missing in _left_out(settings):
        click.echo(missing, err=True)
    _put(manifest, as_json)


@command("simak restore backups/simak-2026-06-01.zip", owner=True)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--erased-in",
    metavar="URL",
    help="The store in use since: what was erased there is erased here too.",
)
def restore(settings: Settings, as_json: bool, file: Path, erased_in: str | None) -> None:
    """Bring back what `simak backup` wrote to FILE, where there is no store yet.

    It is done whole or not at all. The store goes where --db or the settings say, SQLite or
    PostgreSQL; without settings here, those of the backup are restored and followed. A backup of
    an older version is brought to this one. What is here already is never written over.
    """
    from store.archive import opened_archive
    from store.backup import restore as restore_store
    from store.erasing import reapply
    from store.traces import compact

    with opened_archive(file) as archive, _placed(archive, settings):
        if settings.path is None and Path(FILE_NAME).exists():
            settings = load_settings()
        manifest = archive.manifest
        erased = _erased(erased_in, settings) if erased_in else []

        def cleaned(store: Store) -> None:
            if erased:
                reapply(store, erased, privacy_of(settings), now=datetime.now(UTC))
                compact(store)

        with bar("rows") as advance:
            restore_store(
                archive,
                settings.store_url,
                zone=settings.timezone,
                scratch=settings.data,
                cleaned=cleaned,
                advance=advance,
            )
    _put(manifest, as_json)
    if not as_json:
        click.echo("Restored, and every count agrees. Look at the rest: simak doctor", err=True)


def _erased(url: str, settings: Settings) -> list[Erasure]:
    """Return whom and what another store has erased."""
    if url.startswith("sqlite:") and file_of(url) is None:
        raise StoreError(f"there is no store at {url}: is the address right?")
    with closing(open_store(url, zone=settings.timezone)) as store:
        return erasures(store)


def _belonging(settings: Settings) -> dict[str, Path]:
    """Return what is backed up beside the store: its name in the backup, and the file."""
    from models.adapt.heads import FILE as HEADS

    if not os.environ.get("SIMAK_AUTHOR_KEY"):
        settings.author_key()  # made now, where it was not: the restored store needs the same
    found = {f"{_DATA}/{name}": settings.data / name for name in (_KEY, TOUCHPOINTS, HEADS)}
    if settings.path is not None:
        found[FILE_NAME] = settings.path
    taxonomy = _own_taxonomy(settings)
    if taxonomy is not None and not taxonomy.startswith(".."):
        found[taxonomy] = settings.taxonomy
    return {name: file for name, file in found.items() if file.exists()}


def _own_taxonomy(settings: Settings) -> str | None:
    """Return where the touchpoints' file is, from the settings; None of the bundled one."""
    if settings.taxonomy == DEFAULT_PATH:
        return None
    return PurePosixPath(os.path.relpath(settings.taxonomy, settings.folder)).as_posix()


def _left_out(settings: Settings) -> Iterator[str]:
    if os.environ.get("SIMAK_AUTHOR_KEY"):
        yield (
            "Not in it: the key of the author hashes, which SIMAK_AUTHOR_KEY gives. Keep it too: "
            "without it, people who write again count as others."
        )
    taxonomy = _own_taxonomy(settings)
    if taxonomy is not None and taxonomy.startswith(".."):
        yield f"Not in it: {settings.taxonomy}, which lies outside the settings' folder."
    if settings.model is not None:
        yield f"Not in it: the model {settings.model}."


@contextmanager
def _placed(archive: Archive, settings: Settings) -> Iterator[None]:
    """Put the files beside the store in their places, and take them back if the store fails.

    Settings that are here stay; the backup's are then left in the archive.

    Raises:
        StoreError: another file has the place of one.
    """
    own_settings = settings.path is not None
    wanted: dict[Path, bytes] = {}
    for name in archive.beside:
        place = settings.folder / name
        content = archive.read(name)
        is_data = name.startswith(f"{_DATA}/")
        if own_settings and not is_data:
            click.echo(f"{name} stays as it is here, not as in the backup.", err=True)
        elif not place.exists():
            wanted[place] = content
        elif place.read_bytes() != content:
            raise StoreError(
                f"{place} is not the one of the backup, which would be lost or mixed with it: "
                "move it away, or restore into an empty folder"
            )
    written: list[Path] = []
    try:
        for place, content in wanted.items():
            written.append(place)
            _write(place, content)
        yield
    except BaseException:
        for place in written:
            place.unlink(missing_ok=True)
        raise


def _write(place: Path, content: bytes) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        raise StoreError(f"{place} cannot be written: {error.strerror or error}") from error


def _put(manifest: Manifest, as_json: bool) -> None:
    if as_json:
        put(manifest)
        return
    put_table(
        ("table", "rows"),
        [{"table": name, "rows": rows} for name, rows in manifest.rows.items() if rows],
    )
    beside = ", ".join(sorted(manifest.sha256))
    click.echo(f"As of {manifest.made_at}, by Simak {manifest.simak}: {beside}")
