"""No themes yet: what they are, and the way to have them found."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n
from dashboard.i18n import _, ngettext
from dashboard.jobs import jobs
from dashboard.parts import shell, words, working
from dashboard.parts.shell import View
from insights.themes.grouping import MIN_TEXTS
from store.engine import Store
from store.theme_texts import count_texts
from store.themes import Polarity, brand_names


def draw(view: View, polarity: Polarity) -> None:
    """Say what themes are and what they need; offer to find them where there is enough."""
    n = view.ask(texts_there, view.state.brand or "", polarity)
    figures = {"n": i18n.number(n), "least": i18n.number(MIN_TEXTS)}
    what = _(
        "A theme is a group of texts that speak of the same thing, named by people's own words: "
        "what complaints are about, below the touchpoint."
    )
    if n < MIN_TEXTS:
        few = (
            _("This brand has {n} different complaints; themes need at least {least}.", **figures)
            if polarity == "negative"
            else _(
                "This brand has {n} different texts that praise it; themes need at least {least}.",
                **figures,
            )
        )
        shell.empty(_("Too little is said for themes"), escape(what), escape(few))
        return
    shell.empty(
        _("No themes yet"),
        escape(what),
        escape(_("The night finds them by itself; you need not wait for it.")),
    )
    button(view)


def draw_waiting(view: View, n: int) -> None:
    """Say that something is not grouped yet."""
    words.alert(
        ngettext(
            "{n} mention has not been grouped yet and is in no theme.",
            "{n} mentions have not been grouped yet and are in no theme.",
            n,
        )
    )
    button(view)


def button(view: View) -> None:
    """Draw the button that has the themes found; none while something is at work."""
    job = jobs().last(view.settings)
    if (job is not None and job.running) or not view.may_collect:
        return
    st.button(
        _("Find the themes"),
        key="find_themes",
        icon=":material/category_search:",
        help=_("What complaints and praise are about, in their own words: minutes."),
        on_click=working.start,
        args=(view, "themes", [working.THEMES]),
    )


def texts_there(store: Store, brand: str, polarity: Polarity) -> int:
    """Return how many different texts of a brand complain, or praise; `MIN_TEXTS` are enough."""
    ids = [id for id, name in brand_names(store).items() if name == brand]
    return count_texts(store, ids[0], polarity, at_most=MIN_TEXTS) if ids else 0
