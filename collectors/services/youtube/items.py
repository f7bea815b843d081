"""YouTube's comment threads as mentions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any
from urllib.parse import quote

from collectors.html_text import plain_text
from collectors.payload import id_in, number_in, text_in, time_in, value_in
from simak.errors import BadRecord, SourceChanged
from simak.mention import RawMention
from simak.reasons import NO_TEXT, NO_WORDS, NOT_A_CUSTOMER, UNKNOWN_SHAPE

SITE = "https://www.youtube.com"


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and what is known of its replies.

    Attributes:
        id: the thread's and its first comment's.
        top: the first comment.
        replies: those that came with it.
        total: how many there are, as YouTube counts; None where it does not say.
    """

    id: str
    video: str
    top: Mapping[str, Any]
    replies: tuple[Any, ...]
    total: float | None

    @property
    def is_whole(self) -> bool:
        """Whether every reply came with it."""
        return self.total is not None and len(self.replies) >= self.total


@dataclass(slots=True)
class Reading:
    """What became of some threads."""

    mentions: list[RawMention] = field(default_factory=list)
    bad: list[BadRecord] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    def add(self, other: Reading) -> None:
        """Take in what became of others."""
        self.mentions += other.mentions
        self.bad += other.bad
        self.skipped += other.skipped


def threads_in(items: Iterable[Any], what: str) -> tuple[list[Thread], list[BadRecord]]:
    """Return the threads of an answer's items, and the items that are none.

    Raises:
        SourceChanged: not one is a thread; `what` names the answer.
    """
    threads: list[Thread] = []
    bad: list[BadRecord] = []
    for item in items:
        try:
            threads.append(_thread(item))
        except BadRecord as error:
            bad.append(error)
    if bad and not threads:
        raise SourceChanged(f"{what} holds no thread that can be read: {bad[0]}")
    return threads, bad


def _thread(item: Any) -> Thread:
    top = value_in(item, "snippet", "topLevelComment")
    if not isinstance(top, Mapping):
        raise BadRecord(UNKNOWN_SHAPE, record=item)
    replies = value_in(item, "replies", "comments")
    video = text_in(item, "snippet", "videoId") or text_in(top, "snippet", "videoId")
    return Thread(
        id=id_in(top, "id"),
        video=video,
        top=top,
        replies=tuple(replies) if isinstance(replies, list) else (),
        total=number_in(item, "snippet", "totalReplyCount"),
    )


def read_thread(thread: Thread, replies: Iterable[Any], own: Collection[str]) -> Reading:
    """Return the comments of a thread as mentions.

    What the brand's own channels wrote is no mention: the first of it in the thread is the reply
    to the comment that began it.

    Args:
        replies: all there are.
        own: ids of the brand's channels.
    """
    reading = Reading()
    answers: list[RawMention] = []
    for comment in {text_in(reply, "id") or i: reply for i, reply in enumerate(replies)}.values():
        try:
            raw = comment_of(comment, video=thread.video, thread=thread.id)
        except BadRecord as error:
            reading.bad.append(error)
            continue
        if _author_id(comment) in own:
            reading.skipped[NOT_A_CUSTOMER] += 1
            answers += [raw] if raw else []
        elif raw is None:
            reading.skipped[NO_WORDS] += 1
        else:
            reading.mentions.append(raw)
    answers.sort(key=lambda raw: raw.published_at.timestamp() if raw.published_at else inf)
    try:
        top = comment_of(thread.top, video=thread.video, answer=answers[0] if answers else None)
    except BadRecord as error:
        reading.bad.append(error)
        return reading
    if _author_id(thread.top) in own:
        reading.skipped[NOT_A_CUSTOMER] += 1
    elif top is None:
        reading.skipped[NO_WORDS] += 1
    else:
        reading.mentions.insert(0, top)
    return reading


def comment_of(
    comment: Any,
    *,
    video: str,
    thread: str | None = None,
    answer: RawMention | None = None,
) -> RawMention | None:
    """Return a comment, None where it has no words (a picture alone).

    Args:
        thread: of which it is a reply; None for the comment that began one.
        answer: the brand's reply to it.

    Raises:
        BadRecord: it is no comment.

    Example:
        >>> snippet = {"textDisplay": "Enak &amp; murah<br>mantap"}
        >>> comment_of({"id": "Ugx", "snippet": snippet}, video="abc").text
        'Enak & murah\\nmantap'
    """
    snippet = value_in(comment, "snippet")
    if not isinstance(snippet, Mapping):
        raise BadRecord(UNKNOWN_SHAPE, record=comment)
    name = id_in(comment, "id")
    if not any(isinstance(snippet.get(key), str) for key in ("textOriginal", "textDisplay")):
        raise BadRecord(NO_TEXT, record=comment)
    # What is displayed is HTML; what was written is given to some and not to others.
    text = text_in(snippet, "textOriginal") or plain_text(text_in(snippet, "textDisplay"))
    if not text:
        return None
    written, changed = time_in(snippet, "publishedAt"), time_in(snippet, "updatedAt")
    url = f"{SITE}/watch?v={quote(video, safe='')}&lc={quote(name, safe='.')}"
    return RawMention(
        external_id=name,
        text=text,
        channel="youtube",
        kind="comment",
        author=text_in(snippet, "authorDisplayName") or _author_id(comment) or None,
        published_at=written,
        edited_at=changed if changed != written else None,
        url=url if video else None,
        reply=answer.text if answer else None,
        reply_at=answer.published_at if answer else None,
        parent_id=thread,
        attributes={"video": video} if video else {},
    )


def _author_id(comment: Any) -> str:
    return text_in(comment, "snippet", "authorChannelId", "value")
