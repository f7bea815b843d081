"""What surrounds every page: the store, the address, the header, the filters, the plain errors."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import NoReturn

import streamlit as st

from dashboard import i18n, labels
from dashboard.i18n import N_, _, ngettext
from dashboard.parts import filters, guide, picks, words, working
from dashboard.queries import Queries, store_at
from dashboard.state import State, read, read_brand, read_language
from dashboard.style import CSS, ICON
from simak.errors import SimakError
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings, load_settings
from simak.taxonomy import Taxonomy
from store.filter import Filter
from store.rollups import Facets

FOLDER = Path(__file__).parents[1]
"""Page files lie in `views`: a `pages` folder beside app.py, Streamlit would run by itself."""

MENTIONS = picks.MENTIONS_PAGE

PAGES = {
    "overview": N_("Overview"),
    "touchpoints": N_("Touchpoints"),
    "mentions": N_("Reviews & mentions"),
    "sources": N_("Data sources"),
    "model": N_("Model"),
    "settings": N_("Settings"),
}

_UNFILTERED = ("sources", "model", "settings")
"""The pages that are about no selection of mentions."""

_ICONS = {
    "overview": ":material/monitoring:",
    "touchpoints": ":material/route:",
    "mentions": ":material/forum:",
    "sources": ":material/database:",
    "model": ":material/fact_check:",
    "settings": ":material/settings:",
}


@dataclass(frozen=True)
class View:
    """What a page is drawn from.

    Attributes:
        state: what the address says.
        notes: what the address says that is not understood.
        filter: the filter that every page shares.
        facets: what there is to filter by for the brand.
        brands: every brand, most mentions first.
        dark: whether the reader has the dark theme.
    """

    page: str
    state: State
    notes: list[str]
    filter: Filter
    facets: Facets
    brands: list[str]
    queries: Queries
    taxonomy: Taxonomy
    settings: Settings
    dark: bool


def run() -> None:
    """Run the page that the address names."""
    st.set_page_config(page_title="Simak", page_icon=ICON, layout="wide")
    st.html(CSS)
    try:
        settings = load_settings()
    except SimakError as error:
        _fail(_("The settings are not right"), error)
    i18n.use(read_language(query(), settings.language))
    pages = [
        st.Page(
            FOLDER / "views" / f"{name}.py",
            title=f"{_(title)} · Simak",
            url_path=name,
            default=name == "overview",
        )
        for name, title in PAGES.items()
    ]
    page = st.navigation(pages, position="hidden")
    picks.follow()
    page.run()


def open_page(name: str) -> View:
    """Open the store, read the address and draw what stands above and beside the page.

    Where something is wrong, or there is nothing to show, that is said and the run ends here.
    """
    settings = load_settings()
    try:
        store = store_at(settings.store_url, settings.timezone)
        taxonomy = taxonomy_of(settings)
        queries = Queries.of(store)
        view = _read(name, queries, taxonomy, settings)
    except SimakError as error:
        _fail(_("The store cannot be used"), error)
    filters.remember(view.state, view.queries)
    _header(view)
    if name not in _UNFILTERED and guide.wanted(view):
        guide.draw(view)
    working.draw(view)
    if not view.brands:
        return view
    if name not in _UNFILTERED:
        # Asked whatever the channel, or the toggle would come and go with it.
        period = view.filter.but(channels=(), languages=(), copies=True)
        copied = view.queries.repeats(period).n > 0
        filters.sidebar(view.state, view.facets, view.brands, copied=copied)
    return view


def query() -> dict[str, list[str]]:
    """Return the parameters of the address."""
    return {key: st.query_params.get_all(key) for key in st.query_params}


def empty(title: str, *advice: str) -> None:
    """Say that there is nothing to show, and what to do; `advice` is HTML."""
    body = "".join(f"<p>{text}</p>" for text in advice)
    st.html(f'<div class="sm-empty" role="status"><h3>{escape(title)}</h3>{body}</div>')


def nothing_matches(view: View) -> NoReturn:
    """Say that no mention passes the filters, offer a way out, and end the run."""
    empty(
        _("Nothing matches these filters"),
        escape(_("Take a longer period, or clear the filters.")),
    )
    wide = State(lang=view.state.lang, brand=view.state.brand, period="all")
    st.page_link(
        f"views/{view.page}.py",
        label=_("Show everything about this brand"),
        icon=":material/filter_alt_off:",
        query_params=wide.query(),
    )
    st.stop()


def _read(name: str, queries: Queries, taxonomy: Taxonomy, settings: Settings) -> View:
    asked = query()
    brands = queries.brands()
    facets = queries.facets(read_brand(asked, brands))
    state, notes = read(
        asked, lang=i18n.language(), brands=brands, facets=facets, touchpoints=taxonomy.ids
    )
    return View(
        page=name,
        state=state,
        notes=notes,
        filter=state.filter(facets.last),
        facets=facets,
        brands=brands,
        queries=queries,
        taxonomy=taxonomy,
        settings=settings,
        dark=st.context.theme.type == "dark",
    )


def _header(view: View) -> None:
    shared = view.state.shared().query()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html('<span class="sm-mark">Sim<i>a</i>k</span>', width="content")
        for name, title in PAGES.items():
            st.page_link(f"views/{name}.py", label=_(title), icon=_ICONS[name], query_params=shared)
        filters.language_switch(view.state)
    st.title(_(PAGES[view.page]), anchor=False)
    if view.brands and view.page not in _UNFILTERED:
        st.html(f'<p class="sm-under">{escape(_summary(view))}</p>')
    if view.notes:
        notes = "".join(f"<p>{words.SIGN} {escape(note)}</p>" for note in view.notes)
        st.html(f'<div class="sm-note" role="status">{notes}</div>')


def _summary(view: View) -> str:
    state, filter = view.state, view.filter
    parts = [state.brand or ""]
    if filter.since and filter.until:
        parts.append(i18n.days(filter.since, filter.until))
    elif filter.since:
        parts.append(_("from {day}", day=i18n.day(filter.since)))
    elif filter.until:
        parts.append(_("until {day}", day=i18n.day(filter.until)))
    else:
        parts.append(_("all time"))
    parts.append(", ".join(labels.channel(c) for c in state.channels) or _("all channels"))
    parts.append(", ".join(labels.spoken(c) for c in state.languages) or _("all languages"))
    if not state.copies:
        parts.append(_("copied texts left out"))
    if view.facets.undated:
        n = view.facets.undated
        parts.append(
            ngettext("{n} undated mention left out", "{n} undated mentions left out", n)
            if filter.dated
            else ngettext(
                "{n} undated mention counted, at the end of lists and in no trend",
                "{n} undated mentions counted, at the end of lists and in no trend",
                n,
            )
        )
    return " · ".join(parts)


def _fail(title: str, error: SimakError) -> NoReturn:
    empty(title, escape(str(error)))
    st.stop()
