"""Which texts are about a brand: a boolean query, and words that tell its other meanings apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from luqum.exceptions import ParseError
from luqum.parser import parser
from luqum.tree import (
    AndOperation,
    Group,
    Item,
    Not,
    OrOperation,
    Phrase,
    Plus,
    Prohibit,
    UnknownOperation,
    Word,
)

from simak.errors import ConfigurationError

Test = Callable[[str], bool]

_EDGES = "".join(chr(c) for c in range(33, 127) if not chr(c).isalnum() and chr(c) not in "@#_*")


_CLITIC = "(?:(?:nya|ku|mu)?(?:lah|kah|pun)?)"


@dataclass(frozen=True, slots=True)
class Relevance:
    """Says of a text whether it is about a brand.

    Attributes:
        query: as it was written.
        context: words of which one must occur too; none asks for nothing.
    """

    query: str
    context: tuple[str, ...]
    _tests: tuple[Test, ...]

    def __call__(self, text: str) -> bool:
        """Return whether `text` is about the brand."""
        plain = _plain(text)
        return all(test(plain) for test in self._tests)

    def names(self) -> tuple[tuple[str, ...], ...]:
        """Return what the store can be searched by: of each group of words one must occur.

        What must not occur is left out, so that a search finds at least what the query takes.

        Example:
            >>> parse_query('("kopi senja" OR @kopisenja) AND NOT lowongan', ["ngopi"]).names()
            (('kopi senja', 'kopisenja'), ('ngopi',))
        """
        groups = _groups(parser.parse(self.query))
        if self.context:
            groups.append(tuple(_bare(word) for word in self.context))
        return tuple(groups)


def parse_query(query: str, context: Sequence[str] = ()) -> Relevance:
    """Return what a query and its context words ask for.

    Words and "phrases" are found whole, whatever their case, accents or what stands between the
    words of a phrase, also with what Indonesian hangs on to a word (senjanya); `senja*` finds
    what begins so, `@name` and `#tag` only a handle and a tag. They are joined by AND, OR and
    NOT, with NOT before AND before OR; what stands next to each other is joined by AND.

    Args:
        context: for names that mean other things: words or phrases of which one must occur too.

    Raises:
        ConfigurationError: it is no query, or says only what must not occur; says where.

    Example:
        >>> about = parse_query('("kopi senja" OR @kopisenja) AND NOT lowongan')
        >>> about("Ngopi di Kopi-Senja, enak!"), about("Lowongan barista Kopi Senja")
        (True, False)
        >>> parse_query("senja", context=["kopi", "ngopi"])("senja di pantai")
        False
    """
    if not query.strip():
        raise ConfigurationError("the query is empty")
    try:
        tree = parser.parse(query)
    except ParseError as error:
        raise ConfigurationError(f"the query {query!r} cannot be read: {error}") from error
    tests = [_test(tree, query)]
    if _holds_of(tests[0], ""):
        raise ConfigurationError(
            f"the query {query!r} says only what must not occur: add what must"
        )
    words = tuple(context)
    if words:
        any_of = [_occurs(word, query) for word in words]
        tests.append(lambda text: any(test(text) for test in any_of))
    return Relevance(query, words, tuple(tests))


def words_needed(query: str) -> list[tuple[str, ...]] | None:
    """Return beginnings of words that a text must hold, all of any one row, to be hit by a query.

    A full-text index finds by them what is worth asking: more than the query hits, never less.

    Returns:
        None where the query can hit a text without any of its words.

    Raises:
        ConfigurationError: it is no query.

    Example:
        >>> words_needed('("tepat waktu" OR janji*) AND NOT lowongan')
        [('tepat', 'waktu'), ('janji',)]
    """
    parse_query(query)
    return _needed(parser.parse(query))


def _needed(item: Item) -> list[tuple[str, ...]] | None:
    if isinstance(item, Word | Phrase):
        text = item.value[1:-1] if isinstance(item, Phrase) else item.value
        return [tuple(re.findall(r"[^\W_]+", _plain(text)))]
    if isinstance(item, Group | Plus):
        return _needed(item.children[0])
    if isinstance(item, Not | Prohibit):
        return None
    parts = [_needed(child) for child in item.children]
    known = [part for part in parts if part is not None]
    if isinstance(item, OrOperation):
        return [row for part in known for row in part] if len(known) == len(parts) else None
    # Of what must all be there, the part with the fewest rows is enough to ask for.
    return min(known, key=len, default=None)


def _holds_of(test: Test, text: str) -> bool:
    return test(_plain(text))


def _test(item: Item, query: str) -> Test:
    if isinstance(item, Word):
        return _occurs(item.value, query)
    if isinstance(item, Phrase):
        return _occurs(item.value[1:-1], query)
    if isinstance(item, Group | Plus):
        return _test(item.children[0], query)
    if isinstance(item, Not | Prohibit):
        inner = _test(item.children[0], query)
        return lambda text: not inner(text)
    parts = [_test(child, query) for child in item.children]
    if isinstance(item, AndOperation | UnknownOperation):
        return lambda text: all(part(text) for part in parts)
    if isinstance(item, OrOperation):
        return lambda text: any(part(text) for part in parts)
    raise ConfigurationError(
        f"the query {query!r} holds {str(item).strip()!r}, which is not known here: there are "
        'words, "phrases", word*, @name, #tag, AND, OR, NOT and brackets'
    )


def _groups(item: Item) -> list[tuple[str, ...]]:
    if isinstance(item, Word):
        return [(_bare(item.value),)]
    if isinstance(item, Phrase):
        return [(_bare(item.value[1:-1]),)]
    if isinstance(item, Not | Prohibit):
        return []
    parts = [_groups(child) for child in item.children]
    if isinstance(item, OrOperation):
        # One of each side's groups must hold: (a AND b) OR c is (a OR c) AND (b OR c).
        return [sum(some, ()) for some in product(*parts)] if all(parts) else []
    return [group for part in parts for group in part]


def _bare(words: str) -> str:
    return " ".join(word.strip(_EDGES).lstrip("@#") for word in words.split())


def _occurs(words: str, query: str) -> Test:
    """Test for words that stand one after the other, whole."""
    parts = [part for part in re.split(r"[\s\-/]+", _plain(words)) if part.strip(_EDGES)]
    if not parts:
        raise ConfigurationError(f"the query {query!r} holds {words!r}, which is no word")
    sign = re.compile(
        _start(parts[0].strip(_EDGES)) + r"\W+".join(_pattern(part.strip(_EDGES)) for part in parts)
    )
    return lambda text: sign.search(text) is not None


def _start(word: str) -> str:
    # A handle or a tag brings its own sign; a plain word does not begin within another.
    return r"(?<![\w@#])" if word[:1] in "@#" else r"(?<!\w)"


def _pattern(word: str) -> str:
    stem = word.rstrip("*")
    if word.endswith("*") and stem:
        return re.escape(stem) + r"\w*"
    return re.escape(word) + (_CLITIC if word.isalpha() else "") + r"(?!\w)"


def _plain(text: str) -> str:
    """Fold case, width and accents, which people leave out."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in folded if not unicodedata.combining(c))
