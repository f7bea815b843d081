"""The form of a new promise, with what its queries would count before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any

import streamlit as st

from dashboard import i18n, labels
from dashboard.i18n import N_, _, ngettext
from dashboard.parts import fields, filters, shell, words
from dashboard.parts.shell import View
from simak.errors import ConfigurationError
from simak.promised import GENERAL
from simak.relevance import parse_query
from store.promise_trial import Found, try_promise
from store.promises import SIDES, Side, add_promise

_FORM = "promise"
_FIELDS = ("text", "touchpoint", "since", "until", "broken", "kept")
_MAX_CHARS = 200
_EXAMPLES, _EXAMPLE_CHARS = 3, 280


def draw(view: View, *, first: bool) -> None:
    """Draw the form where it was asked for.

    Args:
        first: whether nothing is registered yet: then what a promise is is said, and the form
            stands open.
    """
    asked = view.choice("add", ("yes",), "") == "yes"
    if first:
        shell.empty(
            _("No promise is registered yet"),
            escape(
                _(
                    "A promise is what the company tells its customers: “sent the same day”, "
                    "“answered within an hour”. Write it down, say what it is about, and this "
                    "page shows how many customers say that it was kept and that it was broken."
                )
            ),
        )
    if not (asked or first) or not view.may("analyst"):
        return
    if fields.problems(_FORM):  # what has been put right since is no longer complained of
        fields.refuse(_FORM, _wrong(_typed()))
    st.header(_("Add a promise"), anchor=False)
    _draw_fields(view)
    _draw_trial(view)
    _draw_buttons(view, cancel=not first)


def _draw_fields(view: View) -> None:
    _field(
        "text",
        st.text_input,
        _("The promise, in the company's own words"),
        max_chars=_MAX_CHARS,
        placeholder=_("sent the same day"),
    )
    left, middle, right = st.columns(3)
    with left:
        _field(
            "touchpoint",
            st.selectbox,
            _("What it is about"),
            options=view.taxonomy.ids,
            index=None,
            placeholder=_("Choose a touchpoint"),
            format_func=lambda id: labels.touchpoint(view.taxonomy, id),
        )
    days = {
        "value": None,
        "min_value": fields.EARLIEST,
        "max_value": fields.LATEST,
        "format": "DD/MM/YYYY",
    }
    with middle:
        _field("since", st.date_input, _("Its first day"), **days)
    with right:
        _field("until", st.date_input, _("Its last day (empty: it still holds)"), **days)
    words.note(
        _(
            "How do customers name it? Write words joined by OR, “words in a row” in quotes, "
            "begin* for all words that begin so. Left empty, texts count that name any promise or "
            "estimate. The same query on both sides is often the best."
        )
    )
    left, right = st.columns(2)
    with left:
        _field("broken", st.text_input, _("Words of those who say it was broken (optional)"),
               placeholder='"same day" OR sameday')  # fmt: skip
    with right:
        _field("kept", st.text_input, _("Words of those who say it was kept (optional)"),
               placeholder='"same day" OR sameday')  # fmt: skip


def _field(name: str, widget: Any, label: str, **given: Any) -> None:
    widget(label, key=_key(name), **given)
    unread = name in SIDES and _unread(_typed()[name])
    if unread:
        fields.say(_(unread))
    else:
        fields.problem(_FORM, name)


def _key(name: str) -> str:
    return f"{_FORM}_{name}"


def _typed() -> dict[str, Any]:
    found: dict[str, Any] = {name: st.session_state.get(_key(name)) for name in _FIELDS}
    return {
        name: (value or "").strip() if name in ("text", *SIDES) else value
        for name, value in found.items()
    }


def _unread(query: str) -> str | None:
    """Say that a query cannot be read, where that is so; to be translated."""
    if not query:
        return None
    try:
        parse_query(query)
    except ConfigurationError:
        return N_(
            "This cannot be read: look at its quotes, brackets, AND, OR and NOT. It must name at "
            "least one word that occurs."
        )
    return None


def _draw_trial(view: View) -> None:
    """Draw what would count, as soon as it is known what the promise is about."""
    typed = _typed()
    if not typed["touchpoint"] or any(_unread(typed[side]) for side in SIDES):
        return
    asked: dict[Side, str] = {side: typed[side] or GENERAL for side in SIDES}
    found = view.ask(
        try_promise,
        view.state.brand or "",
        typed["touchpoint"],
        asked,
        since=typed["since"],
        examples=_EXAMPLES,
    )
    name = labels.touchpoint(view.taxonomy, typed["touchpoint"])
    left, right = st.columns(2)
    for place, side, title in (
        (left, "broken", _("Would count as broken")),
        (right, "kept", _("Would count as kept")),
    ):
        with place:
            _draw_side(found[side], title, name, bad=side == "broken")  # type: ignore[index]


def _draw_side(found: Found, title: str, name: str, *, bad: bool) -> None:
    texts = ngettext("{n} text has these words", "{n} texts have these words", found.texts)
    if bad:
        told = ngettext(
            "{texts}; {n} of them speaks badly of {touchpoint}.",
            "{texts}; {n} of them speak badly of {touchpoint}.",
            found.counted,
            texts=texts,
            touchpoint=name,
        )
    else:
        told = ngettext(
            "{texts}; {n} of them speaks well of {touchpoint}.",
            "{texts}; {n} of them speak well of {touchpoint}.",
            found.counted,
            texts=texts,
            touchpoint=name,
        )
    body = _quoted(_("These would count:"), found.examples)
    body += _quoted(_("These have the words and speak of something else:"), found.others)
    st.html(
        f'<div class="sm-empty" role="status"><h3>{escape(title)}: {i18n.number(found.counted)}'
        f"</h3><p>{escape(told)}</p>{body}</div>"
    )


def _quoted(title: str, texts: list[str]) -> str:
    if not texts:
        return ""
    said = "".join(f'<li dir="auto">{escape(_cut(text))}</li>' for text in texts)
    return f'<p class="sm-note">{escape(title)}</p><ul class="sm-note">{said}</ul>'


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXAMPLE_CHARS else f"{line[:_EXAMPLE_CHARS]}…"


def _draw_buttons(view: View, *, cancel: bool) -> None:
    with st.container(horizontal=True, gap="small"):
        saving = st.button(_("Save the promise"), type="primary", on_click=_check)
        if cancel:
            st.button(_("Cancel"), on_click=_leave)
    if fields.problems(_FORM):
        fields.say(_("Not saved yet: see what is said beside the fields."))
    elif saving:
        _save(view)


def _check() -> None:
    fields.refuse(_FORM, _wrong(_typed()))


def _wrong(typed: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong, to be translated."""
    found = {}
    if not typed["text"]:
        found["text"] = N_("Write down what is promised.")
    if not typed["touchpoint"]:
        found["touchpoint"] = N_("Choose what it is about.")
    since, until = typed["since"], typed["until"]
    if since is None:
        found["since"] = N_("Choose the first day that it holds.")
    elif until is not None and until < since:
        found["until"] = N_("The last day is before the first.")
    return found | {side: wrong for side in SIDES if (wrong := _unread(typed[side]))}


def _leave() -> None:
    fields.refuse(_FORM, {})
    filters.choose("add", None)


def _save(view: View) -> None:
    typed = _typed()
    with st.spinner(_("Holding it against every text of the brand…"), show_time=True):
        made = add_promise(view.store, brand=view.state.brand or "", now=datetime.now(UTC), **typed)
    fields.done(_("“{text}” is registered.", text=made.text))
    filters.move(filters.current().choosing("add", None).choosing("promise", str(made.id)))
    st.rerun()
