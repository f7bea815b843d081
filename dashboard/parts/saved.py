"""Views that somebody has saved under a name: to open them, to keep this one, to let one go."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import i18n, labels, links, reader
from dashboard.i18n import _
from dashboard.pages import PAGES
from dashboard.parts import words
from simak.errors import ConfigurationError
from store import views

if TYPE_CHECKING:
    from dashboard.parts.shell import View

_NAME, _SAID = "w_view_name", "view_said"


def draw(view: View) -> None:
    """Draw the button that holds the saved views."""
    writes = view.may("analyst")
    # Its closing must not run the page: that run would undo a link clicked outside of it.
    with st.popover(_("Views"), icon=":material/bookmark:", key="views"):
        kept = views.views(view.store)
        for one in kept:
            _line(view, one, writes=writes)
        if not kept:
            words.note(_("No view is saved yet."))
        if not writes:
            return
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
            args=(view,),
        )
        said = st.session_state.pop(_SAID, None)
        if said:
            words.alert(said)


def _line(view: View, one: views.View, *, writes: bool) -> None:
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        gap="small",
    ):
        if one.page == view.page:  # a link from a page to itself leaves its address as it was
            st.button(
                labels.plain(one.name),
                key=f"view_open_{one.name}",
                type="tertiary",
                on_click=st.query_params.from_dict,
                args=(links.parameters(one.query),),
            )
        elif one.page in PAGES:
            st.page_link(
                f"views/{one.page}.py",
                label=labels.plain(one.name),
                query_params=links.parameters(one.query),
                width="stretch",
            )
        else:  # of a page that there is no more
            words.note(one.name)
        if writes:
            st.button(
                _("Delete"),
                key=f"view_delete_{one.name}",
                help=_("Delete this view: {name}", name=labels.plain(one.name)),
                type="tertiary",
                on_click=views.delete_view,
                args=(view.store, one.name),
            )


def _save(view: View) -> None:
    i18n.use(view.state.lang)
    name = st.session_state[_NAME]
    if not name.strip():
        st.session_state[_SAID] = _("Give the view a name first.")
        return
    try:
        views.save_view(
            view.store,
            name,
            page=view.page,
            query=links.query_string(view.state.but(after=None)),
            brand=view.state.brand,
            by=reader.name(),
            now=datetime.now(UTC),
        )
    except ConfigurationError:
        said = _("There is a view of this name already: choose another.")
        st.session_state[_SAID] = said
        return
    st.session_state[_NAME] = ""
    st.session_state[_SAID] = _("Saved: {name}", name=name.strip())
