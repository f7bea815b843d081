"""What the commands of a job brought, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from dashboard import i18n, standing
from dashboard.i18n import _, ngettext
from store.runs import Run

_MARKED = 5
_TEXT_CHARS = 220


def said(results: Sequence[Any]) -> list[str]:
    """Return a sentence for each thing that came of it.

    Args:
        results: what each command printed as JSON.
    """
    return [sentence for one in _each(results) for sentence in _said(one)]


def marked(results: Sequence[Any]) -> list[str]:
    """Return, as HTML, some of the texts that a touchpoint just taught marks."""
    return [example(text) for one in _each(results) for text in one.get("marked", ())[:_MARKED]]


def asks_for_tags(results: Sequence[Any]) -> bool:
    """Whether all is to be tagged again: a touchpoint was taught."""
    return any("marked" in one for one in _each(results))


def example(text: str, source: str = "") -> str:
    """Return a text, cut, as a small card of HTML."""
    said = " ".join(text.split())
    cut = said[:_TEXT_CHARS] + ("…" if len(said) > _TEXT_CHARS else "")
    head = f'<div class="head">{escape(source)}</div>' if source else ""
    return (
        f'<article class="sm-card neutral">{head}<div class="text" dir="auto">{escape(cut)}'
        "</div></article>"
    )


def _each(results: Sequence[Any]) -> Iterator[Mapping[str, Any]]:
    for result in results:
        for one in result if isinstance(result, list) else [result]:
            if isinstance(one, Mapping):
                yield one


def _said(one: Mapping[str, Any]) -> Iterator[str]:
    if {"kind", "got", "started_at"} <= one.keys():
        run = Run(**one)
        yield standing.got(run)
        if run.skipped:
            yield ngettext(
                "{n} record was left out: see Data sources.",
                "{n} records were left out: see Data sources.",
                sum(run.skipped.values()),
            )
    elif "marked" in one:
        yield _(
            "It finds {found} of your {n} examples when it has not seen them; expect an F1 of "
            "about {f1}.",
            found=i18n.number(one["found"]),
            n=i18n.number(one["examples"]),
            f1=i18n.percent(one["f1"]),
        )
        yield ngettext(
            "It marks {n} of {all} other texts; where that is not what you mean, remove it and "
            "teach it again with such texts as counter-examples.",
            "It marks {n} of {all} other texts; where that is not what you mean, remove it and "
            "teach it again with such texts as counter-examples.",
            len(one["marked"]),
            all=i18n.number(one["texts"]),
        )
    elif {"source", "items"} <= one.keys():
        yield ngettext(
            "{source} works: {n} record on the first pages.",
            "{source} works: {n} records on the first pages.",
            one["items"],
            source=one["source"],
        )
    elif {"brand", "polarity", "themes"} <= one.keys():
        about = _("complaints") if one["polarity"] == "negative" else _("praise")
        yield ngettext(
            "{brand}: {n} theme in its {about}.",
            "{brand}: {n} themes in its {about}.",
            one["themes"],
            brand=one["brand"],
            about=about,
        )
