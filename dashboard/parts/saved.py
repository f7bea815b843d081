"""Views that somebody has saved under a name: to open them, to keep this one, to let one go."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from dashboard import i18n, labels, links, reader
from dashboard.i18n import _
from dashboard.pages import PAGES
from dashboard.parts import words
from dashboard.state import State
from simak.errors import ConfigurationError
from store import views
from store.engine import Store

_NAME, _SAID = "w_view_name", "view_said"


def draw(store: Store, page: str, state: State) -> None:
    """Draw the button that holds the saved views.

    Args:
        page, state: the view on the screen.
    """
    # Its closing must not run the page: that run would undo a link clicked outside of it.
    with st.popover(_("Views"), icon=":material/bookmark:", key="views"):
        kept = views.views(store)
        for view in kept:
            _line(store, view, page)
        if not kept:
            words.note(_("No view is saved yet."))
        st.text_input(
            _("Save this view as"),
            key=_NAME,
            max_chars=views.LONGEST_NAME,
            placeholder=_("for example: Monday, complaints on delivery"),
            help=_("The page with its filters and choices, for all who use this dashboard."),
        )
        st.button(
            _("Save"),
            key="view_save",
            icon=":material/bookmark_add:",
            on_click=_save,
            args=(store, page, state),
        )
        said = st.session_state.pop(_SAID, None)
        if said:
            words.alert(said)


def _line(store: Store, view: views.View, page: str) -> None:
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        gap="small",
    ):
        if view.page == page:  # a link from a page to itself leaves its address as it was
            st.button(
                labels.plain(view.name),
                key=f"view_open_{view.name}",
                type="tertiary",
                on_click=st.query_params.from_dict,
                args=(links.parameters(view.query),),
            )
        elif view.page in PAGES:
            st.page_link(
                f"views/{view.page}.py",
                label=labels.plain(view.name),
                query_params=links.parameters(view.query),
                width="stretch",
            )
        else:  # of a page that there is no more
            words.note(view.name)
        st.button(
            _("Delete"),
            key=f"view_delete_{view.name}",
            help=_("Delete this view: {name}", name=labels.plain(view.name)),
            type="tertiary",
            on_click=views.delete_view,
            args=(store, view.name),
        )


def _save(store: Store, page: str, state: State) -> None:
    i18n.use(state.lang)
    name = st.session_state[_NAME]
    if not name.strip():
        st.session_state[_SAID] = _("Give the view a name first.")
        return
    try:
        views.save_view(
            store,
            name,
            page=page,
            query=links.query_string(state.but(after=None)),
            by=reader.name(),
            now=datetime.now(UTC),
        )
    except ConfigurationError:
        said = _("There is a view of this name already: choose another.")
        st.session_state[_SAID] = said
        return
    st.session_state[_NAME] = ""
    st.session_state[_SAID] = _("Saved: {name}", name=name.strip())
