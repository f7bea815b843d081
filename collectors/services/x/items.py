"""X's posts as mentions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

from collectors.html_text import tidy
from collectors.payload import id_in, read_all, text_in, time_in, value_in
from collectors.services.x.answers import Found, title_of
from simak.errors import BadRecord
from simak.mention import RawMention
from simak.reasons import DUPLICATE, NO_TEXT, NOT_A_CUSTOMER, REPOST

_LANGUAGES = {"in": "id", "iw": "he", "ji": "yi"}
"""Codes of X that the rest of the world has others for."""

_NO_LANGUAGE = frozenset({"und", "zxx"})

_EPOCH = 1_288_834_974_657
_SNOWFLAKES = 29_700_859_247
"""The first post whose id is made of its time: milliseconds since `_EPOCH`, and 22 more bits."""


@dataclass(frozen=True, slots=True)
class Posts:
    """What an answer is to the store; the attributes are those of `Page`."""

    mentions: list[RawMention]
    bad: list[BadRecord]
    skipped: dict[str, int]
    warnings: dict[str, int]


def read_posts(found: Found, own: Collection[str], what: str) -> Posts:
    """Return the posts of an answer.

    A repost is skipped and what it passes on is taken instead, once, since X cuts the text of
    reposts short. Earlier versions of an edited post are skipped, and so are posts of the accounts
    `own`.

    Raises:
        SourceChanged: not one can be read.
    """
    skipped: Counter[str] = Counter()
    warnings: Counter[str] = Counter()
    originals: dict[str, Mapping[str, Any]] = {}

    def read(post: Any) -> RawMention | None:
        if (original := reposted(post)) is not None:
            skipped[REPOST] += 1
            if original in found.others:
                originals[original] = found.others[original]
            else:
                warnings["posts passed on that X did not send along, so that they are lost"] += 1
            return None
        if versions_of(post)[-1] != id_in(post, "id"):
            skipped[DUPLICATE] += 1
            return None
        if text_in(post, "author_id") in own:
            skipped[NOT_A_CUSTOMER] += 1
            return None
        return mention_of(post, found.users)

    mentions, bad = read_all(found.posts, read, what)
    known = {raw.external_id for raw in mentions}
    passed_on, worse = _read_each(originals.values(), found.users, own)
    mentions += [raw for raw in passed_on if raw.external_id not in known]
    for error in found.errors:
        warnings[f"lost with an error of X's, {title_of(error)!r}"] += 1
    return Posts(mentions, bad + worse, dict(skipped), dict(warnings))


def _read_each(
    posts: Collection[Mapping[str, Any]], users: Mapping[str, str], own: Collection[str]
) -> tuple[list[RawMention], list[BadRecord]]:
    mentions, bad = [], []
    for post in posts:
        if text_in(post, "author_id") in own:
            continue
        try:
            mentions.append(mention_of(post, users))
        except BadRecord as error:
            bad.append(error)
    return mentions, bad


def mention_of(post: Any, users: Mapping[str, str]) -> RawMention:
    """Return a post.

    Its id is that of its first version, which every edit keeps.

    Args:
        users: handle by id.

    Raises:
        BadRecord: it has no id or no text.

    Example:
        >>> post = {"id": "1929000000000000000", "text": "Kopi &amp; roti", "lang": "in"}
        >>> raw = mention_of(post, {})
        >>> raw.text, raw.language
        ('Kopi & roti', 'id')
    """
    id = id_in(post, "id")
    text = tidy(unescape(text_in(post, "note_tweet", "text") or text_in(post, "text")))
    if not text:
        raise BadRecord(NO_TEXT, record=post)
    first = versions_of(post)[0]
    written = time_in(post, "created_at") or posted_at(id)
    author = text_in(post, "author_id")
    answered = _reference(post, "replied_to")
    return RawMention(
        external_id=first,
        text=text,
        channel="x",
        kind="comment" if answered else "post",
        author=users.get(author, author) or None,
        published_at=written if first == id else posted_at(first) or written,
        edited_at=None if first == id else written,
        url=f"https://x.com/i/status/{id}",
        language=language_of(text_in(post, "lang")),
        parent_id=answered,
    )


def versions_of(post: Any) -> list[str]:
    """Return the ids of the versions of a post, the first one first.

    Raises:
        BadRecord: it has no id.

    Example:
        >>> versions_of({"id": "12", "edit_history_tweet_ids": ["11", "12"]})
        ['11', '12']
    """
    id = id_in(post, "id")
    history = value_in(post, "edit_history_tweet_ids")
    if not isinstance(history, list) or id not in history:
        return [id]
    return [version for version in history if isinstance(version, str) and version.isdecimal()] or [
        id
    ]


def reposted(post: Any) -> str | None:
    """Return the id of the post that this one passes on, None where it says something itself."""
    return _reference(post, "retweeted")


def _reference(post: Any, kind: str) -> str | None:
    references = value_in(post, "referenced_tweets")
    for reference in references if isinstance(references, list) else ():
        if text_in(reference, "type") == kind:
            return text_in(reference, "id") or None
    return None


def language_of(code: str) -> str | None:
    """Return a language of X as the rest of the world calls it; None where X knows none.

    Example:
        >>> language_of("in"), language_of("en"), language_of("und"), language_of("qme")
        ('id', 'en', None, None)
    """
    # Three letters with a q first are X's own, for posts of links, hashtags or names alone.
    if not code or code in _NO_LANGUAGE or (len(code) == 3 and code.startswith("q")):
        return None
    return _LANGUAGES.get(code, code)


def code_of(language: str) -> str:
    """Return what X calls a language.

    Example:
        >>> code_of("id"), code_of("en")
        ('in', 'en')
    """
    return {known: code for code, known in _LANGUAGES.items()}.get(language, language)


def posted_at(id: str) -> datetime | None:
    """Return when a post was written, which its id says; None for one of before 2010-11-04.

    Example:
        >>> posted_at("1383055313276964865").isoformat()
        '2021-04-16T13:50:57+00:00'
    """
    number = int(id) if id.isascii() and id.isdecimal() and len(id) < 20 else 0
    if number < _SNOWFLAKES:
        return None
    # Whole seconds, as X writes its times.
    return datetime.fromtimestamp(((number >> 22) + _EPOCH) // 1000, UTC)
