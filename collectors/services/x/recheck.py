"""Asks X again for posts that are known, for what was edited or deleted since."""

from __future__ import annotations

from typing import Any

from collectors.payload import read_all, text_in
from collectors.services.x.answers import Found, is_missing, is_refusal
from collectors.services.x.api import XApi
from collectors.services.x.budget import Budget
from collectors.services.x.items import mention_of, versions_of
from collectors.source import Page
from simak.errors import BadRecord, SourceChanged
from simak.mention import RawMention

DOUBTFUL = 25
"""So many that are all gone at once are likelier a failure to answer."""


def ask_again(api: XApi, budget: Budget, ids: list[str]) -> Page:
    """Return what became of up to 100 posts, named by their first versions.

    One that is deleted, or that may not be seen any more (its account protected or suspended),
    comes without text.

    Raises:
        SimakError: X cannot be asked, or its answer cannot be read.
    """
    found = _look(api, budget, ids)
    alive = {text_in(post, "id") for post in found.posts}
    gone = {
        text_in(error, "resource_id") or text_in(error, "value")
        for error in found.errors
        if is_missing(error) or is_refusal(error)
    }.intersection(ids) - alive
    if not (gone or alive.intersection(ids)):
        raise SourceChanged("X's answer to the request for posts by id is about none of them")
    if len(gone) >= DOUBTFUL and not alive:
        return Page(missed=(f"X knows none of {len(gone)} recent posts: asked again next time",))
    # Asked for its first version, an edited post is that; with the ids of the later ones.
    newer = [newest for post in found.posts if (newest := _newer(post))][: budget.left()]
    edited = _look(api, budget, newer) if newer else Found([], {}, {}, ())
    users = {**found.users, **edited.users}

    def read(post: Any) -> RawMention | None:
        return None if _newer(post) else mention_of(post, users)

    mentions, bad = read_all(
        [*found.posts, *edited.posts], read, "X's answer to the request for posts by id"
    )
    mentions = [raw for raw in mentions if raw.external_id in ids]
    mentions += [RawMention(external_id=id, channel="x", deleted=True) for id in ids if id in gone]
    return Page(mentions=tuple(mentions), bad=tuple(bad))


def _look(api: XApi, budget: Budget, ids: list[str]) -> Found:
    found = api.posts(ids)
    budget.spend(found.read, again=True)
    return found


def _newer(post: Any) -> str | None:
    """The id of the newest version of a post, where this is an older one."""
    try:
        newest = versions_of(post)[-1]
    except BadRecord:
        return None
    return newest if newest != text_in(post, "id") else None
