"""Finds what is held of a person: by the name or key of an author, or by words."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Text, cast, func, or_, select

from simak.errors import ConfigurationError
from store.mentions import storable
from store.privacy import Privacy, author_key, mask
from store.tables import mention, mention_version

FEWEST_LETTERS = 10
"""Words shorter than that stand in the texts of too many."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whom to look for.

    Attributes:
        authors: what the store has of the author's name: its hash, or with `keep_raw` the name.
        words: that stand in texts, as they came and as they are masked.
        name: as it was given; None where a key or words were.
    """

    authors: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    name: str | None = None


def by_name(name: str, privacy: Privacy) -> Person:
    """Return the author of a name, as sources write it; case does not matter where it is hashed."""
    name = name.strip()
    return Person(authors=(author_key(name, privacy.key), storable(name)), name=name)


def by_key(key: str) -> Person:
    """Return the author of a key, as exports and lists have it.

    Raises:
        ConfigurationError: it is none.
    """
    key = key.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{20}", key):
        raise ConfigurationError(f"{key!r} is no author's key, which is 20 hexadecimal digits")
    return Person(authors=(key,))


def by_words(words: str) -> Person:
    """Return who wrote some words: masked as they are stored, or not.

    Raises:
        ConfigurationError: they are so short that they stand in the texts of many.

    Example:
        >>> by_words("hubungi 081234567890").words
        ('hubungi 081234567890', 'hubungi [phone]')
    """
    words = storable(words.strip())
    if len(words) < FEWEST_LETTERS:
        raise ConfigurationError(
            f"{words!r} may stand in many people's texts: give at least {FEWEST_LETTERS} letters"
        )
    return Person(words=tuple(dict.fromkeys((words, mask(words)))))


def mention_ids(connection: Connection, person: Person) -> list[int]:
    """Return the mentions that are a person's, or that hold the words, by their ids."""
    wanted: list[ColumnElement[bool]] = []
    if person.authors:
        wanted.append(mention.c.author_key.in_(person.authors))
    if person.name is not None:
        # With `keep_raw` it is stored as it came.
        wanted.append(func.lower(mention.c.author_key) == person.name.lower())
    for words in person.words:
        versions = select(mention_version.c.mention_id).where(holds(mention_version.c.text, words))
        wanted += [
            holds(mention.c.text, words),
            holds(mention.c.reply, words),
            holds(mention.c.attributes, words),
            mention.c.id.in_(versions),
        ]
    if not wanted:
        return []
    return list(connection.scalars(select(mention.c.id).where(or_(*wanted)).order_by(mention.c.id)))


def holds(column: ColumnElement[object], words: str) -> ColumnElement[bool]:
    """Return the condition on a column of text or JSON that some words stand in it."""
    if isinstance(column.type, Text):
        return column.contains(words, autoescape=True)
    return cast(column, Text).contains(json.dumps(words)[1:-1], autoescape=True)
