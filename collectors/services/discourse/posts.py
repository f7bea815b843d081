"""A Discourse forum's posts as mentions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from collectors.html_text import plain_text
from collectors.payload import id_in, number_in, text_in, time_in, value_in
from simak.errors import BadRecord
from simak.mention import RawMention
from simak.reasons import NO_WORDS, NOBODY_WROTE, NOT_A_CUSTOMER, UNKNOWN_SHAPE

_REGULAR, _MODERATOR, _ACTION, _WHISPER = 1, 2, 3, 4
_ASIDE = re.compile(r"<(/?)aside\b[^<>]*>", re.IGNORECASE)
_IMAGE_SIZE = re.compile(r'<div class="meta">[^<]*+(?:<(?!/?div\b)[^<]*+)*+</div>', re.IGNORECASE)
_IMAGE = re.compile(r"<img\b[^<>]*+>", re.IGNORECASE)
_ALT = re.compile(r'\balt="([^"<>]*)"', re.IGNORECASE)
_GONE = re.compile(r"\(?(?:post|topic) (?:deleted|withdrawn) by (?:its )?author\b.{0,100}", re.I)


def own_words(cooked: str) -> str:
    """Return what a post's author wrote: no quotes of others, no previews of links.

    Example:
        >>> own_words('<aside class="quote"><blockquote>Aman</blockquote></aside><p>Tidak!</p>')
        'Tidak!'
    """
    parts: list[str] = []
    depth = end = 0
    for tag in _ASIDE.finditer(cooked):
        if not depth:
            parts.append(cooked[end : tag.start()])
        depth = max(0, depth - 1) if tag[1] else depth + 1
        end = tag.end()
    if not depth:
        parts.append(cooked[end:])
    html = _IMAGE_SIZE.sub(" ", " ".join(parts))
    return plain_text(_IMAGE.sub(_emoji, html))


def _emoji(image: re.Match[str]) -> str:
    alt = _ALT.search(image[0]) if 'class="emoji' in image[0] else None
    return f" {alt[1]} " if alt else " "


class Posts:
    """Reads the posts of one forum.

    Args:
        url: the forum's address.
        site: names the forum in ids.
        own_users: who answers for the brand, in lower case.
        skip: told the reason of each post that is left out.
    """

    def __init__(
        self, url: str, site: str, own_users: frozenset[str], skip: Callable[[str], None]
    ) -> None:
        self._url, self._site, self._own, self._skip = url, site, own_users, skip

    def is_own(self, post: Any) -> bool:
        """Say whether one who answers for the brand wrote it."""
        return text_in(post, "username").lower() in self._own

    def mention(
        self,
        post: Any,
        *,
        topic: str,
        title: str = "",
        first: str | None = None,
        answer: Any = None,
    ) -> RawMention | None:
        """Return a post, or None where no customer wrote it.

        Args:
            topic: the number of its topic.
            title: the topic's.
            first: the number of the topic's first post.
            answer: the brand's post that answers it.

        Raises:
            BadRecord: it has no id, or no text and nothing that says why.
        """
        id = id_in(post, "id")
        if not id.isascii() or not id.isdecimal():
            raise BadRecord(UNKNOWN_SHAPE, record=post)
        is_first = number_in(post, "post_number") == 1
        kind = "post" if is_first else "comment"
        if reason := self._reason(post):
            self._skip(reason)
            return None
        cooked = value_in(post, "cooked")
        if is_gone(post):
            return self.deleted(id, kind)
        if not isinstance(cooked, str):
            raise BadRecord(UNKNOWN_SHAPE, record=post)
        text = own_words(cooked)
        if not text and not is_first:
            self._skip(NO_WORDS)
            return None
        number = number_in(post, "post_number")
        return RawMention(
            external_id=self.name(id),
            text=text or title,
            title=(title or None) if is_first else None,
            channel="forum",
            kind=kind,
            author=text_in(post, "username") or None,
            published_at=time_in(post, "created_at"),
            edited_at=time_in(post, "updated_at") if _version(post) > 1 else None,
            url=f"{self._url}/t/{topic}" + (f"/{number:.0f}" if number else ""),
            reply=own_words(text_in(answer, "cooked")) or None if is_first else None,
            reply_at=time_in(answer, "created_at") if is_first else None,
            parent_id=self.name(first) if first and not is_first else None,
            attributes={"forum": self._site},
        )

    def deleted(self, id: str, kind: str = "comment") -> RawMention:
        """Return the mention of a post that is gone."""
        return RawMention(external_id=self.name(id), channel="forum", kind=kind, deleted=True)

    def name(self, id: str) -> str:
        """Return the id of a post among those of all forums."""
        return f"{self._site}/p/{id}"

    def _reason(self, post: Any) -> str | None:
        kind = number_in(post, "post_type")
        user = number_in(post, "user_id")
        if kind == _ACTION or (user is not None and user < 0):
            return NOBODY_WROTE  # "closed this topic"; the forum's own robots
        if self.is_own(post) or kind in (_MODERATOR, _WHISPER):
            return NOT_A_CUSTOMER
        if kind is not None and kind != _REGULAR:
            return UNKNOWN_SHAPE
        return None


def first_answer(posts: Iterable[Any], own: Callable[[Any], bool]) -> Any:
    """Return the first of `posts` that the brand wrote in answer to a topic; None without one.

    Example:
        >>> posts = [{"post_number": 1}, {"post_number": 2, "cooked": "<p>Maaf ya</p>"}]
        >>> first_answer(posts, lambda post: True)["post_number"]
        2
    """
    answers = [
        post
        for post in posts
        if own(post)
        and isinstance(post, Mapping)
        and (number_in(post, "post_number") or 0) > 1
        and number_in(post, "post_type") in (None, _REGULAR, _MODERATOR)
        and not is_gone(post)
        and own_words(text_in(post, "cooked"))
    ]
    return min(answers, key=lambda post: number_in(post, "post_number") or 0, default=None)


def is_gone(post: Any) -> bool:
    """Say whether a post was deleted, withdrawn by its author or hidden by the community.

    Example:
        >>> is_gone({"cooked": "<p>(post deleted by author)</p>"}), is_gone({"cooked": "<p>a</p>"})
        (True, False)
    """
    return bool(
        value_in(post, "deleted_at")
        or value_in(post, "user_deleted") is True
        or value_in(post, "hidden") is True
        or _GONE.fullmatch(plain_text(text_in(post, "cooked")[:500]))
    )


def _version(post: Any) -> float:
    return number_in(post, "version") or 1
