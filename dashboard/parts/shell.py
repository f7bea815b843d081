"""What surrounds every page: the store, the address, the header, the filters, the plain errors."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Concatenate, NoReturn, ParamSpec, TypeVar

import streamlit as st

from dashboard import i18n, labels, links, member
from dashboard.i18n import _, ngettext
from dashboard.pages import GROUPS, PAGES
from dashboard.parts import filters, guide, picks, saved, visits, words, working
from dashboard.queries import Queries
from dashboard.reading import read, read_brand, read_language, unknown
from dashboard.state import ALL_TIME, State
from dashboard.style import CSS, ICON
from simak.access import Role
from simak.errors import SimakError
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings, load_settings
from simak.taxonomy import Taxonomy
from store.copies import repeats
from store.engine import Store
from store.filter import Filter
from store.rollups import Facets

FOLDER = Path(__file__).parents[1]
"""Page files lie in `views`: a `pages` folder beside app.py, Streamlit would run by itself."""

_PAGE, _HERE = "page_drawn", "page_here"

P = ParamSpec("P")
T = TypeVar("T")

_log = logging.getLogger(__name__)


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
        arrived: whether the reader has come from another page, or has just begun.
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
    arrived: bool

    @property
    def store(self) -> Store:
        """The open store, to write to and to ask what must not be cached."""
        return self.queries.store

    def may(self, role: Role) -> bool:
        """Whether the reader has a role, or more, for the brands of this page."""
        return self.ask(member.may, role, self.filter.brands)

    @property
    def may_collect(self) -> bool:
        """Whether the reader may bring in mentions and have them tagged, of all brands."""
        return self.store.access.brands_as("analyst") is None

    def ask(
        self, question: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return `question(store, *args, **kwargs)`, from the cache where it was asked before.

        Example:
            `view.ask(touchpoints, view.taxonomy, view.filter)`
        """
        return self.queries.ask(question, *args, **kwargs)

    def to(self, filter: Filter) -> str:
        """Return the parameters of the list of exactly the mentions of `filter`."""
        return links.query_string(self.state.listing(filter, self.facets.last))

    def choice(self, name: str, known: Sequence[str], default: str) -> str:
        """Return what the address says of a page's own choice, which must be one of `known`."""
        found = self.state.choice(name)
        if found is None or found in known:
            return found or default
        words.alert(unknown(name, found))
        return default


def run() -> None:
    """Run the page that the address names."""
    st.set_page_config(page_title="Simak", page_icon=ICON, layout="wide")
    st.html(CSS)
    try:
        settings = load_settings()
    except SimakError as error:
        _fail(_("The settings are not right"), str(error))
    i18n.use(read_language(query(), settings.language))
    try:
        member.enter(settings)
    except SimakError as error:
        _fail(_("The store cannot be used"), str(error))
    first = next(iter(PAGES))
    # The first page stands twice: the page without a name in its address has no other address.
    pages = [
        st.Page(
            FOLDER / "views" / f"{name}.py",
            title=f"{_(PAGES[name].title)} · Simak",
            url_path=address,
            default=not address,
        )
        for address, name in {"": first, **{name: name for name in PAGES}}.items()
    ]
    page = st.session_state[_HERE] = st.navigation(pages, position="hidden")
    picks.follow()
    visits.keep()
    try:
        page.run()
    except SimakError as error:
        _fail(_("This page cannot be drawn"), str(error))
    except Exception:
        _log.exception("the page %r failed", page.url_path)
        _fail(
            _("This page cannot be drawn"),
            _("That is a fault of Simak: what happened stands in its log."),
            _("Reload the page; if it stays so, take another period or another page."),
        )


def open_page(name: str) -> View:
    """Open the store, read the address and draw what stands above and beside the page.

    Where something is wrong, or there is nothing to show, that is said and the run ends here.
    """
    settings = load_settings()
    try:
        store = member.opened(settings)
        taxonomy = taxonomy_of(settings)
        queries = Queries.of(store)
        view = _read(name, queries, taxonomy, settings)
    except SimakError as error:
        _fail(_("The store cannot be used"), str(error))
    filters.remember(view.state, view.queries)
    page = PAGES[name]
    guided = page.filtered and guide.wanted(view)
    filtered = page.filtered and not guided
    _navigation(view)
    if not view.brands and not view.store.access.is_owner:
        _fail(_("Nothing to see yet"), _("Nothing of your brands is stored."))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.title(_(page.title), anchor=False)
        if filtered:
            # Asked whatever the channel, or the toggle would come and go with it.
            period = view.filter.but(channels=(), languages=(), copies=True)
            copied = view.ask(repeats, period).n > 0
            with filters.bar(view.state, view.facets, view.brands, copied=copied, dated=page.dated):
                saved.draw(view)
    if filtered and page.dated:
        words.under(summary(view))
    if view.notes:
        notes = "".join(f"<p>{words.SIGN} {escape(note)}</p>" for note in view.notes)
        st.html(f'<div class="sm-note" role="status">{notes}</div>')
    if guided:
        guide.draw(view)
    working.draw(view)
    return view


def query() -> dict[str, list[str]]:
    """Return the parameters of the address."""
    return {key: st.query_params.get_all(key) for key in st.query_params}


def empty(title: str, *advice: str) -> None:
    """Say that there is nothing to show, and what to do; `advice` is HTML."""
    body = "".join(f"<p>{text}</p>" for text in advice)
    st.html(f'<div class="sm-empty" role="status"><h2>{escape(title)}</h2>{body}</div>')


def nothing_matches(view: View) -> NoReturn:
    """Say that no mention passes the filters, offer a way out, and end the run."""
    empty(
        _("Nothing matches these filters"),
        escape(_("Take a longer period, or clear the filters.")),
    )
    wide = State(
        lang=view.state.lang,
        period=ALL_TIME,
        chosen=Filter(brands=view.state.chosen.brands),
    )
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
        asked,
        lang=i18n.language(),
        brands=brands,
        there=queries.facets(None),
        touchpoints=taxonomy.ids,
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
        arrived=_arrived(name),
    )


def _arrived(name: str) -> bool:
    before = st.session_state.get(_PAGE)
    st.session_state[_PAGE] = name
    return bool(before != name)


def _navigation(view: View) -> None:
    shared = view.state.shared().query()
    here = st.session_state.get(_HERE)  # none where a page is drawn by itself
    with st.sidebar:
        st.html('<span class="sm-mark">Sim<i>a</i>k</span>')
        for group, pages in GROUPS.items():
            st.html(f'<p class="sm-group">{escape(_(group))}</p>')
            for page in pages:
                if page.name == "settings" and not view.store.access.may("admin"):
                    continue
                st.page_link(
                    here if here and page.name == view.page else f"views/{page.name}.py",
                    label=_(page.title),
                    icon=page.icon,
                    query_params=shared,
                    width="stretch",
                )
        filters.language_switch(view.state)
        member.draw_leaving(view.settings)


def summary(view: View) -> str:
    """Return in words which mentions the page is about."""
    state, filter = view.state, view.filter
    parts = [", ".join(state.chosen.brands)]
    if filter.since and filter.until:
        parts.append(i18n.days(filter.since, filter.until))
    elif filter.since:
        parts.append(_("from {day}", day=i18n.day(filter.since)))
    elif filter.until:
        parts.append(_("until {day}", day=i18n.day(filter.until)))
    else:
        parts.append(_("all time"))
    parts.append(", ".join(labels.channel(c) for c in filter.channels) or _("all channels"))
    parts.append(", ".join(labels.spoken(c) for c in filter.languages) or _("all languages"))
    if not filter.copies:
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


def _fail(title: str, *advice: str) -> NoReturn:
    empty(title, *(escape(text) for text in advice))
    st.stop()
