"""Who reads: the name under which corrections, cases and saved views are kept.

A member who has logged in has the address they logged in with. Where nobody has to, a reader says
a name once. It stays in the session, and in a cookie that the list of mentions sets; until then it
is the operating system's user.
"""

from __future__ import annotations

import getpass
from urllib.parse import unquote

import streamlit as st

from dashboard import member
from simak.settings import load_settings

COOKIE = "simak_reader"
LONGEST = 60

_KEY = "reader"


def name() -> str:
    """Return the reader's name."""
    found = member.email(load_settings())
    if found is not None:
        return found
    kept = st.session_state.get(_KEY) or _clean(unquote(st.context.cookies.get(COOKIE, "")))
    return kept or _system_user()


def rename(said: str) -> None:
    """Take another name for this reader; an empty one changes nothing."""
    if _clean(said):
        st.session_state[_KEY] = _clean(said)


def _clean(text: str) -> str:
    printable = "".join(letter for letter in text if letter.isprintable())
    return " ".join(printable.split())[:LONGEST]


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container without a user of that number
        return "simak"
