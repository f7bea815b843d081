"""What is sent: one alert with its words and link, or a digest of several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten
from urllib.parse import urlencode

from alerts.language import Language
from alerts.sentences import told
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings
from store.address import MENTIONS
from store.alerts import Alert
from store.engine import Store
from store.lists import MentionRow, get_mentions

PAGE = "alerts"
"""The dashboard's page of alerts."""

SOURCES = "sources"
"""The dashboard's page that tells how sources stand."""

_QUOTE_CHARS = 280

_CALLS = re.compile(r"@(?=\w)|<(?=[!@#])")
"""What would call everybody of a chat, or somebody: customers write it too."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent.

    Attributes:
        title: one line.
        body: paragraphs; the first are kept where a channel has less room, all but the last few.
        ends: lines that are kept in any case.
    """

    title: str
    body: tuple[str, ...]
    ends: tuple[str, ...] = ()

    def text(self, room: int) -> str:
        """Return the body in so many characters at most.

        Example:
            >>> Message("a", ("one", "two", "three"), ("end",)).text(14)
            'one\\n\\ntwo\\n\\nend'
        """
        for kept in range(len(self.body), 0, -1):
            text = "\n\n".join([*self.body[:kept], *self.ends])
            if len(text) <= room:
                return text
        rest = "\n\n".join(self.ends)
        left = room - len(rest) - 3
        first = self.body[0] if self.body else ""
        return f"{first[:left]}…\n\n{rest}" if left > 0 else rest[:room]


def language_of(settings: Settings) -> Language:
    """Return the language that messages are written in."""
    return Language(settings.language, taxonomy_of(settings))


def message(store: Store, settings: Settings, alert: Alert, again: bool = False) -> Message:
    """Return an alert as it is sent: why, in whose words, and the way to its mentions.

    Args:
        again: it was told before, and nobody has taken note of it.
    """
    language = language_of(settings)
    said = told(alert, language, store.zone)
    title, sentences = said.title, said.sentences
    if again:
        when = language.moment(alert.found_at, store.zone)
        title = language.text("reminder", title=title)
        sentences = (language.text("unnoted", when=when), *sentences)
    body = ["\n".join(sentences)]
    quotes = verbatims(store, alert)
    if quotes:
        words = [f"• “{_quoted(row.text)}”" for row in quotes]
        body += [f"{language.text('verbatims')}\n{words[0]}", *words[1:]]
    return Message(_line(title), tuple(body), _ends(settings, alert, language))


def digest(
    store: Store, settings: Settings, found: Sequence[tuple[Alert, bool]], every: str
) -> Message:
    """Return several alerts as one message, a title and a sentence each.

    Args:
        found: each with whether it was told before, and nobody has taken note of it.
        every: `daily` or `weekly`.
    """
    language = language_of(settings)
    alone = "_one" if len(found) == 1 else ""
    title = language.text(f"digest_{every}{alone}", n=language.number(len(found)))
    if n := sum(again for _alert, again in found):
        title += language.text("digest_again", n=language.number(n))
    body = []
    for place, (alert, again) in enumerate(found, 1):
        said = told(alert, language, store.zone)
        link = link_of(settings, alert, language.code)
        named = language.text("reminder", title=said.title) if again else said.title
        lines = [f"{place}. {_line(named)}", said.sentences[0], *([link] if link else [])]
        body.append("\n".join(lines))
    page = _address(settings, PAGE, urlencode({"lang": language.code}))
    return Message(title, tuple(body), (language.text("page", link=page),) if page else ())


def test_message(settings: Settings, channel: str) -> Message:
    """Return what a channel is tried with."""
    language = language_of(settings)
    return Message(language.text("test_title"), (language.text("test_body", channel=channel),))


def verbatims(store: Store, alert: Alert) -> list[MentionRow]:
    """Return the mentions that an alert is told in, as they are stored now; without a text none."""
    known = {row.id: row for row in get_mentions(store, alert.mentions)} if alert.mentions else {}
    rows = (known[id] for id in alert.mentions if id in known)
    return [row for row in rows if row.text and row.deleted_at is None]


def link_of(settings: Settings, alert: Alert, lang: str) -> str | None:
    """Return the address that opens what an alert is about; None where no dashboard is named."""
    if alert.query is None:
        return _address(settings, SOURCES, urlencode({"lang": lang}))
    return _address(settings, MENTIONS, f"{urlencode({'lang': lang})}&{alert.query}")


def _ends(settings: Settings, alert: Alert, language: Language) -> tuple[str, ...]:
    link = link_of(settings, alert, language.code)
    opened = (language.text("open", link=link),) if link else ()
    return (*opened, f"simak alert ack {alert.id}")


def _address(settings: Settings, page: str, query: str) -> str | None:
    if settings.dashboard_url is None:
        return None
    return f"{settings.dashboard_url.rstrip('/')}/{page}?{query}"


def _quoted(text: str) -> str:
    return _CALLS.sub(lambda sign: f"{sign[0]}\u2060", shorten(text, _QUOTE_CHARS, placeholder="…"))


def _line(text: str) -> str:
    return " ".join(text.split())
