"""Which column is what."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import lru_cache

from collectors.files.presets import BRAND_NAMES, FIELDS, GENERIC, PRESETS, TEXT, Preset
from simak.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Recognised:
    """What the columns of a file are.

    Attributes:
        fields: field to column.
        attributes: columns that belong to no field, kept with the mention.
        left_out: columns that are not kept.
        brand_like: columns that may hold the brand of each row.
    """

    preset: Preset
    fields: Mapping[str, str]
    attributes: tuple[str, ...]
    left_out: tuple[str, ...]
    brand_like: tuple[str, ...]


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """Return a column's name without case, blanks, punctuation and accents.

    Example:
        >>> plain_name("Review ID") == plain_name("review_id") == plain_name("reviewId")
        True
    """
    folded = unicodedata.normalize("NFKD", name).casefold()
    return "".join(char for char in folded if char.isalnum())


_KNOWN = frozenset(
    plain_name(name) for preset in PRESETS for names in preset.names.values() for name in names
) | {plain_name(name) for name in BRAND_NAMES}


def known_names(header: Sequence[str]) -> int:
    """Count the names in a header that some preset knows."""
    return sum(plain_name(name) in _KNOWN for name in header)


def preset_named(name: str) -> Preset:
    """Return a preset.

    Raises:
        ConfigurationError: there is none of this name; names those there are.
    """
    for preset in PRESETS:
        if preset.name == name:
            return preset
    known = ", ".join(preset.name for preset in PRESETS)
    raise ConfigurationError(f"preset {name!r} is not known; there are {known}")


def parse_mapping(text: str) -> dict[str, str]:
    """Read what `--map` is given: `field=column`, separated by commas.

    A comma within a column's name is kept where what follows it names no field.

    Raises:
        ConfigurationError: a part is not of this form or names no field.

    Example:
        >>> parse_mapping("text=Isi, singkat,stars=Nilai")
        {'text': 'Isi, singkat', 'stars': 'Nilai'}
    """
    mapping: dict[str, str] = {}
    last = ""
    for part in text.split(","):
        field, equals, column = part.partition("=")
        field = field.strip()
        if equals and (field in FIELDS or not last):
            mapping[field] = column.strip()
            last = field
        elif last and not equals:
            mapping[last] += "," + part
        else:
            raise ConfigurationError(f"--map: {part.strip()!r} must be written field=column")
    check_fields(mapping)
    return mapping


def check_fields(mapping: Mapping[str, str]) -> None:
    """Refuse a mapping of a field that does not exist.

    Raises:
        ConfigurationError: names the nearest field and all there are.
    """
    for field in mapping:
        if field not in FIELDS:
            raise ConfigurationError(
                f"--map: there is no field {field!r}{_nearest(field, FIELDS)}; "
                f"fields are {', '.join(FIELDS)}"
            )


def find_column(columns: Sequence[str], name: str, option: str) -> str:
    """Return the column that is meant, spelled as in the file.

    Raises:
        ConfigurationError: there is none; names the nearest and all there are.
    """
    if name in columns:
        return name
    alike = [column for column in columns if column and plain_name(column) == plain_name(name)]
    if len(alike) == 1:
        return alike[0]
    raise ConfigurationError(
        f"{option}: there is no column {name!r}{_nearest(name, columns)}; "
        f"columns are {_listed(columns)}"
    )


def recognise(
    columns: Sequence[str],
    *,
    preset: str | None = None,
    mapping: Mapping[str, str] | None = None,
    brand_column: str | None = None,
) -> Recognised:
    """Find out what each column is.

    What `mapping` says wins, then the preset's names, then the generic ones. A column is used
    once. Whatever is left is kept as an attribute, so that no column has to be guessed about.

    Args:
        preset: its name; None finds it by the columns.
        mapping: field to column; "" as a column leaves the field out.
        brand_column: holds the brand of each row.

    Raises:
        ConfigurationError: an unknown preset, field or column, or no column of texts.
    """
    mapping = mapping or {}
    check_fields(mapping)
    chosen = preset_named(preset) if preset else _detect(columns)
    by_name = {plain_name(column): column for column in reversed(columns) if column}
    used = {find_column(columns, brand_column, "--brand-column")} if brand_column else set()
    fields: dict[str, str] = {}
    for field, name in mapping.items():
        if name:
            fields[field] = find_column(columns, name, f"--map {field}")
            used.add(fields[field])
    for names in (chosen.names, GENERIC.names):
        for field in FIELDS:
            if field in fields or field in mapping:
                continue
            for name in names.get(field, ()):
                column = by_name.get(plain_name(name))
                if column is not None and column not in used:
                    fields[field] = column
                    used.add(column)
                    break
    if TEXT not in fields:
        raise ConfigurationError(
            f"no column holds texts that is known by its name; columns are {_listed(columns)}: "
            "say which with --map text=COLUMN"
        )
    rest = [column for column in columns if column and column not in used]
    out = tuple(column for column in rest if _is_left_out(column, chosen))
    return Recognised(
        chosen,
        {field: fields[field] for field in FIELDS if field in fields},
        tuple(column for column in rest if column not in out),
        out,
        tuple(column for column in rest if plain_name(column) in map(plain_name, BRAND_NAMES)),
    )


def _detect(columns: Sequence[str]) -> Preset:
    there = {plain_name(column) for column in columns}
    for preset in PRESETS:
        if any(there.issuperset(map(plain_name, names)) for names in preset.signatures):
            return preset
    return GENERIC


def _is_left_out(column: str, preset: Preset) -> bool:
    patterns = (*preset.left_out, *GENERIC.left_out)
    return any(fnmatchcase(plain_name(column), pattern) for pattern in patterns)


def _nearest(name: str, among: Iterable[str]) -> str:
    by_plain = {plain_name(other): other for other in among if other}
    close = get_close_matches(plain_name(name), by_plain, n=1, cutoff=0.5)
    return f" (did you mean {by_plain[close[0]]!r}?)" if close else ""


def _listed(columns: Sequence[str]) -> str:
    named = [column[:60] for column in columns if column]
    more = f" and {len(named) - 30} more" if len(named) > 30 else ""
    return (", ".join(map(repr, named[:30])) or "none") + more
