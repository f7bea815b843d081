"""One alert as a card: why it is one, in whose words, and where it went."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from textwrap import shorten

from alerts.language import Language
from alerts.messages import SOURCES, verbatims
from alerts.sentences import told
from dashboard import i18n, links
from dashboard.i18n import N_, _
from dashboard.labels import name
from dashboard.links import linked
from dashboard.parts.shell import View
from store.alerts import Alert
from store.deliveries import FAILED, MUTED, SENDING, SENT, UNSURE, WAITING, Delivery

_QUOTE_CHARS = 280

_STATUSES = {
    WAITING: N_("waits"),
    SENDING: N_("is being sent"),
    SENT: N_("sent"),
    FAILED: N_("given up"),
    UNSURE: N_("may not have arrived: the run was killed while it sent it"),
    MUTED: N_("muted"),
}
_DIGESTS = {"daily": N_("with the day's others"), "weekly": N_("with the week's others")}


def html(view: View, one: Alert, language: Language) -> str:
    """Return an alert as HTML."""
    said = told(one, language, view.store.zone)
    lines = [
        f'<div class="head">{_head(view, one, language)}</div>',
        f'<h2 class="sm-told" dir="auto">{escape(said.title)}</h2>',
        "".join(f'<p dir="auto">{escape(text)}</p>' for text in said.sentences),
        "".join(_quotes(view, one)),
        f'<p class="sm-note">{_opened(view, one)}</p>',
        "".join(f'<p class="sm-note">{line}</p>' for line in _sent(view, one)),
    ]
    tone = "neutral" if one.acknowledged_at else "negative"
    return f'<article class="sm-card sm-alert {tone}">{"".join(lines)}</article>'


def _head(view: View, one: Alert, language: Language) -> str:
    noted = (
        _("✓ {name} has taken note", name=one.acknowledged_by)
        if one.acknowledged_at
        else _("● open")
    )
    found = _("found {when}", when=i18n.moment(one.found_at, view.store.zone))
    parts = [
        f'<span class="tone">{escape(language.text(f"kind_{one.kind}"))}</span>',
        f"<span>{escape(i18n.days(one.since, one.until))}</span>",
        f"<span>{escape(found)}</span>",
        f'<span dir="auto">{escape(noted)}</span>',
    ]
    return "".join(parts)


def _quotes(view: View, one: Alert) -> Iterator[str]:
    for row in verbatims(view.store, one):
        text = shorten(row.text, _QUOTE_CHARS, placeholder=" …")
        yield f'<blockquote class="sm-quote" dir="auto">{escape(text)}</blockquote>'


def _opened(view: View, one: Alert) -> str:
    if one.query is None:
        text = escape(_("All about the sources"))
        return f'<a href="{links.href(SOURCES, view.state.shared())}">{text}</a>'
    return linked(_("Read the mentions behind it"), f"lang={view.state.lang}&{one.query}")


def _sent(view: View, one: Alert) -> Iterator[str]:
    for sent in one.deliveries:
        sign = "▲ " if sent.status in (FAILED, UNSURE) or sent.error else ""
        to = _("{channel}, reminder", channel=sent.channel) if sent.reminder else sent.channel
        yield escape(f"{sign}{to}: {_status(view, sent)}")
    if not one.deliveries:
        yield escape(_("On this page alone: no channel is set for it."))


def _status(view: View, sent: Delivery) -> str:
    zone = view.store.zone
    text = name(_STATUSES, sent.status)
    if sent.status == SENT and sent.sent_at is not None:
        text = _("sent {when}", when=i18n.moment(sent.sent_at, zone))
    elif sent.status == WAITING:
        text = _("waits until {when}", when=i18n.moment(sent.due_at, zone))
    if sent.digest and sent.status in (WAITING, SENDING, SENT):
        text = f"{text}, {name(_DIGESTS, sent.digest)}"
    # What an error says is the services' own, as in a log.
    return f"{text}: {sent.error}" if sent.error and sent.status != SENT else text
