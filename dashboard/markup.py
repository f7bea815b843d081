"""HTML of what customers said. Whatever comes from outside is escaped here, before it is shown.

Streamlit's markdown would read `$`, `:smile:`, `[links]` and `<tags>` in a review as its own;
plain HTML with everything escaped shows them as they were written.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import urlsplit

from simak.tags import TouchpointTag

FOLD_CHARS = 700
"""A longer text shows its beginning; the rest unfolds."""

EXCERPT_CHARS = 280


def safe_link(url: str | None) -> str | None:
    """Return `url` where it is a plain web address, else None.

    Example:
        >>> safe_link("javascript:alert(1)") is None
        True
    """
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else None


def highlighted(
    text: str,
    touchpoints: Mapping[str, TouchpointTag],
    names: Mapping[str, str],
    symbols: Mapping[str, str],
) -> str:
    """Return `text` escaped, with the evidence of each touchpoint marked and named.

    Spans that overlap share one mark, which names them all and takes the first one's polarity;
    spans outside the text are left out.

    Args:
        names: touchpoint id to the name shown.
        symbols: polarity to the sign shown before the name.

    Example:
        >>> tag = TouchpointTag("negative", span=(0, 4))
        >>> highlighted("lama <b>", {"delivery": tag}, {"delivery": "Kirim"}, {"negative": "−"})
        '<mark class="ev negative">lama<span class="ev-name">− Kirim</span></mark> &lt;b&gt;'
    """
    marks: list[tuple[int, int, str, list[str]]] = []
    spans = sorted(
        (tag.span[0], min(tag.span[1], len(text)), tag.polarity, id)
        for id, tag in touchpoints.items()
        if tag.span is not None and 0 <= tag.span[0] < min(tag.span[1], len(text))
    )
    for start, end, polarity, id in spans:
        label = f"{symbols.get(polarity, '')} {names.get(id, id)}".strip()
        if marks and start < marks[-1][1]:
            first, last, kept, labels = marks[-1]
            marks[-1] = (first, max(last, end), kept, [*labels, label])
        else:
            marks.append((start, end, polarity, [label]))
    pieces, done = [], 0
    for start, end, polarity, labels in marks:
        pieces.append(escape(text[done:start]))
        pieces.append(
            f'<mark class="ev {escape(polarity)}">{escape(text[start:end])}'
            f'<span class="ev-name">{escape(" · ".join(labels))}</span></mark>'
        )
        done = end
    pieces.append(escape(text[done:]))
    return "".join(pieces)


def folded(text: str, marked: str, more: str) -> str:
    """Return the body of a text: whole where it is short, else its beginning above the whole.

    Args:
        text: the plain text.
        marked: the same as HTML, from `highlighted`.
        more: the words that unfold the rest.
    """
    if len(text) <= FOLD_CHARS:
        return f'<div class="text" dir="auto">{marked}</div>'
    cut = text[:FOLD_CHARS].rsplit(None, 1)[0] or text[:FOLD_CHARS]
    return (
        f'<details class="text" dir="auto"><summary><span class="start">{escape(cut)}…</span> '
        f'<span class="more">{escape(more)}</span></summary>'
        f'<div class="whole">{marked}</div></details>'
    )


def filled(sentence: str, **parts: str) -> str:
    """Return a sentence with HTML in its `{places}`, everything else escaped.

    Example:
        >>> filled("{n} & more", n="<b>2</b>")
        '<b>2</b> &amp; more'
    """
    return escape(sentence, quote=False).format(**parts)


def excerpt(text: str) -> str:
    """Return the beginning of a text, where it is long."""
    if len(text) <= EXCERPT_CHARS:
        return text
    return f"{text[:EXCERPT_CHARS].rsplit(None, 1)[0]}…"
