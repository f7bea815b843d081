"""What stands in the answers of X's API v2: posts, what comes along with them, and errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collectors.payload import text_in, value_in
from simak.errors import AccessDenied, ConfigurationError, SimakError, SourceChanged


@dataclass(frozen=True, slots=True)
class Found:
    """One answer.

    Attributes:
        posts: as X gives them, the newest first.
        users: handle by id.
        others: posts that these refer to, by id.
        errors: what X could not give.
        token: where the next page begins; None at the end.
    """

    posts: list[Any]
    users: Mapping[str, str]
    others: Mapping[str, Mapping[str, Any]]
    errors: Sequence[Mapping[str, Any]]
    token: str | None = None

    @property
    def read(self) -> int:
        """How many posts X gave, for the budget."""
        return len(self.posts) + len(self.others)


def found_in(answer: Any, what: str) -> Found:
    """Return what is in an answer of a listing.

    Raises:
        AccessDenied, ConfigurationError, SourceChanged: there is no list of posts, and X does not
            say that there are none.

    Example:
        >>> found_in({"meta": {"result_count": 0}}, "the search for 'kopi'").posts
        []
    """
    found = _read(answer, what)
    if not found.posts:
        if found.errors:
            raise _failure(found.errors, what)
        # Nothing is nothing only where X says so.
        if value_in(answer, "meta", "result_count") != 0:
            raise SourceChanged(f"X's answer to {what} has no posts and does not say that it is so")
    token = value_in(answer, "meta", "next_token")
    if not isinstance(token, str | None):
        raise SourceChanged(f"X's answer to {what} names a next page in a shape not known here")
    return Found(found.posts, found.users, found.others, found.errors, token or None)


def posts_in(answer: Any, what: str) -> Found:
    """Return what is in the answer to a request for posts by id, of which none may be left.

    Raises:
        SourceChanged: it has neither posts nor says of one that it is not there.
    """
    found = _read(answer, what)
    if not found.posts and not any(is_missing(e) or is_refusal(e) for e in found.errors):
        if found.errors:
            raise _failure(found.errors, what)
        raise SourceChanged(f"X's answer to {what} has no posts and does not say why")
    return found


def _read(answer: Any, what: str) -> Found:
    if not isinstance(answer, Mapping):
        raise SourceChanged(f"X's answer to {what} is no object")
    data, errors = answer.get("data", []), answer.get("errors", [])
    if not isinstance(data, list) or not isinstance(errors, list):
        raise SourceChanged(f"X's answer to {what} has no list of posts: its shape is not known")
    return Found(
        posts=data,
        users={
            id: name
            for user in _included(answer, "users")
            if (id := text_in(user, "id")) and (name := text_in(user, "username"))
        },
        others={id: post for post in _included(answer, "tweets") if (id := text_in(post, "id"))},
        errors=[error if isinstance(error, Mapping) else {} for error in errors],
    )


def _included(answer: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    records = value_in(answer, "includes", kind)
    return [r for r in records if isinstance(r, Mapping)] if isinstance(records, list) else []


def title_of(error: Mapping[str, Any]) -> str:
    """Return what X calls an error.

    Example:
        >>> title_of({"title": "Not Found Error", "value": "12"})
        'Not Found Error'
    """
    return (text_in(error, "title") or text_in(error, "message"))[:100] or "an error without a name"


def is_refusal(error: Mapping[str, Any]) -> bool:
    """Say whether an error is about what one may not see: protected, suspended, withheld."""
    return title_of(error) in ("Authorization Error", "Forbidden")


def is_missing(error: Mapping[str, Any]) -> bool:
    """Say whether an error is about what is not there, or not there any more."""
    return title_of(error) == "Not Found Error"


def _failure(errors: Sequence[Mapping[str, Any]], what: str) -> SimakError:
    first = errors[0]
    words = f"X does not answer {what}: {title_of(first)}"
    if detail := text_in(first, "detail")[:300]:
        words += f" ({detail})"
    if is_refusal(first):
        return AccessDenied(f"{words}; check the rights of the application")
    if is_missing(first):
        return ConfigurationError(f"{words}; check the options of the source")
    return SourceChanged(words)
