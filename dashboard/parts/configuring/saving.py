"""Saves what a form of the Settings page changes, and says what came of it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import i18n, member
from dashboard.i18n import _
from dashboard.parts import words
from simak.errors import SimakError
from simak.settings_file import FileChanged, SettingsFile, changed_keys, path_of

if TYPE_CHECKING:
    from dashboard.parts.shell import View

_SAID = "settings_said"


def opened(view: View) -> SettingsFile:
    """Return the settings file as it is now.

    Raises:
        ConfigurationError: it cannot be read.
    """
    return SettingsFile(path_of(view.settings))


def save(
    view: View, stamp: str, change: Callable[[SettingsFile], None], *, typed: object = ""
) -> bool:
    """Change the file and save it, in a callback; what came of it is said on the next page.

    Args:
        stamp: of the file that the reader had before them.
        typed: what they typed, said again where it could not be saved.

    Returns:
        Whether it was saved.
    """
    i18n.use(view.state.lang)  # a callback runs before the page does
    try:
        view.store.access.require("admin", _("Changing the settings"))
        file = opened(view)
        before = file.text
        change(file)
        file.save(stamp)
        keys = changed_keys(before, file.text)
        member.recorder(view.settings)("changed the settings", {"keys": keys})
    except FileChanged:
        note = _(
            "Not saved: somebody has changed {file} since you opened this page. Below is how it "
            "stands now; make your change once more.",
            file=path_of(view.settings),
        )
        refuse(note, typed=str(typed))
        return False
    except SimakError as error:
        refuse(_("Not saved: {error}", error=str(error)), typed=str(typed))
        return False
    done(_("Saved in {file}.", file=file.path))
    return True


def refuse(text: str, *, typed: str = "") -> None:
    """Say on the next page that something was not done."""
    st.session_state[_SAID] = ("▲ " + text, typed)


def done(text: str) -> None:
    """Say on the next page that something was done."""
    st.session_state[_SAID] = ("✓ " + text, "")


def draw() -> None:
    """Say what came of the last form, once."""
    if _SAID not in st.session_state:
        return
    text, typed = st.session_state.pop(_SAID)
    further = _("You had typed: {text}", text=typed) if typed else ""
    words.finding(text, further)


def where(file: SettingsFile, what: str) -> None:
    """Say what a form changes and where it is kept."""
    place = _("Kept in {file}.", file=str(file.path.resolve()))
    if not file.stamp:
        place = _("Kept in {file}, which is made then.", file=str(file.path.resolve()))
    st.html(f'<p class="sm-note">{escape(what)} {escape(place)}</p>')
