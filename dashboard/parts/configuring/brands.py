"""Brands and their queries, tried on the stored texts before they are saved."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import i18n
from dashboard.i18n import _, ngettext
from dashboard.parts import tables, words
from dashboard.parts.configuring import saving
from dashboard.parts.outcomes import example
from simak.errors import ConfigurationError
from simak.relevance import Relevance, parse_query
from simak.settings_file import SettingsFile
from store.query_trial import Side, Trial, try_query

if TYPE_CHECKING:
    from dashboard.parts.shell import View

_NEW = ""


def draw(view: View, file: SettingsFile) -> None:
    """Draw the queries: which there are, one to edit, and what it would do."""
    written = {entry["name"]: entry for entry in file.entries("brand")}
    names = list(dict.fromkeys([*view.brands, *written]))
    asked = sum(name in written for name in names)
    words.finding(
        ngettext("{n} brand has a query.", "{n} brands have a query.", asked)
        if asked
        else _("No brand has a query yet."),
        _(
            "A query says which texts of places that speak of everything (news, forums, search) "
            "are about the brand. Of a brand without one every text is taken; of the brand's own "
            "places (its app, its tickets) every text always is."
        ),
    )
    chosen = st.selectbox(
        _("Brand"),
        [*names, _NEW],
        format_func=lambda name: name or _("Another brand …"),
        key=f"brand_{file.stamp}",
    )
    name = chosen
    if chosen == _NEW:
        name = str(st.text_input(_("Its name"), key=f"brand_new_{file.stamp}", max_chars=80))
        name = name.strip()
    entry = written.get(name, {})
    key = f"{file.stamp}_{chosen}"
    query = str(
        st.text_area(
            _("Query"),
            entry.get("query", ""),
            key=f"query_{key}",
            placeholder="(senandika OR @senandika_id) AND NOT lowongan",
            help=_(
                "Words and “phrases”, joined by AND, OR and NOT; senja* finds what begins so. "
                "Ctrl+Enter tries it."
            ),
        )
    ).strip()
    context = _words(
        str(
            st.text_input(
                _("Words of which one must occur too (optional)"),
                ", ".join(entry.get("context", [])),
                key=f"context_{key}",
                placeholder="toko, sofa, kurir",
                help=_("For names that mean other things. Several are separated by commas."),
            )
        )
    )
    relevance = _parsed(query, context)
    with st.container(horizontal=True):
        st.button(
            _("Save the query"),
            type="primary",
            key="save_query",
            disabled=relevance is None or not name,
            on_click=_save,
            args=(view, file.stamp, name, query, context),
        )
        if entry:
            st.button(
                _("Remove the query"),
                key="remove_query",
                on_click=_remove,
                args=(view, file.stamp, name),
            )
    saving.where(
        file,
        _(
            "Changes [[brand]]. It holds for what is collected from now on; stored texts are left "
            "as they are."
        ),
    )
    if relevance is not None and name in view.brands:
        _draw_trial(try_query(view.store, name, relevance))
    elif relevance is not None and name:
        words.note(_("Nothing of this brand is stored yet on which the query could be tried."))


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _parsed(query: str, context: Sequence[str]) -> Relevance | None:
    if not query:
        return None
    try:
        return parse_query(query, context)
    except ConfigurationError as error:
        words.alert(str(error))
        return None


def _save(view: View, stamp: str, name: str, query: str, context: list[str]) -> None:
    saving.save(view, stamp, lambda file: file.put_brand(name, query, context), typed=query)


def _remove(view: View, stamp: str, name: str) -> None:
    saving.save(view, stamp, lambda file: file.remove("brand", name))


def _draw_trial(trial: Trial) -> None:
    kept, dropped = trial.kept, trial.dropped
    n = kept.n + dropped.n
    st.header(_("Tried on the stored texts"), anchor=False)
    words.finding(
        _(
            "Of {n} texts it would keep {kept} ({share}) and leave out {dropped}.",
            n=i18n.number(n),
            kept=i18n.number(kept.n),
            share=i18n.percent(kept.n / n) if n else "–",
            dropped=i18n.number(dropped.n),
        ),
        count=kept.n,
    )
    sources = sorted(kept.by_source.keys() | dropped.by_source.keys())
    tables.table(
        [_("Source"), _("Kept"), _("Left out")],
        [
            (
                [
                    escape(source),
                    *(i18n.number(side.by_source.get(source, 0)) for side in (kept, dropped)),
                ],
                False,
            )
            for source in sources
        ],
    )
    places = st.columns(2)
    for place, title, sign, side in zip(
        places, (_("Kept"), _("Left out")), ("✓", "✗"), (kept, dropped), strict=True
    ):
        with place:
            _draw_examples(f"{sign} {title}", side)


def _draw_examples(title: str, side: Side) -> None:
    st.html(f"<h3>{escape(title)} ({i18n.number(side.n)})</h3>")
    if not side.n:
        words.note(_("None."))
        return
    st.html("".join(example(text, source) for _id, source, text in side.examples))
