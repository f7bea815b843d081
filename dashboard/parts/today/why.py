"""What made an event, in sentences, each number a link to its mentions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape

from dashboard import i18n, labels
from dashboard.i18n import _, ngettext
from dashboard.links import linked
from dashboard.markup import filled, safe_link
from dashboard.parts.marked import about
from dashboard.parts.shell import View
from insights.brief import Happened
from insights.spikes import Explanation, Part

_WORDS, _NAMES = 5, 4
"""Named at most."""


def sentences(view: View, one: Happened) -> Iterator[str]:
    """Yield what is known of an event, as HTML."""
    head, why = one.event.head, one.why
    rose = (head.ratio.value or 0) > 1
    low, high = (i18n.number(end or 0, 1) for end in (head.ratio.low, head.ratio.high))
    yield filled(
        _(
            "{ratio} times the usual (95% interval {interval}), {strength} standard deviations "
            "from it; known since the evening of {day}."
        ),
        ratio=i18n.number(head.ratio.value or 0, 1),
        interval=i18n.between(low, high),
        strength=i18n.number(one.event.strength, 1),
        day=escape(i18n.day(one.event.known)),
    )
    if why.collection.changed:
        yield escape(_("What is collected has changed, and that explains it."))
    if why.copied:
        yield escape(_("Copied texts explain it."))
    if rose:
        yield from _made_of(view, why)
    also = [
        f"{linked(about(view, other), view.to(other.behind), other.seen.k)} "
        f"({i18n.number(other.seen.k or 0)})"
        for other in one.event.also[:_NAMES]
    ]
    if also:
        form = _("Rose with it: {names}.") if rose else _("Fell with it: {names}.")
        yield filled(form, names=", ".join(also))


def _made_of(view: View, why: Explanation) -> Iterator[str]:
    """Yield what there is more of than before."""
    said = [
        f"“{linked(told.word.word, view.to(told.behind), told.seen.k)}” "
        f"({i18n.number(told.seen.k or 0)})"
        for told in why.words[:_WORDS]
    ]
    if said:
        yield filled(_("Said more often than before: {words}."), words=", ".join(said))
    if blamed := _named(view, why.touchpoints, _touchpoint(view)):
        yield filled(_("Mostly about: {names}."), names=blamed)
    # A channel that gives as large a part of them as ever explains nothing.
    apart = [_named(view, [part for part in why.channels if part.apart], _channel)]
    apart.append(_named(view, why.facets, _facet))
    if any(apart):
        yield filled(_("A larger part than before: {names}."), names=", ".join(filter(None, apart)))
    if why.posts and why.posts[0].n > 1:
        post = why.posts[0]
        text = ngettext("{n} of them answers one post", "{n} of them answer one post", post.n)
        link = safe_link(post.url)
        yield f'<a href="{escape(link)}">{escape(text)}</a>.' if link else f"{escape(text)}."


def _named(view: View, parts: Sequence[Part], name: Callable[[Part], str]) -> str:
    """Return the parts that made it more, each with its mentions; nothing without any."""
    return ", ".join(
        f"{linked(name(part), view.to(part.behind), part.seen.k)} ({i18n.number(part.seen.k or 0)})"
        for part in [part for part in parts if part.excess > 0][:_NAMES]
    )


def _touchpoint(view: View) -> Callable[[Part], str]:
    return lambda part: labels.touchpoint(view.taxonomy, part.name)


def _channel(part: Part) -> str:
    return labels.channel(part.name)


def _facet(part: Part) -> str:
    return f"{labels.facet(part.dimension)} {part.name}"
